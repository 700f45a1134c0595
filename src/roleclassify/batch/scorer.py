"""Many texts at once: the answers of :class:`roleclassify.classifier.RoleClassifier`, computed in arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from roleclassify.batch.answers import Answers
from roleclassify.batch.arrays.features import FeatureArrays, Values, Words
from roleclassify.batch.arrays.masks import Anchors, Masked, Masker
from roleclassify.batch.arrays.pieces import PieceFinder
from roleclassify.batch.arrays.strings import MOST_STRINGS, StringTable, Tokens
from roleclassify.batch.arrays.words import MOST_WORDS, WordTable
from roleclassify.classifier import RoleClassifier
from roleclassify.model.decision import Reason, decide
from roleclassify.model.linear import LinearModel, sigmoid
from roleclassify.result import UNDETERMINED
from roleclassify.text.language import MINIMUM_FOREIGN_WORDS, MOST_CODE_SIGNS, is_english

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MAX_CHARACTERS = 1_000_000
"""Longest text that is scored unless told otherwise: no resume or posting is near it."""

_SLICE_CHARACTERS = 3_000_000
"""How much text is in the arrays at once."""


class BatchScorer:
    """Scores lists of texts; keeps what it learns about words from one call to the next.

    Parameters
    ----------
    classifier
        The model and its thresholds.
    evidence
        Pieces of evidence for each text.
    max_characters
        A longer text is not scored; its answer has an ``error``.
    """

    def __init__(self, classifier: RoleClassifier, *, evidence: int = 0, max_characters: int = MAX_CHARACTERS) -> None:
        self._bundle = classifier.bundle
        self._thresholds = classifier.thresholds
        self._evidence = evidence
        self._max_characters = max_characters
        self._features = FeatureArrays(self._bundle.space)
        self._anchors = Anchors(self._bundle.space.lexicon.contrasts)
        self._pieces = PieceFinder(self._bundle)
        self._leaning = _Weights(self._bundle.leaning)
        self._domain = _Weights(self._bundle.domain)
        self._forget()

    def _forget(self) -> None:
        terms, exact = self._features.terms.words, self._features.exact.words
        self._words = WordTable(self._bundle, terms, exact, self._anchors.words)
        self._strings = StringTable(self._words, self._bundle.function_words.english)
        self._masker = Masker(self._bundle.space.lexicon, self._words, self._anchors)

    def score(self, texts: Sequence[str | None], problems: Mapping[int, str] | None = None) -> Answers:
        """Answer every text.

        Parameters
        ----------
        texts
            None is answered as an empty text is.
        problems
            Position to why that text could not be had; its answer has this ``error``.
        """
        errors = [(problems or {}).get(position) for position in range(len(texts))]
        readable = []
        for position, text in enumerate(texts):
            if errors[position] is None and text is not None and len(text) > self._max_characters:
                errors[position] = (
                    f"longer than {self._max_characters} characters; split it or raise the limit of characters"
                )
            readable.append("" if text is None or errors[position] is not None else text)
        answers = Answers(self._bundle.labels, [], [], [], [], [], [], [], [], [], errors)
        for part in _slices(readable):
            self._score(part, answers)
            if len(self._words) > MOST_WORDS:
                self._forget()
            elif len(self._strings) > MOST_STRINGS:
                self._strings.forget_rare()
        for position, error in enumerate(errors):
            if error is not None:
                answers.reason[position] = None
        return answers

    def _score(self, texts: Sequence[str], answers: Answers) -> None:
        tokens = self._strings.tokenize(texts)
        english = self._judge_language(tokens, len(texts))
        masked = self._masker.mask(tokens, len(texts))
        terms, concepts = self._features.find(self._spread(tokens, masked, len(texts)), len(texts))
        leaning = self._leaning.scores(terms, concepts, len(texts))
        domain = self._domain.scores(terms, concepts, len(texts))
        answers.evidence.extend(
            self._pieces.find(terms, concepts, len(texts), self._evidence) if self._evidence else [()] * len(texts)
        )
        n_concepts = _count(concepts.texts, len(texts))
        filled = tokens.is_filled.tolist()
        for row in zip(filled, english, n_concepts, leaning, domain, masked.stated, strict=True):
            self._decide(answers, *row)

    def _spread(self, tokens: Tokens, masked: Masked, n_texts: int) -> Words:
        """Lay the words out with gaps between the texts, so that no phrase reaches from one into the next."""
        import numpy as np

        rows = self._words.rows
        places = np.arange(len(masked.ids)) + tokens.documents * np.int64(self._features.margin)
        n_places = len(masked.ids) + (n_texts + 1) * self._features.margin
        terms, exact, texts = np.zeros((3, n_places), dtype=np.int32)
        plain = np.zeros(n_places, dtype=np.bool_)
        terms[places], exact[places] = rows["term"][masked.ids], rows["exact"][masked.ids]
        texts[places], plain[places] = tokens.documents, masked.plain
        return Words(terms, exact, plain, texts)

    def _judge_language(self, tokens: Tokens, n_texts: int) -> list[bool]:
        """Say of each text whether it is English."""
        import numpy as np

        groups = self._words.rows["foreign"][tokens.ids]
        some = np.flatnonzero(groups)
        texts, groups = tokens.documents[some], groups[some]
        # For each language in turn, the words that are function words of it.
        of_language = [np.bincount(texts[has[groups]], minlength=n_texts) for has in self._words.in_language]
        n_foreign = np.max([np.zeros(n_texts, np.int64), *of_language], axis=0)
        doubtful = (n_foreign >= MINIMUM_FOREIGN_WORDS) | (tokens.n_outside > 0)
        doubtful |= tokens.n_signs > MOST_CODE_SIGNS * tokens.n_characters
        counts = tokens.count(doubtful)
        english = [True] * n_texts
        for text in np.flatnonzero(doubtful).tolist():
            english[text] = is_english(n_foreign=int(n_foreign[text]), **{name: counts[name][text] for name in counts})
        return english

    def _decide(  # a row of what was counted and computed
        self,
        answers: Answers,
        filled: bool,
        english: bool,
        n_concepts: int,
        leaning: float,
        domain: float,
        stated: str | None,
    ) -> None:
        probability, domain_probability = sigmoid(leaning), sigmoid(domain)
        if not filled:
            reason: Reason | None = Reason.EMPTY
        elif not english:
            reason = Reason.UNSUPPORTED_LANGUAGE
        else:
            reason = decide(
                n_concepts=n_concepts,
                domain_probability=domain_probability,
                probability=probability,
                thresholds=self._thresholds,
            )
        label = self._bundle.labels[leaning > 0] if reason is None else UNDETERMINED
        answers.label.append(label)
        answers.reason.append(reason.value if reason else None)
        answers.probability.append(sigmoid(abs(leaning)) if reason is None else None)
        answers.first_probability.append(sigmoid(-leaning) if filled else None)
        answers.second_probability.append(probability if filled else None)
        answers.domain_probability.append(domain_probability if filled else None)
        answers.stated_title.append(stated)
        answers.title_mismatch.append(stated != label if stated and reason is None else None)


class _Weights:
    """A linear model as arrays."""

    def __init__(self, model: LinearModel) -> None:
        import numpy as np

        self._bias = model.bias
        self._terms, self._concepts = np.array(model.term_weights), np.array(model.concept_weights)

    def scores(self, terms: Values, concepts: Values, n_texts: int) -> list[float]:
        """Log-odds of each text."""
        import numpy as np

        of_terms = np.bincount(terms.texts, self._terms[terms.features] * terms.values, n_texts)
        of_concepts = np.bincount(concepts.texts, self._concepts[concepts.features] * concepts.values, n_texts)
        scores: list[float] = (self._bias + of_terms + of_concepts).tolist()
        return scores


def _count(texts: NDArray[np.int64] | NDArray[np.int32], n_texts: int) -> list[int]:
    import numpy as np

    counts: list[int] = np.bincount(texts, minlength=n_texts).tolist()
    return counts


def _slices(texts: Sequence[str]) -> Iterator[Sequence[str]]:
    """Cut a list into runs of a bounded number of characters; a longer text is a run of its own."""
    first, characters = 0, 0
    for position, text in enumerate(texts):
        if characters and characters + len(text) > _SLICE_CHARACTERS:
            yield texts[first:position]
            first, characters = position, 0
        characters += len(text) + 1
    if first < len(texts):
        yield texts[first:]
