"""Names of files and the like, fit to be shown."""

from __future__ import annotations


def printable(name: str) -> str:
    r"""Replace what would move the cursor, break a line or fit no encoding.

    Examples
    --------
    >>> printable("a\nb")
    'a?b'
    """
    return "".join(character if character.isprintable() else "?" for character in name)
