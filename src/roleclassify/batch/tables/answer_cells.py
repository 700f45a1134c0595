"""Answers as cells, objects and columns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from roleclassify.batch.answers import Answers
from roleclassify.evidence.pieces import Piece
from roleclassify.rendering.delimited import evidence_item, harmless


def answer_columns(answers: Answers) -> list[Sequence[Any]]:
    """Give the columns in the order of ``column_names``, pieces of evidence as objects."""
    return [
        answers.label,
        answers.reason,
        answers.probability,
        answers.first_probability,
        answers.second_probability,
        answers.domain_probability,
        answers.stated_title,
        answers.title_mismatch,
        [[piece.to_dict() for piece in pieces] for pieces in answers.evidence],
        answers.error,
    ]


def answer_cells(answers: Answers) -> Iterator[tuple[str, ...]]:
    """Yield the cells of each row; none of them is a formula to a spreadsheet."""
    return zip(
        _words(answers.label),
        _words(answers.reason),
        _numbers(answers.probability),
        _numbers(answers.first_probability),
        _numbers(answers.second_probability),
        _numbers(answers.domain_probability),
        _words(answers.stated_title),
        ["" if value is None else "true" if value else "false" for value in answers.title_mismatch],
        [harmless(evidence_text(pieces)) for pieces in answers.evidence],
        _words(answers.error),
        strict=True,
    )


def _words(values: Iterable[str | None]) -> list[str]:
    return [harmless(value) if value else "" for value in values]


def _numbers(values: Iterable[float | None]) -> list[str]:
    # Of float itself: numpy's own numbers write their type too.
    return ["" if value is None else float.__repr__(value) for value in values]


def evidence_text(pieces: Iterable[Piece]) -> str:
    """Write evidence for reading.

    Examples
    --------
    >>> evidence_text([Piece("mlops", "concept", "engineer", 0.224, ("mlops",))])
    'mlops +0.22'
    """
    return "; ".join([evidence_item(piece.name, piece.contribution, piece.origin) for piece in pieces])
