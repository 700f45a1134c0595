"""Formats are told by content first; what cannot be read is refused in one line that says what to do."""

import gzip
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.reading import read, read_bytes

DOCUMENTS = Path(__file__).parent / "documents"
EXPECTED = json.loads((DOCUMENTS / "expected.json").read_text("utf-8"))
LIBRARIES = {"pdfminer", "defusedxml", "striprtf", "charset_normalizer", "numpy", "scipy", "sklearn", "spacy"}


@pytest.mark.parametrize("name", EXPECTED)
def test_document_reads_as_expected(name):
    expected = EXPECTED[name]
    document = read(DOCUMENTS / name)
    assert document.source == str(DOCUMENTS / name)
    assert (document.format, document.pages) == (expected["format"], expected["pages"])
    assert list(document.warnings) == expected["warnings"]
    assert [part for part in expected["present"] if part not in document.text] == []
    assert [part for part in expected["absent"] if part in document.text] == []
    markers = expected.get("once_in_order", [])
    assert [document.text.count(marker) for marker in markers] == [1] * len(markers)
    places = [document.text.index(marker) for marker in markers]
    assert places == sorted(places)


def test_every_readable_document_has_expectations():
    refused = {"encrypted.pdf", "scanned.pdf", "legacy.doc", "photo.png", "sheet.xlsx", "expected.json"}
    assert {path.name for path in DOCUMENTS.iterdir()} - refused == set(EXPECTED)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_name_does_not_matter_where_content_tells(name):
    if EXPECTED[name]["format"] in {"text", "markdown"}:
        pytest.skip("any text looks alike")
    content = (DOCUMENTS / name).read_bytes()
    for misnamed in ("resume", "resume.txt", "resume.bin", "resume.md" if not name.endswith(".html") else "resume.TXT"):
        assert read_bytes(content, misnamed).format == EXPECTED[name]["format"]


def zipped(*names):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, b"application/vnd.oasis.opendocument.spreadsheet" if name == "mimetype" else b"<x/>")
    return buffer.getvalue()


REFUSED = {
    "encrypted pdf": ((DOCUMENTS / "encrypted.pdf").read_bytes(), "protected by a password", "remove the password"),
    "scan": ((DOCUMENTS / "scanned.pdf").read_bytes(), "no text layer on any of its 1 pages", "ocrmypdf"),
    "doc": ((DOCUMENTS / "legacy.doc").read_bytes(), "old Word document", "soffice --headless --convert-to docx"),
    "png": ((DOCUMENTS / "photo.png").read_bytes(), "it is an image", "ocrmypdf"),
    "xlsx": ((DOCUMENTS / "sheet.xlsx").read_bytes(), "Excel workbook", "CSV"),
    "jpeg": (b"\xff\xd8\xff\xe0\0\x10JFIF" + bytes(50), "it is an image", "OCR"),
    "tiff": (b"II*\0" + bytes(50), "it is an image", "OCR"),
    "webp": (b"RIFF\x24\0\0\0WEBPVP8 " + bytes(50), "it is an image", "OCR"),
    "heic": (b"\0\0\0\x18ftypheic" + bytes(50), "it is an image", "OCR"),
    "pptx": (zipped("ppt/presentation.xml"), "PowerPoint", "PDF or .docx"),
    "epub": (zipped("mimetype", "META-INF/container.xml"), "e-book", "PDF or .docx"),
    "pages": (zipped("Index/Document.iwa", "Metadata/Properties.plist"), "iWork", "PDF or .docx"),
    "ods": (zipped("mimetype", "content.xml"), "OpenDocument file other than a text", "PDF or .docx"),
    "zip": (zipped("resume.txt"), "zip archive", "unpack"),
    "gzip": (gzip.compress(b"text" * 20), "compressed archive", "unpack"),
    "program": (b"\x7fELF\x02\x01\x01" + bytes(range(256)), "binary data", "document"),
    "rubbish": (bytes(range(256)) * 9, "binary data", "document"),
    "encrypted office": (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(90) + "EncryptedPackage".encode("utf-16-le"),
        "protected by a password",
        "remove the password",
    ),
    "postscript": (b"%!PS-Adobe-3.0\n", "PostScript", "ps2pdf"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_unreadable_content_is_refused_in_one_line(case):
    content, why, remedy = REFUSED[case]
    for name in ("cv", "cv.txt", "cv.pdf"):
        with pytest.raises(UnreadableDocumentError) as caught:
            read_bytes(content, name)
        message = str(caught.value)
        assert message.startswith(f"{name}: ") and "\n" not in message
        assert why in caught.value.why and remedy in caught.value.remedy


@pytest.mark.parametrize("suffix", ["txt", "md", "html", "pdf", "docx", "odt", "rtf"])
@pytest.mark.parametrize("content", [b"", b" \r\n\t \n"])
def test_empty_files_are_empty_documents(suffix, content):
    document = read_bytes(content, f"cv.{suffix}")
    assert (document.text, document.warnings) == ("", ())


def test_unreadable_paths(tmp_path):
    for path, why in [
        (tmp_path / "missing.pdf", "no such file"),
        (tmp_path, "it is a folder"),
        ("nul\0byte", "cannot be opened"),
        (tmp_path / "x" / ("y" * 300), "no such file" if sys.platform == "win32" else ""),
    ]:
        with pytest.raises(UnreadableDocumentError) as caught:
            read(path)
        assert why in caught.value.why and "\n" not in caught.value.why


def test_permission_problem_is_one_line(tmp_path, monkeypatch):
    path = tmp_path / "cv.txt"
    path.write_text("x")

    def refuse(*_args, **_kwargs):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(UnreadableDocumentError, match="no permission"):
        read(path)


def test_standard_input_is_read_as_bytes(monkeypatch):
    class Stdin:
        buffer = io.BytesIO((DOCUMENTS / "latex_ligatures.pdf").read_bytes())

    monkeypatch.setattr(sys, "stdin", Stdin)
    document = read("-")
    assert (document.source, document.format) == ("-", "pdf")


def test_too_large_a_file_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("roleclassify.text.reading.reader.MAX_BYTES", 10)
    path = tmp_path / "cv.txt"
    path.write_bytes(b"0123456789")
    assert read(path).text == "0123456789"
    path.write_bytes(b"0123456789a")
    with pytest.raises(UnreadableDocumentError, match="larger than"):
        read(path)
    with pytest.raises(UnreadableDocumentError, match="larger than"):
        read_bytes(b"0123456789a", "cv")


def test_text_that_talks_about_a_format_is_text():
    assert read_bytes(b"The header of a PDF is %PDF-1.7, as everyone knows.", "notes").format == "text"
    assert read_bytes(b"MZ is how programs begin", "notes").format == "text"
    assert read_bytes(b"<3 data, a < b and b > c", "notes").format == "text"
    assert read_bytes(b"<p align=center>Logo</p>\n\n# Title", "README.md").format == "markdown"
    assert read_bytes(b"<div><p>Title</p></div>", "export.txt").format == "html"


def modules_after(code):
    script = f"import sys\n{code}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    finished = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return LIBRARIES & set(finished.stdout.split())


def test_libraries_are_imported_for_their_format_only():
    assert modules_after("import roleclassify.text.reading") == set()
    text = "from roleclassify.text.reading import read_bytes; read_bytes(b'plain', 'cv.txt')"
    assert modules_after(text) == set()
    assert modules_after(text + "; read_bytes(b'<html><p>x', 'cv')") == set()
    docx = f"from roleclassify.text.reading import read; read({str(DOCUMENTS / 'resume.docx')!r})"
    assert modules_after(docx) == {"defusedxml"}
