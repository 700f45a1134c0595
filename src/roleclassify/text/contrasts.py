"""Contrasts: "rather than", "instead of": what stands behind them is what the work is not."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field

from roleclassify.text.tokens import Token

REACH = 10
"""Most tokens that a cue denies: longer clauses have mostly gone on to something else."""

# The dashes of prose, with blanks around them.
_CLAUSE_END = re.compile(r"[.!?;:,()|•]|\s[-\u2013\u2014]\s|\n\s*\n|\n\s*[-*•▪‣·]")


@dataclass(frozen=True, slots=True)
class ContrastCues:
    """Cues as written in the lexicon: words with one space between, ``...`` for one to eight words."""

    cues: tuple[str, ...]
    _regex: re.Pattern[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        alternatives = "|".join(re.escape(cue).replace(r"\ \.\.\.\ ", r" (?:\S+ ){1,8}?") for cue in self.cues)
        object.__setattr__(self, "_regex", re.compile(rf"(?<!\S)(?:{alternatives})(?!\S)") if alternatives else None)

    def find(self, text: str, tokens: Sequence[Token]) -> list[tuple[int, int]]:
        """Find the runs of tokens that are denied: first and last (exclusive), in order."""
        if self._regex is None:
            return []
        words = [token.word.lower() for token in tokens]
        starts, position = [], 0
        for word in words:
            starts.append(position)
            position += len(word) + 1
        joined = " ".join(words)
        runs: list[tuple[int, int]] = []
        position = 0
        while match := self._regex.search(joined, position):
            cue, first = bisect_left(starts, match.start()), bisect_left(starts, match.end())
            last = _clause_end(text, tokens, cue, min(first + REACH, len(tokens)))
            if first < last:
                runs.append((first, last))
                position = match.end()
            else:  # a clause ends inside the cue or right behind it; another cue may begin within
                position = match.start() + 1
        return runs


def _clause_end(text: str, tokens: Sequence[Token], first: int, last: int) -> int:
    """First token at or behind ``first`` that a clause's end parts from the one before it, at most ``last``."""
    for position in range(first + 1, last):
        if _CLAUSE_END.search(text, tokens[position - 1].end, tokens[position].start):
            return position
    return last


def mask_contrasts(text: str, tokens: Sequence[Token], cues: ContrastCues) -> list[Token]:
    """Put in the place of every denied token one that carries no weight and that nothing matches."""
    masked = list(tokens)
    for first, last in cues.find(text, tokens):
        for position in range(first, last):
            masked[position] = masked[position]._replace(word="<denied>", kind="denied")
    return masked
