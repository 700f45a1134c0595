"""The answers to many texts, as columns."""

from __future__ import annotations

from dataclasses import dataclass

from roleclassify.evidence.pieces import Piece


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to n texts: every attribute is a list of n values, in the order of the texts.

    Attributes
    ----------
    labels
        The model's two labels; the only attribute that is not a column.
    label
        One of the labels, or ``undetermined``.
    reason
        Why no role is given; None where one is, and where there is an error.
    probability
        Of the label, in [0.5, 1]; None for an undetermined text.
    first_probability, second_probability
        Of the first and the second label; None where there was nothing to score.
    domain_probability
        That it is work of either role at all; None where there was nothing to score.
    stated_title
        Label of the first role title that the text gives as its own, or None.
    title_mismatch
        Whether the stated title is another than the label; None where either is missing.
    evidence
        The strongest pieces; empty where none were asked for.
    error
        Why the text could not be scored, or None.
    """

    labels: tuple[str, str]
    label: list[str]
    reason: list[str | None]
    probability: list[float | None]
    first_probability: list[float | None]
    second_probability: list[float | None]
    domain_probability: list[float | None]
    stated_title: list[str | None]
    title_mismatch: list[bool | None]
    evidence: list[tuple[Piece, ...]]
    error: list[str | None]

    def __len__(self) -> int:
        return len(self.label)


def column_names(labels: tuple[str, str], prefix: str) -> tuple[str, ...]:
    """Names of the columns that a scored table gains, in order.

    Examples
    --------
    >>> column_names(("data-scientist", "ml-engineer"), "role_")[3:5]
    ('role_p_data_scientist', 'role_p_ml_engineer')
    """
    of_labels = tuple(f"p_{label.replace('-', '_')}" for label in labels)
    plain = ("label", "reason", "probability", *of_labels, "domain_probability")
    return tuple(f"{prefix}{name}" for name in (*plain, "stated_title", "title_mismatch", "evidence", "error"))
