"""Whatever is done to a file, it gives a document or an error of ours, in one line and soon."""

import random
import time
import warnings
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.document import Document
from roleclassify.text.reading import read_bytes

DOCUMENTS = sorted(path for path in (Path(__file__).parent / "documents").iterdir() if path.suffix != ".json")
SECONDS = 20.0


def outcome(content, name):
    """Read, and hold the result to what every result promises."""
    started = time.monotonic()
    try:
        document = read_bytes(content, name)
    except UnreadableDocumentError as error:
        assert "\n" not in str(error)
        return error
    finally:
        assert time.monotonic() - started < SECONDS
    assert isinstance(document, Document)
    document.text.encode("utf-8")
    assert not set(document.text) & {chr(code) for code in range(32)} - {"\n", "\t"}
    assert all("\n" not in warning for warning in document.warnings)
    return document


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_damaged_files_never_break_out(path):
    content = path.read_bytes()
    chance = random.Random(path.name)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for _ in range(6):
            outcome(content[: chance.randrange(len(content))], path.name)
            outcome(content[chance.randrange(len(content)) :], path.name)
        for n_flips in (1, 3, 10, 30, 100, 300):
            flipped = bytearray(content)
            for _ in range(n_flips):
                flipped[chance.randrange(len(flipped))] = chance.randrange(256)
            outcome(bytes(flipped), path.name)


@given(st.binary(max_size=400), st.sampled_from(["cv", "cv.txt", "cv.html", "cv.pdf", "cv.docx", "cv.md"]))
def test_any_bytes(content, name):
    outcome(content, name)


@settings(max_examples=60)
@given(
    st.sampled_from(
        [b"%PDF-1.4\n", b"{\\rtf1 ", b"PK\x03\x04", b"<html>", b"\xff\xfe", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"]
    ),
    st.binary(max_size=300),
)
def test_any_bytes_behind_a_signature(signature, content):
    outcome(signature + content, "cv")


@given(
    st.lists(
        st.sampled_from(
            [
                "{",
                "}",
                "\\par ",
                "\\u",
                "\\uc",
                "-7",
                "99999",
                "\\'",
                "e9",
                "\\bin",
                "\\*",
                "\\header ",
                "\\fonttbl",
                "\\f1",
                "\\fcharset",
                "\\ansicpg",
                "\\v ",
                "x ",
                "\\",
                "\n",
                "\\cell",
                "\\fldinst ",
                "\\pict",
            ]
        ),
        max_size=40,
    )
)
def test_any_rtf(tokens):
    outcome(("{\\rtf1 " + "".join(tokens)).encode(), "cv.rtf")


@given(
    st.lists(
        st.sampled_from(
            [
                "<",
                ">",
                "</",
                "p",
                "div",
                "table",
                "td",
                "li",
                "script",
                "pre",
                "a",
                " href='",
                '"',
                "!--",
                "-->",
                "![",
                "CDATA[",
                "]]>",
                "&",
                "#x",
                "D800;",
                " hidden",
                " ",
                "\n",
                "x",
                "?",
                "=",
                "/",
                "nav",
                "textarea",
            ]
        ),
        max_size=60,
    )
)
def test_any_html(tokens):
    outcome(("<html>" + "".join(tokens)).encode(), "cv.html")
