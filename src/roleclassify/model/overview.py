"""A whole model in plain values: what weighs how much, how common it is, where the limits lie."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from roleclassify.model.bundle import Bundle
from roleclassify.model.linear import Origin


@dataclass(frozen=True, slots=True)
class ConceptWeight:
    """A concept of a model.

    Attributes
    ----------
    n_forms
        Number of wordings that are matched.
    leaning, domain
        Weights in log-odds; positive for the second label, and for the field of both.
    presence
        Fraction of the documents of the first and of the second label that have it, in [0, 1]; 0 where it was not
        learned.
    origin
        Where the weight in the leaning comes from.
    """

    concept: str
    role: str
    description: str
    n_forms: int
    leaning: float
    domain: float
    presence: tuple[float, float]
    origin: Origin


@dataclass(frozen=True, slots=True)
class ModelOverview:
    """What a model consists of.

    Attributes
    ----------
    concepts
        The heaviest in the leaning first.
    terms
        For each label, and for ``domain`` and ``other``, the heaviest terms with their weights in log-odds.
    n_terms
        Number of terms that weigh something in the leaning and in the domain.
    bias
        Of the leaning and the domain, in log-odds.
    """

    model: str
    labels: tuple[str, str]
    concepts: tuple[ConceptWeight, ...]
    terms: Mapping[str, tuple[tuple[str, float], ...]]
    n_terms: tuple[int, int]
    bias: tuple[float, float]
    thresholds: Mapping[str, float]
    provenance: Mapping[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return asdict(self)


def overview(bundle: Bundle, *, top: int) -> ModelOverview:
    """Lay a model out, with the ``top`` heaviest terms of each side."""
    leaning, domain = bundle.leaning, bundle.domain
    first, second = bundle.labels
    names = tuple(bundle.space.vocabulary)
    concepts = [
        ConceptWeight(
            concept.id,
            concept.role,
            concept.description,
            len(concept.forms) + len(concept.exact),
            leaning.concept_weights[index],
            domain.concept_weights[index],
            (bundle.usage.presence[0][index], bundle.usage.presence[1][index]),
            leaning.origin(index),
        )
        for index, concept in enumerate(bundle.space.lexicon.concepts)
    ]
    concepts.sort(key=lambda item: (-abs(item.leaning), item.concept))
    return ModelOverview(
        bundle.title,
        bundle.labels,
        tuple(concepts),
        {
            first: _heaviest(names, leaning.term_weights, -1, top),
            second: _heaviest(names, leaning.term_weights, 1, top),
            "domain": _heaviest(names, domain.term_weights, 1, top),
            "other": _heaviest(names, domain.term_weights, -1, top),
        },
        (sum(weight != 0 for weight in leaning.term_weights), sum(weight != 0 for weight in domain.term_weights)),
        (leaning.bias, domain.bias),
        asdict(bundle.thresholds),
        dict(bundle.provenance),
    )


def _heaviest(names: Sequence[str], weights: Sequence[float], sign: int, top: int) -> tuple[tuple[str, float], ...]:
    of_side = [(name, weight) for name, weight in zip(names, weights, strict=True) if weight * sign > 0]
    return tuple(sorted(of_side, key=lambda item: (-abs(item[1]), item[0]))[:top])
