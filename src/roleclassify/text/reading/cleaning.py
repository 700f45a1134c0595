"""What every format's text goes through last: newlines, control characters, surrogates, icon glyphs."""

from __future__ import annotations

import re

_NEWLINE = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Tab and newline are the only control characters a text needs; U+FEFF inside a text is a stray byte-order mark.
_CONTROL = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PRIVATE_USE = re.compile("[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+")
# Bullets of the symbol fonts that Word sets its lists with.
_SYMBOL_BULLETS = str.maketrans(dict.fromkeys("\uf0a7\uf0a8\uf0b7\uf0d8\uf0fc\uf076\uf06e", "\N{BULLET}"))
_LIGATURE = re.compile("[\ufb00-\ufb06]")
_LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}
_BLANK_LINES = re.compile(r"\n{3,}")
_BLANKS_BEFORE_NEWLINE = re.compile(r"[ \t\xa0]+\n")

# Icon fonts keep their pictures in Unicode's private area, where a character means nothing outside its font.
PRIVATE_USE_WARNING = "icon glyphs without a meaning were replaced by spaces"


def normalize(text: str) -> str:
    r"""Give every line the same ending and drop what is not text.

    Parameters
    ----------
    text
        Text as decoded.

    Returns
    -------
    str
        The same text with ``\n`` for every kind of line end, and without control characters and lone surrogates.

    Examples
    --------
    >>> normalize("a\r\nb\rc\x00d")
    'a\nb\ncd'
    """
    text = _CONTROL.sub("", _NEWLINE.sub("\n", text))
    if _SURROGATE.search(text):
        # Two halves of one character become that character; a half alone is dropped.
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return text


def tidy(text: str) -> tuple[str, tuple[str, ...]]:
    r"""Clean text that was laid out by a program, where blanks and glyphs are matters of looks.

    Parameters
    ----------
    text
        Text as a format's reader put it together.

    Returns
    -------
    tuple of str and tuple of str
        The text, with ligatures spelt out and neither soft hyphens, icon glyphs nor runs of empty lines; and warnings.

    Examples
    --------
    >>> tidy("ef\ufb01cient \n\n\n\nmod\xadels\n")
    ('efficient\n\nmodels', ())
    """
    text = normalize(text).replace("\xad", "").replace("\u200b", "")
    text = _LIGATURE.sub(lambda match: _LIGATURES[match[0]], text)
    text, n_private = _PRIVATE_USE.subn(" ", text.translate(_SYMBOL_BULLETS))
    text = _BLANK_LINES.sub("\n\n", _BLANKS_BEFORE_NEWLINE.sub("\n", text))
    return text.strip(), ((PRIVATE_USE_WARNING,) if n_private else ())
