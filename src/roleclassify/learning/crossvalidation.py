"""Judge documents by models that saw nothing of their source, or of their employer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from sklearn.model_selection import GroupKFold

from roleclassify.classifier import RoleClassifier
from roleclassify.errors import LabeledDataError
from roleclassify.learning.evaluation import LEAST_PER_LABEL, Judged, judge
from roleclassify.learning.folds import near_duplicates
from roleclassify.learning.training import Sample, TrainingOptions, fit
from roleclassify.lexicon.compiled import CompiledLexicon

N_FOLDS = 5

Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Fold:
    """Documents that are held out, and those that train instead; each of shape ``(n_documents,)``."""

    name: str
    held: Mask
    training: Mask


def folds_by_source(sample: Sample, labels: tuple[str, str]) -> list[Fold]:
    """Hold out each group in turn that has enough documents of both labels; the rest trains, copies left out.

    Raises
    ------
    LabeledDataError
        When no group has.
    """
    counts = Counter((document.group, document.label) for document in sample.documents if not document.synthetic)
    names = sorted({group for group, _ in counts} - {""})
    chosen = [name for name in names if min(counts[name, label] for label in labels) >= LEAST_PER_LABEL]
    if not chosen:
        why = f"no group has {LEAST_PER_LABEL} documents of both labels"
        raise LabeledDataError("labelled data", why, "use folds by employer")
    groups = np.array(["" if document.synthetic else document.group for document in sample.documents])
    clusters = near_duplicates([document.text for document in sample.documents])
    return [
        Fold(name, groups == name, (groups != name) & ~np.isin(clusters, clusters[groups == name])) for name in chosen
    ]


def folds_by_employer(sample: Sample) -> list[Fold]:
    """Hold out every real document once, in folds that part neither an employer nor near-duplicates.

    Raises
    ------
    LabeledDataError
        When the real documents are of too few employers.
    """
    real = np.flatnonzero([not document.synthetic for document in sample.documents])
    if len(set(sample.unit[real].tolist())) < N_FOLDS:
        why = f"fewer than {N_FOLDS} employers wrote the real documents; synthetic ones only train"
        raise LabeledDataError("labelled data", why, "add real documents")
    folds = []
    for number, (_, held) in enumerate(GroupKFold(N_FOLDS).split(real, groups=sample.unit[real]), start=1):
        mask = np.zeros(len(sample.documents), dtype=bool)
        mask[real[held]] = True
        folds.append(Fold(f"fold {number}", mask, ~mask))
    return folds


def judge_held_out(  # data, how to train, how to show it
    sample: Sample,
    lexicon: CompiledLexicon,
    folds: Sequence[Fold],
    *,
    options: TrainingOptions | None = None,
    min_probability: float | None = None,
    n_jobs: int = 1,
    progress: Callable[[str], None] = lambda message: None,
) -> list[Judged]:
    """Train on each fold's rest and classify what was held out."""
    judged: list[Judged] = []
    for number, fold in enumerate(folds, start=1):
        progress(f"{number} of {len(folds)}: training without {fold.name}, {fold.held.sum()} documents")
        trained = fit(sample.take(fold.training), lexicon, version=fold.name, options=options)
        documents = [document for document, out in zip(sample.documents, fold.held, strict=True) if out]
        judged += judge(RoleClassifier(trained.bundle, min_probability=min_probability), documents, n_jobs=n_jobs)
    return judged


def copies_across(sample: Sample, folds: Sequence[Fold]) -> int:
    """Count held-out documents that have a copy in what trained their model: an alarm above 0.

    Looked for by other means than folds are cut by: shorter runs of words.
    """
    clusters = near_duplicates([document.text for document in sample.documents], shingle_words=3, least_overlap=0.7)
    return sum(int(np.isin(clusters[fold.held], clusters[fold.training]).sum()) for fold in folds)


def without_lexicon(lexicon: CompiledLexicon) -> CompiledLexicon:
    """Take the same titles and no concept that any text holds: what terms alone reach."""
    return replace(lexicon, concepts=tuple(replace(item, forms=(), exact=()) for item in lexicon.concepts))
