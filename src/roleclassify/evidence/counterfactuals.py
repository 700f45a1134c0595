"""What a document lacks, and what would change its answer."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from roleclassify.evidence.groups import Group
from roleclassify.evidence.rescoring import Rescorer
from roleclassify.model.bundle import Bundle
from roleclassify.model.decision import Reason, Thresholds, decide
from roleclassify.model.features import DocumentFeatures
from roleclassify.model.linear import sigmoid
from roleclassify.result import UNDETERMINED

MOST_PIECES = 10
"""A longer list of changes is nothing to act on."""

COMMON = 0.5
"""A concept that more than this fraction of a role's documents have is common in it."""

ROUNDING = 1e-9
"""A score that is nearer to 0, in log-odds, is a rounding of no evidence at all."""


@dataclass(frozen=True, slots=True)
class AbsentConcept:
    """A concept that is common in the documents of its role and that this one lacks.

    Attributes
    ----------
    presence
        Fraction of the role's documents that have it, in [0, 1].
    """

    concept: str
    role: str
    description: str
    presence: float

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "concept": self.concept,
            "role": self.role,
            "description": self.description,
            "presence": self.presence,
        }


@dataclass(frozen=True, slots=True)
class Removal:
    """Evidence without which the leaning flips.

    Attributes
    ----------
    groups
        The most effective first.
    score
        The log-odds without it, scored anew.
    label, reason
        What the document would read as then: the other label, or ``undetermined`` and why.
    """

    groups: tuple[Group, ...]
    score: float
    label: str
    reason: Reason | None

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "pieces": [group.to_dict() for group in self.groups],
            "score": self.score,
            "probability": sigmoid(self.score),
            "label": self.label,
            "reason": self.reason.value if self.reason else None,
        }


@dataclass(frozen=True, slots=True)
class Addition:
    """Concepts with which the leaning flips.

    Attributes
    ----------
    concepts
        Their ids, the most effective first.
    matches
        How often each is added: the median among the documents of its role that have it.
    score
        The log-odds with them.
    """

    concepts: tuple[str, ...]
    matches: tuple[float, ...]
    score: float

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "concepts": list(self.concepts),
            "matches": list(self.matches),
            "score": self.score,
            "probability": sigmoid(self.score),
        }


@dataclass(frozen=True, slots=True)
class Counterfactuals:
    """What would have to be otherwise for another answer.

    Attributes
    ----------
    without
        At most ``MOST_PIECES`` groups of evidence without which the other label is likely enough to be given, or None:
        none found.
    added
        At most ``MOST_PIECES`` absent concepts of the other role with which it is, or None: none found.
    absent
        Concepts common in their role that the document lacks, the most common first, for both roles.
    """

    without: Removal | None
    added: Addition | None
    absent: tuple[AbsentConcept, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "without": self.without.to_dict() if self.without else None,
            "added": self.added.to_dict() if self.added else None,
            "absent": [item.to_dict() for item in self.absent],
        }


def absent_concepts(bundle: Bundle, features: DocumentFeatures) -> tuple[AbsentConcept, ...]:
    """List the common concepts of each role that a document lacks, the most common first."""
    found = {feature.index for feature in features.concepts}
    presence = dict(zip(bundle.labels, bundle.usage.presence, strict=True))
    lacking = [
        AbsentConcept(concept.id, concept.role, concept.description, presence[concept.role][index])
        for index, concept in enumerate(bundle.space.lexicon.concepts)
        if index not in found and concept.role in presence and presence[concept.role][index] > COMMON
    ]
    return tuple(sorted(lacking, key=lambda item: (-item.presence, item.concept)))


def find_removal(rescorer: Rescorer, groups: Sequence[Group], least: float) -> tuple[Group, ...]:
    """Search greedily for evidence without which the other label would be given; empty when none is found.

    Every step takes away the group that moves the score most; then each that is not needed is put back. All places of
    a group's members are masked, so what overlaps them goes too.

    Parameters
    ----------
    least
        Log-odds from which on a label is given, at least ``ROUNDING``.
    """
    sign = math.copysign(1.0, rescorer.without(()))
    tokens = [rescorer.overlapping(each.all_spans) for each in groups]
    left, taken = set(range(len(groups))), list[int]()
    gone: frozenset[int] = frozenset()
    while left and len(taken) < MOST_PIECES:
        best = min(left, key=lambda number: (sign * rescorer.without(gone | tokens[number]), number))
        left.remove(best)
        taken.append(best)
        gone |= tokens[best]
        if sign * rescorer.without(gone) < -least:
            return tuple(groups[number] for number in _needed(rescorer, tokens, taken, sign, least))
    return ()


def _needed(
    rescorer: Rescorer, tokens: Sequence[frozenset[int]], taken: Sequence[int], sign: float, least: float
) -> list[int]:
    """Put back one group after another, the last taken first, until the score would not flip without any."""
    for number in reversed(taken):
        rest = [other for other in taken if other != number]
        if sign * rescorer.without(frozenset().union(*(tokens[other] for other in rest))) < -least:
            return _needed(rescorer, tokens, rest, sign, least)
    return list(taken)


def judge_removal(bundle: Bundle, thresholds: Thresholds, rescorer: Rescorer, groups: Sequence[Group]) -> Removal:
    """Answer both questions anew without these groups."""
    terms, concepts = rescorer.features_without(span for each in groups for span in each.all_spans)
    score = bundle.leaning.score(terms, concepts)
    reason = decide(
        n_concepts=len(concepts),
        domain_probability=sigmoid(bundle.domain.score(terms, concepts)),
        probability=sigmoid(score),
        thresholds=thresholds,
    )
    label = UNDETERMINED if reason else bundle.labels[score > 0]
    return Removal(tuple(groups), score, label, reason)


def find_addition(bundle: Bundle, features: DocumentFeatures, rescorer: Rescorer, least: float) -> Addition | None:
    """Search greedily for absent concepts of the other role with which that would be given.

    Each is added as often as it typically occurs. What else would be written beside it, and counted, is left out.
    ``least`` as in :func:`find_removal`.
    """
    sign = math.copysign(1.0, rescorer.without(()))
    candidates = dict(_candidates(bundle, features, bundle.labels[sign < 0]))
    added: dict[int, float] = {}
    while candidates and len(added) < MOST_PIECES:
        scores = {
            index: sign * rescorer.with_concepts({**added, index: matches}) for index, matches in candidates.items()
        }
        best = min(scores, key=lambda index: (scores[index], index))
        added[best] = candidates.pop(best)
        if scores[best] < -least:
            concepts = bundle.space.lexicon.concepts
            names = tuple(concepts[index].id for index in added)
            return Addition(names, tuple(added.values()), sign * scores[best])
    return None


def _candidates(bundle: Bundle, features: DocumentFeatures, role: str) -> Iterator[tuple[int, float]]:
    found = {feature.index for feature in features.concepts}
    for index, concept in enumerate(bundle.space.lexicon.concepts):
        if concept.role == role and index not in found:
            yield index, bundle.usage.matches[index]
