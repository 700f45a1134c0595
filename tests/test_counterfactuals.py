from __future__ import annotations

import json
import math

import pytest
from hypothesis import given, settings

from evidence_texts import PLAIN_TEXTS, TEXTS, documents, mask, text_of
from roleclassify.evidence.counterfactuals import COMMON, MOST_PIECES, ROUNDING, Counterfactuals, find_removal
from roleclassify.evidence.groups import Group
from roleclassify.evidence.rescoring import Rescorer
from roleclassify.model.decision import Reason
from roleclassify.model.linear import sigmoid
from roleclassify.result import Contribution
from roleclassify.text.tokens import tokenize

NOTHING = Counterfactuals(None, None, ())


class Case:
    """A document with what would change its answer, and what rescores it."""

    def __init__(self, classifier, text):
        self.text, self.bundle = text, classifier.bundle
        self.explanation = classifier.explain(text)
        self.found = classifier.counterfactuals(text)
        self.features = self.bundle.space.extract(text, tokenize(text))
        self.rescorer = Rescorer(self.bundle, self.features)

    @property
    def sign(self):
        return 1 if self.explanation.leaning.score > 0 else -1

    @property
    def least(self):
        """Log-odds from which on a label is given."""
        return math.log(self.bundle.thresholds.probability / (1 - self.bundle.thresholds.probability))

    @property
    def had(self):
        concepts = self.bundle.space.lexicon.concepts
        return {concepts[feature.index].id for feature in self.features.concepts}

    def rescored(self, groups):
        return self.rescorer.rescore(span for each in groups for span in each.all_spans)


def check_removal(case, classifier):
    """Without the pieces the score flips, and with any of them it does not; say whether the edited text agrees."""
    groups = case.found.without.groups
    assert 1 <= len(groups) <= MOST_PIECES
    assert {each.role for each in groups} == {case.explanation.label}
    assert case.found.without.score == case.rescored(groups)
    assert case.sign * case.found.without.score < -case.least
    for number in range(len(groups)):
        assert case.sign * case.rescored(groups[:number] + groups[number + 1 :]) >= -case.least
    edited = classifier.explain(mask(case.text, [span for each in groups for span in each.all_spans]))
    alike = math.isclose(edited.leaning.score, case.found.without.score, abs_tol=1e-9)
    if alike and edited.reason is not Reason.UNSUPPORTED_LANGUAGE:  # brackets of many masks look like source code
        assert (edited.label, edited.reason) == (case.found.without.label, case.found.without.reason)
    assert case.found.without.reason is not Reason.NEAR_TIE
    return alike


def check_addition(case):
    """The concepts are absent ones of the other role, as often as is usual; only with the last the score flips."""
    added = case.found.added
    assert 1 <= len(added.concepts) == len(added.matches) <= MOST_PIECES
    indices = {concept.id: index for index, concept in enumerate(case.bundle.space.lexicon.concepts)}
    matches = {indices[name]: number for name, number in zip(added.concepts, added.matches, strict=True)}
    (other,) = set(case.bundle.labels) - {case.explanation.label}
    for name in added.concepts:
        assert name not in case.had
        assert case.bundle.space.lexicon.concepts[indices[name]].role == other
        assert matches[indices[name]] == case.bundle.usage.matches[indices[name]]
    assert added.score == case.rescorer.with_concepts(matches)
    assert case.sign * added.score < -case.least
    matches.popitem()
    assert case.sign * case.rescorer.with_concepts(matches) >= -case.least


def check_absent(case):
    """Exactly the concepts of a role that most of its documents have and this one has not."""
    expected = {
        (concept.id, fractions[index])
        for label, fractions in zip(case.bundle.labels, case.bundle.usage.presence, strict=True)
        for index, concept in enumerate(case.bundle.space.lexicon.concepts)
        if concept.role == label and concept.id not in case.had and fractions[index] > COMMON
    }
    assert {(item.concept, item.presence) for item in case.found.absent} == expected
    presence = [item.presence for item in case.found.absent]
    assert presence == sorted(presence, reverse=True)


def check(case, classifier):
    if case.explanation.leaning is None or case.explanation.reason is not None:
        assert case.found == NOTHING
        return True
    check_absent(case)
    if case.found.added is not None:
        check_addition(case)
    return case.found.without is None or check_removal(case, classifier)


@given(TEXTS)
@settings(max_examples=150, deadline=None)
def test_counterfactuals_hold_what_they_say(classifier, text):
    check(Case(classifier, text), classifier)


@given(PLAIN_TEXTS)
@settings(max_examples=150, deadline=None)
def test_removal_flips_the_edited_text(classifier, text):
    assert check(Case(classifier, text), classifier)


def test_counterfactuals_of_documents(classifier, labeled):
    cases = [Case(classifier, text_of(document)) for document in documents(labeled)]
    assert all(check(case, classifier) for case in cases)
    for kind in ("without", "added", "absent"):
        assert sum(bool(getattr(case.found, kind)) for case in cases) > 10
    assert any(case.found.without is None and case.explanation.reason is None for case in cases)
    assert any(case.found.added is None and case.explanation.reason is None for case in cases)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Reason.EMPTY),
        ("?!", Reason.EMPTY),
        ("Deploy.", Reason.TOO_LITTLE_EVIDENCE),
        ("A nurse on a night ward who cares for patients, gives medicine and keeps records.", None),
    ],
)
def test_document_without_a_role_has_none(classifier, text, reason):
    answer = classifier.classify(text)
    assert answer.reason is not None
    assert reason in (None, answer.reason)
    assert classifier.counterfactuals(text) == NOTHING


def test_one_word_decides(classifier):
    found = classifier.counterfactuals("Write SQL and deploy with Docker.")
    assert [each.name for each in found.without.groups] == ["sql"]
    assert found.without.score == pytest.approx(
        classifier.explain("Write [ROLE] and deploy with Docker.").leaning.score
    )


def test_document_of_one_side_does_not_flip(classifier):
    text = "Deploy with Docker and Kubernetes; monitor latency."
    assert all(item.contribution >= 0 for item in classifier.explain(text).leaning.contributions)
    found = classifier.counterfactuals(text)
    assert found.without is None
    assert found.added is not None


class Table:
    """Scores of three groups' removals, written down."""

    def __init__(self, scores):
        self._scores = scores

    def overlapping(self, spans):
        return frozenset(start for start, _ in spans)

    def without(self, occurrences):
        return self._scores["".join(map(str, sorted(occurrences)))]

    def rescore(self, spans):
        return self.without(self.overlapping(spans))


GREEDY = {"": 1.0, "0": 0.1, "1": 0.5, "2": 0.6, "01": 0.05, "02": 0.08}


@pytest.mark.parametrize(
    ("scores", "needed"),
    [
        pytest.param({**GREEDY, "12": -0.1, "012": -0.5}, "12", id="the first taken is put back"),
        pytest.param({**GREEDY, "12": 0.1, "012": -0.5}, "012", id="all are needed"),
        pytest.param({**GREEDY, "12": -0.1, "012": 0.5}, None, id="none found greedily"),
        pytest.param({**GREEDY, "01": -0.2, "12": 0.1, "012": -0.5}, "01", id="two are enough"),
    ],
)
@pytest.mark.parametrize("sign", [1, -1])
def test_removal_is_searched_greedily_and_pruned(scores, needed, sign):
    rescorer = Table({gone: sign * score for gone, score in scores.items()})
    pieces = [Contribution(f"word {n}", "term", "one", 1.0, 1.0, 1.0, ((n, n + 1),)) for n in range(3)]
    groups = [Group(piece.feature, "term", "one", 1.0, (piece,)) for piece in pieces]
    found = find_removal(rescorer, groups, ROUNDING)
    assert found == tuple(groups[int(number)] for number in needed or ())
    assert find_removal(rescorer, groups, 1.0) == ()


def test_counterfactuals_are_told_as_json(classifier):
    found = classifier.counterfactuals("Write SQL. Deploy models with Docker and Kubernetes, monitor latency.")
    told = json.loads(json.dumps(found.to_dict(), allow_nan=False))
    assert list(told) == ["without", "added", "absent"]
    assert told["without"]["probability"] == sigmoid(found.without.score)
    assert [piece["name"] for piece in told["without"]["pieces"]] == [each.name for each in found.without.groups]
    assert told["added"]["probability"] == sigmoid(found.added.score)
    assert told["added"]["concepts"] == list(found.added.concepts)
    assert len(told["added"]["matches"]) == len(found.added.concepts)
    assert [item["concept"] for item in told["absent"]] == [item.concept for item in found.absent]
    assert NOTHING.to_dict() == {"without": None, "added": None, "absent": []}
