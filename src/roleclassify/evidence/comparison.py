"""Two documents side by side: which concepts both stress, which only one, and what makes the distance."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from roleclassify.model.bundle import Bundle
from roleclassify.model.features import DocumentFeatures, Feature, Span
from roleclassify.result import Explanation


@dataclass(frozen=True, slots=True)
class ConceptEmphasis:
    """A concept that at least one of two documents has.

    Attributes
    ----------
    concept, role, description
        From the lexicon; a shared concept has no part in the distance.
    spans
        Where it stands in the first and in the second document; none where that lacks it.
    contributions
        To the score of the first and of the second document, in log-odds; 0 where it lacks the concept.
    """

    concept: str
    role: str
    description: str
    spans: tuple[tuple[Span, ...], tuple[Span, ...]]
    contributions: tuple[float, float]

    @property
    def difference(self) -> float:
        """What it adds to the distance, in log-odds."""
        return self.contributions[1] - self.contributions[0]

    @property
    def where(self) -> str:
        """``both``, ``first`` or ``second``."""
        if all(self.spans):
            return "both"
        return "first" if self.spans[0] else "second"

    def to_dict(self, texts: tuple[str, str]) -> dict[str, Any]:
        """JSON values, with the phrases as they stand in the two texts."""
        return {
            "concept": self.concept,
            "role": self.role,
            "where": self.where,
            "phrases": [
                [text[start:end] for start, end in spans] for text, spans in zip(texts, self.spans, strict=True)
            ],
            "spans": [[list(span) for span in spans] for spans in self.spans],
            "contributions": list(self.contributions),
            "difference": self.difference,
        }


@dataclass(frozen=True, slots=True)
class Comparison:
    """Emphasis of two documents; it says nothing of how well one fits the other.

    Attributes
    ----------
    first, second
        The answers; a resume and a posting, or two drafts.
    concepts
        Those that at least one has: the largest part of the distance first, then by id.
    words
        Sum of the terms' contributions to the score of each, in log-odds.
    """

    first: Explanation
    second: Explanation
    concepts: tuple[ConceptEmphasis, ...]
    words: tuple[float, float]

    @property
    def distance(self) -> float | None:
        """Score of the second minus that of the first, in log-odds; None where one has nothing to score.

        It is the sum of the concepts' differences and that of the words.
        """
        if self.first.leaning is None or self.second.leaning is None:
            return None
        return self.second.leaning.score - self.first.leaning.score

    def having(self, where: str) -> tuple[ConceptEmphasis, ...]:
        """Take the concepts that ``both`` have, or only the ``first`` or the ``second``."""
        return tuple(item for item in self.concepts if item.where == where)

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        texts = self.first.document.text, self.second.document.text
        return {
            "first": self.first.shorten().to_dict(),
            "second": self.second.shorten().to_dict(),
            "distance": self.distance,
            "concepts": [item.to_dict(texts) for item in self.concepts],
            "words": {"contributions": list(self.words), "difference": self.words[1] - self.words[0]},
        }


def compare(
    bundle: Bundle,
    first: tuple[Explanation, DocumentFeatures | None],
    second: tuple[Explanation, DocumentFeatures | None],
) -> Comparison:
    """Lay two documents' answers side by side; features are None where there was nothing to score."""
    of_documents = [_concepts(features) for _, features in (first, second)]
    weights = bundle.leaning.concept_weights
    found = []
    for index in sorted(of_documents[0].keys() | of_documents[1].keys()):
        one, other = (features.get(index) for features in of_documents)
        spans = one.spans if one else (), other.spans if other else ()
        contributions = (
            weights[index] * one.value if one else 0.0,
            weights[index] * other.value if other else 0.0,
        )
        concept = bundle.space.lexicon.concepts[index]
        found.append(ConceptEmphasis(concept.id, concept.role, concept.description, spans, contributions))
    found.sort(key=lambda item: (-abs(item.difference), item.concept))
    return Comparison(first[0], second[0], tuple(found), (_words(first[0]), _words(second[0])))


def _concepts(features: DocumentFeatures | None) -> dict[int, Feature]:
    return {feature.index: feature for feature in features.concepts} if features else {}


def _words(explanation: Explanation) -> float:
    return math.fsum(_term_contributions(explanation))


def _term_contributions(explanation: Explanation) -> Iterator[float]:
    for item in explanation.leaning.contributions if explanation.leaning else ():
        if item.kind == "term":
            yield item.contribution
