"""The one definition of a token, with offsets into the original text.

The lexicon, the TF-IDF terms and the highlights all rest on :func:`tokenize`.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MASK = "[ROLE]"
"""Stands for a role title that was masked; written in the input, it is a mask too."""


class Token(NamedTuple):
    """A token and where it stands.

    Attributes
    ----------
    word
        What is matched and counted: the characters with typographic variants folded, letter case kept. For a token
        of another kind than ``word`` and ``number``, its kind in angle brackets, or the mask.
    start, end
        Character offsets into the text, end exclusive.
    kind
        ``word``, ``number``, ``email``, ``url``, ``phone``, ``name``, ``label``, ``mention`` (part of somebody else's
        role title), ``denied`` (what the work is said not to be) or ``mask``. Only words form terms, so only words
        carry weight in TF-IDF.
    """

    word: str
    start: int
    end: int
    kind: str


# Order matters: the first alternative that matches wins. A named group gives the kind.
_PATTERN = re.compile(
    r"""
    (?P<mask>\[ROLE\])
  | (?P<url>(?:https?://|www\.)[^\s<>"']+[^\s<>"'.,;:!?)\]}]
      | (?<![\w.@-])(?:[a-z0-9-]+\.)+(?-i:com|org|edu|gov|io|dev|me|co|uk|de|in|info|net(?=/))(?![\w@-])
        (?:/[^\s<>"',;)\]]*[^\s<>"',;:.)\]])?)
  | (?P<email>(?<![\w.+-])[\w.+-]+@(?:\w[\w-]*\.)+\w{2,})
  | (?P<phone>(?<![\w.])(?:\+\d{1,3}[\s.-]?\(?\d|\(\d{2,4}\)[\s.-]?\d|0\d{2,4}[\s.-]\d|\d{3}[.-]\d{3}[.-]\d)
        (?:[\s().-]{0,2}\d){3,11}(?!\w))
      # R and C that are no languages: initials, lettered lists, "Series C", "Toys R Us", "(C)"
  | (?P<name>(?-i:(?<!\w)(?!(?:Use|Using|In|And|With|Know|Python|Excel|Java|Scala|Stata|Tableau|Languages?)\b)
          [A-Z][a-z]+\ (?!U\.\ ?S\.)(?:[A-Z]\.\ ?)+(?=[A-Z][a-z]))
      | (?<!\w)toys\ ["'\u2019]?r["'\u2019]?\ us\b
      | \b(?:vitamin|hepatitis|series|class|plan|section|schedule|category|grade|group|appendix|exhibit|option|phase
          |tier|block|unit)\ (?-i:[A-Z])(?![\w+#&/-]))
  | (?P<label>^[ \t]*(?-i:[A-Z])[.)](?=[ \t])|\([a-z]\)|(?-i:C):\\|°\ ?[cf](?!\w))
  | (?P<number>\d+(?:[.,:]\d+)*(?:-[a-z](?![\w-]))?(?!\w))
  | (?P<word>
        (?<![\w])\.net\b(?:\ core\b)?                       # .NET
      | (?<![\w])(?:c\+\+(?:\d\d)?(?!\w)|[cfj]\#(?!\w))         # C++, C++17, C#, F#
      | (?<![\w])(?:ci\ ?/\ ?cd|a\ ?/\ ?b(?:/n)?|pl/sql|i/o|tcp/ip|n/a|pub/sub|blue/green|c/o)(?![\w/])
      | (?<![\w&])[a-z]{1,3}\ ?&\ ?[a-z](?![\w])                # R&D, P&L, M&A, AT&T
      | (?<![\w.])(?:ph\.\ ?d|m\.?\ ?sc|b\.?\ ?sc|b\.\ ?tech|m\.\ ?tech|(?:[a-z]\.){2,}[a-z]?)
        (?:\.(?!\w)|(?!\w)|(?<=\.))                          # Ph.D., B.Sc, e.g., U.S.
      | [^\W_]+(?:[._](?=js\b|ai\b|net\b)(?:js|ai|net)\b)       # node.js, H2O.ai, ASP.NET
      | [^\W_]+\+\+(?!\w)
      | [^\W_]+(?:(?:['\u2019](?=[^\W_])|[-\u2010\u2011_](?=[^\W_]))[^\W_]+)*
    )
    """,
    re.VERBOSE | re.IGNORECASE | re.MULTILINE,
)

_FOLD = str.maketrans({"\u2019": "'", "\u2010": "-", "\u2011": "-", "_": "-", " ": None})


def tokenize(text: str) -> list[Token]:
    """Split a text into tokens.

    Parameters
    ----------
    text
        Any text.

    Returns
    -------
    list of Token
        In order, not overlapping; ``text[token.start:token.end]`` is what was read.

    Examples
    --------
    >>> [token.word for token in tokenize("C++, CI/CD and R&D; mail a.b@example.com")]
    ['C++', 'CI/CD', 'and', 'R&D', 'mail', '<email>']
    """
    tokens = []
    for match in _PATTERN.finditer(text):
        kind = match.lastgroup or "word"
        start, end = match.span()
        if kind in ("word", "number"):
            word = match.group()
            if not word.isalnum():
                word = word.translate(_FOLD)
        else:
            word = MASK if kind == "mask" else f"<{kind}>"
        tokens.append(Token(word, start, end, kind))
    return tokens
