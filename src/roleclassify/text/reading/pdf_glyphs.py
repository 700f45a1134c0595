"""Glyphs of a PDF page as pdfminer draws them: what each says, where it stands and which way it runs."""

from __future__ import annotations

import math
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass

from pdfminer.pdfcolor import PDFColorSpace
from pdfminer.pdfdevice import PDFTextDevice
from pdfminer.pdffont import PDFFont, PDFUnicodeNotDefined
from pdfminer.pdfinterp import PDFGraphicState, PDFResourceManager
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream
from pdfminer.psparser import PSLiteral
from pdfminer.utils import Matrix, PathSegment, Rect, apply_matrix_rect, decode_text

# Stands for a glyph whose font does not say which character it is; later it becomes a space.
UNKNOWN = "\N{REPLACEMENT CHARACTER}"
# A page of the smallest print holds 20,000; drawings made of letters hold millions.
MAX_GLYPHS = 50_000
MAX_FIGURE_DEPTH = 20
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")


class PageTooComplexError(Exception):
    """A page with more glyphs, deeper figures or more work than a document's page would have."""


@dataclass(slots=True)
class Glyph:
    """One drawn character, in a frame that is turned so that its text runs to the right and lines go down.

    ``x0`` and ``x1`` are its start and its end, ``y`` its base line (growing upwards), ``size`` the font's size, all
    in points; ``turn`` is the number of quarter turns that were undone.
    """

    text: str
    x0: float
    x1: float
    y: float
    size: float
    turn: int

    @property
    def is_blank(self) -> bool:
        """Whether it draws nothing."""
        return not self.text or self.text.isspace()


class GlyphCollector(PDFTextDevice):
    """A device for pdfminer that keeps glyphs and ignores all else.

    Parameters
    ----------
    resources
        pdfminer's cache of fonts.
    deadline
        The `time.monotonic` after which drawing stops.
    """

    def __init__(self, resources: PDFResourceManager, deadline: float) -> None:
        super().__init__(resources)
        self._deadline = deadline
        self._bounds: Rect = (0, 0, 0, 0)
        self._depth = 0
        # For each open tag: the text that stands for its glyphs, and the number of the first of them.
        self._tags: list[tuple[str | None, int]] = []
        self.glyphs: list[Glyph] = []
        self.has_picture = False

    def begin_page(self, page: PDFPage, ctm: Matrix) -> None:
        """Start anew; what is drawn outside of the page is not seen and not kept."""
        self._bounds = apply_matrix_rect(ctm, page.mediabox)
        self._depth = 0
        self._tags = []
        self.glyphs = []
        self.has_picture = False

    def begin_figure(self, name: str, bbox: Rect, matrix: Matrix) -> None:
        """Follow figures, since many programs draw whole pages inside one, but not endlessly."""
        self._depth += 1
        if self._depth > MAX_FIGURE_DEPTH or time.monotonic() > self._deadline:
            raise PageTooComplexError

    def end_figure(self, name: str) -> None:
        """Leave a figure."""
        self._depth -= 1

    def begin_tag(self, tag: PSLiteral, props: object = None) -> None:
        """Note the text that the file says the next glyphs stand for."""
        actual = props.get("ActualText") if isinstance(props, dict) else None
        self._tags.append((decode_text(actual) if isinstance(actual, bytes) else None, len(self.glyphs)))

    def end_tag(self) -> None:
        """Let the stated text take the place of the glyphs, where they are on one line."""
        actual, first = self._tags.pop() if self._tags else (None, 0)
        spanned = self.glyphs[first:]
        if actual is None or not spanned or any(abs(glyph.y - spanned[0].y) > 0.1 for glyph in spanned):
            return
        for glyph in spanned:
            glyph.text = ""
        spanned[0].text = actual

    def do_tag(self, tag: PSLiteral, props: object = None) -> None:
        """Ignore marks without content."""

    def render_image(self, name: str, stream: PDFStream) -> None:
        """Note that there is a picture: it may be a scan."""
        self.has_picture = True

    def paint_path(
        self, gstate: PDFGraphicState, stroke: bool, fill: bool, evenodd: bool, path: Sequence[PathSegment]
    ) -> None:
        """Ignore drawings, but for curves, which may be letters turned into outlines."""
        self.has_picture = self.has_picture or any(step[0] == "c" for step in path)

    def render_char(
        self,
        matrix: Matrix,
        font: PDFFont,
        fontsize: float,
        scaling: float,
        rise: float,
        cid: int,
        ncs: PDFColorSpace,
        graphicstate: PDFGraphicState,
    ) -> float:
        """Keep a glyph and say how far the next one is, in text space."""
        text = _text(font, cid)
        advance = _width(font, cid, text) * fontsize * scaling
        if len(self.glyphs) >= MAX_GLYPHS or (len(self.glyphs) % 256 == 0 and time.monotonic() > self._deadline):
            raise PageTooComplexError
        if font.is_vertical():
            self._keep_vertical(matrix, fontsize, text)
            return advance
        a, b, c, d, e, f = matrix
        turn = round(math.atan2(b, a) / (math.pi / 2)) % 4 if a or b else 0
        start, base = _turned(e + c * rise, f + d * rise, turn)
        end, _ = _turned(e + c * rise + a * advance, f + d * rise + b * advance, turn)
        size = abs(fontsize) * math.hypot(c, d)
        self._keep(Glyph(text, min(start, end), max(start, end), base, size, turn), e, f)
        return advance

    def _keep_vertical(self, matrix: Matrix, fontsize: float, text: str) -> None:
        """Take a letter of a column of letters for a line of its own; such text is rare in resumes."""
        _, _, c, d, e, f = matrix
        size = abs(fontsize) * math.hypot(c, d)
        self._keep(Glyph(text, e - size / 2, e + size / 2, f - size, size, 0), e, f)

    def _keep(self, glyph: Glyph, x: float, y: float) -> None:
        x0, y0, x1, y1 = self._bounds
        slack = glyph.size
        if glyph.size > 0 and x0 - slack <= x <= x1 + slack and y0 - slack <= y <= y1 + slack:
            self.glyphs.append(glyph)


def _text(font: PDFFont, cid: int) -> str:
    try:
        text = font.to_unichr(cid)
    except PDFUnicodeNotDefined:
        return UNKNOWN
    return _NOT_TEXT.sub("", text) if isinstance(text, str) else UNKNOWN


def _width(font: PDFFont, cid: int, text: str) -> float:
    """Find a width for ligatures of the standard fonts: pdfminer looks those up by character, of which "fi" has two."""
    width = font.char_width(cid)
    if width == 0 and len(text) > 1:
        return sum(_number(font.widths.get(character)) for character in text) * font.hscale
    return width


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _turned(x: float, y: float, turn: int) -> tuple[float, float]:
    """Undo a number of quarter turns."""
    if turn == 1:
        return y, -x
    if turn == 2:
        return -x, -y
    if turn == 3:
        return -y, x
    return x, y
