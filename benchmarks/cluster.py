"""Scoring files on a local Dask cluster: one worker against two, on the same data, the whole command each.

Run ``python benchmarks/cluster.py [--rows N] [--files N] [--repeats N] [--output benchmarks/results/cluster.json]``.
Both are also timed on almost no data, so that what starting and ending a cluster takes can be told from the scoring.
Texts as for ``speed.py``; temporary files are deleted.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from environment import environment
from process_cost import Cost, measure
from rows import documents, write_csv

PROGRAM = Path(sys.executable).with_name("roleclassify")


def main() -> None:
    """Measure, print and perhaps store."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=60_000)
    parser.add_argument("--files", type=int, default=12)
    parser.add_argument("--repeats", type=int, default=2)
    parser.add_argument("--output", type=Path)
    options = parser.parse_args()
    origin, found = documents()
    costs: dict[str, dict[int, list[Cost]]] = {"start": {1: [], 2: []}, "all": {1: [], 2: []}}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for kind, n_rows in (("start", 10), ("all", options.rows // options.files)):
            (folder / kind).mkdir()
            for number in range(options.files):
                write_csv(folder / kind / f"{number:03}.csv", found, n_rows, fresh=False)
        for _ in range(options.repeats):
            for kind in costs:
                for jobs in (1, 2):
                    costs[kind][jobs].append(score(folder / kind, folder / "out", jobs))
    medians = {
        kind: {jobs: statistics.median(cost.seconds for cost in runs) for jobs, runs in by_jobs.items()}
        for kind, by_jobs in costs.items()
    }
    whole, start = medians["all"], medians["start"]
    result = {
        "environment": environment(),
        "texts": origin,
        "rows": options.rows,
        "files": options.files,
        "seconds": medians,
        "two_workers_over_one": round(whole[1] / whole[2], 2),
        "two_workers_over_one_without_start": round((whole[1] - start[1]) / (whole[2] - start[2]), 2),
        "runs": {kind: {jobs: [asdict(cost) for cost in runs] for jobs, runs in costs[kind].items()} for kind in costs},
    }
    for kind, by_jobs in medians.items():
        print(f"{kind:<6} 1 worker {by_jobs[1]:6.1f} s   2 workers {by_jobs[2]:6.1f} s")
    print(f"2 workers: {result['two_workers_over_one']} times the speed of 1,")
    print(f"           {result['two_workers_over_one_without_start']} times without starting and ending the cluster")
    if options.output:
        options.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


def score(folder: Path, output: Path, jobs: int) -> Cost:
    """Score all files of a folder on a cluster of so many workers."""
    arguments = ["--text-column", "text", "--evidence", "5", "--cluster", "local", "--jobs", str(jobs), "--quiet"]
    cost = measure([str(PROGRAM), "score", f"{folder}/*.csv", "-o", str(output), *arguments])
    shutil.rmtree(output)
    return cost


if __name__ == "__main__":
    main()
