"""Arrow tables as bytes, their types, and their values as Python's."""

from __future__ import annotations

import decimal
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roleclassify.batch.tables.decoding import text_of
from roleclassify.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType

    import pyarrow

_DIGITS = {"s": 0, "ms": 3, "us": 6, "ns": 9}
_SHORT_TIME_BITS = 32


def import_pyarrow(feature: str) -> ModuleType:
    """Give the package pyarrow.

    Raises
    ------
    MissingExtraError
        When it is not installed.
    """
    try:
        import pyarrow
    except ImportError as error:
        raise MissingExtraError(feature, "pyarrow", "parquet") from error
    module: ModuleType = pyarrow
    return module


def as_stream(table: pyarrow.Table) -> bytes:
    """Write a table as a whole Arrow stream in memory."""
    import pyarrow

    sink = pyarrow.BufferOutputStream()
    with pyarrow.ipc.new_stream(sink, table.schema) as writer:
        # One batch, with one dictionary to a column: the same rows give the same bytes.
        writer.write_table(table.unify_dictionaries().combine_chunks())
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_stream(content: bytes) -> pyarrow.Table:
    """Read a table from an Arrow stream."""
    import pyarrow

    with pyarrow.ipc.open_stream(content) as reader:
        return reader.read_all()


def schema_of(serialized: bytes) -> pyarrow.Schema:
    """Give the schema that was serialised."""
    import pyarrow

    return pyarrow.ipc.read_schema(pyarrow.py_buffer(serialized))


def is_text(kind: pyarrow.DataType) -> bool:
    """Say whether a type is strings, a dictionary of them, or of nothing but nulls."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    return types.is_null(kind) or _is_string(kind)


def texts_as_bytes(column: pyarrow.ChunkedArray) -> list[bytes | None]:
    """Give strings as they are stored, valid UTF-8 or not."""
    import pyarrow

    values: list[bytes | None] = column.cast(pyarrow.large_binary()).to_pylist()
    return values


def python_values(column: pyarrow.ChunkedArray) -> list[Any]:
    """Give a column's values; times as text in the way of the column's type, whatever values it holds.

    A byte of a string that is not valid UTF-8 is read as ``text_of`` does.
    """
    import pyarrow

    kind = column.type
    # Python has no times as fine, nor as far away, as Arrow has.
    stored = _replaced(
        kind, _is_time, lambda found: pyarrow.int32() if found.bit_width == _SHORT_TIME_BITS else pyarrow.int64()
    )
    are_texts_bytes = False
    try:
        values: list[Any] = column.cast(stored).to_pylist()
    except UnicodeDecodeError:
        stored = _replaced(stored, _is_string, lambda _: pyarrow.large_binary())
        are_texts_bytes = True
        values = column.cast(stored).to_pylist()
    return values if stored == kind else [_readable(value, kind, are_texts_bytes) for value in values]


def _readable(value: object, kind: pyarrow.DataType, are_texts_bytes: bool) -> object:
    """Turn numbers into the times, and bytes into the texts, that they are, nested ones too."""
    from pyarrow import types

    if types.is_dictionary(kind):
        kind = kind.value_type
    if isinstance(value, dict):
        return {field.name: _readable(value[field.name], field.type, are_texts_bytes) for field in kind}
    if isinstance(value, list) and types.is_map(kind):
        of_pair = (kind.key_type, kind.item_type)
        return [tuple(map(_readable, pair, of_pair, [are_texts_bytes] * 2)) for pair in value]
    if isinstance(value, list):
        return [_readable(item, kind.value_type, are_texts_bytes) for item in value]
    if isinstance(value, int) and _is_time(kind):
        return _time_text(value, kind)
    # Bytes may be a column's own, too.
    return text_of(value) if are_texts_bytes and isinstance(value, bytes) and _is_string(kind) else value


def _time_text(value: int, kind: pyarrow.DataType) -> str:
    """Write a time in ISO 8601 with as many digits as its unit has, zoned ones in UTC; a duration in seconds."""
    import numpy as np
    from pyarrow import types

    if types.is_date32(kind):
        return str(np.datetime64(value, "D"))
    if types.is_date64(kind):
        return str(np.datetime64(value, "ms").astype("datetime64[D]"))
    if types.is_duration(kind):
        return f"{decimal.Decimal(value).scaleb(-_DIGITS[kind.unit]):f}"
    moment = str(np.datetime64(value, kind.unit))
    if types.is_timestamp(kind):
        return moment if kind.tz is None else f"{moment}+00:00"
    return moment.partition("T")[2]


def _is_string(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind))


def _is_time(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_date(kind) or types.is_time(kind) or types.is_timestamp(kind) or types.is_duration(kind))


def _is_list(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _replaced(
    kind: pyarrow.DataType,
    matches: Callable[[pyarrow.DataType], bool],
    replacement: Callable[[pyarrow.DataType], pyarrow.DataType],
) -> pyarrow.DataType:
    """Replace types, nested ones too; a dictionary of them becomes plain, and lists large."""
    import pyarrow
    from pyarrow import types

    def inner(found: pyarrow.DataType) -> pyarrow.DataType:
        return _replaced(found, matches, replacement)

    if matches(kind):
        return replacement(kind)
    if types.is_dictionary(kind):
        return kind if inner(kind.value_type) == kind.value_type else inner(kind.value_type)
    if types.is_struct(kind):
        return pyarrow.struct([field.with_type(inner(field.type)) for field in kind])
    if types.is_map(kind):
        return pyarrow.map_(inner(kind.key_type), inner(kind.item_type))
    if _is_list(kind):
        return pyarrow.large_list(kind.value_field.with_type(inner(kind.value_type)))
    return kind
