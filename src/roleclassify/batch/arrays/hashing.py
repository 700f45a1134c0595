"""Numbers for the strings of a text without making a Python object of each."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONGEST = 64
"""Longest string that is hashed, in characters; there are few longer ones."""

_SEGMENT = 1 << 16
FACTOR = 0xD6E8FEB86659FD93  # odd, so that it has an inverse modulo 2**64
_MIXER = 0x9E3779B97F4A7C15
_FIRST_BITS = 17


class Hasher:
    """Hashes stretches of an array of characters: a polynomial modulo 2**64, by differences of running sums.

    Two different strings share a hash by a chance of one in 2**64, for each pair.
    """

    def __init__(self) -> None:
        import numpy as np

        length = _SEGMENT + LONGEST
        self._powers = np.cumprod(np.full(length, FACTOR, dtype=np.uint64))
        self._inverses = np.cumprod(np.full(length, pow(FACTOR, -1, 1 << 64), dtype=np.uint64))

    def hash(self, codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]) -> NDArray[np.uint64]:
        """Hash the strings ``codes[start:end]``, none longer than ``LONGEST``; starts ascend. Shape (n_strings,)."""
        import numpy as np

        hashes = np.empty(len(starts), dtype=np.uint64)
        # Segment by segment, so that the tables stay small and in the processor's cache.
        bounds = np.searchsorted(starts, np.arange(0, len(codes) + _SEGMENT, _SEGMENT)).tolist()
        for number, (first, last) in enumerate(pairwise(bounds)):
            if first == last:
                continue
            origin = number * _SEGMENT
            segment = codes[origin : origin + _SEGMENT + LONGEST]
            sums = np.zeros(len(segment) + 1, dtype=np.uint64)
            np.cumsum(segment * self._powers[: len(segment)], out=sums[1:])
            begin, end = starts[first:last] - origin, ends[first:last] - origin
            values = (sums[end] - sums[begin]) * self._inverses[begin]
            # The length tells strings apart that differ by NULs alone.
            hashes[first:last] = values + (end - begin).astype(np.uint64) * np.uint64(_MIXER)
        return mix(hashes)


def mix(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread numbers over all 64 bits; different ones stay different."""
    import numpy as np

    numbers = numbers * np.uint64(_MIXER)
    return numbers ^ (numbers >> np.uint64(29))


class HashTable:
    """Numbers by hash: open addressing with linear probing, all look-ups of an array at once."""

    def __init__(self) -> None:
        self._bits = _FIRST_BITS
        self._size = 0
        self._clear()

    def _clear(self) -> None:
        import numpy as np

        self._hashes = np.zeros(1 << self._bits, dtype=np.uint64)
        self._numbers = np.full(1 << self._bits, -1, dtype=np.int32)

    def __len__(self) -> int:
        return self._size

    def find(self, hashes: NDArray[np.uint64]) -> NDArray[np.int32]:
        """Look up the number of each hash, -1 where it has none."""
        import numpy as np

        places = (hashes >> np.uint64(64 - self._bits)).astype(np.int64)
        numbers = self._numbers[places]
        wrong = np.flatnonzero((self._hashes[places] != hashes) & (numbers >= 0))
        while len(wrong):
            places = (places[wrong] if len(places) == len(hashes) else places) + 1
            places &= (1 << self._bits) - 1
            found = self._numbers[places]
            numbers[wrong] = found
            still = (self._hashes[places] != hashes[wrong]) & (found >= 0)
            wrong, places = wrong[still], places[still]
        return numbers

    def items(self) -> tuple[NDArray[np.uint64], NDArray[np.int32]]:
        """Give all hashes and their numbers."""
        used = self._numbers >= 0
        return self._hashes[used], self._numbers[used]

    def add(self, hashes: NDArray[np.uint64], numbers: NDArray[np.int32]) -> None:
        """Give hashes, all different and not in the table, their numbers."""
        import numpy as np

        if (self._size + len(hashes)) * 3 > 1 << self._bits:
            before = self.items()
            hashes, numbers = np.concatenate((before[0], hashes)), np.concatenate((before[1], numbers))
            self._size = 0
            while len(hashes) * 3 > 1 << self._bits:
                self._bits += 1
            self._clear()
        self._size += len(hashes)
        places = (hashes >> np.uint64(64 - self._bits)).astype(np.int64)
        while len(hashes):
            free = self._numbers[places] < 0
            # Of several that want one place the last stays; the others see that and go on.
            self._hashes[places[free]], self._numbers[places[free]] = hashes[free], numbers[free]
            left = self._hashes[places] != hashes
            hashes, numbers = hashes[left], numbers[left]
            places = (places[left] + 1) & ((1 << self._bits) - 1)
