"""The rows of a block of Parquet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from roleclassify.batch.tables.arrow import from_stream, python_values, texts_as_bytes
from roleclassify.batch.tables.block import Block
from roleclassify.batch.tables.columns import unique_names


@dataclass(frozen=True, slots=True)
class ParquetRows:
    """Rows as an Arrow table."""

    table: Any
    texts: list[str | None]
    problems: dict[int, str] = field(default_factory=dict)
    ragged: list[tuple[int, int]] = field(default_factory=list)

    def records(self, prefix: str) -> list[dict[str, Any]]:
        """Give the rows as objects; every row fits, so none has a name with the prefix."""
        names = unique_names(self.table.column_names)
        columns = [python_values(column) for column in self.table.columns]
        return [dict(zip(names, values, strict=True)) for values in zip(*columns, strict=True)]


def read_parquet_rows(block: Block, text_place: int) -> ParquetRows:
    """Take a block apart."""
    table = from_stream(block.content)
    column = table.column(text_place)
    try:
        return ParquetRows(table, column.to_pylist())
    except UnicodeDecodeError:
        texts = [None if stored is None else _decoded(stored) for stored in texts_as_bytes(column)]
    # No text is missing that is stored.
    is_stored = column.is_valid().to_pylist()
    problems = {
        place: "its text is not valid UTF-8; mend it where the file is made"
        for place, (text, there) in enumerate(zip(texts, is_stored, strict=True))
        if text is None and there
    }
    return ParquetRows(table, texts, problems)


def _decoded(stored: bytes) -> str | None:
    try:
        return stored.decode("utf-8")
    except UnicodeDecodeError:
        return None
