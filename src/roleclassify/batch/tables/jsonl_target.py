"""The scored table as JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from roleclassify.batch.answers import Answers
from roleclassify.batch.tables.answer_cells import answer_columns
from roleclassify.batch.tables.block import Rows
from roleclassify.batch.tables.columns import refuse_taken
from roleclassify.batch.tables.compression import Compression, compress
from roleclassify.batch.tables.files import finish_appended
from roleclassify.batch.tables.jsonl_rows import JsonlRows
from roleclassify.batch.tables.values import json_text

_encode = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class JsonlTarget:
    """How rows are written as JSON Lines."""

    added: tuple[str, ...]
    prefix: str
    compression: Compression | None

    appendable = True

    def header(self) -> bytes:
        """Give no line; compressed, an empty member, so that a table without rows is a valid file too."""
        return compress(b"", self.compression)

    def encode(self, rows: Rows, answers: Answers) -> bytes:
        """Write rows and answers; of JSON Lines the objects are copied as they stand, our keys behind theirs."""
        lines = self._of_jsonl(rows) if isinstance(rows, JsonlRows) else self._of_records(rows)
        added = self._answers(answers)
        content = b"".join([b"%b%b\n" % pair for pair in zip(lines, added, strict=True)])
        return compress(content, self.compression)

    def _answers(self, answers: Answers) -> Iterator[bytes]:
        """Yield the answers of each row as an object whose opening brace is left out."""
        for values in zip(*answer_columns(answers), strict=True):
            yield _encode(dict(zip(self.added, values, strict=True)))[1:].encode()

    def _of_jsonl(self, rows: JsonlRows) -> Iterator[bytes]:
        """Yield each object, open for more keys."""
        added = frozenset(self.added)
        for line, found, record in zip(rows.lines, rows.objects, rows.records(self.prefix), strict=True):
            if found is None:
                yield _opened(json_text(record).encode())
                continue
            if not added.isdisjoint(found):
                refuse_taken(added, found)
            yield _opened(line)

    def _of_records(self, rows: Rows) -> Iterator[bytes]:
        for record in rows.records(self.prefix):
            yield _opened(json_text(record).encode())

    def finish(self, chunks: Path, output: Path) -> None:
        """Sync the file of chunks to disk and give it its name."""
        finish_appended(chunks, output)


def _opened(line: bytes) -> bytes:
    inside = line[:-1]
    return inside + (b"" if inside.strip(b" \t\r\n{") == b"" else b", ")
