"""From tokens to features: TF-IDF terms and lexicon concepts, with the spans they come from.

Training and explaining both call :func:`terms`, so what is highlighted is what was scored.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.lexicon.roles import SHARED
from roleclassify.text.titles import Title
from roleclassify.text.tokens import Token

MAX_WORDS = 3
"""Longest term, in words."""

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Feature:
    """A feature of one document.

    Attributes
    ----------
    index
        Position among the terms or among the concepts.
    value
        TF-IDF of a term, in (0, 1]; log(1 + matches) of a concept, divided by the norm of the document's concepts.
    spans
        Character offsets of its occurrences, end exclusive.
    """

    index: int
    value: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class DocumentFeatures:
    """What a document is scored by.

    Attributes
    ----------
    tokens
        With what carries no weight masked.
    titles
        The role titles found, whoever's they are.
    terms, concepts
        The known features in it, ordered by index.
    """

    tokens: tuple[Token, ...]
    titles: tuple[Title, ...]
    terms: tuple[Feature, ...]
    concepts: tuple[Feature, ...]


def terms(tokens: Sequence[Token]) -> Iterator[tuple[str, int, int]]:
    """Name every run of one to three neighbouring words, with its first and last (exclusive) token.

    Tokens that are no words (numbers, addresses, masked titles) carry no weight and no term crosses them.
    """
    words = [token.word.lower() if token.kind == "word" else "" for token in tokens]
    n_words = len(words)
    for first, word in enumerate(words):
        if not word:
            continue
        term = word
        yield term, first, first + 1
        for last in range(first + 1, min(first + MAX_WORDS, n_words)):
            if not words[last]:
                break
            term = f"{term} {words[last]}"
            yield term, first, last + 1


@dataclass(frozen=True, slots=True)
class FeatureSpace:
    """All features of a model.

    Attributes
    ----------
    vocabulary
        Term to index.
    idf
        Inverse document frequency of each term, as scikit-learn's ``TfidfTransformer`` computes it.
    term_norm
        Least norm that a document's TF-IDF is divided by: that of a document of full length.
    concept_norm
        Least norm that a document's concepts are divided by.
    lexicon
        The concepts.
    """

    vocabulary: dict[str, int]
    idf: tuple[float, ...]
    term_norm: float
    concept_norm: float
    lexicon: CompiledLexicon

    def extract(self, text: str, tokens: Sequence[Token]) -> DocumentFeatures:
        """Mask what carries no weight and take the features of the rest."""
        masked, titles = self.lexicon.mask(text, tokens)
        found = tuple(self.term_features(masked)), tuple(self.concept_features(masked))
        return DocumentFeatures(tuple(masked), tuple(titles), *found)

    def term_features(self, tokens: Sequence[Token]) -> list[Feature]:
        """TF-IDF of the known terms: (1 + log count) * idf, divided by the larger of ``term_norm`` and its own norm."""
        spans: dict[int, list[Span]] = {}
        for term, first, last in terms(tokens):
            index = self.vocabulary.get(term)
            if index is not None:
                spans.setdefault(index, []).append((tokens[first].start, tokens[last - 1].end))
        raw = {index: (1.0 + math.log(len(spans[index]))) * self.idf[index] for index in sorted(spans)}
        norm = max(self.term_norm, math.sqrt(math.fsum(value * value for value in raw.values())))
        return [Feature(index, value / norm, tuple(spans[index])) for index, value in raw.items()]

    def concept_features(self, tokens: Sequence[Token]) -> list[Feature]:
        """Every concept found, ordered by index: log(1 + matches), divided by the larger of two norms.

        They are ``concept_norm`` and the Euclidean norm over the concepts of the two roles, so that a long document is
        no surer than a short one that says the same.
        """
        spans: dict[int, list[Span]] = {}
        for concept, first, last in self.lexicon.match(tokens):
            spans.setdefault(concept, []).append((tokens[first].start, tokens[last - 1].end))
        raw = {concept: math.log1p(len(found)) for concept, found in spans.items()}
        of_roles = (value for concept, value in raw.items() if self.lexicon.concepts[concept].role != SHARED)
        norm = max(self.concept_norm, math.sqrt(math.fsum(value * value for value in of_roles)))
        return [Feature(concept, value / norm, tuple(spans[concept])) for concept, value in raw.items()]
