"""Compile a lexicon: inflect its phrases with spaCy and turn its title patterns into regular expressions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from roleclassify.errors import LexiconError, MissingExtraError
from roleclassify.lexicon.compiled import CompiledConcept, CompiledLexicon
from roleclassify.lexicon.source import Concept, Inflection, Lexicon, TitleSource
from roleclassify.text.contrasts import ContrastCues
from roleclassify.text.titles import TitlePatterns
from roleclassify.text.tokens import tokenize

if TYPE_CHECKING:
    from spacy.language import Language

MAX_FORMS = 12
"""Most forms of one phrase: four of a verb times two of a noun, and hyphenated spellings."""

# Bounded, for unbounded ones take quadratic time on a text that is one word over and over.
_REPEATED = {"?": "?", "*": "{0,4}", "+": "{1,4}"}
_PREPOSITIONS = frozenset(["of", "in", "for", "to", "with", "on", "at", "into", "as", "by", "from", "about", "against"])
_BRITISH = re.compile(r"(?<=[a-z]{3})(i|y)z(?=(?:e|es|ed|ing|ation|ations|er|ers)$)")


def compile_lexicon(lexicon: Lexicon) -> CompiledLexicon:
    """Compile a lexicon to what is matched.

    Raises
    ------
    MissingExtraError
        When the lemma tables (package spacy-lookups-data) are not installed.
    LexiconError
        When a phrase has no word, or holds what must carry no weight.
    """
    return CompiledLexicon(
        name=lexicon.name,
        labels=lexicon.labels,
        concepts=compile_concepts(lexicon.concepts, lexicon.inflection, lexicon.name),
        titles=_compile_titles(lexicon.titles),
        contrasts=ContrastCues(lexicon.contrasts),
        near_misses=lexicon.near_misses,
    )


def compile_concepts(concepts: Iterable[Concept], inflection: Inflection, source: str) -> tuple[CompiledConcept, ...]:
    """Compile concepts; ``source`` names their lexicon in errors, which are those of :func:`compile_lexicon`."""
    inflector = _Inflector(inflection)
    return tuple(_compile_concept(concept, inflector, source) for concept in concepts)


def phrase_words(phrase: str) -> tuple[str, ...]:
    """Words of a phrase, as the tokenizer sees them."""
    return tuple(token.word for token in tokenize(phrase))


def _compile_concept(concept: Concept, inflector: _Inflector, source: str) -> CompiledConcept:
    forms: dict[str, None] = {}
    for phrase in (*concept.phrases, *concept.exact):
        _check_phrase(phrase, concept.id, source)
    for phrase in concept.phrases:
        words = phrase_words(phrase)
        forms.update(dict.fromkeys(" ".join(form) for form in inflector.forms(words)))
    exact = tuple(" ".join(phrase_words(phrase)) for phrase in concept.exact)
    return CompiledConcept(concept.id, concept.role, concept.description, tuple(forms), exact)


def _check_phrase(phrase: str, concept: str, source: str) -> None:
    kinds = {token.kind for token in tokenize(phrase)}
    if "word" not in kinds:
        raise LexiconError(source, f"phrase {phrase!r} of concept {concept!r} has no word")
    if kinds - {"word", "number"}:  # it would stand for every address, or every name
        why = f"phrase {phrase!r} of concept {concept!r} holds a mask, an address, a phone number or a name's initials"
        raise LexiconError(source, why, "write it without, for these carry no weight")


class _Inflector:
    """Forms of a phrase: the leading verb conjugated, the head noun in singular and plural, hyphenated spellings."""

    def __init__(self, inflection: Inflection) -> None:
        self._inflection = inflection

    @cached_property  # not before a word needs it: concepts of names alone do without spaCy
    def _nlp(self) -> Language:
        return _blank_pipeline()

    @cached_property
    def _nouns(self) -> frozenset[str]:
        lookups = self._nlp.get_pipe("lemmatizer").lookups  # type: ignore[attr-defined]
        return frozenset(lookups.get_table("lemma_index")["noun"])

    def forms(self, words: tuple[str, ...]) -> list[tuple[str, ...]]:
        """At most ``MAX_FORMS`` forms in lower case: the phrase as written, then the likelier ones first."""
        verb_positions = self._verb_positions(words)
        verbs = [self._verb_forms(words[position]) for position in verb_positions]
        head = self._head_position(words)
        nouns = [words[head].lower()] if head in verb_positions else self._noun_forms(words[head])
        inflected = [
            _replaced(words, {head: noun, **dict(zip(verb_positions, together, strict=True))})
            # What one does is mostly done to several things: the plurals come before the singular.
            for noun in [*nouns[1:], nouns[0]]
            for together in (zip(*verbs, strict=False) if verbs else [()])
        ]
        written = [
            form for block in _blocks(inflected, len(inflected) // len(nouns)) for form in (*block, *_spelled(block))
        ]
        as_written = _replaced(words, {})
        return list(dict.fromkeys([as_written, *written, *_hyphenated(written, bool(verb_positions))]))[:MAX_FORMS]

    def _verb_positions(self, words: tuple[str, ...]) -> list[int]:
        verbs = self._inflection.verbs
        if words[0] not in verbs or words[1:2] == ("of",):  # "design of experiments"
            return []
        return [0, 2] if len(words) > 2 and words[1] == "and" and words[2] in verbs else [0]

    @staticmethod
    def _head_position(words: tuple[str, ...]) -> int:
        for position, word in enumerate(words):
            if position and word in _PREPOSITIONS:
                return position - 1
        return len(words) - 1

    def _verb_forms(self, verb: str) -> list[str]:
        if verb in self._inflection.exceptions:
            return [verb, *self._inflection.exceptions[verb]]
        stem = verb[:-1] if verb.endswith("e") else verb
        third = _with_s(verb)
        past = verb[:-1] + "ied" if verb.endswith("y") and verb[-2] not in "aeiou" else stem + "ed"
        doubled = [verb + verb[-1] + ending for ending in ("ed", "ing")]
        # Where the tables know "planned", "planed" is another verb's.
        endings = doubled if self._are_forms_of(verb, doubled) else [past, stem + "ing"]
        return [verb, *(form for form in (third, *endings) if self._are_forms_of(verb, [form]))]

    def _are_forms_of(self, verb: str, forms: list[str]) -> bool:
        return all(verb in self._lemmas(form, "VERB") for form in forms)

    def _noun_forms(self, noun: str) -> list[str]:
        word = noun.lower()
        if noun != word or noun in self._inflection.invariant:
            return [word]
        if noun in self._inflection.exceptions:
            return [word, *self._inflection.exceptions[noun]]
        if noun.endswith("ing") or noun.rsplit("-", maxsplit=1)[-1] not in self._nouns:
            return [word]
        plural = _with_s(noun)
        is_plural = noun.rsplit("-", maxsplit=1)[-1] in self._lemmas(plural.split("-")[-1], "NOUN")
        return [noun, plural] if is_plural else [noun]

    def _lemmas(self, word: str, part_of_speech: str) -> list[str]:
        from spacy.tokens import Doc

        doc = Doc(self._nlp.vocab, words=[word], pos=[part_of_speech])
        lemmas: list[str] = self._nlp.get_pipe("lemmatizer").rule_lemmatize(doc[0])  # type: ignore[attr-defined]
        return lemmas


def _with_s(word: str) -> str:
    if word.endswith("y") and word[-2:-1] not in tuple("aeiou"):
        return word[:-1] + "ies"
    return word + ("es" if word.endswith(("s", "x", "z", "ch", "sh")) else "s")


def _replaced(words: tuple[str, ...], by_position: dict[int, str]) -> tuple[str, ...]:
    return tuple(by_position.get(position, word.lower()) for position, word in enumerate(words))


def _blocks(forms: list[tuple[str, ...]], size: int) -> Iterator[list[tuple[str, ...]]]:
    for first in range(0, len(forms), size):
        yield forms[first : first + size]


def _spelled(forms: Iterable[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Spell each form the British way; equal to the form where that changes nothing."""
    return [tuple(_BRITISH.sub(r"\1s", word) for word in form) for form in forms]


def _hyphenated(forms: Iterable[tuple[str, ...]], after_verb: bool) -> list[tuple[str, ...]]:
    """Two neighbouring words written with a hyphen: machine-learning model, time-series."""
    joined = []
    for form in forms:
        for position in range(after_verb, len(form) - 1):
            pair = form[position : position + 2]
            if all(
                word.isalpha() and word not in _PREPOSITIONS and word not in ("and", "the", "a", "or") for word in pair
            ):
                joined.append((*form[:position], "-".join(pair), *form[position + 2 :]))
    return joined


def _blank_pipeline() -> Language:
    import spacy

    nlp = spacy.blank("en")
    lemmatizer = nlp.add_pipe("lemmatizer", config={"mode": "rule"})
    try:
        lemmatizer.initialize()  # type: ignore[attr-defined]
    except ValueError as error:
        # spaCy says E1004 when its lemma tables are not installed.
        raise MissingExtraError("compiling a lexicon", "spacy-lookups-data", "train") from error
    return nlp


def _compile_titles(titles: TitleSource) -> TitlePatterns:
    groups = {
        name: "(?:"
        + "|".join(re.escape(entry) for entry in sorted(entries, key=lambda entry: (-len(entry), entry)))
        + ")"
        for name, entries in titles.words.items()
    }
    by_label: dict[str, list[str]] = {}
    # An alternation takes the first that fits, so the longer patterns come first.
    for label, form in sorted(titles.patterns, key=lambda pattern: -pattern[1].count(" ")):
        by_label.setdefault(label, []).append(_title_regex(form, groups))
    before = f"(?:{groups['level']} ){_REPEATED['*']}" if "level" in groups else ""
    behind = f"(?: {groups['rank']}s?)?" if "rank" in groups else ""
    patterns = tuple(
        # The alternatives stand once each between the optional parts: a small expression compiles quickly at load.
        (label, f"{before}(?:{'|'.join(alternatives)})(?:'?s'?)?{behind}")
        for label, alternatives in by_label.items()
    )
    return TitlePatterns(patterns, frozenset(titles.others), frozenset(titles.own), frozenset(titles.barred))


def _title_regex(form: str, groups: dict[str, str]) -> str:
    """Turn ``<level>* <data> scientist`` into a regular expression over words with one space between."""
    pieces = [_title_piece(piece, groups) for piece in form.split(" ")]
    # Spaces stand behind the optional words before the last one that must be there, and before those behind it.
    last = max(position for position, (_, quantifier) in enumerate(pieces) if quantifier in ("", "+"))
    before = (f"(?:{word} ){_REPEATED[sign]}" if sign else f"{word} " for word, sign in pieces[:last])
    word, sign = pieces[last]
    repeated = f"(?: {word}){_REPEATED['*']}" if sign else ""
    behind = (f"(?: {word}){_REPEATED[sign]}" for word, sign in pieces[last + 1 :])
    return "".join([*before, word, repeated, *behind])


def _title_piece(piece: str, groups: dict[str, str]) -> tuple[str, str]:
    """Regular expression of one word of a form, and how often it may stand."""
    name, quantifier = (piece[:-1], piece[-1]) if piece[-1] in _REPEATED else (piece, "")
    return (groups[name[1:-1]] if name.startswith("<") else re.escape(name)), quantifier
