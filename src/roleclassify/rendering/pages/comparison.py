"""Two documents side by side as a page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from roleclassify.evidence.comparison import Comparison, ConceptEmphasis
from roleclassify.rendering.pages.environment import render
from roleclassify.rendering.pages.views import SIDES
from roleclassify.rendering.words import REASONS, percent, quoted_wordings
from roleclassify.result import Explanation

_MOST_QUOTES = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A concept in two documents.

    Attributes
    ----------
    style
        Of its role; empty for a shared concept.
    quotes
        Different wordings in the first and in the second document.
    towards
        Style of the side that the difference leads to.
    length
        Of the longest bar, in percent.
    """

    concept: str
    description: str
    role: str
    style: str
    quotes: tuple[tuple[str, ...], tuple[str, ...]]
    difference: float
    towards: str
    length: float


def comparison_page(comparison: Comparison) -> str:
    """Write the page of two documents.

    Raises
    ------
    MissingExtraError
        When jinja2 is not installed.
    """
    labels = comparison.first.labels
    words = comparison.words[1] - comparison.words[0]
    longest = max([abs(item.difference) for item in comparison.concepts] + [abs(words), 1e-9])
    rows = {where: list(_rows(comparison, where, longest)) for where in ("both", "second", "first")}
    return render(
        "comparison",
        comparison=comparison,
        documents=(comparison.first, comparison.second),
        names=_names(comparison.first, comparison.second),
        reasons=[REASONS[reason] if reason else "" for reason in (comparison.first.reason, comparison.second.reason)],
        rows=rows,
        words=words,
        styles=dict(zip(labels, SIDES, strict=True)),
        percent=percent,
    )


def _names(first: Explanation, second: Explanation) -> tuple[str, str]:
    """Name both files, without their folders where that tells them apart."""
    paths = first.document.source, second.document.source
    names = tuple(path.replace("\\", "/").rpartition("/")[2] or path for path in paths)
    return (names[0], names[1]) if names[0] != names[1] else paths


def _rows(comparison: Comparison, where: str, longest: float) -> Iterator[Row]:
    styles = dict(zip(comparison.first.labels, SIDES, strict=True))
    for item in comparison.having(where):
        yield Row(
            item.concept,
            item.description,
            item.role,
            styles.get(item.role, ""),
            _quotes(comparison, item),
            item.difference,
            SIDES[item.difference > 0],
            round(100 * abs(item.difference) / longest, 1),
        )


def _quotes(comparison: Comparison, item: ConceptEmphasis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first, second = comparison.first.document.text, comparison.second.document.text
    return (
        tuple(quoted_wordings(item.spans[0], first, _MOST_QUOTES)),
        tuple(quoted_wordings(item.spans[1], second, _MOST_QUOTES)),
    )
