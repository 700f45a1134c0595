"""Phrases looked up in arrays of word numbers: a trie whose edges are one hash table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from roleclassify.batch.arrays.hashing import HashTable, mix

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class PhraseTable:
    """The phrases of a vocabulary or lexicon, words with one space between.

    Attributes
    ----------
    words
        Number of each word that stands in a phrase, from 1; 0 is any other word.
    phrases
        Number of each phrase: its node in the trie, unique, at least 1.
    n_nodes
        One more than the largest number.
    """

    def __init__(self, phrases: Iterable[str]) -> None:
        import numpy as np

        split = [(phrase, phrase.split(" ")) for phrase in dict.fromkeys(phrases)]
        self.words: dict[str, int] = {}
        for _, words in split:
            for word in words:
                self.words.setdefault(word, len(self.words) + 1)
        self._base = len(self.words) + 1
        self.n_nodes = self._base  # a word is its own node
        edges: dict[int, int] = {}
        self.phrases: dict[str, int] = {}
        for phrase, words in split:
            node = self.words[words[0]]
            for word in words[1:]:
                key = node * self._base + self.words[word]
                if key not in edges:
                    edges[key] = self.n_nodes
                    self.n_nodes += 1
                node = edges[key]
            self.phrases[phrase] = node
        self.longest = max((len(words) for _, words in split), default=0)
        keys = np.array(list(edges), dtype=np.int64)
        self._edges = HashTable()
        self._edges.add(self._hash(keys), np.array(list(edges.values()), dtype=np.int32))
        self._goes_on = np.zeros(self.n_nodes, dtype=np.bool_)
        self._goes_on[keys // self._base] = True
        self._comes_later = np.zeros(self._base, dtype=np.bool_)
        self._comes_later[keys % self._base] = True

    @staticmethod
    def _hash(keys: NDArray[np.int64]) -> NDArray[np.uint64]:
        import numpy as np

        return mix(keys.astype(np.uint64))

    def column(self, values: Mapping[str, int]) -> NDArray[np.int32]:
        """Give an array with the value of each phrase at its number, -1 elsewhere; shape (n_nodes,)."""
        import numpy as np

        column = np.full(self.n_nodes, -1, dtype=np.int32)
        for phrase, value in values.items():
            column[self.phrases[phrase]] = value
        return column

    def find(self, words: NDArray[np.int32]) -> Iterator[tuple[int, NDArray[np.int64], NDArray[np.int32]]]:
        """Find every phrase, overlaps included.

        Parameters
        ----------
        words
            Numbers of words, shape (n,); ends with at least ``longest`` zeros.

        Yields
        ------
        length, positions, nodes
            For each number of words of a phrase: where one may begin, and the node reached there; not every node is a
            phrase's.
        """
        import numpy as np

        positions = np.flatnonzero(words)
        nodes = words[positions]
        yield 1, positions, nodes
        later = self._comes_later[words]
        for length in range(1, self.longest):
            on = self._goes_on[nodes] & later[positions + length]
            positions, nodes = positions[on], nodes[on]
            keys = nodes.astype(np.int64) * self._base + words[positions + length]
            nodes = self._edges.find(self._hash(keys))
            known = nodes >= 0
            positions, nodes = positions[known], nodes[known]
            yield length + 1, positions, nodes
