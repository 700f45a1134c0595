"""Values as the text of a cell, and as JSON."""

from __future__ import annotations

import base64
import json
import math

from roleclassify.batch.tables.decoding import without_surrogates


def cell_text(value: object) -> str:
    r"""Write a value as a cell: empty for none, JSON for nested values, base64 for bytes, ISO for times.

    Examples
    --------
    >>> [cell_text(value) for value in (None, True, 1, 0.5, "as it is", ["a"], b"\0")]
    ['', 'true', '1', '0.5', 'as it is', '["a"]', 'AA==']
    """
    if isinstance(value, str):
        return without_surrogates(value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict | tuple):
        return json_text(value)
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def json_text(value: object) -> str:
    """Write a value as JSON; what JSON has no word for as its cell is written, and numbers that are none as null."""
    known = finite(value)
    text = json.dumps(known, ensure_ascii=False, default=cell_text, allow_nan=False)
    # Halves of characters can only be written as escapes.
    return text if text == without_surrogates(text) else json.dumps(known, default=cell_text, allow_nan=False)


def finite(value: object) -> object:
    """Give the value with None for each number that JSON cannot write."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, dict):
        return {name: finite(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [finite(item) for item in value]
    return value
