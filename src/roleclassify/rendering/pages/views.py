"""What the pages show of an explanation: plain values, ready for the templates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from roleclassify.evidence.counterfactuals import AbsentConcept, Counterfactuals
from roleclassify.evidence.groups import Group, group
from roleclassify.evidence.highlights import highlights
from roleclassify.rendering.report import shown_figures
from roleclassify.rendering.rounding import add_up
from roleclassify.rendering.words import FAINTEST, quoted_wordings
from roleclassify.result import Answer, Explanation

SIDES = ("first", "second")
"""Style of what speaks for the first and for the second label."""

_MOST_QUOTES = 4
_LEVELS = (0.12, 0.3, 0.6)
"""From these fractions of the strongest stretch on, one shade more."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A group of evidence.

    Attributes
    ----------
    amount
        What it adds, in hundredths.
    length
        Of the longest bar, in percent.
    """

    name: str
    kind: str
    description: str
    quotes: tuple[str, ...]
    n_occurrences: int
    amount: int
    length: float
    origin: str


@dataclass(frozen=True, slots=True)
class Side:
    """All evidence for one label, in hundredths: the strongest as bars, and the sum of the rest, make the total."""

    label: str
    style: str
    bars: tuple[Bar, ...]
    total: int
    n_rest: int
    rest: int


@dataclass(frozen=True, slots=True)
class Sums:
    """A score as it is shown, in hundredths: ``bias`` and the totals of both sides make the ``score``."""

    bias: int
    sides: tuple[Side, ...]
    score: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of the document; ``style`` is empty where it carries no weight."""

    text: str
    style: str = ""
    tip: str = ""


def sums(answer: Answer, text: str, descriptions: Mapping[str, str], top: int) -> Sums:
    """Lay out the ``top`` strongest groups of either side, concepts first, with the figures of the terminal's report.

    That shows the strongest of both sides together. What is shown here besides is taken from the sums it leaves out.
    """
    groups = group(answer.contributions)
    longest = max((abs(each.contribution) for each in groups), default=1.0)
    figures = shown_figures(answer, top)
    laid_out = []
    for second, (label, style) in enumerate(zip(answer.sides, SIDES, strict=True)):
        found = [each for each in groups if (each.contribution > 0) == bool(second)]
        amounts, rest = _amounts(found, top, dict(figures.shown), figures.rest[second])
        # Concepts first; sorting keeps the order by strength.
        shown = sorted((each for each in found[:top] if amounts[each]), key=lambda each: each.kind)
        bars = tuple(_bar(each, amounts[each], text, descriptions, longest) for each in shown)
        laid_out.append(Side(label, style, bars, figures.sides[second], len(found) - len(bars), rest))
    return Sums(figures.bias, tuple(laid_out), figures.score)


def _amounts(found: Sequence[Group], top: int, known: Mapping[Group, int], rest: int) -> tuple[dict[Group, int], int]:
    """Give figures to a side's ``top`` groups without one, and take them from the rest; all in hundredths."""
    unknown = [each for each in found[:top] if each not in known]
    weaker = math.fsum(each.contribution for each in found[top:])
    *rounded, left = add_up([*(each.contribution for each in unknown), weaker], rest)
    return {**known, **dict(zip(unknown, rounded, strict=True))}, left


def _bar(each: Group, amount: int, text: str, descriptions: Mapping[str, str], longest: float) -> Bar:
    return Bar(
        each.name,
        each.kind,
        descriptions.get(each.name, "") if each.kind == "concept" else "",
        tuple(quoted_wordings(each.spans, text, _MOST_QUOTES)),
        len(each.spans),
        amount,
        round(100 * abs(each.contribution) / longest, 1),
        each.origin,
    )


def stretches(explanation: Explanation) -> Iterator[Stretch]:
    """Cut the document at the ends of its highlights; put together again they are the document's text."""
    text, done = explanation.document.text, 0
    found = highlights(explanation.leaning.contributions) if explanation.leaning else ()
    strongest = max((abs(each.contribution) for each in found), default=1.0)
    for each in found:
        if abs(each.contribution) < FAINTEST:
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
    return math.fsum(each.contribution for each in found if abs(each.contribution) < FAINTEST)


def lacking(counterfactuals: Counterfactuals, labels: tuple[str, str]) -> list[tuple[str, str, list[AbsentConcept]]]:
    """For each label its style and the concepts common in it that the document lacks."""
    return [
        (label, style, [item for item in counterfactuals.absent if item.role == label])
        for label, style in zip(labels, SIDES, strict=True)
    ]
