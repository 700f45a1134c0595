"""Paragraphs, list items and headings of a text."""

from __future__ import annotations

import re
from typing import NamedTuple

_BULLET = re.compile(r"\s*(?:[-*+•▪‣·◦\u2013]|\d{1,2}[.)])\s+")
_EMPHASIS = re.compile(r"[*_`]{1,3}")
_STOPS = (".", "!", "?", ":", ";")

WRAPPED = 60
"""A line of at least so many characters that ends in no stop goes on in the next."""

HEADING_WORDS = 9
"""Most words of a heading."""


class Block(NamedTuple):
    """A paragraph, list item or heading: the number of its first line, its text on one line, and what it is.

    ``is_marked`` is true of what is marked as a heading (``## Skills``, ``Skills:``), or has capitals in every word.
    """

    line: int
    text: str
    is_item: bool
    is_marked: bool

    @property
    def is_short(self) -> bool:
        """Whether it is short enough for a heading, and neither item, list nor sentence."""
        is_sentence = self.text.endswith((".", "!", ";", ",")) or "," in self.text
        return not self.is_item and not is_sentence and len(self.text.split()) <= HEADING_WORDS


def blocks_of(text: str) -> list[Block]:
    r"""Cut a text into blocks, joining the lines of a wrapped paragraph.

    Examples
    --------
    >>> [block.text for block in blocks_of("# Duties\n- builds reports\n  for sales\n- counts")]
    ['Duties', 'builds reports for sales', 'counts']
    """
    blocks: list[Block] = []
    before = ""
    for number, line in enumerate(text.splitlines(), start=1):
        bullet = _BULLET.match(line)
        content = _EMPHASIS.sub("", line[bullet.end() :] if bullet else line).lstrip("#>| \t").rstrip("#:| \t")
        # A colon tells that something follows, whatever marks stand around it.
        content += ":" if content and line.rstrip("*_` ").endswith(":") else ""
        goes_on = before and not bullet and not before.endswith(_STOPS) and not line.startswith("#")
        if content and goes_on and (content[0].islower() or (len(before) >= WRAPPED and not blocks[-1].is_marked)):
            blocks[-1] = blocks[-1]._replace(text=f"{blocks[-1].text} {content}", is_marked=False)
        elif content:
            is_marked = line.startswith("#") or content.endswith(":") or _is_capitalised(content)
            blocks.append(Block(number, content, bullet is not None, is_marked))
        before = content
    return blocks


def _is_capitalised(content: str) -> bool:
    return all(not word[0].islower() for word in content.split() if len(word) > 3)
