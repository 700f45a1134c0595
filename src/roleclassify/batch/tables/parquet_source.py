"""Parquet as a stream of blocks."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import Any, BinaryIO, ClassVar, cast

from roleclassify.batch.tables.arrow import as_stream, import_pyarrow, is_text, schema_of
from roleclassify.batch.tables.block import BLOCK_BYTES, Block, Form
from roleclassify.batch.tables.columns import choose_text_column
from roleclassify.batch.tables.parquet_rows import ParquetRows, read_parquet_rows
from roleclassify.batch.tables.stream import Stream
from roleclassify.errors import TableError, TableUsageError

_ROWS_AT_ONCE = 256
"""Few, so that rows of a megabyte each stay within bounds."""

_COPIED_AT_ONCE = 2**22

_BUFFER_BYTES = 2**20
"""Read so much of a column at once: without it a row group's whole column, which may be gigabytes."""


@dataclass(frozen=True, slots=True)
class ParquetLayout:
    """What a worker must know of a Parquet file.

    Attributes
    ----------
    schema
        Serialised: names, types and metadata of the columns.
    """

    form: ClassVar[Form] = "parquet"

    columns: tuple[str, ...]
    text_place: int
    schema: bytes

    @property
    def text_column(self) -> str:
        """Name of the column that is scored."""
        return self.columns[self.text_place]

    def read(self, block: Block) -> ParquetRows:
        """Take a block apart."""
        return read_parquet_rows(block, self.text_place)


class ParquetSource:
    """An open Parquet file.

    Parameters
    ----------
    stream
        The content, copied to a temporary file because Parquet is read from its end; None where the file at ``source``
        can be read as it stands.
    opened
        Closes what is opened here.
    """

    def __init__(
        self,
        stream: Stream | None,
        source: str,
        opened: ExitStack,
        *,
        text_column: str | None,
        size: int | None,
    ) -> None:
        pyarrow = import_pyarrow("reading Parquet")
        from pyarrow.parquet import ParquetFile

        self.size = size
        self._source = source
        content = source if stream is None else opened.enter_context(_spooled(stream))
        try:
            self._file = opened.enter_context(ParquetFile(content, buffer_size=_BUFFER_BYTES, pre_buffer=False))
        except (OSError, ValueError, pyarrow.ArrowException) as error:
            raise _damaged(source) from error
        schema = self._file.schema_arrow
        place = choose_text_column(source, schema.names, text_column)
        if not is_text(schema.field(place).type):
            raise TableUsageError(
                source,
                f"column {schema.names[place]!r} holds {schema.field(place).type}, not text",
                "choose one of strings with --text-column",
            )
        self.layout = ParquetLayout(tuple(schema.names), place, schema.serialize().to_pybytes())

    def blocks(self, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
        """Cut the rows where ``block_bytes`` of them in memory are reached."""
        pyarrow = import_pyarrow("reading Parquet")
        held: list[Any] = []
        n_bytes, number, line, n_taken = 0, 0, 1, 0
        size, n_rows = self.size or 0, self._file.metadata.num_rows
        schema = schema_of(self.layout.schema)
        for batch, is_last in self._batches(block_bytes):
            held.append(batch)
            n_bytes += batch.nbytes
            n_taken += batch.num_rows
            if is_last or n_bytes >= block_bytes:
                table = pyarrow.Table.from_batches(held, schema)
                yield Block(number, as_stream(table), line, size * n_taken // max(n_rows, 1))
                number += 1
                line += table.num_rows
                held, n_bytes = [], 0

    def _batches(self, block_bytes: int) -> Iterator[tuple[Any, bool]]:
        """Yield batches of at most about ``block_bytes``, each with whether a block must end behind it."""
        pyarrow = import_pyarrow("reading Parquet")
        n_rows, n_seen = self._file.metadata.num_rows, 0
        batches = self._file.iter_batches(batch_size=_ROWS_AT_ONCE, use_threads=False)
        while True:
            try:
                batch = next(batches, None)
            except (OSError, ValueError, pyarrow.ArrowException) as error:
                raise _damaged(self._source) from error
            if batch is None:
                return
            n_pieces = max(1, min(batch.num_rows, -(-batch.nbytes // block_bytes)))
            step = -(-batch.num_rows // n_pieces) or 1
            for start in range(0, batch.num_rows, step):
                piece = batch.slice(start, step)
                n_seen += piece.num_rows
                yield piece, n_seen == n_rows


def _spooled(stream: Stream) -> BinaryIO:
    # Closed by the caller.
    file = cast("BinaryIO", tempfile.TemporaryFile())  # noqa: SIM115
    while content := stream.read(_COPIED_AT_ONCE):
        file.write(content)
    file.seek(0)
    return file


def _damaged(source: str) -> TableError:
    return TableError(source, "it is no Parquet file, or it is damaged or cut short", "get the file again")
