"""Many tables scored on a Dask cluster: each file is a partition, read and written by the worker that scores it.

Workers and the one who asks share the paths, and have the same version of this package installed. Each file goes
through :func:`roleclassify.batch.run.score_table`, so the parts are what scoring the files one by one gives.
"""

from __future__ import annotations

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
from roleclassify.batch.journal import OutputError
from roleclassify.batch.partitions import (
    Partition,
    find_sources,
    finish_folder,
    open_folder,
    part_suffix,
    refuse_wrong_output,
)
from roleclassify.batch.paths import part_folder
from roleclassify.batch.run import Progress, RunSummary, ScoreOptions, fingerprint, score_table
from roleclassify.batch.scorer import BatchScorer
from roleclassify.batch.tally import MOST_RAGGED, Tally
from roleclassify.classifier import RoleClassifier
from roleclassify.errors import MissingExtraError, RoleClassifyError

LOCAL = "local"
"""Stands for a cluster of this machine's processors that lives as long as the run."""

_MODEL = "roleclassify-model"
_RETRIES = 3
_CONNECT_SECONDS = 15


@dataclass(frozen=True, slots=True)
class DatasetSummary:
    """What became of a run over many files.

    Attributes
    ----------
    failures
        A line for each file that could not be scored.
    ragged
        File, line and number of cells of rows with more or fewer cells than the header; at most ``MOST_RAGGED``.
    """

    run: RunSummary
    n_partitions: int
    failures: tuple[str, ...]
    ragged: tuple[tuple[str, int, int], ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON values."""
        ragged = [{"file": file, "line": line, "cells": cells} for file, line, cells in self.ragged]
        return {
            **self.run.to_dict(),
            "ragged": ragged,
            "files": self.n_partitions,
            "failures": list(self.failures),
        }


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
    sources = find_sources(pattern)
    refuse_wrong_output(output)
    folder = part_folder(output.resolve())
    with open_folder(folder, output, fingerprint("-", classifier, options), resume=resume):
        suffix = part_suffix(sources[0][0], options)
        partitions = [Partition(source, folder / f"part-{n:05}{suffix}") for n, source in enumerate(sources)]
        tallies = {partition: tally for partition in partitions if (tally := partition.tally()) is not None}
        resumed = len(tallies), sum(tally.rows for tally in tallies.values())
        failures: list[str] = []

        def tell(finished: Partition | None = None) -> None:
            done, size = (sum(p.source[1] for p in which) for which in (tallies, partitions))
            rows = sum(tally.rows for tally in tallies.values()) - resumed[1]
            if finished is not None and finished in tallies:
                tally = tallies[finished]
                watch(Progress(done, size, rows, tally.ragged, tally.n_ragged, finished.source[0]))
            else:
                watch(Progress(done, size, rows))

        tell()
        if left := [partition for partition in partitions if partition not in tallies]:
            with _connected(cluster, min(jobs, len(left)) if jobs else None) as client:
                for partition, outcome in _score(client, classifier, options, left):
                    if isinstance(outcome, Tally):
                        partition.finish(outcome)
                        tallies[partition] = outcome
                    else:
                        failures.append(outcome)
                    tell(partition)
        if not failures:
            finish_folder(folder, output, partitions)
    total, ragged = Tally(), list[tuple[str, int, int]]()
    for partition in partitions:
        if partition in tallies:
            total.add(tallies[partition])
            ragged += [(partition.source[0], *row) for row in tallies[partition].ragged]
    run = RunSummary(classifier.model, total, *resumed, time.monotonic() - started)
    return DatasetSummary(run, len(partitions), tuple(sorted(failures)), tuple(ragged[:MOST_RAGGED]))


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
                f"{futures[future].source[0]}: its worker failed ({type(error).__name__}); look at the cluster's logs"
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
            partition.source[0], partition.output, model.classifier, options, scorer=scorer, resume=True
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
                dashboard_address="127.0.0.1:0",  # any free port, seen from this machine alone
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
