"""First bytes of the files that people hand in and that hold no text to read, and what to tell them."""

from __future__ import annotations

from collections.abc import Collection

ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

Refusal = tuple[str, str]

_TO_DOCX = "save it as .docx, or convert it: soffice --headless --convert-to docx FILE"
_OCR = "run OCR first (for example ocrmypdf) and give the PDF that it writes"
_UNPACK = "unpack it and give the document inside"
_EXPORT = "export it as PDF or .docx"

_IMAGES = (
    *(b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a", b"II*\0", b"MM\0*", b"8BPS\0", b"\0\0\1\0"),
    *(b"\0\0\0\x0cjP  ", b"AT&TFORM"),
)
_ARCHIVES = (b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a\x07", b"\x28\xb5\x2f\xfd")
_PROGRAMS = (b"\x7fELF", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"\xce\xfa\xed\xfe", b"\0asm")
_DATA = (b"SQLite format 3\0", b"PAR1", b"OggS\0", b"ID3", b"fLaC", b"\xffWPC")
_IMAGE_BRANDS = (b"heic", b"heix", b"mif1", b"avif", b"msf1")


def refusal(content: bytes) -> Refusal | None:
    r"""Say why a file cannot be read and what to do, or None for content that is not known to be unreadable.

    Examples
    --------
    >>> refusal(b"\x89PNG\r\n\x1a\n....")
    ('it is an image', 'run OCR first (for example ocrmypdf) and give the PDF that it writes')
    """
    if content.startswith(_OLE):
        return _ole_refusal(content)
    if content.startswith(_IMAGES) or _is_container_image(content):
        return "it is an image", _OCR
    if content.startswith(b"%!PS"):
        return "it is PostScript", "convert it to PDF first: ps2pdf FILE"
    if content.startswith(_ARCHIVES) and not content.isascii():
        return "it is a compressed archive", _UNPACK
    is_binary = content.startswith((*_PROGRAMS, *_DATA)) and not content.isascii()
    return ("it holds binary data, not text", "give a document or a text file") if is_binary else None


def _ole_refusal(content: bytes) -> Refusal:
    """Tell old Office files apart by the stream names, which the container keeps in UTF-16."""
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "it is protected by a password", "remove the password and save it again"
    if "WordDocument".encode("utf-16-le") in content:
        return "it is an old Word document (.doc)", _TO_DOCX
    if "Workbook".encode("utf-16-le") in content:
        return "it is an old Excel workbook (.xls)", "give a document, or export the sheet as CSV and score that"
    return "it is an old Office document (.doc or the like)", _TO_DOCX


def _is_container_image(content: bytes) -> bool:
    if content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        return True
    if content.startswith(b"BM") and content[6:10] == b"\0\0\0\0":
        return True
    return content[4:8] == b"ftyp" and content[8:12] in _IMAGE_BRANDS


def zip_refusal(names: Collection[str]) -> Refusal:
    """Say what a zip file without a text document in it is.

    Examples
    --------
    >>> zip_refusal(["xl/workbook.xml"])[0]
    'it is an Excel workbook (.xlsx)'
    """
    folders = {name.partition("/")[0] for name in names}
    if "xl" in folders:
        return "it is an Excel workbook (.xlsx)", "give a document, or export the sheet as CSV and score that"
    if "ppt" in folders:
        return "it is a PowerPoint presentation (.pptx)", _EXPORT
    if "Index" in folders or "Index.zip" in names or "index.xml" in names:
        return "it is an Apple iWork document (.pages or the like)", _EXPORT
    if "META-INF/container.xml" in names:
        return "it is an e-book (.epub)", _EXPORT
    if "content.xml" in names:
        return "it is an OpenDocument file other than a text document", _EXPORT
    return "it is a zip archive", _UNPACK
