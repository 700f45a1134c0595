"""One document's answer as a page of text for the terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator

import click

from roleclassify.rendering.words import REASONS, percent, printable, quotes, side_sums
from roleclassify.result import Answer, Contribution, Explanation

_COLORS = ("cyan", "magenta")
_WIDEST = 100
_BAR = 12


def report(explanation: Explanation, *, top: int, width: int, color: bool) -> str:
    """Lay out verdict, sides, concepts with quoted phrases, terms, sums left out, domain and warnings."""
    lines = list(_lines(explanation, top, min(width, _WIDEST)))
    text = "\n".join(line.rstrip() for line in lines) + "\n"
    return text if color else click.unstyle(text)


def _lines(explanation: Explanation, top: int, width: int) -> Iterator[str]:
    yield from _verdict(explanation, width)
    if explanation.leaning is not None and explanation.domain is not None:
        yield ""
        yield from _sides(explanation.leaning, width)
        yield from _evidence(explanation.leaning, explanation.document.text, top, width)
        yield from _domain(explanation.domain, width)
    if explanation.document.warnings:
        yield from ("", click.style("Met while reading", bold=True))
        yield from (f"  {warning}" for warning in explanation.document.warnings)
    yield from (
        "",
        click.style(f"Model {explanation.model}. A reading aid about wording, not a hiring decision.", dim=True),
    )


def _verdict(explanation: Explanation, width: int) -> Iterator[str]:
    yield click.style(printable(explanation.document.source), dim=True)
    if explanation.probability is not None:
        yield f"Reads as {click.style(explanation.label, bold=True)}, probability {percent(explanation.probability)}."
    elif explanation.reason is not None:
        why = f"{click.style('undetermined', bold=True)} ({explanation.reason.value}): {REASONS[explanation.reason]}."
        yield f"{why[0].upper()}{why[1:]}"
    if explanation.stated_title is None:
        return
    differs = explanation.probability is not None and explanation.stated_title != explanation.label
    note = f"Titled {explanation.stated_title}; titles are masked and carry no weight."
    yield from textwrap.wrap(f"{note} The work described leans the other way." if differs else note, width)


def _sides(answer: Answer, width: int) -> Iterator[str]:
    sums = side_sums(answer)
    widest = max(map(len, answer.sides))
    length = max(10, width - widest - 12)
    longest = max(*sums, 1e-9)
    for side, amount, color in zip(answer.sides, sums, _COLORS, strict=True):
        bar = "█" * round(length * amount / longest)
        yield f"  {side:<{widest}}  {click.style(bar, fg=color)} {amount:.2f}"
    yield click.style(
        f"  {'':<{widest}}  sums of evidence in log-odds; bias {answer.bias:+.2f}, score {answer.score:+.2f}", dim=True
    )


def _evidence(answer: Answer, text: str, top: int, width: int) -> Iterator[str]:
    shown = answer.contributions[:top]
    concepts = [item for item in shown if item.kind == "concept"]
    terms = [item for item in shown if item.kind == "term"]
    strongest = max((abs(item.contribution) for item in shown), default=1.0)
    if concepts:
        yield from ("", click.style("Concepts", bold=True))
        yield from _rows(concepts, text, strongest, width)
    if terms:
        yield from ("", click.style("Other words", bold=True))
        yield from _rows(terms, text, strongest, width)
    n_left = len(answer.contributions) - len(shown)
    if n_left > 0:
        rest = answer.rest(top)
        sums = ", ".join(f"{rest[side]:+.2f} {side}" for side in answer.sides)
        yield from ("", click.style(f"  {n_left} weaker pieces left out: {sums}", dim=True))


def _rows(items: Iterable[Contribution], text: str, strongest: float, width: int) -> Iterator[str]:
    for item in items:
        towards = item.contribution > 0
        bar = "█" * max(1, round(_BAR * abs(item.contribution) / strongest))
        head = f"  {item.contribution:+6.2f} {click.style(f'{bar:<{_BAR}}', fg=_COLORS[towards])} {item.feature:<26}"
        quoted = quotes(item, text, most=4) if item.kind == "concept" else []
        count = f" x{len(item.spans)}" if len(item.spans) > max(1, len(quoted)) else ""
        yield _cut(f"{head} {', '.join(f'“{quote}”' for quote in quoted)}{count}", width)


def _domain(answer: Answer, width: int) -> Iterator[str]:
    yield from (
        "",
        click.style(f"Is it a data or machine-learning role at all? {percent(answer.probability)}", bold=True),
    )
    against = [item for item in answer.contributions if item.contribution < 0][:5]
    towards = [item for item in answer.contributions if item.contribution > 0][:5]
    for name, items in (("for", towards), ("against", against)):
        if items:
            listed = ", ".join(f"{item.feature} {item.contribution:+.2f}" for item in items)
            yield from textwrap.wrap(listed, width, initial_indent=f"  {name:<8}", subsequent_indent=" " * 10)


def _cut(line: str, width: int) -> str:
    """Cut a styled line to ``width`` visible columns, at a quotation's end where there is one."""
    excess = len(click.unstyle(line)) - width
    if excess <= 0:
        return line
    return line[: -excess - 1].rstrip(" ,") + "…"
