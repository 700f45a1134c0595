"""Is a text English? A list of skills passes; German prose, told by its function words, and source code do not."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from roleclassify.text.tokens import Token

MINIMUM_FOREIGN_SHARE = 0.08
"""Prose has a third or more of function words, of which the short lists kept here catch a good part."""

MINIMUM_FOREIGN_WORDS = 4
"""A line or two of a foreign address or motto says nothing of the document."""

MOST_CODE_SIGNS = 0.026
"""Share of brackets, operators and the like among the characters of a text.

The largest of 768 synthetic and 4,975 real resumes and adverts is 0.0258. Programs in most languages have more; what
has less is mostly prose (comments) or data, such as YAML.
"""

CODE_SIGNS = frozenset("{}[]<>=_`$\\")
_FEWEST_SIGNS = 5
_LAST_LATIN = "\u024f"


@dataclass(frozen=True, slots=True)
class FunctionWords:
    """Frequent function words.

    Attributes
    ----------
    english
        Of English.
    foreign
        Word to the languages (ISO 639-1) it belongs to; words that English text holds too are left out.
    """

    english: frozenset[str]
    foreign: dict[str, tuple[str, ...]]

    def is_supported(self, text: str, tokens: Sequence[Token]) -> bool:
        """Say no to source code, to another script than Latin, and where another language's function words prevail."""
        words = [token.word.lower() for token in tokens if token.kind == "word"]
        letters = [count_letters(word) for word in words]
        counts = Counter(language for word in words for language in self.foreign.get(word, ()))
        return is_english(
            n_signs=sum(map(text.count, CODE_SIGNS)),
            n_characters=len("".join(text.split())),
            n_letters=sum(n_letters for n_letters, _ in letters),
            n_outside=sum(n_outside for _, n_outside in letters),
            n_words=len(words),
            n_english=sum(word in self.english for word in words),
            n_foreign=max(counts.values(), default=0),
        )


def count_letters(word: str) -> tuple[int, int]:
    """Count the letters of a word, and those of them outside the Latin script.

    Examples
    --------
    >>> count_letters("naïve"), count_letters("данные")
    ((5, 0), (6, 6))
    """
    if word.isascii() and word.isalpha():
        return len(word), 0
    letters = [character for character in word if character.isalpha()]
    return len(letters), sum(character > _LAST_LATIN for character in letters)


def is_english(  # one number for each thing counted
    *, n_signs: int, n_characters: int, n_letters: int, n_outside: int, n_words: int, n_english: int, n_foreign: int
) -> bool:
    """Judge a text by what was counted in it.

    Parameters
    ----------
    n_signs, n_characters
        Signs of source code, and all characters but blanks.
    n_letters, n_outside
        Letters of its words, and those outside the Latin script.
    n_words, n_english, n_foreign
        Its words, the function words of English, and those of the language that has most of them.
    """
    if n_signs >= _FEWEST_SIGNS and n_signs > MOST_CODE_SIGNS * n_characters:
        return False
    if n_outside * 2 > n_letters:
        return False
    return not (
        n_foreign >= MINIMUM_FOREIGN_WORDS and n_foreign > n_english and n_foreign >= MINIMUM_FOREIGN_SHARE * n_words
    )
