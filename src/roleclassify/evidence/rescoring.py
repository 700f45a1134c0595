"""The leaning's score of one document without some of its words, or with concepts added, in closed form."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterable, Mapping

from roleclassify.lexicon.roles import SHARED
from roleclassify.model.bundle import Bundle
from roleclassify.model.features import DocumentFeatures, Span
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
        for feature in features.terms:
            self._terms.add(feature.index, len(feature.spans), self._term(feature.index))
        matches = {feature.index: len(feature.spans) for feature in features.concepts}
        for index in range(len(bundle.space.lexicon.concepts)):
            self._concepts.add(index, matches.get(index, 0), self._concept(index))
        self._places = sorted(
            (start, end, part, feature.index)
            for part, found in ((0, features.terms), (1, features.concepts))
            for feature in found
            for start, end in feature.spans
        )
        self._longest = max((end - start for start, end, _, _ in self._places), default=0)

    def overlapping(self, spans: Iterable[Span]) -> frozenset[int]:
        """Find the occurrences of features, by number, that share a character with one of the spans."""
        found: set[int] = set()
        for start, end in spans:
            first = bisect_right(self._places, (start - self._longest,))
            last = bisect_right(self._places, (end,))
            found.update(number for number in range(first, last) if self._places[number][1] > start)
        return frozenset(found)

    def without(self, occurrences: Collection[int]) -> float:
        """Score without these occurrences of features, in log-odds."""
        gone: tuple[Counter[int], Counter[int]] = (Counter(), Counter())
        for number in occurrences:
            _, _, part, index = self._places[number]
            gone[part][index] -= 1
        return self._bundle.leaning.bias + self._terms.changed(gone[0]) + self._concepts.changed(gone[1])

    def with_concepts(self, matches: Mapping[int, float]) -> float:
        """Score with matches added: index of a concept of the lexicon to their number. In log-odds."""
        return self._bundle.leaning.bias + self._terms.changed({}) + self._concepts.changed(matches)

    def rescore(self, spans: Iterable[Span]) -> float:
        """Score the document anew with the tokens in these spans, which end where tokens do, masked.

        Slower, and the proof of :meth:`without`. It differs where a shorter phrase of a concept comes to light that a
        longer one of the same concept, now masked, overlapped.
        """
        space = self._bundle.space
        gone = {place for start, end in spans for place in range(start, end)}
        masked = [token._replace(word=MASK, kind="mask") if token.start in gone else token for token in self._tokens]
        return self._bundle.leaning.score(space.term_features(masked), space.concept_features(masked))

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

    def changed(self, differences: Mapping[int, float]) -> float:
        """Sum of the contributions when counts differ so much from the document's."""
        weighted, squares = self._weighted, self._squares
        for index, difference in differences.items():
            slot, count = self._slots[index], self._counts[index]
            before, after = slot.raw(count), slot.raw(count + difference)
            weighted += slot.weight * (after - before)
            squares += (after * after - before * before) * slot.normed
        return weighted / max(self._floor, math.sqrt(max(0.0, squares)))
