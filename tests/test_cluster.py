"""Many files on a real Dask cluster of several processes."""

from __future__ import annotations

import csv
import json
import os
import signal
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest

import roleclassify
from conftest import LABELED
from roleclassify.batch import cluster as cluster_module
from roleclassify.batch.cluster import score_dataset
from roleclassify.batch.journal import OutputError
from roleclassify.batch.run import ScoreOptions, score_table
from roleclassify.errors import TableUsageError

CLASSIFIER = roleclassify.load()
TEXTS = [json.loads(line)["text"] for line in LABELED.read_text(encoding="utf-8").splitlines()]
OPTIONS = ScoreOptions(text_column="text", evidence=3)

# Processes that distributed starts and ends leave sockets and loops to the garbage collector.
pytestmark = [
    pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning"),
    pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning"),
]


def write_tables(folder, n_files, n_rows, form="csv"):
    folder.mkdir()
    for number in range(n_files):
        rows = [{"id": f"{number}-{n}", "text": TEXTS[(number * 31 + n) % len(TEXTS)]} for n in range(n_rows)]
        path = folder / f"table{number}.{form}"
        if form == "csv":
            with path.open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, ["id", "text"])
                writer.writeheader()
                writer.writerows(rows)
        else:
            from pyarrow import Table, parquet

            parquet.write_table(Table.from_pylist(rows), path)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_parts_are_what_scoring_the_files_one_by_one_gives(tmp_path, form):
    files = write_tables(tmp_path / "in", 3, 20, form)
    done = score_dataset(f"{tmp_path}/in/*.{form}", tmp_path / "out", CLASSIFIER, OPTIONS, jobs=2)
    assert done.failures == ()
    assert done.run.tally.rows == 60
    parts = sorted((tmp_path / "out").iterdir())
    assert [part.name for part in parts] == [f"part-{number:05}.{form}" for number in range(3)]
    for file, part in zip(files, parts, strict=True):
        score_table(str(file), tmp_path / f"alone.{form}", CLASSIFIER, OPTIONS)
        assert part.read_bytes() == (tmp_path / f"alone.{form}").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in", "out", f"alone.{form}"])


def test_a_worker_killed_in_the_middle_costs_nothing_but_time(tmp_path):
    write_tables(tmp_path / "in", 6, 400)
    killed = []

    def kill_one(progress):
        # Told after each finished file: then the others are at work.
        if progress.position and not killed:
            from distributed import default_client

            pid = default_client().run(os.getpid)
            killed.append(next(iter(pid.values())))
            os.kill(killed[0], signal.SIGKILL)

    done = score_dataset(f"{tmp_path}/in/*.csv", tmp_path / "out", CLASSIFIER, OPTIONS, jobs=2, watch=kill_one)
    assert killed
    assert done.failures == ()
    assert done.run.tally.rows == 2400
    score_table(str(tmp_path / "in" / "table5.csv"), tmp_path / "alone.csv", CLASSIFIER, OPTIONS)
    assert (tmp_path / "out" / "part-00005.csv").read_bytes() == (tmp_path / "alone.csv").read_bytes()


def test_a_file_that_fails_leaves_the_others_and_a_run_to_go_on_with(tmp_path):
    files = write_tables(tmp_path / "in", 3, 5)
    good = files[1].read_bytes()
    files[1].write_text("id,other\n1,2\n", encoding="utf-8")
    pattern, output = f"{tmp_path}/in/*.csv", tmp_path / "out"
    done = score_dataset(pattern, output, CLASSIFIER, OPTIONS, jobs=1)
    assert len(done.failures) == 1
    assert "table1.csv" in done.failures[0]
    assert done.run.tally.rows == 10
    assert not output.exists()
    files[1].write_bytes(good)
    with pytest.raises(OutputError, match="--resume"):
        score_dataset(pattern, output, CLASSIFIER, OPTIONS, jobs=1)
    with pytest.raises(OutputError, match="--prefix was role_, is w_"):
        score_dataset(pattern, output, CLASSIFIER, replace(OPTIONS, prefix="w_"), jobs=1, resume=True)
    done = score_dataset(pattern, output, CLASSIFIER, OPTIONS, jobs=1, resume=True)
    assert (done.failures, done.run.tally.rows, done.run.resumed_rows) == ((), 15, 10)
    assert [path.name for path in sorted(output.iterdir())] == [f"part-{number:05}.csv" for number in range(3)]


def fake_cluster(monkeypatch, fails=()):
    """Score in this process; files with these names fail. Gives the names of the files asked for."""
    asked = []

    def score(client, classifier, options, partitions):
        for partition in partitions:
            name = Path(partition.source[0]).name
            asked.append(name)
            if name in fails:
                yield partition, f"{name}: not now"
            else:
                yield partition, score_table(partition.source[0], partition.output, classifier, options).tally

    monkeypatch.setattr(cluster_module, "_score", score)
    monkeypatch.setattr(cluster_module, "_connected", lambda *_: nullcontext())
    return asked


def test_only_what_is_not_done_or_has_changed_is_scored_again(tmp_path, monkeypatch):
    files = write_tables(tmp_path / "in", 3, 5)
    asked = fake_cluster(monkeypatch, fails=["table2.csv"])
    score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS)
    with files[0].open("a", encoding="utf-8") as file:
        file.write("late,Deploy models.\n")
    again = fake_cluster(monkeypatch)
    done = score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS, resume=True)
    assert (asked, again) == (["table0.csv", "table1.csv", "table2.csv"], ["table0.csv", "table2.csv"])
    assert done.run.tally.rows == 16
    assert (tmp_path / "out" / "part-00000.csv").read_text(encoding="utf-8").splitlines()[-1].startswith("late,")


def test_parts_of_a_run_over_more_files_do_not_stay(tmp_path, monkeypatch):
    files = write_tables(tmp_path / "in", 3, 5)
    fake_cluster(monkeypatch, fails=["table0.csv"])
    score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS)
    files[2].unlink()
    fake_cluster(monkeypatch)
    done = score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS, resume=True)
    assert done.run.tally.rows == 10
    assert [path.name for path in sorted((tmp_path / "out").iterdir())] == ["part-00000.csv", "part-00001.csv"]


def test_a_run_that_finished_nothing_is_no_obstacle_to_the_next(tmp_path, monkeypatch):
    write_tables(tmp_path / "in", 1, 2)
    fake_cluster(monkeypatch, fails=["table0.csv"])
    for _ in range(2):
        assert score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS).failures
    assert [path.name for path in tmp_path.iterdir()] == ["in"]


def test_a_folder_of_somebody_else_is_left_alone(tmp_path, monkeypatch):
    write_tables(tmp_path / "in", 1, 2)
    fake_cluster(monkeypatch)
    (tmp_path / "out.part").mkdir()
    (tmp_path / "out.part" / "letter.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(OutputError, match="not of this program"):
        score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS)
    assert (tmp_path / "out.part" / "letter.txt").exists()


def test_ragged_rows_are_named_with_their_file(tmp_path, monkeypatch):
    files = write_tables(tmp_path / "in", 2, 2)
    with files[1].open("a", encoding="utf-8") as file:
        file.write("x,Deploy models.,more\n")
    fake_cluster(monkeypatch)
    told = []
    done = score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS, watch=told.append)
    assert [Path(progress.source).name for progress in told if progress.ragged] == ["table1.csv"]
    (ragged,) = done.to_dict()["ragged"]
    assert ragged["file"].endswith("table1.csv")
    assert ragged["cells"] == 3


@pytest.mark.parametrize(
    ("pattern", "output", "message"),
    [("nothing/*.csv", "out", "no file matches"), ("in/*", "in", "there already"), ("in/*", "no/out", "no folder")],
)
def test_what_cannot_be_done_is_told_before_any_work(tmp_path, monkeypatch, pattern, output, message):
    monkeypatch.chdir(tmp_path)
    write_tables(tmp_path / "in", 1, 2)
    with pytest.raises(TableUsageError, match=message):
        score_dataset(pattern, tmp_path / output, CLASSIFIER, OPTIONS)


def test_a_cluster_out_of_reach_is_told_in_one_line(tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "_CONNECT_SECONDS", 1)
    write_tables(tmp_path / "in", 1, 2)
    with pytest.raises(OutputError, match="cannot be reached"):
        score_dataset(f"{tmp_path}/in/*", tmp_path / "out", CLASSIFIER, OPTIONS, cluster="tcp://127.0.0.1:9")
