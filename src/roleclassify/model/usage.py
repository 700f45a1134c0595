"""How documents of each role use the concepts: what is common in a role, and how often it is said."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ConceptUsage:
    """Counted over the documents that a model's calibration rests on, for each concept in the lexicon's order.

    Attributes
    ----------
    presence
        For each of the two labels, the fraction of its documents that have the concept, in [0, 1].
    matches
        Median number of matches among the documents of the concept's role that have it (of both roles for a shared
        one); 1 where none has it.
    """

    presence: tuple[tuple[float, ...], tuple[float, ...]]
    matches: tuple[float, ...]
