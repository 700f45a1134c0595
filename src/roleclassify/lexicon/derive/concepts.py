"""Gather weighed phrases to concepts: those of one role that share the noun that matters, or stand in one list."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import replace

from roleclassify.lexicon.derive.candidates import Candidate
from roleclassify.lexicon.derive.passages import Passage
from roleclassify.lexicon.derive.phrases import Phrase
from roleclassify.lexicon.derive.tables import WordTables
from roleclassify.lexicon.roles import SHARED
from roleclassify.lexicon.source import Concept

WIDE = 6
"""A noun with more modifiers and verbs than this makes several concepts: "train model" and "statistical model"."""

MAX_PHRASES = 20
"""Most phrases of a concept."""

MAX_SOURCES = 10
"""Most places that a concept names."""

_NOT_IN_ID = re.compile(r"[\W_]+")

Group = tuple[str, ...]


def concepts_of(
    candidates: Sequence[Candidate], passages: Sequence[Passage], labels: tuple[str, str], tables: WordTables
) -> list[Concept]:
    """Make concepts, role by role in the labels' order and ``shared`` last, the clearest first.

    A concept's id is that of its most frequent phrase, its description the counts and the z-score of its clearest one,
    its source the places.
    """
    concepts: dict[str, Concept] = {}
    for role in (*labels, SHARED):
        groups = _groups([candidate for candidate in candidates if candidate.role == role])
        for group in sorted(groups, key=lambda group: max(abs(one.z) for one in group), reverse=True):
            concept = _concept(role, group, passages, labels, tables)
            names = (concept.id, f"{concept.id}-{role}", *(f"{concept.id}-{n}" for n in range(2, len(concepts) + 3)))
            concepts[next(name for name in names if name not in concepts)] = concept
    return [replace(concept, id=name) for name, concept in concepts.items()]


def _groups(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Gather the candidates of one role, those of each group by how often they are met."""
    wide = _wide_heads(candidates)
    names = _name_groups([candidate for candidate in candidates if candidate.phrase.tag == "name"])
    groups: dict[Group, list[Candidate]] = defaultdict(list)
    begun: dict[str, Counter[Group]] = defaultdict(Counter)
    alone: list[Candidate] = []
    for candidate in candidates:
        phrase = candidate.phrase
        if phrase.tag in ("verb", "adjective"):
            alone.append(candidate)
            continue
        group = names.get(phrase.lemmas) or _group(phrase, wide)
        groups[group].append(candidate)
        begun[phrase.lemmas[0]][group] += 1
    for candidate in alone:  # a verb or adjective goes with what mostly stands behind it
        (lemma,) = candidate.phrase.lemmas
        groups[begun[lemma].most_common(1)[0][0] if lemma in begun else (lemma,)].append(candidate)
    return [sorted(group, key=_order) for group in groups.values()]


def _name_groups(candidates: Sequence[Candidate]) -> dict[Group, Group]:
    """Give the group of each name: what it is a kind of, else that of the name that it mostly stands beside."""
    by_name = {candidate.phrase.lemmas: candidate for candidate in candidates}
    groups: dict[Group, Group] = {}
    for name in by_name:
        path = [name]
        while (last := by_name[path[-1]]).kind == "" and last.beside in by_name and last.beside not in path:
            path.append(last.beside)
        group = (last.kind,) if last.kind else groups.get(path[-1], min(path[-2:]))
        groups |= dict.fromkeys(path, group)
    return groups


def _order(candidate: Candidate) -> tuple[int, int]:
    """Put the most frequent first, then the longest, then the one met first."""
    return -len(candidate.passages), -len(candidate.phrase.lemmas)


def _wide_heads(candidates: Sequence[Candidate]) -> set[Group]:
    partners: dict[Group, set[str]] = defaultdict(set)
    for candidate in candidates:
        phrase = candidate.phrase
        partners[phrase.head].add(phrase.modifier or phrase.verb)
    return {head for head, words in partners.items() if len(words - {""}) > WIDE}


def _group(phrase: Phrase, wide: set[Group]) -> Group:
    if phrase.head not in wide:
        return phrase.head
    if phrase.modifier:
        return (phrase.modifier, *phrase.head)
    return (phrase.verb,) if phrase.verb else phrase.head


def _concept(
    role: str, group: Sequence[Candidate], passages: Sequence[Passage], labels: tuple[str, str], tables: WordTables
) -> Concept:
    kept = group[:MAX_PHRASES]
    exact = [one.phrase.text for one in kept if _is_ambiguous(one.phrase, tables)]
    where = sorted({position for one in kept for position in one.passages})
    n_first, n_second = (sum(passages[position].role in (label, SHARED) for position in where) for label in labels)
    clearest = max(kept, key=lambda one: abs(one.z))
    title = _title(kept)
    return Concept(
        id=_NOT_IN_ID.sub("-", title.lower().replace("+", "p").replace("#", "-sharp")).strip("-") or "concept",
        role=role,
        description=f"{title}; passages: {n_first} {labels[0]}, {n_second} {labels[1]}; z {clearest.z:+.2f}",
        source=tuple(dict.fromkeys(passages[position].source for position in where))[:MAX_SOURCES],
        phrases=tuple(one.phrase.text for one in kept if one.phrase.text not in exact),
        exact=tuple(exact),
    )


def _title(group: Sequence[Candidate]) -> str:
    """Text of the first noun phrase among the most frequent; of names the kind and the first of them."""
    names = [one.phrase for one in group if one.phrase.tag == "name"]
    if len(names) == len(group):
        kind = next((one.kind for one in group if one.kind), "")
        return " ".join([kind, *(name.text for name in names[: 1 if kind else 2])]).strip()
    nouns = [one for one in group if not one.phrase.verb and one.phrase.tag != "adjective"] or group
    return min(nouns, key=_order).phrase.text


def _is_ambiguous(phrase: Phrase, tables: WordTables) -> bool:
    """Say whether only its capitals tell a name from a common word: R, Go, Excel."""
    if phrase.tag != "name":
        return False
    lower = phrase.text.lower()
    is_word = any(tables.readings(lower)) and tables.frequency(lower) > tables.frequency(phrase.text)
    return len(phrase.text) == 1 or is_word
