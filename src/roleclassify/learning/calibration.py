"""How far probabilities can be believed, and what abstaining buys."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]

N_BINS = 10

_DRAWS = 200


def expected_calibration_error(probabilities: Numbers, outcomes: Numbers, n_bins: int = N_BINS) -> float:
    """Mean distance between mean probability and mean outcome over bins of equal count (Naeini et al. 2015).

    Parameters
    ----------
    probabilities
        Of the second side, in [0, 1], shape ``(n,)`` with n > 0.
    outcomes
        What came out: 0 or 1, or a reader's probability; shape ``(n,)``.
    """
    return float(
        sum(
            len(bin_) * abs(probabilities[bin_].mean() - outcomes[bin_].mean()) for bin_ in _bins(probabilities, n_bins)
        )
        / len(probabilities)
    )


def error_if_perfect(probabilities: Numbers, outcomes: Numbers, n_bins: int = N_BINS) -> float:
    """Mean of the same error if probabilities were right on average and only scatter were left: what chance gives.

    The distance of each outcome from its probability keeps its size and is given a random sign (a wild bootstrap; Liu
    1988); for outcomes of 0 and 1 each is drawn with its probability.
    """
    generator = np.random.default_rng(0)
    if set(np.unique(outcomes).tolist()) <= {0.0, 1.0}:
        drawn = (generator.random((_DRAWS, len(outcomes))) < probabilities).astype(np.float64)
    else:
        signs = generator.choice([-1.0, 1.0], size=(_DRAWS, len(outcomes)))
        drawn = probabilities + signs * (outcomes - probabilities)
    return float(np.mean([expected_calibration_error(probabilities, draw, n_bins) for draw in drawn]))


def reliability(probabilities: Numbers, outcomes: Numbers, n_bins: int = N_BINS) -> list[dict[str, float]]:
    """One row a bin of equal count: mean probability, mean outcome, and share of outcomes above one half."""
    return [
        {
            "n": len(bin_),
            "mean_probability": float(probabilities[bin_].mean()),
            "mean_outcome": float(outcomes[bin_].mean()),
            "share_second": float((outcomes[bin_] > 0.5).mean()),
        }
        for bin_ in _bins(probabilities, n_bins)
    ]


def risk_coverage(probabilities: Numbers, outcomes: Numbers) -> list[dict[str, Any]]:
    """For each least probability of a label: the share of documents that reach it, and how many of these are right.

    ``accuracy`` is None where no document is left.
    """
    confidence = np.maximum(probabilities, 1 - probabilities)
    right = (probabilities > 0.5) == (outcomes > 0.5)
    rows = []
    for least in (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95):
        given = confidence >= least
        accuracy = float(right[given].mean()) if given.any() else None
        rows.append({"least_probability": least, "coverage": float(given.mean()), "accuracy": accuracy})
    return rows


def _bins(probabilities: Numbers, n_bins: int) -> Iterator[npt.NDArray[np.intp]]:
    order = np.argsort(probabilities, kind="stable")
    return (bin_ for bin_ in np.array_split(order, n_bins) if len(bin_))
