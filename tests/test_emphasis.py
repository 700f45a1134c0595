from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings

from evidence_texts import EXAMPLES, TEXTS
from roleclassify.evidence.groups import group

ANALYST = "Write SQL, run A/B tests and present insight. Build dashboards in Tableau. Some Docker."
ENGINEER = "Deploy models with Docker and Kubernetes; monitor latency. Write SQL in CI/CD pipelines."


def check(comparison):
    """The distance is the sum of its parts, and the parts are the documents' groups of evidence."""
    sides = (comparison.first.leaning, comparison.second.leaning)
    for number, leaning in enumerate(sides):
        groups = group(leaning.contributions) if leaning else ()
        told = {item.concept: item for item in comparison.concepts if item.spans[number]}
        for item in comparison.concepts:
            assert item.spans[number] or item.contributions[number] == 0
        for each in groups:
            if each.kind == "concept":
                assert told[each.name].contributions[number] == each.contribution
                assert told[each.name].spans[number] == each.spans
                assert told[each.name].role == each.role
        of_terms = math.fsum(each.contribution for each in groups if each.kind == "term")
        assert comparison.words[number] == of_terms
    parts = [item.difference for item in comparison.concepts] + [comparison.words[1] - comparison.words[0]]
    if None in sides:
        assert comparison.distance is None
    else:
        assert comparison.distance == sides[1].score - sides[0].score
        assert math.isclose(comparison.distance, math.fsum(parts), abs_tol=1e-9)
    in_turn = [comparison.having(where) for where in ("both", "first", "second")]
    assert sorted(item.concept for items in in_turn for item in items) == sorted(
        item.concept for item in comparison.concepts
    )
    sizes = [abs(item.difference) for item in comparison.concepts]
    assert sizes == sorted(sizes, reverse=True)


def numbers(comparison):
    return {item.concept: item.difference for item in comparison.concepts}


@given(TEXTS, TEXTS)
@settings(max_examples=100, deadline=None)
def test_distance_is_the_sum_of_its_parts(classifier, first, second):
    comparison, swapped = classifier.compare(first, second), classifier.compare(second, first)
    check(comparison)
    assert numbers(swapped) == {name: -difference for name, difference in numbers(comparison).items()}
    assert swapped.words == comparison.words[::-1]
    assert comparison.distance is None or swapped.distance == -comparison.distance
    others = {"both": "both", "first": "second", "second": "first"}
    assert {item.concept: others[item.where] for item in swapped.concepts} == {
        item.concept: item.where for item in comparison.concepts
    }


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_document_beside_itself_has_no_distance(classifier, text):
    comparison = classifier.compare(text, text)
    check(comparison)
    assert comparison.distance in (0, None)
    assert comparison.having("both") == comparison.concepts
    assert {item.difference for item in comparison.concepts} <= {0}


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_examples_are_compared(classifier, path):
    comparison = classifier.compare(path, EXAMPLES[0])
    check(comparison)
    assert comparison.first.document.source == str(path)


def test_who_stresses_what(classifier):
    comparison = classifier.compare(ANALYST, ENGINEER)
    where = {item.concept: item.where for item in comparison.concepts}
    assert where["sql"] == where["containers"] == "both"
    assert where["experimentation"] == where["insight"] == "first"
    assert where["ci-cd"] == where["monitoring"] == "second"
    assert comparison.distance > 0


def test_empty_document_has_no_distance(classifier):
    comparison = classifier.compare("", ENGINEER)
    assert comparison.distance is None
    assert comparison.concepts == comparison.having("second")
    assert json.loads(json.dumps(comparison.to_dict(), allow_nan=False))["distance"] is None


def test_comparison_is_told_as_json(classifier):
    comparison = classifier.compare(ANALYST, ENGINEER)
    told = json.loads(json.dumps(comparison.to_dict(), allow_nan=False))
    assert list(told) == ["first", "second", "distance", "concepts", "words"]
    (sql,) = [item for item in told["concepts"] if item["concept"] == "sql"]
    assert sql["phrases"] == [["SQL"], ["SQL"]]
    assert [text[slice(*spans[0])] for text, spans in zip((ANALYST, ENGINEER), sql["spans"], strict=True)] == [
        "SQL"
    ] * 2
    total = math.fsum([told["words"]["difference"], *(item["difference"] for item in told["concepts"])])
    assert math.isclose(told["distance"], total, abs_tol=1e-9)
    assert told["first"] == classifier.classify(ANALYST).to_dict()
