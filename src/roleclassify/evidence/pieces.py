"""Evidence for reading: concepts, and terms with those that stand inside them merged into one piece."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from roleclassify.result import Contribution, Origin


class Piece(NamedTuple):
    """One or more features told as one reason.

    Attributes
    ----------
    name
        The concept's id, or the longest term.
    kind
        ``term`` or ``concept``.
    role
        The side that it speaks for.
    contribution
        Sum over its features, in log-odds; positive leans to the second label.
    features
        The term or concept itself, then the terms merged into it, the strongest first.
    origin
        Where the weight of a concept comes from.
    """

    name: str
    kind: Literal["term", "concept"]
    role: str
    contribution: float
    features: tuple[str, ...]
    origin: Origin = "learned"

    def to_dict(self) -> dict[str, Any]:
        """JSON values; ``origin`` where the weight was not learned."""
        return {
            "name": self.name,
            "kind": self.kind,
            "role": self.role,
            "contribution": self.contribution,
            "features": list(self.features),
            **({"origin": self.origin} if self.origin != "learned" else {}),
        }


def inner_terms(term: str) -> list[str]:
    """Name the shorter terms inside a term.

    Examples
    --------
    >>> inner_terms("batch inference jobs")
    ['batch inference', 'inference jobs', 'batch', 'inference', 'jobs']
    """
    words = term.split(" ")
    return [
        " ".join(words[first : first + n_words])
        for n_words in range(len(words) - 1, 0, -1)
        for first in range(len(words) - n_words + 1)
    ]


def strongest_pieces(contributions: Iterable[Contribution], most: int) -> tuple[Piece, ...]:
    """Choose the ``most`` strongest pieces; concepts are named first, then terms, each the strongest first.

    A term joins the longest terms of its side that it stands inside of, of several the strongest (then the first by
    name), so no contribution counts twice.
    """
    concepts = [item for item in contributions if item.kind == "concept"]
    terms = {item.feature: item for item in contributions if item.kind == "term"}
    found = [_piece(item, ()) for item in concepts] + [_piece(host, inner) for host, inner in merge_terms(terms)]
    chosen = sorted(found, key=_strength)[:most]
    return tuple(sorted(chosen, key=lambda piece: (piece.kind == "term", *_strength(piece))))


def _strength(piece: Piece) -> tuple[float, str, str]:
    return (-abs(piece.contribution), piece.kind, piece.name)


def _piece(item: Contribution, inner: Sequence[Contribution]) -> Piece:
    total = math.fsum([item.contribution, *(term.contribution for term in inner)])
    features = (item.feature, *(term.feature for term in inner))
    return Piece(item.feature, item.kind, item.role, total, features, item.origin)


def merge_terms(terms: dict[str, Contribution]) -> list[tuple[Contribution, list[Contribution]]]:
    """Pair every term that stands in no longer one of its side with the terms inside it, the strongest first."""
    order = sorted(terms.values(), key=lambda item: (-item.feature.count(" "), -abs(item.contribution), item.feature))
    hosts: dict[str, str] = {}
    for item in order:
        if item.feature in hosts:
            continue
        for inner in inner_terms(item.feature):
            if inner in terms and terms[inner].role == item.role:
                hosts.setdefault(inner, item.feature)
    members: dict[str, list[Contribution]] = {name: [] for name in terms if name not in hosts}
    for item in sorted(terms.values(), key=lambda item: (-abs(item.contribution), item.feature)):
        if item.feature in hosts:
            members[hosts[item.feature]].append(item)
    return [(terms[name], inner) for name, inner in members.items()]
