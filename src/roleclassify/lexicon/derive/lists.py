"""What lists tell of the names in them: what kind of thing they are, and which stand together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from roleclassify.lexicon.derive.phrases import Runs, is_name, next_in_list
from roleclassify.lexicon.derive.tagging import Word
from roleclassify.lexicon.derive.words import INTRODUCING


class Listed(NamedTuple):
    """A name in a list, by its lemmas.

    Attributes
    ----------
    kind
        Lemma of what the text says it is an example of: ``tool`` for "tools such as Docker"; empty where it says none.
    beside
        The name next to it; empty where there is none.
    """

    name: tuple[str, ...]
    kind: str = ""
    beside: tuple[str, ...] = ()


def listed_names(words: Sequence[Word], runs: Runs) -> Iterator[Listed]:
    """Yield what lists of a passage tell, some of it several times."""
    for first, last in runs.items():
        following = _next_run(words, runs, last)
        if following is not None and is_name(words[first:last]) and is_name(words[following : runs[following]]):
            one, two = _lemmas(words, runs, first), _lemmas(words, runs, following)
            yield Listed(one, beside=two)
            yield Listed(two, beside=one)
        at = _introduced(words, last)
        while at is not None and at in runs:
            if is_name(words[at : runs[at]]):
                yield Listed(_lemmas(words, runs, at), kind=words[last - 1].lemma)
            at = _next_run(words, runs, runs[at])


def _introduced(words: Sequence[Word], at: int) -> int | None:
    """Position behind "such as" or the like that stands at ``at``; None where none does."""
    said = " ".join(word.lemma for word in words[at : at + 2])
    cue = next((cue for cue in INTRODUCING if said == cue or said.startswith(f"{cue} ")), None)
    return _behind_articles(words, at + len(cue.split())) if cue else None


def _next_run(words: Sequence[Word], runs: Runs, at: int) -> int | None:
    following = next_in_list(words, at)
    following = None if following is None else _behind_articles(words, following)
    return following if following in runs else None


def _behind_articles(words: Sequence[Word], at: int) -> int:
    """Position behind "the" and the "and" of a last comma: "Spark, and the Kafka service"."""
    while at < len(words) and words[at].lemma in ("and", "or", "the"):
        at += 1
    return at


def _lemmas(words: Sequence[Word], runs: Runs, first: int) -> tuple[str, ...]:
    return tuple(word.lemma for word in words[first : runs[first]])
