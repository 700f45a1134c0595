from __future__ import annotations

import pytest

from roleclassify.learning.evaluation import Judged, judge, probabilities_by_source, summarize
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.rendering.figures import figures

LABELS = ("data-scientist", "ml-engineer")


def judged(label, outcome, score, *, domain=0.9, near_miss=False, group="g", reading=None, masked=None):
    document = LabeledDocument(
        "id", "text", label, group=group, kind="posting", near_miss=near_miss, reading=reading, year="2020"
    )
    probability = None if score is None else 0.5 + score / 10
    return Judged(document, outcome, score, probability, domain, 0.0 if score is None else -score, 0.0, masked)


ITEMS = [
    judged("data-scientist", "data-scientist", -2.0, reading=0.1),
    judged("data-scientist", "ml-engineer", 1.0, reading=0.9),
    judged("data-scientist", "near-tie", -0.1),
    judged("ml-engineer", "ml-engineer", 3.0, reading=0.7),
    judged("ml-engineer", "empty", None, domain=None),
    judged("mixed", "ml-engineer", 0.5),
    judged("other", "other-occupation", 1.0, domain=0.1),
    judged("other", "data-scientist", -1.0, domain=0.7),
    judged("other", "ml-engineer", 1.0, near_miss=True),
]


def test_summary_counts_by_hand():
    summary = summarize(ITEMS, LABELS)
    leaning = summary["by_title"]
    assert leaning["n"] == 5
    assert leaning["accuracy"] == pytest.approx(3 / 5)
    assert leaning["accuracy_of_given"] == pytest.approx(2 / 3)
    assert leaning["given_fraction"] == pytest.approx(3 / 5)
    assert leaning["auc"] == pytest.approx(5 / 6)
    assert leaning["lexicon_alone_auc"] == pytest.approx(1 / 6)
    assert summary["domain"]["n_other"] == 2
    assert summary["domain"]["other_undetermined_fraction"] == pytest.approx(1 / 2)
    assert summary["domain"]["roles_lost_fraction"] == 0
    assert summary["outcomes"]["mixed"] == {"ml-engineer": 1}
    assert summary["outcomes"]["near miss"] == {"ml-engineer": 1}


def test_readings_are_a_truth_of_their_own():
    summary = summarize(ITEMS, LABELS)
    assert summary["by_reading"]["n"] == 3
    assert summary["by_reading"]["accuracy"] == 1.0
    assert summary["by_reading"]["auc"] == 1.0
    calibration = summary["calibration"]
    assert calibration["against"] == "readings"
    assert calibration["brier"] == pytest.approx((0.2**2 + 0.3**2 + 0.1**2) / 3)
    assert calibration["expected_calibration_error"] == pytest.approx((0.2 + 0.3 + 0.1) / 3)
    assert calibration["mean_confidence"] == pytest.approx((0.7 + 0.6 + 0.8) / 3)


def many(group, *, masked_too=False):
    return [
        judged(label, label, sign * 2.0, group=group, masked=(sign if number % 2 else -sign) if masked_too else None)
        for label, sign in zip(LABELS, (-1, 1), strict=True)
        for number in range(50)
    ]


def test_summary_of_groups_needs_enough_of_both_labels():
    assert summarize(ITEMS, LABELS)["by_title"]["mean_auc_within_groups"] is None
    leaning = summarize([*many("a"), *many("b"), *ITEMS], LABELS)["by_title"]
    assert leaning["auc_within_groups"] == {"a": 1.0, "b": 1.0}
    assert leaning["mean_auc_within_groups"] == 1.0
    low, high = leaning["intervals"]["accuracy"]
    assert 0.9 < low <= leaning["accuracy"] <= high <= 1
    assert summarize(ITEMS, LABELS)["by_title"]["intervals"] == {}


def test_titles_that_leak_raise_the_alarm():
    assert summarize(many("a", masked_too=True), LABELS)["leakage"]["alarm"]
    assert not summarize(many("a"), LABELS)["leakage"]["alarm"]
    assert "ALARM" in figures({"model": "m 1", **summarize(many("a", masked_too=True), LABELS)})
    assert "ALARM: copies" in figures(
        {"model": "m 1", "copies_across_folds": 2, **summarize(many("a", masked_too=True), LABELS)}
    )


@pytest.mark.parametrize("items", [[], ITEMS[:1], ITEMS[6:]])
def test_summary_of_little_has_no_invented_figures(items):
    summary = summarize(items, LABELS)
    assert summary["by_title"]["auc"] is None
    assert "AUC: 0" not in figures({"model": "m 1", **summary})


def test_figures_name_every_number():
    text = figures({"model": "m 1", **summarize(ITEMS, LABELS)})
    for piece in (
        "m 1 on 9 documents",
        "as a reader judged the work, 3 documents",
        "AUC: 0.833",
        "accuracy where a role is given: 0.667",
        "other occupations left undetermined: 0.500",
        "mixed: ml-engineer 1",
    ):
        assert piece in text


def test_probabilities_are_listed_by_source_and_title():
    listed = probabilities_by_source(ITEMS, LABELS)
    assert {label: sorted(values) for label, values in listed["g"].items()} == {
        "data-scientist": pytest.approx([0.3, 0.49, 0.6]),
        "ml-engineer": pytest.approx([0.8]),
    }


def test_judging_does_not_depend_on_the_number_of_workers(classifier, labeled):
    done = []
    one = judge(classifier, labeled[:100], progress=done.append)
    assert one == judge(classifier, labeled[:100], n_jobs=2)
    assert sum(done) == 100
    assert max(item.residual for item in one) < 1e-9
