"""What an answer holds: frozen values and their JSON form; no rendering."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any, Literal

from roleclassify.model.decision import Reason
from roleclassify.model.linear import Origin as Origin  # noqa: PLC0414  # a name of this module too
from roleclassify.model.linear import sigmoid
from roleclassify.text.document import Document

DEFAULT_TOP = 10
"""Pieces of evidence that an answer names unless told otherwise."""

UNDETERMINED = "undetermined"
"""The label of a document that is given no role."""

DOMAIN_SIDES = ("other", "domain")
"""The sides of the domain question: any other occupation, work of either role."""


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one feature adds to a score.

    Attributes
    ----------
    feature
        The term, or the concept's id.
    kind
        ``term`` or ``concept``.
    role
        The side: a concept's comes from the lexicon, a term's is the sign of its contribution.
    value
        The feature's number in the document.
    weight
        Its coefficient, in log-odds.
    contribution
        ``weight * value``, in log-odds; positive leans to the second label (to the domain, for the domain question).
    spans
        Character offsets of its occurrences in the text as read, end exclusive.
    origin
        ``learned``; ``given`` or ``median`` for a concept of a lexicon laid over the model.
    """

    feature: str
    kind: Literal["term", "concept"]
    role: str
    value: float
    weight: float
    contribution: float
    spans: tuple[tuple[int, int], ...]
    origin: Origin = "learned"

    def to_dict(self) -> dict[str, Any]:
        """JSON values; ``origin`` where the weight was not learned."""
        return {
            "feature": self.feature,
            "kind": self.kind,
            "role": self.role,
            "value": self.value,
            "weight": self.weight,
            "contribution": self.contribution,
            "spans": [list(span) for span in self.spans],
            **({"origin": self.origin} if self.origin != "learned" else {}),
        }


@dataclass(frozen=True, slots=True)
class Answer:
    """One question answered: ``bias + sum of contributions == score`` and ``sigmoid(score) == probability``.

    Attributes
    ----------
    sides
        Names of the negative and the positive side.
    probability
        Of the positive side, in [0, 1].
    contributions
        All of them, the strongest first.
    """

    sides: tuple[str, str]
    probability: float
    score: float
    bias: float
    contributions: tuple[Contribution, ...]

    def rest(self, top: int) -> dict[str, float | None]:
        """For each side, the sum of the contributions behind the first ``top``."""
        left_out = [item.contribution for item in self.contributions[top:]]
        return {
            self.sides[0]: math.fsum(value for value in left_out if value < 0),
            self.sides[1]: math.fsum(value for value in left_out if value > 0),
        }


@dataclass(frozen=True, slots=True)
class DomainAnswer:
    """The domain question, shortened; every number is None where there was nothing to score."""

    probability: float | None
    score: float | None
    bias: float | None
    evidence: tuple[Contribution, ...]
    rest: dict[str, float | None]

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "probability": self.probability,
            "score": self.score,
            "bias": self.bias,
            "evidence": [item.to_dict() for item in self.evidence],
            "rest": dict(self.rest),
        }


@dataclass(frozen=True, slots=True)
class Explanation:
    """A document's answer with every contribution.

    Attributes
    ----------
    document
        What was read.
    label
        The role, or ``undetermined``.
    reason
        Why no role is given; None where one is.
    leaning, domain
        The two questions; None where there was nothing to score.
    stated_title
        Label of the first role title that the document gives as its own, or None.
    model
        Name and version of the model.
    """

    document: Document
    label: str
    reason: Reason | None
    leaning: Answer | None
    domain: Answer | None
    stated_title: str | None
    labels: tuple[str, str]
    model: str

    @property
    def probability(self) -> float | None:
        """Probability of the label, in [0.5, 1]; None for an undetermined document."""
        if self.leaning is None or self.reason is not None:
            return None
        return sigmoid(abs(self.leaning.score))

    def shorten(self, top: int = DEFAULT_TOP) -> Classification:
        """Give the same answer with the ``top`` strongest pieces of evidence, for storing and sending."""
        first, second = self.labels
        leaning, domain = self.leaning, self.domain
        return Classification(
            id=self.document.source,
            label=self.label,
            reason=self.reason,
            probability=self.probability,
            probabilities={
                first: sigmoid(-leaning.score) if leaning else None,
                second: leaning.probability if leaning else None,
            },
            score=leaning.score if leaning else None,
            bias=leaning.bias if leaning else None,
            evidence=leaning.contributions[:top] if leaning else (),
            rest=leaning.rest(top) if leaning else dict.fromkeys(self.labels),
            domain=DomainAnswer(
                domain.probability if domain else None,
                domain.score if domain else None,
                domain.bias if domain else None,
                domain.contributions[:top] if domain else (),
                domain.rest(top) if domain else dict.fromkeys(DOMAIN_SIDES),
            ),
            stated_title=self.stated_title,
            warnings=self.document.warnings,
            error=None,
            model=self.model,
        )

    def to_dict(self, top: int = DEFAULT_TOP) -> dict[str, Any]:
        """JSON values of :meth:`Classification.to_dict`, and every contribution under ``contributions``."""
        answer = self.shorten(top).to_dict()
        answer["contributions"] = [item.to_dict() for item in self.leaning.contributions] if self.leaning else []
        answer["domain"]["contributions"] = (
            [item.to_dict() for item in self.domain.contributions] if self.domain else []
        )
        return answer


@dataclass(frozen=True, slots=True)
class Classification:
    """A document's answer with its strongest evidence.

    Attributes
    ----------
    id
        Where the document came from.
    label
        One of the model's labels, or ``undetermined``.
    reason
        Why no role is given; None where one is, and where the document could not be read.
    probability
        Of the label, in [0.5, 1]; None for an undetermined document.
    probabilities
        Of both labels, kept where no role is given; every value is None where there was nothing to score.
    score, bias
        Of the leaning, in log-odds of the second label.
    evidence
        The strongest contributions to the score.
    rest
        For each label, the sum of the contributions that ``evidence`` leaves out.
    domain
        The question before: is it work of either role at all?
    stated_title
        Label of the first role title that the document gives as its own, or None.
    warnings
        What was met while reading.
    error
        Why the document could not be read, or None.
    model
        Name and version of the model.
    """

    id: str
    label: str
    reason: Reason | None
    probability: float | None
    probabilities: dict[str, float | None]
    score: float | None
    bias: float | None
    evidence: tuple[Contribution, ...]
    rest: dict[str, float | None]
    domain: DomainAnswer
    stated_title: str | None
    warnings: tuple[str, ...]
    error: str | None
    model: str

    def to_dict(self) -> dict[str, Any]:
        """JSON values, in the order in which they are documented."""
        return {
            "id": self.id,
            "label": self.label,
            "reason": self.reason.value if self.reason else None,
            "probability": self.probability,
            "probabilities": dict(self.probabilities),
            "score": self.score,
            "bias": self.bias,
            "evidence": [item.to_dict() for item in self.evidence],
            "rest": dict(self.rest),
            "domain": self.domain.to_dict(),
            "stated_title": self.stated_title,
            "warnings": list(self.warnings),
            "error": self.error,
            "model": self.model,
        }

    @classmethod
    def unreadable(cls, source: str, error: str, *, labels: tuple[str, str], model: str) -> Classification:
        """Answer for a document that could not be read: no number, and why."""
        nothing = Explanation(Document("", source), UNDETERMINED, None, None, None, None, labels, model).shorten()
        return replace(nothing, error=error)
