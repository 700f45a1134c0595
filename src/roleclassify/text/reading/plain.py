"""Plain text and Markdown: kept as they are, but for newlines and control characters."""

from __future__ import annotations

from roleclassify.text.document import Document
from roleclassify.text.reading.charset import decode
from roleclassify.text.reading.cleaning import normalize


def read_text(content: bytes, name: str) -> Document:
    """Decode plain text.

    Examples
    --------
    >>> read_text("naïve Bayes".encode(), "notes.txt").text
    'naïve Bayes'
    """
    return _read(content, name, "text")


def read_markdown(content: bytes, name: str) -> Document:
    """Decode Markdown; its marks stay, since they are readable as they are.

    Examples
    --------
    >>> read_markdown(b"- **Python**", "cv.md").text
    '- **Python**'
    """
    return _read(content, name, "markdown")


def _read(content: bytes, name: str, kind: str) -> Document:
    decoded = decode(content)
    return Document(text=normalize(decoded.text), source=name, format=kind, warnings=decoded.warnings)
