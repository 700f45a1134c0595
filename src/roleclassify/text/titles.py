"""Role titles: find them, tell whose they are, mask them before scoring."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from roleclassify.text.tokens import MASK, Token

CUE_WINDOW = 6
"""How many tokens before a title are searched for a word that tells whose title it is."""

# No title crosses these; a bullet or a line's end may stand in one that was wrapped.
_TITLE_END = re.compile(r"[.;!?]\s|\)\s*\)")
_ABBREVIATED = frozenset({"sr", "jr", "eng", "st"})
# Behind these a cue speaks of something else.
_SENTENCE_END = re.compile(r"[.!?;:•|]\s|\n")


def _behind_list(text: str, tokens: Sequence[Token], first: int, last: int) -> int:
    """First token of what can be a title: "Engineer, Machine Learning" has a comma, a list of skills has several."""
    commas = [
        position
        for position in range(first + 1, last)
        if "," in text[tokens[position - 1].end : tokens[position].start]
    ]
    return commas[-1] if len(commas) > 1 else first


Match = tuple[int, int, int]
"""Start and end in the words joined, and number of the pattern."""


class Title(NamedTuple):
    """A role title in a document: its label, its tokens (last exclusive), and whether it is the document's own."""

    label: str
    first: int
    last: int
    own: bool


@dataclass(frozen=True, slots=True)
class TitlePatterns:
    """Compiled title patterns.

    Attributes
    ----------
    patterns
        For each label a regular expression over the document's words in lower case, one space between, hyphens
        replaced by spaces.
    others, own
        Words (or runs of words) before a title that make it somebody else's, or the document's own.
    barred
        Words that no term of a vocabulary may hold, for alone they give a title away.
    """

    patterns: tuple[tuple[str, str], ...]
    others: frozenset[str]
    own: frozenset[str]
    barred: frozenset[str] = frozenset()
    _regexes: tuple[re.Pattern[str], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        regexes = tuple(re.compile(rf"(?<!\S)(?:{pattern})(?!\S)") for _, pattern in self.patterns)
        object.__setattr__(self, "_regexes", regexes)

    def find(
        self, text: str, tokens: Sequence[Token], *, since: int = 0, search: Callable[[str], list[Match]] | None = None
    ) -> list[Title]:
        """Find the role titles of a document, in order and without overlaps; the longest of several wins.

        Parameters
        ----------
        since
            First token that may be part of a title; those before it are only looked back at.
        search
            Stands in for :meth:`search`, such as one that remembers.
        """
        words = [token.word.lower().replace("-", " ") for token in tokens]
        joined = self._joined(text, tokens[since:], words[since:])
        matches = (search or self.search)(joined)
        if not matches:
            return []
        starts, position = [], 0
        for word in words[since:]:
            starts.append(position)
            position += len(word) + 1
        spans: list[tuple[int, int, str]] = []
        for start, end, number in matches:
            last = since + bisect_right(starts, end - 1)
            first = _behind_list(text, tokens, since + bisect_right(starts, start) - 1, last)
            label, begin = self.patterns[number][0], starts[first - since]
            if begin == start or self._regexes[number].fullmatch(joined, begin, end):
                spans.append((first, last, label))
        titles: list[Title] = []
        for first, last, label in sorted(spans, key=lambda span: (span[0], -span[1])):
            if not titles or first >= titles[-1].last:
                titles.append(Title(label, first, last, self._is_own(text, tokens, words, first, last)))
        return titles

    def search(self, joined: str) -> list[Match]:
        """Search words in lower case, one space between and hyphens as spaces."""
        return [
            (*match.span(), number) for number, regex in enumerate(self._regexes) for match in regex.finditer(joined)
        ]

    @staticmethod
    def _joined(text: str, tokens: Sequence[Token], words: list[str]) -> str:
        """Join the words, by a line end where a sentence ends between them: no pattern crosses one."""
        pieces = [
            word + ("\n" if _TITLE_END.search(text, token.end, following.start) and word not in _ABBREVIATED else " ")
            for word, token, following in zip(words, tokens, tokens[1:], strict=False)
        ]
        return "".join(pieces) + "".join(words[-1:])

    def _is_own(self, text: str, tokens: Sequence[Token], words: list[str], first: int, last: int) -> bool:
        plural = words[last - 1].endswith("s") and not words[last - 1].endswith("ops")
        for position in range(first - 1, max(-1, first - 1 - CUE_WINDOW), -1):
            if _SENTENCE_END.search(text, tokens[position].end, tokens[position + 1].start + 1):
                break
            # Of a two-word cue this position is the first word, so the pair is looked up before the word alone.
            pair = f"{words[position]} {words[position + 1]}"
            for cue in (pair, words[position]):
                if cue in self.own:
                    return True
                if cue in self.others:
                    # "our next ..." and "for our ..." begin one word earlier.
                    earlier = f"{words[position - 1]} {words[position]}" if position else ""
                    return earlier in self.own
        return not plural

    def to_json(self) -> dict[str, Any]:
        """Give the patterns as JSON values."""
        return {
            "patterns": [list(pair) for pair in self.patterns],
            "others": sorted(self.others),
            "own": sorted(self.own),
            "barred": sorted(self.barred),
        }

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> TitlePatterns:
        """Read back what :meth:`to_json` wrote."""
        patterns = tuple((label, pattern) for label, pattern in written["patterns"])
        return cls(patterns, frozenset(written["others"]), frozenset(written["own"]), frozenset(written["barred"]))


def mask_titles(tokens: Sequence[Token], titles: Sequence[Title]) -> list[Token]:
    """Replace the document's own titles by one mask each and set the words of others' titles apart.

    A mention keeps its words, so that the lexicon can match "partner with data scientists", but its kind keeps it out
    of every term.
    """
    masked: list[Token] = []
    position = 0
    for title in titles:
        masked.extend(tokens[position : title.first])
        inside = tokens[title.first : title.last]
        if title.own:
            masked.append(Token(MASK, inside[0].start, inside[-1].end, "mask"))
        else:
            masked.extend(token._replace(kind="mention") for token in inside)
        position = title.last
    masked.extend(tokens[position:])
    return masked
