"""What spaCy's word tables know of a word: what it may be, its base forms, how common it is."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from spacy.lang.en import English
from spacy.lookups import load_lookups
from spacy.tokens import Doc

from roleclassify.errors import MissingExtraError

if TYPE_CHECKING:
    from spacy.pipeline import Lemmatizer

NAME_RATIO = math.e
"""A capitalised word is a name unless general English has it so many times as often in small letters."""

SHORT = 3
"""Most letters of a word in capitals that is an abbreviation even where small letters spell a word."""

UNKNOWN = math.exp(-20.5)
"""Share of general English of a word that is not among the million of spaCy's table."""

IN_USE = 0.05
"""A form is in use where it is at least so common as the most common other one."""


class Readings(NamedTuple):
    """What a word may be: its lemma as a noun and as a verb, empty where it is none, and whether adjective, adverb."""

    noun: str
    verb: str
    is_adjective: bool
    is_adverb: bool


class WordTables:
    """The tables, with a memory for the readings of every word that was asked for.

    Raises
    ------
    MissingExtraError
        When the tables (package spacy-lookups-data) are not installed.
    """

    def __init__(self) -> None:
        self._nlp = English()
        self._lemmatizer: Lemmatizer = self._nlp.add_pipe("lemmatizer", config={"mode": "rule"})  # type: ignore[assignment]
        try:
            self._lemmatizer.initialize()
            self._log_frequencies = load_lookups("en", ["lexeme_prob"]).get_table("lexeme_prob")
        except ValueError as error:
            raise MissingExtraError("deriving a lexicon", "spacy-lookups-data", "train") from error
        index = self._lemmatizer.lookups.get_table("lemma_index")
        self._index = {part: frozenset(index[part]) for part in ("noun", "verb", "adj", "adv")}
        self._exceptions = self._lemmatizer.lookups.get_table("lemma_exc")
        self._forms = {part: _inverted(self._exceptions[part]) for part in ("noun", "verb")}
        self._readings: dict[str, Readings] = {}

    def frequency(self, word: str) -> float:
        """Share of a word, as written, in general English, in (0, 1)."""
        logarithm = self._log_frequencies.get(word)
        return UNKNOWN if logarithm is None else math.exp(logarithm)

    def readings(self, word: str) -> Readings:
        """Look up what a word in lower case may be; of a hyphenated one its last part decides."""
        if word not in self._readings:
            stem, hyphen, last = word.rpartition("-")
            noun, verb = self._lemma(last, "noun"), self._lemma(last, "verb")
            if not noun and not verb and is_plural_form(last) and self.frequency(last[:-1]) > UNKNOWN:
                noun = last[:-1]  # "datasets", which the index lacks; but not "kubernetes"
            self._readings[word] = Readings(
                stem + hyphen + noun if noun else "",
                stem + hyphen + verb if verb else "",
                last in self._index["adj"],
                last in self._index["adv"],
            )
        return self._readings[word]

    def is_name(self, word: str, *, begins: bool) -> bool:
        """Say whether a word is a proper name: TensorFlow, SQL, R; Docker, but neither Data nor Machine.

        Parameters
        ----------
        begins
            It begins a sentence, where any word has a capital.
        """
        lower = word.lower()
        if word == lower:
            return False
        if len(word) == 1:
            return not begins
        if not any(self.readings(lower)):
            return True
        is_usual = self.frequency(word) * NAME_RATIO > self.frequency(lower)
        if word.isupper():  # "BI", but not "DUTIES" in a heading
            return is_usual or len(word) <= SHORT
        is_mixed = any(part[1:] != part[1:].lower() for part in word.split("-"))
        return is_mixed or (is_usual and not begins)

    def verb_forms(self, verb: str) -> tuple[str, ...]:
        """All other forms of a verb with an irregular past (builds, built, building); empty for a regular one."""
        stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
        irregular = self._in_use(self._irregular(verb, "verb"), beside=[stem + "ed"])
        if all(form.endswith(("ed", "ing")) for form in irregular):
            return ()
        gerund = () if any(form.endswith("ing") for form in irregular) else (stem + "ing",)
        return tuple(dict.fromkeys([_with_s(verb), *irregular, *self._in_use([stem + "ed"], irregular), *gerund]))

    def noun_forms(self, noun: str) -> tuple[str, ...]:
        """Plurals of a noun where one is irregular (hypotheses), or it is unknown to the tables (datasets)."""
        if noun in self._index["noun"]:
            irregular = self._irregular(noun, "noun")
            return (*irregular, *self._in_use([_with_s(noun)], irregular)) if irregular else ()
        return (_with_s(noun),) if noun.isalpha() and not noun.endswith("s") else ()

    def _in_use(self, forms: Sequence[str], beside: Sequence[str]) -> list[str]:
        """Keep the forms that are in use beside others: "learned", but neither "builded" nor "wrought"."""
        usual = max(self.frequency(form) for form in beside)
        return [form for form in forms if self.frequency(form) > IN_USE * usual]

    def _irregular(self, lemma: str, part: str) -> list[str]:
        forms = self._forms[part].get(lemma, [])
        return sorted(form for form in forms if form != lemma)

    def _lemma(self, word: str, part: str) -> str:
        token = Doc(self._nlp.vocab, words=[word], pos=[part.upper()])[0]
        regular = self._lemmatizer.rule_lemmatize(token)
        irregular = self._exceptions[part].get(word, ())
        if part == "verb":
            candidates = [*irregular, word, *regular]  # "built" before "to built"
        elif is_plural_form(word):
            candidates = [*regular, word]  # the index holds "operations" beside "operation"
        else:
            candidates = [word, *regular]  # "data" and "statistics" are words of their own
        return next((lemma for lemma in candidates if lemma in self._index[part]), irregular[0] if irregular else "")


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh", "o")) else "s")


def _inverted(exceptions: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Turn form -> lemmas to lemma -> forms."""
    forms: dict[str, list[str]] = defaultdict(list)
    for form, lemmas in exceptions.items():
        for lemma in lemmas:
            forms[lemma].append(form)
    return forms


@cache
def word_tables() -> WordTables:
    """Load the tables, once in a process: it takes seconds."""
    return WordTables()


def is_plural_form(word: str) -> bool:
    """Say whether a noun looks like a regular plural."""
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "ics"))
