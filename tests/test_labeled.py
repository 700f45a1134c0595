from __future__ import annotations

import csv
import json

import pytest

from roleclassify.errors import LabeledDataError, MissingExtraError
from roleclassify.learning.labeled import Columns, read_labeled

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
