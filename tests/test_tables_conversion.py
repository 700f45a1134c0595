"""From any form into any other."""

from __future__ import annotations

import csv
import datetime
import io
import json
import struct

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from roleclassify.batch.tables.table import open_source, plan_target
from roleclassify.errors import TableUsageError
from tables import ADDED, LABELS, score

CSV = b'id,text,note,note\n1,"one, two",a,b\n2,three\n3,=four,c,d,more,""\n\n4,caf\x92,,\n'
JSONL = (
    b'{"id": 1, "text": "one", "tags": ["a"], "deep": {"k": [1, null]}, "share": 0.5, "ok": true}\n'
    b'{"id": 2, "text": "two", "tags": [], "share": 1}\n'
)
LATER = (
    b'{"text": "%b"}\n' % (b"long " * 500_000)
    + b'{"id": "x", "text": "three", "new": {"a": 1}, "tags": [1], "deep": "s", "share": null}\nbroken\n'
)


def csv_of(content):
    return list(csv.DictReader(io.StringIO(content.decode("utf-8"), newline="")))


def jsonl_of(content):
    return [json.loads(line) for line in content.decode("utf-8").splitlines()]


def parquet_of(content):
    return pq.read_table(pa.BufferReader(content))


def own(record):
    return {name: value for name, value in record.items() if name not in ADDED}


@pytest.mark.parametrize("block_bytes", [10, 2**21])
def test_csv_to_json_lines(tmp_path, block_bytes):
    found = jsonl_of(score(tmp_path, CSV, name="out.jsonl", block_bytes=block_bytes))
    assert [own(record) for record in found] == [
        {"id": "1", "text": "one, two", "note": "a", "note_2": "b"},
        {"id": "2", "text": "three", "note": "", "note_2": ""},
        {"id": "3", "text": "=four", "note": "c", "note_2": "d", "role_extra_cells": ["more", ""]},
        {"id": "4", "text": "caf’", "note": "", "note_2": ""},
    ]
    assert found[0]["role_probability"] == 0.75 and found[0]["role_evidence"][0]["name"] == "tool kit"


@pytest.mark.parametrize("block_bytes", [10, 2**21])
def test_csv_to_parquet(tmp_path, block_bytes):
    found = parquet_of(score(tmp_path, CSV, name="out.parquet", block_bytes=block_bytes))
    assert found.column_names == ["id", "text", "note", "note_2", *ADDED, "role_extra_cells"]
    assert found.column("text").to_pylist() == ["one, two", "three", "=four", "caf’"]
    assert found.column("role_extra_cells").to_pylist() == [None, None, ["more", ""], None]


def test_json_lines_to_csv(tmp_path):
    found = csv_of(score(tmp_path, JSONL + LATER, input_name="in.jsonl"))
    assert [*found[0]] == ["id", "text", "tags", "deep", "share", "ok", *ADDED, "role_other_fields"]
    first, second, _, fourth, fifth = [own(record) for record in found]
    assert [*first.values()] == ["1", "one", '["a"]', '{"k": [1, null]}', "0.5", "true", ""]
    assert [*second.values()] == ["2", "two", "[]", "", "1", "", ""]
    assert [*fourth.values()] == ["x", "three", "[1]", "s", "", "", '{"new": {"a": 1}}']
    assert json.loads(fifth["role_other_fields"]) == {"role_input": "broken"}
    assert found[-1]["role_error"] == "the line is no JSON object; mend it"


@pytest.mark.parametrize("block_bytes", [10, 2**21])
def test_json_lines_to_parquet(tmp_path, block_bytes):
    options = {"input_name": "in.jsonl", "name": "out.parquet", "block_bytes": block_bytes}
    found = parquet_of(score(tmp_path, JSONL + LATER, **options))
    names = ["id", "text", "tags", "deep", "share", "ok", "role_other_fields"]
    kinds = [str(found.schema.field(name).type) for name in names]
    assert kinds == [
        *("int64", "large_string", "list<element: large_string>", "large_string", "double", "bool", "large_string")
    ]
    records = [own(record) for record in found.to_pylist()]
    assert [*records[0].values()] == [1, "one", ["a"], '{"k": [1, null]}', 0.5, True, None]
    assert records[3] == {
        "id": None,
        "text": "three",
        "tags": None,
        "deep": '"s"',
        "share": None,
        "ok": None,
        "role_other_fields": '{"id": "x", "new": {"a": 1}, "tags": [1]}',
    }
    assert json.loads(records[4]["role_other_fields"]) == {"role_input": "broken"}


def test_one_misfit_does_not_change_the_type_of_a_column(tmp_path):
    content = (
        b'{"id": 1, "text": "plain words", "n": 1}\n{"id": "A2", "text": 5, "n": "x"}\n'
        b'{"id": 3, "text": {"a": 1}, "n": [1]}\n{"id": 4, "text": null, "n": "y"}\n'
    )
    found = parquet_of(score(tmp_path, content, input_name="in.jsonl", name="out.parquet"))
    assert found.column("text").to_pylist() == ["plain words", None, None, None]
    assert found.column("id").to_pylist() == [1, None, 3, 4]
    assert found.column("n").to_pylist() == [None, "x", None, "y"]
    assert found.column("role_other_fields").to_pylist() == [
        '{"n": 1}',
        '{"id": "A2", "text": 5}',
        '{"text": {"a": 1}, "n": [1]}',
        None,
    ]


MOMENT = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456)
VALUES = {
    "text": (pa.string(), "=words", "=words", "=words"),
    "integer": (pa.uint64(), 2**64 - 1, str(2**64 - 1), 2**64 - 1),
    "number": (pa.float64(), 0.1, "0.1", 0.1),
    "nothing": (pa.float64(), float("nan"), "nan", None),
    "flag": (pa.bool_(), True, "true", True),
    "null": (pa.string(), None, "", None),
    "raw": (pa.binary(), b"\0\xff", "AP8=", "AP8="),
    "fine": (pa.timestamp("ns"), 1, "1970-01-01T00:00:00.000000001", "1970-01-01T00:00:00.000000001"),
    "moment": (pa.timestamp("ns"), MOMENT, f"{MOMENT.isoformat()}000", f"{MOMENT.isoformat()}000"),
    "far": (pa.timestamp("s"), 2**40, "36812-02-20T00:36:16.000", "36812-02-20T00:36:16.000"),
    "past": (pa.date32(), -(2**31), "-5877641-06-23", "-5877641-06-23"),
    "day of milliseconds": (pa.date64(), MOMENT.date(), "2024-05-06", "2024-05-06"),
    "time": (pa.time64("ns"), 1, "00:00:00.000000001", "00:00:00.000000001"),
    "short time": (pa.time32("s"), 3661, "01:01:01.000", "01:01:01.000"),
    "duration": (pa.duration("ns"), -1, "-0.000000001", "-0.000000001"),
    "long duration": (pa.duration("s"), 2**62, str(2**62), str(2**62)),
    "times": (pa.list_(pa.timestamp("ms"), 1), [2**50], '["37648-05-06T22:07:22.624"]', ["37648-05-06T22:07:22.624"]),
    "mapped": (
        pa.map_(pa.string(), pa.timestamp("us")),
        [("k", MOMENT)],
        f'[["k", "{MOMENT.isoformat()}"]]',
        [["k", MOMENT.isoformat()]],
    ),
    "zoned": (
        pa.timestamp("us", "Europe/Berlin"),
        MOMENT.replace(tzinfo=datetime.UTC),
        f"{MOMENT.isoformat()}+00:00",
        f"{MOMENT.isoformat()}+00:00",
    ),
    "day": (pa.date32(), MOMENT.date(), "2024-05-06", "2024-05-06"),
    "map": (pa.map_(pa.string(), pa.int64()), [("k", 1)], '[["k", 1]]', [["k", 1]]),
    "list": (pa.list_(pa.float64()), [0.5, float("inf")], "[0.5, null]", [0.5, None]),
    "deep": (
        pa.struct([("when", pa.timestamp("ns")), ("raw", pa.binary())]),
        {"when": MOMENT, "raw": b"\0"},
        f'{{"when": "{MOMENT.isoformat()}000", "raw": "AA=="}}',
        {"when": f"{MOMENT.isoformat()}000", "raw": "AA=="},
    ),
}


@pytest.fixture
def parquet():
    sink = io.BytesIO()
    columns = {name: pa.array([value], kind) for name, (kind, value, _, _) in VALUES.items()}
    pq.write_table(pa.table(columns), sink)
    return sink.getvalue()


def test_parquet_to_csv(tmp_path, parquet):
    (found,) = csv_of(score(tmp_path, parquet, input_name="in.parquet"))
    assert own(found) == {name: expected for name, (_, _, expected, _) in VALUES.items()}


def test_parquet_to_json_lines(tmp_path, parquet):
    (found,) = jsonl_of(score(tmp_path, parquet, input_name="in.parquet", name="out.jsonl"))
    assert own(found) == {name: expected for name, (_, _, _, expected) in VALUES.items()}


@pytest.mark.parametrize("block_bytes", [20, 2**21])
def test_times_of_a_column_are_written_in_one_way(tmp_path, block_bytes):
    nanoseconds = [0, 1, None, 10**18, -(2**62)]
    sink = io.BytesIO()
    when = pa.array(nanoseconds, pa.timestamp("ns"))
    pq.write_table(pa.table({"text": ["words"] * 5, "when": when, "kind": when.dictionary_encode()}), sink)
    found = csv_of(score(tmp_path, sink.getvalue(), input_name="in.parquet", block_bytes=block_bytes))
    times = [
        *("1970-01-01T00:00:00.000000000", "1970-01-01T00:00:00.000000001", "", "2001-09-09T01:46:40.000000000"),
        "1823-11-12T00:06:21.572612096",
    ]
    assert [row["when"] for row in found] == times
    assert [row["kind"] for row in found] == times


def invalid_texts(kind):
    offsets = pa.py_buffer(struct.pack("<4i", 0, 6, 10, 10))
    texts = pa.Array.from_buffers(pa.string(), 3, [None, offsets, pa.py_buffer(b"ok\xff\xfeokfine")])
    column = pa.concat_arrays([texts, pa.array([None], pa.string())]).cast(kind)
    nested = pa.StructArray.from_arrays([texts.take([0, 0, 1, 2]), pa.array([b"\0"] * 4)], ["name", "raw"])
    return pa.table({"text": column, "deep": nested})


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view()])
def test_texts_of_parquet_that_are_no_utf8(tmp_path, kind):
    sink = io.BytesIO()
    pq.write_table(invalid_texts(kind), sink)
    options = {"input_name": "in.parquet"}
    kept = parquet_of(score(tmp_path, sink.getvalue(), name="out.parquet", **options))
    stored = kept.column("text").cast(pa.large_binary()).to_pylist()
    assert stored == [b"ok\xff\xfeok", b"fine", b"", None]
    error = "its text is not valid UTF-8; mend it where the file is made"
    assert kept.column("role_error").to_pylist() == [error, None, None, None]
    rows = csv_of(score(tmp_path, sink.getvalue(), **options))
    assert [row["text"] for row in rows] == ["okÿþok", "fine", "", ""]
    assert rows[0]["role_error"] == error
    objects = jsonl_of(score(tmp_path, sink.getvalue(), name="out.jsonl", **options))
    assert [row["text"] for row in objects] == ["okÿþok", "fine", "", None]
    assert objects[0]["deep"]["name"] == "okÿþok"


@pytest.mark.parametrize(
    ("content", "name", "form"),
    [
        (b"text,role_extra_cells\na,b\n", "in.csv", "jsonl"),
        (b'{"text": "a", "role_other_fields": 1}\n', "in.jsonl", "csv"),
        (b'{"text": "a", "role_input": 1}\n', "in.jsonl", "jsonl"),
    ],
)
def test_names_for_what_does_not_fit_are_refused_too(tmp_path, content, name, form):
    path = tmp_path / name
    path.write_bytes(content)
    with open_source(str(path)) as source:
        with pytest.raises(TableUsageError, match="--prefix"):
            plan_target(source.layout, labels=LABELS, prefix="role_", form=form)
        plan_target(source.layout, labels=LABELS, prefix="my_", form=form)
        with pytest.raises(TableUsageError, match="'xml': it is unknown; use one of csv, tsv, jsonl, parquet"):
            plan_target(source.layout, labels=LABELS, prefix="my_", form="xml")


@pytest.mark.parametrize("name", ["o.xlsx", "o.XLS", "o.ods", "o.zip", "o.csv.xz", "o.7z", "o.xlsx.gz"])
def test_names_of_what_cannot_be_written_are_refused_unless_the_form_is_given(tmp_path, name):
    path = tmp_path / "in.csv"
    path.write_bytes(b"text\nwords\n")
    with open_source(str(path)) as source:
        with pytest.raises(TableUsageError, match=r"(?i)\.\w+ cannot be written; name it \.csv, .*or say --format"):
            plan_target(source.layout, labels=LABELS, prefix="role_", path=name)
        assert plan_target(source.layout, labels=LABELS, prefix="role_", path=name, form="csv").appendable


@pytest.mark.parametrize("name", ["in.xlsx", "in.XLS", "in.ods", "in.zip"])
def test_names_of_what_cannot_be_read_are_refused_unless_the_form_is_given(tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"text\nwords\n")
    with pytest.raises(TableUsageError, match="export it as CSV, or say --input-format"), open_source(str(path)):
        pass
    with open_source(str(path), form="csv") as source:
        assert source.layout.columns == ("text",)


@pytest.mark.parametrize(
    ("path", "form", "expected"),
    [
        (None, None, True),
        ("out.csv", None, True),
        ("out.anything.gz", None, True),
        ("out.jsonl", "parquet", False),
        ("out.PQ", None, False),
    ],
)
def test_the_output_is_told_by_option_then_name_then_input(tmp_path, path, form, expected):
    source_path = tmp_path / "in"
    source_path.write_bytes(b"text\nwords\n")
    with open_source(str(source_path)) as source:
        target = plan_target(source.layout, labels=LABELS, prefix="role_", path=path, form=form)
    assert target.appendable is expected
