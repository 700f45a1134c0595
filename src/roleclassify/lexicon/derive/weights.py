"""Which of two roles a phrase tells of: log-odds with an informative Dirichlet prior."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeVar

Key = TypeVar("Key")

PRIOR_STRENGTH = 0.1
"""How much the pooled counts weigh as a prior, against a count of the same size in one role."""


def log_odds_z(
    first: Mapping[Key, float], second: Mapping[Key, float], pooled: Mapping[Key, float]
) -> dict[Key, float]:
    """Weigh every phrase: z-score of the log-odds ratio of its share in the second role to that in the first.

    Parameters
    ----------
    first, second
        Counts in each role.
    pooled
        Counts in all passages, those of neither role too: the prior of a phrase is ``PRIOR_STRENGTH`` times its count.

    Returns
    -------
    dict
        For each phrase of ``pooled``: positive leans to the second role, negative to the first; beyond 1.96 either way
        in 5 of 100 phrases that lean to neither.

    References
    ----------
    Monroe, Colaresi, Quinn (2008): Fightin' Words. Political Analysis 16(4), equations 16, 20 and 22.
    """
    prior = {key: PRIOR_STRENGTH * count for key, count in pooled.items()}
    total = sum(prior.values()) + PRIOR_STRENGTH  # for phrases not met, so that no phrase is all there is
    n_first, n_second = sum(first.values()) + total, sum(second.values()) + total
    z = {}
    for key, alpha in prior.items():
        in_first, in_second = first.get(key, 0) + alpha, second.get(key, 0) + alpha
        ratio = math.log(in_second / (n_second - in_second)) - math.log(in_first / (n_first - in_first))
        z[key] = ratio / math.sqrt(1 / in_first + 1 / in_second)
    return z
