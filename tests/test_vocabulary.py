from __future__ import annotations

import pytest

from roleclassify.learning.preparation import PASSAGE_WORDS, passages, prepare
from roleclassify.learning.vocabulary import select_vocabulary


def vocabulary(lexicon, *texts, times=3):
    return select_vocabulary([prepare(text, lexicon) for text in texts * times], lexicon, min_documents=3)


@pytest.mark.parametrize(
    ("text", "kept", "left_out"),
    [
        ("", set(), {""}),
        ("we groom tidy logs", {"groom", "tidy", "groom tidy", "tidy logs"}, {"we", "we groom"}),
        ("we met Ingrid in Uppsala", {"met"}, {"ingrid", "uppsala", "met ingrid"}),
        ("salary of gardens", {"gardens"}, {"salary", "salary of gardens"}),
        ("the 2021 garden 7 gardens", {"garden", "gardens"}, {"2021", "2021 garden", "7 gardens"}),
        ("statistical analysis of gardens", {"gardens"}, {"statistical analysis"}),
        ("machine learning for gardens", {"gardens"}, {"machine", "learning", "machine learning"}),
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


def test_passages_keep_all_words():
    text = "One two three.\n\n" + "- a bullet of six words here\n" * 7 + "End of it."
    pieces = passages(text)
    assert " ".join(pieces).split() == text.split()
    assert all(len(piece.split()) >= PASSAGE_WORDS for piece in pieces)
    assert passages("") == []
