"""Many tables scored on a Dask cluster: each file is a partition, read and written by the worker that scores it.

Workers and the one who asks share the paths, and have the same version of this package installed. Each file goes
through :func:`roleclassify.batch.run.score_table`, so the parts are what scoring the files one by one gives.
"""

from __future__ import annotations

import glob
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from roleclassify import __version__
from roleclassify.batch.journal import OutputError, refuse_another, write_run
from roleclassify.batch.paths import part_folder
from roleclassify.batch.run import Progress, RunSummary, ScoreOptions, fingerprint, score_table
from roleclassify.batch.scorer import BatchScorer
from roleclassify.batch.tables.compression import compression_of_name
from roleclassify.batch.tally import Tally
from roleclassify.classifier import RoleClassifier
from roleclassify.errors import MissingExtraError, RoleClassifyError, TableUsageError

LOCAL = "local"
"""Stands for a cluster of this machine's processors that lives as long as the run."""

_MODEL = "roleclassify-model"
_RETRIES = 3
_CONNECT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class Partition:
    """A file to score and where its answers go."""

    source: str
    output: Path

    @property
    def tally(self) -> Path:
        """What was counted in it; written last, so it says that the partition is done."""
        return self.output.with_name(f"{self.output.name}.json")


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What became of a run over many files; ``failures`` has a line for each that could not be scored."""

    run: RunSummary
    n_partitions: int
    failures: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        return {**self.run.to_dict(), "files": self.n_partitions, "failures": list(self.failures)}


def score_dataset(
    pattern: str,
    output: Path,
    classifier: RoleClassifier,
    options: ScoreOptions,
    *,
    cluster: str = LOCAL,
    jobs: int | None = None,
    resume: bool = False,
    watch: Callable[[Progress], None] = lambda progress: None,
) -> DatasetSummary:
    """Score all files that a pattern names and write a folder with a part for each, in the order of their names.

    Parameters
    ----------
    pattern
        Such as ``postings/*.parquet``; ``**`` stands for any folders below.
    output
        A folder that is not there yet, or empty. It appears when all files are scored; until then what is finished is
        in ``OUTPUT.part``, and stays there when a file fails.
    cluster
        ``local``, or the address of a Dask scheduler.
    jobs
        Processes of a local cluster; None is one a processor.
    resume
        Go on from ``OUTPUT.part``.

    Raises
    ------
    TableUsageError
        When no file matches, or the output is there already.
    MissingExtraError
        When Dask is not installed.
    OutputError
        When the cluster cannot be reached, the output cannot be written, or the interrupted run was another.
    """
    started = time.monotonic()
    sources = _sources(pattern)
    folder = _prepare(sources, output, fingerprint("-", classifier, options), resume=resume)
    suffix = _suffix(sources[0], options)
    partitions = [Partition(source, folder / f"part-{n:05}{suffix}") for n, source in enumerate(sources)]
    left = [partition for partition in partitions if not partition.tally.exists()]
    sizes = {partition.source: Path(partition.source).stat().st_size for partition in partitions}
    tallies = {p.source: Tally.from_dict(json.loads(p.tally.read_bytes())) for p in partitions if p not in left}
    resumed_rows = sum(tally.rows for tally in tallies.values())
    failures: list[str] = []

    def tell() -> None:
        done = sum(sizes[source] for source in tallies)
        watch(Progress(done, sum(sizes.values()), sum(tally.rows for tally in tallies.values()) - resumed_rows))

    tell()
    if left:
        with _connected(cluster, min(jobs, len(left)) if jobs else None) as client:
            for partition, outcome in _score(client, classifier, options, left):
                if isinstance(outcome, Tally):
                    partition.tally.write_text(json.dumps(outcome.to_dict()), encoding="utf-8")
                    tallies[partition.source] = outcome
                else:
                    failures.append(outcome)
                tell()
    if not failures:
        _finish(folder, output, partitions)
    total = Tally()
    for partition in partitions:
        if partition.source in tallies:
            total.add(tallies[partition.source])
    run = RunSummary(classifier.model, total, len(partitions) - len(left), resumed_rows, time.monotonic() - started)
    return DatasetSummary(run, len(partitions), tuple(sorted(failures)))


def _sources(pattern: str) -> list[str]:
    sources = sorted(path for path in glob.glob(pattern, recursive=True) if Path(path).is_file())  # noqa: PTH207
    if not sources:
        raise TableUsageError(pattern, "no file matches", "name files with a pattern in quotes, such as 'in/*.parquet'")
    # Workers may have another working directory.
    return [str(Path(source).resolve()) for source in sources]


def _suffix(source: str, options: ScoreOptions) -> str:
    """Name the parts after the format asked for, or else as the first file is named."""
    if options.format is not None:
        return f".{options.format}"
    compression, name = compression_of_name(source)
    return Path(name).suffix + (f".{compression}" if compression else "")


def _prepare(sources: list[str], output: Path, depends_on: dict[str, Any], *, resume: bool) -> Path:
    """Make the folder that parts are written to, and tell what forbids it."""
    if output.exists() and not (output.is_dir() and not any(output.iterdir())):
        raise TableUsageError(str(output), "it is there already", "name a new folder with --output")
    if not output.parent.is_dir():
        raise TableUsageError(str(output), "there is no folder to make it in", "make that first")
    stats = [Path(source).stat() for source in sources]
    names = [[source, stat.st_size, stat.st_mtime_ns] for source, stat in zip(sources, stats, strict=True)]
    run = {**depends_on, "files of the input": names}
    folder = part_folder(output.resolve())
    if (folder / "run.json").exists():
        if not resume:
            why = "an interrupted run left finished files here"
            raise OutputError(str(folder), why, "go on with --resume, or delete this folder to start again")
        refuse_another(folder, run)
    else:
        folder.mkdir(exist_ok=True)
        write_run(folder, run)
    return folder


def _finish(folder: Path, output: Path, partitions: list[Partition]) -> None:
    for partition in partitions:
        partition.tally.unlink()
    (folder / "run.json").unlink()
    if output.is_dir():
        output.rmdir()
    folder.replace(output)


def _score(
    client: Any,  # noqa: ANN401  # distributed ships no types
    classifier: RoleClassifier,
    options: ScoreOptions,
    partitions: list[Partition],
) -> Iterator[tuple[Partition, Tally | str]]:
    """Score partitions on a cluster; give the tally of each, or why it has none, as they come."""
    distributed: Any = import_module("distributed")
    client.register_plugin(_model_plugin(classifier), name=_MODEL)
    futures = {
        client.submit(_score_partition, partition, options, pure=False, retries=_RETRIES): partition
        for partition in partitions
    }
    for future in distributed.as_completed(futures):
        error = future.exception()
        if error is None:
            outcome: Tally | str = future.result()
        elif isinstance(error, RoleClassifyError):
            outcome = str(error)
        else:  # its message could hold some of the text
            outcome = (
                f"{futures[future].source}: its worker failed ({type(error).__name__}); look at the cluster's logs"
            )
        yield futures[future], outcome


def _score_partition(partition: Partition, options: ScoreOptions) -> Tally | str:
    """Score one file; this is what a worker runs."""
    distributed: Any = import_module("distributed")
    model = distributed.get_worker().plugins[_MODEL]
    scorer = model.scorer(options)
    try:
        # What a worker that died had finished of it need not be done again.
        return score_table(
            partition.source, partition.output, model.classifier, options, scorer=scorer, resume=True
        ).tally
    except RoleClassifyError as error:
        return str(error)


def _model_plugin(classifier: RoleClassifier) -> Any:  # noqa: ANN401  # distributed ships no types
    """Carry the model to every worker once, and to those that join later or start again."""
    from distributed import WorkerPlugin

    class Model(WorkerPlugin):
        def __init__(self) -> None:
            self.classifier = classifier
            self.version = __version__
            self.of_thread: Any = None

        def setup(self, worker: object) -> None:
            from roleclassify import __version__ as installed

            if installed != self.version:
                raise RuntimeError(f"the workers have roleclassify {installed}, not {self.version}")
            self.of_thread = threading.local()

        def scorer(self, options: ScoreOptions) -> BatchScorer:
            """Keep one for all partitions that a thread of the worker scores: it has learnt their words."""
            known = vars(self.of_thread)
            wanted = options.evidence, options.max_characters
            if known.get("options") != wanted:
                evidence, max_characters = wanted
                known["scorer"] = BatchScorer(self.classifier, evidence=evidence, max_characters=max_characters)
                known["options"] = wanted
            found: BatchScorer = known["scorer"]
            return found

    return Model()


@contextmanager
def _connected(cluster: str, jobs: int | None) -> Iterator[Any]:
    """Connect to a cluster; a local one lives inside."""
    try:
        distributed: Any = import_module("distributed")  # its functions have no types
    except ImportError as error:
        raise MissingExtraError("scoring on a cluster", "distributed", "cluster") from error
    if cluster == LOCAL:
        with (
            distributed.LocalCluster(
                n_workers=jobs,
                threads_per_worker=1,
                processes=True,
                dashboard_address=None,
                silence_logs=logging.CRITICAL,
            ) as local,
            distributed.Client(local) as client,
        ):
            yield client
        return
    try:
        client = distributed.Client(cluster, timeout=_CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        why = "the cluster cannot be reached"
        raise OutputError(cluster, why, "check the address, such as tcp://host:8786, and that it runs") from error
    with client:
        yield client
