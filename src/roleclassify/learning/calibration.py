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


def error_if_perfect(probabilities: Numbers, n_bins: int = N_BINS) -> float:
    """Mean of the same error when every outcome is drawn with exactly its probability: what chance alone gives."""
    draws = np.random.default_rng(0).random((_DRAWS, len(probabilities))) < probabilities
    errors = [expected_calibration_error(probabilities, draw.astype(np.float64), n_bins) for draw in draws]
    return float(np.mean(errors))


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
