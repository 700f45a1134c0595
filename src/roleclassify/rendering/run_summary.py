"""What became of the rows of a run, for the terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from roleclassify.result import UNDETERMINED


def run_summary(summary: Mapping[str, Any]) -> str:
    """Lay out counts and time, numbers in one column.

    Parameters
    ----------
    summary
        ``rows``, ``labels``, ``reasons``, ``errors``, ``n_ragged``, ``resumed``, ``seconds``, ``rows_per_second``.

    Examples
    --------
    >>> counts = {"rows": 1200, "labels": {"a": 1198}, "reasons": {}, "errors": 2, "n_ragged": 0}
    >>> print(run_summary({**counts, "resumed": {"rows": 0}, "seconds": 2.5, "rows_per_second": 480.0}), end="")
    rows    1,200
      a     1,198
    errors      2
    2.5 s, 480 rows/s
    """
    lines = list(_counts(summary))
    name_width = max(len(name) for name, _ in lines)
    number_width = max(len(f"{number:,}") for _, number in lines)
    table = "".join(f"{name:<{name_width}}  {number:>{number_width},}\n" for name, number in lines)
    return f"{table}{duration(summary['seconds'])}, {summary['rows_per_second']:,.0f} rows/s\n"


def duration(seconds: float) -> str:
    """Write a time as one reads it.

    Examples
    --------
    >>> duration(3.14159), duration(75.2), duration(7322.0)
    ('3.1 s', '1 min 15 s', '2 h 2 min')
    """
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


def ragged_row(source: str, line: int, n_cells: int) -> str:
    """Say where a row is that has more or fewer cells than the header."""
    cells = "1 cell" if n_cells == 1 else f"{n_cells} cells"
    return f"{source}, line {line}: {cells}, not as many as the header, or an open quote; the row is kept as it is"


def _counts(summary: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """Name and number of each line; a name's indent says what it is a part of."""
    yield "rows", summary["rows"]
    labels = summary["labels"]
    for label in sorted(labels, key=lambda label: (label == UNDETERMINED, label)):
        yield f"  {label}", labels[label]
    for reason, number in sorted(summary["reasons"].items()):
        yield f"    {reason}", number
    for name, number in (
        ("errors", summary["errors"]),
        ("ragged rows", summary["n_ragged"]),
        ("rows of an earlier run", summary["resumed"]["rows"]),
    ):
        if number:
            yield name, number
