"""One document's answer as a page of text for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from roleclassify.evidence.counterfactuals import AbsentConcept, Counterfactuals
from roleclassify.evidence.groups import Group, group
from roleclassify.evidence.highlights import highlights
from roleclassify.model.linear import sigmoid
from roleclassify.rendering.highlighted import highlighted, legend
from roleclassify.rendering.rounding import add_up
from roleclassify.rendering.terminal import (
    ORIGINS,
    Rows,
    bar,
    columns,
    fitting,
    heading,
    hundredths,
    pad,
    painted,
    paragraph,
    quoted,
    whole,
)
from roleclassify.rendering.words import REASONS, domain_meaning, meaning, percent, printable
from roleclassify.result import Answer, Contribution, Explanation

_MOST_ABSENT = 6
_MOST_DOMAIN = 5


def report(explanation: Explanation, counterfactuals: Counterfactuals, *, top: int, width: int, color: bool) -> str:
    """Lay out verdict, sides, concepts with quoted phrases, what would change it, and the text with its evidence.

    Parameters
    ----------
    top
        Groups of evidence to show; the others are given as a sum for each side, and the figures add up.
    width
        Columns of the terminal; less than 40 are taken for 40, more than 100 for 100.
    """
    lines = list(_lines(explanation, counterfactuals, top, fitting(width), color))
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text if color else click.unstyle(text)


def _lines(
    explanation: Explanation, counterfactuals: Counterfactuals, top: int, width: int, color: bool
) -> Iterator[str]:
    yield from _verdict(explanation, width)
    if explanation.leaning is not None and explanation.domain is not None:
        figures = shown_figures(explanation.leaning, top)
        yield from ("", *_sides(explanation.leaning, figures, width))
        yield from _evidence(explanation, figures, width)
        if explanation.reason is None:
            yield from ("", *_absent(explanation, counterfactuals.absent, width))
            yield from ("", *_changes(explanation, counterfactuals, width))
        yield from ("", *_domain(explanation, explanation.domain, width))
    if explanation.document.warnings:
        yield from ("", heading("Met while reading"))
        for warning in explanation.document.warnings:
            yield from paragraph(warning, width, first="  ", indent="    ")
    if explanation.leaning is not None:
        yield from _text(explanation, explanation.leaning, width, color)
    closing = f"Model {explanation.model}. A reading aid about wording, not a hiring decision."
    yield from ("", *(click.style(row, dim=True) for row in paragraph(closing, width)))


def _verdict(explanation: Explanation, width: int) -> Iterator[str]:
    yield from (click.style(row, dim=True) for row in paragraph(printable(explanation.document.source), width))
    if explanation.probability is not None:
        verdict = f"Reads as {explanation.label}, probability {percent(explanation.probability)}."
    else:
        reason = explanation.reason
        verdict = f"Undetermined ({reason.value}): {REASONS[reason]}." if reason else "Undetermined."
    yield from map(heading, paragraph(verdict, width))
    yield from paragraph(meaning(explanation), width)
    if explanation.stated_title is not None:
        differs = explanation.probability is not None and explanation.stated_title != explanation.label
        note = f"Titled {explanation.stated_title}; titles are masked and carry no weight."
        yield from paragraph(f"{note} The work described leans the other way." if differs else note, width)


@dataclass(frozen=True, slots=True)
class ShownFigures:
    """What is shown, in hundredths: bias and sides make the score; the shown groups of a side and its rest the side."""

    bias: int
    sides: tuple[int, int]
    score: int
    shown: tuple[tuple[Group, int], ...]
    rest: tuple[int, int]
    n_left_out: int


def shown_figures(answer: Answer, top: int) -> ShownFigures:
    """Round what is shown of an answer, with its ``top`` strongest groups, so that it adds up."""
    groups = group(answer.contributions)
    by_side = [[each for each in groups if (each.contribution > 0) == second] for second in (False, True)]
    bias, *sides = add_up([answer.bias, *(math.fsum(each.contribution for each in found) for found in by_side)])
    amounts: dict[Group, int] = {}
    rest = []
    for found, side in zip(by_side, sides, strict=True):
        shown = [each for each in groups[:top] if each in found]
        left_out = math.fsum(each.contribution for each in found[len(shown) :])
        *rounded, left = add_up([*(each.contribution for each in shown), left_out], side)
        amounts |= dict(zip(shown, rounded, strict=True))
        rest.append(left)
    return ShownFigures(
        bias=bias,
        sides=(sides[0], sides[1]),
        score=bias + sum(sides),
        shown=tuple((each, amounts[each]) for each in groups[:top]),
        rest=(rest[0], rest[1]),
        n_left_out=max(0, len(groups) - top),
    )


def _sides(answer: Answer, figures: ShownFigures, width: int) -> Iterator[str]:
    name_width = min(width // 3, max(map(columns, answer.sides)))
    length = width - name_width - 12
    longest = max(*map(abs, figures.sides), 1)
    for second, (side, amount) in enumerate(zip(answer.sides, figures.sides, strict=True)):
        drawn = bar(bool(second), length * abs(amount) / longest)
        yield f"  {pad(side, name_width)}  {drawn} {hundredths(amount)}"
    sums = f"in log-odds; with the bias of {hundredths(figures.bias)} the score is {hundredths(figures.score)}"
    indent = " " * (name_width + 4)
    yield from (click.style(row, dim=True) for row in paragraph(sums, width, first=indent, indent=indent))


def _evidence(explanation: Explanation, figures: ShownFigures, width: int) -> Iterator[str]:
    longest = max((abs(each.contribution) for each, _ in figures.shown), default=0.0)
    rows = Rows((each.name for each, _ in figures.shown), longest, width)
    for kind, title in (("concept", "Concepts"), ("term", "Words that no concept explains")):
        shown = [(each, amount) for each, amount in figures.shown if each.kind == kind]
        if shown:
            yield from ("", heading(title))
        for each, amount in shown:
            yield rows.row(amount, each.contribution > 0, each.name, _found(each, explanation.document.text, rows.room))
            if each.origin in ORIGINS:
                yield from paragraph(f"({ORIGINS[each.origin]})", width, first=rows.indent, indent=rows.indent)
    if figures.n_left_out:
        sides = explanation.labels
        sums = ", ".join(f"{hundredths(rest)} {side}" for rest, side in zip(figures.rest, sides, strict=True))
        yield from ("", *_item(f"{figures.n_left_out} weaker left out: {sums}", explanation, width))


def _found(each: Group, text: str, room: int) -> str:
    if each.kind == "concept":
        return quoted(text, each.spans, room)
    return f"x{len(each.spans)}" if len(each.spans) > 1 else ""


def _absent(explanation: Explanation, absent: Sequence[AbsentConcept], width: int) -> Iterator[str]:
    yield heading("What is absent")
    own = explanation.label
    for role in sorted(explanation.labels, key=lambda label: label != own):
        lacking = [whole(f"{item.concept} ({percent(item.presence)})") for item in absent if item.role == role]
        n_more = len(lacking) - _MOST_ABSENT
        listed = ", ".join(lacking[:_MOST_ABSENT]) + (whole(f" and {n_more} more") if n_more > 0 else "")
        also = "also " if role == own else ""
        note = f"Most {role} documents {also}have {listed}." if listed else f"It has what most {role} documents have."
        yield from _item(note, explanation, width)


def _changes(explanation: Explanation, counterfactuals: Counterfactuals, width: int) -> Iterator[str]:
    yield heading("What would change it")
    labels = explanation.labels
    other = labels[explanation.label == labels[0]]
    removal, addition = counterfactuals.without, counterfactuals.added
    if removal is None:
        note = f"No set of up to 10 pieces of evidence was found without which it would read as {other}."
        yield from _item(note, explanation, width)
    else:
        names = ", ".join(_marked(each) for each in removal.groups)
        would = f"read as {other}" if removal.reason is None else f"lean to {other}"
        note = f"It would {would} ({_chance(removal.score)}) without {names}."
        if removal.reason is not None:
            note += f" No role would be given then: {REASONS[removal.reason]}."
        yield from _item(note, explanation, width)
    if addition is None:
        yield from _item(
            f"No set of up to 10 absent concepts was found with which it would read as {other}.", explanation, width
        )
    else:
        times = zip(addition.concepts, map(math.ceil, addition.matches), strict=True)
        names = ", ".join(whole(f"{concept} x{n}" if n > 1 else concept) for concept, n in times)
        note = f"It would read as {other} ({_chance(addition.score)}) with {names}. Write only what is true."
        yield from _item(note, explanation, width)


def _marked(each: Group) -> str:
    """Name a group, and say where its weight was not learned."""
    return whole(f"{each.name} ({ORIGINS[each.origin]})") if each.origin in ORIGINS else each.name


def _chance(score: float) -> str:
    """Probability of the side that a score leans to."""
    return percent(sigmoid(abs(score)))


def _domain(explanation: Explanation, answer: Answer, width: int) -> Iterator[str]:
    yield heading("Is it work of either role at all?")
    yield from paragraph(domain_meaning(explanation), width)
    for name, sign in (("for", 1), ("against", -1)):
        items = [item for item in answer.contributions if item.contribution * sign > 0]
        total = math.fsum(item.contribution for item in items)
        listed = ", ".join(_weighed(item) for item in items[:_MOST_DOMAIN])
        yield from paragraph(f"{total:+.2f}  {listed}", width, first=f"  {name:<8}", indent=" " * 17)


def _weighed(item: Contribution) -> str:
    mark = f" ({ORIGINS[item.origin]})" if item.origin in ORIGINS else ""
    return whole(f"{item.feature} {item.contribution:+.2f}{mark}")


def _text(explanation: Explanation, answer: Answer, width: int, color: bool) -> Iterator[str]:
    found = highlights(answer.contributions)
    rows = highlighted(explanation.document.text, found, width=width - 2, color=color)
    if rows:
        yield from ("", heading("The text with its evidence"))
        note = f"Marked: {legend(explanation.labels, color=color)}."
        yield from (painted(row, explanation.labels) for row in paragraph(note, width))
        yield from ("", *(f"  {row}" for row in rows))


def _item(text: str, explanation: Explanation, width: int) -> Iterator[str]:
    for row in paragraph(text, width, first="  ", indent="    "):
        yield painted(row, explanation.labels)
