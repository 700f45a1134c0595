"""Labelled documents: read them from JSON Lines, CSV or Parquet."""

from __future__ import annotations

import csv
import json
import math
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
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
    reading
        Probability that the work is the second role's, as a careful reader judged it, in [0, 1]; None where unread.
    employer
        Who wrote it; empty where unknown. In a table without employers the group stands for them.
    year
        Empty where unknown.
    masked
        The text with titles replaced by other means than ours, to measure what titles leak; None where there is none.
    synthetic
        Written for training, not found.
    """

    id: str
    text: str
    label: str
    group: str = ""
    kind: str = ""
    near_miss: bool = False
    split: str = ""
    reading: float | None = None
    employer: str = ""
    year: str = ""
    masked: str | None = None
    synthetic: bool = False

    def target(self, labels: tuple[str, str]) -> float | None:
        """Probability of the second label: the reading, else the label; None for another occupation."""
        if self.label == OTHER or self.reading is not None:
            return self.reading
        return {labels[0]: 0.0, labels[1]: 1.0, MIXED: 0.5}[self.label]


@dataclass(frozen=True, slots=True)
class Columns:
    """Names of the columns; of ``group`` and ``employer`` the first that a table has is taken."""

    text: str = "text"
    label: str = "label"
    group: tuple[str, ...] = ("group", "source_group")
    employer: tuple[str, ...] = ("employer", "company")
    occupation: str = "other_title"


def read_labeled(
    paths: Sequence[Path],
    labels: tuple[str, str],
    *,
    split: str | None = None,
    columns: Columns | None = None,
    readings: Mapping[str, float] | None = None,
    near_misses: Collection[str] = (),
) -> list[LabeledDocument]:
    """Read labelled tables, told apart by their names' endings.

    Parameters
    ----------
    labels
        The two roles; other rows may be labelled ``other`` or ``mixed``.
    split
        Keep the rows of this split, and of tables that are not split; None keeps all.
    readings
        Probability of the second role by id, for rows that do not hold their ``reading`` themselves.
    near_misses
        Occupations that are close to the roles, in lower case.

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
        _document(row, chosen, _Table(f"{path}, row {number}", path.name, number), known, near_misses, readings or {})
        for path in paths
        for number, row in enumerate(_rows(path), start=1)
    ]
    if readings and not any(document.id in readings for document in documents):
        raise LabeledDataError("readings", "no id of the readings is in the tables", "check both id columns")
    kept = [document for document in documents if split is None or document.split in {split, ""}]
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


@dataclass(frozen=True, slots=True)
class _Table:
    """Where a row stands."""

    where: str
    name: str
    number: int


def _document(  # one row and all that it is read by
    row: dict[str, Any],
    columns: Columns,
    table: _Table,
    known: set[str],
    near_misses: Collection[str],
    readings: Mapping[str, float],
) -> LabeledDocument:
    where = table.where
    # A group is optional, but a column that was asked for by name is not.
    asked = columns.group if len(columns.group) == 1 else ()
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
    given = row.get("id")
    name = f"{table.name}:{table.number}" if given in (None, "") else str(given)
    group = _first(row, columns.group) or ""
    employer = _first(row, columns.employer)
    masked = row.get("text_masked")
    return LabeledDocument(
        id=name,
        text=text,
        label=label,
        group=group,
        # A table that names employers and no kind is an export of postings.
        kind=str(row.get("kind") or ("posting" if employer is not None else "")),
        near_miss=label == OTHER
        and (_truth(row, "near_miss", where) or str(row.get(columns.occupation)).lower() in near_misses),
        split=str(row.get("split") or ""),
        reading=_reading(row.get("reading"), where) if row.get("reading") not in (None, "") else readings.get(name),
        employer=group if employer is None else employer.casefold(),
        year=str(row.get("year") or ""),
        masked=masked if isinstance(masked, str) else None,
        synthetic=_truth(row, "synthetic", where),
    )


def _first(row: dict[str, Any], columns: Sequence[str]) -> str | None:
    """Value of the first of the columns that there is; None where there is none of them."""
    return next((str(row[column] or "") for column in columns if column in row), None)


def read_readings(path: Path, labels: tuple[str, str]) -> dict[str, float]:
    """Read a reader's judgements: columns ``id``, and ``reading`` or ``p_`` and the second label, ``_`` for ``-``.

    Raises
    ------
    LabeledDataError
        When the table cannot be read, a judgement is no number from 0 to 1, or an id has two.
    """
    readings: dict[str, float] = {}
    for number, row in enumerate(_rows(path), start=1):
        where = f"{path}, row {number}"
        column = next((name for name in ("reading", f"p_{labels[1].replace('-', '_')}") if name in row), None)
        if column is None or "id" not in row:
            raise LabeledDataError(where, "no columns 'id' and 'reading'", _known_columns(row))
        name, reading = str(row["id"]), _reading(row[column], where)
        if readings.setdefault(name, reading) != reading:
            raise LabeledDataError(where, "the same id has another reading before", "keep one reading an id")
    return readings


def _reading(value: object, where: str) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = math.nan
    if not 0 <= number <= 1:
        raise LabeledDataError(where, "the reading is no number from 0 to 1", "leave it empty where there is none")
    return number


def _known_columns(row: dict[str, Any]) -> str:
    """Name the columns, unless they look like a first row taken for a header."""
    names = [str(name) for name in row]
    if all(len(name) <= 30 and len(name.split()) <= 3 for name in names):
        return f"the columns are {', '.join(names)}"
    return "the first line must name the columns"


def _truth(row: dict[str, Any], column: str, where: str) -> bool:
    written = str(row.get(column) or "").strip().lower()
    if written in _TRUE or written in _FALSE:
        return written in _TRUE
    raise LabeledDataError(where, f"column {column!r} holds neither true nor false", "write true or false")
