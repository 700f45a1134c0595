"""Bytes from anywhere, read in exact amounts, looked at before they are taken."""

from __future__ import annotations

from collections.abc import Callable

from roleclassify.errors import TableError


class Stream:
    """Bytes in order.

    Parameters
    ----------
    read
        Gives some bytes, at most as many as it is asked for and fewer where that suits it; none at the end.

    Attributes
    ----------
    taken
        Number of bytes that were read.
    failure
        Why nothing follows the bytes that can still be had; None at an ordinary end. Raised when they are taken.
    """

    closed = False

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self._ahead, self._offset = b"", 0
        self.taken = 0
        self.failure: TableError | None = None

    def peek(self, n_bytes: int) -> bytes:
        """Give the next bytes without taking them; fewer only at the end or before a failure.

        Raises
        ------
        TableError
            When the bytes cannot be read and all before them are taken.
        """
        missing = n_bytes - (len(self._ahead) - self._offset)
        if missing > 0 and self.failure is None:
            self._fill(missing)
        if self.failure is not None and self._offset == len(self._ahead):
            raise self.failure
        return self._ahead[self._offset : self._offset + n_bytes]

    def read(self, n_bytes: int) -> bytes:
        """Take the next bytes, as ``peek`` gives them."""
        content = self.peek(n_bytes)
        self._offset += len(content)
        self.taken += len(content)
        return content

    def _fill(self, missing: int) -> None:
        parts = [self._ahead[self._offset :]]
        try:
            while missing > 0 and (part := self._read(missing)):
                parts.append(part)
                missing -= len(part)
        except TableError as error:
            self.failure = error
        self._ahead, self._offset = b"".join(parts), 0

    def close(self) -> None:
        """Do nothing: who opened the bytes closes them."""
