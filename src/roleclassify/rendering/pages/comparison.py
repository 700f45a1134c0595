"""Two documents side by side as a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from roleclassify.evidence.comparison import Comparison, ConceptEmphasis
from roleclassify.rendering.comparison import shown_distance, shown_parts
from roleclassify.rendering.pages.environment import render
from roleclassify.rendering.pages.views import SIDES
from roleclassify.rendering.rounding import add_up
from roleclassify.rendering.words import REASONS, percent, quoted_wordings
from roleclassify.result import DEFAULT_TOP, Explanation, Origin

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
    amount
        What it adds to the distance, in hundredths.
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
    amount: int
    towards: str
    length: float
    origin: Origin


def comparison_page(comparison: Comparison, *, top: int = DEFAULT_TOP) -> str:
    """Write the page of two documents.

    Parameters
    ----------
    top
        Concepts of each part that the terminal shows; the page shows all, those with the same figures.

    Raises
    ------
    MissingExtraError
        When jinja2 is not installed.
    """
    labels = comparison.first.labels
    amounts, words = _amounts(comparison, top)
    rows = {where: list(_rows(comparison, where, amounts)) for where in ("both", "second", "first")}
    return render(
        "comparison",
        comparison=comparison,
        documents=(comparison.first, comparison.second),
        names=_names(comparison.first, comparison.second),
        reasons=[REASONS[reason] if reason else "" for reason in (comparison.first.reason, comparison.second.reason)],
        rows=rows,
        words=words,
        distance=shown_distance(comparison),
        styles=dict(zip(labels, SIDES, strict=True)),
        percent=percent,
    )


def _names(first: Explanation, second: Explanation) -> tuple[str, str]:
    """Name both files, without their folders where that tells them apart."""
    paths = first.document.source, second.document.source
    names = tuple(path.replace("\\", "/").rpartition("/")[2] or path for path in paths)
    return (names[0], names[1]) if names[0] != names[1] else paths


def _amounts(comparison: Comparison, top: int) -> tuple[dict[str, int], int]:
    """Give each concept, and the words that none explains, the part of the distance that is shown, in hundredths.

    The terminal's view shows the strongest concepts of each part; the others are taken from the sums it leaves out.
    """
    parts, words = shown_parts(comparison, top)
    differences = {item.concept: item.difference for item in comparison.concepts}
    amounts: dict[str, int] = {}
    for part in parts:
        amounts |= {item.concept: amount for item, amount in part.shown}
        for left_out, rest in zip(part.left_out, part.rest, strict=True):
            rounded = add_up([differences[concept] for concept in left_out], rest)
            amounts |= dict(zip(left_out, rounded, strict=True))
    return amounts, words


def _rows(comparison: Comparison, where: str, amounts: Mapping[str, int]) -> Iterator[Row]:
    styles = dict(zip(comparison.first.labels, SIDES, strict=True))
    longest = max((abs(item.difference) for item in comparison.concepts), default=0.0) or 1.0
    for item in comparison.having(where):
        yield Row(
            item.concept,
            item.description,
            item.role,
            styles.get(item.role, ""),
            _quotes(comparison, item),
            amounts.get(item.concept, 0),  # a concept of both roles adds nothing
            SIDES[item.difference > 0],
            round(100 * abs(item.difference) / longest, 1),
            item.origin,
        )


def _quotes(comparison: Comparison, item: ConceptEmphasis) -> tuple[tuple[str, ...], tuple[str, ...]]:
    first, second = comparison.first.document.text, comparison.second.document.text
    return (
        tuple(quoted_wordings(item.spans[0], first, _MOST_QUOTES)),
        tuple(quoted_wordings(item.spans[1], second, _MOST_QUOTES)),
    )
