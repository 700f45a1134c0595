from __future__ import annotations

import json
import math
import pickle
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import roleclassify
from conftest import ROOT, cases
from roleclassify.errors import BundleError, UnreadableDocumentError
from roleclassify.model.decision import Reason
from roleclassify.model.features import terms
from roleclassify.model.linear import sigmoid
from roleclassify.result import DOMAIN_SIDES, UNDETERMINED
from roleclassify.text.tokens import tokenize

EXAMPLE = ROOT / "examples" / "posting-titled-data-scientist.txt"
WORDS = st.sampled_from(
    [
        "deploy",
        "model",
        "Docker",
        "statistics",
        "A/B",
        "test",
        "data",
        "R",
        "nurse",
        "hiring",
        "Data Scientist",
        "[ROLE]",
        "ML engineers",
        "a@example.com",
        "2019",
        "\n",
        "rather than",
        "software",
        "insight",
        "é",
        "der",
        "und",
    ]
)
TEXTS = st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=60).map(" ".join))


def check_answer(answer, sides):
    """Bias and contributions add up to the score, and the probability is its sigmoid."""
    total = answer.bias + math.fsum(item.contribution for item in answer.contributions)
    assert math.isclose(total, answer.score, abs_tol=1e-9)
    assert answer.probability == sigmoid(answer.score)
    assert answer.sides == sides
    for item in answer.contributions:
        assert item.contribution == item.weight * item.value
        assert item.spans
    for top in (0, 1, 5, len(answer.contributions)):
        shown = math.fsum(item.contribution for item in answer.contributions[:top])
        assert math.isclose(answer.bias + shown + sum(answer.rest(top).values()), answer.score, abs_tol=1e-9)
        assert answer.rest(top)[sides[0]] <= 0 <= answer.rest(top)[sides[1]]


@pytest.mark.parametrize("case", cases("outcomes"))
def test_outcome_is_what_a_careful_person_would_say(case, classifier):
    result = classifier.classify(case["text"])
    assert result.label == case["label"]
    assert result.reason is None if "reasons" not in case else result.reason in case["reasons"]
    assert result.stated_title == case.get("stated_title", result.stated_title)


@given(TEXTS)
@settings(max_examples=200, deadline=None)
def test_answers_are_additive_and_consistent(classifier, text):
    explanation = classifier.explain(text)
    if explanation.leaning is None:
        assert explanation.reason is Reason.EMPTY
        return
    check_answer(explanation.leaning, classifier.labels)
    check_answer(explanation.domain, DOMAIN_SIDES)
    assert (explanation.label == UNDETERMINED) == (explanation.reason is not None)
    if explanation.reason is None:
        assert explanation.label == classifier.labels[explanation.leaning.score > 0]
        assert 0.5 <= explanation.probability <= 1
    else:
        assert explanation.probability is None


@given(TEXTS)
@settings(max_examples=100, deadline=None)
def test_spans_are_where_the_terms_stand(classifier, text):
    explanation = classifier.explain(text)
    for item in explanation.leaning.contributions if explanation.leaning else ():
        for start, end in item.spans:
            assert 0 <= start < end <= len(text)
            if item.kind == "term":
                assert item.feature in [term for term, *_ in terms(tokenize(text[start:end]))]


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_answers_are_json_that_any_reader_takes(classifier, text):
    answer = classifier.explain(text).to_dict()
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_answers_have_the_documented_keys(classifier):
    answer = classifier.classify(EXAMPLE).to_dict()
    keys = "id label reason probability probabilities score bias evidence rest domain stated_title warnings error model"
    assert list(answer) == keys.split()
    assert list(answer["evidence"][0]) == ["feature", "kind", "role", "value", "weight", "contribution", "spans"]
    assert list(answer["domain"]) == ["probability", "score", "bias", "evidence", "rest"]


def test_titles_carry_no_weight(classifier):
    body = " builds dashboards in Tableau and deploys models with Docker."
    scores = {
        classifier.explain(title + body).leaning.score
        for title in (
            "A Data Scientist",
            "A Senior ML Engineer",
            "A [ROLE]",
            "A Machine Learning Engineer II",
            "A Full-Stack Data Scientist",
            "A Data Science Team Lead",
            "A Head of Machine Learning",
            "A Causal Inference Data Scientist",
            "An MLOps Manager",
        )
    }
    assert len(scores) == 1


def test_personal_details_carry_no_weight(classifier):
    body = "Deploys models with Docker. Mail {mail}, phone {phone}, web {url}."
    one = body.format(mail="anna@example.com", phone="+44 7700 900123", url="https://example.com/deploy/docker")
    other = body.format(mail="statistics@example.org", phone="(555) 010-9999", url="www.example.net/insight")
    assert classifier.explain(one).leaning.score == classifier.explain(other).leaning.score


def test_empty_document_has_no_numbers(classifier):
    answer = classifier.classify("").to_dict()
    assert answer["probabilities"] == dict.fromkeys(classifier.labels)
    assert answer["score"] is answer["bias"] is answer["probability"] is answer["domain"]["probability"] is None


def test_undetermined_document_keeps_its_probabilities(classifier):
    answer = classifier.classify("Conducts surveys.")
    assert answer.label == UNDETERMINED
    assert math.isclose(sum(answer.probabilities.values()), 1)


def test_classify_many_answers_each_in_its_place(classifier, tmp_path):
    documents = ["Deploy models with Docker and Kubernetes.", tmp_path / "none.txt", None, EXAMPLE, ""]
    results = list(classifier.classify_many(documents))
    assert [result.error is None for result in results] == [True, False, False, True, True]
    assert results[1].id == str(tmp_path / "none.txt")
    assert "no such file" in results[1].error
    assert "NoneType" in results[2].error
    assert results[3] == classifier.classify(EXAMPLE)


def test_classify_many_gives_the_same_on_any_number_of_workers(classifier, labeled):
    texts = [document.text for document in labeled[:150]]
    assert list(classifier.classify_many(texts, n_jobs=2)) == list(classifier.classify_many(texts))


def test_classify_many_takes_no_more_than_it_needs(classifier):
    taken = []
    results = classifier.classify_many(taken.append(number) or "text" for number in range(1000))
    next(results)
    assert len(taken) == 1


def test_classify_raises_on_what_is_no_text(classifier, tmp_path):
    with pytest.raises(UnreadableDocumentError, match="float is no text"):
        classifier.classify(float("nan"))
    with pytest.raises(UnreadableDocumentError):
        classifier.classify(tmp_path)


def test_unreadable_document_error_travels_between_processes():
    error = UnreadableDocumentError("cv.pdf", "it is encrypted", "remove the password")
    assert str(pickle.loads(pickle.dumps(error))) == str(error) == "cv.pdf: it is encrypted; remove the password"


@pytest.mark.parametrize("value", [0.49, 1.01, -1])
def test_min_probability_out_of_range_is_refused(value):
    with pytest.raises(ValueError, match=r"between 0\.5 and 1"):
        roleclassify.load(min_probability=value)


def test_min_probability_turns_a_weak_answer_into_a_near_tie(classifier):
    text = "Design A/B tests and deploy models with Docker. Present insight; monitor latency. SQL."
    probability = max(classifier.classify(text).probabilities.values())
    surer = roleclassify.load(min_probability=min(1.0, probability + 1e-6))
    assert surer.classify(text).reason is Reason.NEAR_TIE
    assert surer.classify(text).score == classifier.classify(text).score


def test_load_names_a_folder_that_is_no_bundle(tmp_path):
    with pytest.raises(BundleError, match="no model bundle here"):
        roleclassify.load(tmp_path)


def test_document_that_was_read_is_answered_like_its_path(classifier):
    assert classifier.classify(roleclassify.read(EXAMPLE)) == classifier.classify(Path(EXAMPLE))
