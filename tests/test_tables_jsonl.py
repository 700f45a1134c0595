"""JSON Lines in, JSON Lines out."""

from __future__ import annotations

import codecs
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclassify.batch.tables.column_kinds import fits, kind_of
from roleclassify.batch.tables.table import open_source, read_rows
from roleclassify.errors import TableError, TableUsageError
from tables import ADDED, score

ANSWER = dict(
    zip(
        ADDED,
        [
            *("near-tie", None, 0.75, 0.75, 0.25, 0.5, None, False),
            [
                {
                    "name": "tool kit",
                    "kind": "concept",
                    "role": "second-role",
                    "contribution": 0.25,
                    "features": ["tool kit", "tool"],
                },
                {"name": "it's", "kind": "term", "role": "first-role", "contribution": -0.5, "features": ["it's"]},
            ],
            None,
        ],
        strict=True,
    )
)


def scored(folder, content, **options):
    lines = score(folder, content, input_name="in.jsonl", name="out.jsonl", **options).split(b"\n")
    assert lines.pop() == b""
    return lines


def rows_of(folder, content, **options):
    path = folder / "in.jsonl"
    path.write_bytes(content)
    with open_source(str(path), **options) as source:
        return [read_rows(block, source.layout) for block in source.blocks()]


@pytest.mark.parametrize("block_bytes", [1, 30, 2**21])
def test_lines_are_kept_as_they_stand(tmp_path, block_bytes):
    lines = [
        b'{"text": "words", "n": 1.50, "n": 1e2, "deep": {"b": [1, {}], "a": null}}',
        b'{"n":12345678901234567890,"text":"caf\\u00e9 \xc3\xa9"}',
        b"{}",
        b"{  }",
        b'{"text": null }',
        b'{"text": "one\\ntwo", "x": "}"}',
    ]
    content = b"\n\n".join(lines) + b"\n \n"
    found = scored(tmp_path, content, block_bytes=block_bytes)
    ours = json.dumps(ANSWER)[1:].encode()
    for line, result in zip(lines, found, strict=True):
        inside = line[:-1]
        assert result == inside + (b"" if not json.loads(line) else b", ") + ours
        assert json.loads(result) == {**json.loads(line), **ANSWER}


def test_lines_that_cannot_be_scored_are_answered_in_their_place(tmp_path):
    broken = [b'{"text": "cut', b'["a", "list"]', b'"text"', b"nan", b'{"text": "x"} {"text": "y"}', b'"\xff\\"']
    content = b"\n".join([b'{"text": "words"}', *broken, b'{"text": ["no", "text"], "id": 7}'])
    first, *others, last = map(json.loads, scored(tmp_path, content))
    assert first == {"text": "words", **ANSWER}
    for line, result in zip(broken, others, strict=True):
        assert result.pop("role_input") == line.replace(b"\xff", "ÿ".encode()).decode()
        assert result == {**ANSWER, "role_error": "the line is no JSON object; mend it"}
    error = "'text' is a list, not text; write it as a string"
    assert last == {"text": ["no", "text"], "id": 7, **ANSWER, "role_error": error}


def test_a_list_in_the_first_line_does_not_make_an_array(tmp_path):
    (rows,) = rows_of(tmp_path, b'["a", "list"]\n{"text": "words"}\n')
    assert rows.texts == [None, "words"] and list(rows.problems) == [0]


def test_texts(tmp_path):
    content = b'{"text": "a\\ud800b"}\n{"text": null}\n{"other": 1}\n{"text": ""}\n{"text": 5}\n'
    (rows,) = rows_of(tmp_path, content)
    assert rows.texts == ["a\ufffdb", None, None, "", None]
    assert list(rows.problems) == [4]


@pytest.mark.parametrize(
    ("encoding", "mark"),
    [("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-16-be", b"")],
)
def test_encodings(tmp_path, encoding, mark):
    text = '{"text": "the café of Señor Núñez"}\n' * 3
    assert [json.loads(line)["text"] for line in scored(tmp_path, mark + text.encode(encoding))] == [
        "the café of Señor Núñez"
    ] * 3


@pytest.mark.parametrize("content", [b'\n[\n  {"text": "x"}\n]\n', b'[{"text": "x"}]', b'\xef\xbb\xbf[ {"text":'])
def test_content_tells_a_json_array_without_a_name(tmp_path, content):
    (tmp_path / "postings").write_bytes(content)
    with pytest.raises(TableError, match="JSON array"), open_source(str(tmp_path / "postings")):
        pass


def test_content_tells_json_lines_without_a_name(tmp_path):
    found = score(tmp_path, b'\n{"text": "words"}\n', input_name="postings", name="scored")
    assert json.loads(found) == {"text": "words", **ANSWER}


@pytest.mark.parametrize(
    ("content", "options", "kind", "message"),
    [
        (b'"a"\n', {}, TableError, "no JSON object"),
        (b'["a"]\n', {}, TableError, r"it is one JSON array, not JSON Lines; convert it: jq -c '\.\[\]' in\.json"),
        (b' [\n{"text": "x"},\n{"text": "y"}\n]\n', {}, TableError, "it is one JSON array"),
        (b'{\n  "text": "x"\n}\n{\n  "text": "y"\n}\n', {}, TableError, r"pretty-printed JSON .*: jq -c \. in\.json"),
        (b"", {}, TableError, "no JSON object"),
        (b'{"a": 1}\n{"b": 2}\n', {}, TableUsageError, "no column has a usual name for texts; columns: 'a', 'b'"),
        (b'{"text": "x"}', {"text_column": "body"}, TableUsageError, "no column 'body'; columns: 'text'"),
    ],
)
def test_what_is_no_table(tmp_path, content, options, kind, message):
    with pytest.raises(TableError, match=message) as raised:
        rows_of(tmp_path, content, form="jsonl", **options)
    assert type(raised.value) is kind


def test_a_name_that_is_there_already_is_refused_wherever_it_comes(tmp_path):
    with pytest.raises(TableUsageError, match="--prefix"):
        scored(tmp_path, b'{"text": "x", "role_label": 1}\n')
    later = b'{"text": "%b"}\n' % (b"words " * 400_000) + b'{"text": "x", "role_label": 1}\n'
    with pytest.raises(TableUsageError, match="--prefix"):
        scored(tmp_path, later)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=6,
)


@given(st.lists(st.dictionaries(st.text(max_size=5), JSON, max_size=4), max_size=6), st.integers(1, 60))
def test_any_objects_come_back(tmp_path_factory, objects, block_bytes):
    objects = [{"text": "words"}, *objects]
    content = "\n".join(map(json.dumps, objects)).encode()
    found = scored(tmp_path_factory.getbasetemp(), content, block_bytes=block_bytes)
    for item, line in zip(objects, found, strict=True):
        result = json.loads(line)
        assert {name: result[name] for name in item} == item
        assert list(result) == [*item, *ADDED]


KINDS = ("string", "boolean", "integer", "number", "strings")


@given(st.lists(JSON))
def test_no_kind_holds_more_of_the_values_than_the_one_that_was_found(values):
    kind = kind_of(values)
    counts = {kind: sum(fits(value, kind) for value in values if value is not None) for kind in KINDS}
    n_nested = sum(value is not None and not any(fits(value, kind) for kind in KINDS) for value in values)
    assert max(counts.values()) == counts[kind] if kind != "json" else n_nested > max(counts.values())


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "string"),
        ([None], "string"),
        (["a", None], "string"),
        ([1, 2], "integer"),
        ([True, False], "boolean"),
        ([True, 1], "boolean"),
        ([True, 1, 2], "integer"),
        ([1, "a"], "string"),
        ([1, "a", 2], "integer"),
        (["a", {}], "string"),
        (["a", {}, {}], "json"),
        ([1, 0.5], "number"),
        ([2**60, 0.5, 1.5], "number"),
        ([2**63], "json"),
        ([["a"], []], "strings"),
        ([[1]], "json"),
        ([{}], "json"),
    ],
)
def test_kinds(values, kind):
    assert kind_of(values) == kind
