"""Compressed input and output."""

from __future__ import annotations

import bz2
import gzip
import io
import sys

import pyarrow as pa
import pytest

from roleclassify.batch.tables.compression import compression_of_content
from roleclassify.batch.tables.table import open_source, plan_target, read_rows
from roleclassify.errors import MissingExtraError, TableError
from tables import LABELS, score

CONTENT = b"id,text\n" + b"".join(b"%d,some words of row %d\n" % (n, n * n) for n in range(12_000))


def zstd(content):
    return pa.Codec("zstd").compress(content, asbytes=True)


def unzstd(content):
    return pa.CompressedInputStream(pa.BufferReader(content), "zstd").read()


PACK = {"gz": gzip.compress, "bz2": bz2.compress, "zst": zstd}
UNPACK = {"gz": gzip.decompress, "bz2": bz2.decompress, "zst": unzstd}


@pytest.mark.parametrize("kind", PACK)
def test_compressed_tables_come_back(tmp_path, kind):
    plain = score(tmp_path, CONTENT, block_bytes=2**16)
    packed = score(tmp_path, PACK[kind](CONTENT), name=f"out.csv.{kind}", block_bytes=2**16)
    assert compression_of_content(packed) == kind
    assert UNPACK[kind](packed) == plain
    again = score(tmp_path, PACK[kind](CONTENT), name=f"out.csv.{kind}", block_bytes=2**16)
    assert again == packed


@pytest.mark.parametrize("kind", PACK)
def test_members_one_after_the_other_are_one_table(tmp_path, kind):
    pack = PACK[kind]
    middle = len(CONTENT) // 2
    packed = pack(CONTENT[:middle]) + pack(b"") + pack(CONTENT[middle:])
    assert score(tmp_path, packed, input_name="in.csv.any") == score(tmp_path, CONTENT)


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("damage", ["cut short", "changed"])
def test_damaged_input_is_one_clear_error_behind_the_blocks_before_it(tmp_path, kind, damage):
    half = CONTENT[: len(CONTENT) // 2]
    content = PACK[kind](half) + PACK[kind](CONTENT[len(half) :])
    place = len(PACK[kind](half)) + 40
    content = content[:-30] if damage == "cut short" else content[:place] + b"\x55\xaa" * 30 + content[place + 60 :]
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    rows = 0
    with open_source(str(path)) as source, pytest.raises(TableError, match="compression is damaged or cut short"):
        for block in source.blocks(2**14):
            rows += len(read_rows(block, source.layout).texts)
    assert rows > 3_000


def test_a_header_that_looks_like_bzip2_is_a_header(tmp_path):
    assert score(tmp_path, b"BZh9,text\n1,words\n").startswith(b"BZh9,text,role_label")


@pytest.mark.parametrize("kind", PACK)
def test_a_table_without_rows_is_a_valid_file(tmp_path, kind):
    packed = score(tmp_path, b"id,text\n", name=f"out.jsonl.{kind}")
    assert packed and UNPACK[kind](packed) == b""


def test_zstd_needs_its_package(tmp_path, monkeypatch):
    path = tmp_path / "in.csv"
    path.write_bytes(zstd(CONTENT))
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtraError, match=r"roleclassify\[parquet\]"), open_source(str(path)):
        pass
    path.write_bytes(CONTENT)
    with open_source(str(path)) as source, pytest.raises(MissingExtraError):
        plan_target(source.layout, labels=LABELS, prefix="role_", path="out.csv.zst")


@pytest.mark.parametrize("packed", [CONTENT, gzip.compress(CONTENT)])
def test_standard_input(monkeypatch, tmp_path, packed):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(packed)))
    with open_source("-") as source:
        assert source.size is None
        blocks = list(source.blocks())
    assert b"".join(block.content for block in blocks) == CONTENT.removeprefix(b"id,text\n")
    assert blocks[-1].position == len(packed)


def test_position_and_line_of_blocks(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(CONTENT)
    with open_source(str(path)) as source:
        assert source.size == len(CONTENT)
        blocks = list(source.blocks(50_000))
    lines = [CONTENT[: CONTENT.index(block.content)].count(b"\n") + 1 for block in blocks]
    assert [block.line for block in blocks] == lines
    assert [block.position for block in blocks] == sorted(block.position for block in blocks)
    assert blocks[-1].position == len(CONTENT)


@pytest.mark.parametrize(
    ("content", "message"),
    [(None, "there is no such file"), (b"PK\x03\x04" + b"xl/workbook.xml", "it holds no text; export the table")],
)
def test_what_is_no_table(tmp_path, content, message):
    path = tmp_path / "in.csv"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(TableError, match=message), open_source(str(path)):
        pass
