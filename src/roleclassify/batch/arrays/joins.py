"""Which neighbours may share a token over the blank between them: "CI / CD", "R & D", telephone numbers."""

from __future__ import annotations

import re
from string import ascii_letters

# What [a-z] matches in any letter case.
_LETTERS = ascii_letters + "\u0130\u0131\u017f\u212a"
# Words and signs that end, or begin, what "vitamin C", "A / B", "Toys R Us" and the like go on from, or with.
_LAST_WORDS = frozenset(
    "toys r a b m ci vitamin hepatitis series class plan section schedule category grade group appendix exhibit option "
    "phase tier block unit".split()
)
_LAST_SIGNS = ("\u00b0", "/", ".net", "ph.", "b.", "m.", "r'", 'r"', "r\u2019")
_FIRST_WORDS = frozenset(["us", "core", "cd", "tech", "sc"])
_QUOTES = "\"'\u2019"
# "J. Doe" and "A. First of all": joined with both neighbours, whatever they are.
_INITIAL = re.compile(r"[A-Z](?:\.|\)$)")

EDGE_WORDS = _LAST_WORDS | _FIRST_WORDS
"""Words in lower case that may be joined; others of four letters and more are not."""

KINDS = 6
"""Bits of each of the two numbers that :func:`edges` gives."""

_DIGITS, _BEFORE_AND, _AFTER_AND, _OTHERS, JOINS_BEHIND, JOINED_BEFORE = (1 << kind for kind in range(KINDS))


def edges(string: str) -> tuple[int, int]:
    """Say, as bits, how a string may be joined with the next one, and with the one before it.

    Two neighbours may share a token only where the first of one and the second of the other have a bit in common.
    """
    initial = _INITIAL.match(string) is not None
    return _opening(string) | JOINS_BEHIND * initial, _closing(string) | JOINED_BEFORE * initial


def _opening(string: str) -> int:
    before = string.rstrip(_LETTERS)
    last_word = string[len(before) :].lower()
    bits = JOINED_BEFORE
    if last_word:
        if len(last_word) <= 3 and not (before and (before[-1].isalnum() or before[-1] in "_&")):
            bits |= _BEFORE_AND
        if last_word in _LAST_WORDS:
            bits |= _OTHERS
    elif string[-1:].isdecimal() or (string[-1:] in tuple("().-") and string[-2:-1].isdecimal()):
        bits |= _DIGITS
    elif string.endswith("&"):
        bits |= _AFTER_AND
    return bits | _OTHERS if string.lower().endswith(_LAST_SIGNS) else bits


def _closing(string: str) -> int:
    behind = string.lstrip(_QUOTES).lstrip(_LETTERS)
    first_word = string[: len(string) - len(behind)].lstrip(_QUOTES).lower()
    bits = JOINS_BEHIND
    if first_word:
        if not behind or not (behind[0].isalnum() or behind[0] == "_"):
            bits |= _AFTER_AND * (len(first_word) == 1) | _OTHERS * (len(first_word) == 1 or first_word in _FIRST_WORDS)
    elif string[:1].isdecimal() or (string[:1] in tuple("().-") and string[1:2].isdecimal()):
        bits |= _DIGITS
    elif string.startswith("&"):
        bits |= _BEFORE_AND
    return bits | _OTHERS if string.startswith("/") else bits
