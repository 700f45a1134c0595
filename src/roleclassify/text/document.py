"""The document: text, where it came from, and what was met while reading it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Document:
    """One resume or posting as read.

    Attributes
    ----------
    text
        The text; every span in a result is an offset into it.
    source
        Where it came from, as the user named it (``-`` is standard input).
    format
        ``text``, ``markdown``, ``html``, ``pdf``, ``docx``, ``odt`` or ``rtf``.
    pages
        Number of pages, where the format has pages.
    warnings
        What was met while reading, one line each, without any of the document's text.
    """

    text: str
    source: str = "-"
    format: str = "text"
    pages: int | None = None
    warnings: tuple[str, ...] = ()

    @property
    def characters(self) -> int:
        """Number of characters of the text."""
        return len(self.text)
