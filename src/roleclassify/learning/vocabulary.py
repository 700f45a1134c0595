"""Choose the terms of a model: frequent enough, about the work, and no names."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from roleclassify.learning.preparation import Prepared
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.lexicon.roles import SHARED

LOWER_CASE_SHARE = 0.3
"""A word written with a capital more often than this leaves is taken for a name.

Words that open bullets and headings are capitalised often, names nearly always. Names that matter, of tools and
platforms, are in the lexicon, whose words are exempt.
"""


def select_vocabulary(prepared: Sequence[Prepared], lexicon: CompiledLexicon, *, min_documents: int) -> list[str]:
    """Choose terms.

    Parameters
    ----------
    prepared
        The training documents.
    min_documents
        Least number of documents that hold a term.

    Returns
    -------
    list of str
        Sorted. None holds a digit alone, a name outside the lexicon, or a word of ``hygiene.toml``; none begins or ends
        with a function word; none is a phrase of the lexicon, whose concept carries
        the weight, or a single word of a shared concept.
    """
    frequencies = Counter(term for document in prepared for term in set(document.terms))
    for concept in lexicon.concepts:
        for form in (*concept.forms, *concept.exact):
            frequencies.pop(form.lower(), None)
            # "machine" and "learning" alone say as little of the side as the shared phrase does.
            for word in form.split(" ") if concept.role == SHARED else ():
                frequencies.pop(word.lower(), None)
    allowed = _common_words(prepared) | {
        word for concept in lexicon.concepts for form in concept.forms for word in form.split(" ")
    }
    barred = excluded_words() | lexicon.titles.barred
    edges = function_words()
    return sorted(
        term
        for term, frequency in frequencies.items()
        if frequency >= min_documents and _is_evidence(term.split(" "), allowed, barred, edges)
    )


def _is_evidence(words: list[str], allowed: set[str], barred: frozenset[str], edges: frozenset[str]) -> bool:
    if words[0] in edges or words[-1] in edges:
        return False
    return all(
        (word in allowed or word in edges) and word not in barred and not word[0].isdigit() for word in words
    ) and (len(words) > 1 or len(words[0]) > 1)


def _common_words(prepared: Iterable[Prepared]) -> set[str]:
    seen: Counter[str] = Counter()
    lower: Counter[str] = Counter()
    for document in prepared:
        for word in document.words:
            folded = word.lower()
            seen[folded] += 1
            lower[folded] += word == folded
    return {word for word, count in seen.items() if lower[word] >= LOWER_CASE_SHARE * count}


@cache
def excluded_words() -> frozenset[str]:
    """Words of pay, benefits, working time, recruitment, people and places."""
    lists = tomllib.loads(Path(__file__).with_name("hygiene.toml").read_text(encoding="utf-8"))
    return frozenset(word for words in lists.values() for word in words.split())


@cache
def function_words() -> frozenset[str]:
    """SpaCy's English stop words."""
    from spacy.lang.en.stop_words import STOP_WORDS

    return frozenset(STOP_WORDS) | {"s", "t", "e.g.", "i.e.", "etc", "e.g", "i.e"}
