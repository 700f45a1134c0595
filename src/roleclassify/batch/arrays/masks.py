"""Role titles and contrasts in arrays of tokens: found by cheap signs, then judged as in a single text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from roleclassify.batch.arrays.hashing import FACTOR, HashTable, mix
from roleclassify.batch.arrays.strings import Tokens
from roleclassify.batch.arrays.words import ALONE, TITLE, WORD, WordTable
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.text.contrasts import REACH, ContrastCues
from roleclassify.text.titles import CUE_WINDOW, Match, Title, TitlePatterns
from roleclassify.text.tokens import MASK, Token

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_REMEMBERED = 5_000
_LONGEST_HASHED = 24
_GAP_WORDS = 8  # most words that "..." stands for in a cue


class Anchors:
    """The last two words of every cue (the last one, where "..." stands before it): where they are, a cue may end."""

    def __init__(self, cues: ContrastCues) -> None:
        import numpy as np

        self.words: dict[str, int] = {}
        pairs = [["...", *cue.split(" ")][-2:] for cue in cues.cues]
        numbers = [(0 if before == "..." else self._number(before), self._number(word)) for before, word in pairs]
        n_words = len(self.words) + 1
        self._ends = np.zeros((n_words, n_words), dtype=np.bool_)
        for before, word in numbers:
            self._ends[before or slice(None), word] = True
        self.reach_back = max((len(cue.split(" ")) + _GAP_WORDS * cue.count("...") for cue in cues.cues), default=0)

    def _number(self, word: str) -> int:
        return self.words.setdefault(word, len(self.words) + 1)

    def find(self, words: NDArray[np.int32]) -> NDArray[np.int64]:
        """Find positions of the last words of possible cues, among the numbers of words."""
        import numpy as np

        before = np.concatenate((np.zeros(1, words.dtype), words[:-1]))
        return np.flatnonzero(self._ends[before, words])


@dataclass(frozen=True, slots=True)
class Masked:
    """Tokens to score.

    Attributes
    ----------
    ids
        Numbers of words, 0 for what is masked; shape (n_tokens,).
    plain
        Whether a token may be part of a term; shape (n_tokens,).
    stated
        Label of the first own title of each text, or None.
    """

    ids: NDArray[np.int32]
    plain: NDArray[np.bool_]
    stated: list[str | None]


class Masker:
    """Masks titles and what the work is said not to be, as :meth:`CompiledLexicon.mask` does for one text."""

    def __init__(self, lexicon: CompiledLexicon, words: WordTable, anchors: Anchors) -> None:
        self._titles, self._contrasts = lexicon.titles, lexicon.contrasts
        self._words, self._anchors = words, anchors
        self._runs = _Runs(lexicon.titles, words)
        self._titles_met: dict[tuple[int, bytes, str], list[Title]] = {}

    def mask(self, tokens: Tokens, n_texts: int) -> Masked:
        """Mask the tokens of ``n_texts`` texts."""
        import numpy as np

        ids = tokens.ids.copy()
        plain = (self._words.rows["bits"][ids] & WORD) != 0
        stated: list[str | None] = [None] * n_texts
        dropped = np.zeros(len(ids), dtype=np.bool_)
        mask = self._words[MASK, "mask"]
        for text, title, inside in self._find_titles(tokens, n_texts):
            plain[inside] = False
            if title.own:
                ids[inside], ids[inside.start] = 0, mask
                dropped[inside.start + 1 : inside.stop] = True
                stated[text] = stated[text] or title.label
        self._deny(tokens, ids, plain, dropped)
        return Masked(ids, plain, stated)

    def _find_titles(self, tokens: Tokens, n_texts: int) -> Iterator[tuple[int, Title, slice]]:
        """Find the titles, each with its text and the places of its tokens."""
        import numpy as np

        firsts, lasts = self._runs.find(tokens)
        texts = tokens.documents[firsts]
        # Whose a title is, words before it tell.
        starts = np.maximum(firsts - CUE_WINDOW - 1, np.searchsorted(tokens.documents, np.arange(n_texts))[texts])
        begins, _ = tokens.spans(starts)
        _, ends = tokens.spans(lasts - 1)
        rows = zip(*(array.tolist() for array in (texts, starts, firsts, lasts)), begins, ends, strict=True)
        for text, start, first, last, begin, end in rows:
            # The same words before and in a title recur all the time.
            key = (first - start, tokens.ids[start:last].tobytes(), tokens.text[begin:end])
            titles = self._titles_met.get(key)
            if titles is None:
                if len(self._titles_met) >= _MOST_REMEMBERED:
                    self._titles_met.clear()
                places = np.arange(start, last)
                local = self._local(tokens, tokens.ids, places, places)
                titles = self._titles.find(tokens.text, local, since=first - start, search=self._runs.search)
                self._titles_met[key] = titles
            for title in titles:
                yield text, title, slice(start + title.first, start + title.last)

    def _local(
        self, tokens: Tokens, ids: NDArray[np.int32], firsts: NDArray[np.int64], lasts: NDArray[np.int64]
    ) -> list[Token]:
        """Give tokens as a single text has them; a masked title is one, from the first of its places to the last."""
        names = self._words.names
        (starts, _), (_, ends) = tokens.spans(firsts), tokens.spans(lasts)
        rows = zip(ids[firsts].tolist(), starts, ends, strict=True)
        return [Token(names[number][0], start, end, names[number][1]) for number, start, end in rows]

    def _deny(
        self, tokens: Tokens, ids: NDArray[np.int32], plain: NDArray[np.bool_], dropped: NDArray[np.bool_]
    ) -> None:
        import numpy as np

        ends = self._anchors.find(self._words.rows["anchor"][ids])
        for first, last in self._around(ends.tolist(), tokens, dropped):
            places = first + np.flatnonzero(~dropped[first:last])
            local = self._local(tokens, ids, places, np.append(places[1:], last) - 1)
            for begin, behind in self._contrasts.find(tokens.text, local):
                denied = places[begin:behind]
                ids[denied], plain[denied] = 0, False

    def _around(self, ends: list[int], tokens: Tokens, dropped: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
        """Stretches of tokens that hold whole cues and all that they may deny; those that touch are one."""
        import numpy as np

        stretch: tuple[int, int] | None = None
        for end in ends:
            text = tokens.documents[end]
            first, last = (int(np.searchsorted(tokens.documents, text, side)) for side in ("left", "right"))
            # Masked titles count as one token in a cue's reach, so what they drop is added.
            first = max(first, end - self._anchors.reach_back - _dropped_near(dropped, end, -1))
            last = min(last, end + 1 + REACH + _dropped_near(dropped, end, 1))
            if stretch is not None and first < stretch[1]:
                stretch = (stretch[0], max(last, stretch[1]))
                continue
            if stretch is not None:
                yield stretch
            stretch = (first, last)
        if stretch is not None:
            yield stretch


def _dropped_near(dropped: NDArray[np.bool_], end: int, direction: int) -> int:
    """How many tokens are dropped near a place: titles are short, so a generous stretch has all that count."""
    near = dropped[max(0, end - 100) : end] if direction < 0 else dropped[end : end + 100]
    return int(near.sum())


class _Runs:
    """Runs of words that may stand in titles, and whether they hold one."""

    def __init__(self, titles: TitlePatterns, words: WordTable) -> None:
        self._titles, self._words = titles, words
        self._holds = HashTable()
        self._searched: dict[str, list[Match]] = {}

    def search(self, joined: str) -> list[Match]:
        """Do what :meth:`TitlePatterns.search` does, remembering the answer."""
        if joined not in self._searched:
            if len(self._searched) >= _MOST_REMEMBERED:
                self._searched.clear()
            self._searched[joined] = self._titles.search(joined)
        return self._searched[joined]

    def find(self, tokens: Tokens) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Find the first and last tokens (exclusive) of all runs with a title in them."""
        import numpy as np

        bits = self._words.rows["bits"][tokens.ids]
        may = (bits & TITLE) != 0
        goes_on = may[1:] & may[:-1] & (tokens.documents[1:] == tokens.documents[:-1])
        firsts = np.flatnonzero(may & ~np.concatenate(([False], goes_on)))
        lasts = np.flatnonzero(may & ~np.concatenate((goes_on, [False]))) + 1
        some = (lasts - firsts > 1) | ((bits[firsts] & ALONE) != 0)
        firsts, lasts = firsts[some], lasts[some]
        hashes = _hashes(tokens.ids, firsts, lasts)
        holds = self._holds.find(hashes)
        holds[lasts - firsts > _LONGEST_HASHED] = 1
        new, places = np.unique(hashes[holds < 0], return_index=True)
        if len(new):
            places = np.flatnonzero(holds < 0)[places]
            runs = zip(firsts[places].tolist(), lasts[places].tolist(), strict=True)
            self._holds.add(new, np.array([self._search_run(tokens.ids[first:last]) for first, last in runs], np.int32))
            holds = np.where(holds < 0, self._holds.find(hashes), holds)
        if len(self._holds) > _MOST_REMEMBERED:
            self._holds = HashTable()
        return firsts[holds > 0], lasts[holds > 0]

    def _search_run(self, ids: NDArray[np.int32]) -> bool:
        """Whether there is a title; a sentence's end within is not seen, but could only take titles away."""
        words = (self._words.names[number][0] for number in ids.tolist())
        return bool(self.search(" ".join(words).lower().replace("-", " ")))


def _hashes(ids: NDArray[np.int32], firsts: NDArray[np.int64], lasts: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Give equal runs of words equal 64-bit numbers, and others, but for one chance in billions, others."""
    import numpy as np

    lengths = lasts - firsts
    if not len(lengths):
        return np.zeros(0, dtype=np.uint64)
    before = np.cumsum(lengths) - lengths
    within = np.arange(lengths.sum()) - np.repeat(before, lengths)
    mixed = mix(ids[np.repeat(firsts, lengths) + within].astype(np.uint64) + np.uint64(1))
    powers = np.cumprod(np.full(_LONGEST_HASHED + 1, FACTOR, dtype=np.uint64))
    return mix(np.add.reduceat(mixed * powers[np.minimum(within, _LONGEST_HASHED)], before))
