"""The leaning's score of one document without some of its words, or with concepts added, in closed form."""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from roleclassify.lexicon.compiled import longest_first
from roleclassify.lexicon.roles import SHARED
from roleclassify.model.bundle import Bundle
from roleclassify.model.features import DocumentFeatures, Feature, Span
from roleclassify.text.tokens import MASK


class Rescorer:
    """One document's terms and concepts as counts, and how the score follows from them.

    With the raw values r (of a term (1 + log count) * idf, of a concept log(1 + matches)) and weights w, the score is
    bias + sum(w r) / norm over the terms, plus the same over the concepts, each with norm = max(floor, sqrt(sum(r r)));
    shared concepts are no part of the norm. What goes changes both sums, and so every other contribution a little.

    Examples
    --------
    >>> import roleclassify
    >>> from roleclassify.text.tokens import tokenize
    >>> bundle, text = roleclassify.load().bundle, "Deploy models with Docker and test hypotheses in R."
    >>> rescorer = Rescorer(bundle, bundle.space.extract(text, tokenize(text)))
    >>> rescorer.without(rescorer.overlapping([(19, 25)])) < rescorer.without(())
    True
    """

    def __init__(self, bundle: Bundle, features: DocumentFeatures) -> None:
        self._bundle = bundle
        self._tokens = features.tokens
        self._terms = _Part(bundle.space.term_norm)
        self._concepts = _Part(bundle.space.concept_norm)
        self._candidates = bundle.space.lexicon.candidates(features.tokens)
        matches = {feature.index: len(feature.spans) for feature in features.concepts}
        for index in range(len(bundle.space.lexicon.concepts)):
            self._concepts.add(index, matches.get(index, 0), self._concept(index))
        for feature in features.terms:
            self._terms.add(feature.index, len(feature.spans), self._term(feature.index))
        self._starts = [token.start for token in features.tokens]
        self._terms_at: dict[int, set[tuple[int, int]]] = {}
        for feature in features.terms:
            for start, end in feature.spans:
                for position in self.overlapping([(start, end)]):
                    self._terms_at.setdefault(position, set()).add((feature.index, start))
        self._concepts_at: dict[int, set[int]] = {}
        for concept, found in self._candidates.items():
            for position in {position for span in found for position in range(*span)}:
                self._concepts_at.setdefault(position, set()).add(concept)

    def overlapping(self, spans: Iterable[Span]) -> frozenset[int]:
        """Find the tokens, by position, that share a character with one of the spans."""
        found: set[int] = set()
        for start, end in spans:
            first = bisect_right(self._starts, start) - 1
            if first < 0 or self._tokens[first].end <= start:
                first += 1
            found.update(range(first, bisect_left(self._starts, end)))
        return frozenset(found)

    def without(self, tokens: Collection[int]) -> float:
        """Score with the tokens at these positions masked, in log-odds."""
        masked = frozenset(tokens)
        gone = {place for position in masked for place in self._terms_at.get(position, ())}
        terms = Counter(index for index, _ in gone)
        touched = {concept for position in masked for concept in self._concepts_at.get(position, ())}
        concepts = {concept: self._matches(concept, masked) - self._concepts.count(concept) for concept in touched}
        changed = self._terms.changed({index: -count for index, count in terms.items()})
        return self._bundle.leaning.bias + changed + self._concepts.changed(concepts)

    def _matches(self, concept: int, masked: frozenset[int]) -> int:
        """Count a concept's matches anew: a shorter phrase may come to light where a longer one goes."""
        left = {span for span in self._candidates[concept] if masked.isdisjoint(range(*span))}
        return len(longest_first(left))

    def with_concepts(self, matches: Mapping[int, float]) -> float:
        """Score with matches added: index of a concept of the lexicon to their number. In log-odds."""
        return self._bundle.leaning.bias + self._terms.changed({}) + self._concepts.changed(matches)

    def features_without(self, spans: Iterable[Span]) -> tuple[list[Feature], list[Feature]]:
        """Take terms and concepts anew with the tokens that overlap these spans masked."""
        masked = list(self._tokens)
        for position in self.overlapping(spans):
            masked[position] = masked[position]._replace(word=MASK, kind="mask")
        space = self._bundle.space
        return space.term_features(masked), space.concept_features(masked)

    def rescore(self, spans: Iterable[Span]) -> float:
        """Score the document anew with the tokens that overlap these spans masked: slower, the proof of the other."""
        return self._bundle.leaning.score(*self.features_without(spans))

    def _term(self, index: int) -> _Slot:
        return _Slot(self._bundle.leaning.term_weights[index], self._bundle.space.idf[index], normed=True)

    def _concept(self, index: int) -> _Slot:
        role = self._bundle.space.lexicon.concepts[index].role
        return _Slot(self._bundle.leaning.concept_weights[index], None, normed=role != SHARED)


class _Slot:
    """A feature's weight and how its raw value follows from its count; ``idf`` is None for a concept."""

    def __init__(self, weight: float, idf: float | None, *, normed: bool) -> None:
        self.weight = weight
        self._idf = idf
        self.normed = normed

    def raw(self, count: float) -> float:
        if count <= 0:
            return 0.0
        return math.log1p(count) if self._idf is None else (1.0 + math.log(count)) * self._idf


class _Part:
    """All terms, or all concepts: they share a norm."""

    def __init__(self, floor: float) -> None:
        self._floor = floor
        self._slots: dict[int, _Slot] = {}
        self._counts: dict[int, float] = {}
        self._weighted = self._squares = 0.0

    def add(self, index: int, count: float, slot: _Slot) -> None:
        """Take in a feature; a count of 0 changes nothing, but may be raised."""
        self._slots[index], self._counts[index] = slot, count
        raw = slot.raw(count)
        self._weighted += slot.weight * raw
        self._squares += raw * raw * slot.normed

    def count(self, index: int) -> float:
        """How often the document has a feature."""
        return self._counts[index]

    def changed(self, differences: Mapping[int, float]) -> float:
        """Sum of the contributions when counts differ so much from the document's."""
        weighted, squares = self._weighted, self._squares
        for index, difference in differences.items():
            slot, count = self._slots[index], self._counts[index]
            before, after = slot.raw(count), slot.raw(count + difference)
            weighted += slot.weight * (after - before)
            squares += (after * after - before * before) * slot.normed
        return weighted / max(self._floor, math.sqrt(max(0.0, squares)))
