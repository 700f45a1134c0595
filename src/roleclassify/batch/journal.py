"""``OUTPUT.part``: what a run has finished, so that it can go on after an interruption.

The folder holds ``run.json`` (what the output depends on), ``output`` (the finished chunks, one after the other) and
``journal.jsonl`` (a line for each of them, such as
``{"number": 0, "size": 5120, "crc32": 907060870, "position": 4096, "tally": {...}}``). A chunk is written before its
line, and on resuming both are held against each other, so that whatever a killed program or machine left half written
is done again. OUTPUT itself is replaced at the very end.
"""

from __future__ import annotations

import contextlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roleclassify.batch.paths import part_folder
from roleclassify.batch.tally import Tally
from roleclassify.batch.workers import Chunk
from roleclassify.errors import TableError

_OWN_FILES = ("run.json", "journal.jsonl", "lock")  # and output, by itself and with a suffix
_NUMBERS = ("number", "size", "crc32", "position")


class OutputError(TableError):
    """An output that cannot be written, or an interrupted run that cannot be gone on with."""


@dataclass(frozen=True, slots=True)
class _Entry:
    """A line of the journal."""

    number: int
    size: int
    crc32: int
    position: int
    tally: Tally

    @classmethod
    def of(cls, chunk: Chunk) -> _Entry:
        return cls(chunk.number, len(chunk.content), zlib.crc32(chunk.content), chunk.position, chunk.tally)

    def to_line(self) -> bytes:
        numbers = {name: getattr(self, name) for name in _NUMBERS}
        return (json.dumps({**numbers, "tally": self.tally.to_dict()}) + "\n").encode("utf-8")

    @classmethod
    def from_line(cls, line: bytes) -> _Entry | None:
        """Read a line; None where it is torn."""
        try:
            written = json.loads(line)
            number, size, crc32, position = (int(written[name]) for name in _NUMBERS)
            entry = cls(number, size, crc32, position, Tally.from_dict(written["tally"]))
        except (ValueError, KeyError, TypeError):
            return None
        return entry if entry.to_line() == line else None


class Part:
    """The part folder of the run that is under way.

    Attributes
    ----------
    folder
        ``OUTPUT.part``.
    n_chunks
        Number of finished chunks.
    position
        Where the last of them ends in the input, in bytes.
    tally
        Of all of them.
    """

    def __init__(self, folder: Path, output: Path, header: bytes, entries: Sequence[_Entry]) -> None:
        self.folder = folder
        self.n_chunks = 0
        self.position = 0
        self.tally = Tally()
        self.is_wanted = True
        self._output = output
        content, journal = folder / "output", folder / "journal.jsonl"
        content.touch()
        journal.touch()
        self._content, self._journal = content.open("rb+"), journal.open("rb+")
        self._go_on(header, entries)

    def append(self, chunk: Chunk) -> None:
        """Keep a finished chunk."""
        entry = _Entry.of(chunk)
        self._content.write(chunk.content)
        self._content.flush()
        self._journal.write(entry.to_line())
        self._journal.flush()
        self._count(entry)

    def finish(self, write: Callable[[Path, Path], None]) -> None:
        """Let ``write`` put what it makes of the file of chunks in the output's place, in one step."""
        self.close()
        write(self.folder / "output", self._output.resolve())
        self.is_wanted = False

    def discard(self) -> None:
        """Let the folder go at the end: what it holds is of no use to another run."""
        self.is_wanted = False

    def close(self) -> None:
        """Close the files."""
        self._content.close()
        self._journal.close()

    def _go_on(self, header: bytes, entries: Sequence[_Entry]) -> None:
        """Keep the longest beginning of output and journal that fit each other."""
        kept = 0
        if self._content.read(len(header)) == header:
            for entry in entries:
                content = self._content.read(entry.size)
                if len(content) < entry.size or zlib.crc32(content) != entry.crc32:
                    break
                self._count(entry)
                kept += len(entry.to_line())
        size = len(header) + sum(entry.size for entry in entries[: self.n_chunks])
        self._content.seek(0)
        self._content.write(header)
        self._content.truncate(size)
        self._content.seek(size)
        self._content.flush()
        self._journal.truncate(kept)
        self._journal.seek(kept)

    def _count(self, entry: _Entry) -> None:
        self.n_chunks += 1
        self.position = entry.position
        self.tally.add(entry.tally)


@contextmanager
def open_part(output: Path, run: Mapping[str, Any], header: bytes, *, resume: bool) -> Iterator[Part]:
    """Begin, or go on from what an interrupted run has finished; keep it when interrupted.

    Parameters
    ----------
    output
        The file that the run will write.
    run
        Everything that the output's bytes depend on, by name: plain JSON values.
    header
        What the output begins with.
    resume
        Whether to go on from an interrupted run, where there is one.

    Raises
    ------
    OutputError
        When another run is writing this output, when there is an interrupted run and ``resume`` is false, when that
        run was another, or when the folder is not of such a run.
    """
    folder = part_folder(output)
    _refuse_foreign(folder)
    folder.mkdir(exist_ok=True)
    with locked(folder, output):
        entries = _read_journal(folder)
        if not entries:
            write_run(folder, run)
        elif resume:
            refuse_another(folder, run)
        else:
            why = f"an interrupted run left {len(entries)} finished blocks here"
            raise OutputError(str(folder), why, "go on with --resume, or delete this folder to start again")
        part = Part(folder, output, header, entries)
        try:
            yield part
        finally:
            with contextlib.suppress(OSError):  # a full disk has been told of already
                part.close()
            if not part.is_wanted or part.n_chunks == 0:
                _remove(folder)


def _refuse_foreign(folder: Path) -> None:
    """Leave alone what something else made under this name, such as the parts of a run on a cluster."""
    remedy = "move it away, or name another --output"
    if folder.exists() and not folder.is_dir():
        raise OutputError(str(folder), "this name is needed for what is finished", remedy)
    # Hidden files are the system's: .DS_Store, .nfs...
    names = {path.name for path in folder.glob("[!.]*")}
    others = sorted(name for name in names if name not in _OWN_FILES and not name.startswith("output"))
    if others:
        raise OutputError(str(folder), f"it holds {others[0]}, which is of no run for this output", remedy)


@contextmanager
def locked(folder: Path, output: Path) -> Iterator[None]:
    """Hold the folder's lock; raise OutputError while another run of this output has it."""
    try:
        import fcntl
    except ImportError:  # Windows has no such lock
        yield
        return
    with (folder / "lock").open("ab") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)  # given back however the process ends
        except BlockingIOError as error:
            raise OutputError(str(output), "another run is writing it", "wait for it, or name another -o") from error
        yield


def _read_journal(folder: Path) -> list[_Entry]:
    """Read the journal up to its first torn line."""
    entries: list[_Entry] = []
    with contextlib.suppress(FileNotFoundError):
        for line in (folder / "journal.jsonl").read_bytes().splitlines(keepends=True):
            entry = _Entry.from_line(line)
            if entry is None or entry.number != len(entries):
                break
            entries.append(entry)
    return entries


def write_run(folder: Path, run: Mapping[str, Any]) -> None:
    """Write down in a part folder what the output depends on."""
    with (folder / "run.json").open("w", encoding="utf-8") as file:
        json.dump(run, file, indent=1)
        file.flush()
        os.fsync(file.fileno())


def refuse_another(folder: Path, run: Mapping[str, Any]) -> None:
    """Raise OutputError, which names the first difference, when the folder is that of another run."""
    remedy = "delete this folder to start again"
    try:
        before = dict(json.loads((folder / "run.json").read_bytes()))
    except (OSError, ValueError, TypeError) as error:
        raise OutputError(str(folder), "cannot go on: run.json cannot be read", remedy) from error
    for name, now in json.loads(json.dumps(run)).items():
        if before.get(name) != now:
            raise OutputError(str(folder), f"cannot go on: {name} was {before.get(name)}, is {now}", remedy)


def _remove(folder: Path) -> None:
    """Remove the run's own files, the journal first: without it, nothing is left to go on from."""
    for path in (folder / "journal.jsonl", *folder.glob("output*"), folder / "run.json", folder / "lock"):
        path.unlink(missing_ok=True)
    with contextlib.suppress(OSError):  # someone else's file is in there
        folder.rmdir()
