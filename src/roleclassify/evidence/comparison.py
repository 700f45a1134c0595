"""Two documents side by side: which concepts both stress, which only one, and what makes the distance."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from roleclassify.evidence.groups import group
from roleclassify.model.bundle import Bundle
from roleclassify.model.features import DocumentFeatures, Span
from roleclassify.result import Explanation, Origin


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
        To the score of the first and of the second document, in log-odds, the terms inside its phrases included as in
        :class:`~roleclassify.evidence.groups.Group`; 0 where a document lacks the concept.
    origin
        Where its weight comes from.
    """

    concept: str
    role: str
    description: str
    spans: tuple[tuple[Span, ...], tuple[Span, ...]]
    contributions: tuple[float, float]
    origin: Origin = "learned"

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
        """JSON values, with the phrases as they stand in the two texts; ``origin`` where the weight was not learned."""
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
            **({"origin": self.origin} if self.origin != "learned" else {}),
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
        Sum of what the terms that no concept explains add to the score of each, in log-odds.
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
    features = [{each.index: each for each in found.concepts} if found else {} for _, found in (first, second)]
    of_first, words_of_first = _sums(first[0])
    of_second, words_of_second = _sums(second[0])
    emphases = []
    for index in sorted(features[0].keys() | features[1].keys()):
        concept = bundle.space.lexicon.concepts[index]
        spans = [each[index].spans if index in each else () for each in features]
        contributions = of_first.get(concept.id, 0.0), of_second.get(concept.id, 0.0)
        origin = bundle.leaning.origin(index)
        emphases.append(
            ConceptEmphasis(concept.id, concept.role, concept.description, (spans[0], spans[1]), contributions, origin)
        )
    emphases.sort(key=lambda item: (-abs(item.difference), item.concept))
    return Comparison(first[0], second[0], tuple(emphases), (words_of_first, words_of_second))


def _sums(explanation: Explanation) -> tuple[dict[str, float], float]:
    """Sum what each concept, with the terms inside its phrases, adds to the score, and what all other terms add."""
    groups = group(explanation.leaning.contributions) if explanation.leaning else ()
    concepts = {each.name: each.contribution for each in groups if each.kind == "concept"}
    return concepts, math.fsum(each.contribution for each in groups if each.kind == "term")
