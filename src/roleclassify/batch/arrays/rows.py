"""A table of integers that grows row by row and is read as arrays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_FIRST_CAPACITY = 1 << 14


class Rows:
    """Rows of integers, one for each of ``columns``."""

    def __init__(self, *columns: str) -> None:
        import numpy as np

        self._places = {name: place for place, name in enumerate(columns)}
        self._table = np.empty((len(columns), _FIRST_CAPACITY), dtype=np.int32)
        self._length = 0
        self._waiting: list[tuple[int, ...]] = []  # rows that are not in the table yet: one at a time would be slow
        self.append = self._waiting.append

    def extend(self, *columns: NDArray[Any] | int, length: int) -> None:
        """Add ``length`` rows; a column is an array, or one integer for all of them."""
        self._take_in()
        self._make_room(length)
        for place, column in enumerate(columns):
            self._table[place, self._length : self._length + length] = column
        self._length += length

    def __len__(self) -> int:
        return self._length + len(self._waiting)

    def __getitem__(self, name: str) -> NDArray[np.int32]:
        """View a column, shape (n_rows,)."""
        self._take_in()
        return self._table[self._places[name], : self._length]

    def kept(self, numbers: NDArray[Any]) -> Rows:
        """Copy some rows to a table of their own."""
        rows = Rows(*self._places)
        rows.extend(*self.take(numbers), length=len(numbers))
        return rows

    def take(self, numbers: NDArray[Any]) -> NDArray[np.int32]:
        """Copy some rows, shape (n_columns, n_numbers)."""
        self._take_in()
        rows: NDArray[np.int32] = self._table[:, numbers]
        return rows

    def _take_in(self) -> None:
        import numpy as np

        if self._waiting:
            rows = np.array(self._waiting, dtype=np.int32).T
            self._waiting.clear()
            self.extend(*rows, length=rows.shape[1])

    def _make_room(self, length: int) -> None:
        import numpy as np

        capacity = self._table.shape[1]
        if self._length + length > capacity:
            while capacity < self._length + length:
                capacity *= 2
            table = np.empty((len(self._places), capacity), dtype=np.int32)
            table[:, : self._length] = self._table[:, : self._length]
            self._table = table


def spread(firsts: NDArray[Any], counts: NDArray[Any]) -> NDArray[np.int32]:
    """Count up from each of ``firsts``, ``counts`` times: [5, 9], [2, 1] gives [5, 6, 9]."""
    import numpy as np

    before = np.cumsum(counts, dtype=np.int32) - counts.astype(np.int32)
    places: NDArray[np.int32] = np.repeat(firsts.astype(np.int32) - before, counts)
    places += np.arange(len(places), dtype=np.int32)
    return places
