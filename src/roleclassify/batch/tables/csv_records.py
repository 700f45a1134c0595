"""Where the records and cells of CSV lie: by arithmetic on the bytes where quotes are regular, else by Python's csv.

Every character that matters to CSV is ASCII, so UTF-8 is handled as bytes, and the csv module is given them as latin-1:
a character of its cells is a byte of the input. What a record is, Python's csv module says (``newline=""``, not
strict); the quick way is taken only where it must agree: where each opening quote stands at the beginning of a cell and
each closing one at its end.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LF, _CR = 10, 13


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""How cells are told apart.

    Attributes
    ----------
    delimiter, quote
        One ASCII character each.
    escape
        Whether a backslash takes the meaning from the character behind it, as MySQL and Spark write; a doubled quote
        is a quote in either case.
    line_end
        What ends a record that is written.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: bool = False
    line_end: str = "\n"


@dataclass(frozen=True, slots=True)
class Scan:
    """Where everything lies in content with regular quotes, as offsets of bytes.

    Attributes
    ----------
    starts, ends
        Of the n records, without what ends the line; shape (n,).
    separators
        Where each cell ends: a delimiter, or the end of its record; shape (total of cells,).
    first
        Place of each record's first cell among the separators; shape (n,).
    n_cells
        Cells of each record, 1 for a blank line; shape (n,).
    """

    starts: NDArray[np.int64]
    ends: NDArray[np.int64]
    separators: NDArray[np.int64]
    first: NDArray[np.int64]
    n_cells: NDArray[np.int64]


def scan(content: bytes, dialect: Dialect) -> Scan | None:
    """Find all records and cells; None where quotes are not regular."""
    import numpy as np

    bare = _without_escaped(content, dialect)
    array = np.frombuffer(bare, np.uint8)
    quotes = np.flatnonzero(array == ord(dialect.quote))
    if not _is_regular(array, quotes, dialect) or (dialect.escape and bare.endswith(b"\\")):
        return None
    marks = array == ord(dialect.delimiter)
    marks |= array == _LF
    marks |= array == _CR
    separators = np.flatnonzero(marks)
    if len(quotes):
        separators = separators[np.searchsorted(quotes, separators) % 2 == 0]
    if len(array) and not (len(separators) and separators[-1] == len(array) - 1 and array[-1] in (_LF, _CR)):
        separators = np.append(separators, len(array))
    padded = np.append(array, np.uint8(_LF))  # the end of the content ends a record too
    kinds = padded[separators]
    # The LF of a CRLF is no line of its own.
    second = (kinds == _LF) & (separators > 0) & (padded[separators - 1] == _CR)
    second[1:] &= separators[:-1] == separators[1:] - 1
    second[:1] = False
    separators, kinds = separators[~second], kinds[~second]
    last = np.flatnonzero(kinds != ord(dialect.delimiter))
    ends = separators[last]
    is_crlf = (padded[ends] == _CR) & (padded[np.minimum(ends + 1, len(array))] == _LF) & (ends + 1 < len(array))
    starts = np.concatenate(([0], (ends + 1 + is_crlf)[:-1])) if len(ends) else ends
    first = np.concatenate(([0], last[:-1] + 1)) if len(last) else last
    return Scan(starts, ends, separators, first, last - first + 1)


def _without_escaped(content: bytes, dialect: Dialect) -> bytes:
    """Overwrite each backslash and the byte behind it, which then mean nothing; lengths stay."""
    if not dialect.escape or b"\\" not in content:
        return content
    import numpy as np

    array = np.frombuffer(content, np.uint8).copy()
    marks = np.flatnonzero(array == ord("\\"))
    # In a run of backslashes every other one is escaped by the one before it.
    is_first = np.diff(marks, prepend=-2) != 1
    places = np.arange(len(marks))
    run = np.maximum.accumulate(np.where(is_first, places, 0))
    escaping = marks[(places - run) % 2 == 0]
    escaping = escaping[escaping < len(array) - 1]
    array[escaping] = array[escaping + 1] = ord(".")
    return array.tobytes()


def _is_regular(array: NDArray[np.uint8], quotes: NDArray[np.int64], dialect: Dialect) -> bool:
    """Say whether quotes open only at a cell's beginning and close only at its end; doubled ones do both."""
    if len(quotes) % 2:
        return False
    beside = _quote_neighbours(dialect.delimiter, dialect.quote)
    opening, closing = quotes[0::2], quotes[1::2]
    before = array[opening[opening > 0] - 1]
    after = array[closing[closing < len(array) - 1] + 1]
    return bool(beside[before].all() and beside[after].all())


@functools.cache
def _quote_neighbours(delimiter: str, quote: str) -> NDArray[np.bool_]:
    import numpy as np

    beside = np.zeros(256, dtype=np.bool_)
    beside[[ord(delimiter), ord(quote), _LF, _CR]] = True
    return beside


def last_record_end(content: bytes, dialect: Dialect) -> int:
    """Find where the last record ends that is surely whole though more content follows; 0 where none is.

    Parameters
    ----------
    content
        Begins with a record and may end anywhere.
    """
    import numpy as np

    bare = _without_escaped(content, dialect)
    array = np.frombuffer(bare, np.uint8)
    quotes = np.flatnonzero(array == ord(dialect.quote))
    end = _last_outside_line_end(bare, quotes)
    before = quotes[: np.searchsorted(quotes, end)]
    # Where no end was found, quotes may have been misread all the same.
    if _is_regular(array[:end], before, dialect) if end else _is_regular_so_far(array, quotes, dialect):
        return end
    ends = [record_end for _, record_end in read_records(content, dialect)]
    return ends[-2] if len(ends) > 1 else 0


def _is_regular_so_far(array: NDArray[np.uint8], quotes: NDArray[np.int64], dialect: Dialect) -> bool:
    """Say whether quotes are regular in content that may end within a quoted cell."""
    n_closed = len(quotes) - len(quotes) % 2
    if not _is_regular(array, quotes[:n_closed], dialect):
        return False
    opened = quotes[n_closed:]
    return bool(_quote_neighbours(dialect.delimiter, dialect.quote)[array[opened[opened > 0] - 1]].all())


def _last_outside_line_end(content: bytes, quotes: NDArray[np.int64]) -> int:
    """Go back through what lies between quoted cells to the last line end; 0 where there is none."""
    # A CR at the very end may have its LF yet to come.
    high = len(content) - content.endswith(b"\r")
    outside = len(quotes)
    if outside % 2:
        outside -= 1
        high = int(quotes[outside])
    while True:
        low = int(quotes[outside - 1]) + 1 if outside else 0
        found = max(content.rfind(b"\n", low, high), content.rfind(b"\r", low, high))
        if found >= 0:
            return found + 1
        if not outside:
            return 0
        outside -= 2
        high = int(quotes[outside])


def read_records(content: bytes, dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """Yield the cells of each record, a character a byte, and where the record ends; a blank line has no cells."""
    # The limit is the module's own, there is none for a reader.
    csv.field_size_limit(sys.maxsize)
    lines = io.StringIO(content.decode("latin-1"), newline="")
    reader = csv.reader(
        lines, delimiter=dialect.delimiter, quotechar=dialect.quote, escapechar="\\" if dialect.escape else None
    )
    for cells in reader:
        yield cells, lines.tell()


def n_line_ends(content: bytes, start: int, end: int) -> int:
    """Count lines that end within a part of the content: with CR, LF or both."""
    import numpy as np

    array = np.frombuffer(content, np.uint8)[start:end]
    is_lf = array == _LF
    n_lf = int(np.count_nonzero(is_lf))
    if content.find(b"\r", start, end) < 0:
        return n_lf
    is_cr = array == _CR
    return n_lf + int(np.count_nonzero(is_cr)) - int(np.count_nonzero(is_cr[:-1] & is_lf[1:]))


def unquoted(cell: bytes, dialect: Dialect) -> bytes:
    r"""Give the value of a regular cell.

    Examples
    --------
    >>> unquoted(b'"say ""hi"", now"', Dialect()), unquoted(rb'"say \"hi\", now"', Dialect(escape=True))
    (b'say "hi", now', b'say "hi", now')
    """
    quote = dialect.quote.encode()
    is_quoted = cell.startswith(quote)
    if is_quoted:
        cell = cell[1:-1]
    if dialect.escape and b"\\" in cell:
        if quote + quote in cell:
            return re.sub(rb"\\(.)|" + quote + b"(" + quote + b")", rb"\1\2", cell, flags=re.DOTALL)
        return b"\\".join([part.replace(b"\\", b"") for part in cell.split(b"\\\\")])
    # In a regular cell quotes stand in pairs with nothing between; splitting is quicker than replacing.
    return quote.join(cell.split(quote)[::2]) if is_quoted else cell


def line_of(cells: Sequence[str], dialect: Dialect) -> str:
    """Write cells so that they are read back as they are; without what ends the line.

    Examples
    --------
    >>> line_of(["1", 'one, "two" too', "three"], Dialect())
    '1,"one, ""two"" too",three'
    """
    line = dialect.delimiter.join(cells)
    # Most lines have nothing to quote, and a look at the whole line says so.
    if line.count(dialect.delimiter) < len(cells) and not _is_special(line, dialect):
        return line
    return dialect.delimiter.join([_written(cell, dialect) for cell in cells])


def _is_special(text: str, dialect: Dialect) -> bool:
    return dialect.quote in text or "\n" in text or "\r" in text or (dialect.escape and "\\" in text)


def _written(cell: str, dialect: Dialect) -> str:
    if dialect.delimiter not in cell and not _is_special(cell, dialect):
        return cell
    if dialect.escape:
        cell = cell.replace("\\", "\\\\").replace(dialect.quote, f"\\{dialect.quote}")
    else:
        cell = cell.replace(dialect.quote, dialect.quote * 2)
    return f"{dialect.quote}{cell}{dialect.quote}"
