"""Collect function words of many languages from spaCy's stop-word lists."""

from __future__ import annotations

import importlib
from collections.abc import Iterable

from roleclassify.learning.vocabulary import function_words
from roleclassify.text.language import FunctionWords

LANGUAGES = "af ca cs da de es et fi fr hr hu id is it lt lv nb nl pl pt ro sk sl sq sv tl tr vi".split()
"""Languages in Latin script; the script alone tells the others from English."""

LONGEST = 5
"""Short words are the truly frequent ones; longer entries of the lists are often content words."""

_ALSO_ENGLISH = frozenset(
    "ad al an as at ba be bi can con dan data de den der die do el era fan fast gut hat het hop in la las les let list "
    "log ma men met mi mix no non on or pa per plan pm pre pro re san set si so sub sur ten test to tot under van via "
    "war was web will yes".split()
)
"""Words that stand in English text too, as words, abbreviations or parts of names, and say nothing."""


def collect_function_words(vocabulary: Iterable[str]) -> FunctionWords:
    """Short stop words of each language that neither English nor the vocabulary holds."""
    english = function_words()
    known = english | _ALSO_ENGLISH | {word for term in vocabulary for word in term.split(" ")}
    foreign: dict[str, list[str]] = {}
    for language in LANGUAGES:
        words: set[str] = importlib.import_module(f"spacy.lang.{language}.stop_words").STOP_WORDS
        for word in sorted(words):
            folded = word.lower()
            if 1 < len(folded) <= LONGEST and folded.isalpha() and folded not in known:
                foreign.setdefault(folded, []).append(language)
    return FunctionWords(english, {word: tuple(languages) for word, languages in sorted(foreign.items())})
