from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from roleclassify.learning.calibration import (
    error_if_perfect,
    expected_calibration_error,
    reliability,
    risk_coverage,
)


def test_error_by_hand():
    p, y = np.array([0.1, 0.2, 0.7, 0.8]), np.array([0.0, 1.0, 1.0, 1.0])
    assert expected_calibration_error(p, y, n_bins=2) == pytest.approx((abs(0.15 - 0.5) + abs(0.75 - 1)) / 2)
    assert expected_calibration_error(p, y, n_bins=1) == pytest.approx(abs(0.45 - 0.75))
    rows = reliability(p, y, n_bins=2)
    assert [row["n"] for row in rows] == [2, 2]
    assert [row["share_second"] for row in rows] == [0.5, 1.0]


def test_perfect_probabilities_are_left_with_the_error_of_chance():
    generator = np.random.default_rng(1)
    p = generator.random(2000)
    chance = error_if_perfect(p, (p > 0.5).astype(float))
    assert 0.005 < chance < 0.03
    outcome = (generator.random(2000) < p).astype(float)
    assert expected_calibration_error(p, outcome) == pytest.approx(chance, abs=0.015)
    assert expected_calibration_error(np.sqrt(p), outcome) > 3 * chance
    soft = np.clip(p + generator.normal(0, 0.1, len(p)), 0.01, 0.99)
    assert error_if_perfect(p, soft) < chance / 2


probabilities = arrays.arrays(np.float64, st.integers(1, 60), elements=st.floats(0, 1))


@given(probabilities)
def test_what_comes_out_as_said_has_no_error(p):
    assert expected_calibration_error(p, p) == pytest.approx(0, abs=1e-12)
    assert sum(row["n"] for row in reliability(p, p)) == len(p)


@given(probabilities, st.randoms(use_true_random=False))
def test_asking_for_more_never_covers_more(p, random):
    y = np.array([float(random.random() < value) for value in p])
    rows = risk_coverage(p, y)
    coverage = [row["coverage"] for row in rows]
    assert coverage[0] == 1.0
    assert coverage == sorted(coverage, reverse=True)
    assert all((row["accuracy"] is None) == (row["coverage"] == 0) for row in rows)
