"""RoleClassifier: the one place where reading, tokens, lexicon, model and decision are wired."""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

from roleclassify.errors import BundleError, RoleClassifyError, UnreadableDocumentError
from roleclassify.evidence.comparison import Comparison, compare
from roleclassify.evidence.counterfactuals import (
    ROUNDING,
    Counterfactuals,
    absent_concepts,
    find_addition,
    find_removal,
    judge_removal,
)
from roleclassify.evidence.groups import group
from roleclassify.evidence.rescoring import Rescorer
from roleclassify.model.bundle import Bundle, read_bundle
from roleclassify.model.decision import Reason, decide
from roleclassify.model.features import DocumentFeatures, Feature
from roleclassify.model.linear import LinearModel, log_odds, sigmoid
from roleclassify.result import (
    DEFAULT_TOP,
    DOMAIN_SIDES,
    UNDETERMINED,
    Answer,
    Classification,
    Contribution,
    Explanation,
)
from roleclassify.text.document import Document
from roleclassify.text.reading import read
from roleclassify.text.tokens import Token, tokenize

DEFAULT_BUNDLE = "ds-vs-mle"

Readable = str | Document | os.PathLike[str]
"""A text, a document that was read, or the path of a file to read."""

_CHUNK, _CHUNKS_PER_WORKER = 256, 4
"""Documents that travel to a worker at once, and how many such chunks a round has for each: few, large journeys."""


def default_bundle() -> Path:
    """Folder of the shipped bundle: inside the installed package, else in the checkout around it.

    Raises
    ------
    BundleError
        When there is none in either place.
    """
    package = Path(__file__).resolve().parent
    for models in (package / "models", package.parent.parent / "models"):
        if (models / DEFAULT_BUNDLE / "bundle.json").is_file():
            return models / DEFAULT_BUNDLE
    raise BundleError(
        DEFAULT_BUNDLE, "the shipped model is missing from this installation", "install roleclassify again"
    )


def load(
    bundle: str | os.PathLike[str] | None = None,
    *,
    min_probability: float | None = None,
    lexicon: str | os.PathLike[str] | None = None,
) -> RoleClassifier:
    """Load a model.

    Parameters
    ----------
    bundle
        Folder of a bundle; None is the shipped one.
    min_probability
        Least probability of a label, in [0.5, 1]: below it a document is undetermined. None keeps the bundle's own.
    lexicon
        A file of your own concepts to lay over the model's; see :func:`roleclassify.model.overlay.lay_over`.

    Raises
    ------
    BundleError
        When the bundle is missing, damaged or of another schema.
    LexiconError
        When the concepts cannot be read, or do not fit the model.
    MissingExtraError
        When phrases of the concepts must be inflected and the extra ``train`` is not installed.
    ValueError
        When ``min_probability`` is out of range.
    """
    model = read_bundle(default_bundle() if bundle is None else Path(bundle))
    if lexicon is not None:
        from roleclassify.lexicon.overlay import read_overlay
        from roleclassify.model.overlay import lay_over

        model = lay_over(model, read_overlay(Path(lexicon)))
    return RoleClassifier(model, min_probability=min_probability)


class RoleClassifier:
    """Says which of a bundle's two roles a document leans to, how strongly, and which words say so.

    Examples
    --------
    >>> classifier = load()
    >>> classifier.classify("").reason
    <Reason.EMPTY: 'empty'>
    """

    def __init__(self, bundle: Bundle, *, min_probability: float | None = None) -> None:
        if min_probability is not None and not 0.5 <= min_probability <= 1.0:
            raise ValueError(f"min_probability is {min_probability}; it must lie between 0.5 and 1")
        self.bundle = bundle
        self.thresholds = bundle.thresholds.with_probability(min_probability)
        self._terms = tuple(bundle.space.vocabulary)

    @property
    def labels(self) -> tuple[str, str]:
        """The two labels; a positive score leans to the second."""
        return self.bundle.labels

    @property
    def model(self) -> str:
        """Name and version of the model, and the name of the lexicon laid over it."""
        return self.bundle.title

    def classify(self, document: Readable, *, top: int = DEFAULT_TOP) -> Classification:
        """Answer with the ``top`` strongest pieces of evidence.

        Raises
        ------
        UnreadableDocumentError
            When a path cannot be read, or the argument is no text.
        """
        return self.explain(document).shorten(top)

    def classify_many(
        self, documents: Iterable[Readable], *, top: int = DEFAULT_TOP, n_jobs: int = 1
    ) -> Iterator[Classification]:
        """Answer for each document in turn, in bounded memory; one that cannot be read has its ``error`` set.

        Parameters
        ----------
        n_jobs
            Number of worker processes, -1 for all processors; the answers do not depend on it.
        """
        if n_jobs == 1:
            for document in documents:
                yield self._classify_or_error(document, top)
            return
        from joblib import Parallel, delayed, effective_n_jobs

        remaining = iter(documents)
        per_round = _CHUNK * _CHUNKS_PER_WORKER * effective_n_jobs(n_jobs)
        with Parallel(n_jobs=n_jobs) as parallel:
            while batch := list(itertools.islice(remaining, per_round)):
                chunks = [batch[first : first + _CHUNK] for first in range(0, len(batch), _CHUNK)]
                for answers in parallel(delayed(self._classify_chunk)(chunk, top) for chunk in chunks):
                    yield from answers

    def explain(self, document: Readable) -> Explanation:
        """Answer with every contribution.

        Raises
        ------
        UnreadableDocumentError
            When a path cannot be read, or the argument is no text.
        """
        return self._look(_as_document(document))[0]

    def _classify_chunk(self, documents: Sequence[Readable], top: int) -> list[Classification]:
        return [self._classify_or_error(document, top) for document in documents]

    def _classify_or_error(self, document: Readable, top: int) -> Classification:
        try:
            return self.classify(document, top=top)
        except RoleClassifyError as error:
            source = error.source if isinstance(error, UnreadableDocumentError) else ""
            return Classification.unreadable(source, str(error), labels=self.labels, model=self.model)

    def counterfactuals(self, document: Readable) -> Counterfactuals:
        """Say what the document lacks and what would change its answer; nothing of it for one that is given no role.

        Raises
        ------
        UnreadableDocumentError
            When a path cannot be read, or the argument is no text.
        """
        explanation, features = self._look(_as_document(document))
        if explanation.leaning is None or explanation.reason is not None or features is None:
            return Counterfactuals(None, None, ())
        rescorer = Rescorer(self.bundle, features)
        least = max(log_odds(self.thresholds.probability), ROUNDING)
        towards = [each for each in group(explanation.leaning.contributions) if each.role == explanation.label]
        removed = find_removal(rescorer, towards, least)
        return Counterfactuals(
            judge_removal(self.bundle, self.thresholds, rescorer, removed) if removed else None,
            find_addition(self.bundle, features, rescorer, least),
            absent_concepts(self.bundle, features),
        )

    def compare(self, first: Readable, second: Readable) -> Comparison:
        """Lay two documents side by side, concept by concept: a resume and a posting, or two drafts.

        Raises
        ------
        UnreadableDocumentError
            When a path cannot be read, or an argument is no text.
        """
        return compare(self.bundle, self._look(_as_document(first)), self._look(_as_document(second)))

    def _look(self, document: Document) -> tuple[Explanation, DocumentFeatures | None]:
        """Answer, and give what the answer was computed from; None where there was nothing to score."""
        tokens = tokenize(document.text)
        if not any(token.kind in ("word", "mask") for token in tokens):
            return self._outcome(document, Reason.EMPTY), None
        features = self.bundle.space.extract(document.text, tokens)
        stated = next((title.label for title in features.titles if title.own), None)
        leaning = self._answer(self.bundle.leaning, self.labels, features)
        domain = self._answer(self.bundle.domain, DOMAIN_SIDES, features)
        reason = self._reason(document.text, tokens, len(features.concepts), domain.probability, leaning.probability)
        return self._outcome(document, reason, leaning, domain, stated), features

    def _reason(
        self, text: str, tokens: Sequence[Token], n_concepts: int, domain_probability: float, probability: float
    ) -> Reason | None:
        if not self.bundle.function_words.is_supported(text, tokens):
            return Reason.UNSUPPORTED_LANGUAGE
        return decide(
            n_concepts=n_concepts,
            domain_probability=domain_probability,
            probability=probability,
            thresholds=self.thresholds,
        )

    def _outcome(
        self,
        document: Document,
        reason: Reason | None,
        leaning: Answer | None = None,
        domain: Answer | None = None,
        stated_title: str | None = None,
    ) -> Explanation:
        label = UNDETERMINED if reason or not leaning else self.labels[leaning.score > 0]
        return Explanation(document, label, reason, leaning, domain, stated_title, self.labels, self.model)

    def _answer(self, model: LinearModel, sides: tuple[str, str], features: DocumentFeatures) -> Answer:
        contributions = [
            *self._contributions("term", model, features.terms, sides),
            *self._contributions("concept", model, features.concepts, sides),
        ]
        # Ties are broken by name, so that equal documents give equal bytes.
        contributions.sort(key=lambda item: (-abs(item.contribution), item.kind, item.feature))
        score = model.score(features.terms, features.concepts)
        return Answer(sides, sigmoid(score), score, model.bias, tuple(contributions))

    def _contributions(
        self,
        kind: Literal["term", "concept"],
        model: LinearModel,
        features: Sequence[Feature],
        sides: tuple[str, str],
    ) -> Iterator[Contribution]:
        concepts = self.bundle.space.lexicon.concepts
        weights = model.term_weights if kind == "term" else model.concept_weights
        for feature in features:
            weight = weights[feature.index]
            if weight == 0.0:
                continue
            contribution = weight * feature.value
            if kind == "term":
                name, role = self._terms[feature.index], sides[contribution > 0]
            else:
                name, role = concepts[feature.index].id, concepts[feature.index].role
            origin = model.origin(feature.index) if kind == "concept" else "learned"
            yield Contribution(name, kind, role, feature.value, weight, contribution, feature.spans, origin)


def _as_document(document: Readable) -> Document:
    if isinstance(document, Document):
        return document
    if isinstance(document, str):
        return Document(document)
    if isinstance(document, os.PathLike):
        return read(document)
    raise UnreadableDocumentError("-", f"a {type(document).__name__} is no text", "pass a str, a Document or a path")
