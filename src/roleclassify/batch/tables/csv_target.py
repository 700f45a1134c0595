"""The scored table as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from roleclassify.batch.answers import Answers
from roleclassify.batch.tables.answer_cells import answer_cells
from roleclassify.batch.tables.block import Form, Layout, Rows
from roleclassify.batch.tables.columns import OTHER_FIELDS
from roleclassify.batch.tables.compression import Compression, compress
from roleclassify.batch.tables.csv_cells import Dialect, line_of
from roleclassify.batch.tables.csv_rows import CsvRows
from roleclassify.batch.tables.csv_source import CsvLayout
from roleclassify.batch.tables.decoding import without_surrogates
from roleclassify.batch.tables.files import finish_appended
from roleclassify.batch.tables.values import cell_text, json_text

_MARK = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class CsvTarget:
    """How rows are written as CSV.

    Attributes
    ----------
    columns
        Of the input.
    added
        Names of our columns.
    other_column
        Name of the column for what no column of the input holds; empty where there can be no such thing.
    """

    columns: tuple[str, ...]
    added: tuple[str, ...]
    prefix: str
    dialect: Dialect
    compression: Compression | None
    has_mark: bool = False
    has_separator_line: bool = False
    other_column: str = ""

    appendable = True

    def header(self) -> bytes:
        """Give the byte-order mark, Excel's ``sep=`` line and the header, as far as the input had them."""
        first = f"sep={self.dialect.delimiter}{self.dialect.line_end}" if self.has_separator_line else ""
        names = (*self.columns, *self.added, *([self.other_column] if self.other_column else []))
        content = f"{first}{line_of([*map(without_surrogates, names)], self.dialect)}{self.dialect.line_end}".encode()
        return compress((_MARK if self.has_mark else b"") + content, self.compression)

    def encode(self, rows: Rows, answers: Answers) -> bytes:
        """Write rows and answers; rows of CSV in the same dialect are copied as they stand."""
        added = [line_of(cells, self.dialect).encode() for cells in answer_cells(answers)]
        lines = self._of_csv(rows, added) if isinstance(rows, CsvRows) else self._of_records(rows, added)
        return compress(b"".join(lines), self.compression)

    def _of_csv(self, rows: CsvRows, added: list[bytes]) -> Iterator[bytes]:
        delimiter, line_end = self.dialect.delimiter.encode(), self.dialect.line_end.encode()
        is_copied = rows.dialect == self.dialect
        for position, own in enumerate(added):
            if is_copied and position not in rows.cells:
                start, end = rows.spans[position]
                yield b"".join((rows.content[start:end], delimiter, own, line_end))
                continue
            cells = rows.cells_of(position)
            n_columns = len(self.columns)
            known = cells[:n_columns] + [""] * (n_columns - len(cells))
            parts = [line_of(known, self.dialect).encode("latin-1"), own]
            if len(cells) > n_columns:
                parts.append(line_of(cells[n_columns:], self.dialect).encode("latin-1"))
            yield delimiter.join(parts) + line_end

    def _of_records(self, rows: Rows, added: list[bytes]) -> Iterator[bytes]:
        delimiter, line_end = self.dialect.delimiter.encode(), self.dialect.line_end.encode()
        known = set(self.columns)
        for record, own in zip(rows.records(self.prefix), added, strict=True):
            parts = [line_of([cell_text(record.get(name)) for name in self.columns], self.dialect).encode(), own]
            if self.other_column:
                other = {name: value for name, value in record.items() if name not in known}
                parts.append(line_of([json_text(other) if other else ""], self.dialect).encode())
            yield delimiter.join(parts) + line_end

    def finish(self, chunks: Path, output: Path) -> None:
        """Sync the file of chunks to disk and give it its name."""
        finish_appended(chunks, output)


def plan_csv(
    layout: Layout, form: Form, added: tuple[str, ...], prefix: str, compression: Compression | None
) -> CsvTarget:
    """Keep the dialect of CSV that stays CSV; else write commas, or tabs where TSV was asked for."""
    if not isinstance(layout, CsvLayout):
        other = f"{prefix}{OTHER_FIELDS}" if layout.form == "jsonl" else ""
        dialect = Dialect("\t" if form == "tsv" else ",")
        return CsvTarget(layout.columns, added, prefix, dialect, compression, other_column=other)
    dialect = layout.dialect
    if form == "tsv":
        dialect = _divided_by(dialect, "\t")
    elif layout.form == "tsv" or len(layout.columns) == 1:
        # One column has no delimiter of its own: what was taken for one is merely a character that is not in the rows.
        dialect = _divided_by(dialect, ",")
    return CsvTarget(layout.columns, added, prefix, dialect, compression, layout.has_mark, layout.has_separator_line)


def _divided_by(dialect: Dialect, delimiter: str) -> Dialect:
    """Change the delimiter; cells may then hold it, so that quotes are needed."""
    return (
        dialect if dialect.delimiter == delimiter else replace(dialect, delimiter=delimiter, quote=dialect.quote or '"')
    )
