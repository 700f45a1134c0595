"""Lemmas and parts of speech of a passage, guessed from word tables and the words around."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Literal, NamedTuple

from spacy.lang.en.stop_words import STOP_WORDS

from roleclassify.lexicon.derive.tables import Readings, WordTables
from roleclassify.lexicon.derive.words import (
    AUXILIARIES,
    BEFORE_NAMES,
    CONTENT_STOPS,
    DETERMINERS,
    EMPTY_VERBS,
    FUNCTION_WORDS,
    GERUND_NOUNS,
    PARTICLES,
    VERB_CUES,
)
from roleclassify.text.tokens import Token, tokenize

Tag = Literal["noun", "name", "adjective", "verb", "adverb", "determiner", "function", "other"]

CONTENT = frozenset({"noun", "name", "adjective", "verb"})
"""Tags of the words that phrases are made of."""

_FUNCTION = (STOP_WORDS - CONTENT_STOPS - DETERMINERS) | FUNCTION_WORDS | VERB_CUES
_LINKS = ("and", "or")
# A blank line is the end of a paragraph.
_BLANK = re.compile(r"[^\S\n]*\n?[^\S\n]*")
_LIGHT = re.compile(r"\s*[,/&]\s*")


class Word(NamedTuple):
    """A word of a passage.

    Attributes
    ----------
    written
        As written.
    lemma
        Its base form; a name's is the name in lower case.
    tag
        Part of speech; ``other`` for what is no word.
    joint
        What parts it from the word before: nothing for blanks, ``,`` for a comma or slash, ``.`` for any other mark.
    """

    written: str
    lemma: str
    tag: Tag
    joint: str


class _Place(NamedTuple):
    """Where a word stands: what parts it from the word before, its sentence so far, and the word behind, if any."""

    joint: str
    before: Sequence[Word]
    following: str

    @property
    def has_object(self) -> bool:
        """Whether a verb here could have what follows as its object."""
        return bool(self.following) and self.following not in _FUNCTION


def tag(text: str, tables: WordTables) -> list[Word]:
    """Tag the words of a passage."""
    tokens = tokenize(text)
    joints = [".", *(_joint(text[one.end : two.start]) for one, two in pairwise(tokens)), "."]
    words: list[Word] = []
    begin = 0
    for number, token in enumerate(tokens):
        begin = number if joints[number] == "." else begin
        following = tokens[number + 1].word.lower() if joints[number + 1] != "." else ""
        words.append(_tagged(token, _Place(joints[number], words[begin:], following), tables))
    return [
        word._replace(tag="name", lemma=word.written.lower()) if _is_name_here(words, number, tables) else word
        for number, word in enumerate(words)
    ]


def _joint(between: str) -> str:
    return "" if _BLANK.fullmatch(between) else "," if _LIGHT.fullmatch(between) else "."


def _tagged(token: Token, place: _Place, tables: WordTables) -> Word:
    lower = token.word.lower()
    if token.kind != "word":
        return Word(token.word, lower, "other", place.joint)
    if lower in DETERMINERS or lower.endswith("'s"):
        return Word(token.word, lower, "determiner", place.joint)
    if lower in _FUNCTION or "'" in lower:
        return Word(token.word, lower, "function", place.joint)
    if tables.is_name(token.word, begins=place.joint == "."):
        return Word(token.word, lower, "name", place.joint)
    readings = tables.readings(lower)
    part = _tag(lower, readings, place)
    lemma = {"noun": readings.noun, "verb": readings.verb}.get(part) or lower
    return Word(token.word, lemma, part, place.joint)


def _tag(word: str, readings: Readings, place: _Place) -> Tag:
    if readings.verb and _is_verb(word, readings, place):
        return "verb"
    if readings.noun and not (readings.is_adjective and place.has_object):
        return "noun"
    if readings.is_adjective or "-" in word or (word.endswith("ed") and place.has_object):
        return "adjective"
    if readings.is_adverb or word.endswith("ly"):
        return "adverb"
    return "verb" if readings.verb else "noun"


def _is_verb(word: str, readings: Readings, place: _Place) -> bool:
    """Say whether a word that may be a verb is one here."""
    left = next((left for left in reversed(place.before) if left.tag != "adverb"), None)
    is_gerund = word.endswith("ing") and readings.verb != word
    is_noun = is_gerund and word in GERUND_NOUNS and place.following not in DETERMINERS
    if is_noun or ("-" in word and readings.is_adjective):
        return False
    if left is None or place.joint == "." or left.tag == "other":
        return _begins_with_verb(word, readings, place, is_gerund)
    if left.tag == "function" and (is_gerund or place.following in ("out", "off", "up")):
        stands_alone = place.following in ("", "of", *_LINKS)
        return left.lemma in AUXILIARIES or place.has_object or not stands_alone
    if left.lemma == "help" or left.lemma in VERB_CUES:
        return not is_gerund or place.has_object
    is_listed = bool(place.joint) or left.lemma in _LINKS
    if readings.verb in EMPTY_VERBS and left.tag == "noun" and left.lemma != left.written.lower():
        return True  # "managers need"
    return is_listed and (readings.verb in EMPTY_VERBS or _follows_verb(is_gerund, place))


def _begins_with_verb(word: str, readings: Readings, place: _Place, is_gerund: bool) -> bool:
    """Say whether a sentence begins with a verb: "build reports", "save and test", but not "tools such as"."""
    if not readings.noun or (place.has_object and place.following != "such"):
        return True
    if place.joint != "." and place.before:  # behind a role's name
        return bool(place.following)
    if place.following in _LINKS:
        return word == readings.verb or is_gerund
    return place.following in PARTICLES or (is_gerund and place.following not in ("", "of"))


def _follows_verb(is_gerund: bool, place: _Place) -> bool:
    """Say whether a list goes on with a verb: "design and build", "building reports and presenting trends"."""
    earlier = next((one for one in reversed(place.before) if one.tag in CONTENT), None)
    if earlier is not None and earlier.tag == "verb":
        return True
    led = next((one.written for one in place.before if one.tag == "verb"), "")
    return place.has_object and bool(led) and is_gerund == led.endswith("ing")


def _is_name_here(words: Sequence[Word], number: int, tables: WordTables) -> bool:
    """Say whether a common word is a name where it stands: "Power BI", or "Airflow" in a list."""
    word = words[number]
    if not word.written[0].isupper() or word.tag not in CONTENT:
        return False
    following = words[number + 1] if number + 1 < len(words) else None
    joint_behind = following.joint if following is not None and following.tag == "name" else None
    if word.joint == ".":  # "Excel, Tableau and SPSS"
        return joint_behind == "," and tables.is_name(word.written, begins=False)
    is_last = following is None or bool(following.joint) or following.lemma in _LINKS
    stands_alone = is_last and (word.joint == "," or words[number - 1].lemma in BEFORE_NAMES)
    return stands_alone or joint_behind in ("", ",")
