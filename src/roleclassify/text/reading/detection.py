"""Tell a file's format from its content, and from its name only where any text would look alike."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Literal

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.reading import signatures
from roleclassify.text.reading.charset import decode, looks_binary

Format = Literal["text", "markdown", "html", "pdf", "docx", "odt", "rtf"]

_BY_SUFFIX: dict[str, Format] = {
    ".md": "markdown",
    ".markdown": "markdown",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
    ".pdf": "pdf",
    ".docx": "docx",
    ".odt": "odt",
    ".rtf": "rtf",
}
_HEAD = 2048
_HTML_PAGE = re.compile(r"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
_HTML_FRAGMENT = re.compile(
    r"\s*<(?:article|div|h[1-6]|link|main|meta|ol|p|script|section|span|strong|style|table|title|ul)\b[^<>]*>", re.I
)
_PDF_OBJECT = re.compile(rb"\d\s+obj\b|startxref|endobj")


def detect(content: bytes, name: str) -> Format:
    """Tell the format of a document.

    Parameters
    ----------
    content
        The whole file.
    name
        Its name, asked last.

    Returns
    -------
    str
        One of the formats that can be read.

    Raises
    ------
    UnreadableDocumentError
        The content is not a document that can be read: an image, an archive, a spreadsheet, a program ...

    Examples
    --------
    >>> detect(b"%PDF-1.7 ...", "resume.txt"), detect(b"<!DOCTYPE html><p>Hi", "resume"), detect(b"# Hi", "resume.md")
    ('pdf', 'html', 'markdown')
    """
    by_name = _BY_SUFFIX.get(PurePath(name).suffix.lower())
    if not content.strip():
        return by_name or "text"
    if _is_pdf(content):
        return "pdf"
    if content[:_HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{\\rtf"):
        return "rtf"
    if content.startswith(signatures.ZIP):
        return _zipped(content, name)
    known = signatures.refusal(content)
    if known is not None:
        raise UnreadableDocumentError(name, *known)
    if looks_binary(content):
        raise UnreadableDocumentError(name, "it holds binary data, not text", "give a document or a text file")
    return _textual(content, by_name)


def _is_pdf(content: bytes) -> bool:
    head = content[:_HEAD].lstrip(b"\xef\xbb\xbf\0 \t\r\n")
    if head.startswith(b"%PDF-"):
        return True
    # Mail gateways put lines before the header; a text about the format has the mark but no objects.
    return b"%PDF-" in content[:_HEAD] and _PDF_OBJECT.search(content) is not None


def _zipped(content: bytes, name: str) -> Format:
    # Imported here, as plain text needs none of it.
    from roleclassify.text.reading.archive import Archive

    names = Archive(content, name).names
    if "word/document.xml" in names or any(part.startswith("word/document") for part in names):
        return "docx"
    if "content.xml" in names and Archive(content, name).is_text_document():
        return "odt"
    why, remedy = signatures.zip_refusal(names)
    raise UnreadableDocumentError(name, why, remedy)


def _textual(content: bytes, by_name: Format | None) -> Format:
    """Tell HTML from text; what was named otherwise but holds text is text."""
    head = decode(content[:_HEAD]).text
    if _HTML_PAGE.match(head) or by_name == "html":
        return "html"
    if by_name == "markdown":
        # Markdown may begin with a piece of HTML.
        return "markdown"
    return "html" if _HTML_FRAGMENT.match(head) and b"</" in content else "text"
