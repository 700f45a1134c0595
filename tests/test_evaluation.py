from __future__ import annotations

import pytest

from roleclassify.learning.evaluation import Judged, judge, summarize
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.rendering.figures import figures

LABELS = ("data-scientist", "ml-engineer")


def judged(label, outcome, score, *, domain=0.9, near_miss=False, kind="posting", group="g"):
    document = LabeledDocument("id", "text", label, group=group, kind=kind, near_miss=near_miss)
    probability = None if score is None else 0.5 + score / 10
    return Judged(document, outcome, score, probability, domain, 0.0 if score is None else -score, 0.0)


ITEMS = [
    judged("data-scientist", "data-scientist", -2.0),
    judged("data-scientist", "ml-engineer", 1.0),
    judged("data-scientist", "near-tie", -0.1),
    judged("ml-engineer", "ml-engineer", 3.0),
    judged("ml-engineer", "empty", None, domain=None),
    judged("mixed", "ml-engineer", 0.5),
    judged("other", "other-occupation", 1.0, domain=0.1),
    judged("other", "data-scientist", -1.0, domain=0.7),
    judged("other", "ml-engineer", 1.0, near_miss=True),
]


def test_summary_counts_by_hand():
    summary = summarize(ITEMS, LABELS)
    leaning = summary["leaning"]
    assert leaning["n"] == 5
    assert leaning["accuracy"] == pytest.approx(2 / 5)
    assert leaning["accuracy_of_given"] == pytest.approx(2 / 3)
    assert leaning["given_fraction"] == pytest.approx(3 / 5)
    assert leaning["right_side_of_half"] == pytest.approx(3 / 5)
    assert leaning["mean_confidence"] == pytest.approx((0.7 + 0.6 + 0.51 + 0.8 + 0.5) / 5)
    assert leaning["auc"] == pytest.approx(5 / 6)
    assert leaning["lexicon_alone_auc"] == pytest.approx(1 / 6)
    assert summary["domain"]["n_other"] == 2
    assert summary["domain"]["other_undetermined_fraction"] == pytest.approx(1 / 2)
    assert summary["domain"]["roles_lost_fraction"] == 0
    assert summary["outcomes"]["mixed"] == {"ml-engineer": 1}
    assert summary["outcomes"]["near_miss"] == {"ml-engineer": 1}


def test_summary_of_groups_needs_enough_of_both_labels():
    assert summarize(ITEMS, LABELS)["within_groups"]["mean_auc"] is None
    many = [
        judged(label, label, sign * 2.0, group=group)
        for group in "ab"
        for label, sign in zip(LABELS, (-1, 1), strict=True)
        for _ in range(50)
    ]
    groups = summarize([*many, *ITEMS], LABELS)["within_groups"]
    assert groups["groups"].keys() == {"a", "b"}
    assert groups["mean_auc"] == 1.0


@pytest.mark.parametrize("items", [[], ITEMS[:1], ITEMS[6:]])
def test_summary_of_little_has_no_invented_figures(items):
    summary = summarize(items, LABELS)
    assert summary["leaning"]["auc"] is None
    assert "AUC: 0" not in figures({"model": "m 1", **summary})


def test_figures_name_every_number():
    text = figures({"model": "m 1", **summarize(ITEMS, LABELS)})
    for piece in (
        "m 1 on 9 documents",
        "AUC: 0.833",
        "accuracy where a role is given: 0.667",
        "other occupations left undetermined: 0.500",
        "mixed: ml-engineer 1",
    ):
        assert piece in text


def test_judging_does_not_depend_on_the_number_of_workers(classifier, labeled):
    done = []
    one = judge(classifier, labeled[:100], progress=done.append)
    assert one == judge(classifier, labeled[:100], n_jobs=2)
    assert sum(done) == 100
    assert max(item.residual for item in one) < 1e-9
