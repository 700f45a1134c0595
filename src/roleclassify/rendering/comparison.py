"""Two documents side by side for the terminal."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import click

from roleclassify.evidence.comparison import Comparison, ConceptEmphasis
from roleclassify.rendering.rounding import add_up
from roleclassify.rendering.terminal import (
    BARS,
    ORIGINS,
    Rows,
    bar,
    fitting,
    heading,
    hundredths,
    pad,
    painted,
    paragraph,
    quoted,
    whole,
)
from roleclassify.rendering.words import REASONS, percent, printable
from roleclassify.result import Explanation

_INDENT = " " * 11
_PARTS = {"second": "only in the second", "first": "only in the first", "both": "in both"}
_CLOSING = "This compares what two texts stress. It is no score of how well one fits the other, and no hiring decision."


def comparison(compared: Comparison, *, top: int, width: int, color: bool) -> str:
    """Lay out both verdicts, the distance, and the concepts by where they stand, with quoted phrases.

    Parameters
    ----------
    top
        Concepts to show of each part; the others are named, with their sum, and the figures make the distance.
    width
        Columns of the terminal; less than 40 are taken for 40, more than 100 for 100.
    """
    text = "\n".join(line.rstrip() for line in _lines(compared, top, fitting(width))) + "\n"
    return text if color else click.unstyle(text)


def _lines(compared: Comparison, top: int, width: int) -> Iterator[str]:
    yield from _verdicts((compared.first, compared.second), width)
    for name, explanation in (("first", compared.first), ("second", compared.second)):
        for note in _notes(name, explanation):
            yield from ("", *paragraph(note, width))
    parts, words = shown_parts(compared, top)
    yield from ("", *_sums(compared, parts, words, width))
    for part in parts:
        if part.shown or any(part.left_out) or part.shared:
            yield from ("", *_part(part, compared, width))
    for closing in (_CLOSING, f"Model {compared.first.model}."):
        yield from ("", *(click.style(row, dim=True) for row in paragraph(closing, width)))


def _verdicts(documents: tuple[Explanation, Explanation], width: int) -> Iterator[str]:
    name_width = len("either role")
    room = (width - name_width) // 2 - 2
    rows = {
        "": ("first", "second"),
        "document": [printable(each.document.source) for each in documents],
        "reads as": [_outcome(each) for each in documents],
        "score": [hundredths(round(100 * each.leaning.score)) if each.leaning else "-" for each in documents],
        "either role": [percent(each.domain.probability) if each.domain else "-" for each in documents],
        "titled": [each.stated_title or "-" for each in documents],
    }
    for name, cells in rows.items():
        row = "  ".join((f"{name:<{name_width}}", *(pad(cell, room) for cell in cells))).rstrip()
        yield row if name else heading(row)


def _outcome(explanation: Explanation) -> str:
    sure = f", {percent(explanation.probability)}" if explanation.probability is not None else ""
    return f"{explanation.label}{sure}"


def _notes(name: str, explanation: Explanation) -> Iterator[str]:
    if explanation.leaning is None:
        yield f"The {name} has no words, so there is no distance."
    elif explanation.reason is not None:
        why = f"{explanation.reason.value}: {REASONS[explanation.reason]}"
        yield f"The {name} is undetermined ({why}). What it has is compared all the same."
    yield from (f"The {name}: {warning}" for warning in explanation.document.warnings)


@dataclass(frozen=True, slots=True)
class ShownPart:
    """Concepts by where they stand; what they add to the distance is in hundredths."""

    where: str
    shown: tuple[tuple[ConceptEmphasis, int], ...]
    left_out: tuple[tuple[str, ...], tuple[str, ...]]
    rest: tuple[int, int]
    shared: tuple[str, ...]

    @property
    def total(self) -> int:
        """What all its concepts add, in hundredths."""
        return sum(self.rest) + sum(amount for _, amount in self.shown)


def shown_parts(compared: Comparison, top: int) -> tuple[list[ShownPart], int]:
    """Sort the concepts by where they stand; beside them, what the words that no concept explains add."""
    labels = compared.first.labels
    of_roles = {where: [item for item in compared.having(where) if item.role in labels] for where in _PARTS}
    left_out = {
        where: [[item for item in found[top:] if item.role == role] for role in labels]
        for where, found in of_roles.items()
    }
    exact = [compared.words[1] - compared.words[0]]
    for where, found in of_roles.items():
        exact += [item.difference for item in found[:top]]
        exact += [math.fsum(item.difference for item in weaker) for weaker in left_out[where]]
    words, *others = add_up(exact, shown_distance(compared))
    amounts = iter(others)
    parts = []
    for where, found in of_roles.items():
        shown = tuple((item, next(amounts)) for item in found[:top])
        first, second = (tuple(item.concept for item in weaker) for weaker in left_out[where])
        shared = tuple(item.concept for item in compared.having(where) if item.role not in labels)
        parts.append(ShownPart(where, shown, (first, second), (next(amounts), next(amounts)), shared))
    return parts, words


def shown_distance(compared: Comparison) -> int | None:
    """Subtract the scores as they are shown, in hundredths; None where one document has nothing to score."""
    if compared.first.leaning is None or compared.second.leaning is None:
        return None
    return round(100 * compared.second.leaning.score) - round(100 * compared.first.leaning.score)


def _sums(compared: Comparison, parts: Sequence[ShownPart], words: int, width: int) -> Iterator[str]:
    labels = compared.first.labels
    distance = shown_distance(compared)
    if distance is not None:
        towards = f"the second leans more towards {labels[distance > 0]}" if distance else "both lean alike"
        prose = f"Distance {hundredths(distance)} log-odds: {towards}. It is made of"
        yield from (painted(row, labels) for row in paragraph(prose, width))
    for part in parts:
        yield from _summand(part.total, f"concepts {_PARTS[part.where]}", width)
    yield from _summand(words, "words that no concept explains", width)
    first, second = (whole(f"{piece} {label}") for piece, label in zip(BARS, labels, strict=True))
    legend = paragraph(f"Bars tell a concept's role: {first}, {second}.", width)
    yield from ("", *(painted(row, labels) for row in legend))


def _summand(amount: int, name: str, width: int) -> Iterator[str]:
    return paragraph(name, width, first=f"  {hundredths(amount):>6} ", indent=" " * 9)


def _part(part: ShownPart, compared: Comparison, width: int) -> Iterator[str]:
    name = _PARTS[part.where]
    yield heading(f"{name[0].upper()}{name[1:]}: {hundredths(part.total)}")
    longest = max((abs(item.difference) for item in compared.concepts), default=0.0)
    rows = Rows((item.concept for item, _ in part.shown), longest, width)
    for item, amount in part.shown:
        first, *others = _quotes(item, compared, rows.room)
        yield rows.row(amount, item.role == compared.first.labels[1], item.concept, first)
        yield from (rows.indent + other for other in others)
        if item.origin in ORIGINS:
            yield from paragraph(f"({ORIGINS[item.origin]})", width, first=rows.indent, indent=rows.indent)
    for second, (names, rest) in enumerate(zip(part.left_out, part.rest, strict=True)):
        if names:
            before = f"  {hundredths(rest):>6} {bar(bool(second), 1)} "
            yield from paragraph(", ".join(names), width, first=before, indent=_INDENT)
    if part.shared:
        shared = f"of both roles, adding nothing: {', '.join(part.shared)}"
        yield from paragraph(shared, width, first=_INDENT, indent=_INDENT)


def _quotes(item: ConceptEmphasis, compared: Comparison, room: int) -> list[str]:
    """Quote the phrases, of a concept that both have on a line for each document."""
    texts = compared.first.document.text, compared.second.document.text
    if item.where != "both":
        second = item.where == "second"
        return [quoted(texts[second], item.spans[second], room)]
    names = ("first   ", "second  ")
    return [
        name + quoted(text, spans, room - len(name)) for name, text, spans in zip(names, texts, item.spans, strict=True)
    ]
