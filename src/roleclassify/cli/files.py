"""Files that commands write beside what they print."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path

import click

from roleclassify.cli.entry import tell
from roleclassify.cli.options import STANDARD_INPUT
from roleclassify.errors import TableUsageError

html_option = click.option(
    "--html",
    "html",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write a page to look at or send too: one file, no scripts.",
)


def refuse_wrong_file(path: Path | None, option: str, others: Iterable[str | Path | None]) -> None:
    """Tell what is wrong with a file to be written before anything is done.

    Parameters
    ----------
    others
        Inputs and outputs that it must not replace.

    Raises
    ------
    click.UsageError
        When it is no place for a file, or one of the others.
    """
    from roleclassify.batch.paths import are_same, refuse_wrong_target

    if path is None:
        return
    if str(path) == STANDARD_INPUT:
        raise click.UsageError(f"{option} names a file; `-` is none.")
    try:
        refuse_wrong_target(path, option)
        if any(other not in (None, STANDARD_INPUT) and are_same(path, Path(str(other))) for other in others):
            raise TableUsageError(str(path), "it would replace an input or output", f"name another {option}")
    except TableUsageError as error:
        raise click.UsageError(str(error)) from error


def write_whole(path: Path, content: str) -> None:
    """Write a file whole or not at all; of a link, the file that it leads to."""
    place = path.resolve()
    try:
        with tempfile.TemporaryDirectory(prefix=".roleclassify-", dir=place.parent) as folder:
            part = Path(folder, "part")
            # A name that is no UTF-8 is written with escapes.
            part.write_bytes(content.encode("utf-8", "backslashreplace"))
            part.replace(place)
    except OSError as error:
        raise OSError(error.errno, error.strerror, str(path)) from error  # not the name of the part


def write_page(path: Path, page: str) -> None:
    """Write a page and say so."""
    write_whole(path, page)
    tell(f"wrote {path}")
