"""Noun and verb phrases of a tagged passage, as a lexicon would hold them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from roleclassify.lexicon.derive.tagging import Word
from roleclassify.lexicon.derive.words import EMPTY_VERBS, PARTICLES

MAX_WORDS = 4
"""Most words of a noun phrase."""

LEAST_GLUED = 3
"""A pair of nouns must be met so often to belong together."""

_NOUNS = ("noun", "name")
_MODIFIERS = ("noun", "name", "adjective")
_ARTICLES = ("the", "a", "an")
_BEHIND_PREPOSITION = frozenset({"with", "on", "into"})

Glue = frozenset[tuple[str, str]]
"""Pairs of nouns that belong together: no phrase begins with the second."""

Runs = dict[int, int]
"""Runs of modifiers that end in a noun: first word, and last (exclusive)."""


class Phrase(NamedTuple):
    """A phrase.

    Attributes
    ----------
    lemmas
        What it is counted by.
    text
        What a lexicon would hold: the leading verb and the last noun as lemmas, names as written, the rest small.
    verb
        Lemma of the leading verb; empty for a noun phrase.
    head
        Lemmas of the noun that the rest says more about, with what it cannot do without: ``("machine", "learning")``.
    modifier
        Lemma of the word before the head in its noun phrase; empty where there is none.
    tag
        Part of speech where it is one word or a name, else empty.
    """

    lemmas: tuple[str, ...]
    text: str
    verb: str = ""
    head: tuple[str, ...] = ()
    modifier: str = ""
    tag: str = ""


def glue_of(passages: Iterable[Sequence[Word]]) -> Glue:
    """Find the pairs of nouns whose second mostly stands behind the first: data science, machine learning."""
    pairs: Counter[tuple[str, str]] = Counter()
    single: Counter[str] = Counter()
    for words in passages:
        single.update(word.lemma for word in words if word.tag in _NOUNS)
        pairs.update(
            (one.lemma, two.lemma)
            for one, two in pairwise(words)
            if one.tag in _NOUNS and two.tag in _NOUNS and not two.joint
        )
    glued = {pair: n for pair, n in pairs.items() if n >= max(LEAST_GLUED, single[pair[1]] / 2)}
    # "machine learning system" is a system of machine learning: the stronger pair wins.
    stronger = {second: n for (_, second), n in glued.items()}
    return frozenset((first, second) for (first, second), n in glued.items() if n >= stronger.get(first, 0))


def phrases_of(words: Sequence[Word], runs: Runs, glue: Glue) -> Iterator[Phrase]:
    """Yield the phrases of a passage, some of them several times.

    "Designing and building scalable systems and pipelines" gives among others: design scalable system, build system,
    build pipeline, scalable system, pipeline.
    """
    for first, last in runs.items():
        yield from _noun_phrases(words[first:last], glue)
        yield from _of_phrases(words, runs, first, glue)
    for position, word in enumerate(words):
        if word.tag == "verb" and word.lemma not in EMPTY_VERBS:
            yield Phrase((word.lemma,), word.lemma, verb=word.lemma, tag=word.tag)
            following = words[position + 1 : position + 2]
            lead = [word.lemma, *(one.lemma for one in following if one.lemma in PARTICLES and not one.joint)]
            for first in _objects(words, position + len(lead), runs):
                article = [words[first - 1].lemma] if words[first - 1].lemma in _ARTICLES else []
                yield from _verb_phrases(lead, article, words[first : runs[first]], glue)
        elif word.tag == "adjective":
            yield Phrase((word.lemma,), word.lemma, tag=word.tag)


def noun_runs(words: Sequence[Word]) -> Runs:
    """Find the longest runs of nouns and adjectives that end in a noun."""
    runs: Runs = {}
    first = 0
    while first < len(words):
        last = first
        while last < len(words) and words[last].tag in _MODIFIERS and (last == first or not words[last].joint):
            last += 1
        behind = max(last, first + 1)
        while last > first and words[last - 1].tag not in _NOUNS:
            last -= 1
        if last > first:
            runs[first] = last
        first = behind
    return runs


def _noun_phrases(run: Sequence[Word], glue: Glue) -> Iterator[Phrase]:
    """Yield the run, its ends, the nouns that it begins with, and the names in it."""
    n_words = len(run)
    if is_name(run):
        yield _phrase(run, glue)
        return
    starts = [start for start in range(n_words) if not _is_glued(run, start, glue)]
    n_nouns = next((number for number, word in enumerate(run) if word.tag not in _NOUNS), n_words)
    ends = [end for end in range(2, min(n_nouns, MAX_WORDS) + 1) if end == n_words or not _is_glued(run, end, glue)]
    yield _phrase(_head(run, glue), glue)
    yield from (_phrase(run[start:], glue) for start in starts if 2 <= n_words - start <= MAX_WORDS)
    yield from (_phrase(run[:end], glue) for end in ends)
    yield from (_phrase([word], glue) for word in run if word.tag == "name")


def _of_phrases(words: Sequence[Word], runs: Runs, first: int, glue: Glue) -> Iterator[Phrase]:
    """Yield "accuracy of the model": what a noun is said to be of."""
    last = runs[first]
    if last + 1 >= len(words) or words[last].lemma != "of" or words[last].joint:
        return
    start = last + 1
    article = [words[start].lemma] if words[start].lemma in _ARTICLES else []
    start += len(article)
    if start in runs and not words[start].joint:
        head, of = _head(words[first:last], glue), words[start : runs[start]]
        lemmas = tuple(word.lemma for word in head)
        text = " ".join([*_written(head), "of", *article, *_as_written(of)])
        yield Phrase((*lemmas, "of", *article, *(word.lemma for word in of)), text, head=lemmas)


def _objects(words: Sequence[Word], at: int, runs: Runs) -> Iterator[int]:
    """Yield where the noun runs begin that the verb before ``at`` is said of, alone or with the verb behind it."""
    while (behind := next_in_list(words, at)) is not None and words[behind].tag == "verb":
        at = behind + 1  # "design and build systems": the objects are those of the last verb
    position: int | None = at
    while position is not None:
        while (
            position < len(words) and words[position].tag in ("determiner", "adverb") and words[position].joint != "."
        ):
            position += 1
        if position not in runs or words[position].joint == ".":
            return
        yield position
        position = next_in_list(words, runs[position])


def next_in_list(words: Sequence[Word], at: int) -> int | None:
    """Position of what a list goes on with at ``at``, behind a comma, "and" or "or"; None where it ends there."""
    if at >= len(words) or words[at].joint == ".":
        return None
    if words[at].lemma in ("and", "or"):
        return at + 1 if at + 1 < len(words) and words[at + 1].joint != "." else None
    return at if words[at].joint == "," else None


def _verb_phrases(lead: list[str], article: list[str], run: Sequence[Word], glue: Glue) -> Iterator[Phrase]:
    """Yield the verb with its whole object, and with the nouns that the object ends in."""
    nouns = next((number for number in range(len(run), 0, -1) if run[number - 1].tag not in _NOUNS), 0)
    written: list[tuple[list[str], Sequence[Word]]] = [(lead, run), (lead, run[nouns:])]
    if article and len(_head(run, glue)) == len(run):
        # Matching takes words as they stand, so the article makes another phrase.
        written.append(([*lead, *article], run))
    for before, object_ in written:
        if len(object_) < MAX_WORDS:
            phrase = _phrase(object_, glue)
            # The compiler inflects the word before a preposition, so what stands behind one stays as written.
            said = _as_written(object_) if _BEHIND_PREPOSITION & set(before) else _written(object_)
            text = " ".join([*before, *said])
            yield Phrase((*before, *phrase.lemmas), text, lead[0], phrase.head, phrase.modifier)


def _head(run: Sequence[Word], glue: Glue) -> Sequence[Word]:
    start = len(run) - 1
    while _is_glued(run, start, glue):
        start -= 1
    return run[start:]


def _is_glued(run: Sequence[Word], start: int, glue: Glue) -> bool:
    return start > 0 and (run[start - 1].lemma, run[start].lemma) in glue


def _phrase(run: Sequence[Word], glue: Glue) -> Phrase:
    lemmas = tuple(word.lemma for word in run)
    head = tuple(word.lemma for word in _head(run, glue))
    modifier = lemmas[-len(head) - 1] if len(head) < len(lemmas) else ""
    tag = "name" if is_name(run) else run[0].tag if len(run) == 1 else ""
    return Phrase(lemmas, " ".join(_written(run)), "", head, modifier, tag)


def is_name(run: Sequence[Word]) -> bool:
    """Say whether a noun run is a proper name; too long a one is rather a line in capitals."""
    return len(run) <= MAX_WORDS and all(word.tag == "name" for word in run)


def _written(run: Sequence[Word]) -> list[str]:
    """Words as a lexicon holds them: the last noun as its lemma, the rest as written."""
    return [*_as_written(run[:-1]), run[-1].written if run[-1].tag == "name" else run[-1].lemma]


def _as_written(run: Sequence[Word]) -> list[str]:
    """Words in small letters, but for names."""
    return [word.written if word.tag == "name" else word.written.lower() for word in run]
