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

_CODE_SIGNS = frozenset("{}[]<>=_`$\\")
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
        n_signs = sum(map(text.count, _CODE_SIGNS))
        if n_signs >= _FEWEST_SIGNS and n_signs > MOST_CODE_SIGNS * len("".join(text.split())):
            return False
        words = [token.word.lower() for token in tokens if token.kind == "word"]
        letters = sum(character.isalpha() for word in words for character in word)
        outside = sum(character.isalpha() and character > _LAST_LATIN for word in words for character in word)
        if outside * 2 > letters:
            return False
        counts = Counter(language for word in words for language in self.foreign.get(word, ()))
        n_foreign = max(counts.values(), default=0)
        n_english = sum(word in self.english for word in words)
        return not (
            n_foreign >= MINIMUM_FOREIGN_WORDS
            and n_foreign > n_english
            and n_foreign >= MINIMUM_FOREIGN_SHARE * len(words)
        )
