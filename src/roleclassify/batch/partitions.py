"""Files as partitions of one input, and the folder in which their parts come together."""

from __future__ import annotations

import glob
import json
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roleclassify.batch.journal import OutputError, locked, refuse_another, write_run
from roleclassify.batch.run import ScoreOptions
from roleclassify.batch.tables.compression import compression_of_name
from roleclassify.batch.tally import Tally
from roleclassify.errors import TableUsageError


@dataclass(frozen=True, slots=True)
class Partition:
    """A file to score and where its answers go.

    Attributes
    ----------
    source
        Path, size in bytes and modification time of the file, as they were when the run began.
    """

    source: tuple[str, int, int]
    output: Path

    @property
    def note(self) -> Path:
        """Says that the partition is done, of which file, and what was counted in it; written last."""
        return self.output.with_name(f"{self.output.name}.json")

    def tally(self) -> Tally | None:
        """Read what an earlier run counted; None unless it finished this very file."""
        try:
            written = json.loads(self.note.read_bytes())
            return Tally.from_dict(written["tally"]) if written["source"] == list(self.source) else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def finish(self, tally: Tally) -> None:
        """Note that it is done."""
        part = self.note.with_suffix(".new")
        part.write_text(json.dumps({"source": self.source, "tally": tally.to_dict()}), encoding="utf-8")
        part.replace(self.note)


def find_sources(pattern: str) -> list[tuple[str, int, int]]:
    """Give path, size and modification time of each file that a pattern names, in the order of their names."""
    found = sorted(path for path in glob.glob(pattern, recursive=True) if Path(path).is_file())  # noqa: PTH207
    if not found:
        raise TableUsageError(pattern, "no file matches", "name files with a pattern in quotes, such as 'in/*.parquet'")
    paths = [Path(path).resolve() for path in found]  # workers may have another working directory
    return [(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in paths]


def part_suffix(source: str, options: ScoreOptions) -> str:
    """Name the parts after the format asked for, or else as the first file is named."""
    if options.format is not None:
        return f".{options.format}"
    compression, name = compression_of_name(source)
    return Path(name).suffix + (f".{compression}" if compression else "")


def refuse_wrong_output(output: Path) -> None:
    """Raise TableUsageError when the folder cannot be made there."""
    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        raise TableUsageError(str(output), "it is there already", "name a new folder with --output")
    if not output.parent.is_dir():
        raise TableUsageError(str(output), "there is no folder to make it in", "make that first")


@contextmanager
def open_folder(folder: Path, output: Path, run: dict[str, Any], *, resume: bool) -> Iterator[None]:
    """Begin, or go on from what an interrupted run has finished; keep it when interrupted."""
    is_new = not folder.exists()
    folder.mkdir(exist_ok=True)
    with locked(folder, output):
        is_ours = is_new or (folder / "run.json").exists() or {path.name for path in folder.iterdir()} == {"lock"}
        if not is_ours:
            raise OutputError(str(folder), "files that are not of this program's are there", "name another --output")
        if not any(folder.glob("part-*.json")):
            write_run(folder, run)
        elif resume:
            refuse_another(folder, run)
        else:
            why = "an interrupted run left finished files here"
            raise OutputError(str(folder), why, "go on with --resume, or delete this folder to start again")
        for unfinished in folder.glob("part-*.part"):
            shutil.rmtree(unfinished)  # its file may be another one now
        try:
            yield
        finally:
            if folder.exists() and not any(folder.glob("part-*.json")):
                shutil.rmtree(folder)


def finish_folder(folder: Path, output: Path, partitions: list[Partition]) -> None:
    """Put the folder in its place, with the parts and nothing else."""
    parts = {partition.output.name for partition in partitions}
    for path in folder.iterdir():
        if path.is_dir():
            shutil.rmtree(path)
        elif path.name not in parts:
            path.unlink()
    if output.is_dir():
        output.rmdir()
    folder.replace(output.resolve())
