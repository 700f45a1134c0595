"""Arrow tables as bytes, their types, and their values as Python's."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roleclassify.errors import MissingExtraError

if TYPE_CHECKING:
    from types import ModuleType

    import pyarrow


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
    return bool(
        types.is_null(kind) or types.is_string(kind) or types.is_large_string(kind) or types.is_string_view(kind)
    )


def python_values(column: pyarrow.ChunkedArray) -> list[Any]:
    """Give a column's values; times finer than Python's, where they are used, as ISO text."""
    import pyarrow

    kind = column.type
    coarse = _replaced(kind, pyarrow.types.is_timestamp, lambda found: pyarrow.timestamp("us", found.tz))
    coarse = _replaced(coarse, pyarrow.types.is_time64, lambda _: pyarrow.time64("us"))
    coarse = _replaced(coarse, pyarrow.types.is_duration, lambda _: pyarrow.duration("us"))
    try:
        values: list[Any] = column.cast(coarse).to_pylist()
    except (ValueError, OverflowError):
        values = column.cast(_replaced(kind, pyarrow.types.is_temporal, lambda _: pyarrow.string())).to_pylist()
    return values


def _replaced(
    kind: pyarrow.DataType,
    matches: Callable[[pyarrow.DataType], bool],
    replacement: Callable[[pyarrow.DataType], pyarrow.DataType],
) -> pyarrow.DataType:
    """Replace types, nested ones too."""
    import pyarrow
    from pyarrow import types

    if matches(kind):
        return replacement(kind)
    if types.is_struct(kind):
        return pyarrow.struct([field.with_type(_replaced(field.type, matches, replacement)) for field in kind])
    if types.is_list(kind):
        return pyarrow.list_(kind.value_field.with_type(_replaced(kind.value_type, matches, replacement)))
    if types.is_map(kind):
        return pyarrow.map_(
            _replaced(kind.key_type, matches, replacement), _replaced(kind.item_type, matches, replacement)
        )
    if types.is_large_list(kind):
        return pyarrow.large_list(kind.value_field.with_type(_replaced(kind.value_type, matches, replacement)))
    return kind
