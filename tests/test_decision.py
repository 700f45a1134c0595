from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclassify.model.decision import Reason, Thresholds, decide

LIMITS = Thresholds(evidence=2, domain_probability=0.7, probability=0.6)
CHANCE = st.floats(0, 1)


@pytest.mark.parametrize(
    ("n_concepts", "domain", "probability", "reason"),
    [
        (0, 0.9, 0.9, Reason.TOO_LITTLE_EVIDENCE),
        (1, 0.0, 0.5, Reason.TOO_LITTLE_EVIDENCE),
        (2, 0.29, 0.9, Reason.OTHER_OCCUPATION),
        (2, 0.31, 0.9, Reason.TOO_LITTLE_EVIDENCE),
        (2, 0.69, 0.9, Reason.TOO_LITTLE_EVIDENCE),
        (2, 0.7, 0.59, Reason.NEAR_TIE),
        (2, 0.7, 0.41, Reason.NEAR_TIE),
        (2, 0.7, 0.6, None),
        (2, 0.7, 0.4, None),
        (9, 1.0, 0.0, None),
    ],
)
def test_decision_names_the_first_reason(n_concepts, domain, probability, reason):
    assert (
        decide(n_concepts=n_concepts, domain_probability=domain, probability=probability, thresholds=LIMITS) is reason
    )


@given(st.integers(0, 9), CHANCE, CHANCE)
def test_decision_treats_both_labels_alike(n_concepts, domain, probability):
    first, second = (
        decide(n_concepts=n_concepts, domain_probability=domain, probability=p, thresholds=Thresholds(2, 0.6, 0.5))
        for p in (probability, 1 - probability)
    )
    assert first is second or abs(probability - 0.5) < 1e-12


@given(st.integers(0, 9), CHANCE, CHANCE, st.floats(0.5, 1), st.floats(0.5, 1))
def test_decision_gives_no_more_roles_when_it_must_be_surer(n_concepts, domain, probability, one, other):
    low, high = sorted((one, other))
    given = [
        decide(
            n_concepts=n_concepts,
            domain_probability=domain,
            probability=probability,
            thresholds=LIMITS.with_probability(least),
        )
        is None
        for least in (low, high)
    ]
    assert given[0] or not given[1]


def test_thresholds_keep_their_own_probability_when_none_is_given():
    assert LIMITS.with_probability(None) == LIMITS
