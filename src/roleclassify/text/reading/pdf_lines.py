"""Glyphs into pieces of lines: which letters touch, and where a gap is a space."""

from __future__ import annotations

import statistics
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from roleclassify.text.reading.pdf_glyphs import Glyph

# All of these are shares of the font's size.
WORD_GAP = 0.1  # the narrowest space: pdftotext's figure, and justified LaTeX stays above it
PIECE_GAP = 0.6  # narrower than the gap between columns; justified text may be wider, and is joined again by rows
OVERLAP = 0.5  # how far a letter may be drawn back over the one before: italics, kerning, accents
ASCENT, DESCENT = 0.75, 0.2
_MAX_SIZE_RATIO = 2.2  # a superscript beside its word, small capitals beside their initial
_SAME_PLACE = 0.1  # text drawn twice to look bold
_SPACED_OUT_SHARE = 0.7
_ALL_SPACED_OUT_SHARE = 0.9
_SPACE = 0.22
_MIN_GAPS = 4
# Acute, grave, diaeresis, circumflex, tilde, caron and cedilla: each by itself, and as it goes onto a letter.
_ACCENTS = dict(zip("\xb4\x60\xa8\u02c6\u02dc\u02c7\xb8", "\u0301\u0300\u0308\u0302\u0303\u030c\u0327", strict=True))


@dataclass(slots=True)
class Piece:
    """A stretch of one line without a gap as wide as between columns."""

    x0: float
    x1: float
    y: float
    size: float
    glyphs: list[Glyph]
    text: str = ""

    @property
    def top(self) -> float:
        """Where its tallest letters end."""
        return self.y + ASCENT * self.size

    @property
    def bottom(self) -> float:
        """Where its lowest letters end."""
        return self.y - DESCENT * self.size

    def overlaps(self, other: Piece) -> bool:
        """Say whether both are on one line: half of the lower one's height is shared."""
        shared = min(self.top, other.top) - max(self.bottom, other.bottom)
        return shared > 0.5 * min(self.top - self.bottom, other.top - other.bottom)


def pieces_of(glyphs: list[Glyph]) -> list[Piece]:
    """Put glyphs of one direction together into pieces of lines, whatever order they were drawn in.

    Parameters
    ----------
    glyphs
        Glyphs with one ``turn``.

    Returns
    -------
    list of Piece
        With their text, in no order; pieces of blanks only are left out.
    """
    _mend_sizes(glyphs)
    pieces = _joined(_runs(_drawn_once(glyphs)))
    tracked: dict[tuple[int, int], float] = {}
    for piece in pieces:
        piece.glyphs = _composed(piece.glyphs)
        tracking = _tracking(piece.glyphs)
        if tracking is not None:
            tracked[_place(piece)] = tracking
    for piece in pieces:
        piece.text = _text(piece.glyphs, tracked.get(_place(piece), 0.0))
    return [piece for piece in pieces if piece.text]


def _mend_sizes(glyphs: list[Glyph]) -> None:
    """Estimate sizes that cannot be: bitmap fonts may state a size of 1 and scale up later."""
    by_size: defaultdict[float, list[float]] = defaultdict(list)
    for glyph in glyphs:
        if not glyph.is_blank:
            by_size[round(glyph.size, 2)].append(glyph.x1 - glyph.x0)
    mended = {}
    for size, widths in by_size.items():
        width = statistics.median(widths)
        if width > 1.5 * size or (0 < width < 0.12 * size and len(widths) > 20):
            mended[size] = 2 * width
    for glyph in glyphs if mended else ():
        glyph.size = mended.get(round(glyph.size, 2), glyph.size)


def _drawn_once(glyphs: Iterable[Glyph]) -> Iterator[Glyph]:
    """Leave out letters drawn again in the same place, which is how some programs make bold and shadows."""
    seen: defaultdict[tuple[str, int, int], list[Glyph]] = defaultdict(list)
    for glyph in glyphs:
        if glyph.is_blank:
            yield glyph
            continue
        column, row = int(glyph.x0 // glyph.size), int(glyph.y // glyph.size)
        near = (
            twin
            for across in (column - 1, column, column + 1)
            for down in (row - 1, row, row + 1)
            for twin in seen.get((glyph.text, across, down), ())
        )
        limit = _SAME_PLACE * glyph.size
        if not any(abs(twin.x0 - glyph.x0) < limit and abs(twin.y - glyph.y) < 2 * limit for twin in near):
            seen[glyph.text, column, row].append(glyph)
            yield glyph


def _runs(glyphs: Iterable[Glyph]) -> list[Piece]:
    """Follow the order of drawing as long as each glyph goes on where the one before ended."""
    runs: list[Piece] = []
    run: Piece | None = None
    for glyph in glyphs:
        if run is not None and _continues(run, glyph):
            run.glyphs.append(glyph)
            run.x0 = min(run.x0, glyph.x0)
            run.x1 = max(run.x1, glyph.x1)
        else:
            run = Piece(glyph.x0, glyph.x1, glyph.y, glyph.size, [glyph])
            runs.append(run)
    return [trimmed for run in runs if (trimmed := _trimmed(run)) is not None]


def _continues(run: Piece, glyph: Glyph) -> bool:
    last = run.glyphs[-1]
    if abs(glyph.y - run.y) > 0.05 * run.size or not 0.8 < glyph.size / run.size < 1.25:
        return False
    return -OVERLAP * run.size < glyph.x0 - last.x1 < PIECE_GAP * run.size and glyph.x0 >= last.x0


def _trimmed(run: Piece) -> Piece | None:
    """Cut blanks at both ends off: trailing spaces would bridge the gap to the next column."""
    first, last = 0, len(run.glyphs)
    while first < last and run.glyphs[first].is_blank:
        first += 1
    while last > first and run.glyphs[last - 1].is_blank:
        last -= 1
    if first == last:
        return None
    kept = run.glyphs[first:last]
    return Piece(kept[0].x0, max(glyph.x1 for glyph in kept), run.y, run.size, kept)


def _joined(runs: list[Piece]) -> list[Piece]:
    """Join runs that are side by side on one line, from left to right."""
    pieces: list[Piece] = []
    by_band: defaultdict[int, list[Piece]] = defaultdict(list)
    if not runs:
        return []
    # One huge letter must not put all of the page into one band.
    band = min(max(run.size for run in runs), 4 * statistics.median(run.size for run in runs))
    for run in sorted(runs, key=lambda run: run.x0):
        row = int(run.y // band)
        near = [piece for place in (row - 1, row, row + 1) for piece in by_band[place] if _adjoin(piece, run)]
        if near:
            piece = min(near, key=lambda piece: (abs(piece.y - run.y) > 0.1 * run.size, abs(run.x0 - piece.x1)))
            piece.glyphs.extend(run.glyphs)
            piece.x1 = max(piece.x1, run.x1)
            if run.size > piece.size:
                # A superscript may come first; the line is that of the larger letters.
                by_band[int(piece.y // band)].remove(piece)
                piece.y, piece.size = run.y, run.size
                by_band[row].append(piece)
        else:
            pieces.append(run)
            by_band[row].append(run)
    return pieces


def _adjoin(left: Piece, right: Piece) -> bool:
    smaller, larger = sorted((left.size, right.size))
    if larger > _MAX_SIZE_RATIO * smaller or not left.overlaps(right):
        return False
    return -OVERLAP * larger < right.x0 - left.x1 < PIECE_GAP * smaller


def _place(piece: Piece) -> tuple[int, int]:
    """Name the line and the size: a short word's spacing is known from its neighbours only."""
    return round(piece.y), round(4 * piece.size)


def _text(glyphs: list[Glyph], tracking: float) -> str:
    """Write a piece out, with a space for each gap that is wider than those between its letters."""
    parts = [glyphs[0].text]
    end, last_size = glyphs[0].x1, glyphs[0].size
    for glyph in glyphs[1:]:
        limit = (tracking + WORD_GAP) * min(glyph.size, last_size)
        if glyph.x0 - end > limit and not glyph.is_blank and not parts[-1].endswith((" ", "\t")):
            parts.append(" ")
        if glyph.text:
            parts.append(" " if glyph.is_blank else glyph.text)
        end = max(end, glyph.x1)
        last_size = last_size if glyph.is_blank else glyph.size
    return " ".join("".join(parts).split(" ")).strip()


def _tracking(glyphs: list[Glyph]) -> float | None:
    """Measure by how much the letters are spaced out on purpose, as in many headings; None where it cannot be told."""
    gaps = [
        (right.x0 - left.x1) / right.size
        for left, right in pairwise(glyphs)
        # Leaders ("Skills . . . . 2") are spaced out too, and say nothing about the letters beside them.
        if left.text.isalnum() and right.text.isalnum()
    ]
    n_wide = sum(gap > WORD_GAP for gap in gaps)
    if len(gaps) < _MIN_GAPS or n_wide < _SPACED_OUT_SHARE * len(gaps):
        return None
    tracking = statistics.median(gaps)
    # As wide as a space, it may be one: a list of single letters has words of touching letters in between.
    return tracking if tracking < _SPACE or n_wide > _ALL_SPACED_OUT_SHARE * len(gaps) else None


def _composed(glyphs: list[Glyph]) -> list[Glyph]:
    """Put accents that were drawn by themselves, over or under a letter, back onto it."""
    if not any(glyph.text in _ACCENTS for glyph in glyphs):
        return glyphs
    kept: list[Glyph] = []
    pending: Glyph | None = None
    for glyph in glyphs:
        if pending is not None and glyph.text.isalpha() and _is_over(pending, glyph):
            kept.remove(pending)
            glyph.text = unicodedata.normalize("NFC", glyph.text + _ACCENTS[pending.text])
            kept.append(glyph)
            pending = None
        elif glyph.text in _ACCENTS and kept and kept[-1].text.isalpha() and _is_over(glyph, kept[-1]):
            kept[-1].text = unicodedata.normalize("NFC", kept[-1].text + _ACCENTS[glyph.text])
        else:
            kept.append(glyph)
            pending = glyph if glyph.text in _ACCENTS else None
    return kept


def _is_over(accent: Glyph, letter: Glyph) -> bool:
    shared = min(accent.x1, letter.x1) - max(accent.x0, letter.x0)
    return shared > 0.4 * min(accent.x1 - accent.x0, letter.x1 - letter.x0)
