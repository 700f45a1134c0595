"""The scored table as Parquet."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from roleclassify.batch.answers import Answers
from roleclassify.batch.tables.answer_cells import answer_columns
from roleclassify.batch.tables.arrow import as_stream, import_pyarrow, schema_of
from roleclassify.batch.tables.block import Layout, Rows
from roleclassify.batch.tables.column_kinds import Kind, fits
from roleclassify.batch.tables.columns import EXTRA_CELLS, OTHER_FIELDS, unique_names
from roleclassify.batch.tables.compression import Compression, compress
from roleclassify.batch.tables.decoding import without_surrogates
from roleclassify.batch.tables.files import finish_appended
from roleclassify.batch.tables.jsonl_source import JsonlLayout
from roleclassify.batch.tables.parquet_rows import ParquetRows
from roleclassify.batch.tables.parquet_source import ParquetLayout
from roleclassify.batch.tables.values import json_text

if TYPE_CHECKING:
    import pyarrow

_ROW_GROUP_BYTES = 2**25
_COMPRESSED_AT_ONCE = 2**22


@dataclass(frozen=True, slots=True)
class ParquetTarget:
    """How rows are written as Parquet: chunks are Arrow streams, which become one file at the end.

    Attributes
    ----------
    columns
        Of the input, each once.
    kinds
        What each of them holds; empty where the input is Parquet.
    schema
        Of the output, serialised.
    overflow
        Name and kind of the column for what the others cannot hold; None where there can be no such thing.
    """

    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    added: tuple[str, ...]
    prefix: str
    schema: bytes
    overflow: tuple[str, Kind] | None
    compression: Compression | None

    appendable = False

    def header(self) -> bytes:
        """Give nothing: each chunk has its schema."""
        return b""

    def encode(self, rows: Rows, answers: Answers) -> bytes:
        """Write rows and answers as an Arrow stream."""
        import pyarrow

        own, beyond = (rows.table.columns, []) if isinstance(rows, ParquetRows) else self._columns_of(rows)
        columns = [*own, *answer_columns(answers), *beyond]
        schema = schema_of(self.schema)
        arrays = [
            pyarrow.array(values, field.type) if isinstance(values, list) else values
            for field, values in zip(schema, columns, strict=True)
        ]
        return as_stream(pyarrow.Table.from_arrays(arrays, schema=schema))

    def _columns_of(self, rows: Rows) -> tuple[list[list[Any]], list[list[Any]]]:
        """Turn objects into columns, and a column of what does not fit into them."""
        own: list[list[Any]] = [[] for _ in self.columns]
        beyond: list[Any] = []
        for record in rows.records(self.prefix):
            rest = dict(record)
            for name, kind, values in zip(self.columns, self.kinds, own, strict=True):
                fitting = fits(rest.get(name), kind)
                values.append(_stored(rest.pop(name, None), kind) if fitting else None)
            beyond.append(self._beyond(rest))
        return own, [beyond] if self.overflow else []

    def _beyond(self, rest: dict[str, Any]) -> object:
        if not rest or self.overflow is None:
            return None
        name, kind = self.overflow
        return json_text(rest) if kind == "json" else [without_surrogates(cell) for cell in rest[name]]

    def finish(self, chunks: Path, output: Path) -> None:
        """Write the chunks as one Parquet file beside them, sync it to disk, give it its name, and drop the chunks."""
        import pyarrow.parquet

        whole = chunks.with_name(f"{chunks.name}.whole")
        schema = schema_of(self.schema)
        with pyarrow.parquet.ParquetWriter(whole, schema, compression="zstd") as writer:
            for table in _row_groups(chunks, schema):
                writer.write_table(table, row_group_size=max(1, table.num_rows))
        if self.compression:
            packed = chunks.with_name(f"{chunks.name}.packed")
            with whole.open("rb") as file, packed.open("wb") as sink:
                while content := file.read(_COMPRESSED_AT_ONCE):
                    sink.write(compress(content, self.compression))
            packed.replace(whole)
        finish_appended(whole, output)
        chunks.unlink()


def _row_groups(chunks: Path, schema: pyarrow.Schema) -> Iterator[pyarrow.Table]:
    """Yield tables of about 32 MB from the streams in a file."""
    import pyarrow

    held: list[Any] = []
    n_bytes = 0
    with pyarrow.OSFile(str(chunks), "rb") as file:
        while file.tell() < file.size():
            with pyarrow.ipc.open_stream(file) as reader:
                held.append(reader.read_all())
            n_bytes += held[-1].nbytes
            if n_bytes >= _ROW_GROUP_BYTES:
                yield pyarrow.concat_tables(held).unify_dictionaries()
                held, n_bytes = [], 0
    if held:
        yield pyarrow.concat_tables(held).unify_dictionaries()


def _stored(value: object, kind: Kind) -> object:
    if value is None:
        return None
    if kind == "json":
        return json_text(value)
    if isinstance(value, list):
        return [without_surrogates(item) for item in value]
    return without_surrogates(value) if isinstance(value, str) else value


def plan_parquet(layout: Layout, added: tuple[str, ...], prefix: str, compression: Compression | None) -> ParquetTarget:
    """Keep the schema of Parquet; else a column is of the kind that the layout found, of CSV a string."""
    pyarrow = import_pyarrow("writing Parquet")
    columns = unique_names(layout.columns)
    kinds: tuple[Kind, ...] = tuple("string" for _ in columns)
    overflow: tuple[str, Kind] | None = (f"{prefix}{EXTRA_CELLS}", "strings")
    metadata = None
    if isinstance(layout, JsonlLayout):
        kinds, overflow = layout.kinds, (f"{prefix}{OTHER_FIELDS}", "json")
    own = [pyarrow.field(without_surrogates(name), _type(kind)) for name, kind in zip(columns, kinds, strict=True)]
    if isinstance(layout, ParquetLayout):
        overflow, schema = None, schema_of(layout.schema)
        own, metadata = list(schema), schema.metadata
    ours = [pyarrow.field(name, of_answer) for name, of_answer in zip(added, _answer_types(), strict=True)]
    beyond = [pyarrow.field(overflow[0], _type(overflow[1]))] if overflow else []
    whole = pyarrow.schema([*own, *ours, *beyond], metadata)
    return ParquetTarget(columns, kinds, added, prefix, whole.serialize().to_pybytes(), overflow, compression)


def _type(kind: Kind) -> pyarrow.DataType:
    import pyarrow

    types = {
        "integer": pyarrow.int64(),
        "number": pyarrow.float64(),
        "boolean": pyarrow.bool_(),
        "strings": pyarrow.list_(pyarrow.large_string()),
    }
    # Large: a block may hold a text of more than 2 GB.
    return types.get(kind, pyarrow.large_string())


def _answer_types() -> list[Any]:
    """Types of the answers' columns, in order."""
    import pyarrow

    word, number = pyarrow.string(), pyarrow.float64()
    words = pyarrow.list_(word)
    piece = pyarrow.struct(  # without origin: a weight that was learned
        {"name": word, "kind": word, "role": word, "contribution": number, "features": words, "origin": word}
    )
    numbers = [number] * 4
    return [word, word, *numbers, word, pyarrow.bool_(), pyarrow.list_(piece), word]
