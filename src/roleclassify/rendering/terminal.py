"""Text for a terminal: what may be printed, the columns it takes, wrapped and cut to fit, coloured bars and quotes."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import click

COLORS = (31, 130)
"""Blue and orange of the 256 colours: both have a contrast of more than 4 on white and on black."""

BARS = ("▒", "█")
"""Of the first and of the second label, so that they are told apart without colour too."""

ORIGINS = {"given": "weight given, not learned", "median": "median weight of its role, not learned"}
"""What is said of a weight that does not come from training."""

_NARROWEST, _WIDEST = 40, 100
_MOST_QUOTES = 8
_WIDE_FROM = 72  # columns


def fitting(width: int) -> int:
    """Columns to lay out for: a line of more than 100 is hard to read, and in less than 40 there is no table."""
    return max(_NARROWEST, min(width, _WIDEST))


def visible(text: str) -> str:
    r"""Keep of a text what may be printed on one line.

    White space of any kind becomes a space; format characters, which are not seen but may turn the direction of
    writing, go; any other character that moves the cursor or has no picture becomes a question mark.

    Examples
    --------
    >>> visible("a\tb\x1b[2J\u202ec")
    'a b?[2Jc'
    """
    if text.isprintable():
        return text
    return "".join(character if character.isprintable() else _stand_in(character) for character in text)


def _stand_in(character: str) -> str:
    if character.isspace():
        return " "
    return "" if unicodedata.category(character) == "Cf" else "?"


def columns(text: str) -> int:
    """Count the columns that a printable text takes at most.

    Examples
    --------
    >>> columns("naïve"), columns("模型"), columns("e\N{COMBINING ACUTE ACCENT}")
    (5, 4, 1)
    """
    return len(text) if text.isascii() else sum(map(_columns, text))


def _columns(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me"):
        # The variation selector that asks for a picture makes a narrow character wide.
        return int(character == "\N{VARIATION SELECTOR-16}")
    return 1 + (unicodedata.east_asian_width(character) in ("W", "F"))


def wrap(text: str, width: int) -> Iterator[tuple[int, int]]:
    """Break a line between words; a word is broken where it is longer than ``width`` columns.

    Yields
    ------
    tuple of int
        Start and end (exclusive) of each row; together they are the whole text. A row's last character may be a space
        that stands beyond ``width``.
    """
    start = 0
    while start < len(text):
        end = _reach(text, start, width)
        if end < len(text):
            if text[end] == " ":
                end += 1
            else:
                space = text.rfind(" ", start, end)
                # The indent before a long word is no row of its own.
                end = space + 1 if space > start and text[start:space].strip() else end
        yield start, end
        start = end


def _reach(text: str, start: int, width: int) -> int:
    """End of what fits in ``width`` columns, one character at least."""
    if text.isascii():
        return min(len(text), start + width)
    end, used = start + 1, _columns(text[start])
    while end < len(text) and used + _columns(text[end]) <= width:
        used += _columns(text[end])
        end += 1
    return end


def paragraph(text: str, width: int, *, first: str = "", indent: str = "") -> Iterator[str]:
    """Wrap a text; ``first``, which may be styled, stands before its first row and ``indent`` before the others."""
    before = first
    for start, end in wrap(text, width - max(columns(click.unstyle(first)), columns(indent))):
        yield before + visible(text[start:end].rstrip())
        before = indent


def whole(text: str) -> str:
    """Keep a paragraph from breaking inside."""
    return text.replace(" ", "\N{NO-BREAK SPACE}")


def cut(text: str, width: int) -> str:
    """Cut a printable text to ``width`` columns, with an ellipsis for what is left out."""
    if columns(text) <= width:
        return text
    return text[: _reach(text, 0, width - 1)] + "…"


def pad(text: str, width: int) -> str:
    """Cut or fill a text to ``width`` columns."""
    shown = cut(visible(text), width)
    return shown + " " * (width - columns(shown))


def bar(second: bool, length: float) -> str:
    """Draw a bar of the first or the second label; no bar at all only for nothing."""
    characters = max(1, round(length)) if length > 0 else 0
    return click.style(BARS[second] * characters, fg=COLORS[second])


def named(label: str, second: bool) -> str:
    """Name a label in its colour and style: the first underlined, the second bold."""
    return click.style(visible(label), fg=COLORS[second], underline=not second or None, bold=second or None)


def painted(row: str, labels: tuple[str, str]) -> str:
    """Style the names of the labels and the pieces of bars in a row of prose."""
    styled = {visible(label): named(label, bool(second)) for second, label in enumerate(labels)}
    styled |= {piece: bar(bool(second), 1) for second, piece in enumerate(BARS)}
    longest_first = sorted(map(re.escape, styled), key=len, reverse=True)
    return re.sub("|".join(longest_first), lambda match: styled[match[0]], row)


def heading(text: str) -> str:
    """Set a heading apart."""
    return click.style(text, bold=True)


def hundredths(amount: int) -> str:
    """Write a number of hundredths with its sign."""
    return f"{amount / 100:+.2f}"


def quoted(text: str, spans: Iterable[tuple[int, int]], room: int) -> str:
    """Quote the different wordings in a text's spans, with their counts, as many as ``room`` columns hold."""
    wordings: dict[str, str] = {}
    counts: Counter[str] = Counter()
    for start, end in spans:
        wording = " ".join(visible(text[start:end]).split())
        wordings.setdefault(wording.lower(), wording)
        counts[wording.lower()] += 1
    pieces = [f"“{wordings[key]}”{f' x{count}' if count > 1 else ''}" for key, count in counts.most_common()]
    return _as_many(pieces, room)


def _as_many(pieces: Sequence[str], room: int) -> str:
    for n_shown in range(min(len(pieces), _MOST_QUOTES), 0, -1):
        n_left = len(pieces) - n_shown
        listed = ", ".join(pieces[:n_shown]) + (f", {n_left} more" if n_left else "")
        if columns(listed) <= room:
            return listed
    return cut(", ".join(pieces), room)


class Rows:
    """Rows of evidence under one another: what it adds, a bar, a name, and what is quoted for it.

    Attributes
    ----------
    indent
        What stands before a quotation on a row of its own.
    room
        Columns for quotations.
    """

    def __init__(self, names: Iterable[str], longest: float, width: int) -> None:
        self._bar, most = (12, width // 3) if width >= _WIDE_FROM else (4, width // 4)
        self._name = min(most, max(map(columns, map(visible, names)), default=0))
        self._longest = max(longest, 1e-9)
        self.indent = " " * (2 + 6 + 1 + self._bar + 1 + self._name + 2)
        self.room = width - len(self.indent)

    def row(self, amount: int, second: bool, name: str, quotes: str) -> str:
        """One row; ``amount`` is in hundredths."""
        drawn = bar(second, self._bar * min(1.0, abs(amount) / 100 / self._longest))
        space = " " * (self._bar - columns(click.unstyle(drawn)))
        return f"  {hundredths(amount):>6} {drawn}{space} {pad(name, self._name)}  {quotes}"
