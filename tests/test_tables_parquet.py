"""Parquet in, Parquet out."""

from __future__ import annotations

import datetime
import decimal
import gzip
import io
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from roleclassify.batch.tables import parquet_target
from roleclassify.batch.tables.table import open_source, plan_target, read_rows
from roleclassify.errors import MissingExtraError, TableError, TableUsageError
from tables import ADDED, LABELS, score

MOMENT = datetime.datetime(2024, 5, 6, 7, 8, 9, 123456, tzinfo=datetime.UTC)
N = 700


def table(n=N):
    return pa.table(
        {
            "id": pa.array(range(n), pa.uint16()),
            "text": pa.array([None if i % 7 == 3 else f"words of row {i} café" for i in range(n)]),
            "price": pa.array([decimal.Decimal(i) / 4 for i in range(n)], pa.decimal128(9, 2)),
            "share": pa.array([float("nan") if i % 5 == 0 else i / 8 for i in range(n)], pa.float32()),
            "posted": pa.array([MOMENT] * n, pa.timestamp("ns", "UTC")),
            "day": pa.array([MOMENT.date()] * n, pa.date32()),
            "raw": pa.array([b"\0\xff"] * n, pa.large_binary()),
            "tags": pa.array([["a", None], [], None, ["b"]] * (n // 4) + [None] * (n % 4), pa.list_(pa.string())),
            "deep": pa.array([{"x": i, "y": [{"z": "é"}]} for i in range(n)]),
            "kind": pa.array([["one", "two", None][i % 3] for i in range(n)]).dictionary_encode(),
            "mark": pa.array([[("k", i)] for i in range(n)], pa.map_(pa.string(), pa.int64())),
            "none": pa.nulls(n),
        }
    ).replace_schema_metadata({b"origin": b"a test"})


def written(content, **options):
    sink = io.BytesIO()
    pq.write_table(content, sink, **options)
    return sink.getvalue()


def scored(folder, content, **options):
    return score(folder, content, **{"input_name": "in.parquet", "name": "out.parquet", **options})


@pytest.mark.parametrize("block_bytes", [100, 5000, 2**21])
@pytest.mark.parametrize("row_group_size", [50, N])
def test_every_column_keeps_values_type_and_metadata(tmp_path, block_bytes, row_group_size):
    content = table()
    result = pq.read_table(
        pa.BufferReader(scored(tmp_path, written(content, row_group_size=row_group_size), block_bytes=block_bytes))
    )
    assert result.column_names == [*content.column_names, *ADDED]
    kept = result.select(content.column_names)
    assert kept.schema.equals(content.schema)
    assert kept.schema.metadata == content.schema.metadata
    for name in content.column_names:
        assert str(kept.column(name).to_pylist()) == str(content.column(name).to_pylist()), name
    assert result.column("role_label").to_pylist() == ["near-tie"] * N
    piece = "name: string, kind: string, role: string, contribution: double, features: list<element: string>"
    assert str(result.schema.field("role_evidence").type) == f"list<element: struct<{piece}, origin: string>>"
    assert result.column("role_evidence")[0].as_py()[1] == {
        "name": "it's",
        "kind": "term",
        "role": "first-role",
        "contribution": -0.5,
        "features": ["it's"],
        "origin": None,
    }
    types = [str(result.schema.field(name).type) for name in ADDED if name != "role_evidence"]
    assert types == ["string", "string", "double", "double", "double", "double", "string", "bool", "string"]


def test_equal_runs_give_equal_bytes(tmp_path):
    content = written(table())
    assert scored(tmp_path, content, block_bytes=3000) == scored(tmp_path, content, block_bytes=3000)


@pytest.mark.parametrize("kind", [pa.large_string(), pa.dictionary(pa.int8(), pa.string()), pa.string_view()])
def test_texts_of_every_type_of_string(tmp_path, kind):
    path = tmp_path / "in.parquet"
    content = pa.table({"text": pa.array(["one", None, "two", "one"]).cast(kind)})
    path.write_bytes(written(content))
    with open_source(str(path)) as source:
        assert source.layout.text_column == "text"
        (block,) = source.blocks()
        assert read_rows(block, source.layout).texts == ["one", None, "two", "one"]
        assert (block.line, block.position) == (1, path.stat().st_size)
    result = pq.read_table(pa.BufferReader(scored(tmp_path, path.read_bytes())))
    assert result.column("text").to_pylist() == ["one", None, "two", "one"]


def test_blocks_hold_about_as_much_as_was_asked_for(tmp_path):
    path = tmp_path / "in.parquet"
    path.write_bytes(written(pa.table({"text": ["x" * 1000] * 999})))
    with open_source(str(path)) as source:
        blocks = list(source.blocks(50_000))
        sizes = [len(read_rows(block, source.layout).texts) for block in blocks]
    assert sum(sizes) == 999 and max(sizes) <= 100 and len(sizes) < 40
    assert [block.line for block in blocks] == [1 + sum(sizes[:n]) for n in range(len(sizes))]


def test_a_table_without_rows(tmp_path):
    result = pq.read_table(pa.BufferReader(scored(tmp_path, written(table(0)))))
    assert result.num_rows == 0 and result.column_names[-len(ADDED) :] == ADDED


def test_row_groups_are_bounded(tmp_path, monkeypatch):
    monkeypatch.setattr(parquet_target, "_ROW_GROUP_BYTES", 20_000)
    found = pq.ParquetFile(pa.BufferReader(scored(tmp_path, written(table()), block_bytes=2000))).metadata
    assert found.num_row_groups > 3 and found.num_rows == N


def test_compressed_parquet(tmp_path):
    plain = scored(tmp_path, written(table()))
    packed = scored(tmp_path, gzip.compress(written(table())), input_name="in.parquet.gz", name="out.parquet.gz")
    assert gzip.decompress(packed) == plain
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["in.parquet", "in.parquet.gz", "out.parquet", "out.parquet.gz"]
    )


def test_parquet_from_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(written(pa.table({"text": ["one"]})))))
    with open_source("-") as source:
        assert [read_rows(block, source.layout).texts for block in source.blocks()] == [["one"]]
        assert not plan_target(source.layout, labels=LABELS, prefix="role_").appendable


def test_a_column_that_is_no_text_is_refused(tmp_path):
    path = tmp_path / "in.parquet"
    path.write_bytes(written(table()))
    with (
        pytest.raises(TableUsageError, match=r"'price' holds decimal128.*not text; .*--text-column"),
        open_source(str(path), text_column="price"),
    ):
        pass


@pytest.mark.parametrize("content", [b"PAR1 and no more", b"id,text\n1,words\n", b""])
def test_what_is_no_parquet_is_refused(tmp_path, content):
    path = tmp_path / "in.parquet"
    path.write_bytes(content)
    with pytest.raises(TableError, match="no Parquet file, or it is damaged"), open_source(str(path)):
        pass


def test_damage_behind_readable_rows_is_one_clear_error(tmp_path):
    content = bytearray(written(table(), row_group_size=100, compression="gzip"))
    middle = pq.ParquetFile(pa.BufferReader(bytes(content))).metadata.row_group(5).column(0).data_page_offset
    content[middle : middle + 60] = b"\xff" * 60
    path = tmp_path / "in.parquet"
    path.write_bytes(content)
    rows = 0
    with open_source(str(path)) as source, pytest.raises(TableError, match="damaged"):
        for block in source.blocks(2000):
            rows += len(read_rows(block, source.layout).texts)
    assert 0 < rows <= 500


def test_parquet_needs_its_package(tmp_path, monkeypatch):
    path = tmp_path / "in.parquet"
    path.write_bytes(written(table()))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"reading Parquet needs .*roleclassify\[parquet\]"):
        open_source(str(path)).__enter__()
    path.write_bytes(b"id,text\n1,words\n")
    with open_source(str(path), form="csv") as source, pytest.raises(MissingExtraError, match="writing Parquet"):
        plan_target(source.layout, labels=LABELS, prefix="role_", form="parquet")
