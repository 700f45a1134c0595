"""ODT: every text once, deleted and hidden text not at all."""

import io
import zipfile

import pytest

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.reading import read_bytes

NAMESPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in [
        ("office", "office"),
        ("text", "text"),
        ("table", "table"),
        ("draw", "drawing"),
        ("style", "style"),
    ]
)


def odt(body, automatic="", master="", manifest="<m/>"):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        package.writestr(
            "content.xml",
            f"<office:document-content {NAMESPACES}><office:automatic-styles>{automatic}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
        package.writestr("styles.xml", f"<office:document-styles {NAMESPACES}>{master}</office:document-styles>")
        package.writestr("META-INF/manifest.xml", manifest)
    return buffer.getvalue()


def text_of(body, **parts):
    return read_bytes(odt(body, **parts), "cv.odt").text


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("<text:p>mod<text:span>els</text:span> here</text:p>", "models here"),
        ("<text:p>a\n   b<text:s/>c<text:s text:c='3'/>d<text:tab/>e<text:line-break/>f</text:p>", "a b c   d\te\nf"),
        ("<text:p>x<text:s text:c='999999999'/>y</text:p>", "x" + " " * 100 + "y"),
        ("<text:p>a<text:bookmark/>b<text:a>link</text:a></text:p>", "ablink"),
        ("<text:p>a<office:annotation><text:p>comment</text:p></office:annotation>b</text:p>", "ab"),
        ("<text:tracked-changes><text:p>gone</text:p></text:tracked-changes><text:p>kept</text:p>", "kept"),
        (
            "<text:list><text:list-item><text:p>one</text:p></text:list-item></text:list><text:p>two</text:p>",
            "one\ntwo",
        ),
        ("<text:section><text:h>Head</text:h></text:section><text:p>body</text:p>", "Head\nbody"),
        ("<text:p>a<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>b</text:p>", "ab\nbox"),
        ("<draw:frame><draw:text-box><text:p>box</text:p></draw:text-box></draw:frame>", "box"),
        (
            "<text:p>a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>note</text:p>"
            "</text:note-body></text:note>b</text:p>",
            "ab\n\nnote",
        ),
        (
            "<table:table><table:table-row><table:table-cell><text:p>a</text:p></table:table-cell><table:table-cell/>"
            "<table:table-cell><text:p>b</text:p></table:table-cell></table:table-row></table:table>",
            "a\tb",
        ),
    ],
)
def test_body(body, text):
    assert text_of(body) == text


def test_hidden_styles_hide_their_own_family_only():
    hidden = (
        "<style:style style:name='T1' style:family='text'><style:text-properties text:display='none'/></style:style>"
    )
    body = (
        "<text:p text:style-name='T1'>seen <text:span text:style-name='T1'>hidden</text:span>too</text:p>"
        "<table:table table:style-name='T1'><table:table-row><table:table-cell><text:p>cell</text:p></table:table-cell>"
        "</table:table-row></table:table>"
    )
    assert text_of(body, automatic=hidden) == "seen too\ncell"


def test_headers_and_footers_are_read_once_each():
    master = (
        "<style:header><text:p>head</text:p></style:header><style:header-first><text:p>head</text:p></style:header-first>"
        "<style:header-style>no</style:header-style><style:footer><text:p>foot</text:p></style:footer>"
        "<text:list-header><text:p>no</text:p></text:list-header>"
    )
    assert text_of("<text:p>body</text:p>", master=master) == "head\n\nbody\n\nfoot"


def test_protected_and_damaged_files():
    for content, why in [
        (odt("<text:p>x</text:p>", manifest="<m:encryption-data xmlns:m='urn:x'/>"), "protected by a password"),
        (odt("<text:p>"), "damaged"),
        (odt("<text:p>x</text:p>")[:200], "damaged"),
        (odt("<text:section>" * 20_000 + "</text:section>" * 20_000), "nested too deeply"),
    ]:
        with pytest.raises(UnreadableDocumentError) as caught:
            read_bytes(content, "cv.odt")
        assert why in caught.value.why
