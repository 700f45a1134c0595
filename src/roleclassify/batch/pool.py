"""Processes that take values and give outcomes over a pipe each.

Nothing is shared: a worker that is killed can leave neither a lock taken nor half a message to the others, and is seen
at once. (joblib's pool was measured and left: its start takes 0.4 s against 0.1 s, it waits for ever when a worker dies
while starting, and prints tracebacks when it is told to stop.) This module imports little, so that workers get ready
while the main process does.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, NoReturn

from roleclassify.batch.paths import is_file
from roleclassify.errors import RoleClassifyError

BYTES_PER_WORKER = 2**19
"""Least bytes of input, as stored, that are worth the start of a worker."""


class WorkerDiedError(RoleClassifyError):
    """A worker process that ended before its work, most often killed by the system for want of memory."""

    why = "a worker process died (killed, or out of memory)"

    def __init__(self) -> None:
        super().__init__(f"{self.why}; run again, with fewer --jobs or with --jobs 1")


def n_workers(source: str, jobs: int | None) -> int:
    """Say how many worker processes an input is worth; 0 is to score in this process.

    Parameters
    ----------
    source
        Path of the input; one that is no file is taken for long.
    jobs
        Most processes that may score, at least 1; None is as many as there are processors.
    """
    most = jobs or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    if is_file(source):
        most = min(most, Path(source).stat().st_size // BYTES_PER_WORKER)
    return most if most > 1 else 0


@contextlib.contextmanager
def start_workers(number: int) -> Iterator[tuple[Connection, ...]]:
    """Start processes and give the pipe of each; they take :class:`roleclassify.batch.workers.Work`, then blocks.

    At the end they are killed, whatever they are at.
    """
    if not number:
        yield ()
        return
    # Spawned, not forked: numpy and pyarrow have threads, which do not live through a fork.
    context = multiprocessing.get_context("spawn")
    processes: list[BaseProcess] = []
    pipes: list[Connection] = []
    try:
        with _signals_held_back():
            for _ in range(number):
                ours, theirs = context.Pipe()
                pipes.append(ours)
                processes.append(context.Process(target=_serve, args=(theirs,), daemon=True))
                processes[-1].start()
                theirs.close()  # else a worker's end would go unseen
        yield tuple(pipes)
    finally:
        for pipe in pipes:
            pipe.close()
        for process in processes:
            if process.pid is not None:
                process.kill()
                process.join()


def send(pipe: Connection, value: object) -> None:
    """Hand a worker a value; raise WorkerDiedError when it is gone."""
    try:
        pipe.send(value)
    except OSError as error:
        raise WorkerDiedError from error


def receive(pipe: Connection) -> Any:  # noqa: ANN401  # whatever the worker made of a value
    """Take what a worker made of a value; raise WorkerDiedError when it is gone."""
    try:
        return pipe.recv()
    except (EOFError, OSError) as error:
        raise WorkerDiedError from error


@contextlib.contextmanager
def _signals_held_back() -> Iterator[None]:
    """Start processes that never see Ctrl-C or SIGTERM: the main process does, and ends them.

    A terminal sends Ctrl-C to all of them, and one that is still starting would print a traceback. The set of blocked
    signals is inherited, so it holds from a worker's first instruction on.
    """
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    resource_tracker.ensure_running()  # starting it lets the signals through again
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection) -> None:
    """Score blocks until there are no more; this is what a worker runs."""
    threading.Thread(target=_end_with_main_process, daemon=True).start()
    from roleclassify.batch.workers import BlockScorer

    with contextlib.suppress(EOFError, OSError):  # the main process is gone
        scorer = BlockScorer(pipe.recv())
        while True:
            pipe.send(scorer.outcome(pipe.recv()))


def _end_with_main_process() -> NoReturn:
    """Leave at once when the main process is gone: killed with -9, it cannot say so."""
    main_process = multiprocessing.parent_process()
    if main_process is not None:
        main_process.join()
    os._exit(1)
