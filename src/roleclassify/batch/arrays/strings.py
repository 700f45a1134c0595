"""Texts to tokens, many at once: every string between blanks is tokenized once and remembered.

The tokens are those of :func:`roleclassify.text.tokens.tokenize`. Few alternatives of its pattern reach over a blank
("CI / CD", "R & D", telephone numbers); :mod:`.joins` knows them by what stands before and behind that blank, and the
strings that they may join are tokenized together, blanks included.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from roleclassify.batch.arrays.hashing import LONGEST, Hasher, HashTable
from roleclassify.batch.arrays.joins import EDGE_WORDS, JOINED_BEFORE, JOINS_BEHIND, KINDS, edges
from roleclassify.batch.arrays.plain import PlainStrings
from roleclassify.batch.arrays.rows import Rows, spread
from roleclassify.batch.arrays.words import ANY, WordTable
from roleclassify.text.language import CODE_SIGNS, count_letters
from roleclassify.text.tokens import tokenize

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

MOST_STRINGS = 170_000
"""Strings remembered, in some 25 MB, before the rare ones are forgotten. No answer depends on it."""

# One word and nothing that a blank may be part of: most strings, told quickly.
_PLAIN = re.compile('["(\u201c]?((?:[^\\W\\d_]{2,}-)*[^\\W\\d_]{4,})[,;:)!?"\u201d]*\\.?')

_FILLED, _ODD = 1 << 2 * KINDS, 2 << 2 * KINDS  # holds words or masks; signs of source code or letters outside Latin
_PLAIN_FLAGS = JOINED_BEFORE | JOINS_BEHIND << KINDS | _FILLED

_SIGN = re.compile(f"[{re.escape(''.join(sorted(CODE_SIGNS)))}]")
_LAST_BLANK = 0x3000

_COUNTED = ("n_signs", "n_characters", "n_words", "n_english", "n_letters", "n_outside")  # as is_english has them


@dataclass(frozen=True, slots=True)
class Tokens:
    """All tokens of n texts.

    Attributes
    ----------
    text
        The texts in one, each with a line end before and behind it.
    ids
        Number of each token's word and kind, shape (n_tokens,).
    documents
        Which text it is in, shape (n_tokens,), ascending.
    is_filled
        Whether there is anything in a text, shape (n,).
    n_signs, n_characters, n_outside
        Signs of source code, characters but blanks, and letters outside the Latin script in each text, shape (n,).
    offsets, within, bounds
        What :meth:`spans` is computed from: where each token's string begins, and the token's bounds in its string.
    strings, string_documents, string_counts
        What :meth:`count` is computed from: numbers of the strings, which text each is in, and what each adds.
    """

    text: str
    ids: NDArray[np.int32]
    documents: NDArray[np.int32]
    is_filled: NDArray[np.bool_]
    n_signs: NDArray[np.int64]
    n_characters: NDArray[np.int64]
    n_outside: NDArray[np.int64]
    offsets: NDArray[np.int64]
    within: NDArray[np.int32]
    bounds: tuple[NDArray[np.int32], NDArray[np.int32]]
    strings: NDArray[np.int32]
    string_documents: NDArray[np.int32]
    string_counts: Rows

    def count(self, texts: NDArray[np.bool_]) -> dict[str, list[int]]:
        """Count in some of the texts what ``is_english`` asks for, but for foreign words; 0 in the others."""
        import numpy as np

        some = texts[self.string_documents]
        counts, documents = self.string_counts.take(self.strings[some]), self.string_documents[some]
        return {
            name: np.bincount(documents, counts[place], len(texts)).astype(np.int64).tolist()
            for place, name in enumerate(_COUNTED)
        }

    def spans(self, places: NDArray[np.int64]) -> tuple[list[int], list[int]]:
        """Where the tokens at these places start and end in ``text``."""
        offsets, within = self.offsets[places], self.within[places]
        starts, ends = (offsets + bound[within] for bound in self.bounds)
        return starts.tolist(), ends.tolist()


class StringTable:
    """The strings met, by number, and the tokens of each; number 0 has none.

    Parameters
    ----------
    words
        Numbers the words of the tokens.
    english
        Function words of English, to count them.
    """

    def __init__(self, words: WordTable, english: frozenset[str]) -> None:
        import numpy as np

        self._words, self._english = words, english
        looked_for = words.looked_for
        self._plain = PlainStrings(None if looked_for is None else looked_for | english | EDGE_WORDS)
        self._hasher, self._hashed = Hasher(), HashTable()
        self._others: dict[str, int] = {}  # long ones, and those that were joined
        self._strings = Rows("first", "count", "flags")
        self._counts = Rows(*_COUNTED)
        self._tokens = Rows("word", "start", "end")
        self._uses = np.zeros(0, dtype=np.int64)
        self._learn("")

    def __len__(self) -> int:
        return len(self._strings)

    def tokenize(self, texts: Sequence[str]) -> Tokens:
        """Tokenize texts; what the strings among them hold is remembered."""
        import numpy as np

        text = "\n".join(["", *texts, ""])
        codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        blank = _blank(codes)
        bounds = np.flatnonzero(blank[1:] != blank[:-1]) + 1
        starts, ends = bounds[0::2], bounds[1::2]
        numbers = self._number(text, codes, starts, ends)
        behind = np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)) + 1)  # the line ends behind the texts
        firsts = np.append(0, np.searchsorted(starts, behind))
        documents = np.repeat(np.arange(len(texts), dtype=np.int32), np.diff(firsts))
        self._join(text, numbers, starts, behind, documents)
        uses = np.bincount(numbers, minlength=len(self))
        uses[: len(self._uses)] += self._uses
        self._uses = uses
        flags, counts = self._strings["flags"][numbers], self._strings["count"][numbers]
        odd = np.flatnonzero(flags & _ODD)
        odd_counts = dict(zip(_COUNTED, self._counts.take(numbers[odd]), strict=True))
        within = spread(self._strings["first"][numbers], counts)
        return Tokens(
            text=text,
            ids=self._tokens["word"][within],
            documents=np.repeat(documents, counts),
            is_filled=np.bincount(documents[(flags & _FILLED) != 0], minlength=len(texts)) > 0,
            n_signs=np.bincount(documents[odd], odd_counts["n_signs"], len(texts)).astype(np.int64),
            n_characters=np.diff(np.append(0, np.cumsum(ends - starts))[firsts]),
            n_outside=np.bincount(documents[odd], odd_counts["n_outside"], len(texts)).astype(np.int64),
            offsets=np.repeat(starts, counts),
            within=within,
            bounds=(self._tokens["start"], self._tokens["end"]),
            strings=numbers,
            string_documents=documents,
            string_counts=self._counts,
        )

    def forget_rare(self) -> None:
        """Forget all strings but, at most, half of ``MOST_STRINGS`` that were met most often."""
        import numpy as np

        n_kept = MOST_STRINGS // 2
        keep = self._uses > np.partition(self._uses, -n_kept)[-n_kept]
        keep[0] = True
        kept = np.flatnonzero(keep)
        first, count, flags = self._strings.take(kept)
        self._tokens = self._tokens.kept(spread(first, count))
        self._strings = Rows("first", "count", "flags")
        self._strings.extend(np.cumsum(count) - count, count, flags, length=len(kept))
        self._counts = self._counts.kept(kept)
        self._uses = self._uses[kept] // 2  # so that what was usual once goes in the end
        renumbered = (np.cumsum(keep) - 1).astype(np.int32)
        hashes, numbers = self._hashed.items()
        self._hashed = HashTable()
        self._hashed.add(hashes[keep[numbers]], renumbered[numbers[keep[numbers]]])
        self._others = {string: int(renumbered[n]) for string, n in self._others.items() if keep[n]}

    def _number(
        self, text: str, codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """Look up the numbers of the strings at these places, learning those that are new."""
        import numpy as np

        short = ends - starts <= LONGEST
        hashes = self._hasher.hash(codes, starts[short], ends[short])
        numbers = np.empty(len(starts), dtype=np.int32)
        numbers[short] = self._hashed.find(hashes)
        new = np.flatnonzero(numbers[short] < 0)
        if len(new):
            different, firsts = np.unique(hashes[new], return_index=True)
            places = np.flatnonzero(short)[new[firsts]]
            self._hashed.add(different, self._learn_all(text, codes, starts[places], ends[places]))
            numbers[short] = self._hashed.find(hashes)
        for place in np.flatnonzero(~short).tolist():
            numbers[place] = self._number_other(text[starts[place] : ends[place]])
        return numbers

    def _learn_all(
        self, text: str, codes: NDArray[np.uint32], starts: NDArray[np.int64], ends: NDArray[np.int64]
    ) -> NDArray[np.int32]:
        """Learn new strings, the most usual kind together, and give their numbers."""
        import numpy as np

        numbers = np.empty(len(starts), dtype=np.int32)
        is_plain, first, last = self._plain.find(codes, starts, ends)
        odd = np.flatnonzero(~is_plain)
        spans = zip(starts[odd].tolist(), ends[odd].tolist(), strict=True)
        numbers[odd] = [self._learn(text[start:end]) for start, end in spans]
        starts, ends, first, last = starts[is_plain], ends[is_plain], first[is_plain], last[is_plain]
        n_plain = len(starts)
        numbers[is_plain] = np.arange(len(self._strings), len(self._strings) + n_plain)
        token = np.arange(len(self._tokens), len(self._tokens) + n_plain)
        self._tokens.extend(self._words[ANY, "word"], first - starts, last - starts, length=n_plain)
        # As _COUNTED has them: no signs, all characters, one word, not English, all its letters, none outside.
        counts = (0, ends - starts, 1, 0, last - first, 0)
        self._strings.extend(token, 1, _PLAIN_FLAGS, length=n_plain)
        self._counts.extend(*counts, length=n_plain)
        return numbers

    def _number_other(self, string: str) -> int:
        number = self._others.get(string)
        if number is None:
            number = self._others[string] = self._learn(string)
        return number

    def _learn(self, string: str) -> int:
        number, first = len(self._strings), len(self._tokens)
        plain = _PLAIN.fullmatch(string)
        if plain is not None:
            word = plain[1].lower()
            if word.isascii() and EDGE_WORDS.isdisjoint(word.split("-")):
                self._tokens.append((self._words.number(plain[1], "word"), *plain.span(1)))
                self._strings.append((first, 1, _PLAIN_FLAGS))
                n_letters = len(word) - word.count("-")
                self._counts.append((0, len(string), 1, int(word in self._english), n_letters, 0))
                return number
        flags = n_words = n_english = n_letters = n_outside = 0
        for token in tokenize(string):
            self._tokens.append((self._words.number(token.word, token.kind), token.start, token.end))
            flags |= _FILLED * (token.kind in ("word", "mask"))
            if token.kind == "word":
                word = token.word.lower()
                letters, outside = count_letters(word)
                n_words, n_english = n_words + 1, n_english + (word in self._english)
                n_letters, n_outside = n_letters + letters, n_outside + outside
        n_signs = sum(map(string.count, CODE_SIGNS)) if _SIGN.search(string) else 0
        opening, closing = edges(string)
        flags |= opening | closing << KINDS | _ODD * (n_signs + n_outside > 0)
        n_characters = len("".join(string.split()))
        self._strings.append((first, len(self._tokens) - first, flags))
        self._counts.append((n_signs, n_characters, n_words, n_english, n_letters, n_outside))
        return number

    def _join(
        self,
        text: str,
        numbers: NDArray[np.int32],
        starts: NDArray[np.int64],
        behind: NDArray[np.int64],
        documents: NDArray[np.int32],
    ) -> None:
        """Put runs of strings that may share a token in the place of their first string; the others become empty."""
        import numpy as np

        flags = self._strings["flags"][numbers]
        every = (1 << KINDS) - 1
        joined = (flags[:-1] & (flags[1:] >> KINDS) & every) != 0
        joined &= documents[1:] == documents[:-1]
        before, behind_it = np.append(False, joined), np.append(joined, False)
        # An initial that is all of a text has no neighbour, but the blanks around it count.
        some = before | behind_it | ((flags & JOINS_BEHIND) != 0)
        firsts, lasts = np.flatnonzero(some & ~before), np.flatnonzero(some & ~behind_it)
        for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
            end = int(behind[documents[first]])
            if last + 1 < len(starts):
                end = min(end, int(starts[last + 1]))
            # With the blanks behind it, for some alternatives look at them.
            numbers[first : last + 1] = 0
            numbers[first] = self._number_other(text[starts[first] : end])


def _blank(codes: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """Whether each character is a blank to ``str.split``."""
    import numpy as np

    blank: NDArray[np.bool_] = codes == ord(" ")
    odd = np.flatnonzero(codes - np.uint32(ord(" ")) > ord("~") - ord(" "))  # below the blank it wraps around
    blank[odd] = _blank_codes().take(codes[odd], mode="clip")
    return blank


@cache
def _blank_codes() -> NDArray[np.bool_]:
    import numpy as np

    return np.array([chr(code).isspace() for code in range(_LAST_BLANK + 2)], dtype=np.bool_)
