"""From probabilities to an outcome: a label, or undetermined with one reason."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum


class Reason(StrEnum):
    """Why no role is given."""

    EMPTY = "empty"
    UNSUPPORTED_LANGUAGE = "unsupported-language"
    TOO_LITTLE_EVIDENCE = "too-little-evidence"
    OTHER_OCCUPATION = "other-occupation"
    NEAR_TIE = "near-tie"


@dataclass(frozen=True, slots=True)
class Thresholds:
    """The limits of a model, chosen when it is trained and kept in its bundle.

    Attributes
    ----------
    evidence
        Least number of different concepts of the lexicon in a document.
    domain_probability
        Least probability of being work of either role, in [0.5, 1]; below its complement it is another
        occupation, between the two there is too little evidence.
    probability
        Least probability of the likelier label, in [0.5, 1].
    """

    evidence: int
    domain_probability: float
    probability: float

    def with_probability(self, probability: float | None) -> Thresholds:
        """Take the same limits with another least probability of a label; None keeps them."""
        return self if probability is None else replace(self, probability=probability)


def decide(*, n_concepts: int, domain_probability: float, probability: float, thresholds: Thresholds) -> Reason | None:
    """Say why no role is given, or None where one is.

    Parameters
    ----------
    n_concepts
        Number of different concepts found.
    domain_probability, probability
        Of being in the domain, and of the second label; in [0, 1].

    Examples
    --------
    >>> decide(n_concepts=9, domain_probability=0.9, probability=0.51, thresholds=Thresholds(2, 0.6, 0.55))
    <Reason.NEAR_TIE: 'near-tie'>
    """
    if n_concepts < thresholds.evidence:
        return Reason.TOO_LITTLE_EVIDENCE
    if domain_probability < 1.0 - thresholds.domain_probability:
        return Reason.OTHER_OCCUPATION
    if domain_probability < thresholds.domain_probability:
        return Reason.TOO_LITTLE_EVIDENCE
    if max(probability, 1.0 - probability) < thresholds.probability or probability == 0.5:
        return Reason.NEAR_TIE
    return None
