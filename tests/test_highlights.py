from __future__ import annotations

import math
from itertools import pairwise

import pytest
from hypothesis import given, settings

from evidence_texts import TEXTS, documents, text_of
from roleclassify.evidence.highlights import Highlight, highlights
from roleclassify.result import Contribution
from roleclassify.text.tokens import tokenize


def piece(feature, contribution, *spans):
    return Contribution(feature, "term", "one", 1.0, contribution, contribution, spans)


def check(text, answer):
    found = highlights(answer.contributions)
    tokens = tokenize(text)
    starts, ends = {token.start for token in tokens}, {token.end for token in tokens}
    for highlight in found:
        assert highlight.start in starts
        assert highlight.end in ends
        inside = {
            item.feature: item
            for item in answer.contributions
            if any(highlight.start <= start and end <= highlight.end for start, end in item.spans)
        }
        assert set(highlight.features) == set(inside)
    assert all(one.end <= other.start for one, other in pairwise(found))
    total = math.fsum(highlight.contribution for highlight in found)
    assert math.isclose(total, math.fsum(item.contribution for item in answer.contributions), abs_tol=1e-9)
    return found


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_highlights_are_parted_and_add_up(classifier, text):
    explanation = classifier.explain(text)
    if explanation.leaning is not None:
        check(text, explanation.leaning)
        check(text, explanation.domain)


def test_highlights_of_documents(classifier, labeled):
    n_merged = 0
    for document in documents(labeled):
        found = check(text_of(document), classifier.explain(document).leaning)
        n_merged += sum(len(highlight.features) > 1 for highlight in found)
    assert n_merged > 100


@pytest.mark.parametrize(
    ("contributions", "expected"),
    [
        pytest.param([], (), id="nothing"),
        pytest.param([piece("a", 1.0, (5, 6))], (Highlight(5, 6, 1.0, ("a",)),), id="one"),
        pytest.param(
            [piece("a", 0.5, (4, 9)), piece("b", -2.0, (8, 12)), piece("c", 0.25, (11, 15))],
            (Highlight(4, 15, -1.25, ("b", "a", "c")),),
            id="a chain",
        ),
        pytest.param(
            [piece("whole", 1.0, (0, 20)), piece("early", 0.5, (1, 3)), piece("late", 0.25, (10, 12))],
            (Highlight(0, 20, 1.75, ("whole", "early", "late")),),
            id="two inside a long one",
        ),
        pytest.param(
            [piece("a", 1.0, (0, 4)), piece("b", -1.0, (4, 8))],
            (Highlight(0, 4, 1.0, ("a",)), Highlight(4, 8, -1.0, ("b",))),
            id="touching ones stay apart",
        ),
        pytest.param(
            [piece("a", 1.0, (20, 21), (0, 1), (4, 5), (8, 9)), piece("b c", 0.5, (4, 9))],
            (
                Highlight(0, 1, 0.25, ("a",)),
                Highlight(4, 9, 1.0, ("a", "b c")),
                Highlight(20, 21, 0.25, ("a",)),
            ),
            id="several places share alike",
        ),
    ],
)
def test_merging(contributions, expected):
    assert highlights(contributions) == expected
