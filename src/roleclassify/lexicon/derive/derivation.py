"""Propose a whole lexicon from texts that tell of two roles.

Nothing but the texts and spaCy's word tables is read: no lexicon, and nothing that was made from one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from roleclassify.errors import LexiconError
from roleclassify.lexicon.derive.candidates import FOR_DOCUMENTS, FOR_TABLES, Candidate, Limits, candidates_of
from roleclassify.lexicon.derive.concepts import concepts_of
from roleclassify.lexicon.derive.names import RoleNames
from roleclassify.lexicon.derive.passages import Passage, masked_passage, passages_of
from roleclassify.lexicon.derive.tables import WordTables, word_tables
from roleclassify.lexicon.derive.words import CUES, LEVELS, OTHERS, OWN, RANKS
from roleclassify.lexicon.source import Inflection, Lexicon, TitleSource
from roleclassify.text.document import Document


class LabeledText(NamedTuple):
    """A text and its role.

    Attributes
    ----------
    role
        A label, ``shared`` for a text of both roles, or empty for one of neither.
    text
        The whole text.
    source
        What to call it.
    group
        Who wrote it: texts of one group count as one hand; empty where unknown.
    """

    role: str
    text: str
    source: str
    group: str = ""


def derive_from_documents(documents: Sequence[Document], names: RoleNames) -> Lexicon:
    """Propose a lexicon from documents that describe the roles.

    Raises
    ------
    LexiconError
        When the documents say nothing of one of the roles.
    MissingExtraError
        When spaCy's word tables (package spacy-lookups-data) are not installed.
    """
    learnt = names
    for document in documents:
        learnt = learnt.learn(document.text)
    passages = [passage for document in documents for passage in passages_of(document, learnt)]
    return _derive(passages, names, learnt, FOR_DOCUMENTS)


def derive_from_labeled(texts: Iterable[LabeledText], names: RoleNames) -> Lexicon:
    """Propose a lexicon from texts of either role, those of both or neither among them perhaps.

    Raises
    ------
    LexiconError
        When there is no text of one of the roles.
    MissingExtraError
        When spaCy's word tables (package spacy-lookups-data) are not installed.
    """
    passages = [masked_passage(text.role, text.text, text.source, text.group or text.source, names) for text in texts]
    return _derive(passages, names, names, FOR_TABLES)


def _derive(passages: Sequence[Passage], names: RoleNames, learnt: RoleNames, limits: Limits) -> Lexicon:
    for label in names.labels:
        if all(passage.role != label for passage in passages):
            remedy = f"say in --roles what else they call it: {label}=other-name"
            raise LexiconError("the texts", f"they say nothing of the role {label!r}", remedy)
    tables = word_tables()
    candidates = candidates_of(passages, names, tables, limits)
    if not candidates:
        raise LexiconError("the texts", "no phrase is met often enough", "give more, or longer, texts")
    return Lexicon(
        name="-vs-".join(names.labels),
        labels=names.labels,
        concepts=tuple(concepts_of(candidates, passages, names.labels, tables)),
        inflection=_inflection(candidates, tables),
        titles=_titles(learnt),
        contrasts=CUES,
    )


def _inflection(candidates: Sequence[Candidate], tables: WordTables) -> Inflection:
    """Name the leading verbs, and spell out the forms that no rule makes."""
    verbs = sorted({one.phrase.verb for one in candidates if len(one.phrase.verb) > 1})
    phrases = [one.phrase for one in candidates if one.phrase.tag in ("", "noun")]
    nouns = sorted({phrase.lemmas[-1] for phrase in phrases if phrase.text.endswith(phrase.lemmas[-1])})
    exceptions = {verb: forms for verb in verbs if (forms := tables.verb_forms(verb))}
    exceptions |= {noun: forms for noun in nouns if (forms := tables.noun_forms(noun))}
    return Inflection(frozenset(verbs), frozenset(), exceptions)


def _titles(names: RoleNames) -> TitleSource:
    """Make title patterns of the names; the compiler allows for their plurals."""
    patterns = tuple((role.label, name) for role in names.roles for name in role.names)
    last = {name.split(" ")[-1] for _, name in patterns}
    barred = tuple(sorted(last | {word + "s" for word in last if not word.endswith("s")}))
    return TitleSource({"level": LEVELS, "rank": RANKS}, patterns, OTHERS, OWN, barred)
