"""Input and output of a run, looked at before anything is done."""

from __future__ import annotations

from pathlib import Path

from roleclassify.errors import TableUsageError

STANDARD_INPUT = "-"


def is_file(source: str) -> bool:
    """Say whether an input is a file, which can be read again, and no stream."""
    return source != STANDARD_INPUT and Path(source).is_file()


def refuse_wrong_paths(source: str, output: Path | None, *, resume: bool) -> None:
    """Tell what is wrong with input and output before anything is done.

    Raises
    ------
    TableUsageError
        When the output is no file that can be put there, is the input itself, or the run could not be resumed.
    """
    if resume and (output is None or not is_file(source)):
        raise TableUsageError("--resume", "a stream cannot be gone back to", "name files as INPUT and --output")
    if output is None:
        return
    if output.is_dir():
        raise TableUsageError(str(output), "it is a folder", "name a file with --output")
    if output.exists() and not output.is_file():
        raise TableUsageError(str(output), "it is no regular file", "leave --output away for standard output")
    if not output.parent.is_dir():
        raise TableUsageError(str(output), "there is no such folder", "make it first, or name another --output")
    if output.exists() and Path(source).exists() and output.samefile(source):
        raise TableUsageError(str(output), "it is the input itself", "name another --output")


def part_folder(output: Path) -> Path:
    """Where the run that writes ``output`` keeps what it has finished."""
    # A link stays one: the file that it leads to is replaced, which must be on the same disk.
    place = output.resolve() if output.is_symlink() else output
    return place.with_name(f"{place.name}.part")
