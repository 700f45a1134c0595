from __future__ import annotations

import csv
import json

import pytest

from roleclassify.errors import LabeledDataError, MissingExtraError
from roleclassify.learning.labeled import Columns, read_labeled, read_readings

LABELS = ("data-scientist", "ml-engineer")
ROWS = [
    {
        "id": "1",
        "text": 'one,\n"two" — drei',
        "label": "data-scientist",
        "near_miss": False,
        "split": "train",
        "group": "g",
        "kind": "resume",
    },
    {"id": "2", "text": "x", "label": "other", "near_miss": True, "split": "test", "group": "", "kind": ""},
]


def write(path, rows):
    if path.suffix == ".jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    elif path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    else:
        pyarrow = pytest.importorskip("pyarrow")
        from pyarrow import parquet

        parquet.write_table(pyarrow.Table.from_pylist(rows), path)
    return path


@pytest.mark.parametrize("suffix", [".jsonl", ".csv", ".parquet"])
def test_tables_of_every_kind_give_the_same_documents(tmp_path, suffix):
    documents = read_labeled([write(tmp_path / f"table{suffix}", ROWS)], LABELS)
    assert [(d.id, d.text, d.label, d.near_miss, d.split, d.group, d.kind) for d in documents] == [
        (row["id"], row["text"], row["label"], row["near_miss"], row["split"], row["group"], row["kind"])
        for row in ROWS
    ]


def test_tables_can_be_cut_to_a_split_and_joined(tmp_path):
    path = write(tmp_path / "t.jsonl", ROWS)
    assert [document.id for document in read_labeled([path, path], LABELS, split="test")] == ["2", "2"]


def test_columns_can_have_other_names(tmp_path):
    rows = [{"body": "x", "class": "other", "source": "s", "text": "no"}]
    (document,) = read_labeled([write(tmp_path / "t.csv", rows)], LABELS, columns=Columns("body", "class", ("source",)))
    assert (document.text, document.label, document.group, document.id) == ("x", "other", "s", "t.csv:1")


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("t.jsonl", "", "no labelled document"),
        ("t.jsonl", "{", "no valid jsonl"),
        ("t.jsonl", "[1]", "line 1 is no JSON object"),
        ("t.jsonl", '{"text": "x"}', "no column 'label'"),
        ("t.jsonl", '{"label": "other", "txt": "x"}', "no column 'text'; the columns are label, txt"),
        ("t.jsonl", '{"label": "nurse", "text": "x"}', "unknown label"),
        ("t.jsonl", '{"label": "other", "text": null}', "holds no text"),
        ("t.jsonl", '{"label": "other", "text": "x", "near_miss": "perhaps"}', "neither true nor false"),
        ("t.jsonl", "[" * 100000, "no valid jsonl"),
        ("t.csv", "Anna Berg 12 High St,nurse\nx,y\n", "first line must name"),
        ("t.xlsx", "", "unknown kind of table"),
        ("t.parquet", "no parquet", "no valid parquet"),
    ],
)
def test_table_that_cannot_be_used_says_why_in_one_line(tmp_path, name, content, problem):
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LabeledDataError, match=problem) as caught:
        read_labeled([path], LABELS)
    assert "\n" not in str(caught.value)
    assert name in str(caught.value)


def test_group_column_that_was_asked_for_must_be_there(tmp_path):
    path = write(tmp_path / "t.jsonl", [{"text": "x", "label": "other"}])
    assert read_labeled([path], LABELS)[0].group == ""
    with pytest.raises(LabeledDataError, match="no column 'source'"):
        read_labeled([path], LABELS, columns=Columns(group=("source",)))


def test_table_that_is_missing_says_so(tmp_path):
    with pytest.raises(LabeledDataError, match="cannot be read"):
        read_labeled([tmp_path / "none.csv"], LABELS)


def test_parquet_without_its_package_names_the_extra(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"pyarrow.*roleclassify\[parquet\]"):
        read_labeled([tmp_path / "t.parquet"], LABELS)


def test_readings_are_joined_by_id_and_a_row_may_bring_its_own(tmp_path):
    rows = [
        {"id": "a", "text": "x", "label": "ml-engineer", "reading": ""},
        {"id": "b", "text": "x", "label": "ml-engineer", "reading": "0.25"},
        {"id": "c", "text": "x", "label": "mixed", "reading": ""},
    ]
    table = tmp_path / "readings.csv"
    table.write_text("id,p_ml_engineer\na,0.9\nb,0.1\nz,0.5\n", encoding="utf-8")
    path = write(tmp_path / "t.csv", rows)
    documents = read_labeled([path], LABELS, readings=read_readings(table, LABELS))
    assert [document.reading for document in documents] == [0.9, 0.25, None]
    assert [document.target(LABELS) for document in documents] == [0.9, 0.25, 0.5]


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("id,reading\na,1.2\n", "no number from 0 to 1"),
        ("id,reading\na,\n", "no number from 0 to 1"),
        ("id,p_ml_engineer\na,nan\n", "no number from 0 to 1"),
        ("id,p_data_scientist\na,0.2\n", "no columns 'id' and 'reading'"),
        ("id,reading\na,0.2\na,0.3\n", "another reading before"),
        ("name,p_x\na,0.2\n", "no columns 'id' and 'reading'"),
        ("id,probability\na,0.2\n", "no columns 'id' and 'reading'"),
    ],
)
def test_readings_that_cannot_be_used_say_why(tmp_path, content, problem):
    path = tmp_path / "readings.csv"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(LabeledDataError, match=problem):
        read_readings(path, LABELS)


def test_employers_years_and_occupations_are_read_where_they_are(tmp_path):
    rows = [
        {"text": "x", "label": "other", "company": "ACME", "year": 2020, "other_title": "Data Analyst", "group": "s"},
        {"text": "x", "label": "other", "company": "", "year": "", "other_title": "nurse", "group": "s"},
    ]
    named, unnamed = read_labeled([write(tmp_path / "t.csv", rows)], LABELS, near_misses=["data analyst"])
    assert (named.employer, named.year, named.near_miss) == ("acme", "2020", True)
    assert (unnamed.employer, unnamed.year, unnamed.near_miss) == ("", "", False)
    (alone,) = read_labeled([write(tmp_path / "u.csv", [{"text": "x", "label": "other", "group": "s"}])], LABELS)
    assert alone.employer == "s"


def test_readings_of_other_documents_are_told(tmp_path):
    path = write(tmp_path / "t.csv", [{"id": "0", "text": "x", "label": "other"}])
    with pytest.raises(LabeledDataError, match="no id of the readings"):
        read_labeled([path], LABELS, readings={"z": 0.5})
    assert read_labeled([write(tmp_path / "t.jsonl", [{"id": 0, "text": "x", "label": "other"}])], LABELS)[0].id == "0"
