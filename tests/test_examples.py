from __future__ import annotations

import csv

import pytest

import roleclassify
from conftest import ROOT
from roleclassify.batch.run import ScoreOptions, score_table

EXPECTED = {
    "posting-experimentation.html": "data-scientist",
    "posting-forecasting.txt": "data-scientist",
    "posting-inference.md": "ml-engineer",
    "posting-platform.odt": "ml-engineer",
    "posting-titled-data-scientist.txt": "ml-engineer",
    "resume-chef.docx": "undetermined",
    "resume-growth-analyst.pdf": "data-scientist",
    "resume-ml-platform.docx": "ml-engineer",
    "resume-mlops.rtf": "ml-engineer",
}


@pytest.mark.parametrize(("name", "label"), EXPECTED.items())
def test_example_is_answered_as_its_reader_expects(name, label, classifier):
    result = classifier.classify(ROOT / "examples" / name)
    assert result.label == label
    assert result.warnings == ()


def test_examples_are_small_and_listed():
    readme = (ROOT / "docs" / "examples.md").read_text(encoding="utf-8")
    for path in (ROOT / "examples").iterdir():
        assert f"`{path.name}`" in readme
        assert path.stat().st_size < 60_000


def test_example_table_is_answered_as_its_reader_expects(tmp_path, classifier):
    score_table(str(ROOT / "examples" / "export.csv"), tmp_path / "scored.csv", classifier, ScoreOptions())
    with (tmp_path / "scored.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    labels = {row["reference"]: row["role_label"] for row in rows}
    assert [labels[f"A-10{number}"] for number in range(1, 7)] == [
        *("data-scientist", "ml-engineer", "ml-engineer", "data-scientist", "undetermined", "undetermined"),
    ]


def test_examples_come_in_seven_formats():
    formats = {roleclassify.read(ROOT / "examples" / name).format for name in (*EXPECTED, "resume-hybrid.pdf")}
    assert formats == {"pdf", "docx", "html", "markdown", "text", "odt", "rtf"}
