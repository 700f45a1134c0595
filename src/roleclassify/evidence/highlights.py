"""Where in a text its evidence stands, overlapping features merged."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from roleclassify.result import Contribution


@dataclass(frozen=True, slots=True)
class Highlight:
    """A stretch of text that carries weight.

    Attributes
    ----------
    start, end
        Character offsets into the text as read, end exclusive.
    contribution
        Sum over the features that stand in it, in log-odds; a feature that stands in several places counts in equal
        parts at each of them.
    features
        The strongest first.
    """

    start: int
    end: int
    contribution: float
    features: tuple[str, ...]


def highlights(contributions: Iterable[Contribution]) -> tuple[Highlight, ...]:
    """Merge the spans that overlap; in order of the text, none overlapping, their sum that of the contributions."""
    places = sorted(
        (start, end, item.contribution / len(item.spans), item.feature)
        for item in contributions
        for start, end in item.spans
    )
    merged: list[list[tuple[int, int, float, str]]] = []
    reach = -1
    for place in places:
        if place[0] >= reach:
            merged.append([])
        merged[-1].append(place)
        reach = max(reach, place[1])
    return tuple(map(_highlight, merged))


def _highlight(places: list[tuple[int, int, float, str]]) -> Highlight:
    parts: dict[str, list[float]] = {}
    for _, _, part, feature in places:
        parts.setdefault(feature, []).append(part)
    features = sorted(parts, key=lambda feature: (-abs(math.fsum(parts[feature])), feature))
    total = math.fsum(part for _, _, part, _ in places)
    return Highlight(places[0][0], max(end for _, end, _, _ in places), total, tuple(features))
