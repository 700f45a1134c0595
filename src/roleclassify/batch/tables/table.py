"""Open a table of any form, and plan how it is written with its answers.

The process that runs everything opens a source, plans a target, and hands each block with the source's layout and the
target to a worker: ``target.encode(rows, answers)`` of ``rows = read_rows(block, layout)`` are the bytes to append.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from typing import BinaryIO, cast

from roleclassify.batch.tables.block import FORMS, Block, Form, Layout, Rows, Source, Target
from roleclassify.batch.tables.columns import EXTRA_CELLS, INPUT_LINE, OTHER_FIELDS, added_columns
from roleclassify.batch.tables.compression import compression_of_name, decompressed, require_codec
from roleclassify.batch.tables.csv_source import CsvSource
from roleclassify.batch.tables.csv_target import plan_csv
from roleclassify.batch.tables.jsonl_source import JsonlSource
from roleclassify.batch.tables.jsonl_target import JsonlTarget
from roleclassify.batch.tables.parquet_source import ParquetSource
from roleclassify.batch.tables.parquet_target import plan_parquet
from roleclassify.batch.tables.stream import Stream
from roleclassify.errors import TableError, TableUsageError

STANDARD_INPUT = "-"

_SUFFIXES: dict[str, Form] = {
    **{".csv": "csv", ".tsv": "tsv", ".tab": "tsv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".json": "jsonl"},
    **{".parquet": "parquet", ".pq": "parquet"},
}
_FOREIGN_SUFFIXES = frozenset(
    {
        *(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".numbers", ".zip", ".xz", ".7z", ".rar", ".tar", ".tgz", ".lz4"),
        *(".feather", ".arrow", ".orc", ".avro", ".sqlite", ".db", ".docx", ".pdf", ".html", ".xml"),
    }
)
"""Of files that are something else than a table of ours, so that their name would lie."""

_WHITE = b" \t\r\n\xef\xbb\xbf\xff\xfe\0"


@contextlib.contextmanager
def open_source(path: str, *, form: str | None = None, text_column: str | None = None) -> Iterator[Source]:
    """Open a table.

    Parameters
    ----------
    path
        A file, or ``-`` for standard input; plain or compressed, which its content tells.
    form
        One of ``FORMS``; None tells it by the name, then by the content.
    text_column
        Name of the column to score; None takes the only one with a usual name.

    Raises
    ------
    TableError
        When there is no such file or its content is no table.
    TableUsageError
        When the text column cannot be found, the form is unknown, or the name is that of a spreadsheet or an archive
        and no form is given.
    MissingExtraError
        When a package is needed that is not installed.
    """
    chosen = _form(form)
    with contextlib.ExitStack() as opened:
        raw, size = _open(path)
        if path != STANDARD_INPUT:
            opened.enter_context(raw)
        if chosen is None:
            _refuse_foreign(path, "is no table that can be read", "export it as CSV, or say --input-format")
        stored = Stream(_checked_read(raw, path))
        stream = decompressed(stored, path)
        chosen = chosen or _form_of_name(compression_of_name(path)[1]) or _form_of_content(stream.peek(64))
        if chosen == "parquet":
            as_it_stands = stream is stored and size is not None
            yield ParquetSource(None if as_it_stands else stream, path, opened, text_column=text_column, size=size)
        elif chosen == "jsonl":
            yield JsonlSource(stream, stored, path, text_column=text_column, size=size)
        else:
            yield CsvSource(stream, stored, path, form=chosen, text_column=text_column, size=size)


def read_rows(block: Block, layout: Layout) -> Rows:
    """Take a block apart: its texts, and what it takes to write its rows again."""
    return layout.read(block)


def plan_target(
    layout: Layout, *, labels: tuple[str, str], prefix: str, path: str | None = None, form: str | None = None
) -> Target:
    """Plan how the table is written with its answers.

    Parameters
    ----------
    path
        Where to, its name tells form and compression; None is standard output.
    form
        One of ``FORMS``; None tells it by the name, else it stays what the input is.

    Raises
    ------
    TableUsageError
        When the prefix cannot begin a name, the table has a column of a name to be added, the form is unknown, or
        none is given and the path's suffix is that of something else.
    MissingExtraError
        When a package is needed that is not installed.
    """
    compression, name = compression_of_name(path or "")
    require_codec(compression)
    if form is None:
        remedy = "name it .csv, .tsv, .jsonl or .parquet (and .gz, .bz2 or .zst behind), or say --format"
        _refuse_foreign(name, "cannot be written", remedy)
    chosen = _form(form) or _form_of_name(name) or layout.form
    if layout.form in ("csv", "tsv") and chosen not in ("csv", "tsv"):
        extra = [EXTRA_CELLS]
    elif layout.form == "jsonl":
        extra = [INPUT_LINE] if chosen == "jsonl" else [INPUT_LINE, OTHER_FIELDS]
    else:
        extra = []
    added = added_columns(labels, prefix, layout.columns, extra)
    if chosen == "jsonl":
        return JsonlTarget(added, prefix, compression)
    if chosen == "parquet":
        return plan_parquet(layout, added, prefix, compression)
    return plan_csv(layout, chosen, added, prefix, compression)


def _form(named: str | None) -> Form | None:
    if named is None:
        return None
    if named not in FORMS:
        raise TableUsageError(f"format {named!r}", "it is unknown", f"use one of {', '.join(FORMS)}")
    return named


def _form_of_name(name: str) -> Form | None:
    return _SUFFIXES.get(PurePath(name).suffix.lower())


def _refuse_foreign(name: str, why: str, remedy: str) -> None:
    """Raise TableUsageError for a name whose suffix is that of something else than a table."""
    suffix = PurePath(name).suffix.lower()
    if suffix in _FOREIGN_SUFFIXES:
        raise TableUsageError(name, f"{suffix} {why}", remedy)


def _form_of_content(head: bytes) -> Form:
    if head.startswith(b"PAR1"):
        return "parquet"
    # An array is told apart, and refused, as JSON Lines.
    return "jsonl" if head.lstrip(_WHITE).removeprefix(b"[").lstrip(_WHITE).startswith(b"{") else "csv"


def _open(path: str) -> tuple[BinaryIO, int | None]:
    if path == STANDARD_INPUT:
        if sys.stdin is None:
            raise TableError(path, "standard input is closed", "name a file, or pipe a table in")
        return sys.stdin.buffer, None
    try:
        # Unbuffered: what reads it asks for megabytes.
        file = cast("BinaryIO", Path(path).open("rb", buffering=0))  # noqa: SIM115 -- the caller closes it
        return file, os.fstat(file.fileno()).st_size if Path(path).is_file() else None
    except FileNotFoundError as error:
        raise TableError(path, "there is no such file", "check the path") from error
    except OSError as error:
        raise TableError(path, f"it cannot be opened ({error.strerror})", "give a file that you may read") from error


def _checked_read(raw: BinaryIO, path: str) -> Callable[[int], bytes]:
    def read(n_bytes: int) -> bytes:
        try:
            return raw.read(n_bytes)
        except OSError as error:
            raise TableError(path, f"it cannot be read ({error.strerror})", "check the disk it is on") from error

    return read
