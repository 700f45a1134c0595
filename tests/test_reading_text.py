"""Plain text and Markdown: encodings, newlines, control characters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclassify.text.reading import read_bytes
from roleclassify.text.reading.charset import decode
from roleclassify.text.reading.cleaning import normalize, tidy

SENTENCE = "Zoë\u2019s naïve Bayes \u2013 30 € “café” models"
LONGER = "Data scientist, builds models.\nUses Python and SQL daily.\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"]
)
def test_unicode_encodings_are_read_without_a_warning(encoding):
    document = read_bytes((LONGER + SENTENCE).encode(encoding), "cv.txt")
    assert document.text == LONGER + SENTENCE
    assert document.warnings == ()


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (SENTENCE, "cp1252"),
        ("Größe und Übung", "cp1252"),
        ("Résumé", "cp1252"),
        ("Łódź: zażółć gęślą jaźń, inżynier uczenia maszynowego, średnie", "cp1250"),
        ("Инженер по машинному обучению, строит модели и конвейеры данных", "cp1251"),
        ("Инженер по машинному обучению, строит модели и конвейеры данных", "koi8_r"),
        ("機械学習エンジニアを募集しています。データ分析の経験がある方。", "cp932"),
    ],
)
def test_other_encodings_are_guessed_and_named(text, encoding):
    document = read_bytes(text.encode(encoding), "cv.txt")
    assert document.text == text
    assert document.warnings == (f"encoding guessed: {encoding}",)


def test_bytes_that_no_encoding_explains_still_give_text():
    # 0x81 is nothing in cp1252.
    document = read_bytes(b"caf\xe9 \x81 models", "cv.txt")
    assert document.text.startswith("caf") and document.text.endswith("models")
    assert document.warnings[0].startswith("encoding guessed: ")


@pytest.mark.parametrize("stray", [b"\x93quoted\x94", b"\xe2\x80"])
def test_mostly_utf8_is_utf8_with_a_warning(stray):
    document = read_bytes("Zoë, naïve, café: ".encode() + stray, "cv.txt")
    assert document.text.startswith("Zoë, naïve, café: ")
    assert document.warnings == ("damaged utf-8 text",)
    assert b"\x93" not in stray or document.text.endswith("“quoted”")


def test_half_a_unit_of_utf16_is_reported():
    document = read_bytes("Zoë builds models".encode("utf-16")[:-1], "cv.txt")
    assert document.text.startswith("Zoë builds model")
    assert document.warnings == ("damaged utf-16-le text",)


def test_declared_encoding_comes_after_utf8():
    assert decode("ж".encode("cp1251"), "cp1251").text == "ж"
    assert decode("ж".encode(), "cp1251").text == "ж"
    assert decode(b"\xe9", "no-such-encoding").text == "é"
    assert decode(b"\xe9", "zip").text == "é"


def test_newlines_and_control_characters():
    assert normalize("a\r\nb\rc\vd\fe\x85f\u2028g\u2029h") == "a\nb\nc\nd\ne\nf\ng\nh"
    assert normalize("a\x00b\x07c\x1b[0m\x7f\x9dd\te\ufeff") == "abc[0md\te"
    assert read_bytes(b"one stray \x00 in a line of text", "cv.txt").text == "one stray  in a line of text"


def test_surrogates_are_joined_or_dropped():
    assert normalize("\ud83d\ude00 \ud83d x \ude00") == "\U0001f600  x "


def test_text_and_markdown_are_kept_as_they_are():
    text = "  indented\n\n\n\nafter three empty lines  \n\ttab\xa0\xad\ufb01\n"
    assert read_bytes(text.encode(), "cv.txt").text == text
    assert read_bytes(text.encode(), "cv.md").text == text


def test_tidy_text_has_no_layout_left():
    assert tidy("o\ufb03ce soft\xadhyphen zero\u200bwidth") == ("office softhyphen zerowidth", ())
    assert tidy("\uf0b7 list") == ("• list", ())
    text, warnings = tidy("a\uf19db")
    assert text == "a b" and warnings == ("icon glyphs without a meaning were replaced by spaces",)


@given(st.text(st.characters(exclude_categories=())))
def test_normalized_text_is_clean_and_stays_so(text):
    once = normalize(text)
    once.encode("utf-8")
    assert not set(once) & {chr(code) for code in range(32)} - {"\n", "\t"}
    assert normalize(once) == once


@given(
    st.text(
        st.characters(
            codec="utf-8", exclude_categories=("Cc", "Cs", "Zl", "Zp"), exclude_characters="\ufeff\ufffe\uffff"
        )
    )
)
def test_utf8_text_survives(text):
    # A text that begins like a page or another format is read as one, hence the letter before it.
    assert read_bytes(("x " + text).encode(), "cv.txt").text == "x " + text
