"""The table of source statements: complete, and each statement on its side."""

from __future__ import annotations

import re

import pytest

from conftest import ROOT
from roleclassify.lexicon.source import load_lexicon

ROW = re.compile(r"^\| ([AB]\d+) \| (\S+) \| (.+?) \| (.+?) \|$", re.MULTILINE)
STATEMENTS = ROW.findall((ROOT / "docs" / "lexicon-sources.md").read_text(encoding="utf-8"))


def test_statements_and_concepts_name_each_other():
    listed = {(statement, concept) for statement, _, _, concepts in STATEMENTS for concept in concepts.split(", ")}
    sourced = {(statement, concept.id) for concept in load_lexicon().concepts for statement in concept.source}
    assert listed == sourced


def test_statements_are_numbered_without_a_gap():
    for letter in "AB":
        numbers = [int(statement[1:]) for statement, *_ in STATEMENTS if statement[0] == letter]
        assert numbers == list(range(1, len(numbers) + 1))


def test_statements_of_one_role_fall_on_its_side(classifier):
    of_one_role = [(text, role) for _, role, text, _ in STATEMENTS if role in classifier.labels]
    right = [
        (classifier.explain(text).leaning.score > 0) == (role == classifier.labels[1]) for text, role in of_one_role
    ]
    assert len(of_one_role) >= 55
    assert sum(right) / len(right) >= 0.95


@pytest.mark.parametrize("role", ["data-scientist", "ml-engineer"])
def test_statements_of_each_role_are_many(role):
    assert sum(stated == role for _, stated, *_ in STATEMENTS) >= 20
