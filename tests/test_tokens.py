from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from conftest import cases
from roleclassify.text.tokens import MASK, tokenize

# Text that is likelier than random text to hit the special alternatives.
PIECES = st.sampled_from(
    [
        "R",
        "C++",
        "C#",
        ".NET",
        "CI/CD",
        "A/B",
        "a@example.com",
        "https://x.org/y",
        "+44 7700 900123",
        "[ROLE]",
        "R&D",
        "node.js",
        "Ph.D.",
        "data-driven",
        "’s",
        "\n",
        " ",
        ".",
        "İ",
        "ß",
        "10,000",
        "Anna C. Berg",
        "(C)",
    ]
)
TEXTS = st.one_of(st.text(), st.lists(st.one_of(PIECES, st.text(max_size=4))).map("".join))


@pytest.mark.parametrize("case", cases("tokens"))
def test_tokens_are_what_a_person_expects(case):
    assert [token.word for token in tokenize(case["text"])] == case["words"]


@given(TEXTS)
def test_tokens_are_ordered_disjoint_and_inside_the_text(text):
    position = 0
    for token in tokenize(text):
        assert position <= token.start < token.end <= len(text)
        position = token.end


@given(TEXTS)
def test_tokens_lose_no_letter_and_no_digit(text):
    covered = {offset for token in tokenize(text) for offset in range(token.start, token.end)}
    assert all(offset in covered for offset, character in enumerate(text) if character.isalnum())


@given(TEXTS)
def test_words_are_the_characters_read(text):
    fold = str.maketrans({"\u2019": "'", "\u2010": "-", "\u2011": "-", "_": "-", " ": None})
    for token in tokenize(text):
        if token.kind in ("word", "number"):
            assert token.word == text[token.start : token.end].translate(fold)
        else:
            assert token.word == (MASK if token.kind == "mask" else f"<{token.kind}>")


@given(TEXTS, TEXTS)
def test_tokens_do_not_depend_on_what_stands_lines_away(before, after):
    alone = [token.word for token in tokenize(after)]
    behind = tokenize(f"{before}\n\n;\n{after}")
    assert [token.word for token in behind][-len(alone) :] == alone if alone else True
