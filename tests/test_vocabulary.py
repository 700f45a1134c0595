from __future__ import annotations

import pytest

from conftest import ROOT
from roleclassify.learning.preparation import PASSAGE_WORDS, passages, prepare
from roleclassify.learning.vocabulary import select_vocabulary

SOURCE = ROOT / "src" / "roleclassify" / "learning"


def vocabulary(lexicon, *texts, times=3):
    prepared = [prepare(text, lexicon) for text in texts * times]
    return select_vocabulary(prepared, range(len(prepared)), lexicon, min_documents=3, min_employers=3)


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ("", set(), {""}),
        ("we groom tidied topiary", {"groom", "tidied", "groom tidied", "tidied topiary"}, {"we", "we groom"}),
        ("we groomed Ingrid in Uppsala", {"groomed"}, {"ingrid", "uppsala", "groomed ingrid"}),
        ("salary of gardens", {"gardens"}, {"salary", "salary of gardens"}),
        ("the 2021 garden 7 gardens", {"garden", "gardens"}, {"2021", "2021 garden", "7 gardens"}),
        ("statistical analysis of gardens", {"gardens", "statistical analysis"}, {"of gardens"}),
        ("passionate about gardens in AutoCAD", {"gardens", "autocad"}, {"passionate", "passionate about gardens"}),
        ("Data Scientist in gardens", {"gardens"}, {"data scientist", "scientist", "data"}),
        ("works with data scientists in gardens", {"gardens"}, {"data scientists", "scientists"}),
    ],
)
def test_vocabulary_holds_words_of_the_work_and_no_names(text, kept, left_out, compiled_lexicon):
    found = set(vocabulary(compiled_lexicon, text))
    assert kept <= found
    assert not left_out & found


def test_vocabulary_leaves_out_rare_terms(compiled_lexicon):
    assert "gardens" not in vocabulary(compiled_lexicon, "tidy gardens", times=2)


def test_vocabulary_leaves_out_terms_of_one_employer(compiled_lexicon):
    prepared = [prepare("tidy gardens" if number < 4 else "tidy hedges", compiled_lexicon) for number in range(8)]
    found = select_vocabulary(prepared, [1, 1, 1, 1, 2, 3, 4, 5], compiled_lexicon, min_documents=3, min_employers=3)
    assert "hedges" in found
    assert "gardens" not in found


def test_verdicts_are_yes_or_no_and_unique():
    lines = (SOURCE / "verdicts.csv").read_text(encoding="utf-8").splitlines()
    features = [line.partition(",")[0] for line in lines[1:]]
    assert {line.partition(",")[2] for line in lines[1:]} == {"yes", "no"}
    assert len(features) == len(set(features)) > 7000


def test_passages_keep_all_words():
    text = "One two three.\n\n" + "- a bullet of six words here\n" * 7 + "End of it."
    pieces = passages(text)
    assert " ".join(pieces).split() == text.split()
    assert all(len(piece.split()) >= PASSAGE_WORDS for piece in pieces)
    assert passages("") == []
