"""Sort out phrases that tell nothing of the work."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roleclassify.lexicon.derive.names import RoleNames
from roleclassify.lexicon.derive.phrases import Phrase
from roleclassify.lexicon.derive.tables import WordTables
from roleclassify.lexicon.derive.tagging import Word
from roleclassify.lexicon.derive.words import FRAME
from roleclassify.text.tokens import tokenize

NOUN_KEYNESS = 20.0
"""A noun alone must be so many times as frequent as in general English; a name need not."""

VERB_KEYNESS = 200.0
"""A verb or adjective alone must be so many times as frequent: most of them tell little without their noun."""

NESTED = 0.8
"""A noun that stands in one longer phrase in so great a share of its passages is a piece of it: forest."""

LEAST_NESTED = 5
"""A noun must be met in so many passages for that."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What is known of all passages: the share of each lemma, and the words of the roles' names."""

    shares: Mapping[str, float]
    own_words: frozenset[str]
    tables: WordTables

    @classmethod
    def of(cls, tagged: Sequence[Sequence[Word]], names: RoleNames, tables: WordTables) -> Screen:
        """Count the lemmas of tagged passages."""
        counts = Counter(word.lemma for words in tagged for word in words)
        shares = {lemma: count / counts.total() for lemma, count in counts.items()}
        own_words = frozenset(word for role in names.roles for name in role.names for word in name.split())
        return cls(shares, own_words, tables)

    def tells_nothing(self, phrase: Phrase, *, is_repeated: bool) -> bool:
        """Say whether a phrase is made of words that describe any work, or is a common word alone.

        Parameters
        ----------
        is_repeated
            It is met more often than a phrase must be.
        """
        tokens = tokenize(phrase.text)
        if any(token.kind != "word" for token in tokens) or [token.word for token in tokens] != phrase.text.split():
            return True  # put together, the words would be read otherwise: "section C"
        if len(phrase.lemmas) == 1:
            return self._is_common(phrase, is_repeated)
        if phrase.verb:
            return set(phrase.head) <= FRAME
        if "of" in phrase.lemmas:
            return phrase.lemmas[0] in FRAME or phrase.lemmas[-1] in FRAME
        return set(phrase.lemmas) <= FRAME

    def _is_common(self, phrase: Phrase, is_repeated: bool) -> bool:
        (lemma,) = phrase.lemmas
        if lemma in FRAME or lemma in self.own_words:
            return True
        if phrase.tag == "name":
            return False
        keyness = self.shares[lemma] / self.tables.frequency(lemma)
        if phrase.tag == "noun":
            return keyness < NOUN_KEYNESS
        is_participle = phrase.tag == "adjective" and bool(self.tables.readings(lemma).verb)  # "required"
        return is_participle or not is_repeated or keyness < VERB_KEYNESS


def nested_nouns(where: Mapping[tuple[str, ...], Sequence[int]]) -> set[tuple[str, ...]]:
    """Find the nouns alone that are mostly met in one longer phrase: forest, in random forest.

    Parameters
    ----------
    where
        For the lemmas of each noun phrase the positions of its passages.
    """
    nested: set[tuple[str, ...]] = set()
    for key, passages in where.items():
        for lemma in {key[0], key[-1]} if len(key) == 2 else ():
            alone = len(where.get((lemma,), ()))
            if alone >= LEAST_NESTED and len(passages) >= NESTED * alone:
                nested.add((lemma,))
    return nested
