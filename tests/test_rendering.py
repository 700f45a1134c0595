from __future__ import annotations

import csv
import io
import json
import math
import re
from dataclasses import replace

import click
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from conftest import ROOT
from evidence_texts import EXAMPLES, TEXTS
from roleclassify.cli.explain import as_json
from roleclassify.evidence.counterfactuals import AbsentConcept, Addition, Counterfactuals, Removal
from roleclassify.evidence.groups import group
from roleclassify.evidence.highlights import Highlight
from roleclassify.model.decision import Reason
from roleclassify.rendering.delimited import csv_lines, harmless
from roleclassify.rendering.highlighted import MOST_ROWS, highlighted
from roleclassify.rendering.report import report
from roleclassify.rendering.rounding import add_up
from roleclassify.rendering.table import table
from roleclassify.rendering.terminal import columns, cut, paragraph, quoted, visible, wrap
from roleclassify.rendering.words import REASONS, percent, quoted_wordings
from roleclassify.result import Answer, Classification, Contribution, Explanation
from roleclassify.text.document import Document

LABELS = ("one", "two")
NOTHING = Counterfactuals(None, None, ())
AWKWARD = st.text(
    st.sampled_from("ab Z9.-\t\n\r\x1b\x07\x9b\u2028\u202e\u200d\u00a0\u00ad\u0301é模型🇩👩\ufe0fשל\ud800"), max_size=60
)
"""Control and format characters, spaces and line ends of several kinds, wide and combining characters."""

STYLES = re.compile("\x1b\\[[0-9;]*m")


def piece(feature, contribution, kind="concept", spans=((0, 4),), origin="learned"):
    return Contribution(feature, kind, LABELS[contribution > 0], 1.0, contribution, contribution, spans, origin)


def explanation(contributions, *, reason=None, stated=None, warnings=(), text="Some Text here", source="cv.txt"):
    score = math.fsum([0.5, *(item.contribution for item in contributions)])
    ordered = tuple(sorted(contributions, key=lambda item: -abs(item.contribution)))
    leaning = Answer(LABELS, 0.9, score, 0.5, ordered)
    domain = Answer(("other", "domain"), 0.97, 3.0, 3.0, (piece("for", 2.0), piece("against", -1.0)))
    label = "undetermined" if reason else LABELS[score > 0]
    return Explanation(Document(text, source, warnings=warnings), label, reason, leaning, domain, stated, LABELS, "m 1")


def shown(answer, counterfactuals=NOTHING, *, top=10, width=80, color=False):
    return report(answer, counterfactuals, top=top, width=width, color=color)


SIDES = {
    "both sides": [piece("up", 2.0), piece("down", -1.0, "term", ((5, 9),)), piece("weak", 0.1, "term", ((10, 14),))],
    "no positive": [piece("down", -1.0), piece("low", -0.5, "term", ((5, 9),))],
    "no negative": [piece("up", 1.0), piece("high", 0.5, "term", ((5, 9),))],
    "neither": [],
}


@st.composite
def contributions(draw):
    """Features of any strength and name, in any places of a text of 60 characters."""
    names = draw(st.lists(AWKWARD.filter(bool), unique=True, max_size=14))
    kinds = st.sampled_from(["concept", "term"])
    spans = st.lists(st.tuples(st.integers(0, 59), st.integers(1, 20)), min_size=1, max_size=4)
    return [
        piece(
            name,
            draw(st.floats(-9, 9).filter(bool)),
            draw(kinds),
            tuple((start, start + length) for start, length in draw(spans)),
            draw(st.sampled_from(["learned", "given", "median"])),
        )
        for name in names
    ]


@pytest.mark.parametrize("contributions", SIDES.values(), ids=SIDES)
@pytest.mark.parametrize("top", [0, 1, 10])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_report_holds_for_any_sides_top_and_width(contributions, top, width):
    text = shown(explanation(contributions), top=top, width=width)
    for item in contributions[:top]:
        assert item.feature in text
    assert ("left out" in text) == (len(contributions) > top)
    assert ("The text with its evidence" in text) == bool(contributions)


def hundredths(number):
    return round(100 * float(number))


@given(contributions(), st.integers(0, 15))
@settings(max_examples=80, deadline=None)
def test_figures_of_a_report_add_up(contributions, top):
    answer = explanation(contributions, text="x" * 80)
    text = shown(answer, top=top, width=100)
    bias, score = map(hundredths, re.search(r"bias of (\S+) the score is (\S+)\n", text).groups())
    sides = [hundredths(re.search(rf"^  {label} .*?(\S+)$", text, re.MULTILINE)[1]) for label in LABELS]
    rows = [hundredths(amount) for amount in re.findall(r"^  +([+-]\d+\.\d\d) ", text, re.MULTILINE)]
    rest = re.search(r"weaker left out: (\S+) one, (\S+) two", text)
    left_out = tuple(map(hundredths, rest.groups())) if rest else (0, 0)
    groups = group(answer.leaning.contributions)
    assert len(rows) == len(groups[:top])
    assert bool(rest) == (len(groups) > top)
    assert bias + sum(sides) == score
    for side, left, negative in zip(sides, left_out, (True, False), strict=True):
        assert side == left + sum(amount for amount in rows if (amount < 0) == negative)
    assert abs(score - 100 * answer.leaning.score) <= 1


def check_printed(text, width):
    """Nothing is wider than the terminal, and nothing but styles is no plain character."""
    plain = STYLES.sub("", text)
    assert all(line.isprintable() for line in plain.split("\n"))
    assert max(map(columns, plain.split("\n"))) <= max(40, min(width, 100))


@given(
    contributions(),
    AWKWARD,
    st.integers(0, 15),
    st.integers(20, 130),
    st.sampled_from([None, *Reason]),
    st.booleans(),
)
@settings(max_examples=80, deadline=None)
def test_report_fits_and_prints_no_control_character(contributions, awkward, top, width, reason, color):
    answer = explanation(
        contributions,
        text=awkward * 3,
        source=awkward,
        warnings=(awkward,),
        reason=reason,
        stated=awkward or None,
    )
    groups = group(answer.leaning.contributions)
    lacking = tuple(AbsentConcept(item.feature, item.role, awkward, 0.6) for item in contributions)
    names = tuple(item.feature for item in contributions)
    removal, addition = Removal(groups, -1.0, LABELS[0], reason), Addition(names, (1.5,) * len(names), -1.0)
    check_printed(
        shown(
            replace(answer, model=awkward),
            Counterfactuals(removal, addition, lacking),
            top=top,
            width=width,
            color=color,
        ),
        width,
    )


@given(TEXTS, st.sampled_from([40, 80, 100]))
@settings(max_examples=40, deadline=None)
def test_report_of_any_text_fits(classifier, text, width):
    check_printed(
        report(classifier.explain(text), classifier.counterfactuals(text), top=10, width=width, color=False), width
    )


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
@pytest.mark.parametrize("width", [80, 100])
def test_report_of_an_example_is_a_page_or_two(path, width, classifier):
    document = classifier.explain(path).document
    text = report(classifier.explain(document), classifier.counterfactuals(document), top=10, width=width, color=True)
    check_printed(text, width)
    assert len(text.splitlines()) < 100


@pytest.mark.parametrize("reason", Reason)
def test_report_and_table_give_each_reason_in_words(reason):
    undetermined = explanation(SIDES["both sides"], reason=reason)
    text = shown(undetermined, top=3, width=100)
    assert REASONS[reason] in text.replace("\n", " ")
    assert "What would change it" not in text
    assert f"{reason.value}: " in table([undetermined.shorten()], width=160, color=False)


def test_report_of_an_empty_document_is_short():
    empty = Explanation(Document("", "e.txt"), "undetermined", Reason.EMPTY, None, None, None, LABELS, "m 1")
    text = shown(empty)
    assert "there are no words" in text
    assert len(text.splitlines()) < 8


def test_report_quotes_the_document_and_tells_of_the_title_and_the_warnings():
    text = shown(explanation(SIDES["both sides"], stated="one", warnings=("no text layer on 1 of 2 pages",)))
    for expected in ("“Some”", "Titled one", "other way", "no text layer on 1 of 2 pages", "not a hiring decision"):
        assert expected in text


def test_report_says_what_is_absent_and_what_would_change_it():
    absent = tuple(AbsentConcept(f"c{number}", LABELS[number % 2], "", 0.9 - number / 100) for number in range(16))
    groups = group([piece("up", 2.0)])
    found = Counterfactuals(Removal(groups, -0.1, LABELS[0], None), None, absent)
    text = shown(explanation(SIDES["both sides"]), found, width=100)
    folded = " ".join(text.split())
    assert (
        "Most two documents also have c1 (89 %), c3 (87 %), c5 (85 %), c7 (83 %), c9 (81 %), c11 (79 %) and 2 more."
        in folded
    )
    assert "Most one documents have c0 (90 %)" in folded
    assert "It would read as one (52 %) without up." in folded
    assert "No set of up to 10 absent concepts was found with which it would read as one." in folded
    refused = Counterfactuals(Removal(groups, -0.1, "undetermined", Reason.TOO_LITTLE_EVIDENCE), None, ())
    folded = " ".join(shown(explanation(SIDES["both sides"]), refused, width=100).split())
    assert "It would lean to one (52 %) without up. No role would be given then: too few words" in folded
    added = Counterfactuals(None, Addition(("c2", "c4"), (1.0, 2.5), -2.0), ())
    folded = " ".join(shown(explanation(SIDES["both sides"]), added, width=100).split())
    assert "No set of up to 10 pieces of evidence was found without which it would read as one." in folded
    assert "It would read as one (88 %) with c2, c4 x3." in folded
    assert "It has what most two documents have." in folded


@pytest.mark.parametrize(("origin", "says"), [("given", "weight given, not"), ("median", "median weight")])
def test_report_marks_weights_that_were_not_learned(origin, says):
    assert says in shown(explanation([piece("up", 2.0, origin=origin)]))
    assert "not learned" not in shown(explanation([piece("up", 2.0)]))


def test_colour_is_only_there_when_wanted():
    assert "\x1b" in shown(explanation(SIDES["both sides"]), color=True)
    assert "\x1b" not in shown(explanation(SIDES["both sides"]))
    assert "\x1b" in table([explanation(SIDES["both sides"]).shorten()], width=80, color=True)


@pytest.mark.parametrize("path", [EXAMPLES[0], ROOT / "examples" / "resume-chef.docx"], ids=lambda path: path.name)
def test_json_has_groups_and_counterfactuals_beside_the_explanation(path, classifier):
    answer, changes = classifier.explain(path), classifier.counterfactuals(path)
    told = json.loads(json.dumps(as_json(answer, changes, 5), allow_nan=False))
    assert {key: told[key] for key in answer.to_dict(5)} == json.loads(json.dumps(answer.to_dict(5)))
    assert told["counterfactuals"] == json.loads(json.dumps(changes.to_dict()))
    total = math.fsum([told["bias"], *(each["contribution"] for each in told["groups"])])
    assert total == pytest.approx(told["score"], abs=1e-9)


@st.composite
def marked_texts(draw):
    """A text without the characters of marks, and highlights in it."""
    text = draw(st.one_of(AWKWARD, st.text(st.sampled_from("ab \n"), max_size=400))).replace("-", "")
    ends = sorted(draw(st.sets(st.integers(0, len(text)), max_size=20)))
    places = list(zip(ends[::2], ends[1::2], strict=False))
    return text, [Highlight(start, end, draw(st.floats(-1, 1)), ("x",)) for start, end in places]


STYLED = re.compile("\x1b\\[[0-9;]+m(?:\x1b\\[[0-9;]+m)*([^\x1b]+)\x1b\\[0m")
BRACKETED = re.compile(r"[\[{][+-]{1,2}(.*?)[\]}]")


def packed(text):
    return re.sub(r"\s", "", text)


def unmarked(row):
    return re.sub(r"[][{}+-]", "", click.unstyle(row))


@given(marked_texts(), st.booleans())
@example(("mixtures\nof two", [Highlight(0, 11, 0.3, ("x",))]), False)
@settings(max_examples=120, deadline=None)
def test_highlighted_lines_read_back_as_the_document(marked, color):
    text, found = marked
    rows = highlighted(text, found, width=1000, color=color)
    lines = [visible(line).rstrip() for line in text.splitlines()]
    if not any(abs(each.contribution) >= 0.005 for each in found):
        assert rows == []
    elif len(lines) <= MOST_ROWS:
        assert [unmarked(row).rstrip() for row in rows] == lines


@given(marked_texts(), st.integers(2, 40), st.booleans())
@settings(max_examples=120, deadline=None)
def test_highlighted_rows_fit_and_lose_nothing_unseen(marked, width, color):
    text, found = marked
    rows = highlighted(text, found, width=width, color=color)
    assert len(rows) <= MOST_ROWS
    assert all(columns(click.unstyle(row)) <= max(width, 26) for row in rows)
    whole = packed(visible(text.replace("\n", " ")))
    read = "".join(unmarked(row) for row in rows if not row.startswith("("))
    assert all(part in whole for part in packed(read).split("…"))
    if rows and "…" not in rows:
        assert packed(read) == whole
        parts = STYLED.findall("".join(rows)) if color else BRACKETED.findall("".join(rows))
        marked_parts = [visible(text[each.start : each.end]) for each in found if abs(each.contribution) >= 0.005]
        assert packed("".join(parts)) == packed("".join(marked_parts))


def test_highlights_are_told_apart_by_sign_and_brackets_and_by_colour_and_style():
    text = "plain strong weak other"
    found = [Highlight(6, 12, 1.0, ()), Highlight(13, 17, 0.1, ()), Highlight(18, 23, -0.1, ())]
    assert highlighted(text, found, width=80, color=False) == ["plain [++strong] [+weak] {-other}"]
    (row,) = highlighted(text, found, width=80, color=True)
    styles = re.findall("\x1b\\[([0-9;]+)m\x1b?\\[?([0-9;]*)m?", row)
    assert click.unstyle(row) == text
    assert len({style for style in styles if style != ("0", "")}) == 3


def test_long_text_is_shown_by_its_strongest_rows():
    lines = [f"line {number}" for number in range(1000)]
    text = "\n".join(lines)
    places = {number: text.index(f"line {number}\n") for number in range(0, 900, 3)}
    found = [Highlight(start, start + 4, 1.0 if number < 60 else 0.1, ()) for number, start in places.items()]
    rows = highlighted(text, found, width=80, color=False)
    assert len(rows) <= MOST_ROWS
    assert rows[:3] == ["[++line] 0", "…", "[++line] 3"]
    assert all(f"[++line] {number}" in rows for number in range(0, 54, 3))
    n_left = int(re.fullmatch(r"\((\d+) more lines with marks\)", rows[-1])[1])
    assert n_left + sum("[" in row for row in rows) == len(found)


@given(st.lists(st.floats(-5, 5)), st.booleans())
@example([0.005, 0.005], False)
@example([-0.995, 0.995, 0.001], True)
def test_rounded_parts_make_the_rounded_whole(parts, up):
    exact = [100 * part for part in parts]
    whole = math.fsum(exact)
    for total in (None, math.ceil(whole) if up else math.floor(whole)):
        rounded = add_up(parts, total)
        assert sum(rounded) == (round(whole) if total is None else total)
        assert all(abs(amount - part) <= 1 for amount, part in zip(rounded, exact, strict=True))


@given(AWKWARD, st.integers(3, 30))
def test_wrapping_and_cutting_keep_to_the_columns(text, width):
    printed = visible(text)
    rows = [printed[start:end] for start, end in wrap(printed, width)]
    assert "".join(rows) == printed
    assert all(columns(row.rstrip()) <= width for row in rows)
    assert columns(cut(printed, width)) <= width
    assert columns(quoted(text, [(0, len(text))], width)) <= width
    assert all(columns(row) <= width + 2 for row in paragraph(text, width + 2, first="  ", indent=" "))


def test_words_are_broken_only_where_they_must():
    text = "   one two  three fourfivesix"
    assert [text[start:end] for start, end in wrap(text, 8)] == ["   one ", "two  ", "three ", "fourfive", "six"]
    assert list(wrap("", 8)) == []


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (60, "“Deploy” x2, “Run”, “ship it”, “last”"),
        (28, "“Deploy” x2, “Run”, 2 more"),
        (18, "“Deploy” x2, “Run…"),
        (7, "“Deplo…"),
    ],
)
def test_quotes_are_counted_and_as_many_as_fit(room, expected):
    text = "Deploy Run ship\n it last deploy"
    spans = [(0, 6), (7, 10), (11, 19), (20, 24), (25, 31)]
    assert quoted(text, spans, room) == expected


def test_table_notes_a_title_that_does_not_fit_and_shortens_long_names():
    rows = table([explanation(SIDES["both sides"], stated="one", source="x" * 60).shorten()], width=80, color=False)
    assert "titled one, reads as two" in rows
    assert "x" * 33 not in rows
    assert max(map(len, rows.splitlines())) <= 80


def test_table_of_nothing_is_its_header():
    assert table([], width=80, color=False).startswith("document")


@pytest.mark.parametrize("name", ["=1+1", "+x", "-x", "@x", "\tx", 'a,"b"\nc', "ordinary.pdf"])
def test_csv_comes_back_and_runs_nothing(name):
    results = [
        explanation(SIDES["both sides"], source=name).shorten(),
        Classification.unreadable(name, "why; what", labels=LABELS, model="m 1"),
    ]
    rows = list(csv.reader(io.StringIO("".join(csv_lines(results, LABELS)))))
    assert len(rows) == 3
    assert {len(row) for row in rows} == {len(rows[0])}
    for row in rows[1:]:
        assert row[0].removeprefix("'") == name
        assert not row[0].startswith(("=", "+", "-", "@", "\t", "\r"))
    assert harmless("") == ""


@pytest.mark.parametrize(
    ("probability", "shown"), [(0.5, "50 %"), (0.991, ">99 %"), (1.0, ">99 %"), (0.009, "<1 %"), (0.0, "<1 %")]
)
def test_percent_claims_no_certainty(probability, shown):
    assert percent(probability) == shown


def test_quotes_are_different_and_folded():
    item = piece("x", 1.0, spans=((0, 4), (5, 9), (10, 16)))
    assert quoted_wordings(item.spans, "Some sOME a\n b c", most=3) == ["Some", "a b c"]
