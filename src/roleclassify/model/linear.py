"""One question as a linear model over the features: bias, weights, exact contributions."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from roleclassify.model.features import Feature

Origin = Literal["learned", "given", "median"]
"""Where a weight comes from: training, a lexicon laid over the model, or the median of the concepts of its role."""


@dataclass(frozen=True, slots=True)
class LinearModel:
    """A calibrated linear model; the calibration is folded into bias and weights.

    Attributes
    ----------
    bias
        Log-odds of a document without features.
    term_weights
        One weight a term, in log-odds.
    concept_weights
        One weight a concept, in log-odds.
    origins
        Where the weights of concepts come from, by index; those that are not in it are learned.
    """

    bias: float
    term_weights: tuple[float, ...]
    concept_weights: tuple[float, ...]
    origins: Mapping[int, Origin] = field(default_factory=dict)

    def origin(self, concept: int) -> Origin:
        """Say where the weight of a concept, named by its index, comes from."""
        return self.origins.get(concept, "learned")

    def score(self, term_features: Sequence[Feature], concept_features: Sequence[Feature]) -> float:
        """Bias plus every contribution: the log-odds."""
        of_terms = (self.term_weights[feature.index] * feature.value for feature in term_features)
        of_concepts = (self.concept_weights[feature.index] * feature.value for feature in concept_features)
        return math.fsum([self.bias, *of_terms, *of_concepts])


def sigmoid(score: float) -> float:
    """Turn log-odds into a probability, without overflow.

    Examples
    --------
    >>> sigmoid(0.0), sigmoid(-1000.0)
    (0.5, 0.0)
    """
    if score >= 0:
        return 1.0 / (1.0 + math.exp(-score))
    odds = math.exp(score)
    return odds / (1.0 + odds)


def log_odds(probability: float) -> float:
    """Turn a probability in [0.5, 1] into log-odds.

    Examples
    --------
    >>> log_odds(0.5), log_odds(1.0)
    (0.0, inf)
    """
    return math.log(probability / (1.0 - probability)) if probability < 1.0 else math.inf
