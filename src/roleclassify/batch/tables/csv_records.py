"""Where the records and cells of CSV lie: by arithmetic on the bytes where quotes are regular, else by Python's csv.

Every character that matters to CSV is ASCII, so UTF-8 is handled as bytes, and the csv module is given them as latin-1:
a character of its cells is a byte of the input. What a record is, Python's csv module says (``newline=""``, not
strict), but for a quote that is never closed, which is a character like any other; the quick way is taken only where it
must agree: where each opening quote stands at the beginning of a cell and each closing one at its end.
"""

from __future__ import annotations

import csv
import functools
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from roleclassify.batch.tables.csv_cells import Dialect

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_QUOTED_BYTES = 2**26
"""A quote that is not closed within so many bytes of its record opens no cell: it is a character like any other."""

_LF, _CR = 10, 13
_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n)?")


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
    quotes = _quotes(array, dialect)
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


def _quotes(array: NDArray[np.uint8], dialect: Dialect) -> NDArray[np.int64]:
    import numpy as np

    return np.flatnonzero(array == ord(dialect.quote)) if dialect.quote else np.zeros(0, np.int64)


def _is_regular(array: NDArray[np.uint8], quotes: NDArray[np.int64], dialect: Dialect) -> bool:
    """Say whether quotes open only at a cell's beginning and close only at its end; doubled ones do both."""
    if len(quotes) % 2 or not len(quotes):
        return not len(quotes)
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
    quotes = _quotes(array, dialect)
    end = _last_outside_line_end(bare, quotes)
    before = quotes[: np.searchsorted(quotes, end)]
    # Where no end was found, quotes may have been misread all the same.
    if _is_regular(array[:end], before, dialect) if end else _is_regular_so_far(array, quotes, dialect):
        return end
    ends = [record_end for _, record_end in begun_records(content, dialect)]
    return ends[-2] if len(ends) > 1 else 0


def cut_end(content: bytes, dialect: Dialect, *, is_whole: bool) -> int:
    """Find where to cut; 0 where that takes more content.

    What is cut off ends with a record, or with the line of a quote that opens a cell and is not closed: by the end of
    the input, or within ``MOST_QUOTED_BYTES``. ``read_records`` takes such a quote for a character.

    Parameters
    ----------
    content
        Begins with a record.
    is_whole
        Whether nothing follows it.
    """
    end = last_record_end(content, dialect)
    if not is_whole and (end or len(content) < MOST_QUOTED_BYTES):
        return end
    quote = open_quote(content, end, dialect)
    if quote is None:
        return len(content) if is_whole else 0
    end = _line_end(content, quote)
    return end if is_whole or end < len(content) else 0


def open_quote(content: bytes, start: int, dialect: Dialect) -> int | None:
    """Find the quote that opens a cell of the record at ``start`` and is not closed in the content; None for none."""
    if not dialect.quote:
        return None
    quoted, plain = _cell_patterns(dialect)
    while start < len(content):
        if content.startswith(dialect.quote.encode(), start):
            cell = quoted.match(content, start)
            if cell is None:
                return start
            start = cell.end()
        start = plain.match(content, start).end()  # type: ignore[union-attr]  # it matches nothing too
        if not content.startswith(dialect.delimiter.encode(), start):
            return None
        start += 1
    return None


@functools.cache
def _cell_patterns(dialect: Dialect) -> tuple[re.Pattern[bytes], re.Pattern[bytes]]:
    """Patterns of a quoted cell, and of a cell without quotes or what stands behind a closing quote."""
    quote, delimiter = re.escape(dialect.quote.encode()), re.escape(dialect.delimiter.encode())
    escape, escaped = (rb"\\", rb"|\\.") if dialect.escape else (b"", b"")
    quoted = b"%b(?:[^%b%b]++|%b%b%b)*+%b" % (quote, quote, escape, quote, quote, escaped, quote)
    plain = b"(?:[^%b%b\r\n]++%b)*+" % (delimiter, escape, escaped)
    return re.compile(quoted, re.DOTALL), re.compile(plain, re.DOTALL)


def _line_end(content: bytes, start: int) -> int:
    line = _LINE.match(content, start)
    return line.end() if line else len(content)


def _is_regular_so_far(array: NDArray[np.uint8], quotes: NDArray[np.int64], dialect: Dialect) -> bool:
    """Say whether quotes are regular in content that may end within a quoted cell."""
    n_closed = len(quotes) - len(quotes) % 2
    opened = quotes[n_closed:]
    if not len(opened):
        return _is_regular(array, quotes, dialect)
    is_beside = _quote_neighbours(dialect.delimiter, dialect.quote)[array[opened[opened > 0] - 1]].all()
    return _is_regular(array, quotes[:n_closed], dialect) and bool(is_beside)


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
    """Yield the cells of each record, a character a byte, and where the record ends; a blank line has no cells.

    A quote that is not closed is a character, as are all others in its line; behind the line records go on.
    """
    start = 0
    while start < len(content):
        part, begin, quote = content[start:], 0, None
        for cells, end in begun_records(part, dialect):
            quote = open_quote(part, begin, dialect) if end == len(part) else None
            if quote is not None:
                break
            yield cells, start + end
            begin = end
        if quote is None:
            return
        end = _line_end(part, quote)
        # What is before the quote ends with a delimiter: its last cell is that of the quote.
        before = [cell for cells, _ in begun_records(part[begin:quote], dialect) for cell in cells[:-1]]
        rest = [cell for cells, _ in begun_records(part[quote:end], replace(dialect, quote="")) for cell in cells]
        yield [*before, *rest], start + end
        start += end


def begun_records(content: bytes, dialect: Dialect) -> Iterator[tuple[list[str], int]]:
    """Yield records as the csv module reads them, the last as far as it goes in content that may go on."""
    # The limit is the module's own, there is none for a reader.
    csv.field_size_limit(sys.maxsize)
    lines = io.StringIO(content.decode("latin-1"), newline="")
    reader = csv.reader(
        lines,
        delimiter=dialect.delimiter,
        quotechar=dialect.quote or None,
        quoting=csv.QUOTE_MINIMAL if dialect.quote else csv.QUOTE_NONE,
        escapechar="\\" if dialect.escape else None,
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
