"""Fonts for pdfminer, without the tables by which a few bytes of a hostile PDF would keep it busy for hours."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pdfminer.pdffont import PDFFont
from pdfminer.pdfinterp import PDFResourceManager
from pdfminer.pdftypes import PDFStream, resolve1

# No font has more glyphs than two bytes can number.
MAX_GLYPHS = 2**16
_RANGES = re.compile(rb"begin(?:bf|cid|notdef)range(.*?)(?:end|$)", re.S)
# First and last code, and what they stand for: a code, a list or a number.
_CODE = rb"<\s*([0-9A-Fa-f]{1,16})\s*>\s*"
_RANGE = re.compile(_CODE + _CODE + rb"(?:<[^>]*>|\[[^\]]*\]|\d+)")


class BoundedFonts(PDFResourceManager):
    """pdfminer's cache of fonts, which writes every range of glyphs in a font's tables out one by one."""

    def get_font(self, objid: object, spec: Mapping[str, object]) -> PDFFont:
        """Build a font, or take the one built before; tables that cannot be true are left out."""
        kept = {key: value for key, value in spec.items() if not _is_excessive(key, resolve1(value))}
        return super().get_font(objid, kept)


def _is_excessive(key: str, value: object) -> bool:
    if key in {"W", "W2", "FirstChar"}:
        numbers = value if isinstance(value, list) else [value]
        return any(isinstance(number, int) and abs(number) > MAX_GLYPHS for number in map(resolve1, numbers))
    if key in {"ToUnicode", "Encoding"} and isinstance(value, PDFStream):
        tables = _RANGES.findall(value.get_data())
        spans = (int(last, 16) - int(first, 16) for table in tables for first, last in _RANGE.findall(table))
        return sum(span for span in spans if span > 0) > 4 * MAX_GLYPHS
    return False
