"""What features, masks and the language check need to know of a word: one row of numbers for each word that matters."""

from __future__ import annotations

import re

from roleclassify.batch.arrays.rows import Rows
from roleclassify.model.bundle import Bundle
from roleclassify.text.titles import TitlePatterns

WORD, TITLE, ALONE = 1, 2, 4
"""Bits: forms terms; may stand in a title; is one alone."""

MOST_WORDS = 50_000
"""Words told apart before all are forgotten; ordinary text comes to a quarter of it. No answer depends on it."""

ANY = "*"
"""Stands for every word that nothing looks for."""

# Endings that title patterns allow, and what keeps the words of a pattern from being read off it.
_ENDINGS = re.compile(r"\(\?:'\?s'\?\)\?|(?<=\))s\?|\{\d+,\d+\}")
_NOT_LITERAL = re.compile(r"[a-z0-9]\(|\)[a-z0-9]|\\[^ ]|[a-z0-9]\?|[^a-z0-9 \\|()?:]")


class WordTable(dict[tuple[str, str], int]):
    """Numbers of words, each with its kind of token; all that make no difference share one number a kind.

    ``names`` has them by number. The columns of ``rows``: ``term``, number among the words of terms and of forms that
    are matched in any letter case; ``exact``, among the words of forms matched as written; ``bits``; ``foreign``,
    number of the group of languages it is a function word of; ``anchor``, number among the words that end a cue.
    ``in_language`` says for each language which of these groups it is in. ``known`` has, in lower case, all words but
    those of title patterns joined by hyphens that have a number of their own.
    """

    def __init__(self, bundle: Bundle, terms: dict[str, int], exact: dict[str, int], anchors: dict[str, int]) -> None:
        import numpy as np

        super().__init__()
        self._terms, self._exact, self._anchors = terms, exact, anchors
        lexicon = bundle.space.lexicon
        self._titles = lexicon.titles
        self._title_words = _words_of(lexicon.titles)
        self._foreign = bundle.function_words.foreign
        groups: list[tuple[str, ...]] = [(), *sorted(set(self._foreign.values()))]
        self._group_of = {group: number for number, group in enumerate(groups)}
        languages = sorted({language for group in groups for language in group})
        self.in_language = [np.array([language in group for group in groups]) for language in languages]
        cues = (*lexicon.titles.others, *lexicon.titles.own, *lexicon.contrasts.cues)
        self.known = frozenset(word for cue in cues for word in cue.split(" ")).union(
            terms, map(str.lower, exact), anchors, self._foreign, self._title_words or ()
        )
        self.names: list[tuple[str, str]] = []
        self.rows = Rows("term", "exact", "bits", "foreign", "anchor")
        self[("", "")]  # number 0 is nothing

    @property
    def looked_for(self) -> frozenset[str] | None:
        """Words in lower case that something looks for; None where titles may be made of any word."""
        return None if self._title_words is None else self.known

    def number(self, word: str, kind: str) -> int:
        """Give the number of a word as it stands in a text."""
        lower = word.lower()
        if lower in self.known or self._may_be_title(lower):
            return self[word, kind]
        return self[ANY, kind]

    def __missing__(self, key: tuple[str, str]) -> int:
        number = self[key] = len(self)
        self.names.append(key)
        word, kind = key
        lower = word.lower()
        bits, group = WORD * (kind == "word"), 0
        if kind == "word":
            group = self._group_of[self._foreign.get(lower, ())]
        if self._may_be_title(lower):
            bits += TITLE + ALONE * bool(self._titles.search(lower.replace("-", " ")))
        terms, exact, anchor = self._terms.get(lower, 0), self._exact.get(word, 0), self._anchors.get(lower, 0)
        self.rows.append((terms, exact, bits, group, anchor))
        return number

    def _may_be_title(self, lower: str) -> bool:
        if self._title_words is None:
            return True
        if "-" in lower:
            return not self._title_words.isdisjoint(lower.split("-"))
        return lower in self._title_words


def _words_of(titles: TitlePatterns) -> frozenset[str] | None:
    """Every word that a title may hold, with every ending; None where the patterns do not tell."""
    words: set[str] = set()
    for _, pattern in titles.patterns:
        literal = _ENDINGS.sub(" ", pattern)
        if _NOT_LITERAL.search(literal):
            return None
        words.update(re.findall("[a-z0-9]+", literal))
    return frozenset(word + ending for word in words for ending in ("", "s", "'", "'s", "s'", "'s'"))
