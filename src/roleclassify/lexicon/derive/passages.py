"""Cut a document that describes roles into passages, each with the role that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from spacy.lang.en import English
from spacy.lang.en.stop_words import STOP_WORDS

from roleclassify.lexicon.derive.blocks import blocks_of
from roleclassify.lexicon.derive.names import Mention, RoleNames
from roleclassify.lexicon.derive.words import (
    BOTH,
    CLOSING,
    CONTRASTS,
    CUES,
    DETERMINERS,
    OBJECT_PREPOSITIONS,
    PRONOUNS,
    SUBJECT_WORDS,
)
from roleclassify.lexicon.roles import SHARED
from roleclassify.text.contrasts import ContrastCues
from roleclassify.text.document import Document
from roleclassify.text.tokens import MASK, Token, tokenize

BACKGROUND = ""
"""Role of a passage that speaks of neither role."""

_CONTRAST_CUES = ContrastCues(CUES)
_CLAUSE_END = re.compile(r"[,;:()|\u2013\u2014]|\s-\s")
_BOTH_CUES = re.compile(rf"\b(?:{'|'.join(BOTH)})\b", re.IGNORECASE)


class Passage(NamedTuple):
    """A sentence, or the part of one that speaks of one role.

    Attributes
    ----------
    role
        A label, ``shared`` where it speaks of both roles, or ``BACKGROUND``.
    text
        The words, with a mask for each name of a role.
    source
        Where it stands: ``guide.txt:7:2`` is the second sentence of the paragraph that begins on line 7.
    group
        Passages of one group come from one hand: the document, or the employer.
    """

    role: str
    text: str
    source: str
    group: str


def passages_of(document: Document, names: RoleNames) -> list[Passage]:
    """Cut a document into passages.

    A heading, or a sentence before a list, that names one role speaks for what follows, up to the next one that names
    a role or that closes the comparison. Within it, a sentence whose subject is a role speaks of that role; where one
    turns from the one role to the other ("whereas", a comma), its parts are told apart. A document that names one role
    only speaks of it throughout.
    """
    blocks = blocks_of(document.text)
    named = {mention.role for block in blocks for mention in names.find(tokenize(block.text))}
    only = names.labels[named.pop()] if len(named) == 1 else BACKGROUND
    nlp = English()
    nlp.add_pipe("sentencizer")
    nlp.max_length = len(document.text) + 1  # a limit for parsers, which this pipeline has none of
    section = only
    passages: list[Passage] = []
    for block in blocks:
        whole = _Sentence.of(block.text, names)
        is_heading = block.is_short and (block.is_marked or bool(whole.mentions) or whole.closes())
        sentences = [] if is_heading else [_Sentence.of(span.text, names) for span in nlp(block.text).sents]
        before = BACKGROUND
        for number, sentence in enumerate(sentences, start=1):
            parts = list(sentence.parts(section, before))
            before = parts[0][0] if len(parts) == 1 else BACKGROUND
            where = f"{document.source}:{block.line}:{number}"
            passages += [Passage(role, text, where, document.source) for role, text in parts]
        if not only and (is_heading or block.text.endswith(":")):
            section = _section_after(whole if is_heading else sentences[-1], section, is_heading)
    return passages


def masked_passage(role: str, text: str, source: str, group: str, names: RoleNames) -> Passage:
    """Make one passage of a whole text whose role is known."""
    blocks = (_Sentence.of(block.text, names).masked() for block in blocks_of(text))
    return Passage(role, "\n\n".join(blocks), source, group)


def _section_after(whole: _Sentence, section: str, is_heading: bool) -> str:
    roles = {whole.labels[mention.role] for mention in whole.subjects()}
    if len(roles) == 1:
        return roles.pop()
    return BACKGROUND if roles or (is_heading and whole.closes()) else section


@dataclass(frozen=True, slots=True)
class _Sentence:
    text: str
    tokens: list[Token]
    mentions: list[Mention]
    labels: tuple[str, str]

    @classmethod
    def of(cls, text: str, names: RoleNames) -> _Sentence:
        tokens = tokenize(text)
        return cls(text, tokens, names.find(tokens), names.labels)

    def closes(self) -> bool:
        """Say whether it has a word of headings that end the section of a role."""
        return any(token.word.lower() in CLOSING for token in self.tokens)

    def parts(self, section: str, before: str) -> Iterator[tuple[str, str]]:
        """Cut the sentence where its subject turns to another role: the role and the text of each part.

        Parameters
        ----------
        section
            Role that the section speaks of.
        before
            Role that the sentence before it in the paragraph speaks of.
        """
        subjects = self.subjects()
        if not subjects and not section:  # "A degree in statistics for analysts"
            subjects = [one for one in self.mentions if one.first and self._words(one.first - 1, one.first) == ["for"]]
        starts = [(0, self._default(section, before) if not subjects else section)]
        clause_starts = self._clause_starts()
        for number, mention in enumerate(subjects):
            start, role = clause_starts[mention.first], self.labels[mention.role]
            if number and start < subjects[number - 1].last:  # "analysts and engineers" are one subject
                same = starts[-1][1] == role
                starts[-1] = (starts[-1][0], role if same else section or SHARED)
            else:
                starts.append((start, role))
        if len(starts) > 1 and self._is_function(0, starts[1][0]):
            del starts[0]
        for (first, role), (last, _) in zip(starts, [*starts[1:], (len(self.tokens), "")], strict=True):
            if first < last:
                yield role, self.masked(first, last)

    def subjects(self) -> list[Mention]:
        """Roles that the sentence speaks of, rather than of work with them or for them."""
        found: list[Mention] = []
        clause_starts = self._clause_starts()
        for mention in self.mentions:
            start = max(clause_starts[mention.first], found[-1].last if found else 0)
            first = mention.first
            while first > start and self.tokens[first - 1].word.lower() in DETERMINERS:
                first -= 1
            before = self._words(max(start, first - 1), first)
            if (before and before[0] in SUBJECT_WORDS) or (
                self._is_function(start, first) and not OBJECT_PREPOSITIONS & set(before)
            ):
                found.append(mention)
        return found

    def _default(self, section: str, before: str) -> str:
        if _BOTH_CUES.search(self.text):
            return SHARED
        goes_on = not section or not PRONOUNS.isdisjoint(self._words(0, 1))
        return before if before and goes_on else section

    def _words(self, first: int, last: int) -> list[str]:
        return [token.word.lower() for token in self.tokens[first:last]]

    def _is_function(self, first: int, last: int) -> bool:
        words = (self.tokens[position].word.lower() for position in range(first, last))
        return all(word in STOP_WORDS or word == "vs" for word in words)

    def _clause_starts(self) -> list[int]:
        """For each token the first one of its clause: behind a comma, or a word such as "whereas"."""
        starts = [0]
        for position, (before, token) in enumerate(pairwise(self.tokens), start=1):
            begins = before.word.lower() in CONTRASTS or _CLAUSE_END.search(self.text, before.end, token.start)
            starts.append(position if begins else starts[-1])
        return starts

    def masked(self, first: int = 0, last: int | None = None) -> str:
        """Text of the tokens with a mask for each role, and without what the work is said not to be."""
        tokens = self.tokens[first:last]
        last = first + len(tokens)
        denied = {number: "" for start, end in _CONTRAST_CUES.find(self.text, tokens) for number in range(start, end)}
        for mention in self.mentions:
            for number in range(max(mention.first - first, 0), min(mention.last, last) - first):
                denied[number] = MASK if number == mention.first - first else ""
        written = ""
        for number, token in enumerate(tokens):
            end = tokens[number + 1].start if number + 1 < len(tokens) else token.end
            written += denied.get(number, self.text[token.start : token.end]) + self.text[token.end : end]
        return written
