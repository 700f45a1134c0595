"""The dialect of a CSV file, told from its beginning."""

from __future__ import annotations

import itertools
import operator
from dataclasses import replace
from typing import NamedTuple

from roleclassify.batch.tables.columns import is_text_name
from roleclassify.batch.tables.csv_cells import Dialect
from roleclassify.batch.tables.csv_records import begun_records, read_records, scan

_DELIMITERS = (",", ";", "\t", "|")
_UNQUOTED_DELIMITERS = ("\t", "|")
"""With these, databases write quotes as they are; text is rarely free of the others."""
_MOST_RECORDS = 200
_ONE_COLUMN = 0.25
"""What a reading with one column is worth beside one with several: any text is regular where nothing divides it."""


class _Score(NamedTuple):
    """How well a dialect fits, the weightiest first.

    Attributes
    ----------
    known
        Whether it shows the text column among others.
    regular
        Fraction of rows as long as the header, less where there is one column.
    stray
        Negative fraction of records whose quotes speak against it: where none belong, or, where they are to mean
        nothing, as if they meant something.
    n_columns
        Of several delimiters that divide the header, the one that divides it most is it.
    """

    known: bool
    regular: float
    stray: float
    n_columns: int


def sniff(sample: str, *, is_whole: bool, delimiter: str | None = None, text_column: str | None = None) -> Dialect:
    """Choose the dialect in which the rows are the most regular.

    Parameters
    ----------
    sample
        The beginning of the file, a character a byte, from its header.
    is_whole
        Whether the sample is the whole file; else its last record is left out of account.
    delimiter
        What is known to be it.
    text_column
        A name that the header is known to have.
    """
    marks = (delimiter,) if delimiter else _DELIMITERS
    scored = [(_score(sample, Dialect(mark), is_whole, text_column), Dialect(mark)) for mark in marks]
    rarer = [Dialect(mark, escape=True) for mark in marks] if '\\"' in sample else []
    rarer += [Dialect(mark, quote="'") for mark in marks] if "'" in sample else []
    for dialect in rarer:
        score = _score(sample, dialect, is_whole, text_column)
        if score.stray == 0.0 and (dialect.escape or score.regular == 1.0):
            scored.append((score, dialect))
    unquoted = [Dialect(mark, quote="") for mark in marks if mark in _UNQUOTED_DELIMITERS] if '"' in sample else []
    for dialect in unquoted:
        score = _score(sample, dialect, is_whole, text_column)
        if score.n_columns > 1:
            scored.append((score, dialect))
    # Of equal ones the first is taken: a single quote or a backslash must earn its place.
    best = max(scored, key=operator.itemgetter(0))[1]
    return replace(best, line_end=_line_end(sample, best))


def _score(sample: str, dialect: Dialect, is_whole: bool, text_column: str | None) -> _Score:
    content = sample.encode("latin-1")
    read = read_records if is_whole else begun_records
    found = list(itertools.islice(read(content, dialect), _MOST_RECORDS))
    if not is_whole and 1 < len(found) < _MOST_RECORDS:
        found.pop()
    records = [cells for cells, _ in found if cells]
    if not records:
        return _Score(False, 0.0, 0.0, 0)
    header, rows = records[0], records[1:]
    known = any(name == text_column if text_column is not None else is_text_name(name) for name in header)
    regular = sum(len(cells) == len(header) for cells in rows) / len(rows) if rows else 1.0
    ends = [0, *(end for _, end in found)]
    against = sum(_speaks_against(content[start:end], dialect) for start, end in itertools.pairwise(ends))
    worth = _ONE_COLUMN if len(header) == 1 else 1.0
    return _Score(known and len(header) > 1, regular * worth, -against / len(found), len(header))


def _speaks_against(record: bytes, dialect: Dialect) -> bool:
    if dialect.quote:
        return scan(record, dialect) is None
    return b'"' in record and scan(record, Dialect(dialect.delimiter)) is not None


def _line_end(sample: str, dialect: Dialect) -> str:
    """Tell what the header ends with."""
    for _, end in read_records(sample.encode("latin-1"), dialect):
        header = sample[:end]
        return next((mark for mark in ("\r\n", "\n", "\r") if header.endswith(mark)), "\n")
    return "\n"
