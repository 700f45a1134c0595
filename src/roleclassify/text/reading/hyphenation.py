"""Words broken at the end of a line, put together where it is clear that they were one."""

from __future__ import annotations

import re

_BROKEN = re.compile(r"(?<![\w-])([^\W\d_]{2,})([-\xad\u2010])\n([^\W\d_]{2,})(?![\w-])")
_HARD = re.compile(r"[^\W\d_]{2,}-[^\W\d_]{2,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_SOFT = "\xad"
# Halves of the compounds that resumes and postings write with a hyphen; a break after one is no broken word.
# One string, as a list of quoted words would be three times as long.
_HALVES = frozenset(
    """
    art based bound built by class core critical cross customer cutting cycle data day deadline decision deep
    depth detail down driven edge end ended ever facing fast first focused follow free friendly full functional hand
    hands hard high house ideal in intensive key kind large latency law leading learning level life line long loop low
    machine making market mid minded model motivated multi new non of off on one open oriented out paced part party
    performance point post pre problem production quality ready real related risk savvy scale self series service
    short side skilled small smart solving source specific stack standing start state structured sub super task team
    tech term the third thinking time to top touch two under up user value way well wide winning work working world
    year
    """.split()
)


def join_broken_words(text: str) -> str:
    r"""Join words that were hyphenated at the end of a line.

    Parameters
    ----------
    text
        Text with its lines as they were set.

    Returns
    -------
    str
        The text, with a broken word made whole; a compound that was broken at its own hyphen stays as it is.

    Examples
    --------
    >>> join_broken_words("the develop-\nment of real-\ntime systems")
    'the development of real-\ntime systems'
    """
    if "-\n" not in text and "\xad\n" not in text and "\u2010\n" not in text:
        return text
    words = frozenset(word.lower() for word in _WORD.findall(text))
    compounds = frozenset(compound.lower() for compound in _HARD.findall(text))

    def joined(match: re.Match[str]) -> str:
        head, hyphen, tail = match.groups()
        return head + tail if hyphen == _SOFT or _is_one_word(head, tail, words, compounds) else match[0]

    return _BROKEN.sub(joined, text)


def _is_one_word(head: str, tail: str, words: frozenset[str], compounds: frozenset[str]) -> bool:
    """Ask the document itself: how it writes the word elsewhere, and whether both halves are words."""
    if not tail.islower() and not (head + tail).isupper():
        # A capital after the hyphen begins a name.
        return False
    head, tail = head.lower(), tail.lower()
    if f"{head}-{tail}" in compounds:
        return False
    if head + tail in words:
        return True
    return not (head in _HALVES and tail in _HALVES)
