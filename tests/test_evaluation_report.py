from __future__ import annotations

import re
import sys

import pytest

from roleclassify.errors import MissingExtraError
from roleclassify.learning.evaluation import Judged, probabilities_by_source, summarize
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.rendering.evaluation_report import write_report
from roleclassify.rendering.figures import number
from roleclassify.rendering.plots import MOST_SOURCES

LABELS = ("one", "two")
PLOTS = {"reliability.png", "risk-coverage.png", "scores.png", "outcomes.png"}


def judged(label, outcome, probability, *, reading=None, group="site|$a_{$", near_miss=False):
    document = LabeledDocument("id", "text", label, group=group, near_miss=near_miss, reading=reading)
    score = None if probability is None else probability - 0.5
    return Judged(document, outcome, score, probability, 0.9, 0.0, 0.0)


ITEMS = [
    *(judged("one", "one", 0.02 * n, reading=0.01 * n) for n in range(1, 13)),
    *(judged("two", "two", 1 - 0.03 * n, reading=0.9, group="データ") for n in range(1, 6)),
    judged("one", "two", 0.8, reading=0.7),
    judged("two", "near-tie", 0.52, reading=0.5),
    judged("two", "empty", None),
    judged("other", "other-occupation", 0.9),
    judged("other", "one", 0.1, near_miss=True),
]


def reported(folder, items, **more):
    summary = {"model": "m <1>", **summarize(items, LABELS), **more}
    write_report(folder, summary, probabilities_by_source(items, LABELS))
    return summary, (folder / "report.md").read_text(encoding="utf-8")


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_every_plot_is_a_png_that_the_report_shows(tmp_path):
    _, text = reported(tmp_path / "new" / "report", ITEMS)
    files = written(tmp_path / "new" / "report")
    assert files.keys() == {*PLOTS, "report.md"}
    assert all(files[name].startswith(b"\x89PNG\r\n") for name in PLOTS)
    assert set(re.findall(r"!\[[^\]]+\]\(([^)]+)\)", text)) == PLOTS


def test_the_figures_stand_in_the_report(tmp_path):
    summary, text = reported(tmp_path, ITEMS, copies_across_folds=3)
    assert text.startswith("# Evaluation of m \\<1>\n")
    assert "copies leak" in text
    reading, title, calibration = summary["by_reading"], summary["by_title"], summary["calibration"]
    strict = calibration["risk_coverage"][8]
    for row in (
        ["documents", str(reading["n"]), str(title["n"])],
        ["AUC", number(reading["auc"]), number(title["auc"])],
        ["Brier score", number(calibration["brier"])],
        ["ECE if perfect", number(calibration["if_perfect"])],
        ["0.90", number(strict["coverage"]), number(strict["accuracy"])],
        ["roles lost as other occupation or too little evidence", "0.000"],
        ["label", "one", "two", "empty", "other-occupation", "near-tie"],
        ["two", "0", "5", "1", "0", "1"],
    ):
        assert f"\n| {' | '.join(row)} |" in text
    for row in calibration["reliability"]:
        assert f" | {number(row['mean_probability'])} | {number(row['mean_outcome'])} | " in text


def test_tables_are_even_whatever_a_source_is_called(tmp_path):
    _, text = reported(tmp_path, ITEMS)
    assert "site\\|$a_{$" in text
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1


def test_intervals_groups_and_a_leak_are_shown(tmp_path):
    summary, _ = reported(tmp_path, ITEMS)
    summary["by_title"] |= {"intervals": {"accuracy": (0.25, 0.75)}, "auc_within_groups": {"g": 0.875}}
    summary["leakage"] = {"n": 9, "mean_auc_titles_visible": 0.9, "mean_auc_titles_masked": 0.8, "alarm": True}
    write_report(tmp_path, summary, {})
    text = (tmp_path / "report.md").read_text(encoding="utf-8")
    for expected in ("(0.250 to 0.750)", "| g | - | 0.875 |", "titles leak", "| 0.900 | 0.800 |"):
        assert expected in text


def test_written_twice_it_is_the_same(tmp_path):
    for folder in (tmp_path / "a", tmp_path / "b"):
        reported(folder, ITEMS)
    assert written(tmp_path / "a") == written(tmp_path / "b")


def test_nothing_to_draw_gives_no_plot_and_removes_those_of_before(tmp_path):
    reported(tmp_path, ITEMS)
    _, text = reported(tmp_path, [])
    assert written(tmp_path).keys() == {"report.md"}
    assert "![" not in text
    assert "##" not in text


def test_labels_without_readings_are_enough(tmp_path):
    _, text = reported(tmp_path, [judged("one", "one", 0.1, group=""), judged("two", "two", 0.7, group="")])
    assert written(tmp_path).keys() == {*PLOTS, "report.md"} - {"scores.png"}
    assert "Against the labels" in text
    assert "as a reader judged" not in text


def test_of_many_sources_the_largest_are_drawn(tmp_path):
    summary, _ = reported(tmp_path / "all", ITEMS)
    many = {f"s{n}": {"one": [0.1, 0.2], "two": [0.9]} for n in range(MOST_SOURCES)}
    for folder, more in (
        ("some", {"small": {"one": [0.1], "two": []}}),
        ("other", {"tiny": {"one": [], "two": [0.3]}}),
    ):
        write_report(tmp_path / folder, summary, {**more, **many})
    assert written(tmp_path / "some") == written(tmp_path / "other")
    assert written(tmp_path / "some") != written(tmp_path / "all")


def test_without_matplotlib_it_names_the_extra_and_writes_nothing(tmp_path, monkeypatch):
    for name in ("matplotlib", "matplotlib.figure"):
        monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(MissingExtraError, match=r"^drawing plots needs .*matplotlib.*'roleclassify\[report\]'$"):
        reported(tmp_path / "report", ITEMS)
    assert not (tmp_path / "report").exists()
