"""The rows of a block of CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from roleclassify.batch.tables.block import Block
from roleclassify.batch.tables.columns import EXTRA_CELLS, unique_names
from roleclassify.batch.tables.csv_cells import Dialect, unquoted
from roleclassify.batch.tables.csv_records import Scan, n_line_ends, open_quote, read_records, scan
from roleclassify.batch.tables.decoding import text_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class CsvRows:
    """Rows as they stand in the block, and apart where they must be written anew.

    Attributes
    ----------
    spans
        Start and end of each row in the content, without what ends the line.
    cells
        The cells, a character a byte, of the rows that cannot be copied: all of them where quotes are not regular,
        else those with too few cells or too many.
    """

    content: bytes
    dialect: Dialect
    columns: tuple[str, ...]
    texts: list[str | None]
    spans: list[tuple[int, int]]
    cells: dict[int, list[str]]
    ragged: list[tuple[int, int]]
    problems: dict[int, str] = field(default_factory=dict)

    def cells_of(self, position: int) -> list[str]:
        """Give a row's cells, a character a byte."""
        if position in self.cells:
            return self.cells[position]
        start, end = self.spans[position]
        return next((cells for cells, _ in read_records(self.content[start:end], self.dialect)), [""])

    def records(self, prefix: str) -> list[dict[str, Any]]:
        """Give the rows as objects of strings, short rows filled up, cells behind the last column as a list."""
        names = unique_names(self.columns)
        found = []
        for position in range(len(self.texts)):
            cells = [text_of(cell.encode("latin-1")) for cell in self.cells_of(position)]
            cells += [""] * (len(names) - len(cells))
            record: dict[str, Any] = dict(zip(names, cells, strict=False))
            if len(cells) > len(names):
                record[f"{prefix}{EXTRA_CELLS}"] = cells[len(names) :]
            found.append(record)
        return found


def read_csv_rows(block: Block, dialect: Dialect, columns: Sequence[str], text_place: int) -> CsvRows:
    """Take a block of whole records apart."""
    scanned = scan(block.content, dialect)
    if scanned is None:
        return _read_irregular(block, dialect, columns, text_place)
    keep = slice(None) if len(columns) == 1 else scanned.starts < scanned.ends
    starts, ends, n_cells = scanned.starts[keep], scanned.ends[keep], scanned.n_cells[keep]
    spans = list(zip(starts.tolist(), ends.tolist(), strict=True))
    odd = (n_cells != len(columns)).nonzero()[0].tolist()
    texts: list[str | None] = [
        text_of(unquoted(block.content[start:end], dialect)) for start, end in _cell_spans(scanned, keep, text_place)
    ]
    apart = {place: next(iter(read_records(block.content[slice(*spans[place])], dialect)))[0] for place in odd}
    ragged = _ragged(block, [(spans[place][0], len(apart[place])) for place in odd])
    return CsvRows(block.content, dialect, tuple(columns), texts, spans, apart, ragged)


def _cell_spans(scanned: Scan, keep: NDArray[np.bool_] | slice, place: int) -> Iterator[tuple[int, int]]:
    """Yield start and end of one column's cells; an empty span where a row is too short."""
    import numpy as np

    separators, first, starts = scanned.separators, scanned.first[keep], scanned.starts[keep]
    is_there = scanned.n_cells[keep] > place
    ends = np.where(is_there, separators[np.where(is_there, first + place, 0)], starts) if len(first) else starts
    if place:
        before = np.where(is_there, first + place - 1, 0)
        starts = np.where(is_there, separators[before] + 1, starts) if len(first) else starts
    return zip(starts.tolist(), ends.tolist(), strict=True)


def _read_irregular(block: Block, dialect: Dialect, columns: Sequence[str], text_place: int) -> CsvRows:
    spans, all_cells, start = [], [], 0
    for cells, end in read_records(block.content, dialect):
        if cells or len(columns) == 1:
            spans.append((start, end))
            all_cells.append(cells or [""])
        start = end
    texts: list[str | None] = [
        text_of(cells[text_place].encode("latin-1")) if len(cells) > text_place else "" for cells in all_cells
    ]
    odd = [(span[0], len(cells)) for span, cells in zip(spans, all_cells, strict=True) if len(cells) != len(columns)]
    stray = open_quote(block.content, spans[-1][0], dialect) if spans else None
    if stray is not None:  # in the last row, whatever number of cells it has
        odd = [*(entry for entry in odd if entry[0] != spans[-1][0]), (stray, len(all_cells[-1]))]
    apart = dict(enumerate(all_cells))
    return CsvRows(block.content, dialect, tuple(columns), texts, spans, apart, _ragged(block, odd))


def _ragged(block: Block, odd: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Turn offsets of rows into line numbers."""
    found, line, counted = [], block.line, 0
    for start, n_cells in odd:
        line += n_line_ends(block.content, counted, start)
        counted = start
        found.append((line, n_cells))
    return found
