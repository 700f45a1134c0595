"""Counts of what became of the rows of a run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from roleclassify.batch.answers import Answers

MOST_RAGGED = 1000
"""Ragged rows that are named; the others are only counted."""


@dataclass(slots=True)
class Tally:
    """Counts over some rows.

    Attributes
    ----------
    rows
        Number of rows.
    labels
        Label to number of rows without an error; ``undetermined`` is among them.
    reasons
        Reason to number of undetermined rows.
    errors
        Rows that could not be scored.
    n_ragged
        Rows with more or fewer cells than the header.
    ragged
        Line number in the input, from 1, and number of cells of the first of them, in order; at most ``MOST_RAGGED``.
    """

    rows: int = 0
    labels: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    errors: int = 0
    n_ragged: int = 0
    ragged: list[tuple[int, int]] = field(default_factory=list)

    @classmethod
    def of(cls, answers: Answers, ragged: Sequence[tuple[int, int]]) -> Tally:
        """Count the answers to a block and take up its ragged rows."""
        return cls(
            rows=len(answers),
            labels=Counter(label for label, error in zip(answers.label, answers.error, strict=True) if error is None),
            reasons=Counter(reason for reason in answers.reason if reason is not None),
            errors=sum(error is not None for error in answers.error),
            n_ragged=len(ragged),
            ragged=list(ragged[:MOST_RAGGED]),
        )

    def add(self, other: Tally) -> None:
        """Count the rows of ``other`` as well; they come after this tally's in the input."""
        self.rows += other.rows
        self.labels.update(other.labels)
        self.reasons.update(other.reasons)
        self.errors += other.errors
        self.n_ragged += other.n_ragged
        self.ragged.extend(other.ragged[: MOST_RAGGED - len(self.ragged)])

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "rows": self.rows,
            "labels": dict(sorted(self.labels.items())),
            "reasons": dict(sorted(self.reasons.items())),
            "errors": self.errors,
            "n_ragged": self.n_ragged,
            "ragged": [{"line": line, "cells": cells} for line, cells in self.ragged],
        }

    @classmethod
    def from_dict(cls, written: Mapping[str, Any]) -> Tally:
        """Read what :meth:`to_dict` gave.

        Raises
        ------
        KeyError, TypeError, ValueError
            When it is something else.
        """
        return cls(
            rows=int(written["rows"]),
            labels=Counter(dict(written["labels"])),
            reasons=Counter(dict(written["reasons"])),
            errors=int(written["errors"]),
            n_ragged=int(written["n_ragged"]),
            ragged=[(int(row["line"]), int(row["cells"])) for row in written["ragged"]],
        )
