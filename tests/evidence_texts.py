"""What the tests of evidence share: texts full of evidence, and words of a text masked by hand."""

from __future__ import annotations

from hypothesis import strategies as st

import roleclassify
from conftest import ROOT
from roleclassify.text.tokens import MASK, tokenize

EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix != ".csv")
_LEXICON = roleclassify.load().bundle.space.lexicon
_PHRASES = [phrase for concept in _LEXICON.concepts for phrase in (*concept.forms, *concept.exact)]
_WORDS = """
    the a our and with of in to for we you will team work data model models build deploy design analysis insight
    engineering pipelines production statistics research python software cloud latency report dashboards business
    nurse garden hiring 2019 C++ R a@example.com [ROLE] der
""".split()
_TITLES = ["Data Scientist", "ML engineers", "Senior Machine Learning Engineer", "rather than", "partner with"]
_MARKS = [". ", ", ", "; ", "\n", "\n\n- ", " (", ") ", " "]

PHRASES = st.sampled_from(_PHRASES)
CONCEPTS = st.integers(0, len(_LEXICON.concepts) - 1)
PLAIN_TEXTS = st.lists(st.tuples(PHRASES | st.sampled_from(_WORDS), st.sampled_from(_MARKS)), max_size=25).map(
    lambda pairs: "".join(word + mark for word, mark in pairs)
)
"""Phrases of the lexicon and ordinary words, without titles."""

TEXTS = st.one_of(
    PLAIN_TEXTS,
    st.lists(PHRASES | st.sampled_from(_WORDS + _TITLES), max_size=40).map(" ".join),
    st.text(max_size=80),
)


def documents(labeled):
    """Every example, and one in twenty of the labelled documents."""
    return [*map(roleclassify.read, EXAMPLES), *(item.text for item in labeled[::20])]


def text_of(document):
    return document if isinstance(document, str) else document.text


def mask(text, spans):
    """Write the mask in the place of every token that begins in one of the spans."""
    pieces, position = [], 0
    for token in tokenize(text):
        if any(start <= token.start < end for start, end in spans):
            pieces += [text[position : token.start], MASK]
            position = token.end
    return "".join(pieces) + text[position:]
