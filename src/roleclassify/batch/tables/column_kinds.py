"""What the values of a JSON field have in common, so that a table can hold them in a typed column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Kind = Literal["string", "integer", "number", "boolean", "strings", "json"]
"""``strings`` is a list of strings; ``json`` is any value, as JSON text."""

_LARGEST = 2**63
_EXACT = 2**53


def kind_of(values: Iterable[object]) -> Kind:
    """Find the narrowest kind that holds all values, None set apart.

    Examples
    --------
    >>> kind_of([1, 2.5, None]), kind_of([["a"], []]), kind_of(["a", 1]), kind_of([None])
    ('number', 'strings', 'json', 'string')
    """
    present = [value for value in values if value is not None]
    kinds: tuple[Kind, ...] = ("string", "boolean", "integer", "number", "strings")
    return next((kind for kind in kinds if all(fits(value, kind) for value in present)), "json")


def fits(value: object, kind: Kind) -> bool:
    """Say whether a column of the kind holds the value without changing it."""
    if value is None or kind == "json":
        return True
    if kind == "string":
        return isinstance(value, str)
    if kind == "boolean" or isinstance(value, bool):
        return kind == "boolean" and isinstance(value, bool)
    if kind == "integer":
        return isinstance(value, int) and -_LARGEST <= value < _LARGEST
    if kind == "number":
        return isinstance(value, float) or (isinstance(value, int) and abs(value) <= _EXACT)
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
