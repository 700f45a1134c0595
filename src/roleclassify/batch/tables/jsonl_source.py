"""JSON Lines as a stream of blocks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

from roleclassify.batch.tables.block import BLOCK_BYTES, Block, Form
from roleclassify.batch.tables.column_kinds import Kind, kind_of
from roleclassify.batch.tables.columns import choose_text_column
from roleclassify.batch.tables.cutting import line_blocks
from roleclassify.batch.tables.decoding import as_utf8
from roleclassify.batch.tables.jsonl_rows import JsonlRows, read_jsonl_rows
from roleclassify.batch.tables.stream import Stream
from roleclassify.errors import TableError

_HEAD_BYTES = 1000


@dataclass(frozen=True, slots=True)
class JsonlLayout:
    """What a worker must know of JSON Lines.

    Attributes
    ----------
    columns
        Keys of the objects in the first block, in order of appearance.
    kinds
        What most values of each of them are there, of the text column strings; it decides the type of a Parquet
        column.
    """

    form: ClassVar[Form] = "jsonl"

    columns: tuple[str, ...]
    kinds: tuple[Kind, ...]
    text_column: str

    def read(self, block: Block) -> JsonlRows:
        """Take a block apart."""
        return read_jsonl_rows(block, self.text_column)


class JsonlSource:
    """Open JSON Lines."""

    def __init__(
        self, stream: Stream, stored: Stream, source: str, *, text_column: str | None, size: int | None
    ) -> None:
        self.size = size
        self._stored = stored
        self._stream, _ = as_utf8(stream, source)
        head = self._stream.peek(_HEAD_BYTES).lstrip()
        objects = [found for found in self._first_objects() if found]
        first_line = head.partition(b"\n")[0].rstrip()
        # A line that is a whole list is merely a line that cannot be scored.
        if not objects or (first_line.startswith(b"[") and not first_line.endswith(b"]")):
            raise self._stream.failure or _no_lines(head, source)
        values: dict[str, list[Any]] = {}
        for found in objects:
            for name, value in found.items():
                values.setdefault(name, []).append(value)
        columns = tuple(values)
        place = choose_text_column(source, columns, text_column)
        # The texts are strings, whatever else stands there.
        kinds = tuple("string" if name == columns[place] else kind_of(found) for name, found in values.items())
        self.layout = JsonlLayout(columns, kinds, columns[place])

    def _first_objects(self) -> list[dict[str, Any] | None]:
        """Read the first lines without taking them."""
        content = self._stream.peek(BLOCK_BYTES)
        n_bytes = BLOCK_BYTES
        while len(content) == n_bytes and b"\n" not in content:
            n_bytes *= 2
            content = self._stream.peek(n_bytes)
        is_whole = len(content) < n_bytes and self._stream.failure is None
        end = len(content) if is_whole else content.rfind(b"\n") + 1
        return read_jsonl_rows(Block(0, content[:end], 1, 0), "").objects

    def blocks(self, block_bytes: int = BLOCK_BYTES) -> Iterator[Block]:
        """Cut the lines."""
        return line_blocks(self._stream, self._stored, _last_line_end, 1, block_bytes)


def _no_lines(head: bytes, source: str) -> TableError:
    if head.startswith(b"["):
        return TableError(source, "it is one JSON array, not JSON Lines", "convert it: jq -c '.[]' in.json > in.jsonl")
    if head.startswith(b"{"):
        why = "no line of its beginning is a whole JSON object, so it is pretty-printed JSON or cut short"
        return TableError(source, why, "convert it to JSON Lines: jq -c . in.json > in.jsonl")
    return TableError(source, "its beginning holds no JSON object", "give one JSON object a line")


def _last_line_end(content: bytes, is_whole: bool) -> int:
    return len(content) if is_whole else content.rfind(b"\n") + 1
