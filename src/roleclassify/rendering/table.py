"""Results as a table for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

import click

from roleclassify.rendering.words import REASONS, percent, printable
from roleclassify.result import Classification

_LONGEST_NAME = 32


def table(results: Sequence[Classification], *, width: int, color: bool) -> str:
    """Lay out a row a document, with its strongest evidence as far as ``width`` columns reach."""
    names = [_shorten(printable(result.id), _LONGEST_NAME) for result in results]
    name_width = max([len("document"), *map(len, names)])
    label_width = max([len("reads as"), *(len(result.label) for result in results)])
    rows = [click.style(f"{'document':<{name_width}}  {'reads as':<{label_width}}  {'':>5}  because", bold=True)]
    room = max(20, width - name_width - label_width - 5 - 6)
    for name, result in zip(names, results, strict=True):
        sure = percent(result.probability) if result.probability is not None else ""
        label = click.style(
            f"{result.label:<{label_width}}", bold=result.probability is not None, dim=result.probability is None
        )
        rows.append(f"{name:<{name_width}}  {label}  {sure:>5}  {_shorten(_because(result), room)}")
        rows.extend(f"{'':<{name_width}}  {click.style(note, fg='yellow')}" for note in _notes(result))
    text = "\n".join(row.rstrip() for row in rows) + "\n"
    return text if color else click.unstyle(text)


def _because(result: Classification) -> str:
    if result.error is not None:
        return printable(result.error.removeprefix(f"{result.id}: "))
    if result.reason is not None:
        chance = (
            f" (either role: {percent(result.domain.probability)})" if result.domain.probability is not None else ""
        )
        return f"{result.reason.value}: {REASONS[result.reason]}{chance}"
    of_label = [item for item in result.evidence if (item.contribution > 0) == ((result.score or 0.0) > 0)]
    return ", ".join(item.feature for item in of_label)


def _notes(result: Classification) -> list[str]:
    notes = list(result.warnings)
    if result.stated_title is not None and result.probability is not None and result.stated_title != result.label:
        notes.insert(0, f"titled {result.stated_title}, reads as {result.label}")
    return notes


def _shorten(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "…"
