"""``roleclassify score``: tables in, the same tables with answers out."""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import pty
import signal
import subprocess
import sys
from dataclasses import dataclass

import pytest

from roleclassify.batch.answers import column_names
from roleclassify.batch.pool import BYTES_PER_WORKER, WorkerDiedError, n_workers, start_workers
from roleclassify.batch.run import ScoreOptions, score_table
from roleclassify.batch.scorer import MAX_CHARACTERS
from roleclassify.batch.tables.block import FORMS
from roleclassify.batch.tables.table import open_source, plan_target
from roleclassify.batch.workers import BlockScorer, Work, score_blocks
from roleclassify.cli.entry import main
from roleclassify.cli.score import command
from roleclassify.errors import TableUsageError
from roleclassify.rendering.run_summary import run_summary

SCIENTIST = "Data Scientist. Designed A/B tests, fitted regressions, presented forecasts and insights to stakeholders."
ENGINEER = "Deployed models with Docker and Kubernetes; built feature stores, CI/CD pipelines and model monitoring."
NURSE = "Nurse on a surgical ward: wound care, medication rounds, discharge planning with families."
TEXTS = [SCIENTIST, ENGINEER, NURSE, "", 'Wrote\nquoted "SQL"; ran experiments, built dashboards.']
LONG = "deploy " * 300


@dataclass
class Done:
    """How the program ended."""

    status: int
    output: bytes
    errors: str

    @property
    def rows(self):
        return list(csv.DictReader(io.StringIO(self.output.decode("utf-8"), newline="")))


@pytest.fixture
def run(monkeypatch, capfdbinary):
    """The program, in this process."""

    def go(*arguments, stdin=None):
        monkeypatch.setattr(sys, "argv", ["roleclassify", "score", *map(str, arguments)])
        monkeypatch.setattr(signal, "signal", lambda *handler: None)
        if stdin is not None:
            monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as ended:
            main()
        output, errors = capfdbinary.readouterr()
        return Done(ended.value.code, output, errors.decode("utf-8"))

    return go


def write_csv(path, texts, *more):
    """A table of texts, and further lines as they are; its path."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows([["id", "text"], *enumerate(texts)])
        file.write("".join(f"{line}\n" for line in more))
    return path


@pytest.fixture
def source(tmp_path):
    return write_csv(tmp_path / "in.csv", TEXTS)


def test_every_row_comes_back_with_its_answer(run, source, classifier):
    done = run(source, "--evidence", 2)
    assert done.status == 0
    assert [(row["id"], row["text"]) for row in done.rows] == [(str(n), text) for n, text in enumerate(TEXTS)]
    assert tuple(done.rows[0])[2:] == column_names(classifier.labels, "role_")
    for row, text in zip(done.rows, TEXTS, strict=True):
        answer = classifier.classify(text)
        assert (row["role_label"], row["role_reason"]) == (answer.label, answer.reason.value if answer.reason else "")
        assert bool(row["role_evidence"]) == bool(answer.evidence)


def test_standard_streams_and_files_hold_the_same(run, source, tmp_path):
    expected = run(source).output
    assert run("-", stdin=source.read_bytes()).output == expected
    assert run(stdin=source.read_bytes()).output == expected
    assert run(source, "-o", tmp_path / "out.csv").output == b""
    assert (tmp_path / "out.csv").read_bytes() == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["in.csv", "out.csv"]


def on_terminal(*arguments):
    """Run the program on a terminal; its status and what that showed."""
    ours, theirs = pty.openpty()
    program = [sys.executable, "-c", "from roleclassify.cli import main; main()", "score", *map(str, arguments)]
    done = subprocess.run(program, stdout=theirs, stderr=theirs, check=False)
    os.close(theirs)
    try:
        shown = os.read(ours, 10_000).decode("utf-8")
    except OSError:  # what a terminal gives that was shown nothing
        shown = ""
    os.close(ours)
    return done.returncode, shown


def test_parquet_goes_to_a_pipe_but_not_to_a_terminal(run, source):
    parquet = pytest.importorskip("pyarrow.parquet")
    done = run(source, "--format", "parquet")
    assert parquet.read_table(io.BytesIO(done.output)).column("text").to_pylist() == TEXTS
    status, shown = on_terminal(source, "--format", "parquet")
    assert status == 2
    assert "name an --output" in shown


@pytest.mark.parametrize("name", ["out.csv", "out.parquet"])
def test_the_number_of_workers_changes_nothing(name, tmp_path, classifier):
    source = write_csv(tmp_path / "in.csv", TEXTS * 12)
    outputs = [tmp_path / f"{number}-{name}" for number in (0, 3)]
    for number, output in zip((0, 3), outputs, strict=True):
        with start_workers(number) as workers:
            options = ScoreOptions(evidence=3)
            done = score_table(str(source), output, classifier, options, workers=workers, block_bytes=700)
        assert done.tally.rows == 60
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


@pytest.mark.parametrize(
    ("texts", "status", "n_errors"),
    [([], 0, 0), (TEXTS, 0, 0), ([SCIENTIST, LONG], 1, 1), ([LONG, LONG], 3, 2), ([""], 0, 0)],
)
def test_the_exit_status_tells_of_errors(texts, status, n_errors, run, tmp_path):
    output, summary = tmp_path / "out.csv", tmp_path / "summary.json"
    source = write_csv(tmp_path / "in.csv", texts)
    done = run(source, "-o", output, "--max-characters", 1000, "--summary", summary)
    assert done.status == status
    with output.open(encoding="utf-8", newline="") as file:
        assert [row["role_error"] != "" for row in csv.DictReader(file)] == [text is LONG for text in texts]
    assert json.loads(summary.read_text(encoding="utf-8"))["errors"] == n_errors


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["none.csv"], 3, "no such file"),
        (["."], 3, "cannot be"),
        (["in.csv", "--model", "none"], 3, "no model bundle here"),
        (["in.csv", "--text-column", "body"], 2, "no column 'body'; columns: 'id', 'text'"),
        (["in.csv", "--prefix", "=x"], 2, "prefix"),
        (["in.csv", "-o", "folder"], 2, "it is a folder"),
        (["in.csv", "-o", "none/out.csv"], 2, "no such folder"),
        (["in.csv", "-o", "in.csv"], 2, "it is the input itself"),
        (["in.csv", "-o", "./folder/../in.csv"], 2, "it is the input itself"),
        (["in.csv", "-o", "/dev/null"], 2, "no regular file"),
        (["in.csv", "--resume"], 2, "cannot be gone back to"),
        (["-", "-o", "out.csv", "--resume"], 2, "cannot be gone back to"),
        (["in.csv", "-o", "out.csv", "--summary", "out.csv"], 2, "would replace"),
        (["in.csv", "-o", "out.csv", "--summary", "in.csv"], 2, "would replace"),
        (["in.csv", "--summary", "none/summary.json"], 2, "folder that exists"),
        (["in.csv", "--summary", "folder"], 2, "folder that exists"),
        (["in.csv", "--jobs", "0"], 2, "--jobs"),
        (["in.csv", "--format", "xlsx"], 2, "'xlsx' is not one of"),
        (["in.csv", "--evidence", "-1"], 2, "--evidence"),
        (["scored.csv"], 2, "--prefix"),
        (["ragged.csv", "-o", "out.csv", "--strict"], 3, "ragged.csv, line 3: 3 cells"),
    ],
)
def test_what_cannot_be_done_is_told_and_leaves_nothing(arguments, status, says, run, source, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    write_csv(tmp_path / "ragged.csv", [SCIENTIST], "1,b,c")
    (tmp_path / "scored.csv").write_text("text,role_label\na,b\n", encoding="utf-8")
    before = sorted(path.name for path in tmp_path.iterdir())
    done = run(*arguments, stdin=b"text\na\n")
    assert (done.status, done.output) == (status, b"")
    assert says in done.errors.replace("\n", " ")
    assert "Traceback" not in done.errors
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert source.read_text(encoding="utf-8").startswith("id,text\n0,")


def test_ragged_rows_are_kept_and_named(run, tmp_path):
    source = write_csv(tmp_path / "in.csv", [SCIENTIST], *(["7"] + ["8,b,c"] * 11))
    done = run(source, "--summary", tmp_path / "summary.json")
    assert (done.status, len(done.rows)) == (0, 13)
    lines = done.errors.splitlines()
    assert lines[0] == f"{source}, line 3: 1 cell, not as many as the header; the row is kept as it is"
    assert [line for line in lines if ", line " in line] == lines[:10]
    assert lines[10] == f"{source}: and 2 more such rows"
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["n_ragged"] == len(summary["ragged"]) == 12
    assert summary["ragged"][-1] == {"line": 14, "cells": 3}


def test_the_summary_counts_what_the_output_holds(run, source, tmp_path, classifier):
    output, path = tmp_path / "out.csv", tmp_path / "summary.json"
    done = run(source, "-o", output, "--summary", path, "--evidence", 1)
    summary = json.loads(path.read_text(encoding="utf-8"))
    answers = [classifier.classify(text) for text in TEXTS]
    labels, reasons = [answer.label for answer in answers], [answer.reason for answer in answers if answer.reason]
    assert summary["rows"] == len(TEXTS)
    assert summary["labels"] == {label: labels.count(label) for label in sorted(set(labels))}
    assert summary["reasons"] == {reason.value: reasons.count(reason) for reason in sorted(set(reasons))}
    assert (summary["model"], summary["input"], summary["output"]) == (classifier.model, str(source), str(output))
    assert (summary["options"]["evidence"], summary["resumed"]) == (1, {"blocks": 0, "rows": 0})
    assert done.errors == run_summary(summary)


def test_quiet_says_nothing(run, tmp_path):
    done = run(write_csv(tmp_path / "in.csv", TEXTS, "7"), "-o", tmp_path / "out.csv", "--quiet")
    assert (done.status, done.output, done.errors) == (0, b"", "")


def test_an_interrupted_run_must_be_gone_on_with_or_deleted(run, source, tmp_path, classifier):
    output = tmp_path / "out.csv"

    def interrupt(progress):
        if progress.rows:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_table(str(source), output, classifier, ScoreOptions(), watch=interrupt)
    refused = run(source, "-o", output)
    assert refused.status == 3
    assert "--resume, or delete this folder" in refused.errors
    done = run(source, "-o", output, "--resume")
    assert done.status == 0
    assert "rows of an earlier run" in done.errors
    assert output.read_bytes() == run(source).output


def test_a_bar_is_shown_where_it_does_not_disturb(source, tmp_path):
    status, shown = on_terminal(source, "-o", tmp_path / "out.csv")
    assert status == 0
    assert "100%" in shown
    assert "5 rows, " in shown
    assert shown.count("rows/s") >= 2  # in the bar and in the summary
    assert "100%" not in on_terminal(source, "-o", tmp_path / "out.csv", "--quiet")[1]
    assert "100%" not in on_terminal(source)[1]


def test_a_closed_standard_output_ends_quietly(tmp_path):
    source = write_csv(tmp_path / "in.csv", [ENGINEER] * 60_000)
    ours = f"{sys.executable} -c 'from roleclassify.cli import main; main()' score {source} --jobs 2"
    done = subprocess.run(
        ["bash", "-c", f'{ours} | head -n 1; echo "${{PIPESTATUS[0]}}"'], capture_output=True, text=True, check=True
    )
    assert (done.stdout.splitlines()[-1], done.stderr) == ("0", "")


def work_for(source, classifier, **options):
    with open_source(str(source)) as table:
        target = plan_target(table.layout, labels=classifier.labels, prefix="role_")
        return Work(classifier, table.layout, target, evidence=0, max_characters=1000), list(table.blocks(**options))


def test_workers_do_not_run_ahead_of_a_slow_reader(tmp_path, classifier):
    work, blocks = work_for(write_csv(tmp_path / "in.csv", TEXTS * 20), classifier, block_bytes=300)
    taken = []
    with start_workers(2) as workers:
        chunks = score_blocks(work, (taken.append(block.number) or block for block in blocks), workers)
        assert [next(chunks).number for _ in range(3)] == [0, 1, 2]
        chunks.close()
    assert len(taken) <= 3 + 2 * 2 + 1 < len(blocks)


@pytest.mark.parametrize(
    ("error", "kind", "says"),
    [
        (ValueError("text of a document"), WorkerDiedError, "ValueError"),
        (TableUsageError("in.jsonl", "why", "remedy"), TableUsageError, "in.jsonl: why; remedy"),
    ],
)
def test_a_failure_in_a_worker_tells_no_text(error, kind, says, source, classifier, monkeypatch):
    work, blocks = work_for(source, classifier)
    scorer = BlockScorer(work)

    def fail(self, block):
        raise error

    monkeypatch.setattr(BlockScorer, "score", fail)
    outcome = pickle.loads(pickle.dumps(scorer.outcome(blocks[0])))
    assert type(outcome) is kind
    assert says in str(outcome)
    assert "text of a document" not in str(outcome)


@pytest.mark.parametrize(
    ("n_bytes", "jobs", "expected"),
    [(0, 8, 0), (BYTES_PER_WORKER, 8, 0), (3 * BYTES_PER_WORKER, 8, 3), (9 * BYTES_PER_WORKER, 2, 2), (10**7, 1, 0)],
)
def test_an_input_gets_as_many_workers_as_it_is_worth(n_bytes, jobs, expected, tmp_path):
    (tmp_path / "in.csv").write_bytes(b"a" * n_bytes)
    assert n_workers(str(tmp_path / "in.csv"), jobs) == expected
    assert n_workers("-", jobs) == (jobs if jobs > 1 else 0)


def test_the_command_offers_what_the_tables_and_the_scorer_have():
    options = {option.name: option for option in command.params}
    assert tuple(options["format"].type.choices) == tuple(options["input_format"].type.choices) == FORMS
    assert options["max_characters"].default == MAX_CHARACTERS


@pytest.mark.parametrize("number", [0, 2])
def test_a_field_that_is_ours_and_turns_up_late_is_told(number, tmp_path, classifier):
    source, output = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [*({"text": text} for text in TEXTS * 4), {"text": SCIENTIST, "role_label": "mine"}]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with start_workers(number) as workers, pytest.raises(TableUsageError, match="--prefix"):
        score_table(str(source), output, classifier, ScoreOptions(), workers=workers, block_bytes=500)
    assert [path.name for path in tmp_path.iterdir()] == ["in.jsonl"]


def test_a_run_summary_reads_well():
    summary = {
        "rows": 20_000,
        "labels": {"a": 6_120, "undetermined": 13_000, "b": 877},
        "reasons": {"near-tie": 600, "empty": 12_400},
        "errors": 3,
        "n_ragged": 2,
        "resumed": {"rows": 10_000},
        "seconds": 75.2,
        "rows_per_second": 1626.4,
    }
    assert run_summary(summary) == (
        "rows                    20,000\n"
        "  a                      6,120\n"
        "  b                        877\n"
        "  undetermined          13,000\n"
        "    empty               12,400\n"
        "    near-tie               600\n"
        "errors                       3\n"
        "ragged rows                  2\n"
        "rows of an earlier run  10,000\n"
        "1 min 15 s, 1,626 rows/s\n"
    )
