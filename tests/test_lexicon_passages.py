"""Where role-describing documents name the roles, and which role each of their sentences speaks of."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleclassify.lexicon.derive.blocks import blocks_of
from roleclassify.lexicon.derive.names import RoleNames
from roleclassify.lexicon.derive.passages import passages_of
from roleclassify.text.document import Document
from roleclassify.text.tokens import tokenize

NAMES = RoleNames.parse("data-analyst,data-engineer=etl-developer")
ANALYST, ENGINEER, BOTH, NEITHER = "data-analyst", "data-engineer", "shared", ""


@pytest.mark.parametrize(
    ("written", "text", "named"),
    [
        ("data-analyst,data-engineer", "", []),
        ("data-analyst,data-engineer", "A Data Analyst or data engineers", ["Data Analyst", "data engineers"]),
        ("data-analyst,data-engineer", "data-engineer's desk", ["data-engineer's"]),
        ("data-analyst,data-engineer", "Data Platform Engineer", ["Data Platform Engineer"]),
        ("data-analyst,data-engineer", "data for the engineer", ["engineer"]),
        ("data-analyst,data-engineer", "big data and security engineers", []),
        ("data-analyst,data-engineer", "the analyst, whereas engineers", ["analyst", "engineers"]),
        ("data-analyst,data-engineer", "security analysts and sales engineers", []),
        ("bi-analyst,qa-engineer", "business intelligence analysts", ["business intelligence analysts"]),
        ("bi-analyst,qa-engineer", "Quality Assurance Test Engineer", ["Quality Assurance Test Engineer"]),
        ("bi-analyst,qa-engineer", "big ideas analyst, quick engineer", ["big ideas analyst"]),
        ("nurse,cook=kitchen-hand", "Nurses and kitchen hands", ["Nurses", "kitchen hands"]),
        # The last word is the same in both names, so alone it is neither's.
        ("data-engineer,test-engineer", "the engineer", []),
    ],
)
def test_names_are_found_as_texts_write_them(written, text, named):
    tokens = tokenize(text)
    found = [text[tokens[one.first].start : tokens[one.last - 1].end] for one in RoleNames.parse(written).find(tokens)]
    assert found == named


def test_names_that_a_text_introduces_are_learnt():
    learnt = NAMES.learn("A Data Platform Engineer (DPE), a data analyst (remote) and an ETL developer (SQL).")
    assert learnt.roles[0].names == ("data analyst",)
    assert learnt.roles[1].names == ("data engineer", "etl developer", "data platform engineer", "dpe")


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("", "two roles"),
        ("a", "two roles"),
        ("a,b,c", "two roles"),
        ("a,", "no name"),
        ("a,b=", "no name"),
        ("a,b_c", "no name"),
        ("a,other", "no roles"),
        ("shared,b", "no roles"),
        ("a,a", "in common"),
        ("a=x-y,b=X y", "in common"),
    ],
)
def test_roles_that_cannot_be_told_apart_are_refused(written, problem):
    with pytest.raises(ValueError, match=problem):
        RoleNames.parse(written)


@pytest.mark.parametrize(
    ("text", "blocks"),
    [
        ("", []),
        ("# Duties\n\n* **builds** reports\n* counts\n", ["Duties", "builds reports", "counts"]),
        ("A line that is long enough to go on in the next line of text\nEnglish goes on.", 1),
        ("Short Heading\nEnglish begins.", 2),
        ("Duties:\nbuilds reports", ["Duties:", "builds reports"]),
        ("**Duties:**\n1. builds\n2) counts", ["Duties:", "builds", "counts"]),
        ("one line that goes\non in the next", ["one line that goes on in the next"]),
    ],
)
def test_blocks_are_paragraphs_items_and_headings(text, blocks):
    found = [block.text for block in blocks_of(text)]
    assert len(found) == blocks if isinstance(blocks, int) else found == blocks


@pytest.mark.parametrize(
    ("text", "passages"),
    [
        ("", []),
        ("Counting is fun.", [(NEITHER, "Counting is fun")]),
        ("A data analyst builds reports.", [(ANALYST, "A [ROLE] builds reports")]),
        # A document that names one role only speaks of it throughout.
        (
            "Counting is fun.\n\nWanted: a data analyst.",
            [(ANALYST, "Counting is fun"), (ANALYST, "Wanted"), (ANALYST, "a [ROLE]")],
        ),
        # Headings, a question among them, speak for what follows; so does a line before a list.
        (
            "Data analysts\nThey count.\n\nData engineers\n- Build pipes.\n\nSkills\n- Python",
            [(ANALYST, "They count"), (ENGINEER, "Build pipes"), (ENGINEER, "Python")],
        ),
        ("What does a data analyst do?\nCount. Data engineers wait.", [(ANALYST, "Count"), (ENGINEER, "[ROLE] wait")]),
        (
            "A data analyst is\n- counting\nThe engineer builds:\n- pipes",
            [(ANALYST, "counting"), (ENGINEER, "pipes")],
        ),
        (
            "Data analyst\n- counts\n\nSummary\n- It depends.\n- A data engineer waits.",
            [(ANALYST, "counts"), (NEITHER, "It depends"), (ENGINEER, "A [ROLE] waits")],
        ),
        # A sentence is cut where its subject turns to the other role.
        (
            "Analysts count whereas engineers build. The data analyst and the data engineer meet.",
            [(ANALYST, "[ROLE] count whereas"), (ENGINEER, "[ROLE] build"), (BOTH, "The [ROLE] and the [ROLE] meet")],
        ),
        (
            "In short, the analyst reads figures, the engineer brings them.",
            [(NEITHER, "In short"), (ANALYST, "the [ROLE] reads figures"), (ENGINEER, "the [ROLE] brings them")],
        ),
        (
            "The tasks of a data engineer vary, for analysts too.",
            [(ENGINEER, "The tasks of a [ROLE] vary"), (ANALYST, "for [ROLE] too")],
        ),
        # A pronoun goes on about the same role, a new paragraph does not.
        (
            "Data analysts count. They report.\nReports are read.\nA data engineer waits.",
            [
                (ANALYST, "[ROLE] count"),
                (ANALYST, "They report"),
                (NEITHER, "Reports are read"),
                (ENGINEER, "A [ROLE] waits"),
            ],
        ),
        # Whom one works with, or for, is not who does the work; unless nothing else says of whom it is.
        (
            "Data engineer\nSupport data analysts. Work with data analysts. Use tables made by a data analyst.",
            [(ENGINEER, "Support [ROLE]"), (ENGINEER, "Work with [ROLE]"), (ENGINEER, "Use tables made by a [ROLE]")],
        ),
        (
            "A degree for data analysts.\nData engineers wait.",
            [(ANALYST, "A degree for [ROLE]"), (ENGINEER, "[ROLE] wait")],
        ),
        # What is said of both.
        (
            "Data analyst\nBoth roles count. There is an overlap.\nTables grow.\nData engineer",
            [(BOTH, "Both roles count"), (BOTH, "There is an overlap"), (ANALYST, "Tables grow")],
        ),
        # What the work is not.
        ("A data analyst reads figures rather than moving them.", [(ANALYST, "A [ROLE] reads figures rather than")]),
    ],
)
def test_passages_speak_of_the_role_that_the_text_says(text, passages):
    found = [(one.role, " ".join(one.text.split())) for one in passages_of(Document(text, "x"), NAMES)]
    assert found == passages


def test_passages_say_where_they_stand():
    text = "Guide\n\nA data analyst counts\nall day. Then he reports.\n- A data engineer waits."
    sources = [passage.source for passage in passages_of(Document(text, "guide.txt"), NAMES)]
    assert sources == ["guide.txt:3:1", "guide.txt:3:2", "guide.txt:5:1"]


PIECES = st.sampled_from(
    "Data analysts|the engineer|whereas|both|counts|SQL|,|.|:|\n|\n\n- |rather than|# |[ROLE]|a@example.com|é|?!|"
    "ETL-developer|while|for|of|1.|**".split("|")
)


@given(st.lists(PIECES, max_size=40).map(" ".join))
@settings(max_examples=30, deadline=None)
def test_passages_hold_no_word_twice_and_no_name(text):
    said = Counter(token.word for token in tokenize(text) if token.kind == "word")
    passages = passages_of(Document(text, "x"), NAMES)
    kept = Counter(token.word for one in passages for token in tokenize(one.text) if token.kind == "word")
    assert not kept - said
    assert not {"analysts", "ETL-developer"} & set(kept)
    assert {passage.role for passage in passages} <= {ANALYST, ENGINEER, BOTH, NEITHER}
