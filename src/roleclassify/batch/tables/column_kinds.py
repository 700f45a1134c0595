"""What the values of a JSON field have in common, so that a table can hold them in a typed column."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

Kind = Literal["string", "integer", "number", "boolean", "strings", "json"]
"""``strings`` is a list of strings; ``json`` is any value, as JSON text."""

_NARROW: tuple[Kind, ...] = ("string", "boolean", "integer", "number", "strings")
_LARGEST = 2**63
_EXACT = 2**53


def kind_of(values: Iterable[object]) -> Kind:
    """Find the kind that holds the most values, None set apart, and of equal ones the narrowest.

    Examples
    --------
    >>> kind_of([1, 2.5, None]), kind_of([["a"], []]), kind_of(["a", 1]), kind_of([{}, 1, {}]), kind_of([None])
    ('number', 'strings', 'string', 'json', 'string')
    """
    present = [value for value in values if value is not None]
    n_fitting = {kind: sum(fits(value, kind) for value in present) for kind in _NARROW}
    best = max(_NARROW, key=n_fitting.__getitem__)
    n_of_no_kind = sum(not any(fits(value, kind) for kind in _NARROW) for value in present)
    return best if n_fitting[best] >= n_of_no_kind else "json"


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
