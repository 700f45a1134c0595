"""PDF, through pdfminer.six: its interpreter draws the glyphs, the layout is this package's own."""

from __future__ import annotations

import io
import logging
import re
import threading
import time
import warnings
import zlib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from pdfminer.pdfdocument import PDFDocument, PDFNoValidXRef, PDFPasswordIncorrect, PDFXRefFallback
from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser, PDFSyntaxError
from pdfminer.pdftypes import PDFStream, resolve1
from pdfminer.psexceptions import PSEOF

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.document import Document
from roleclassify.text.reading.cleaning import tidy
from roleclassify.text.reading.hyphenation import join_broken_words
from roleclassify.text.reading.pdf_fields import draw_fields
from roleclassify.text.reading.pdf_fonts import BoundedFonts
from roleclassify.text.reading.pdf_glyphs import UNKNOWN, Glyph, GlyphCollector, PageTooComplexError
from roleclassify.text.reading.pdf_lines import pieces_of
from roleclassify.text.reading.pdf_order import Line, ordered_lines
from roleclassify.text.reading.pdf_repair import repaired

MAX_PAGES = 200
MAX_SECONDS = 60.0
MAX_STREAM_BYTES = 128 * 2**20
_LETTERS = re.compile(r"[^\W\d_]+")
_GLUED_LETTERS = 25
_GLUED_SHARE = 0.005
_UNKNOWN_SHARE = 0.05
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_WIDE_ROW = re.compile(rb"/(?:Columns|Colors)\s+\d{7,}")
_ESCAPED_SPACE = re.compile(rb"(?<!\\)((?:\\\\)*)\\ ")

# What pdfminer raises where the index at the end of the file is missing or leads nowhere.
_NO_INDEX = (PDFSyntaxError, PDFNoValidXRef, PSEOF)

_quiet_lock = threading.Lock()
_quiet_depth = 0
# A control character, of which no text from the page has any left.
_NO_JOIN = "\x1f"
_silence = logging.NullHandler()


@dataclass(slots=True)
class _Progress:
    """What was met while reading the pages."""

    n_pages: int = 0
    n_without_text: int = 0
    n_failed: int = 0
    n_glyphs: int = 0
    n_unknown: int = 0
    is_cut: bool = False
    is_encrypted: bool = False
    is_damaged: bool = False
    pages: list[str] = field(default_factory=list)


def read_pdf(content: bytes, name: str) -> Document:
    """Read a PDF's text layer.

    Parameters
    ----------
    content
        The whole file.
    name
        What to call it.

    Returns
    -------
    Document
        Columns one after the other, words broken at line ends made whole.

    Raises
    ------
    UnreadableDocumentError
        It needs a password, no page has a text layer, or nothing of it can be read.
    """
    _refuse_bomb(content, name)
    with _quiet():
        progress = _read_pages(content, name)
    if progress.n_failed == progress.n_pages:
        raise _damaged(name)
    text, met = tidy(join_broken_words("\n\n".join(progress.pages)).replace(UNKNOWN, " "))
    if not text:
        raise UnreadableDocumentError(
            name,
            f"no text layer on any of its {progress.n_pages} pages: a scan or a picture",
            "run OCR first (for example ocrmypdf) and give the PDF that it writes",
        )
    found = (*_warnings(progress, text), *met)
    return Document(text=text, source=name, format="pdf", pages=progress.n_pages, warnings=found)


def _read_pages(content: bytes, name: str) -> _Progress:
    """Read all pages; where the file's index is lost, those that can be found without it."""
    try:
        return _attempt(content, name)
    except UnreadableDocumentError as error:
        mended = repaired(content) if isinstance(error.__cause__, _NO_INDEX) else None
        if mended is None:
            raise
        progress = _attempt(mended, name)
        progress.is_damaged = True
        return progress


def _attempt(content: bytes, name: str) -> _Progress:
    progress = _Progress()
    deadline = time.monotonic() + MAX_SECONDS
    try:
        document = PDFDocument(PDFParser(io.BytesIO(content)))
        progress.is_encrypted = document.encryption is not None
        progress.is_damaged = any(isinstance(xref, PDFXRefFallback) for xref in document.xrefs)
        resources = BoundedFonts()
        collector = GlyphCollector(resources, deadline)
        interpreter = PDFPageInterpreter(resources, collector)
        for page in PDFPage.create_pages(document):
            if progress.n_pages >= MAX_PAGES or time.monotonic() > deadline:
                progress.is_cut = True
                break
            progress.n_pages += 1
            _read_page(page, interpreter, collector, progress)
    except PDFPasswordIncorrect as error:
        raise UnreadableDocumentError(
            name, "it is protected by a password", "remove the password and save it again"
        ) from error
    except Exception as error:
        # pdfminer meets a damaged file with whatever its parser stumbles over: TypeError, KeyError, struct.error,
        # AssertionError, RecursionError ... There is no list of them, and pages read so far are worth keeping.
        if progress.n_failed == progress.n_pages:
            raise _damaged(name) from error
        progress.is_damaged = True
    return progress


def _read_page(page: PDFPage, interpreter: PDFPageInterpreter, collector: GlyphCollector, progress: _Progress) -> None:
    try:
        _mend_escapes(page)
        interpreter.process_page(page)
        draw_fields(page, interpreter)
    except PageTooComplexError:
        progress.is_cut = True
    except Exception:
        # As above; one page that cannot be read must not take the others with it.
        progress.n_failed += not collector.glyphs
        progress.is_cut = True
    glyphs = collector.glyphs
    progress.n_glyphs += len(glyphs)
    progress.n_unknown += sum(glyph.text == UNKNOWN for glyph in glyphs)
    text = _page_text(glyphs)
    # A page left empty on purpose lacks nothing.
    progress.n_without_text += collector.has_picture and not text.replace(UNKNOWN, "").replace(_NO_JOIN, "").strip()
    progress.pages.append(text)


def _mend_escapes(page: PDFPage) -> None:
    r"""Take the needless backslash off an escaped space: pdfminer drops both, and glues the words."""
    for reference in page.contents:
        stream = resolve1(reference)
        if isinstance(stream, PDFStream):
            drawn = stream.get_data()
            if b"\\ " in drawn:
                stream.data = _ESCAPED_SPACE.sub(rb"\1 ", drawn)


def _page_text(glyphs: list[Glyph]) -> str:
    """Lay out a page: the direction that most of its text runs in first, then what is set sideways."""
    by_turn: defaultdict[int, list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        by_turn[glyph.turn].append(glyph)
    blocks: list[str] = []
    for turned in sorted(by_turn.values(), key=len, reverse=True):
        blocks.append(_layout(ordered_lines(pieces_of(turned))))
    return "\n\n".join(block for block in blocks if block.strip(_NO_JOIN))


def _layout(lines: list[Line]) -> str:
    parts = []
    for line in lines:
        parts.append("\n\n" if line.opens_paragraph else "\n")
        parts.append(line.text)
        if not line.goes_on:
            # Keeps a hyphen at the end from being joined with what is beside, not below; cleaning takes it out.
            parts.append(_NO_JOIN)
    return "".join(parts).strip("\n")


def _warnings(progress: _Progress, text: str) -> Iterator[str]:
    if progress.is_encrypted:
        yield "encrypted (opened with an empty password)"
    if progress.is_damaged or progress.n_failed:
        yield "truncated (file damaged; what could be read was)"
    elif progress.is_cut:
        yield f"truncated (too long or too complex; {len(progress.pages)} pages were read)"
    if progress.n_without_text:
        yield f"no text layer on {progress.n_without_text} of {progress.n_pages} pages"
    words = _LETTERS.findall(text)
    n_glued = sum(len(word) > _GLUED_LETTERS for word in words)
    if n_glued > max(1, _GLUED_SHARE * len(words)):
        yield f"words glued together ({n_glued} of {len(words)} words are longer than {_GLUED_LETTERS} letters)"
    if progress.n_unknown > _UNKNOWN_SHARE * progress.n_glyphs:
        share = progress.n_unknown / progress.n_glyphs
        yield f"{share:.0%} of the letters have no meaning in their font and were replaced by spaces"


def _damaged(name: str) -> UnreadableDocumentError:
    return UnreadableDocumentError(name, "the PDF is damaged or cut short", "get it again, or print it to a new PDF")


def _refuse_bomb(content: bytes, name: str) -> None:
    """Inflate large streams piece by piece first: pdfminer would hold all of a bomb in memory at once."""
    if _WIDE_ROW.search(content):
        # pdfminer would make a list of that length before looking at what there is to fill it with.
        raise _damaged(name)
    for match in _STREAM.finditer(content):
        end = content.find(b"endstream", match.end())
        packed = content[match.end() : end if end >= 0 else len(content)]
        # Pictures are not unpacked, and a page scanned in colour is large.
        if len(packed) * 1032 < MAX_STREAM_BYTES or _IMAGE.search(content, max(0, match.start() - 1000), match.start()):
            continue
        if _inflates_beyond(packed, MAX_STREAM_BYTES):
            raise UnreadableDocumentError(name, "it unpacks to far more than a document would", "print it to a new PDF")


def _inflates_beyond(packed: bytes, limit: int) -> bool:
    inflater = zlib.decompressobj()
    total = 0
    rest = packed
    try:
        while rest and total <= limit and not inflater.eof:
            total += len(inflater.decompress(rest, 2**20))
            rest = inflater.unconsumed_tail
    except zlib.error:
        # Not deflated, such as a JPEG picture.
        return False
    return total > limit


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep pdfminer's messages, which quote the file, out of every log, for as long as a PDF is being read."""
    global _quiet_depth  # noqa: PLW0603 - several threads may read; the last one out restores
    logger = logging.getLogger("pdfminer")
    with _quiet_lock:
        _quiet_depth += 1
        logger.addHandler(_silence)
        logger.propagate = False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        with _quiet_lock:
            _quiet_depth -= 1
            if _quiet_depth == 0:
                logger.removeHandler(_silence)
                logger.propagate = True
