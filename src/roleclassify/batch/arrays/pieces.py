"""The strongest pieces of evidence of many texts: :func:`roleclassify.evidence.pieces.strongest_pieces` on arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roleclassify.batch.arrays.features import Values
from roleclassify.batch.arrays.rows import spread
from roleclassify.evidence.pieces import Piece, inner_terms
from roleclassify.model.bundle import Bundle
from roleclassify.model.features import MAX_WORDS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class PieceFinder:
    """Which terms stand inside which, and the names of all features."""

    def __init__(self, bundle: Bundle) -> None:
        import numpy as np

        self._labels = bundle.labels
        self._concepts = bundle.space.lexicon.concepts
        self._origin = bundle.leaning.origin
        self._terms = sorted(bundle.space.vocabulary, key=bundle.space.vocabulary.__getitem__)
        self._n_words = np.array([term.count(" ") + 1 for term in self._terms], dtype=np.int64)
        self._term_weights = np.array(bundle.leaning.term_weights)
        self._concept_weights = np.array(bundle.leaning.concept_weights)
        self._term_ranks = _ranks(self._terms)
        self._concept_ranks = _ranks([concept.id for concept in self._concepts])
        inside = [self._inside(term, bundle.space.vocabulary) for term in self._terms]
        self._n_inside = np.array([len(terms) for terms in inside], dtype=np.int64)
        self._first_inside = np.cumsum(self._n_inside) - self._n_inside
        self._inside_terms = np.array([inner for terms in inside for inner in terms], dtype=np.int64)

    def _inside(self, term: str, vocabulary: dict[str, int]) -> list[int]:
        """Terms of the same side that stand inside a term."""
        weight = self._term_weights[vocabulary[term]]
        if weight == 0 or " " not in term:
            return []
        inner = (vocabulary[name] for name in dict.fromkeys(inner_terms(term)) if name in vocabulary)
        return [number for number in inner if self._term_weights[number] * weight > 0]

    def find(self, terms: Values, concepts: Values, n_texts: int, most: int) -> list[tuple[Piece, ...]]:
        """Find the ``most`` strongest pieces of each of ``n_texts`` texts."""
        import numpy as np

        terms, concepts = _weighty(terms, self._term_weights), _weighty(concepts, self._concept_weights)
        of_terms = terms.values * self._term_weights[terms.features]
        of_concepts = concepts.values * self._concept_weights[concepts.features]
        hosts = self._hosts(terms, of_terms)
        absorbed = hosts >= 0
        totals = of_terms + np.bincount(hosts[absorbed], of_terms[absorbed], len(of_terms))
        alone = np.flatnonzero(~absorbed)
        texts = np.concatenate((concepts.texts, terms.texts[alone]))
        strengths = np.concatenate((of_concepts, totals[alone]))
        ranks = np.concatenate((self._concept_ranks[concepts.features], self._term_ranks[terms.features[alone]]))
        is_term = np.arange(len(texts)) >= len(of_concepts)
        order = np.lexsort((ranks, is_term, -np.abs(strengths), texts))
        places = np.arange(len(order)) - np.searchsorted(texts[order], texts[order])
        chosen = order[places < most]
        chosen = chosen[np.lexsort((places[places < most], is_term[chosen], texts[chosen]))]
        wanted = np.zeros(len(hosts) + 1, dtype=np.bool_)  # the last place is that of -1
        wanted[alone[chosen[is_term[chosen]] - len(of_concepts)]] = True
        inner = self._by_host(terms, of_terms, np.where(wanted[hosts], hosts, -1))
        found: list[list[Piece]] = [[] for _ in range(n_texts)]
        for text, entry, strength in zip(
            texts[chosen].tolist(), chosen.tolist(), strengths[chosen].tolist(), strict=True
        ):
            if entry < len(of_concepts):
                number = int(concepts.features[entry])
                concept, origin = self._concepts[number], self._origin(number)
                piece = Piece(concept.id, "concept", concept.role, strength, (concept.id,), origin)
            else:
                number = int(alone[entry - len(of_concepts)])
                name = self._terms[terms.features[number]]
                features = (name, *inner.get(number, ()))
                piece = Piece(name, "term", self._labels[strength > 0], strength, features)
            found[text].append(piece)
        return list(map(tuple, found))

    def _hosts(self, terms: Values, strengths: NDArray[np.float64]) -> NDArray[np.int64]:
        """For each term found the place of the one that it joins, -1 where it stands alone."""
        import numpy as np

        hosts = np.full(len(strengths), -1, dtype=np.int64)
        if not len(strengths):
            return hosts
        n_terms = len(self._terms)
        keys = terms.texts * n_terms + terms.features
        n_inside = self._n_inside[terms.features]
        for n_words in range(MAX_WORDS, 1, -1):
            longer = np.flatnonzero((self._n_words[terms.features] == n_words) & (n_inside > 0) & (hosts < 0))
            features, counts = terms.features[longer], n_inside[longer]
            inner = self._inside_terms[spread(self._first_inside[features], counts)]
            host = np.repeat(longer, counts)
            wanted = terms.texts[host] * n_terms + inner
            places = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
            there = (keys[places] == wanted) & (hosts[places] < 0)
            places, host = places[there], host[there]
            # The strongest host, then the first by name, comes last and so is what stays written.
            order = np.lexsort((-self._term_ranks[terms.features[host]], np.abs(strengths[host])))
            hosts[places[order]] = host[order]
        return hosts

    def _by_host(self, terms: Values, strengths: NDArray[np.float64], hosts: NDArray[np.int64]) -> dict[int, list[str]]:
        """Names of the terms that joined each host, the strongest first."""
        import numpy as np

        joined = np.flatnonzero(hosts >= 0)
        order = np.lexsort((self._term_ranks[terms.features[joined]], -np.abs(strengths[joined]), hosts[joined]))
        by_host: dict[int, list[str]] = {}
        for host, term in zip(hosts[joined[order]].tolist(), terms.features[joined[order]].tolist(), strict=True):
            by_host.setdefault(host, []).append(self._terms[term])
        return by_host


def _weighty(values: Values, weights: NDArray[np.float64]) -> Values:
    """Only the features that carry weight."""
    some = weights[values.features] != 0
    return Values(values.texts[some], values.features[some], values.values[some])


def _ranks(names: list[str]) -> NDArray[np.int64]:
    """Place of each name in alphabetical order."""
    import numpy as np

    ranks = np.empty(len(names), dtype=np.int64)
    ranks[sorted(range(len(names)), key=names.__getitem__)] = np.arange(len(names))
    return ranks
