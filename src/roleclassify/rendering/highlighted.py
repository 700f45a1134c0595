"""A document's text for a terminal, its evidence marked: by colour and style, or by brackets where there is none."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from roleclassify.evidence.highlights import Highlight
from roleclassify.rendering.terminal import COLORS, visible, wrap
from roleclassify.rendering.words import FAINTEST

MOST_ROWS = 40

_BRACKETS = (("{", "-", "}"), ("[", "+", "]"))
_STRONG = 0.5
"""From this fraction of the strongest mark on, a mark is strong."""


@dataclass(frozen=True, slots=True)
class _Mark:
    """Where a highlight stands in a line as it is printed."""

    start: int
    end: int
    second: bool
    strong: bool
    strength: float


@dataclass(frozen=True, slots=True)
class _Row:
    text: str
    strength: float


def legend(labels: tuple[str, str], *, color: bool) -> str:
    """Say how the two labels are marked."""
    if color:
        return f"{labels[0]}, {labels[1]}, on a field of colour where strong"
    first, second = (
        f"{opening}{sign}{label}{closing}" for label, (opening, sign, closing) in zip(labels, _BRACKETS, strict=True)
    )
    return f"{first}, {second}, the sign twice where strong"


def highlighted(text: str, found: Sequence[Highlight], *, width: int, color: bool) -> list[str]:
    """Print a text with its highlights; of a long one the rows with the strongest, of one without any nothing.

    Parameters
    ----------
    found
        In order of the text, none overlapping.
    width
        Columns of the longest row.

    Returns
    -------
    list of str
        At most ``MOST_ROWS``.
    """
    enough = [each for each in found if abs(each.contribution) >= FAINTEST]
    rows = list(_Printer(text, enough, width=width, color=color).rows()) if enough else []
    return [row.text for row in rows] if len(rows) <= MOST_ROWS else _strongest(rows)


def _strongest(rows: Sequence[_Row]) -> list[str]:
    """Choose the rows with the strongest marks; what is left out is an ellipsis, and counted."""
    marked = sorted((number for number, row in enumerate(rows) if row.strength), key=lambda n: (-rows[n].strength, n))
    # Rows far apart need as many ellipses between them, so how many fit is found by trying.
    for n_chosen in range(min(len(marked), MOST_ROWS), -1, -1):
        shown = _without_small_gaps(sorted(marked[:n_chosen]), len(rows))
        printed = list(_with_gaps(rows, shown))
        n_left = len(set(marked) - set(shown))
        if n_left:
            printed.append(f"({n_left} more lines with marks)")
        if len(printed) <= MOST_ROWS:
            break
    return printed


def _without_small_gaps(chosen: Sequence[int], n_rows: int) -> list[int]:
    """Add rows that stand alone between chosen ones: an ellipsis would be no shorter."""
    around = [-1, *chosen, n_rows]
    alone = [before + 1 for before, after in itertools.pairwise(around) if after - before == 2]
    return sorted([*chosen, *alone])


def _with_gaps(rows: Sequence[_Row], shown: Sequence[int]) -> Iterator[str]:
    done = 0
    for number in shown:
        if number > done:
            yield "…"
        yield rows[number].text
        done = number + 1
    if done < len(rows):
        yield "…"


class _Printer:
    """Prints the lines of a text as rows, marks and all."""

    def __init__(self, text: str, found: Sequence[Highlight], *, width: int, color: bool) -> None:
        self._text, self._found, self._width, self._color = text, found, width, color
        self._starts, self._ends = [each.start for each in found], [each.end for each in found]
        self._strongest = max((abs(each.contribution) for each in found), default=0.0)

    def rows(self) -> Iterator[_Row]:
        start = 0
        for line in self._text.splitlines(keepends=True):
            (content,) = line.splitlines()
            printed, marks = self._line(start, start + len(content))
            starts, ends = [mark.start for mark in marks], [mark.end for mark in marks]
            for first, last in list(wrap(printed, self._width)) or [(0, 0)]:
                row = printed[first:last].rstrip()
                here = marks[bisect_right(ends, first) : bisect_left(starts, last)]
                strength = math.fsum(mark.strength for mark in here)
                yield _Row(self._styled(row, first, here) if self._color else row, strength)
            start += len(line)

    def _line(self, start: int, end: int) -> tuple[str, list[_Mark]]:
        """Line of the text as it is printed, brackets put in where there is no colour, and its marks."""
        pieces: list[str] = []
        marks: list[_Mark] = []
        done, length = start, 0
        for each in self._found[bisect_right(self._ends, start) : bisect_left(self._starts, end)]:
            # A highlight that goes on over the line's end is marked in each line apart.
            first, last = _stripped(self._text, max(start, each.start), min(end, each.end))
            if first >= last:
                continue
            before, inside = visible(self._text[done:first]), self._bracketed(each, visible(self._text[first:last]))
            pieces += [before, inside]
            begin = length + len(before)
            length = begin + len(inside)
            marks.append(_Mark(begin, length, each.contribution > 0, self._is_strong(each), abs(each.contribution)))
            done = last
        pieces.append(visible(self._text[done:end]))
        return "".join(pieces), marks

    def _bracketed(self, highlight: Highlight, inside: str) -> str:
        if self._color:
            return inside
        opening, sign, closing = _BRACKETS[highlight.contribution > 0]
        return f"{opening}{sign * (1 + self._is_strong(highlight))}{inside}{closing}"

    def _is_strong(self, highlight: Highlight) -> bool:
        return abs(highlight.contribution) >= _STRONG * self._strongest

    def _styled(self, row: str, offset: int, marks: Sequence[_Mark]) -> str:
        pieces, done = [], 0
        for mark in marks:
            start, end = max(0, mark.start - offset), min(len(row), mark.end - offset)
            pieces += [row[done:start], _style(row[start:end], mark)]
            done = end
        return "".join(pieces) + row[done:]


def _stripped(text: str, start: int, end: int) -> tuple[int, int]:
    part = text[start:end]
    return start + len(part) - len(part.lstrip()), start + len(part.rstrip())


def _style(text: str, mark: _Mark) -> str:
    shape = {"bold": True} if mark.second else {"underline": True}
    return click.style(text, fg=COLORS[mark.second], reverse=mark.strong or None, **shape)
