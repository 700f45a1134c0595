"""Features of many texts as arrays: the numbers of :class:`roleclassify.model.features.FeatureSpace`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roleclassify.batch.arrays.phrases import PhraseTable
from roleclassify.batch.arrays.rows import spread
from roleclassify.lexicon.compiled import longest_first
from roleclassify.lexicon.roles import SHARED
from roleclassify.model.features import MAX_WORDS, FeatureSpace

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Values:
    """Features found in n texts, ordered by text, then feature; every array has the same shape (n_found,).

    Attributes
    ----------
    texts
        Which text.
    features
        Number of the term or concept.
    values
        Its value there.
    """

    texts: NDArray[np.int64]
    features: NDArray[np.int64]
    values: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Words:
    """Words of n texts, one behind the other, with at least one 0 behind each text; shape (n_places,).

    Attributes
    ----------
    terms
        Number of each word among the words of terms and of forms that are matched in any letter case.
    exact
        Number of each word among the words of forms that are matched as written.
    plain
        Whether it may be part of a term.
    texts
        Which text.
    """

    terms: NDArray[np.int32]
    exact: NDArray[np.int32]
    plain: NDArray[np.bool_]
    texts: NDArray[np.int32]


class FeatureArrays:
    """The feature space of a model, as tables to look up arrays of words in."""

    def __init__(self, space: FeatureSpace) -> None:
        import numpy as np

        concepts = space.lexicon.concepts
        self._space = space
        self.terms = PhraseTable([*space.vocabulary, *(form for concept in concepts for form in concept.forms)])
        self.exact = PhraseTable(form for concept in concepts for form in concept.exact)
        self._term_at = self.terms.column(space.vocabulary)
        self._concepts_at = _Lists(self.terms, [concept.forms for concept in concepts])
        self._exact_at = _Lists(self.exact, [concept.exact for concept in concepts])
        self._idf = np.array(space.idf)
        self._of_role = np.array([concept.role != SHARED for concept in concepts], dtype=np.bool_)
        self.margin = max(self.terms.longest, self.exact.longest, MAX_WORDS)

    def find(self, words: Words, n_texts: int) -> tuple[Values, Values]:
        """Find the terms and the concepts of ``n_texts`` texts, as in the methods of ``FeatureSpace``."""
        import numpy as np

        terms: list[NDArray[np.int64]] = []
        hits: list[tuple[int, NDArray[np.int64], NDArray[np.int32]]] = []
        plain = words.plain
        for length, places, nodes in self.terms.find(words.terms):
            hits.append((length, *self._concepts_at.of(places, nodes)))
            if length > MAX_WORDS:
                continue
            if length > 1:
                plain = plain[:-1] & words.plain[length - 1 :]
            found = self._term_at[nodes]
            known = (found >= 0) & plain[places]
            terms.append(words.texts[places[known]].astype(np.int64) * len(self._idf) + found[known])
        for length, places, nodes in self.exact.find(words.exact):
            hits.append((length, *self._exact_at.of(places, nodes)))
        return self._weigh_terms(np.concatenate(terms), n_texts), self._weigh_concepts(hits, words.texts, n_texts)

    def _weigh_terms(self, found: NDArray[np.int64], n_texts: int) -> Values:
        import numpy as np

        keys, counts = _count(found)
        texts, terms = np.divmod(keys, max(1, len(self._idf)))
        raw = (1.0 + _tabulated(math.log, counts)) * self._idf[terms]
        norms = np.sqrt(np.bincount(texts, raw * raw, n_texts))
        return Values(texts, terms, raw / np.maximum(norms, self._space.term_norm)[texts])

    def _weigh_concepts(
        self,
        hits: Iterable[tuple[int, NDArray[np.int64], NDArray[np.int32]]],
        texts_at: NDArray[np.int32],
        n_texts: int,
    ) -> Values:
        import numpy as np

        n_concepts = len(self._of_role)
        concepts_at, counts_at, places = _without_overlaps(hits, len(texts_at), self.margin)
        keys = texts_at[places].astype(np.int64) * n_concepts + concepts_at
        order = np.argsort(keys, kind="stable")
        keys, firsts = np.unique(keys[order], return_index=True)
        counts = np.add.reduceat(counts_at[order], firsts) if len(firsts) else counts_at
        texts, concepts = np.divmod(keys, max(1, n_concepts))
        raw = _tabulated(math.log1p, counts)
        norms = np.sqrt(np.bincount(texts, np.where(self._of_role[concepts], raw * raw, 0.0), n_texts))
        return Values(texts, concepts, raw / np.maximum(norms, self._space.concept_norm)[texts])


class _Lists:
    """For each node of a trie the concepts that have the phrase there."""

    def __init__(self, table: PhraseTable, forms_of: Sequence[tuple[str, ...]]) -> None:
        import numpy as np

        at: dict[int, list[int]] = {}
        for concept, forms in enumerate(forms_of):
            for form in forms:
                at.setdefault(table.phrases[form], []).append(concept)
        self._counts = np.zeros(table.n_nodes, dtype=np.int32)
        for node, concepts in at.items():
            self._counts[node] = len(concepts)
        self._firsts = np.cumsum(self._counts) - self._counts
        self._concepts = np.array([concept for node in sorted(at) for concept in at[node]], dtype=np.int32)

    def of(self, places: NDArray[np.int64], nodes: NDArray[np.int32]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
        """Pair places with the concepts that have a phrase there, each as often as there are concepts."""
        import numpy as np

        counts = self._counts[nodes]
        some = counts > 0
        places, nodes, counts = places[some], nodes[some], counts[some]
        return np.repeat(places, counts), self._concepts[spread(self._firsts[nodes], counts)]


def _count(found: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Sorted different values, and how often each is there."""
    import numpy as np

    ordered = np.sort(found)
    firsts = np.flatnonzero(np.concatenate((np.ones(min(1, len(ordered)), np.bool_), ordered[1:] != ordered[:-1])))
    return ordered[firsts], np.diff(np.append(firsts, len(ordered)))


def _tabulated(function: object, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Apply a function of the math module, so that numbers equal those of a single text to the last bit."""
    import numpy as np

    table = np.array([0.0, *map(function, range(1, int(counts.max(initial=0)) + 1))])  # type: ignore[call-overload]
    values: NDArray[np.float64] = table[counts]
    return values


def _without_overlaps(
    hits: Iterable[tuple[int, NDArray[np.int64], NDArray[np.int32]]], n_places: int, longest: int
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Count the hits of each concept, of those that overlap the longest, then the earliest.

    Returns
    -------
    concepts, counts, places
        For each cluster of overlapping hits of one concept: how many of them count, and where the first one is.
    """
    import numpy as np

    # In one number: concept, place, and shortness, so that sorting groups them and puts the longer first.
    room = longest + 1
    keys = np.concatenate(
        [
            (concepts.astype(np.int64) * n_places + places) * room + (longest - length)
            for length, places, concepts in hits
        ]
    )
    keys = _count(keys)[0]
    starts, shortness = np.divmod(keys, room)
    ends = starts + longest - shortness
    reached = np.maximum.accumulate(ends)
    firsts = np.flatnonzero(np.concatenate((np.ones(min(1, len(keys)), np.bool_), starts[1:] >= reached[:-1])))
    lasts = np.append(firsts[1:], len(keys))
    counts = np.ones(len(firsts), dtype=np.int64)
    several = np.flatnonzero(lasts - firsts > 1)
    if len(several):
        whole = reached[lasts - 1] - starts[firsts]
        longest_of = np.maximum.reduceat(ends - starts, firsts)
        # Where one hit covers all others it alone counts; the rest is settled one by one.
        for cluster in several[longest_of[several] < whole[several]].tolist():
            inside = slice(firsts[cluster], lasts[cluster])
            counts[cluster] = len(longest_first(set(zip(starts[inside].tolist(), ends[inside].tolist(), strict=True))))
    concepts, places = np.divmod(starts[firsts], n_places)
    return concepts, counts, places
