"""What travels between the process that cuts a table and those that read its rows."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from roleclassify.batch.answers import Answers

Form = Literal["csv", "tsv", "jsonl", "parquet"]

FORMS: tuple[Form, ...] = ("csv", "tsv", "jsonl", "parquet")

BLOCK_BYTES = 2 * 2**20
"""Most bytes of whole records in a block; a single longer record is a block by itself."""


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive whole records of a table.

    Attributes
    ----------
    number
        Place among the blocks, from 0.
    content
        The records: UTF-8 lines, or for Parquet an Arrow stream.
    line
        Line of the input at which the block begins, from 1; for Parquet the row.
    position
        Bytes of the input as stored (compressed, perhaps) that were taken when the block was cut.
    """

    number: int
    content: bytes
    line: int
    position: int


class Rows(Protocol):
    """The rows of a block, and all that it takes to write them again."""

    @property
    def texts(self) -> list[str | None]:
        """The text of each row; None where it is missing or could not be had."""

    @property
    def problems(self) -> dict[int, str]:
        """Position of a row to why its text could not be had."""

    @property
    def ragged(self) -> list[tuple[int, int]]:
        """Line number and number of cells of each row that has not as many cells as the header."""

    def records(self, prefix: str) -> list[dict[str, Any]]:
        """Give the rows as objects, for output of another form; what no column holds has names with the prefix."""


class Layout(Protocol):
    """What a worker must know of a table to read its blocks; frozen, and pickles."""

    @property
    def form(self) -> Form:
        """Kind of table."""

    @property
    def columns(self) -> tuple[str, ...]:
        """Names of the columns; of JSON Lines, those in the first block."""

    @property
    def text_column(self) -> str:
        """Name of the column that is scored."""

    def read(self, block: Block) -> Rows:
        """Take a block apart."""


class Source(Protocol):
    """An open table."""

    @property
    def layout(self) -> Layout:
        """What workers must know."""

    @property
    def size(self) -> int | None:
        """Bytes of the input as stored; None where that is unknown."""

    def blocks(self, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
        """Cut the table, once; where it is cut depends on its content and ``block_bytes`` alone.

        Raises
        ------
        TableError
            When the input cannot be read further; the blocks before were given.
        """


class Target(Protocol):
    """How the scored table is written; frozen, and pickles.

    The output is ``header()``, then ``encode`` of each block, appended in order to a file of chunks that ``finish``
    makes into the output. Where ``appendable``, that file is the output already and may as well be written straight
    to standard output.
    """

    @property
    def appendable(self) -> bool:
        """Whether the chunks, one after the other, are the output."""

    def header(self) -> bytes:
        """Give what comes before the first chunk."""

    def encode(self, rows: Rows, answers: Answers) -> bytes:
        """Write the rows of a block with their answers.

        Raises
        ------
        TableUsageError
            When a row has a field of a name that is to be added.
        """

    def finish(self, chunks: Path, output: Path) -> None:
        """Turn the file of chunks, which goes, into the output, in one step and synced to disk."""
