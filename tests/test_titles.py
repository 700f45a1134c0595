from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import cases
from roleclassify.text.titles import mask_titles
from roleclassify.text.tokens import MASK, tokenize

WORDS = st.sampled_from(
    [
        "data",
        "scientist",
        "scientists",
        "ML",
        "engineer",
        "with",
        "our",
        "senior",
        "hiring",
        "machine",
        "learning",
        ".",
        "\n",
        "the",
        "model",
        "of",
        "head",
        "science",
        "[ROLE]",
    ]
)


@pytest.mark.parametrize("case", cases("titles"))
def test_titles_are_found_and_told_apart(case, compiled_lexicon):
    text = case["text"]
    tokens = tokenize(text)
    found = [
        [text[tokens[title.first].start : tokens[title.last - 1].end], title.label, "own" if title.own else "other"]
        for title in compiled_lexicon.titles.find(text, tokens)
    ]
    assert found == case["titles"]


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_masking_keeps_every_other_token(compiled_lexicon, text):
    tokens = tokenize(text)
    titles = compiled_lexicon.titles.find(text, tokens)
    own = {position for title in titles if title.own for position in range(title.first, title.last)}
    masked = mask_titles(tokens, titles)
    kept = [token for position, token in enumerate(tokens) if position not in own]
    written = sum(token.kind == "mask" for token in kept)
    assert [token._replace(kind="") for token in masked if token.kind != "mask"] == [
        token._replace(kind="") for token in kept if token.kind != "mask"
    ]
    assert sum(token.word == MASK for token in masked) == written + sum(title.own for title in titles)


@given(st.lists(WORDS, max_size=30).map(" ".join))
def test_titles_are_ordered_and_disjoint(compiled_lexicon, text):
    position = 0
    for title in compiled_lexicon.titles.find(text, tokenize(text)):
        assert position <= title.first < title.last
        position = title.last


def test_patterns_repeat_a_bounded_number_of_times(compiled_lexicon):
    """An unbounded repetition takes quadratic time on a text that is one word over and over."""
    for _, pattern in compiled_lexicon.titles.patterns:
        assert not re.search(r"(?<!\\)[*+]|\{\d+,\}", pattern)
        assert "{0,4}" in pattern
