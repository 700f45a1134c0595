"""CSV as a stream of blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roleclassify.batch.tables.block import BLOCK_BYTES, Block, Form
from roleclassify.batch.tables.columns import choose_text_column
from roleclassify.batch.tables.csv_cells import Dialect
from roleclassify.batch.tables.csv_dialect import sniff
from roleclassify.batch.tables.csv_records import cut_end, n_line_ends, read_records
from roleclassify.batch.tables.csv_rows import CsvRows, read_csv_rows
from roleclassify.batch.tables.cutting import line_blocks
from roleclassify.batch.tables.decoding import as_utf8, text_of
from roleclassify.batch.tables.stream import Stream
from roleclassify.errors import TableError

_SAMPLE_BYTES = 2**20
_SEPARATOR_LINE = re.compile(rb"\A\"?sep=([,;\t|])\"?(?:\r\n|\n|\r|\Z)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class CsvLayout:
    """What a worker must know of a CSV file.

    Attributes
    ----------
    form
        ``csv``, or ``tsv`` where it was named so.
    columns
        The header's cells.
    text_place
        Place of the text column.
    has_mark
        Whether a byte-order mark stood before it, or its encoding was not UTF-8; then one is written.
    has_separator_line
        Whether the first line was ``sep=`` and the delimiter, as Excel reads it.
    """

    form: Form
    columns: tuple[str, ...]
    text_place: int
    dialect: Dialect
    has_mark: bool = False
    has_separator_line: bool = False

    @property
    def text_column(self) -> str:
        """Name of the column that is scored."""
        return self.columns[self.text_place]

    def read(self, block: Block) -> CsvRows:
        """Take a block apart."""
        return read_csv_rows(block, self.dialect, self.columns, self.text_place)


class CsvSource:
    """An open CSV file."""

    def __init__(
        self,
        stream: Stream,
        stored: Stream,
        source: str,
        *,
        form: Form,
        text_column: str | None,
        size: int | None,
    ) -> None:
        self.size = size
        self._stored = stored
        self._stream, has_mark = as_utf8(stream, source)
        separator_line = _SEPARATOR_LINE.match(self._stream.peek(10))
        if separator_line:
            self._stream.read(separator_line.end())
        delimiter = separator_line[1].decode() if separator_line else "\t" if form == "tsv" else None
        sample = self._stream.peek(_SAMPLE_BYTES)
        dialect = sniff(
            sample.decode("latin-1"),
            is_whole=len(sample) < _SAMPLE_BYTES and self._stream.failure is None,
            delimiter=delimiter,
            text_column=text_column and text_column.encode("utf-8", "surrogateescape").decode("latin-1"),
        )
        header, lines = self._take_header(dialect, source)
        self._line = 1 + lines + bool(separator_line)
        self.layout = CsvLayout(
            form,
            header,
            choose_text_column(source, header, text_column),
            dialect,
            has_mark,
            separator_line is not None,
        )

    def _take_header(self, dialect: Dialect, source: str) -> tuple[tuple[str, ...], int]:
        """Take the first record that is not blank; give its cells and the lines taken."""
        n_bytes = _SAMPLE_BYTES
        while True:
            sample = self._stream.peek(n_bytes)
            is_short = len(sample) < n_bytes
            is_whole = is_short and self._stream.failure is None
            last_end = cut_end(sample, dialect, is_whole=is_whole)
            for cells, end in read_records(sample[:last_end], dialect):
                if cells:
                    self._stream.read(end)
                    return tuple(text_of(cell.encode("latin-1")) for cell in cells), n_line_ends(sample, 0, end)
            if is_short:
                raise self._stream.failure or TableError(
                    source, "the table is empty: it has no header", "give a table with a header"
                )
            n_bytes *= 2

    def blocks(self, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
        """Cut the rows."""
        dialect = self.layout.dialect
        return line_blocks(
            self._stream,
            self._stored,
            lambda content, is_whole: cut_end(content, dialect, is_whole=is_whole),
            self._line,
            block_bytes,
        )
