"""What features, masks and the language check need to know of a word: one row of numbers for each word and kind."""

from __future__ import annotations

import re

from roleclassify.batch.arrays.rows import Rows
from roleclassify.model.bundle import Bundle
from roleclassify.text.language import count_letters
from roleclassify.text.titles import TitlePatterns

WORD, TITLE, ALONE = 1, 2, 4
"""Bits: forms terms; may stand in a title; is one alone."""

# Endings that title patterns allow, and what keeps the words of a pattern from being read off it.
_ENDINGS = re.compile(r"\(\?:'\?s'\?\)\?|(?<=\))s\?|\{\d+,\d+\}")
_NOT_LITERAL = re.compile(r"[a-z0-9]\(|\)[a-z0-9]|\\[^ ]|[a-z0-9]\?|[^a-z0-9 \\|()?:]")


class WordTable(dict[tuple[str, str], int]):
    """Numbers of the words met, each with its kind of token.

    ``names`` has them by number. The columns of ``rows``: ``term``, number among the words of terms and of forms that
    are matched in any letter case; ``exact``, among the words of forms matched as written; ``bits``; ``letters`` and
    ``outside``, how many it has; ``foreign``, number of the group of languages it is a function word of; ``anchor``,
    number among the words that end a cue.
    """

    def __init__(self, bundle: Bundle, terms: dict[str, int], exact: dict[str, int], anchors: dict[str, int]) -> None:
        super().__init__()
        self._terms, self._exact, self._anchors = terms, exact, anchors
        self._language = bundle.function_words
        groups = sorted(set(self._language.foreign.values()))
        self.language_groups: list[tuple[str, ...]] = [(), *groups]
        self._group_of = {group: number for number, group in enumerate(self.language_groups)}
        self._titles = bundle.space.lexicon.titles
        self._title_words = _words_of(self._titles)
        self.names: list[tuple[str, str]] = []
        self.counts: list[tuple[int, int, int, int, int]] = []
        self.rows = Rows("term", "exact", "bits", "foreign", "anchor")
        self[("", "")]  # number 0 is nothing

    def __missing__(self, key: tuple[str, str]) -> int:
        number = self[key] = len(self)
        self.names.append(key)
        word, kind = key
        lower = word.lower()
        bits, group = self._title_bits(lower), 0
        if kind == "word":
            bits += WORD
            group = self._group_of[self._language.foreign.get(lower, ())]
            self.counts.append((1, 1, int(lower in self._language.english), *count_letters(lower)))
        else:
            self.counts.append((int(kind == "mask"), 0, 0, 0, 0))
        terms, exact, anchor = self._terms.get(lower, 0), self._exact.get(word, 0), self._anchors.get(lower, 0)
        self.rows.append((terms, exact, bits, group, anchor))
        return number

    def _title_bits(self, lower: str) -> int:
        spoken = lower.replace("-", " ")
        if self._title_words is not None and self._title_words.isdisjoint(spoken.split(" ")):
            return 0
        return TITLE + ALONE * bool(self._titles.search(spoken))


def _words_of(titles: TitlePatterns) -> frozenset[str] | None:
    """Every word that a title may hold, with every ending; None where the patterns do not tell."""
    words: set[str] = set()
    for _, pattern in titles.patterns:
        literal = _ENDINGS.sub("", pattern)
        if _NOT_LITERAL.search(literal):
            return None
        words.update(re.findall("[a-z0-9]+", literal))
    return frozenset(word + ending for word in words for ending in ("", "s", "'", "'s", "s'", "'s'"))
