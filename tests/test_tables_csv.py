"""CSV in, CSV out: every record and cell comes back."""

from __future__ import annotations

import codecs
import csv
import io
import itertools
import pickle
import random
import sys
from types import SimpleNamespace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from roleclassify.batch.tables import csv_records
from roleclassify.batch.tables.csv_cells import Dialect, line_of, unquoted
from roleclassify.batch.tables.csv_records import begun_records, last_record_end, open_quote, read_records, scan
from roleclassify.batch.tables.stream import Stream
from roleclassify.batch.tables.table import open_source, plan_target, read_rows
from roleclassify.errors import TableError, TableUsageError
from tables import ADDED, LABELS, answers_for, score

ANSWER = ["near-tie", "", "0.75", "0.75", "0.25", "0.5", "", "false", "tool kit +0.25; it's -0.50", ""]


def cells_of(content: bytes, encoding="utf-8-sig", **dialect):
    csv.field_size_limit(2**31)
    return list(csv.reader(io.StringIO(content.decode(encoding, "surrogateescape"), newline=""), **dialect))


def expected(rows, n_columns):
    """The rows of a scored table: short ones filled up, cells behind the last column after ours."""
    filled = [row + [""] * (n_columns - len(row)) for row in rows if row or n_columns == 1]
    filled = [row or [""] for row in filled]
    return [row[:n_columns] + ANSWER + row[n_columns:] for row in filled]


AWKWARD = {
    "simple": "id,text\n1,plain\n2,words\n",
    "simple crlf": "id,text\r\n1,plain\r\n2,words\r\n",
    "comma in quotes": 'name,text,place\nAda,"one, two",Bath\n',
    "empty cells": 'text,b,c\n1,"",""\n2,3,4\n',
    "empty cells crlf": 'text,b,c\r\n1,"",""\r\n2,3,4\r\n',
    "doubled quotes": 'id,text\n1,"ha ""ha"" ha"\n3,"""quoted"""\n',
    "json inside": 'id,text\n1,"{""kind"": ""point"", ""at"": [10.5, 1.25], ""said"": ""a \\""b\\""""}"\n',
    "newlines": 'text,b,c\n1,2,3\n"once\nupon ",5,6\n7,8,9\n',
    "newlines crlf": 'text,b,c\r\n1,2,3\r\n"once\r\nupon ",5,6\r\n7,8,9\r\n',
    "quotes and newlines": 'id,text\n1,"ha \n""ha"" \nha"\n3,4\n',
    "utf-8": "id,text\n1,ʤ Größe 数据 😀\n2,señal\n",
    "coordinates": 'place,text\n"51°30\'26""N, 0°7\'39""W",Westminster\n',
    "no final newline": "id,text\n1,plain",
    "quoted cell at the very end": 'id,text\n1,"plain"',
    "header only": "id,text\n",
    "header without newline": "id,text",
    "one column": "text\nplain\n\nwords\n",
    "one quoted column": 'text\n"one, two; three"\n"four"\n',
    "blank lines": "id,text\n\n1,plain\n\r\n\n2,words\n\n",
    "blank lines before the header": "\n\r\nid,text\n1,plain\n",
    "line ends of CR": "id,text\r1,plain\r2,words\r",
    "line ends of all kinds": "id,text\r\n1,plain\r2,words\n3,more\r\n",
    "embedded NUL": "id,text\n1,nul \0 here\n2,words\n",
    "bare quote": 'id,text,b\n1,a 5" pipe,x\n2,"one, two",y\n3,plain,z\n',
    "text behind a closing quote": 'id,text,b\n1,"one" two,x\n2,"one, two",y\n',
    "short and long rows": "id,text,b\n1\n2,words,x,more,still\n3,plain,x\n4,\n",
    "delimiter at line ends": "id,text,\n1,plain,\n2,words,\n",
    "header twice": "text,b,b\nplain,1,2\n",
    "empty name": ",text\n0,plain\n1,words\n",
    "newline in the header": '"job\nid",text\n1,plain\n',
    "formulas are the user's own": 'id,text\n=1+1,@cmd\n+1,-2\n"=""x""",\'\n',
    "long cells": f'id,text\n1,"{"word, " * 30_000}"\n2,{"x" * 140_000}\n',
    "blanks around quotes": 'id,text\n1, "one, two"\n2,words\n',
    "quotes alone": 'id,text\n"",""\n"""",""""""\n',
}


@pytest.mark.parametrize("block_bytes", [1, 7, 64, 2**21])
@pytest.mark.parametrize("content", AWKWARD.values(), ids=AWKWARD.keys())
def test_every_row_and_cell_comes_back(tmp_path, content, block_bytes):
    whole = [row for row in cells_of(content.encode()) if row] if content.startswith(("\n", "id,", "\r")) else None
    header, *rows = whole or cells_of(content.encode())
    scored = cells_of(score(tmp_path, content.encode(), block_bytes=block_bytes))
    assert scored == [header + ADDED, *expected(rows, len(header))]


@pytest.mark.parametrize(
    ("delimiter", "content"),
    [
        (";", "id;text\n1;one, two\n2;three, four, five\n"),
        (";", 'id;text;b\n1;"one; two, three";x\n2;words, more;y\n'),
        ("\t", "id\ttext\n1\tone, two; three\n2\twords\n"),
        ("|", "id|text\n1|one, two; three\n2|words\n"),
        (",", "id,text\n1,one; two; three\n2,words; more\n"),
        (",", 'id,text\n1,"one, two; three|four"\n2,"a;b;c"\n'),
        (",", "notes;more,text\n1,words\n"),
        (";", "id;text\n"),
        (",", "id,text\n1\n2,a,b,c\n3,x\n4\n"),
    ],
)
def test_the_delimiter_is_told_from_the_rows(tmp_path, delimiter, content):
    header, *rows = cells_of(content.encode(), delimiter=delimiter)
    scored = cells_of(score(tmp_path, content.encode()), delimiter=delimiter)
    assert scored == [header + ADDED, *expected(rows, len(header))]


def test_commas_in_one_column_without_quotes_do_not_divide_it(tmp_path):
    content = b"text\none, two, three\nfour, five\n"
    assert cells_of(score(tmp_path, content)) == [
        ["text", *ADDED],
        ["one, two, three", *ANSWER],
        ["four, five", *ANSWER],
    ]


def test_single_quotes_count_only_where_rows_need_them(tmp_path):
    quoted = b"id,text,b\n1,'one, two',x\n2,'it''s three, four',y\n"
    assert cells_of(score(tmp_path, quoted), quotechar="'")[1][:3] == ["1", "one, two", "x"]
    apostrophes = b"id,text,b\n1,'tis one,x\n2,'twas,y\n"
    assert cells_of(score(tmp_path, apostrophes))[1][:3] == ["1", "'tis one", "x"]


def test_backslash_escapes_are_read_and_written(tmp_path):
    content = b'id,text,b\n1,"say \\"one, two\\", now",x\n2,"a \\\\ b",y\n3,plain,z,extra \\" cell\n'
    dialect = {"escapechar": "\\"}
    header, *rows = cells_of(content, **dialect)
    assert rows[0] == ["1", 'say "one, two", now', "x"]
    scored = cells_of(score(tmp_path, content), **dialect)
    assert scored == [header + ADDED, *expected(rows, 3)]


def test_copied_rows_keep_their_bytes(tmp_path):
    content = b'id,text\r\n"1",  "words"\r\n2,"one, ""two"""\r\n'
    lines = score(tmp_path, content).split(b"\r\n")
    assert lines[1:3] != [] and lines[2].startswith(b'2,"one, ""two""",')
    copied = score(tmp_path, b'id,text\n"1","words"\n').splitlines()[1]
    assert copied.startswith(b'"1","words",near-tie,,')


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [
        ("utf-8", b""),
        ("utf-8", codecs.BOM_UTF8),
        ("utf-16-le", codecs.BOM_UTF16_LE),
        ("utf-16-be", codecs.BOM_UTF16_BE),
        ("utf-16-le", b""),
        ("cp1252", b""),
    ],
)
@pytest.mark.parametrize("block_bytes", [5, 2**21])
def test_encodings(tmp_path, encoding, mark, block_bytes):
    text = "id,text\n" + "1,the café of Señor Núñez is “good”\n2,plain words of no accent at all\n" * 40
    scored = score(tmp_path, mark + text.encode(encoding), block_bytes=block_bytes)
    assert scored.startswith(codecs.BOM_UTF8) == (bool(mark) or encoding != "utf-8")
    header, *rows = cells_of(text.encode())
    assert cells_of(scored) == [header + ADDED, *expected(rows, 2)]


def test_bytes_that_are_no_utf8_come_back_and_are_read_as_cp1252(tmp_path):
    content = "id,text\n1,señal\n2,größe\n".encode() + b"3,it\x92s\n4,a\x81b,\xff\n"
    scored = score(tmp_path, content)
    assert b"\n3,it\x92s," in scored and b"\n4,a\x81b," in scored and scored.endswith(b",\xff\n")
    with open_source(str(tmp_path / "in.csv")) as source:
        texts = [text for block in source.blocks() for text in read_rows(block, source.layout).texts]
    assert texts == ["señal", "größe", "it’s", "a\x81b"]


def test_bytes_that_cp1252_leaves_open_become_controls(tmp_path):
    content = b"id,text\n" + b"1,the caf\xe9 of many words\n" * 45_000 + b"2,caf\xe9 \x81 cr\xe8me\n"
    assert cells_of(score(tmp_path, content))[-1][1] == "café \x81 crème"


def test_the_separator_line_of_excel_is_kept_and_is_no_header(tmp_path):
    scored = score(tmp_path, b"\xef\xbb\xbfsep=;\r\nid;text\r\n1;one, two\r\n")
    first, rest = scored.removeprefix(codecs.BOM_UTF8).split(b"\r\n", 1)
    assert first == b"sep=;"
    assert cells_of(rest, delimiter=";") == [["id", "text", *ADDED], ["1", "one, two", *ANSWER]]


def test_tsv_is_written_where_it_is_asked_for(tmp_path):
    content = b'id;text\n1;"a\tb; c"\n2;words\n'
    header, *rows = cells_of(content, delimiter=";")
    for wanted in ({"name": "out.tsv"}, {"form": "tsv"}):
        scored = cells_of(score(tmp_path, content, **wanted), delimiter="\t")
        assert scored == [header + ADDED, *expected(rows, 2)]
    back = score(tmp_path, b"id\ttext\n1\tone, two\n", input_name="in.tsv", name="out.csv")
    assert cells_of(back) == [["id", "text", *ADDED], ["1", "one, two", *ANSWER]]


def test_ragged_rows_are_reported_with_their_line(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b'id,text\r\n1,"a\r\nb"\r\n2\r\n\r\n3,x,y\r\n4,z\r\n')
    for block_bytes in (4, 2**21):
        with open_source(str(path)) as source:
            blocks = list(source.blocks(block_bytes))
            ragged = [entry for block in blocks for entry in read_rows(block, source.layout).ragged]
        assert ragged == [(4, 1), (6, 3)]


@pytest.mark.parametrize(
    ("content", "column", "message"),
    [
        (b"", None, "it has no header"),
        (b"\n\n", None, "it has no header"),
        (b"a,b\n1,2\n", None, "no column has a usual name for texts; columns: 'a', 'b'; choose one with --text-column"),
        (b"text,Body \n1,2\n", None, "several columns could hold the texts; columns: 'text', 'Body '"),
        (b"a,b\n1,2\n", "c", "no column 'c'; columns: 'a', 'b'"),
        (b"a,a\n1,2\n", "a", "2 columns are named 'a'; rename one"),
    ],
)
def test_a_table_without_its_column_is_refused(tmp_path, content, column, message):
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with pytest.raises(TableError, match=message) as raised, open_source(str(path), text_column=column):
        pass
    assert str(pickle.loads(pickle.dumps(raised.value))) == str(raised.value)
    assert isinstance(raised.value, TableUsageError) == (b"a" in content or b"text" in content)


@pytest.mark.parametrize("name", ["Text", " DESCRIPTION ", "job_description", "JobDescription", "resume_text"])
def test_usual_names_of_text_columns(tmp_path, name):
    path = tmp_path / "in.csv"
    path.write_text(f"id,{name}\n1,words\n", encoding="utf-8")
    with open_source(str(path)) as source:
        assert source.layout.text_column == name
        assert [read_rows(block, source.layout).texts for block in source.blocks()] == [["words"]]


def test_a_column_that_is_there_already_is_refused(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b"text,role_label\nwords,x\n")
    with open_source(str(path)) as source:
        with pytest.raises(TableUsageError, match=r"'role_label'; .*--prefix"):
            plan_target(source.layout, labels=LABELS, prefix="role_")
        for prefix in ("", "my.role-"):
            plan_target(source.layout, labels=LABELS, prefix=prefix)
        for prefix in ("=", "-a", "1", ".x", "a b", "@"):
            with pytest.raises(TableUsageError, match="cannot begin"):
                plan_target(source.layout, labels=LABELS, prefix=prefix)


def test_our_cells_are_no_formulas(tmp_path):
    path = tmp_path / "in.csv"
    path.write_bytes(b"text\nwords\n")
    with open_source(str(path)) as source:
        target = plan_target(source.layout, labels=LABELS, prefix="role_")
        rows = read_rows(next(source.blocks()), source.layout)
    answers = answers_for(rows, label="=1", error="-2+3", piece="@sum")
    cells = cells_of(target.encode(rows, answers))[0]
    assert (cells[1], cells[-2], cells[-1]) == ("'=1", "'@sum +0.25; it's -0.50", "'-2+3")


def test_a_header_of_more_than_a_megabyte(tmp_path):
    names = [f"column {n}" for n in range(90_000)]
    path = tmp_path / "in.csv"
    path.write_text(",".join([*names, "text"]) + "\n" + "x," * 90_000 + "words\n", encoding="utf-8")
    with open_source(str(path)) as source:
        assert source.layout.columns == (*names, "text")
        (block,) = source.blocks()
        rows = read_rows(block, source.layout)
        assert (rows.texts, rows.ragged, block.line) == (["words"], [], 2)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_the_cut_does_not_depend_on_how_the_input_comes(monkeypatch, encoding):
    content = ("id,text\r\n" + '1,"one, ""é""\r\n数"\r\n2,5" pipe\r\n\r\n3\r\n' * 20).encode(encoding)
    found = []
    for seed in range(5):
        chance = random.Random(seed)
        raw = io.BytesIO(content)
        dribble = SimpleNamespace(read=lambda n, raw=raw, chance=chance: raw.read(min(n, chance.randint(1, 9))))
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=dribble if seed else raw))
        with open_source("-") as source:
            found.append([(block.number, block.content, block.line) for block in source.blocks(70)])
    assert len(found[0]) > 5 and found == [found[0]] * 5


def test_a_cell_of_fifty_megabytes(tmp_path):
    cell = "many, words " * (50 * 2**20 // 12)
    content = f'id,text\n1,"{cell}"\n2,words\n'.encode()
    path = tmp_path / "in.csv"
    path.write_bytes(content)
    with open_source(str(path)) as source:
        texts = [text for block in source.blocks() for text in read_rows(block, source.layout).texts]
    assert texts == [cell, "words"]


def rows_and_ragged(path, block_bytes):
    with open_source(str(path)) as source:
        blocks = [read_rows(block, source.layout) for block in source.blocks(block_bytes)]
    cells = [rows.cells_of(place) for rows in blocks for place in range(len(rows.texts))]
    return cells, [entry for rows in blocks for entry in rows.ragged]


@pytest.mark.parametrize("block_bytes", [1, 7, 64, 2**21])
@pytest.mark.parametrize(
    ("content", "rows", "ragged"),
    [
        ('1,hello\n2,"unterminated\n3,foo\n4,bar\n', '1,hello 2,"unterminated 3,foo 4,bar', [(3, 2)]),
        ('1,a\r\n2,"b\r\n3,""\r\n4,""\r\n', '1,a 2,"b 3, 4,', [(3, 2)]),
        ('"1\nx","b\n3,c', '1\nx,"b 3,c', [(3, 2)]),
        ('1,5"y,"b"\n2,"a,b\n3,c\n', '1,5"y,b 2,"a,b 3,c', [(2, 3), (3, 3)]),
        ('1,"one', '1,"one', [(2, 2)]),
        ('"', '"', [(2, 1)]),
    ],
)
def test_a_quote_that_is_never_closed_is_a_character(tmp_path, content, rows, ragged, block_bytes):
    (tmp_path / "in.csv").write_bytes(b"id,text\n" + content.encode())
    found, reported = rows_and_ragged(tmp_path / "in.csv", block_bytes)
    assert found == [row.split(",") for row in rows.split(" ")]
    assert reported == ragged
    scored = cells_of(score(tmp_path, b"id,text\n" + content.encode(), block_bytes=block_bytes))
    assert scored == [["id", "text", *ADDED], *expected(found, 2)]


def test_a_quote_in_the_header_that_is_never_closed(tmp_path):
    scored = cells_of(score(tmp_path, b'text,"id\nwords,1\n'))
    assert scored == [["text", '"id', *ADDED], ["words", "1", *ANSWER]]


def test_a_stray_quote_swallows_no_more_than_its_bound(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_records, "MOST_QUOTED_BYTES", 4000)
    path = tmp_path / "in.csv"
    path.write_bytes(b'id,text\n1,"oops\n' + b"2,words\n" * 3000 + b'3,"closed"\n')
    with open_source(str(path)) as source:
        blocks = list(source.blocks(500))
    assert blocks[0].content == b'1,"oops\n' and max(len(block.content) for block in blocks) <= 500
    cells, ragged = rows_and_ragged(path, 500)
    assert cells == [["1", '"oops'], *[["2", "words"]] * 3000, ["3", "closed"]]
    assert ragged == [(2, 2)]


UNQUOTED = (
    b'id\ttext\tn\n1\t"Senior" engineer for models\ta\n2\t"Big data and kubernetes\tb\n3\tplain row\tc\n'
    b'4\tother 5" row\td\n'
)


@pytest.mark.parametrize("block_bytes", [1, 2**21])
@pytest.mark.parametrize("delimiter", ["\t", "|"])
def test_quotes_that_are_not_regular_between_tabs_are_characters(tmp_path, delimiter, block_bytes):
    content = UNQUOTED.replace(b"\t", delimiter.encode())
    own = [line.split(delimiter) for line in content.decode().splitlines()]
    result = score(tmp_path, content, block_bytes=block_bytes).splitlines()
    for line, scored in zip(content.splitlines()[1:], result[1:], strict=True):
        assert scored.startswith(line + delimiter.encode())
    assert cells_of(b"\n".join(result), delimiter=delimiter, quoting=csv.QUOTE_NONE) == [
        own[0] + ADDED,
        *expected(own[1:], 3),
    ]
    path = tmp_path / f"in{'.tsv' if delimiter == chr(9) else '.csv'}"
    comma = cells_of(score(tmp_path, content, input_name=path.name, name="out.csv", form="csv"), delimiter=",")
    assert delimiter == "|" or comma == [own[0] + ADDED, *expected(own[1:], 3)]


def test_regular_quotes_between_tabs_mean_something(tmp_path):
    content = b'id\ttext\n1\t"say ""hi"""\n2\t"a\tb"\n3\t"one\ntwo"\n4\t"five" words\n'
    scored = cells_of(score(tmp_path, content), delimiter="\t")
    assert [row[1] for row in scored[1:]] == ['say "hi"', "a\tb", "one\ntwo", "five words"]


def test_cells_of_ours_hold_no_delimiter_where_nothing_is_quoted():
    dialect = Dialect("|", quote="")
    assert line_of(["a|b\nc", 'say "hi"'], dialect) == 'a b c|say "hi"'


# Properties.

DIALECTS = [
    Dialect(),
    Dialect(";", line_end="\r\n"),
    Dialect("\t", line_end="\r"),
    Dialect(",", quote="'"),
    Dialect(",", escape=True),
    Dialect("\t", quote=""),
]
GARBAGE = st.text(st.sampled_from("\",;\t\n\r\\ab'é\0 "), max_size=60).map(str.encode)


@given(GARBAGE, st.sampled_from(DIALECTS))
@example(b'a,"b\n', Dialect())
@example(b"a\\\r\nb", Dialect(escape=True))
def test_the_quick_way_agrees_with_the_csv_module(content, dialect):
    scanned = scan(content, dialect)
    if scanned is None:
        return
    found = []
    for start, end, first, n_cells in zip(scanned.starts, scanned.ends, scanned.first, scanned.n_cells, strict=True):
        bounds = [int(start) - 1, *map(int, scanned.separators[first : first + n_cells])]
        cells = [content[low + 1 : high] for low, high in itertools.pairwise(bounds)]
        assert bounds[-1] == end
        found.append([unquoted(cell, dialect).decode("latin-1") for cell in cells])
    assert found == [cells or [""] for cells, _ in read_records(content, dialect)]


@given(GARBAGE, st.sampled_from(DIALECTS))
@example(b'a,"b""', Dialect())
@example(b'a,"b\\', Dialect(escape=True))
def test_an_open_quote_is_found_where_the_csv_module_goes_on(content, dialect):
    records = list(begun_records(content, dialect))
    if records:
        start = records[-2][1] if len(records) > 1 else 0
        goes_on = len(list(begun_records(content[start:] + b"\n\nx", dialect))) == 1
        assert (open_quote(content, start, dialect) is not None) == goes_on


@given(GARBAGE, GARBAGE, st.sampled_from(DIALECTS))
def test_a_cut_is_where_a_record_ends_whatever_follows(content, rest, dialect):
    end = last_record_end(content, dialect)
    records = [cells for cells, _ in read_records(content + rest, dialect)]
    apart = [cells for part in (content[:end], content[end:] + rest) for cells, _ in read_records(part, dialect)]
    assert apart == records


CELLS = st.text(st.sampled_from("\",;\n\r\\ab'é 数"))


@given(
    st.lists(st.tuples(CELLS, CELLS), max_size=8),
    st.integers(1, 50),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_any_table_comes_back(tmp_path_factory, rows, block_bytes, line_end, quoting):
    written = io.StringIO()
    csv.writer(written, lineterminator=line_end, quoting=quoting).writerows([["id", "text"], *rows])
    header, *read = cells_of(written.getvalue().encode())
    scored = score(tmp_path_factory.getbasetemp(), written.getvalue().encode(), block_bytes=block_bytes)
    assert cells_of(scored) == [header + ADDED, *expected(read, 2)]


@given(GARBAGE, st.integers(1, 40))
def test_any_garbage_comes_back(tmp_path_factory, garbage, block_bytes):
    content = b"id,text,b\n1,one,two\n" + garbage
    scored = score(tmp_path_factory.getbasetemp(), content, block_bytes=block_bytes)
    with open_source(str(tmp_path_factory.getbasetemp() / "in.csv")) as source:
        dialect = source.layout.dialect
    header, *rows = [[cell.encode("latin-1").decode() for cell in cells] for cells, _ in read_records(content, dialect)]
    found = [[cell.encode("latin-1").decode() for cell in cells] for cells, _ in read_records(scored, dialect)]
    assert found == [header + ADDED, *expected(rows, len(header))]


@given(st.lists(st.binary(max_size=9)), st.data())
def test_a_stream_does_not_depend_on_how_its_bytes_come(parts, data):
    content = b"".join(parts)
    remaining = [part for part in parts if part]
    stream = Stream(lambda n_bytes: _some(remaining, n_bytes))
    taken = b""
    while True:
        wanted = data.draw(st.integers(1, 20))
        assert stream.peek(wanted) == content[len(taken) : len(taken) + wanted]
        found = stream.read(wanted)
        if not found:
            break
        taken += found
        assert stream.taken == len(taken)
    assert taken == content


def _some(remaining, n_bytes):
    if not remaining:
        return b""
    part = remaining.pop(0)
    if len(part) > n_bytes:
        remaining.insert(0, part[n_bytes:])
    return part[:n_bytes]
