"""Kill ``roleclassify score`` with -9 at random moments, go on with --resume, and compare the bytes.

A table of rows joined from the labelled documents is scored once undisturbed in each format; then each round kills a
run at a moment of its time, and resumes it. Prints a line a round and leaves with status 1 if any output differs.
Run: ``python benchmarks/interruption.py [ROUNDS] [ROWS]``.
"""

from __future__ import annotations

import csv
import json
import platform
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

DOCUMENTS = Path(__file__).parent.parent / "data" / "labeled" / "documents.jsonl"
PROGRAM = str(Path(sys.executable).with_name("roleclassify"))
OUTPUTS = ("out.csv", "out.csv.gz", "out.jsonl", "out.parquet")
SEED = 20


def write_table(path: Path, n_rows: int, choose: random.Random) -> None:
    """Write rows of three documents each, so that no two are the same."""
    texts = [json.loads(line)["text"] for line in DOCUMENTS.read_text(encoding="utf-8").splitlines()]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "text"])
        for number in range(n_rows):
            writer.writerow([number, "\n".join(choose.sample(texts, 3))])


def command(source: Path, output: Path, jobs: int) -> list[str]:
    """Return the command line of a run."""
    return [PROGRAM, "score", str(source), "-o", str(output), "--evidence", "5", "--jobs", str(jobs), "--quiet"]


def killed(arguments: list[str], seconds: float) -> bool:
    """Run, and kill after some seconds; say whether the run was still going on."""
    process = subprocess.Popen(arguments)
    try:
        process.wait(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        return True
    return False


def finished_blocks(output: Path) -> int:
    """Count the lines of the journal that an interrupted run left."""
    journal = output.with_name(f"{output.name}.part") / "journal.jsonl"
    return len(journal.read_bytes().splitlines()) if journal.exists() else 0


def disturbed(source: Path, output: Path, expected: bytes, seconds: float, choose: random.Random) -> tuple[bool, str]:
    """Kill a run at a moment of its ``seconds``, and resume it; say whether the bytes are the same, and when it was."""
    moment, jobs = choose.uniform(0.0, seconds), choose.choice((1, 2))
    output.write_bytes(b"old")
    while not killed(command(source, output, jobs), moment):
        output.write_bytes(b"old")
        moment *= choose.uniform(0.5, 1.0)  # it was faster this time
    is_untouched, n_blocks = output.read_bytes() == b"old", finished_blocks(output)
    subprocess.run([*command(source, output, 2), "--resume"], check=True)
    is_identical = is_untouched and output.read_bytes() == expected
    told = f"{output.name:<12} --jobs {jobs}, killed at {moment:5.2f} s, {n_blocks:>3} blocks finished"
    return is_identical, f"{told}: identical {'yes' if is_identical else 'NO'}"


def main(n_rounds: int, n_rows: int) -> int:
    """Kill and resume; return the number of outputs that differ."""
    choose = random.Random(SEED)
    expected, seconds = {}, {}
    n_identical = 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        source = folder / "in.csv"
        write_table(source, n_rows, choose)
        print(f"Python {platform.python_version()}, {platform.machine()}, {n_rows} rows, seed {SEED}")
        for output in OUTPUTS:
            started = time.perf_counter()
            subprocess.run(command(source, folder / output, 2), check=True)
            seconds[output] = time.perf_counter() - started
            expected[output] = (folder / output).read_bytes()
            print(f"{output:<12} undisturbed: {seconds[output]:.1f} s, {len(expected[output])} bytes", flush=True)
        for number in range(1, n_rounds + 1):
            output = choose.choice(OUTPUTS)
            is_identical, told = disturbed(source, folder / output, expected[output], seconds[output], choose)
            n_identical += is_identical
            print(f"{number:>3}  {told}", flush=True)
    print(f"identical: {n_identical} of {n_rounds}")
    return n_rounds - n_identical


if __name__ == "__main__":
    rounds, rows = (*map(int, sys.argv[1:3]), *(20, 16_000)[len(sys.argv) - 1 :])
    sys.exit(min(1, main(rounds, rows)))
