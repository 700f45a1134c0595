"""DOCX: every text once, deleted and hidden text not at all, and nothing unpacked beyond reason."""

import io
import zipfile

import pytest

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.reading import archive, read_bytes

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
HEAD = (
    f'<w:document xmlns:w="{W}" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math">'
)


def docx(body, **parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", f"{HEAD}<w:body>{body}</w:body></w:document>")
        for name, content in parts.items():
            package.writestr(name.replace("__", "/") + ".xml", content)
    return buffer.getvalue()


def text_of(body):
    return read_bytes(docx(body), "cv.docx").text


def run(text, properties=""):
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t>{text}</w:t></w:r>"


def paragraph(*runs):
    return f"<w:p>{''.join(runs)}</w:p>"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        (run("mod") + run("els"), "models"),
        ("<w:del>" + run("old") + "</w:del><w:ins>" + run("new") + "</w:ins>", "new"),
        ("<w:moveFrom>" + run("from") + "</w:moveFrom><w:moveTo>" + run("to") + "</w:moveTo>", "to"),
        (run("seen") + run("hidden", "<w:vanish/>"), "seen"),
        (run("seen") + run("too", '<w:vanish w:val="0"/>'), "seentoo"),
        ("<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:br/><w:t>c</w:t><w:cr/><w:t>d</w:t></w:r>", "a\tb\nc\nd"),
        (
            "<w:r><w:t>on</w:t><w:noBreakHyphen/><w:t>call soft</w:t><w:softHyphen/><w:t>ware</w:t></w:r>",
            "on-call software",
        ),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0B7"/><w:t> item</w:t><w:sym w:char="00E9"/></w:r>', "• itemé"),
        ('<w:r><w:sym w:char="junk"/><w:sym/><w:sym w:char="D800"/><w:t>x</w:t></w:r>', "•x"),
        ("<w:hyperlink>" + run("link") + "</w:hyperlink><w:smartTag>" + run(" tag") + "</w:smartTag>", "link tag"),
        (
            "<w:r><w:instrText>HYPERLINK nothing</w:instrText></w:r><w:fldSimple>" + run("field") + "</w:fldSimple>",
            "field",
        ),
        ("<m:oMath><m:r><m:t>x+y</m:t></m:r></m:oMath>", "x+y"),
        (
            "<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
            + run("Click here")
            + "</w:sdtContent></w:sdt>",
            "",
        ),
        ("<w:sdt><w:sdtPr/><w:sdtContent>" + run("filled in") + "</w:sdtContent></w:sdt>", "filled in"),
        ("<w:ruby><w:rt>" + run("reading") + "</w:rt><w:rubyBase>" + run("base") + "</w:rubyBase></w:ruby>", "base"),
    ],
)
def test_inline(runs, text):
    assert text_of(paragraph(runs)) == text


def test_text_box_is_read_once_whatever_dialects_it_is_in():
    box = f"<w:txbxContent>{paragraph(run('boxed'))}</w:txbxContent>"
    old = f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback>"
    both = f"<mc:AlternateContent><mc:Choice>{box}</mc:Choice>{old}</mc:AlternateContent>"
    fallback = both.replace(f"<mc:Choice>{box}</mc:Choice>", "<mc:Choice><w:drawing/></mc:Choice>")
    for drawing in (both, fallback, f"<w:pict><v:shape><v:textbox>{box}</v:textbox></v:shape></w:pict>"):
        assert text_of(paragraph(run("before "), f"<w:r>{drawing}</w:r>", run("after"))) == "before after\nboxed"


def test_tables():
    cell = "<w:tc><w:tcPr/>{}</w:tc>".format
    row = cell(paragraph(run("a"))) + cell("<w:p/>") + cell(paragraph(run("b")))
    deleted = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph(run('gone')))}</w:tr>"
    wrapped = f"<w:sdt><w:sdtContent><w:tr>{cell(paragraph(run('c')))}</w:tr></w:sdtContent></w:sdt>"
    assert text_of(f"<w:tbl><w:tr>{row}</w:tr>{deleted}{wrapped}</w:tbl>") == "a\tb\nc"
    layout = cell(paragraph(run("left")) + paragraph(run("column"))) + cell(paragraph(run("right")))
    assert text_of(f"<w:tbl><w:tr>{layout}</w:tr></w:tbl>") == "left\ncolumn\nright"


def test_strict_namespace_and_another_name_for_the_main_part():
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="r1" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" '
        'Target="/word/document2.xml"/></Relationships>'
    )
    other = f"{HEAD}<w:body>{paragraph(run('second'))}</w:body></w:document>".replace(
        W, "http://purl.oclc.org/ooxml/wordprocessingml/main"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("_rels/.rels", relations)
        package.writestr("word/document2.xml", other)
    assert read_bytes(buffer.getvalue(), "cv").text == "second"


def error_of(content, name="cv.docx"):
    with pytest.raises(UnreadableDocumentError) as caught:
        read_bytes(content, name)
    assert "\n" not in str(caught.value)
    return caught.value.why


def test_entities_are_refused():
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + HEAD + "<w:body>&b;</w:body></w:document>"
    external = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + HEAD + "<w:body>&a;</w:body></w:document>"
    for document in (bomb, external):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as package:
            package.writestr("word/document.xml", document)
        assert "entities" in error_of(buffer.getvalue())


def test_zip_bombs_are_refused(monkeypatch):
    assert "far more" in error_of(docx("<w:p/>", filler=" " * 3_000_000))
    monkeypatch.setattr(archive, "MAX_ENTRIES", 3)
    assert "far more" in error_of(docx("<w:p/>", a="", b="", c=""))
    assert read_bytes(docx("<w:p/>", a="", b=""), "cv.docx").text == ""
    monkeypatch.setattr(archive, "MAX_XML_BYTES", 1000)
    assert "far more" in error_of(docx(paragraph(run("x" * 1000))))


def test_size_is_measured_not_believed():
    # The directory says 1 byte; what comes out is what counts.
    content = docx("<w:p/>" * 400_000)
    size = len(f"{HEAD}<w:body></w:body></w:document>") + 6 * 400_000
    assert content.count(size.to_bytes(4, "little")) == 2
    assert error_of(content.replace(size.to_bytes(4, "little"), (1).to_bytes(4, "little"))) in {
        "the file is damaged or cut short",
        "it unpacks to far more than a document would",
    }


def test_nesting_beyond_reason_is_an_error_of_ours():
    assert "nested too deeply" in error_of(
        docx("<w:p>" + "<w:smartTag>" * 20_000 + "</w:smartTag>" * 20_000 + "</w:p>")
    )


def test_damaged_files():
    content = docx(paragraph(run("text")))
    assert "damaged" in error_of(content[: len(content) // 2])
    assert "damaged" in error_of(docx("<w:p>"))
