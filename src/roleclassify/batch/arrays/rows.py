"""A table of integers that grows row by row and is read as arrays."""

from __future__ import annotations

from array import array
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class Rows:
    """Rows of integers, one for each of ``columns``."""

    def __init__(self, *columns: str) -> None:
        self._numbers = array("i")
        self._width = len(columns)
        self._places = {name: place for place, name in enumerate(columns)}
        self._copies: dict[str, NDArray[np.int32]] = {}
        self.append = self._numbers.extend  # takes a tuple, one integer a column

    def extend(self, *columns: NDArray[Any] | int, length: int) -> None:
        """Add ``length`` rows; a column is an array, or one integer for all of them."""
        import numpy as np

        rows = np.empty((length, self._width), dtype=np.int32)
        for place, column in enumerate(columns):
            rows[:, place] = column
        self._numbers.frombytes(rows.tobytes())

    def __len__(self) -> int:
        return len(self._numbers) // self._width

    def __getitem__(self, name: str) -> NDArray[np.int32]:
        """Copy a column, shape (n_rows,); the same copy as long as no row is added."""
        import numpy as np

        copy = self._copies.get(name)
        if copy is None or len(copy) != len(self):
            table = np.frombuffer(self._numbers, np.int32).reshape(-1, self._width)
            copy = self._copies[name] = table[:, self._places[name]].copy()
        return copy

    def kept(self, numbers: NDArray[Any]) -> Rows:
        """Copy some rows to a table of their own."""
        rows = Rows(*self._places)
        rows.extend(*self.take(numbers).T, length=len(numbers))
        return rows

    def take(self, numbers: NDArray[Any]) -> NDArray[np.int32]:
        """Copy some rows, shape (n_numbers, n_columns)."""
        import numpy as np

        rows: NDArray[np.int32] = np.frombuffer(self._numbers, np.int32).reshape(-1, self._width)[numbers]
        return rows


def spread(firsts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int32]:
    """Count up from each of ``firsts``, ``counts`` times: [5, 9], [2, 1] gives [5, 6, 9]."""
    import numpy as np

    before = np.cumsum(counts, dtype=np.int32) - counts.astype(np.int32)
    places: NDArray[np.int32] = np.repeat(firsts.astype(np.int32) - before, counts)
    places += np.arange(len(places), dtype=np.int32)
    return places
