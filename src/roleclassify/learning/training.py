"""Labelled documents into a bundle: fit with scikit-learn, calibrate, compile to plain numbers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn
from scipy import sparse
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import FeatureUnion

from roleclassify.errors import LabeledDataError
from roleclassify.learning.estimators import (
    CONCEPT_NORM,
    DECIMALS,
    ConceptFeatures,
    DirectedLogisticRegression,
    Numbers,
    TermFeatures,
)
from roleclassify.learning.folds import units
from roleclassify.learning.labeled import OTHER, LabeledDocument
from roleclassify.learning.languages import collect_function_words
from roleclassify.learning.preparation import Prepared, passages, prepare_many
from roleclassify.learning.vocabulary import evidence_verdicts
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.lexicon.roles import SHARED
from roleclassify.model.bundle import Bundle
from roleclassify.model.decision import Thresholds
from roleclassify.model.features import FeatureSpace
from roleclassify.model.linear import LinearModel
from roleclassify.model.usage import ConceptUsage

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What is chosen before training; the defaults were chosen on folds, see ``docs/model.md``.

    Attributes
    ----------
    min_documents, min_employers
        Least number of training documents that hold a term, and of employers that wrote them; of fewer than ten times
        as many documents, a tenth is enough.
    least_z, concept_scale, pooled_scale, inverse_penalty
        See :class:`DirectedLogisticRegression`.
    synthetic_weight, passage_weight
        Weight of a whole synthetic document beside a real one, and of its passages together. Short texts are learned
        from the passages of synthetic documents alone: in a real one a passage may well speak of the other side.
    title_share
        Share of the label, a title, in the target of a document that was read; the reading has the rest.
    title_doubt, synthetic_doubt
        Probability that the label of an unread document, found or synthetic, does not fit the work, in [0, 0.5).
    least_read
        Documents read on each side from which on they alone are what the calibration, the thresholds and the sides of
        terms rest on.
    n_folds
        Folds of the calibration; employers and near-duplicates are never divided.
    least_accuracy
        The least probability of a label is set so that out of fold this share of the labels given is right.
    most_lost
        The least domain probability is set so that out of fold at most this share of the roles' documents is lost.
    least_concepts
        Least number of different concepts in a document that gets a role.
    """

    min_documents: int = 10
    min_employers: int = 3
    least_z: float = 1.5
    concept_scale: float = 0.5
    pooled_scale: float = 2.0
    inverse_penalty: float = 8.0
    synthetic_weight: float = 0.2
    passage_weight: float = 0.5
    title_share: float = 0.2
    title_doubt: float = 0.07
    synthetic_doubt: float = 0.2
    least_read: int = 50
    n_folds: int = 5
    least_accuracy: float = 0.965
    most_lost: float = 0.017
    least_concepts: int = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A fitted question: features, regression, and the logistic regression on its scores that calibrates it."""

    features: FeatureUnion
    regression: DirectedLogisticRegression
    calibrator: LogisticRegression

    def score(self, documents: Sequence[Prepared]) -> Numbers:
        """Calibrated log-odds as scikit-learn computes them, shape ``(n_documents,)``."""
        z = self.regression.decision_function(self.features.transform(documents))
        scores: Numbers = self.calibrator.decision_function(z[:, None])
        return scores


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model: the bundle, and the fitted questions that it was compiled from."""

    bundle: Bundle
    leaning: Question
    domain: Question


@dataclass(frozen=True, slots=True)
class Sample:
    """Labelled documents, prepared: rows are whole documents and the passages of synthetic ones.

    ``owner`` is each row's document, ``whole`` each document's row, ``unit`` numbers the documents that stay together.
    """

    documents: list[LabeledDocument]
    rows: list[Prepared]
    owner: npt.NDArray[np.intp]
    whole: npt.NDArray[np.intp]
    unit: npt.NDArray[np.intp]

    def take(self, chosen: npt.NDArray[np.bool_]) -> Sample:
        """Keep some of the documents; ``chosen`` has shape ``(n_documents,)``."""
        kept = np.flatnonzero(chosen[self.owner])
        renumbered = np.cumsum(chosen) - 1
        owner = renumbered[self.owner[kept]]
        whole = np.flatnonzero(np.isin(kept, self.whole))
        documents = [document for document, keep in zip(self.documents, chosen, strict=True) if keep]
        return Sample(documents, [self.rows[row] for row in kept], owner, whole, self.unit[chosen])


def train(
    documents: Sequence[LabeledDocument],
    lexicon: CompiledLexicon,
    *,
    version: str,
    options: TrainingOptions | None = None,
    n_jobs: int = 1,
    progress: Progress = lambda message: None,
) -> Trained:
    """Train a model.

    Parameters
    ----------
    documents
        At least ``n_folds`` of each label, from as many employers or groups.
    version
        Version of the bundle.
    n_jobs
        Processes that prepare documents; fitting is single-threaded, so that the same data gives the same bytes.
    progress
        Called with a line before each step.

    Raises
    ------
    LabeledDataError
        When a label has too few documents.
    """
    sample = prepare_sample(documents, lexicon, n_jobs=n_jobs, progress=progress)
    return fit(sample, lexicon, version=version, options=options, progress=progress)


def prepare_sample(
    documents: Sequence[LabeledDocument],
    lexicon: CompiledLexicon,
    *,
    n_jobs: int = 1,
    progress: Progress = lambda message: None,
) -> Sample:
    """Do what does not depend on the folds: cut, tokenise, count, find near-duplicates."""
    given = len(documents)
    documents = [document for document in documents if document.text.strip()]
    if len(documents) < given:
        progress(f"leaving out {given - len(documents)} documents without text")
    progress(f"preparing {len(documents)} documents")
    texts: list[str] = []
    owner: list[int] = []
    whole: list[int] = []
    for number, document in enumerate(documents):
        pieces = passages(document.text) if document.synthetic else []
        whole.append(len(texts))
        texts += [document.text, *pieces]
        owner += [number] * (1 + len(pieces))
    rows = prepare_many(texts, lexicon, n_jobs=n_jobs)
    return Sample(list(documents), rows, np.array(owner), np.array(whole), units(documents))


def fit(
    sample: Sample,
    lexicon: CompiledLexicon,
    *,
    version: str,
    options: TrainingOptions | None = None,
    progress: Progress = lambda message: None,
) -> Trained:
    """Fit both questions on a prepared sample; see :func:`train`."""
    chosen = options or TrainingOptions()
    documents = sample.documents
    _check_labels(documents, lexicon.labels, chosen.n_folds)
    progress("choosing the vocabulary")
    # What is kept of a term must not tell of one employer: synthetic documents do not count where there are real ones.
    real = [number for number, document in enumerate(documents) if not document.synthetic]
    counted = real or range(len(documents))
    least = max(min(chosen.min_documents, len(counted) // 10), chosen.min_employers)
    terms = TermFeatures(lexicon, least, chosen.min_employers)
    employers = {name: number for number, name in enumerate(sorted({_employer(item) for item in documents}))}
    terms.fit(
        [sample.rows[sample.whole[number]] for number in counted],
        [employers[_employer(documents[number])] for number in counted],
    )
    if not terms.vocabulary_:
        why = f"no term of the work stands in {least} documents of {chosen.min_employers} employers"
        raise LabeledDataError("training data", why, "add documents")
    features = FeatureUnion([("terms", terms), ("concepts", ConceptFeatures(lexicon))])
    x = features.transform(sample.rows)
    progress(f"fitting the leaning on {len(terms.vocabulary_)} terms and {len(lexicon.concepts)} concepts")
    # Zeroed, not left out of the vocabulary: of another occupation they may tell well.
    telling = np.array(
        [evidence_verdicts(lexicon.name).get(term, True) for term in terms.vocabulary_] + [True] * len(lexicon.concepts)
    )
    leaning, leaning_scores = _fit(
        (x @ sparse.diags_array(telling.astype(np.float64))).tocsr(),
        sample,
        _leaning_targets(documents, lexicon.labels, chosen),
        chosen,
        _signs(lexicon),
        directed=True,
    )
    progress("fitting the domain")
    domain, domain_scores = _fit(
        x, sample, _domain_targets(documents, chosen), chosen, np.ones(len(lexicon.concepts)), directed=False
    )
    progress("setting the thresholds")
    n_concepts = np.array([np.count_nonzero(sample.rows[row].concepts) for row in sample.whole])
    thresholds, reached = _thresholds(documents, lexicon.labels, n_concepts, leaning_scores, domain_scores, chosen)
    vocabulary = {term: index for index, term in enumerate(terms.vocabulary_)}
    bundle = Bundle(
        name=lexicon.name,
        version=version,
        space=FeatureSpace(vocabulary, tuple(terms.tfidf_.idf_.tolist()), terms.norm_, CONCEPT_NORM, lexicon),
        leaning=_compile(*leaning),
        domain=_compile(*domain),
        usage=_usage(sample, lexicon, chosen),
        thresholds=thresholds,
        function_words=collect_function_words(terms.vocabulary_),
        provenance={**_provenance(documents, chosen), "thresholds_out_of_fold": reached},
    )
    return Trained(bundle, Question(features, *leaning), Question(features, *domain))


def _employer(document: LabeledDocument) -> str:
    """Who wrote a document; where nobody is named its group, and without one it stands for itself."""
    return document.employer or document.group or document.id


@dataclass(frozen=True, slots=True)
class _Targets:
    """What a question is fitted to, for each document.

    Attributes
    ----------
    fit, calibrate
        Probability of the second side in the regression and in the calibration; NaN leaves the document out.
    weight
        Of the whole document in the regression.
    counted
        Whether it counts in the calibration and where document frequencies are compared.
    """

    fit: Numbers
    calibrate: Numbers
    weight: Numbers
    counted: npt.NDArray[np.bool_]


def _leaning_targets(
    documents: Sequence[LabeledDocument], labels: tuple[str, str], options: TrainingOptions
) -> _Targets:
    """Take the reading with a share of the title, and the label where nobody read."""
    read = np.array([document.reading is not None and document.label != OTHER for document in documents])
    target = np.array(
        [np.nan if document.label == OTHER else document.target(labels) for document in documents], dtype=np.float64
    )
    title = np.array([{labels[0]: 0.0, labels[1]: 1.0}.get(document.label, 0.5) for document in documents])
    synthetic = np.array([document.synthetic for document in documents])
    share, doubt = options.title_share, np.where(synthetic, options.synthetic_doubt, options.title_doubt)
    fitted = np.where(read, (1 - share) * target + share * title, doubt + (1 - 2 * doubt) * target)
    enough = min((read & (target > 0.5)).sum(), (read & (target < 0.5)).sum()) >= options.least_read
    counted = (read if enough else np.ones(len(documents), dtype=bool)) & ~np.isnan(target)
    weight = np.where(synthetic, options.synthetic_weight, 1.0)
    calibrated = np.where(read, target, fitted)
    if not (counted & (calibrated < 0.5)).any() or not (counted & (calibrated > 0.5)).any():
        why = "the documents are judged to lean to one role at most"
        raise LabeledDataError("training data", why, "check the readings, or add documents of the other role")
    return _Targets(fitted, calibrated, weight, counted)


def _domain_targets(documents: Sequence[LabeledDocument], options: TrainingOptions) -> _Targets:
    """Take roles as in, other occupations as out, and a near miss as half of each."""
    target = np.array([1.0 if item.label != OTHER else 0.5 if item.near_miss else 0.0 for item in documents])
    real = np.array([not document.synthetic for document in documents])
    weight = np.where(real, 1.0, options.synthetic_weight)
    return _Targets(target, target, weight, real if real.any() else ~real)


def _signs(lexicon: CompiledLexicon) -> Numbers:
    of_role = {lexicon.labels[0]: -1.0, lexicon.labels[1]: 1.0, SHARED: 0.0}
    return np.array([of_role[concept.role] for concept in lexicon.concepts])


def _fit(
    x: sparse.csr_matrix, sample: Sample, targets: _Targets, options: TrainingOptions, signs: Numbers, *, directed: bool
) -> tuple[tuple[DirectedLogisticRegression, LogisticRegression], Numbers]:
    """Fit and calibrate a question; also give each document's calibrated out-of-fold log-odds, NaN where left out.

    Each row counts on both sides, p as second and 1 - p as first. A directed question has no intercept: nothing known,
    nothing said. The calibration is Platt's sigmoid on the out-of-fold scores of one model (Platt 1999, "Probabilistic
    outputs for support vector machines"), without his offset where there is no intercept.
    """
    documents = sample.owner
    is_whole = np.isin(np.arange(len(documents)), sample.whole)
    n_passages = np.bincount(documents, minlength=len(sample.documents)) - 1
    known = np.flatnonzero(~np.isnan(targets.fit[documents]))
    index, y = np.repeat(known, 2), np.tile([1, 0], len(known))
    owner = documents[index]
    parts = np.where(is_whole, targets.weight[documents], options.passage_weight / np.maximum(1, n_passages[documents]))
    label_weight = parts[index] * _both_sides(targets.fit[documents[known]])
    counted = (is_whole & targets.counted[documents])[index]
    count_weight = counted * _both_sides(targets.calibrate[documents[known]])
    regression = DirectedLogisticRegression(
        n_terms=x.shape[1] - len(signs),
        signs=signs,
        directed=directed,
        least_z=options.least_z,
        concept_scale=options.concept_scale,
        pooled_scale=options.pooled_scale,
        inverse_penalty=options.inverse_penalty,
        fit_intercept=not directed,
    )
    weights = {"label_weight": label_weight, "count_weight": count_weight}
    group = sample.unit[owner]
    n_groups = len(set(group.tolist()))
    if n_groups < 2:
        why = "all documents are of one employer or group, so no folds can be cut"
        raise LabeledDataError("training data", why, "add documents, or leave the employer empty where it is unknown")
    folds = GroupKFold(min(options.n_folds, n_groups))
    rows = x[index]
    scores = cross_val_predict(regression, rows, y, groups=group, cv=folds, method="decision_function", params=weights)
    calibrator = LogisticRegression(C=np.inf, fit_intercept=not directed)
    calibrator.fit(scores[counted, None], y[counted], sample_weight=count_weight[counted])
    if calibrator.coef_[0, 0] <= 0:
        raise LabeledDataError("training data", "the labels do not go with the texts", "check the labels and readings")
    calibrator.coef_ = np.round(calibrator.coef_, DECIMALS)
    calibrator.intercept_ = np.round(np.ravel(calibrator.intercept_), DECIMALS)
    regression.fit(rows, y, **weights)
    of_documents = np.full(len(sample.documents), np.nan)
    of_documents[owner[is_whole[index]]] = calibrator.decision_function(scores[is_whole[index], None])
    return (regression, calibrator), of_documents


def _both_sides(probabilities: Numbers) -> Numbers:
    return np.column_stack([probabilities, 1 - probabilities]).ravel()


def _thresholds(  # every document's scores and what is known of it
    documents: Sequence[LabeledDocument],
    labels: tuple[str, str],
    n_concepts: npt.NDArray[np.intp],
    leaning: Numbers,
    domain: Numbers,
    options: TrainingOptions,
) -> tuple[Thresholds, dict[str, float]]:
    """Set the limits on out-of-fold scores, and say what they gave there.

    They are set on the documents that the calibration rests on: those that were read, if any were.
    """
    roles = _leaning_targets(documents, labels, options)
    sure = roles.counted & (roles.calibrate != 0.5)
    right = (leaning[sure] > 0) == (roles.calibrate[sure] > 0.5)
    confidence = 1 / (1 + np.exp(-np.abs(leaning[sure])))
    steps = np.round(np.arange(0.55, 0.751, 0.01), 2)
    enough = [step for step in steps if right[confidence >= step].mean() >= options.least_accuracy]
    probability = float(enough[0] if enough else steps[-1])
    inside = 1 / (1 + np.exp(-domain[roles.counted]))
    little = n_concepts[roles.counted] < options.least_concepts
    limits = np.round(np.arange(0.5, 0.951, 0.01), 2)
    kept = [limit for limit in limits if (little | (inside < limit)).mean() <= options.most_lost]
    thresholds = Thresholds(options.least_concepts, float(kept[-1] if kept else limits[0]), probability)
    outside = _domain_targets(documents, options)
    others = outside.counted & (outside.fit == 0)
    refused = (n_concepts[others] < thresholds.evidence) | (
        1 / (1 + np.exp(-domain[others])) < thresholds.domain_probability
    )
    reached = {
        "accuracy_of_given": right[confidence >= probability].mean(),
        "given_fraction": (confidence >= probability).mean(),
        "roles_lost_fraction": (little | (inside < thresholds.domain_probability)).mean(),
        "other_refused_fraction": refused.mean() if others.any() else np.nan,
    }
    return thresholds, {name: round(float(value), 4) for name, value in reached.items() if not np.isnan(value)}


def _usage(sample: Sample, lexicon: CompiledLexicon, options: TrainingOptions) -> ConceptUsage:
    """Count the concepts in the documents that the calibration of the leaning rests on, each for its likelier side."""
    targets = _leaning_targets(sample.documents, lexicon.labels, options)
    matches = np.array([sample.rows[row].concepts for row in sample.whole])
    sides = [targets.counted & (targets.calibrate < 0.5), targets.counted & (targets.calibrate > 0.5)]
    first, second = (np.round((matches[side] > 0).mean(axis=0), DECIMALS).tolist() for side in sides)
    of_role = dict(zip((*lexicon.labels, SHARED), (*sides, sides[0] | sides[1]), strict=True))
    found = [matches[of_role[concept.role], number] for number, concept in enumerate(lexicon.concepts)]
    typical = tuple(float(np.median(counts[counts > 0])) if counts.any() else 1.0 for counts in found)
    return ConceptUsage((tuple(first), tuple(second)), typical)


def _compile(regression: DirectedLogisticRegression, calibrator: LogisticRegression) -> LinearModel:
    """Fold the calibration into one bias and one weight a feature: a sigmoid of a linear score is linear again."""
    slope, offset = float(calibrator.coef_[0, 0]), float(calibrator.intercept_[0])
    weights = (slope * regression.coef_).tolist()
    return LinearModel(
        bias=slope * regression.intercept_ + offset,
        term_weights=tuple(weights[: regression.n_terms]),
        concept_weights=tuple(weights[regression.n_terms :]),
    )


def _provenance(documents: Sequence[LabeledDocument], options: TrainingOptions) -> dict[str, Any]:
    import scipy

    digest = hashlib.sha256()
    for document in documents:
        digest.update(f"{document!r}\0".encode("utf-8", "surrogatepass"))
    return {
        "n_documents": dict(sorted(Counter(document.label for document in documents).items())),
        "documents_sha256": digest.hexdigest(),
        "options": asdict(options),
        "versions": {"numpy": np.__version__, "scikit-learn": sklearn.__version__, "scipy": scipy.__version__},
    }


def _check_labels(documents: Sequence[LabeledDocument], labels: tuple[str, str], least: int) -> None:
    counts = Counter(document.label for document in documents)
    for label in (*labels, OTHER):
        if counts[label] < least:
            why = f"{counts[label]} documents labelled {label!r}, at least {least} are needed"
            raise LabeledDataError("training data", why, "add documents of that label")
