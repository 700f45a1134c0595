"""Runs that are killed, interrupted or out of disk, and that go on."""

from __future__ import annotations

import errno
import gzip
import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from roleclassify.batch.journal import OutputError, Part, part_folder
from roleclassify.batch.run import ScoreOptions, score_table
from roleclassify.batch.tables.csv_source import CsvSource
from roleclassify.errors import TableError

TEXTS = [
    "Designed A/B tests, fitted regressions in R and told product managers what the results mean.",
    "Deployed models with Docker and Kubernetes; monitors latency, builds feature stores and CI/CD pipelines.",
    "Nurse on a surgical ward: wound care, medication rounds, discharge planning.",
    "",
    'Forecasts demand, presents dashboards. Wrote\nquoted "SQL"; ran experiments.',
]
N_ROWS = 60
BLOCK_BYTES = 700

# The program with small blocks; it sends itself a signal when it has come to a step of a chunk.
DRIVER = """
import functools, os, sys
import roleclassify.batch.pool as pool
import roleclassify.batch.run as run
from roleclassify.batch.journal import Part

step, at, number, block_bytes = sys.argv[1], *map(int, sys.argv[2:5])
del sys.argv[1:5]
pool.BYTES_PER_WORKER = 1
run.score_table = functools.partial(run.score_table, block_bytes=block_bytes)
append, finish = Part.append, Part.finish
end = lambda: os.kill(os.getpid(), number)

class HalfWritten:
    def __init__(self, file):
        self.file = file
    def write(self, line):
        self.file.write(line[:20])
        self.file.flush()
        end()

def append_or_end(part, chunk):
    if part.n_chunks == at and step == "before":
        end()
    if part.n_chunks == at and step == "between":
        part._journal = HalfWritten(part._journal)
    append(part, chunk)
    if part.n_chunks == at and step == "after":
        end()

def finish_or_end(part, write):
    if step == "finish":
        end()
    finish(part, write)

Part.append, Part.finish = append_or_end, finish_or_end
from roleclassify.cli import main
main()
"""


def table(folder, form):
    """A table of some blocks; its path."""
    path = folder / f"in.{form}"
    rows = [{"id": number, "text": TEXTS[number % len(TEXTS)]} for number in range(N_ROWS)]
    if form == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    else:
        cells = ["id,text", *(f'{row["id"]},"{row["text"].replace(chr(34), chr(34) * 2)}"' for row in rows)]
        path.write_text("\n".join(cells) + "\n", encoding="utf-8")
    return path


def driven(step, at, number, *arguments):
    """Run the program until it sends itself the signal."""
    return subprocess.run(
        [
            sys.executable,
            "-c",
            DRIVER,
            step,
            str(at),
            str(int(number)),
            str(BLOCK_BYTES),
            "score",
            *map(str, arguments),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def whole(classifier, source, output, options):
    """What an uninterrupted run writes."""
    expected = output.with_name(f"whole-{output.name}")
    score_table(str(source), expected, classifier, options, block_bytes=BLOCK_BYTES)
    return expected.read_bytes()


@pytest.mark.parametrize(
    ("name", "step", "at", "jobs"),
    [
        ("out.csv", "before", 0, 1),
        ("out.csv", "between", 3, 1),
        ("out.csv.gz", "after", 4, 2),
        ("out.jsonl", "between", 2, 2),
        ("out.parquet", "after", 2, 1),
        ("out.parquet", "finish", 0, 1),
    ],
)
def test_a_killed_run_goes_on_to_the_same_bytes(name, step, at, jobs, tmp_path, classifier):
    source, output = table(tmp_path, "csv"), tmp_path / name
    output.write_bytes(b"old")
    arguments = (source, "-o", output, "--evidence", 2, "--jobs", jobs)
    killed = driven(step, at, signal.SIGKILL, *arguments)
    assert (killed.returncode, output.read_bytes()) == (-signal.SIGKILL, b"old")
    assert part_folder(output).is_dir()
    options = ScoreOptions(evidence=2)
    done = score_table(str(source), output, classifier, options, resume=True, block_bytes=BLOCK_BYTES)
    assert done.tally.rows == N_ROWS
    assert done.resumed_blocks == at or step == "finish"
    assert output.read_bytes() == whole(classifier, source, output, options)
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in.csv", name, f"whole-{name}"])


@pytest.mark.parametrize(
    ("number", "status", "says"), [(signal.SIGINT, 130, "Interrupted."), (signal.SIGTERM, 143, "")]
)
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_signal_keeps_what_is_finished_and_says_how_to_go_on(number, status, says, jobs, tmp_path):
    source, output = table(tmp_path, "csv"), tmp_path / "out.csv"
    output.write_bytes(b"old")
    ended = driven("after", 3, number, source, "-o", output, "--jobs", jobs)
    assert (ended.returncode, output.read_bytes()) == (status, b"old")
    assert f"kept in {part_folder(output)}; --resume goes on" in ended.stderr
    assert says in ended.stderr
    assert "Traceback" not in ended.stderr
    assert len((part_folder(output) / "journal.jsonl").read_bytes().splitlines()) == 3


def children(pid):
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(line) for line in listed.stdout.split()]


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def started(tmp_path, *, in_group=False):
    """A run with workers that takes long, when its first chunk is finished."""
    source, output = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", encoding="utf-8") as file:
        file.write("id,text\n" + f'1,"{TEXTS[1]}"\n' * 400_000)
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from roleclassify.cli import main; main()",
            "score",
            source,
            "-o",
            output,
            "--jobs",
            "2",
        ],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=in_group,
    )
    journal = part_folder(output) / "journal.jsonl"
    while process.poll() is None and not (journal.exists() and journal.stat().st_size):
        time.sleep(0.02)
    return process, children(process.pid)


def wait_until_gone(pids):
    give_up = time.monotonic() + 10
    while any(map(is_running, pids)):
        assert time.monotonic() < give_up, "workers outlive their main process"
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are told apart by /proc")
def test_workers_do_not_outlive_a_killed_main_process(tmp_path):
    process, workers = started(tmp_path)
    assert len(workers) >= 2
    process.kill()
    process.communicate()
    wait_until_gone(workers)


def test_a_killed_worker_is_one_clear_error(tmp_path):
    process, workers = started(tmp_path)
    os.kill(workers[-1], signal.SIGKILL)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 3
    assert errors.count("\n") == 1
    assert "a worker process died" in errors
    assert "--resume" in errors
    assert part_folder(tmp_path / "out.csv").is_dir()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_to_the_whole_group_ends_it_without_a_traceback(number, tmp_path):
    process, workers = started(tmp_path, in_group=True)
    asked = time.monotonic()
    os.killpg(process.pid, number)
    _, errors = process.communicate(timeout=30)
    assert time.monotonic() - asked < 5  # it takes about 0.1 s; not what is under way is waited for
    assert process.returncode == 128 + number
    assert "Traceback" not in errors
    wait_until_gone(workers)


class FullDisk:
    """A file on a disk with room for some writes, the last of them only in part."""

    def __init__(self, file, room):
        self._file = file
        self._room = room

    def __getattr__(self, name):
        return getattr(self._file, name)

    def write(self, content):
        self._room -= 1
        if self._room < 0:
            self._file.write(content[: len(content) // 2])
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return self._file.write(content)


@pytest.mark.parametrize("stream", ["_content", "_journal"])
def test_a_full_disk_is_one_clear_error_and_the_run_goes_on(stream, tmp_path, classifier, monkeypatch):
    source, output = table(tmp_path, "csv"), tmp_path / "out.csv"
    output.write_bytes(b"old")
    go_on = Part._go_on

    def go_on_with_little_room(part, header, entries):
        go_on(part, header, entries)
        setattr(part, stream, FullDisk(getattr(part, stream), 3))

    arguments = {"block_bytes": BLOCK_BYTES}
    with monkeypatch.context() as patched:
        patched.setattr(Part, "_go_on", go_on_with_little_room)
        with pytest.raises(OutputError, match=r"out\.csv: cannot be written \(No space.*--resume") as caught:
            score_table(str(source), output, classifier, ScoreOptions(), **arguments)
    assert "\n" not in str(caught.value)
    assert output.read_bytes() == b"old"
    done = score_table(str(source), output, classifier, ScoreOptions(), resume=True, **arguments)
    assert done.resumed_blocks == 3
    assert output.read_bytes() == whole(classifier, source, output, ScoreOptions())


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_standard_output_is_one_clear_error(tmp_path):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, "-c", "from roleclassify.cli import main; main()", "score", table(tmp_path, "csv")],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert (done.returncode, done.stderr) == (3, "Error: No space left on device: standard output\n")


def change_size(source):
    source.write_text(source.read_text(encoding="utf-8") + "61,new\n", encoding="utf-8")


def change_time(source):
    os.utime(source, (1, 1))


@pytest.mark.parametrize(
    ("change", "options", "says"),
    [
        (change_size, ScoreOptions(), "size of the input"),
        (change_time, ScoreOptions(), "modification time of the input"),
        (None, ScoreOptions(evidence=3), "--evidence was 0, is 3"),
        (None, ScoreOptions(prefix="r_"), "--prefix was role_, is r_"),
        (None, ScoreOptions(strict=True), "--strict was False, is True"),
        (None, ScoreOptions(max_characters=5), "--max-characters was 1000000, is 5"),
    ],
)
def test_going_on_with_another_run_is_refused(change, options, says, tmp_path, classifier):
    source, output = table(tmp_path, "csv"), tmp_path / "out.csv"

    def interrupt(progress):
        if progress.rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_table(str(source), output, classifier, ScoreOptions(), watch=interrupt, block_bytes=BLOCK_BYTES)
    if change:
        change(source)
    with pytest.raises(OutputError, match=says):
        score_table(str(source), output, classifier, options, resume=True, block_bytes=BLOCK_BYTES)


def test_a_damaged_input_leaves_nothing_to_go_on_with(tmp_path, classifier):
    source, output = tmp_path / "in.csv.gz", tmp_path / "out.csv"
    rows = "".join(f'{number},"{hashlib.sha512(bytes([number % 256])).hexdigest()}"\n' for number in range(2_000))
    stored = gzip.compress(b"id,text\n" + rows.encode())
    source.write_bytes(stored[: len(stored) // 2])
    finished = []
    with pytest.raises(TableError) as caught:
        score_table(str(source), output, classifier, ScoreOptions(), watch=finished.append, block_bytes=5_000)
    assert not isinstance(caught.value, OutputError)
    assert finished[-1].rows  # so that there was something to keep
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv.gz"]


def test_a_disk_that_fails_once_is_gone_on_with(tmp_path, classifier, monkeypatch):
    source, output = table(tmp_path, "csv"), tmp_path / "out.csv"
    blocks = CsvSource.blocks

    def blocks_until_it_fails(self, block_bytes):
        yield from itertools.islice(blocks(self, block_bytes), 3)
        raise TableError("in.csv", "it cannot be read", "check the disk") from OSError(errno.EIO, "")

    with monkeypatch.context() as patched, pytest.raises(TableError):
        patched.setattr(CsvSource, "blocks", blocks_until_it_fails)
        score_table(str(source), output, classifier, ScoreOptions(), block_bytes=BLOCK_BYTES)
    done = score_table(str(source), output, classifier, ScoreOptions(), resume=True, block_bytes=BLOCK_BYTES)
    assert (done.resumed_blocks, done.tally.rows) == (3, N_ROWS)


def test_going_on_with_nothing_begins(tmp_path, classifier):
    source, output = table(tmp_path, "jsonl"), tmp_path / "out.jsonl"
    done = score_table(str(source), output, classifier, ScoreOptions(), resume=True)
    assert (done.resumed_blocks, done.tally.rows) == (0, N_ROWS)


def test_a_stream_leaves_nothing_to_go_on_with(tmp_path):
    source, output = table(tmp_path, "csv"), tmp_path / "out.csv"
    driver = [sys.executable, "-c", DRIVER, "after", "2", str(int(signal.SIGINT)), str(BLOCK_BYTES)]
    with source.open("rb") as stream:
        ended = subprocess.run(
            [*driver, "score", "-o", output], stdin=stream, capture_output=True, text=True, check=False, timeout=60
        )
    assert (ended.returncode, ended.stderr.strip()) == (130, "Interrupted.")
    assert [path.name for path in tmp_path.iterdir()] == ["in.csv"]
