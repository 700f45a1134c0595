"""Evidence in groups: concepts with the terms inside their phrases, and the terms that no concept explains."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from roleclassify.evidence.pieces import merge_terms
from roleclassify.result import Contribution, Origin


@dataclass(frozen=True, slots=True)
class Group:
    """Features of one side that tell the same.

    Attributes
    ----------
    name
        The concept's id, or the longest term.
    kind
        ``concept`` or ``term``.
    role
        The side that all its members speak for.
    contribution
        Their sum, in log-odds.
    members
        The concept or longest term, then the terms that stand inside it.
    """

    name: str
    kind: Literal["term", "concept"]
    role: str
    contribution: float
    members: tuple[Contribution, ...]

    @property
    def spans(self) -> tuple[tuple[int, int], ...]:
        """Where the concept or longest term stands; those inside it may stand elsewhere too."""
        return self.members[0].spans

    @property
    def all_spans(self) -> tuple[tuple[int, int], ...]:
        """Where any member stands, in order; they may overlap."""
        return tuple(sorted({span for member in self.members for span in member.spans}))

    @property
    def origin(self) -> Origin:
        """Where the weight of the concept or longest term comes from."""
        return self.members[0].origin

    def to_dict(self) -> dict[str, Any]:
        """JSON values; ``origin`` where the concept's weight was not learned."""
        return {
            "name": self.name,
            "kind": self.kind,
            "role": self.role,
            "contribution": self.contribution,
            "members": [member.feature for member in self.members],
            "spans": [list(span) for span in self.spans],
            **({"origin": self.origin} if self.origin != "learned" else {}),
        }


def group(contributions: Sequence[Contribution]) -> tuple[Group, ...]:
    """Sort every contribution into one group; the groups' sum is the contributions' sum.

    A term joins a concept of its side when every place where it stands lies inside one of the concept's phrases, of
    several concepts the strongest. Other terms join the longest terms that they stand inside of.

    Returns
    -------
    tuple of Group
        The strongest first.
    """
    concepts = [item for item in contributions if item.kind == "concept"]
    inside: dict[str, list[Contribution]] = {concept.feature: [] for concept in concepts}
    alone: dict[str, Contribution] = {}
    hosts = _Hosts(concepts)
    for item in contributions:
        if item.kind == "term":
            host = hosts.find(item)
            if host is None:
                alone[item.feature] = item
            else:
                inside[host].append(item)
    found = [
        *(_group(concept, inside[concept.feature]) for concept in concepts),
        *(_group(host, inner) for host, inner in merge_terms(alone)),
    ]
    return tuple(sorted(found, key=lambda each: (-abs(each.contribution), each.kind, each.name)))


def _group(host: Contribution, inner: Iterable[Contribution]) -> Group:
    members = (host, *inner)
    total = math.fsum(member.contribution for member in members)
    return Group(host.feature, host.kind, host.role, total, members)


class _Hosts:
    """Which concepts have a phrase around a place in the text."""

    def __init__(self, concepts: Sequence[Contribution]) -> None:
        self._around: dict[int, list[tuple[int, Contribution]]] = {}
        for concept in concepts:
            for start, end in concept.spans:
                for place in range(start, end):
                    self._around.setdefault(place, []).append((end, concept))

    def find(self, term: Contribution) -> str | None:
        """Name the strongest concept of the term's side around all its places, or None."""
        common: set[str] | None = None
        strength: dict[str, float] = {}
        for start, end in term.spans:
            here = {concept.feature: abs(concept.contribution) for concept in self._at(start, end, term)}
            strength.update(here)
            common = set(here) if common is None else common & here.keys()
            if not common:
                return None
        return min(common or (), key=lambda name: (-strength[name], name), default=None)

    def _at(self, start: int, end: int, term: Contribution) -> Iterator[Contribution]:
        for last, concept in self._around.get(start, ()):
            if last >= end and (concept.contribution > 0) == (term.contribution > 0):
                yield concept
