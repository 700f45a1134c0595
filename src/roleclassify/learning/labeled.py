"""Labelled documents: read them from JSON Lines, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roleclassify.errors import LabeledDataError, MissingExtraError

OTHER = "other"
"""Label of another occupation."""

MIXED = "mixed"
"""Label of a document that is half the one role and half the other."""

_TRUE = frozenset({"true", "1", "yes", "y"})
_FALSE = frozenset({"false", "0", "no", "n", "", "none", "nan"})


@dataclass(frozen=True, slots=True)
class LabeledDocument:
    """A document and what it is.

    Attributes
    ----------
    id
        As in the table, else file name and row number.
    label
        One of the two roles, ``other`` or ``mixed``.
    group
        Documents of one group (source, employer, writer) never stand on both sides of a split; empty where unknown.
    kind
        ``posting`` or ``resume``; empty where unknown.
    near_miss
        An ``other`` that is close to the roles: data analyst, data engineer, software engineer.
    split
        ``train``, ``test`` or empty.
    """

    id: str
    text: str
    label: str
    group: str = ""
    kind: str = ""
    near_miss: bool = False
    split: str = ""


DEFAULT_GROUP_COLUMN = "group"


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns that hold text, label and group."""

    text: str = "text"
    label: str = "label"
    group: str = DEFAULT_GROUP_COLUMN


def read_labeled(
    paths: Sequence[Path], labels: tuple[str, str], *, split: str | None = None, columns: Columns | None = None
) -> list[LabeledDocument]:
    """Read labelled tables, told apart by their names' endings.

    Parameters
    ----------
    labels
        The two roles; other rows may be labelled ``other`` or ``mixed``.
    split
        Keep the rows of this split only; None keeps all.

    Raises
    ------
    LabeledDataError
        When a table cannot be read, a column is missing or a label is unknown.
    MissingExtraError
        When a Parquet file is given and pyarrow is not installed.
    """
    chosen = columns or Columns()
    known = {*labels, OTHER, MIXED}
    documents = [
        _document(path, number, row, chosen, known) for path in paths for number, row in enumerate(_rows(path), start=1)
    ]
    kept = [document for document in documents if split is None or document.split == split]
    if not kept:
        where = ", ".join(str(path) for path in paths)
        raise LabeledDataError(
            where, "no labelled document" + (f" with split {split!r}" if split else ""), "name a table with rows"
        )
    return kept


def _rows(path: Path) -> Iterable[dict[str, Any]]:
    readers = {".jsonl": _jsonl_rows, ".ndjson": _jsonl_rows, ".csv": _csv_rows, ".parquet": _parquet_rows}
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise LabeledDataError(
            str(path), f"unknown kind of table {path.suffix!r}", f"use one of {', '.join(sorted(readers))}"
        )
    try:
        return list(reader(path))
    except OSError as error:
        raise LabeledDataError(
            str(path), f"cannot be read ({error.strerror or type(error).__name__})", "check the path"
        ) from error
    except (ValueError, RecursionError, csv.Error) as error:
        raise LabeledDataError(
            str(path), f"is no valid {path.suffix[1:]} table ({type(error).__name__})", "check the file"
        ) from error


def _jsonl_rows(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, start=1):
            if line.strip():
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise LabeledDataError(str(path), f"line {number} is no JSON object", "write one object a line")
                yield row


def _csv_rows(path: Path) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(sys.maxsize)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        yield from csv.DictReader(lines)


def _parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        from pyarrow import parquet
    except ImportError as error:
        raise MissingExtraError("reading Parquet", "pyarrow", "parquet") from error
    with parquet.ParquetFile(path) as table:
        for batch in table.iter_batches():
            yield from batch.to_pylist()


def _document(path: Path, number: int, row: dict[str, Any], columns: Columns, known: set[str]) -> LabeledDocument:
    where = f"{path}, row {number}"
    # A group is optional, but a column that was asked for by name is not.
    asked = (columns.group,) if columns.group != DEFAULT_GROUP_COLUMN else ()
    for column in (columns.text, columns.label, *asked):
        if column not in row:
            raise LabeledDataError(where, f"no column {column!r}", _known_columns(row))
    text, label = row[columns.text], str(row[columns.label])
    if not isinstance(text, str):
        raise LabeledDataError(where, f"column {columns.text!r} holds no text", "leave the row out or fill it")
    if label not in known:
        # The cell itself is not named: where columns are mixed up it may be somebody's resume.
        why = f"column {columns.label!r} holds an unknown label"
        raise LabeledDataError(where, why, f"use one of {', '.join(sorted(known))}")
    return LabeledDocument(
        id=str(row.get("id") or f"{path.name}:{number}"),
        text=text,
        label=label,
        group=str(row.get(columns.group) or ""),
        kind=str(row.get("kind") or ""),
        near_miss=_truth(row.get("near_miss"), where),
        split=str(row.get("split") or ""),
    )


def _known_columns(row: dict[str, Any]) -> str:
    """Name the columns, unless they look like a first row taken for a header."""
    names = [str(name) for name in row]
    if all(len(name) <= 30 and len(name.split()) <= 3 for name in names):
        return f"the columns are {', '.join(names)}"
    return "the first line must name the columns"


def _truth(value: object, where: str) -> bool:
    written = str(value).strip().lower() if value is not None else ""
    if written in _TRUE or written in _FALSE:
        return written in _TRUE
    raise LabeledDataError(where, "column 'near_miss' holds neither true nor false", "write true or false")
