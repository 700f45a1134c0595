"""What the pages show of an explanation: plain values, ready for the templates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from roleclassify.evidence.counterfactuals import AbsentConcept, Counterfactuals
from roleclassify.evidence.groups import Group, group
from roleclassify.evidence.highlights import highlights
from roleclassify.rendering.words import quotes
from roleclassify.result import Answer, Explanation

SIDES = ("first", "second")
"""Style of what speaks for the first and for the second label."""

_MOST_QUOTES = 4
_LEVELS = (0.12, 0.3, 0.6)
"""From these fractions of the strongest stretch on, one shade more."""

_FAINTEST = 0.005
"""What adds less, in log-odds, would be shown as 0.00: it is left out."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A group of evidence.

    Attributes
    ----------
    length
        Of the longest bar, in percent.
    n_more
        Occurrences beyond the different wordings quoted.
    """

    name: str
    kind: str
    description: str
    quotes: tuple[str, ...]
    n_occurrences: int
    contribution: float
    length: float
    origin: str


@dataclass(frozen=True, slots=True)
class Side:
    """All evidence for one label: the strongest as bars, the rest as a sum; both sums in log-odds, without sign."""

    label: str
    style: str
    bars: tuple[Bar, ...]
    total: float
    n_rest: int
    rest: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the document; ``style`` is empty where it carries no weight."""

    text: str
    style: str = ""
    tip: str = ""


def sides(answer: Answer, text: str, descriptions: Mapping[str, str], top: int) -> tuple[Side, ...]:
    """Lay out the ``top`` strongest groups of either side, concepts first."""
    groups = group(answer.contributions)
    longest = max((abs(each.contribution) for each in groups), default=1.0)
    return tuple(
        _side(label, style, [each for each in groups if each.role == label], text, descriptions, top, longest)
        for label, style in zip(answer.sides, SIDES, strict=True)
    )


def _side(  # what a side shows
    label: str,
    style: str,
    groups: Sequence[Group],
    text: str,
    descriptions: Mapping[str, str],
    top: int,
    longest: float,
) -> Side:
    strongest = [each for each in groups[:top] if abs(each.contribution) >= _FAINTEST]
    shown = sorted(strongest, key=lambda each: each.kind)  # concepts first; sorting keeps the order by strength
    bars = tuple(_bar(each, text, descriptions, longest) for each in shown)
    total = math.fsum(abs(each.contribution) for each in groups)
    rest = math.fsum(abs(each.contribution) for each in groups[len(shown) :])
    return Side(label, style, bars, total, len(groups) - len(shown), rest)


def _bar(each: Group, text: str, descriptions: Mapping[str, str], longest: float) -> Bar:
    quoted = tuple(quotes(each.members[0], text, _MOST_QUOTES))
    description = descriptions.get(each.name, "") if each.kind == "concept" else ""
    return Bar(
        each.name,
        each.kind,
        description,
        quoted,
        len(each.spans),
        each.contribution,
        round(100 * abs(each.contribution) / longest, 1),
        each.origin,
    )


def stretches(explanation: Explanation) -> Iterator[Stretch]:
    """Cut the document at the ends of its highlights; put together again they are the document's text."""
    text, done = explanation.document.text, 0
    found = highlights(explanation.leaning.contributions) if explanation.leaning else ()
    strongest = max((abs(each.contribution) for each in found), default=1.0)
    for each in found:
        if abs(each.contribution) < _FAINTEST:
            continue
        if each.start > done:
            yield Stretch(text[done : each.start])
        level = 1 + sum(abs(each.contribution) >= limit * strongest for limit in _LEVELS)
        role = explanation.labels[each.contribution > 0]
        tip = f"{role} {abs(each.contribution):+.2f}: {', '.join(each.features)}"
        style = f"{SIDES[each.contribution > 0]} level{level}"
        yield Stretch(text[each.start : each.end], style, tip)
        done = each.end
    yield Stretch(text[done:])


def unmarked(explanation: Explanation) -> float:
    """Sum of the highlights that are too weak to be marked, in log-odds."""
    found = highlights(explanation.leaning.contributions) if explanation.leaning else ()
    return math.fsum(each.contribution for each in found if abs(each.contribution) < _FAINTEST)


def lacking(counterfactuals: Counterfactuals, labels: tuple[str, str]) -> list[tuple[str, str, list[AbsentConcept]]]:
    """For each label its style and the concepts common in it that the document lacks."""
    return [
        (label, style, [item for item in counterfactuals.absent if item.role == label])
        for label, style in zip(labels, SIDES, strict=True)
    ]
