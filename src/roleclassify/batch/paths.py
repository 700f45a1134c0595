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
    refuse_wrong_target(output, "--output")
    if are_same(output, Path(source)):
        raise TableUsageError(str(output), "it is the input itself", "name another --output")


def refuse_wrong_target(path: Path, option: str) -> None:
    """Raise TableUsageError when a path that an option names is no place for a file to be put or replaced."""
    try:
        folder = path.resolve().parent
    except (OSError, RuntimeError) as error:
        raise TableUsageError(str(path), "it is a link that leads nowhere", f"name another {option}") from error
    if path.is_dir():
        raise TableUsageError(str(path), "it is a folder", f"name a file with {option}")
    if path.exists() and not path.is_file():
        raise TableUsageError(str(path), "it is no regular file", f"name another {option}, or leave it away")
    if not folder.is_dir():
        raise TableUsageError(str(path), "there is no such folder", f"make it first, or name another {option}")


def are_same(path: Path, other: Path) -> bool:
    """Say whether two paths lead to one file, be it there already or not."""
    if path.exists() and other.exists():
        return path.samefile(other)
    return path.resolve() == other.resolve()


def part_folder(output: Path) -> Path:
    """Where the run that writes ``output`` keeps what it has finished."""
    # A link stays one: the file that it leads to is replaced, which must be on the same disk.
    place = output.resolve() if output.is_symlink() else output
    return place.with_name(f"{place.name}.part")
