from __future__ import annotations

from dataclasses import replace

import pytest

from roleclassify.lexicon.compilation import compile_lexicon
from roleclassify.lexicon.lint import lint
from roleclassify.lexicon.source import Concept, load_lexicon


def findings(*concepts):
    lexicon = replace(load_lexicon(), concepts=concepts)
    return [str(finding) for finding in lint(lexicon, compile_lexicon(lexicon))]


def test_lint_finds_nothing_in_the_shipped_lexicon(compiled_lexicon):
    assert lint(load_lexicon(), compiled_lexicon) == []


@pytest.mark.parametrize(
    ("concepts", "problem"),
    [
        ([Concept("one", "shared", "", (), ("tool",))], "has no source"),
        ([Concept("one", "shared", "", ("A1",), ("tool", "Tool"))], "stands twice"),
        (
            [
                Concept("one", "data-scientist", "", ("A1",), ("tools",)),
                Concept("two", "ml-engineer", "", ("A1",), ("tool",)),
            ],
            "roles data-scientist, ml-engineer",
        ),
        ([Concept("one", "shared", "", ("A1",), ("this/that",))], "split otherwise"),
        ([Concept("one", "shared", "", ("A1",), ("senior data scientist",))], "is dead"),
    ],
)
def test_lint_names_the_phrase_and_the_problem(concepts, problem):
    assert any(problem in finding for finding in findings(*concepts))
