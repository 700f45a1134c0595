"""Phrases of both roles, counted and weighed: what a lexicon's concepts are made from."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from roleclassify.lexicon.derive.lists import listed_names
from roleclassify.lexicon.derive.names import RoleNames
from roleclassify.lexicon.derive.passages import BACKGROUND, Passage
from roleclassify.lexicon.derive.phrases import Phrase, glue_of, noun_runs, phrases_of
from roleclassify.lexicon.derive.screening import Screen, nested_nouns
from roleclassify.lexicon.derive.tables import WordTables
from roleclassify.lexicon.derive.tagging import Word, tag
from roleclassify.lexicon.derive.weights import log_odds_z
from roleclassify.lexicon.roles import SHARED

CLEAR = 1.96
"""Least absolute z-score of a phrase of both roles that leans to one: 95 % confidence."""

BESIDE = 0.2
"""A name goes with the one that it stands beside in at least so great a share of its passages."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How often a phrase must be met, and what makes it one role's.

    Attributes
    ----------
    passages
        Least number of passages that have it.
    groups
        Least number of groups (documents, employers) that have it.
    by_sample
        The passages are a sample of each role's, so that a phrase must lean clearly to be one role's, and stand out
        clearly against the passages of neither role to be both's. Without it, every passage was written to tell what
        the roles are: what is said of one role only is that role's.
    """

    passages: int
    groups: int
    by_sample: bool


FOR_DOCUMENTS = Limits(passages=1, groups=1, by_sample=False)
"""For documents that describe the roles."""

FOR_TABLES = Limits(passages=5, groups=3, by_sample=True)
"""For labelled documents."""

Key = tuple[str, ...]
"""Lemmas of a phrase."""


class Candidate(NamedTuple):
    """A phrase that tells of a role.

    Attributes
    ----------
    role
        A label or ``shared``.
    z
        Z-score of its log-odds; positive leans to the second role.
    passages
        Positions of the passages that have it.
    kind
        Of a name: what texts say it is an example of, as ``tool``; else empty.
    beside
        Of a name: the one that it mostly stands beside in lists; else empty.
    """

    phrase: Phrase
    role: str
    z: float
    passages: tuple[int, ...]
    kind: str = ""
    beside: Key = ()


@dataclass(slots=True)
class _Seen:
    """A phrase in its forms, the positions of its passages, and what lists tell of it."""

    forms: Counter[Phrase]
    passages: list[int]
    kinds: Counter[str]
    beside: Counter[Key]

    def phrase(self) -> Phrase:
        """Give its most usual form; of two the name."""
        return max(self.forms, key=lambda form: (self.forms[form], form.tag == "name"))

    def kind(self) -> str:
        """Give the most usual kind."""
        return max(self.kinds, key=lambda kind: self.kinds[kind], default="")

    def neighbour(self) -> Key:
        """Give the name that it mostly stands beside, if it does so often."""
        most = max(self.beside, key=lambda name: self.beside[name], default=())
        return most if self.beside[most] >= BESIDE * len(self.passages) else ()


def candidates_of(passages: Sequence[Passage], names: RoleNames, tables: WordTables, limits: Limits) -> list[Candidate]:
    """Find the phrases of the roles, weigh them, and leave out what tells nothing.

    Passages that speak of both roles count for each; those that speak of neither count in the prior only. A phrase
    counts once a passage.
    """
    tagged = [tag(passage.text, tables) for passage in passages]
    seen = _seen(tagged)
    weights = _weights(passages, {key: one.passages for key, one in seen.items()}, names.labels)
    screen = Screen.of(tagged, names, tables)
    nested = nested_nouns({key: one.passages for key, one in seen.items() if not one.phrase().verb})
    found: list[Candidate] = []
    for key, one in seen.items():
        phrase = one.phrase()
        at = tuple(position for position in one.passages if passages[position].role != BACKGROUND)
        is_rare = len(at) < limits.passages or len({passages[position].group for position in at}) < limits.groups
        if is_rare or key in nested or screen.tells_nothing(phrase, is_repeated=len(at) > limits.passages):
            continue
        weight = weights[key]
        of_one = weight.in_one_only and not limits.by_sample
        role = names.labels[weight.z > 0] if of_one or abs(weight.z) >= CLEAR else SHARED
        if role != SHARED or not limits.by_sample or weight.shared_z >= CLEAR:
            found.append(Candidate(phrase, role, weight.z, at, one.kind(), one.neighbour()))
    return found


def _seen(tagged: Sequence[Sequence[Word]]) -> dict[Key, _Seen]:
    """Collect every phrase by its lemmas."""
    glue = glue_of(tagged)
    seen: dict[Key, _Seen] = defaultdict(lambda: _Seen(Counter(), [], Counter(), Counter()))
    for position, words in enumerate(tagged):
        runs = noun_runs(words)
        for phrase in dict.fromkeys(phrases_of(words, runs, glue)):
            one = seen[phrase.lemmas]
            one.forms[phrase] += 1
            if one.passages[-1:] != [position]:
                one.passages.append(position)
        for listed in dict.fromkeys(listed_names(words, runs)):
            one = seen[listed.name]
            one.kinds.update([listed.kind] if listed.kind else [])
            one.beside.update([listed.beside] if listed.beside else [])
    return seen


class _Weight(NamedTuple):
    """Z-score between the roles, z-score of both roles against neither, and whether one role only has it."""

    z: float
    shared_z: float
    in_one_only: bool


def _weights(
    passages: Sequence[Passage], where: Mapping[Key, Sequence[int]], labels: tuple[str, str]
) -> dict[Key, _Weight]:
    first, second, either, neither = (
        {key: sum(passages[position].role in roles for position in at) for key, at in where.items()}
        for roles in ((labels[0], SHARED), (labels[1], SHARED), (*labels, SHARED), (BACKGROUND,))
    )
    pooled = {key: len(at) for key, at in where.items()}
    z, shared_z = log_odds_z(first, second, pooled), log_odds_z(neither, either, pooled)
    return {key: _Weight(z[key], shared_z[key], not (first[key] and second[key])) for key in where}
