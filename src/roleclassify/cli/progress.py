"""How far a run over a table is, on standard error."""

from __future__ import annotations

import itertools
import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Any

import click

from roleclassify.cli.entry import tell, unheard_if_closed
from roleclassify.rendering.run_summary import ragged_row

if TYPE_CHECKING:
    from roleclassify.batch.run import Progress

_MOST_RAGGED = 10
"""Ragged rows that are named one by one; the others are counted."""

_CLEAR_LINE = "\r\x1b[K"


class ProgressReport:
    """Shows a bar where standard error is a terminal, and names ragged rows; called at each step of the run.

    Parameters
    ----------
    source
        Name of the input.
    is_quiet
        Show nothing at all.
    has_bar
        Whether a bar may be drawn.
    """

    def __init__(self, source: str, *, is_quiet: bool, has_bar: bool) -> None:
        self._source = source
        self._is_quiet = is_quiet
        self._has_bar = has_bar and not is_quiet
        self._bar: Any = None
        self._position = 0
        self._n_ragged = 0
        self._started = time.monotonic()

    def __enter__(self) -> ProgressReport:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if self._bar is not None:
            with unheard_if_closed():
                self._bar.__exit__(kind, error, traceback)
        if self._n_ragged > _MOST_RAGGED and not self._is_quiet:
            tell(f"{self._source}: and {self._n_ragged - _MOST_RAGGED:,} more such rows")

    def __call__(self, progress: Progress) -> None:
        """Show it."""
        if not self._is_quiet:
            start = _CLEAR_LINE if self._bar is not None else ""
            for line, n_cells in progress.ragged[: max(0, _MOST_RAGGED - self._n_ragged)]:
                tell(start + ragged_row(progress.source or self._source, line, n_cells))
        self._n_ragged += progress.n_ragged
        if self._has_bar:
            with unheard_if_closed():
                self._draw(progress)

    def _draw(self, progress: Progress) -> None:
        if self._bar is None:
            self._bar = _bar(progress)
            self._bar.__enter__()
            self._position = progress.position
        rows_per_second = progress.rows / max(time.monotonic() - self._started, 1e-9)
        self._bar.update(progress.position - self._position, f"{progress.rows:,} rows, {rows_per_second:,.0f} rows/s")
        self._position = progress.position


def _bar(start: Progress) -> Any:  # noqa: ANN401  # click has no public name for it
    """Make a bar over the bytes that are left; of unknown size, one that only shows that something is going on."""
    if start.size is None:
        return click.progressbar(itertools.repeat(None), file=sys.stderr, item_show_func=lambda shown: shown)
    return click.progressbar(
        # What an earlier run has done is left out: the time left is judged by the speed of this one.
        length=start.size - start.position,
        label=f"going on from {start.position / start.size:.0%}" if start.position else None,
        file=sys.stderr,
        item_show_func=lambda shown: shown,
    )
