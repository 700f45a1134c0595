"""Read one document: take its bytes, tell its format, hand it to the reader of that format."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.document import Document
from roleclassify.text.reading.detection import Format, detect

STANDARD_INPUT = "-"

# No resume or posting comes near this; reading on would only let a log file or /dev/zero fill the memory.
MAX_BYTES = 64 * 2**20


def read(path: str | os.PathLike[str]) -> Document:
    """Read a file, or standard input for ``-``.

    Parameters
    ----------
    path
        A text, Markdown, HTML, PDF, DOCX, ODT or RTF file. Its content decides which, then its name.

    Returns
    -------
    Document
        The text, with ``source`` the path as given. An empty file gives an empty text.

    Raises
    ------
    UnreadableDocumentError
        Missing, not permitted, protected by a password, without a text layer, damaged, or not a document.
    """
    source = os.fspath(path)
    if source == STANDARD_INPUT:
        return read_bytes(_standard_input(), source)
    try:
        with Path(source).open("rb") as file:
            content = _bounded(file.read, source)
    except FileNotFoundError as error:
        raise UnreadableDocumentError(source, "no such file", "check the path") from error
    except IsADirectoryError as error:
        raise UnreadableDocumentError(source, "it is a folder", "name a file, or add --recursive") from error
    except PermissionError as error:
        # Windows reports a folder as a permission problem.
        why = "it is a folder" if Path(source).is_dir() else "no permission to read it"
        raise UnreadableDocumentError(source, why, "name a file that you may read") from error
    except (OSError, ValueError) as error:
        # ValueError: a path with a NUL in it.
        why = getattr(error, "strerror", None) or "not a valid path"
        raise UnreadableDocumentError(source, f"it cannot be opened ({why.lower()})", "check the path") from error
    return read_bytes(content, source)


def read_bytes(data: bytes, name: str) -> Document:
    r"""Read a document that is in memory already.

    Parameters
    ----------
    data
        The whole file.
    name
        Its name: the ``source`` of the result, and the hint where the content does not tell the format.

    Returns
    -------
    Document
        The text and what was met while reading it.

    Raises
    ------
    UnreadableDocumentError
        As for `read`, short of what concerns paths.

    Examples
    --------
    >>> read_bytes(b"Builds models\r\nin Python.", "cv.txt").text
    'Builds models\nin Python.'
    >>> read_bytes(b"# Ana", "cv.md").format
    'markdown'
    """
    if len(data) > MAX_BYTES:
        raise _too_large(name)
    kind = detect(data, name)
    if not data.strip():
        # Nothing to parse: an empty file named .pdf is an empty document, not a damaged one.
        return Document(text="", source=name, format=kind)
    return _reader(kind)(data, name)


def _standard_input() -> bytes:
    remedy = "name a file, or pipe a document in"
    if sys.stdin is None:
        raise UnreadableDocumentError(STANDARD_INPUT, "standard input is closed", remedy)
    try:
        return _bounded(sys.stdin.buffer.read, STANDARD_INPUT)
    except OSError as error:
        why = f"standard input cannot be read ({error.strerror or 'not open for reading'})"
        raise UnreadableDocumentError(STANDARD_INPUT, why, remedy) from error


def _bounded(read_upto: Callable[[int], bytes], source: str) -> bytes:
    """Stop at the limit whatever the file's size is said to be: a pipe or a device has none."""
    content = read_upto(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise _too_large(source)
    return content


def _too_large(source: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(source, f"larger than {MAX_BYTES // 2**20} MB", "give one document a file")


def _reader(kind: Format) -> Callable[[bytes, str], Document]:
    """Import the one reader needed: plain text must not wait for the PDF library."""
    if kind == "pdf":
        from roleclassify.text.reading.pdf import read_pdf

        return read_pdf
    if kind == "docx":
        from roleclassify.text.reading.docx import read_docx

        return read_docx
    if kind == "odt":
        from roleclassify.text.reading.odt import read_odt

        return read_odt
    if kind == "rtf":
        from roleclassify.text.reading.rtf import read_rtf

        return read_rtf
    if kind == "html":
        from roleclassify.text.reading.html import read_html

        return read_html
    from roleclassify.text.reading.plain import read_markdown, read_text

    return read_markdown if kind == "markdown" else read_text
