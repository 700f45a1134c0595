"""Pieces of lines into reading order: a column to its end before the next, a row of a table from left to right."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from roleclassify.text.reading.pdf_lines import Piece

_MIN_LINES = 4  # fewer lines side by side are an address beside a name, or a table
_GUTTER = 0.5  # narrowest gap between columns, as a share of the font's size
_SAME_START = 1.0  # points
_MIN_STARTS = 3
_ALIGNED_SHARE = 0.9
_SPARSE_SHARE = 0.25  # headings in the margin, against the lines beside them
_PAIRED_SHARE = 0.9
_LABEL_SHARE = 0.6
_SHORT = 16  # characters: a date, a place, a cell
_CELL_GAP = 2.0  # wider than the spaces of justified text, as a share of the font's size
_PARAGRAPH_GAP = 0.75  # extra room between lines, as a share of the font's size
_INDENT = 3.0
_MAX_DEPTH = 12
_MAX_PIECES = 3000  # more are a drawing, and the search takes their square


@dataclass(frozen=True, slots=True)
class Line:
    """A line as it will be printed.

    ``opens_paragraph`` says that there is room above it; ``goes_on`` that the next line begins below its last cell, so
    that a word broken at its end ends there.
    """

    text: str
    opens_paragraph: bool
    goes_on: bool


def ordered_lines(pieces: list[Piece]) -> list[Line]:
    """Put the pieces of a page, all of one direction, into reading order.

    Parameters
    ----------
    pieces
        Pieces of lines in any order.

    Returns
    -------
    list of Line
        Lines from the first to the last; pieces far apart on one line are separated by a tab.
    """
    lines: list[Line] = []
    for block in _blocks(sorted(pieces, key=lambda piece: (-piece.y, piece.x0)), 0):
        rows = [_cells(row) for row in _rows(block)]
        for number, row in enumerate(rows):
            opens = number == 0 or _is_apart(rows[number - 1], row)
            goes_on = number + 1 < len(rows) and _is_above(row, rows[number + 1][0])
            lines.append(Line("\t".join(cell.text for cell in row), opens, goes_on))
    return lines


def _cells(row: list[Piece]) -> list[Piece]:
    """Join the pieces of a row that are no further apart than words of a justified line."""
    cells: list[Piece] = []
    for piece in row:
        last = cells[-1] if cells else None
        if last is not None and piece.x0 - last.x1 < _CELL_GAP * max(piece.size, last.size):
            joined = f"{last.text} {piece.text}"
            cells[-1] = Piece(last.x0, max(last.x1, piece.x1), last.y, max(last.size, piece.size), [], joined)
        else:
            cells.append(piece)
    return cells


def _is_above(row: list[Piece], below: Piece) -> bool:
    last = row[-1]
    return (
        below.x0 < last.x1 and last.x0 < below.x1 and (len(row) == 1 or abs(below.x0 - last.x0) < _INDENT * last.size)
    )


@dataclass(frozen=True, slots=True)
class _Cut:
    """A gap between columns: the pieces above, left of, right of and below it."""

    above: list[Piece]
    left: list[Piece]
    right: list[Piece]
    below: list[Piece]

    @property
    def score(self) -> float:
        """How much text is side by side."""
        return min(_height(self.left), _height(self.right))


def _blocks(pieces: list[Piece], depth: int) -> Iterator[list[Piece]]:
    is_worthwhile = depth < _MAX_DEPTH and 2 * _MIN_LINES <= len(pieces) <= _MAX_PIECES
    cut = _best_cut(pieces) if is_worthwhile else None
    if cut is None:
        if pieces:
            yield pieces
        return
    for part in (cut.above, cut.left, cut.right, cut.below):
        yield from _blocks(part, depth + 1)


def _best_cut(pieces: list[Piece]) -> _Cut | None:
    """Try each place where several lines begin below each other: that is where a column does."""
    starts = sorted(piece.x0 for piece in pieces)
    places: list[float] = []
    for number, start in enumerate(starts[: len(starts) - _MIN_STARTS + 1]):
        if starts[number + _MIN_STARTS - 1] - start < _SAME_START and (not places or start - places[-1] > _SAME_START):
            places.append(start)
    cuts = [cut for place in places for cut in _cuts_at(pieces, place)]
    return max(cuts, key=lambda cut: cut.score, default=None)


def _cuts_at(pieces: list[Piece], place: float) -> Iterator[_Cut]:
    """Find the stretches of the page over which nothing crosses a vertical line just left of a place."""
    crossing = {id(piece) for piece in pieces if piece.x0 < place - 0.5 and piece.x1 > place - _GUTTER * piece.size}
    edges = [number for number, piece in enumerate(pieces) if id(piece) in crossing]
    for start, end in zip([-1, *edges], [*edges, len(pieces)], strict=True):
        between = pieces[start + 1 : end]
        left = [piece for piece in between if piece.x1 < place]
        right = [piece for piece in between if piece.x1 >= place]
        if len(left) >= _MIN_LINES and len(right) >= _MIN_LINES and _are_columns(left, right):
            yield _Cut(pieces[: start + 1], left, right, pieces[end:])


def _are_columns(left: list[Piece], right: list[Piece]) -> bool:
    """Tell columns of text from the columns of a table, and from dates and headings set beside what they are about."""
    if not _overlap(left, right):
        return False
    few, many = sorted((_base_lines(left), _base_lines(right)), key=len)
    beside = [y for y in many if few[-1] <= y <= few[0]]
    if len(few) < max(_MIN_LINES, _SPARSE_SHARE * len(beside)):
        return False
    limit = 0.15 * left[0].size
    n_aligned = sum(any(abs(y - other) < limit for other in many) for y in few)
    if n_aligned < _ALIGNED_SHARE * len(few):
        return True
    lengths = [sum(len(piece.text) for piece in side) / len(_base_lines(side)) for side in (left, right)]
    if min(lengths) > _SHORT:
        return True
    # Set on one grid: cells pair off, labels are fewer than the lines that they label, and a sidebar does neither.
    few_is_short = (len(_base_lines(left)) < len(_base_lines(right))) == (lengths[0] < lengths[1])
    share = len(few) / len(beside)
    return share < _PAIRED_SHARE and not (few_is_short and share < _LABEL_SHARE)


def _base_lines(pieces: list[Piece]) -> list[float]:
    """List where the lines stand, from the top."""
    lines: list[float] = []
    for piece in pieces:
        if not lines or lines[-1] - piece.y > 0.3 * piece.size:
            lines.append(piece.y)
    return lines


def _overlap(left: list[Piece], right: list[Piece]) -> bool:
    shared = min(left[0].y, right[0].y) - max(left[-1].y, right[-1].y)
    return shared > 0.3 * min(_height(left), _height(right))


def _height(pieces: list[Piece]) -> float:
    return pieces[0].y - pieces[-1].y


def _rows(pieces: list[Piece]) -> Iterator[list[Piece]]:
    """Group pieces that are on one line."""
    row: list[Piece] = []
    for piece in pieces:
        if row and not row[0].overlaps(piece):
            yield sorted(row, key=lambda piece: piece.x0)
            row = []
        row.append(piece)
    if row:
        yield sorted(row, key=lambda piece: piece.x0)


def _is_apart(above: list[Piece], row: list[Piece]) -> bool:
    size = max(piece.size for piece in row)
    gap = min(piece.bottom for piece in above) - max(piece.top for piece in row)
    return gap > _PARAGRAPH_GAP * size
