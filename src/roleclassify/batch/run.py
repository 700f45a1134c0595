"""One input scored to one output, from the first block to the last."""

from __future__ import annotations

import errno
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, BinaryIO

from roleclassify import __version__
from roleclassify.batch.journal import OutputError, open_part
from roleclassify.batch.paths import is_file, refuse_wrong_paths
from roleclassify.batch.pool import WorkerDiedError
from roleclassify.batch.scorer import MAX_CHARACTERS, BatchScorer
from roleclassify.batch.tables.block import BLOCK_BYTES, Form, Source
from roleclassify.batch.tables.table import open_source, plan_target
from roleclassify.batch.tally import Tally
from roleclassify.batch.workers import Chunk, Work, score_blocks
from roleclassify.classifier import RoleClassifier
from roleclassify.errors import RoleClassifyError, TableError, TableUsageError
from roleclassify.model.bundle import digest_of


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What the output depends on besides input and model; named as the options of ``roleclassify score`` are."""

    text_column: str | None = None
    evidence: int = 0
    prefix: str = "role_"
    input_format: Form | None = None
    format: Form | None = None
    max_characters: int = MAX_CHARACTERS
    strict: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes
    ----------
    position, size
        Bytes of the input that are done, and of all; ``size`` is None where it is not known.
    rows
        Rows scored by this run; those of an earlier one that it goes on from are not among them.
    ragged
        Line number and number of cells of the first ragged rows of the chunk that was finished last.
    n_ragged
        Number of all of them.
    source
        The file with the ragged rows, where the input is many files.
    """

    position: int
    size: int | None
    rows: int
    ragged: Sequence[tuple[int, int]] = ()
    n_ragged: int = 0
    source: str | None = None


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What became of a run.

    Attributes
    ----------
    model
        Name and version.
    tally
        Of all rows of the output.
    resumed_blocks, resumed_rows
        What an earlier run had finished of them.
    seconds
        That this run took.
    """

    model: str
    tally: Tally
    resumed_blocks: int
    resumed_rows: int
    seconds: float

    @property
    def rows_per_second(self) -> float:
        """Of this run."""
        return (self.tally.rows - self.resumed_rows) / self.seconds if self.seconds else 0.0

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {
            "model": self.model,
            **self.tally.to_dict(),
            "seconds": round(self.seconds, 3),
            "rows_per_second": round(self.rows_per_second, 1),
            "resumed": {"blocks": self.resumed_blocks, "rows": self.resumed_rows},
        }


class RaggedRowError(RoleClassifyError):
    """A row with more or fewer cells than the header, where such rows are not to be taken."""

    def __init__(self, source: str, line: int, n_cells: int) -> None:
        super().__init__(
            f"{source}, line {line}: {n_cells} cells, not as many as the header has, or a quote that is never closed; "
            "mend the row, or run without --strict"
        )


def score_table(  # noqa: PLR0913  # what a run needs, by name
    source: str,
    output: Path | None,
    classifier: RoleClassifier,
    options: ScoreOptions,
    *,
    workers: Sequence[Connection] = (),
    scorer: BatchScorer | None = None,
    resume: bool = False,
    watch: Callable[[Progress], None] = lambda progress: None,
    block_bytes: int = BLOCK_BYTES,
) -> RunSummary:
    """Score every row of a table and write the table with the answers.

    Parameters
    ----------
    source
        Path of the input; ``-`` is standard input.
    output
        Path of the output, which is replaced when all is done and untouched until then; None is standard output.
    workers
        From :func:`roleclassify.batch.pool.start_workers`; without any, this process scores. The output does not
        depend on it.
    scorer
        One of this classifier and these options that has learnt words already; None makes one.
    resume
        Go on from what an interrupted run of the same command has finished, if there is one.
    watch
        Is told how far the run is, at its start and after each block.
    block_bytes
        Most bytes of whole rows that are scored at once; a single longer row is a block by itself.

    Raises
    ------
    TableUsageError
        When these do not go together: before any work, but for a field of JSON Lines that turns up late.
    TableError
        When the input cannot be read to its end.
    OutputError
        When the output cannot be written, or the interrupted run was another.
    BrokenPipeError
        When nobody reads standard output, or it is closed.
    RaggedRowError
        With ``options.strict``.
    BlockError
        When scoring fails for a fault of this program.
    WorkerDiedError
        When a worker process was killed.
    """
    started = time.monotonic()
    refuse_wrong_paths(source, output, resume=resume)
    with open_source(source, form=options.input_format, text_column=options.text_column) as table:
        target = plan_target(
            table.layout,
            form=options.format,
            path=None if output is None else str(output),
            prefix=options.prefix,
            labels=classifier.labels,
        )
        work = Work(source, classifier, table.layout, target, options.evidence, options.max_characters)
        run = _Run(table, block_bytes, work, workers, scorer, options.strict, watch)
        if output is None:
            tally, resumed = _to_standard_output(run), (0, 0)
        else:
            depends_on = {**fingerprint(source, classifier, options), "block size": block_bytes}
            tally, resumed = _to_file(run, output, depends_on, resume=resume)
    return RunSummary(classifier.model, tally, *resumed, seconds=time.monotonic() - started)


@dataclass(frozen=True, slots=True)
class _Run:
    """Scores the blocks of a table; where their chunks go is the caller's affair."""

    table: Source
    block_bytes: int
    work: Work
    workers: Sequence[Connection]
    scorer: BatchScorer | None
    strict: bool
    watch: Callable[[Progress], None]

    def go(self, take: Callable[[Chunk], None], *, skip: int = 0, position: int = 0) -> None:
        """Hand the chunk of every block to ``take``, in order, but for the first ``skip`` blocks."""
        rows = 0
        self.watch(Progress(position, self.table.size, rows))
        # Closed at once whatever happens: the traceback of an exception would keep the workers alive.
        with closing(
            score_blocks(self.work, islice(self.table.blocks(self.block_bytes), skip, None), self.workers, self.scorer)
        ) as chunks:
            for chunk in chunks:
                tally = chunk.tally
                if self.strict and tally.ragged:
                    raise RaggedRowError(self.work.source, *tally.ragged[0])
                take(chunk)
                rows += tally.rows
                self.watch(Progress(chunk.position, self.table.size, rows, tally.ragged, tally.n_ragged))


def _to_standard_output(run: _Run) -> Tally:
    if sys.stdout is None:  # closed by the caller, which is as if its reader had gone
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
    if run.work.target.appendable:
        return _append(run, sys.stdout.buffer)
    if sys.stdout.isatty():
        raise TableUsageError("standard output", "this format is not for a terminal", "name an --output")
    with tempfile.TemporaryDirectory() as folder:
        chunks, output = Path(folder, "chunks"), Path(folder, "output")
        with chunks.open("wb") as stream:
            tally = _append(run, stream)
        run.work.target.finish(chunks, output)
        with output.open("rb") as finished:
            shutil.copyfileobj(finished, sys.stdout.buffer)
    return tally


def _append(run: _Run, stream: BinaryIO) -> Tally:
    tally = Tally()

    def take(chunk: Chunk) -> None:
        stream.write(chunk.content)
        stream.flush()
        tally.add(chunk.tally)

    stream.write(run.work.target.header())
    run.go(take)
    return tally


def _to_file(run: _Run, output: Path, depends_on: dict[str, Any], *, resume: bool) -> tuple[Tally, tuple[int, int]]:
    target, can_resume = run.work.target, is_file(run.work.source)
    with (
        _failures_told(output, "go on with --resume" if can_resume else "run again"),
        open_part(output, depends_on, target.header(), resume=resume) as part,
    ):
        resumed = part.n_chunks, part.tally.rows
        try:
            run.go(part.append, skip=part.n_chunks, position=part.position)
        except BaseException as error:
            if not can_resume or _needs_another_run(error):
                part.discard()
            raise
        part.finish(target.finish)
    return part.tally, resumed


def _needs_another_run(error: BaseException) -> bool:
    """Say whether it is input or options that must be mended, so that nothing can be gone on with."""
    if getattr(error.__cause__, "errno", None) is not None:
        return False  # the system failed to read, which it may do tomorrow
    return isinstance(error, TableError | RaggedRowError)


@contextmanager
def _failures_told(output: Path, remedy: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        why = f"cannot be written ({error.strerror or error})"
        raise OutputError(str(output), why, f"mend that and {remedy}") from error
    except WorkerDiedError as error:
        raise OutputError(str(output), error.why, f"{remedy}, with fewer --jobs or --jobs 1") from error


def fingerprint(source: str, classifier: RoleClassifier, options: ScoreOptions) -> dict[str, Any]:
    """Name everything that the output's bytes depend on."""
    found = Path(source).stat() if is_file(source) else None
    return {
        "size of the input": found and found.st_size,
        "modification time of the input": found and found.st_mtime_ns,
        **{f"--{name.replace('_', '-')}": value for name, value in asdict(options).items()},
        "--min-probability": classifier.thresholds.probability,
        "model": classifier.model,
        "sha256 of the model": digest_of(classifier.bundle),
        "program version": __version__,
    }
