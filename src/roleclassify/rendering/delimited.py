"""Results as CSV that a spreadsheet opens without running anything."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator

from roleclassify.result import Classification, Origin

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def csv_lines(results: Iterable[Classification], labels: tuple[str, str]) -> Iterator[str]:
    """Yield the header, then a line a document."""
    p_labels = [f"p_{label.replace('-', '_')}" for label in labels]
    yield _line(
        [
            "id",
            "label",
            "reason",
            "probability",
            *p_labels,
            "domain_probability",
            "stated_title",
            "evidence",
            "warnings",
            "error",
            "model",
        ]
    )
    for result in results:
        yield _line(
            [
                result.id,
                result.label,
                result.reason,
                result.probability,
                *(result.probabilities[label] for label in labels),
                result.domain.probability,
                result.stated_title,
                "; ".join(evidence_item(item.feature, item.contribution, item.origin) for item in result.evidence),
                "; ".join(result.warnings),
                result.error,
                result.model,
            ]
        )


def _line(cells: list[object]) -> str:
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(
        [harmless(cell) if isinstance(cell, str) else cell for cell in cells]
    )
    return line.getvalue()


def evidence_item(name: str, contribution: float, origin: Origin) -> str:
    """Write a piece of evidence; a weight that was not learned says so.

    Examples
    --------
    >>> evidence_item("mlops", 0.224, "learned"), evidence_item("my-concept", 0.31, "median")
    ('mlops +0.22', 'my-concept +0.31 (median weight)')
    """
    mark = "" if origin == "learned" else f" ({origin} weight)"
    return f"{name} {contribution:+.2f}{mark}"


def harmless(cell: str) -> str:
    """Put an apostrophe before a cell that a spreadsheet would take for a formula.

    Examples
    --------
    >>> harmless("=1+1"), harmless("cv.pdf")
    ("'=1+1", 'cv.pdf')
    """
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell
