from __future__ import annotations

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_texts import EXAMPLES, TEXTS
from roleclassify.evidence.comparison import Comparison, ConceptEmphasis
from roleclassify.model.decision import Reason
from roleclassify.rendering.comparison import comparison
from roleclassify.rendering.terminal import columns
from roleclassify.rendering.words import REASONS
from roleclassify.result import Answer, Explanation
from roleclassify.text.document import Document

LABELS = ("one", "two")
TEXT = "Some text here, and more"
STYLES = re.compile("\x1b\\[[0-9;]*m")
AMOUNT = r"([+-]\d+\.\d\d)"


def explanation(score, *, source="a.txt", reason=None, warnings=(), model="m 1", text=TEXT):
    leaning = None if score is None else Answer(LABELS, 0.9, score, 0.5, ())
    domain = None if score is None else Answer(("other", "domain"), 0.97, 3.0, 3.0, ())
    label = "undetermined" if reason else LABELS[(score or 0) > 0]
    return Explanation(Document(text, source, warnings=warnings), label, reason, leaning, domain, None, LABELS, model)


def emphasis(concept, first, second, role=None, origin="learned"):
    spans = tuple(((0, 4),) if amount is not None else () for amount in (first, second))
    amounts = (first or 0.0, second or 0.0)
    return ConceptEmphasis(concept, role or LABELS[sum(amounts) > 0], "", spans, amounts, origin)


def compared(concepts, words=(0.0, 0.0), **options):
    """A comparison whose parts make its distance."""
    scores = [math.fsum([words[side], *(item.contributions[side] for item in concepts)]) for side in (0, 1)]
    ordered = tuple(sorted(concepts, key=lambda item: -abs(item.difference)))
    return Comparison(explanation(scores[0], **options), explanation(scores[1], **options), ordered, words)


AMOUNTS = st.none() | st.floats(-9, 9)
SOME_CONCEPTS = st.lists(
    st.builds(
        emphasis,
        st.text(st.sampled_from("ab-9 \x1b\n模é\u202e"), min_size=1, max_size=40),
        AMOUNTS,
        AMOUNTS,
        st.sampled_from([*LABELS, "shared"]),
        st.sampled_from(["learned", "given", "median"]),
    )
    .filter(lambda item: any(item.spans))
    # A shared concept has no weight.
    .map(
        lambda item: (
            item
            if item.role != "shared"
            else emphasis(item.concept, *(0.0 if s else None for s in item.spans), "shared")
        )
    ),
    max_size=25,
    unique_by=lambda item: item.concept,
)
SOME_WORDS = st.tuples(st.floats(-9, 9), st.floats(-9, 9))


def shown(found, *, top=10, width=80, color=False):
    return comparison(found, top=top, width=width, color=color)


def hundredths(number):
    return round(100 * float(number))


def check_figures(found, top):
    """The distance is the parts, and a part is its concepts and what is left out of them."""
    text = shown(found, top=top, width=100)
    scores = [hundredths(score) for score in re.search(rf"^score +{AMOUNT} +{AMOUNT}$", text, re.MULTILINE).groups()]
    distance = hundredths(re.search(rf"^Distance {AMOUNT}", text, re.MULTILINE)[1])
    assert distance == scores[1] - scores[0]
    of_parts = re.findall(rf"^ +{AMOUNT} (concepts|words)", text, re.MULTILINE)
    assert [name for _, name in of_parts] == ["concepts"] * 3 + ["words"]
    assert sum(hundredths(amount) for amount, _ in of_parts) == distance
    sections = re.split(rf"^(?:Only in|In both).*: {AMOUNT}$", text, flags=re.MULTILINE)[1:]
    for total, body in zip(sections[::2], sections[1::2], strict=True):
        rows = re.findall(rf"^ +{AMOUNT}", body, re.MULTILINE)
        assert sum(map(hundredths, rows)) == hundredths(total)


def check_printed(text, width):
    plain = STYLES.sub("", text)
    assert all(line.isprintable() for line in plain.split("\n"))
    assert max(map(columns, plain.split("\n"))) <= max(40, min(width, 100))


@given(SOME_CONCEPTS, SOME_WORDS, st.integers(0, 12))
@settings(max_examples=100, deadline=None)
def test_figures_of_a_comparison_add_up(concepts, words, top):
    check_figures(compared(concepts, words), top)


@given(TEXTS, TEXTS, st.integers(0, 12), st.sampled_from([40, 80, 100]))
@settings(max_examples=40, deadline=None)
def test_comparison_of_any_texts_fits_and_adds_up(classifier, first, second, top, width):
    found = classifier.compare(first, second)
    check_printed(shown(found, top=top, width=width, color=True), width)
    if found.distance is not None:
        check_figures(found, top)


@given(
    SOME_CONCEPTS,
    SOME_WORDS,
    st.text(st.sampled_from("a \n\x1b\u202e模"), max_size=60),
    st.integers(20, 130),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_comparison_fits_and_prints_no_control_character(concepts, words, awkward, width, color):
    found = compared(concepts, words, source=awkward, warnings=(awkward,), model=awkward, text=awkward)
    check_printed(shown(found, width=width, color=color), width)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_comparison_of_examples_fits(path, classifier):
    found = classifier.compare(path, EXAMPLES[-1])
    check_figures(found, 10)
    text = shown(found, color=True)
    check_printed(text, 80)
    assert len(text.splitlines()) < 100


def test_concepts_stand_where_they_are_with_their_phrases():
    concepts = [
        emphasis("asked", None, 1.0),
        emphasis("offered", -0.5, None),
        emphasis("common", 0.2, 0.6),
        emphasis("weaker", None, -0.1),
        emphasis("neutral", 0.0, 0.0, "shared"),
    ]
    text = shown(compared(concepts), top=1)
    sections = re.split(r"\n\n(?=Only|In both|This)", text)
    assert "Distance +1.80 log-odds: the second leans more towards two" in sections[0]
    assert re.search(r"\n +\+1\.00 █+ asked +“Some”\n +-0\.10 ▒ weaker$", sections[1])
    assert re.search(r"\n +\+0\.50 ▒+ +offered +“Some”$", sections[2])
    assert re.search(r"\n +\+0\.40 █+ +common +first +“Some”\n +second +“Some”\n +of both roles.*neutral$", sections[3])
    assert "It is no score of how well one fits the other" in sections[4].replace("\n", " ")


def test_roles_are_told_apart_by_bars():
    text = shown(compared([emphasis("asked", None, 1.0), emphasis("offered", -0.5, None)]))
    assert "▒ one, █ two" in text
    assert "\x1b" not in text
    assert "\x1b" in shown(compared([emphasis("asked", None, 1.0)]), color=True)


@pytest.mark.parametrize("reason", [reason for reason in Reason if reason != Reason.EMPTY])
def test_undetermined_document_is_compared_and_said_to_be_so(reason):
    text = shown(compared([emphasis("asked", None, 1.0)], reason=reason))
    assert "reads as     undetermined " in text
    assert f"The first is undetermined ({reason.value}: {REASONS[reason]})." in text.replace("\n", " ")
    assert "Distance +1.00" in text


def test_empty_document_has_no_distance_but_the_other_its_concepts():
    empty = explanation(None, reason=Reason.EMPTY, text="")
    text = shown(Comparison(empty, explanation(1.0), (emphasis("asked", None, 1.0),), (0.0, 0.0)))
    assert "The first has no words, so there is no distance." in text
    assert "Distance" not in text
    assert "asked" in text
    nothing = shown(Comparison(empty, empty, (), (0.0, 0.0)))
    assert "The second has no words" in nothing
    assert "Only in" not in nothing


def test_equal_documents_lean_alike(classifier):
    text = shown(classifier.compare(EXAMPLES[0], EXAMPLES[0]))
    assert "Distance +0.00 log-odds: both lean alike." in text
    assert "Only in" not in text


@pytest.mark.parametrize(("origin", "says"), [("given", "weight given, not"), ("median", "median weight")])
def test_weights_that_were_not_learned_are_marked(origin, says):
    assert says in shown(compared([emphasis("asked", None, 1.0, origin=origin)]))


def test_warnings_of_the_reading_are_told():
    assert "The first: no text layer" in shown(compared([], warnings=("no text layer",)))
