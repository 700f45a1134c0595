"""Strings that hold one word which nothing looks for, told without a step of Python for each."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from roleclassify.batch.arrays.hashing import FACTOR

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_SHORTEST, _LONGEST = 4, 24
_OPENERS, _CLOSERS = '"(\u201c', ',;:)!?"\u201d'
_MOST_CLOSERS = 3


class PlainStrings:
    """Tells strings of four to 24 ASCII letters, perhaps with a bracket or quote before and a few stops behind.

    Parameters
    ----------
    known
        Words in lower case that something looks for: a string that holds one is not told. None is any word.
    """

    def __init__(self, known: Iterable[str] | None) -> None:
        import numpy as np

        self._none = known is None
        self._powers = np.cumprod(np.full(_LONGEST, FACTOR, dtype=np.uint64))
        fitting = (word for word in known or () if _SHORTEST <= len(word) <= _LONGEST)
        words = [word for word in fitting if word.isascii() and word.isalpha()]
        codes = np.frombuffer("".join(words).encode("ascii"), np.uint8).astype(np.uint32)
        lengths = np.fromiter(map(len, words), np.int64, len(words))
        self._known = np.sort(self._hash(*_letters(codes, np.cumsum(lengths) - lengths, lengths)[:2]))

    def find(
        self, codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.int64]]:
        """Find the plain ones among the strings ``codes[start:end]``.

        Returns
        -------
        is_plain, first, last
            Of each string whether it is plain, and if so where its word begins and ends in ``codes``.
        """
        import numpy as np

        first = starts + np.isin(codes[starts], _codes(_OPENERS))
        last = ends - (codes[ends - 1] == ord("."))
        for _ in range(_MOST_CLOSERS):
            last = last - ((last > first) & np.isin(codes[last - 1], _codes(_CLOSERS)))
        lengths = last - first
        fits = (lengths >= _SHORTEST) & (lengths <= _LONGEST)
        letters, inside, are_letters = _letters(codes, first, np.where(fits, lengths, 0))
        is_plain = fits & are_letters & ~np.isin(self._hash(letters, inside), self._known)
        if self._none:
            is_plain[:] = False
        return is_plain, first, last

    def _hash(self, letters: NDArray[np.uint32], inside: NDArray[np.bool_]) -> NDArray[np.uint64]:
        import numpy as np

        hashes: NDArray[np.uint64] = np.where(inside, letters * self._powers, np.uint64(0)).sum(axis=1)
        return hashes


def _letters(
    codes: NDArray[np.uint32], first: NDArray[np.int64], lengths: NDArray[np.int64]
) -> tuple[NDArray[np.uint32], NDArray[np.bool_], NDArray[np.bool_]]:
    """Lay words out, one a row, in lower case; say which places are in a word, and which words are of ASCII letters."""
    import numpy as np

    within = np.arange(_LONGEST)
    inside = within < lengths[:, np.newaxis]
    characters = np.zeros(inside.shape, dtype=np.uint32)
    characters[inside] = codes[(first[:, np.newaxis] + within)[inside]]
    lower: NDArray[np.uint32] = characters | np.uint32(ord("a") ^ ord("A"))
    is_letter = (lower - np.uint32(ord("a")) < 26) & (characters < 128)
    are_letters: NDArray[np.bool_] = np.asarray((is_letter | ~inside).all(axis=1))
    return lower, inside, are_letters


def _codes(characters: str) -> NDArray[np.uint32]:
    import numpy as np

    return np.array([ord(character) for character in characters], dtype=np.uint32)
