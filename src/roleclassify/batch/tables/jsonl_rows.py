"""The rows of a block of JSON Lines."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from roleclassify.batch.tables.block import Block
from roleclassify.batch.tables.columns import INPUT_LINE
from roleclassify.batch.tables.decoding import text_of, without_surrogates


@dataclass(frozen=True, slots=True)
class JsonlRows:
    """Rows as they stand in the block, and what they say.

    Attributes
    ----------
    lines
        As they stand, without blanks at either end.
    objects
        Their values; None for a line that is no object.
    """

    lines: list[bytes]
    objects: list[dict[str, Any] | None]
    texts: list[str | None]
    problems: dict[int, str]
    ragged: list[tuple[int, int]] = field(default_factory=list)

    def records(self, prefix: str) -> list[dict[str, Any]]:
        """Give the rows as objects; a line that is none becomes the value of one."""
        return [
            {f"{prefix}{INPUT_LINE}": text_of(line)} if found is None else found
            for line, found in zip(self.lines, self.objects, strict=True)
        ]


def read_jsonl_rows(block: Block, text_column: str) -> JsonlRows:
    """Take a block of whole lines apart; blank lines are no rows."""
    lines = [line for raw in block.content.split(b"\n") if (line := raw.strip(b" \t\r"))]
    objects: list[dict[str, Any] | None] = []
    texts: list[str | None] = []
    problems: dict[int, str] = {}
    for position, line in enumerate(lines):
        found = _object(line)
        text = None if found is None else found.get(text_column)
        if found is None:
            problems[position] = "the line is no JSON object; mend it"
        elif text is not None and not isinstance(text, str):
            problems[position] = f"{text_column!r} is a {type(text).__name__}, not text; write it as a string"
            text = None
        objects.append(found)
        texts.append(text and without_surrogates(text))
    return JsonlRows(lines, objects, texts, problems)


def _object(line: bytes) -> dict[str, Any] | None:
    # RecursionError: nested deeper than any record is.
    try:
        found = json.loads(text_of(line))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
