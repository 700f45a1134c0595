"""What was filled into a PDF form: it is drawn beside the page, not on it."""

from __future__ import annotations

from collections.abc import Iterator

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdfpage import PDFPage
from pdfminer.pdftypes import PDFStream, dict_value, list_value, resolve1
from pdfminer.psparser import literal_name
from pdfminer.utils import Matrix

_HIDDEN = 2


def draw_fields(page: PDFPage, interpreter: PDFPageInterpreter) -> None:
    """Draw the filled fields of a page, where the page itself has just been drawn.

    Parameters
    ----------
    page
        The page.
    interpreter
        What drew it; its device gets the fields' glyphs too.
    """
    if page.rotate % 360 != 0:
        # The fields would have to be turned with it; forms are upright.
        return
    for appearance, placed in _appearances(page):
        resources = dict_value(appearance.get("Resources", {})) or page.resources
        interpreter.render_contents(resources, [appearance], ctm=placed)


def _appearances(page: PDFPage) -> Iterator[tuple[PDFStream, Matrix]]:
    left, bottom = page.mediabox[0], page.mediabox[1]
    for reference in list_value(page.annots or []):
        field = dict_value(reference)
        if literal_name(field.get("Subtype")) != "Widget" or int(resolve1(field.get("F", 0))) & _HIDDEN:
            continue
        normal = resolve1(dict_value(field.get("AP", {})).get("N"))
        if isinstance(normal, PDFStream):
            # A tick box has a dictionary of appearances here, and no text in any.
            x, y = (float(resolve1(number)) for number in list_value(field["Rect"])[:2])
            x0, y0 = (float(resolve1(number)) for number in list_value(normal.get("BBox", [0, 0]))[:2])
            yield normal, (1, 0, 0, 1, x - x0 - left, y - y0 - bottom)
