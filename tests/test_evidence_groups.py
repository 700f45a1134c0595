from __future__ import annotations

import json
import math
from collections import Counter

import pytest
from hypothesis import given, settings

from evidence_texts import EXAMPLES, TEXTS, documents
from roleclassify.evidence.groups import group
from roleclassify.result import Contribution

LABELS = ("one", "two")


def piece(feature, contribution, spans, kind="term", origin="learned"):
    return Contribution(feature, kind, LABELS[contribution > 0], 1.0, contribution, contribution, spans, origin)


def concept(feature, contribution, spans):
    return piece(feature, contribution, spans, "concept")


def shapes(*contributions):
    """Name of each group, and its members."""
    return [(each.name, [member.feature for member in each.members]) for each in group(contributions)]


def check(answer):
    groups = group(answer.contributions)
    members = [member for each in groups for member in each.members]
    assert Counter((item.kind, item.feature) for item in members) == Counter(
        (item.kind, item.feature) for item in answer.contributions
    )
    total = math.fsum(each.contribution for each in groups)
    assert math.isclose(total, math.fsum(item.contribution for item in answer.contributions), abs_tol=1e-9)
    assert math.isclose(total, answer.score - answer.bias, abs_tol=1e-9)
    strengths = [abs(each.contribution) for each in groups]
    assert strengths == sorted(strengths, reverse=True)
    for each in groups:
        host, *inner = each.members
        assert (each.name, each.kind, each.role) == (host.feature, host.kind, host.role)
        assert {member.contribution > 0 for member in each.members} == {each.role == answer.sides[1]}
        assert {member.kind for member in inner} <= {"term"}
        for member in inner:
            if host.kind == "concept":
                assert all(any(a <= c and d <= b for a, b in host.spans) for c, d in member.spans)
            else:
                assert f" {member.feature} " in f" {host.feature} "
        assert set(each.all_spans) == {span for member in each.members for span in member.spans}
    return groups


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_every_contribution_is_in_one_group(classifier, text):
    explanation = classifier.explain(text)
    if explanation.leaning is not None:
        check(explanation.leaning)


def test_documents_are_grouped_without_rest(classifier, labeled):
    kinds = Counter(
        each.kind + " with terms" * (len(each.members) > 1)
        for document in documents(labeled)
        for each in check(classifier.explain(document).leaning)
    )
    assert set(kinds) == {"concept", "concept with terms", "term", "term with terms"}


def test_nothing_has_no_groups():
    assert group([]) == ()


@pytest.mark.parametrize(
    ("contributions", "expected"),
    [
        pytest.param(
            [
                concept("deploying", 1.0, ((0, 13),)),
                piece("deploy", 0.5, ((0, 6),)),
                piece("nightly", 0.1, ((20, 27),)),
            ],
            [("deploying", ["deploying", "deploy"]), ("nightly", ["nightly"])],
            id="a term joins the concept around it",
        ),
        pytest.param(
            [concept("deploying", 1.0, ((0, 13),)), piece("deploy", 0.5, ((0, 6), (30, 36)))],
            [("deploying", ["deploying"]), ("deploy", ["deploy"])],
            id="one that stands elsewhere too does not",
        ),
        pytest.param(
            [concept("deploying", 1.0, ((0, 13), (30, 43))), piece("deploy", 0.5, ((0, 6), (30, 36)))],
            [("deploying", ["deploying", "deploy"])],
            id="two places in two phrases",
        ),
        pytest.param(
            [concept("deploying", 1.0, ((0, 13),)), piece("deploy", -0.5, ((0, 6),))],
            [("deploying", ["deploying"]), ("deploy", ["deploy"])],
            id="nor does one of the other side",
        ),
        pytest.param(
            [concept("weak", 0.2, ((0, 13),)), concept("strong", 1.0, ((0, 6),)), piece("deploy", 0.5, ((0, 6),))],
            [("strong", ["strong", "deploy"]), ("weak", ["weak"])],
            id="of two concepts the stronger",
        ),
        pytest.param(
            [concept("strong", 1.0, ((0, 6),)), concept("wide", 0.2, ((0, 13),)), piece("deploy it", 0.5, ((0, 9),))],
            [("strong", ["strong"]), ("wide", ["wide", "deploy it"])],
            id="the stronger one is too short",
        ),
        pytest.param(
            [piece("a b c", 0.3, ((0, 5),)), piece("a b", 0.2, ((0, 3),)), piece("b", 0.1, ((2, 3), (9, 10)))],
            [("a b c", ["a b c", "a b", "b"])],
            id="terms join the longest around them",
        ),
        pytest.param(
            [piece("a b", 0.3, ((0, 3),)), piece("b", -0.4, ((2, 3),))],
            [("b", ["b"]), ("a b", ["a b"])],
            id="sides stay apart",
        ),
    ],
)
def test_who_joins_whom(contributions, expected):
    assert shapes(*contributions) == expected


def test_group_is_told_as_json():
    members = [
        piece("deploying", 1.0, ((0, 13),), "concept", "median"),
        piece("deploy", 0.5, ((0, 6),)),
    ]
    (found,) = group(members)
    assert found.origin == "median"
    assert found.spans == ((0, 13),)
    assert found.all_spans == ((0, 6), (0, 13))
    assert json.loads(json.dumps(found.to_dict())) == {
        "name": "deploying",
        "kind": "concept",
        "role": "two",
        "contribution": 1.5,
        "members": ["deploying", "deploy"],
        "spans": [[0, 13]],
        "origin": "median",
    }
    assert "origin" not in group([piece("deploy", 0.5, ((0, 6),))])[0].to_dict()


def test_examples_are_there():
    assert len(EXAMPLES) >= 8
