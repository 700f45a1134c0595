"""Choose the terms of a model: frequent enough, about the work, and no names."""

from __future__ import annotations

import csv
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from roleclassify.learning.preparation import Prepared
from roleclassify.lexicon.compiled import CompiledLexicon

LOWER_CASE_SHARE = 0.3
"""A word written with a capital more often than this leaves is taken for a name.

Words that open bullets and headings are capitalised often, names nearly always. Names that matter, of tools and
platforms, are in the lexicon, whose words are exempt.
"""


def select_vocabulary(
    prepared: Sequence[Prepared],
    employers: Sequence[int],
    lexicon: CompiledLexicon,
    *,
    min_documents: int,
    min_employers: int,
) -> list[str]:
    """Choose terms.

    Parameters
    ----------
    prepared
        The training documents.
    employers
        A number for whoever wrote each document.
    min_documents, min_employers
        Least number of documents that hold a term, and of employers that these are from (all, where there are fewer).

    Returns
    -------
    list of str
        Sorted. None begins or ends with a function word; none holds a word that says nothing of the work by
        ``verdicts.csv`` or ``hygiene.toml``, or of a role's title; a word without a verdict must not look like a name
        unless the lexicon holds it.
    """
    frequencies = Counter(term for document in prepared for term in set(document.terms))
    frequent = {term for term, frequency in frequencies.items() if frequency >= min_documents}
    least = min(min_employers, len(set(employers)))
    held: dict[str, set[int]] = defaultdict(set)
    for document, employer in zip(prepared, employers, strict=True):
        for term in frequent.intersection(document.terms):
            if len(held[term]) < least:
                held[term].add(employer)
    fit = _fit_words(prepared, lexicon)
    edges = function_words()
    return sorted(
        term for term, found in held.items() if len(found) >= least and _is_evidence(term.split(" "), fit, edges)
    )


def _is_evidence(words: list[str], fit: set[str], edges: frozenset[str]) -> bool:
    if words[0] in edges or words[-1] in edges:
        return False
    return all(word in fit or word in edges for word in words)


def _fit_words(prepared: Sequence[Prepared], lexicon: CompiledLexicon) -> set[str]:
    """Words that may carry weight."""
    known = verdicts()
    unknown = _common_words(prepared) | {
        word for concept in lexicon.concepts for form in concept.forms for word in form.split(" ")
    }
    unknown = {word for word in unknown if len(word) > 1 and not word[0].isdigit()} - known.keys()
    return ({word for word, fit in known.items() if fit} | unknown) - excluded_words() - lexicon.titles.barred


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
def verdicts() -> dict[str, bool]:
    """Whether a word tells of the work of any occupation, as readers judged it who saw the word alone."""
    return {row["feature"]: row["of_the_work"] == "yes" for row in _rows(Path(__file__).with_name("verdicts.csv"))}


@cache
def evidence_verdicts(lexicon: str) -> dict[str, bool]:
    """Whether a heavy feature of a lexicon's model is about the work, as two readers judged it who saw no weight.

    Either one's no counts; the third verdict is of features that rose since, kept to measure. Empty for a lexicon whose
    features nobody judged.
    """
    path = Path(__file__).with_name("evidence_verdicts") / f"{lexicon}.csv"
    if not path.is_file():
        return {}
    return {row["feature"]: "no" not in {row["first"], row["second"]} for row in _rows(path)}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


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
