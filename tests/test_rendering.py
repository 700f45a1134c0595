from __future__ import annotations

import csv
import io

import pytest

from roleclassify.model.decision import Reason
from roleclassify.rendering.delimited import csv_lines, harmless
from roleclassify.rendering.report import report
from roleclassify.rendering.table import table
from roleclassify.rendering.words import REASONS, percent, quotes
from roleclassify.result import Answer, Classification, Contribution, Explanation
from roleclassify.text.document import Document

LABELS = ("one", "two")


def piece(feature, contribution, kind="concept", spans=((0, 4),)):
    return Contribution(feature, kind, LABELS[contribution > 0], 1.0, contribution, contribution, spans)


def explanation(contributions, *, reason=None, stated=None, warnings=(), text="Some Text here", source="cv.txt"):
    score = sum(item.contribution for item in contributions) + 0.5
    leaning = Answer(LABELS, 0.9, score, 0.5, tuple(contributions))
    domain = Answer(("other", "domain"), 0.97, 3.0, 3.0, ())
    label = "undetermined" if reason else LABELS[score > 0]
    return Explanation(Document(text, source, warnings=warnings), label, reason, leaning, domain, stated, LABELS, "m 1")


SIDES = {
    "both sides": [piece("up", 2.0), piece("down", -1.0, "term"), piece("weak", 0.1, "term")],
    "no positive": [piece("down", -1.0), piece("low", -0.5, "term")],
    "no negative": [piece("up", 1.0), piece("high", 0.5, "term")],
    "neither": [],
}


@pytest.mark.parametrize("contributions", SIDES.values(), ids=SIDES)
@pytest.mark.parametrize("top", [0, 1, 10])
@pytest.mark.parametrize("width", [40, 80, 200])
def test_report_holds_for_any_sides_top_and_width(contributions, top, width):
    text = report(explanation(contributions), top=top, width=width, color=False)
    assert max(map(len, text.splitlines())) <= max(width, 90)
    for item in contributions[:top]:
        assert item.feature in text
    assert ("left out" in text) == (len(contributions) > top)
    assert "\x1b" not in text


@pytest.mark.parametrize("reason", Reason)
def test_report_and_table_give_each_reason_in_words(reason):
    undetermined = explanation(SIDES["both sides"], reason=reason)
    assert REASONS[reason] in report(undetermined, top=3, width=100, color=False).replace("\n", " ")
    assert f"{reason.value}: " in table([undetermined.shorten()], width=160, color=False)


def test_report_of_an_empty_document_is_short():
    empty = Explanation(Document("", "e.txt"), "undetermined", Reason.EMPTY, None, None, None, LABELS, "m 1")
    assert "there are no words" in report(empty, top=5, width=80, color=False)


def test_report_quotes_the_document_and_tells_of_the_title_and_the_warnings():
    shown = report(
        explanation(SIDES["both sides"], stated="one", warnings=("no text layer on 1 of 2 pages",)),
        top=5,
        width=100,
        color=False,
    )
    for expected in ("“Some”", "Titled one", "other way", "no text layer on 1 of 2 pages", "not a hiring decision"):
        assert expected in shown


def test_colour_is_only_there_when_wanted():
    assert "\x1b" in report(explanation(SIDES["both sides"]), top=5, width=80, color=True)
    assert "\x1b" in table([explanation(SIDES["both sides"]).shorten()], width=80, color=True)


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
    assert quotes(item, "Some sOME a\n b c", most=3) == ["Some", "a b c"]
