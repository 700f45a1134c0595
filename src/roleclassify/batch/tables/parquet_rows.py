"""The rows of a block of Parquet."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from roleclassify.batch.tables.arrow import from_stream, python_values
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
    return ParquetRows(table, table.column(text_place).to_pylist())
