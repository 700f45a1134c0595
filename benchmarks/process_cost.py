"""What a whole process costs, measured from outside: time, processor time and memory, its children included."""

from __future__ import annotations

import resource
import subprocess
import sys
import time
from dataclasses import dataclass

import psutil

_INTERVAL = 0.02
"""Seconds between two looks at the memory."""

_LOOKS_PER_SEARCH = 10
"""Looks between two searches for new children, which take longer than a look."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What one run cost.

    Attributes
    ----------
    seconds
        From start to end.
    cpu_seconds
        Of processor time, children included.
    peak_mb
        Resident memory (RSS) of the largest single process at its largest, in millions of bytes.
    others
        Processors that other programs kept busy meanwhile, the measuring one among them, on average: where it is not
        near 0, the seconds say little.
    """

    seconds: float
    cpu_seconds: float
    peak_mb: float
    others: float


def measure(command: list[str]) -> Cost:
    """Run a command and measure it; end the program when it fails. What it prints may hold texts and is not kept."""
    before, busy_before = resource.getrusage(resource.RUSAGE_CHILDREN), _busy()
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = _watch(process)
    seconds = time.perf_counter() - start
    if process.returncode:
        sys.exit(f"{' '.join(command[:2])} ... ended with status {process.returncode}; run it alone to see why")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu_seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    others = max(_busy() - busy_before - cpu_seconds, 0.0) / seconds
    return Cost(seconds, cpu_seconds, peak / 1e6, others)


def _busy() -> float:
    """Processor time that all programs have had since the machine's start, in seconds."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq + times.steal)


def _watch(process: subprocess.Popen[bytes]) -> int:
    """Wait for the end and give the greatest resident memory of one process seen, in bytes."""
    own = psutil.Process(process.pid)
    peak, looks, family = 0, 0, [own]
    while process.poll() is None:
        if looks % _LOOKS_PER_SEARCH == 0:
            family = _family(own)
        looks += 1
        peak = max([peak, *map(_resident, family)])
        time.sleep(_INTERVAL)
    return peak


def _family(own: psutil.Process) -> list[psutil.Process]:
    try:
        return [own, *own.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.NoSuchProcess:
        return 0
