from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclassify.lexicon.source import Concept, Inflection, Lexicon, TitleSource, load_lexicon, parse_lexicon
from roleclassify.lexicon.writing import WIDTH, write_lexicon

NO_TITLES = TitleSource({}, (), (), (), ())

# All that UTF-8 can hold: quotes, backslashes, control characters, line ends.
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
TEXTS = st.lists(TEXT, max_size=4).map(tuple)
VERBS = st.frozensets(st.text(st.characters(exclude_categories=["Cs"]), min_size=2, max_size=8), max_size=4)
# What a name, and a title pattern, may be made of.
NAME = st.from_regex(r"\w[\w.-]{0,8}", fullmatch=True)
PATTERN = st.from_regex(r"\w[^\s<>?*+]{0,8}( \w{1,5})?", fullmatch=True)


@st.composite
def lexicons(draw):
    labels = ("one", "two")
    concepts = tuple(
        Concept(
            f"{number}{draw(TEXT)}",
            draw(st.sampled_from([*labels, "shared"])),
            draw(TEXT),
            draw(TEXTS),
            (draw(TEXT), *draw(TEXTS)),
            draw(TEXTS),
        )
        for number in range(draw(st.integers(0, 3)))
    )
    words = draw(st.dictionaries(TEXT, TEXTS, max_size=3))
    patterns = draw(st.lists(st.tuples(st.sampled_from(labels), PATTERN), max_size=4).map(tuple))
    return Lexicon(
        name=draw(NAME),
        labels=labels,
        concepts=concepts,
        inflection=Inflection(draw(VERBS), frozenset(draw(TEXTS)), draw(st.dictionaries(TEXT, TEXTS))),
        titles=TitleSource(words, patterns, draw(TEXTS), draw(TEXTS), draw(TEXTS)),
        contrasts=draw(TEXTS),
        near_misses=draw(TEXTS),
    )


@given(lexicon=lexicons(), comment=TEXT)
def test_writing_gives_what_reading_gives_back(lexicon, comment):
    assert parse_lexicon(tomllib.loads(write_lexicon(lexicon, comment)), "test") == lexicon


def test_writing_the_shipped_lexicon_gives_it_back(tmp_path):
    shipped = load_lexicon()
    text = write_lexicon(shipped, "first line\nsecond line")
    assert text.startswith('# first line\n# second line\n\nname = "')
    assert max(len(line) for line in text.splitlines()) <= WIDTH
    path = tmp_path / "lexicon.toml"
    path.write_text(text, encoding="utf-8", newline="")
    assert load_lexicon(path) == shipped


@pytest.mark.parametrize("comment", ["a\r\nb", "a\x0bb", "a\x00b", "\x85 name = 1", "tab\tand\x1b[31m"])
def test_writing_keeps_a_comment_a_comment(comment):
    empty = Lexicon("n", ("one", "two"), (), Inflection(frozenset(), frozenset(), {}), NO_TITLES, ())
    assert parse_lexicon(tomllib.loads(write_lexicon(empty, comment)), "test") == empty
