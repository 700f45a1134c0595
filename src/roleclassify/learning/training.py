"""Labelled documents into a bundle: fit with scikit-learn, calibrate, compile to plain numbers."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import sklearn
from sklearn.calibration import CalibratedClassifierCV
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import FeatureUnion, Pipeline

from roleclassify.errors import LabeledDataError
from roleclassify.learning.estimators import (
    DECIMALS,
    ConceptFeatures,
    DistinctiveTerms,
    RoundedLogisticRegression,
    TermFeatures,
)
from roleclassify.learning.labeled import MIXED, OTHER, LabeledDocument
from roleclassify.learning.languages import collect_function_words
from roleclassify.learning.preparation import Prepared, passages, prepare_many
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.lexicon.roles import SHARED
from roleclassify.model.bundle import Bundle
from roleclassify.model.decision import Thresholds
from roleclassify.model.features import FeatureSpace
from roleclassify.model.linear import LinearModel

Progress = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class TrainingOptions:
    """What is chosen before training; the defaults were chosen on folds by writer of ``data/labeled``.

    Attributes
    ----------
    min_documents
        Least number of training documents that hold a term.
    term_scale, concept_scale, pooled_scale
        Scales of the three blocks of features: the larger, the less a block is penalised.
    least_z
        How far a term's document frequency must differ between the sides; see :class:`DistinctiveTerms`.
    inverse_penalty
        scikit-learn's ``C``.
    label_doubt
        Probability that a label does not fit the work, in [0, 0.5); the calibration counts with it. Readers and titles
        of real postings disagree on some 5 % of them, and a model of clear-cut documents would claim certainty.
    document_weight
        Weight of a whole document beside its passages, which weigh 1 together.
    n_folds
        Folds of the calibration; groups are never divided.
    thresholds
        Limits below which no role is given.
    """

    min_documents: int = 6
    term_scale: float = 4.0
    concept_scale: float = 0.5
    pooled_scale: float = 0.2
    least_z: float = 1.5
    inverse_penalty: float = 4.0
    label_doubt: float = 0.05
    document_weight: float = 0.5
    n_folds: int = 5
    thresholds: Thresholds = field(
        default_factory=lambda: Thresholds(evidence=2, domain_probability=0.6, probability=0.55)
    )


@dataclass(frozen=True, slots=True)
class Trained:
    """A trained model: the bundle, and the fitted pipelines that it was compiled from."""

    bundle: Bundle
    leaning: Pipeline
    domain: Pipeline


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
        At least ``n_folds`` of each label; their groups are kept together in the folds of the calibration.
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
    chosen = options or TrainingOptions()
    given = len(documents)
    documents = [document for document in documents if document.text.strip()]
    if len(documents) < given:
        progress(f"leaving out {given - len(documents)} documents without text")
    _check_labels(documents, lexicon.labels, chosen.n_folds)
    progress(f"preparing {len(documents)} documents and their passages")
    sample = _sample(documents, lexicon, chosen.document_weight, n_jobs)
    progress("choosing the vocabulary")
    terms = TermFeatures(lexicon, chosen.min_documents)
    terms.fit([sample.rows[index] for index in sample.whole])
    progress(f"fitting the leaning on {len(terms.vocabulary_)} terms and {len(lexicon.concepts)} concepts")
    leaning_target = np.array([_leaning_target(documents[owner], lexicon.labels) for owner in sample.owner])
    leaning = _fit(sample, leaning_target, terms, _signs(lexicon), chosen)
    progress("fitting the domain")
    domain_target = np.array([_domain_target(documents[owner]) for owner in sample.owner])
    domain = _fit(sample, domain_target, terms, np.ones(len(lexicon.concepts)), chosen)
    bundle = Bundle(
        name=lexicon.name,
        version=version,
        space=_space(terms, lexicon, chosen.concept_scale),
        leaning=compile_pipeline(leaning),
        domain=compile_pipeline(domain),
        thresholds=chosen.thresholds,
        function_words=collect_function_words(terms.vocabulary_),
        provenance=_provenance(documents, chosen),
    )
    return Trained(bundle, leaning, domain)


@dataclass(frozen=True, slots=True)
class _Sample:
    """Rows to fit on: whole documents and their passages.

    ``owner`` is each row's document, ``group`` a number for each row's group, ``whole`` the rows that are documents.
    """

    rows: list[Prepared]
    owner: npt.NDArray[np.intp]
    weight: npt.NDArray[np.float64]
    group: npt.NDArray[np.intp]
    whole: list[int]


def _sample(
    documents: Sequence[LabeledDocument], lexicon: CompiledLexicon, document_weight: float, n_jobs: int
) -> _Sample:
    texts: list[str] = []
    owner: list[int] = []
    weight: list[float] = []
    whole: list[int] = []
    for number, document in enumerate(documents):
        pieces = passages(document.text)
        whole.append(len(texts))
        texts += [document.text, *pieces]
        owner += [number] * (1 + len(pieces))
        weight += [document_weight] + [1.0 / len(pieces)] * len(pieces)
    # A document without a group is a group of its own.
    names = [document.group or f"\0{number}" for number, document in enumerate(documents)]
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    group = np.array([numbers[names[number]] for number in owner])
    return _Sample(prepare_many(texts, lexicon, n_jobs=n_jobs), np.array(owner), np.array(weight), group, whole)


def _leaning_target(document: LabeledDocument, labels: tuple[str, str]) -> float:
    """Probability of the second label; NaN leaves the document out."""
    return {labels[0]: 0.0, labels[1]: 1.0, MIXED: 0.5}.get(document.label, np.nan)


def _domain_target(document: LabeledDocument) -> float:
    """Probability of the domain: a near miss is neither in nor out."""
    if document.label != OTHER:
        return 1.0
    return 0.5 if document.near_miss else 0.0


def _signs(lexicon: CompiledLexicon) -> npt.NDArray[np.float64]:
    of_role = {lexicon.labels[0]: -1.0, lexicon.labels[1]: 1.0, SHARED: 0.0}
    return np.array([of_role[concept.role] for concept in lexicon.concepts])


def _fit(
    sample: _Sample,
    target: npt.NDArray[np.float64],
    terms: TermFeatures,
    signs: npt.NDArray[np.float64],
    options: TrainingOptions,
) -> Pipeline:
    """Fit a question on the rows that have a target; each counts on both sides, p as positive and 1 - p as not."""
    known = np.flatnonzero(~np.isnan(target))
    index, y = np.repeat(known, 2), np.tile([1, 0], len(known))
    positive = target[known]
    doubted = options.label_doubt + (1 - 2 * options.label_doubt) * positive
    weight = _balance(sample.weight[index] * np.column_stack([positive, 1 - positive]).ravel(), y)
    doubted_weight = _balance(sample.weight[index] * np.column_stack([doubted, 1 - doubted]).ravel(), y)
    whole = [row for row in sample.whole if not np.isnan(target[row])]
    distinctive = DistinctiveTerms(terms, options.term_scale, options.least_z)
    distinctive.fit([sample.rows[row] for row in whole], target[whole])
    concepts = ConceptFeatures(signs, options.concept_scale, options.pooled_scale)
    features = FeatureUnion([("terms", distinctive), ("concepts", concepts)])
    folds = StratifiedGroupKFold(min(options.n_folds, len(set(sample.group[index].tolist()))))
    with sklearn.config_context(enable_metadata_routing=True):
        regression = RoundedLogisticRegression(C=options.inverse_penalty, max_iter=5000, tol=1e-6)
        classifier = CalibratedClassifierCV(
            # The regression takes labels as they are, the calibration doubts them: hence two kinds of weights.
            regression.set_fit_request(label_weight=True),
            method="sigmoid",
            cv=list(folds.split(index, y, sample.group[index])),
            ensemble=False,
            n_jobs=1,
        )
        rows = features.transform([sample.rows[row] for row in index])
        classifier.fit(rows, y, sample_weight=doubted_weight, label_weight=weight)
    for fitted in classifier.calibrated_classifiers_:
        for calibrator in fitted.calibrators:
            calibrator.a_, calibrator.b_ = round(calibrator.a_, DECIMALS), round(calibrator.b_, DECIMALS)
    return Pipeline([("features", features), ("classifier", classifier)])


def _balance(weight: npt.NDArray[np.float64], y: npt.NDArray[np.intp]) -> npt.NDArray[np.float64]:
    """Give both sides half of the weight, whatever their number of documents: the bias then speaks for neither."""
    sides = np.bincount(y, weights=weight)
    balanced: npt.NDArray[np.float64] = weight * (weight.sum() / 2 / sides)[y]
    return balanced


def compile_pipeline(pipeline: Pipeline) -> LinearModel:
    """Fold calibration and scales of a fitted pipeline into one bias and one weight a feature.

    Platt's sigmoid p = 1 / (1 + exp(a * z + b)) on the regression's log-odds z = w x + c is again linear:
    log(p / (1 - p)) = -a * w x - (a * c + b) (Platt 1999, "Probabilistic outputs for support vector machines").
    """
    terms: DistinctiveTerms = pipeline["features"]["terms"]
    concepts: ConceptFeatures = pipeline["features"]["concepts"]
    calibrated = pipeline["classifier"].calibrated_classifiers_[0]
    regression, calibrator = calibrated.estimator, calibrated.calibrators[0]
    coefficients = -calibrator.a_ * regression.coef_[0]
    n_terms = len(terms.factors_)
    return LinearModel(
        bias=float(-calibrator.a_ * regression.intercept_[0] - calibrator.b_),
        term_weights=tuple((coefficients[:n_terms] * terms.factors_).tolist()),
        concept_weights=tuple(concepts.weights(coefficients[n_terms:]).tolist()),
    )


def _space(terms: TermFeatures, lexicon: CompiledLexicon, concept_scale: float) -> FeatureSpace:
    vocabulary = {term: index for index, term in enumerate(terms.vocabulary_)}
    return FeatureSpace(vocabulary, tuple(terms.tfidf_.idf_.tolist()), terms.norm_, lexicon, concept_scale)


def _provenance(documents: Sequence[LabeledDocument], options: TrainingOptions) -> dict[str, Any]:
    import scipy

    digest = hashlib.sha256()
    for document in documents:
        digest.update(f"{document.id}\0{document.label}\0{document.text}\0".encode("utf-8", "surrogatepass"))
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
