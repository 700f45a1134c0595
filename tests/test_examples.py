from __future__ import annotations

import pytest

import roleclassify
from conftest import ROOT

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


def test_examples_come_in_seven_formats():
    formats = {roleclassify.read(path).format for path in (ROOT / "examples").iterdir()}
    assert formats == {"pdf", "docx", "html", "markdown", "text", "odt", "rtf"}
