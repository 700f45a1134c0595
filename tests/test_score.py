"""``roleclassify score``: tables in, the same tables with answers out."""

from __future__ import annotations

import csv
import io
import json
import os
import pickle
import pty
import re
import signal
import subprocess
import sys
import time
import traceback
from dataclasses import dataclass

import pytest

from roleclassify.batch.answers import column_names
from roleclassify.batch.paths import part_folder
from roleclassify.batch.pool import BYTES_PER_WORKER, n_workers, start_workers
from roleclassify.batch.run import Progress, ScoreOptions, score_table
from roleclassify.batch.scorer import MAX_CHARACTERS, BatchScorer
from roleclassify.batch.tables.block import FORMS
from roleclassify.batch.tables.table import open_source, plan_target
from roleclassify.batch.workers import BlockError, BlockScorer, Work, score_blocks
from roleclassify.cli.entry import main
from roleclassify.cli.progress import ProgressReport
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
        (["in.csv", "-o", "fifo"], 2, "no regular file"),
        (["in.csv", "--resume"], 2, "cannot be gone back to"),
        (["-", "-o", "out.csv", "--resume"], 2, "cannot be gone back to"),
        (["in.csv", "-o", "out.csv", "--summary", "out.csv"], 2, "would replace"),
        (["in.csv", "-o", "out.csv", "--summary", "in.csv"], 2, "would replace"),
        (["in.csv", "-o", "out.csv", "--summary", "same-as-in.csv"], 2, "would replace"),
        (["in.csv", "--summary", "none/summary.json"], 2, "no such folder"),
        (["in.csv", "--summary", "leads-to-none"], 2, "no such folder"),
        (["in.csv", "--summary", "loop"], 2, "leads nowhere"),
        (["in.csv", "--summary", "folder"], 2, "it is a folder"),
        (["in.csv", "--summary", "fifo"], 2, "no regular file"),
        (["in.csv", "-o", "loop"], 2, "leads nowhere"),
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
    os.mkfifo(tmp_path / "fifo")  # not /dev/null, which a fault would replace on the machine that runs this
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "leads-to-none").symlink_to("none/summary.json")
    (tmp_path / "same-as-in.csv").hardlink_to(source)
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
    why = "1 cell, not as many as the header, or an open quote; the row is kept as it is"
    assert lines[0] == f"{source}, line 3: {why}"
    assert [line for line in lines if ", line " in line] == lines[:10]
    assert lines[10] == f"{source}: and 2 more such rows"
    summary = json.loads((tmp_path / "summary.json").read_text(encoding="utf-8"))
    assert summary["n_ragged"] == len(summary["ragged"]) == 12
    assert summary["ragged"][-1] == {"line": 14, "cells": 3}


def test_all_ragged_rows_are_counted_and_the_first_named(run, tmp_path):
    source = write_csv(tmp_path / "in.csv", [SCIENTIST], *["7"] * 3_000)
    done = run(source, "-o", tmp_path / "out.csv")
    lines = done.errors.splitlines()
    assert [", line " in line for line in lines[:11]] == [True] * 10 + [False]
    assert lines[10] == f"{source}: and 2,990 more such rows"
    assert re.search(r"ragged rows +3,000$", done.errors, re.MULTILINE)


def test_a_summary_is_put_where_a_link_leads_and_disturbs_nothing(run, source, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    for name in ("summary.json", "new.json"):
        (tmp_path / name).symlink_to(f"elsewhere/{name}")
        (tmp_path / f"{name}.part").write_text("mine", encoding="utf-8")
    (tmp_path / "elsewhere" / "summary.json").write_text("old", encoding="utf-8")
    for name in ("summary.json", "new.json"):
        assert run(source, "--summary", tmp_path / name).status == 0
        assert (tmp_path / name).is_symlink()
        assert json.loads((tmp_path / "elsewhere" / name).read_text(encoding="utf-8"))["rows"] == len(TEXTS)
        assert (tmp_path / f"{name}.part").read_text(encoding="utf-8") == "mine"
    assert sorted(path.name for path in (tmp_path / "elsewhere").iterdir()) == ["new.json", "summary.json"]


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


def test_the_time_left_counts_what_this_run_does(monkeypatch, tmp_path):
    now = [1000.0]
    monkeypatch.setattr(time, "time", lambda: now[0])
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stderr", shown)
    shown.isatty = lambda: True
    with ProgressReport("in.csv", is_quiet=False, has_bar=True) as report:
        for position in (800, 820, 840, 860):  # 2 bytes a second, 140 left
            report(Progress(position, 1000, (position - 800) // 2))
            now[0] += 10
    last = shown.getvalue().splitlines()[-1].split("\r")[-1]
    assert "going on from 80%" in last
    assert "00:01:" in last  # 70 seconds; with the skipped bytes it would be 6
    assert "30%" in last
    assert "30 rows" in last


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        ("{source} >&-", 0, ""),
        ("{source} --format parquet >&-", 0, ""),
        ("{source} -o {output} >&-", 0, "rows"),
        ("{source} -o {output} 2>&-", 0, ""),
        ("- <&-", 3, "Error: -: standard input is closed; name a file, or pipe a table in\n"),
        ("- 0>{output}", 3, "cannot be read"),
    ],
)
def test_closed_streams_are_no_fault(arguments, status, says, source, tmp_path):
    ours = f"{sys.executable} -c 'from roleclassify.cli import main; main()' score"
    arguments = arguments.format(source=source, output=tmp_path / "out.csv")
    done = subprocess.run(["bash", "-c", f"{ours} {arguments}"], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (status, "")
    assert says in done.stderr if says else done.stderr == ""
    assert "Traceback" not in done.stderr
    assert not part_folder(tmp_path / "out.csv").exists()


@pytest.mark.parametrize("arguments", ["{source} -o {output}", "{source} --strict", "none.csv", "--wrong"])
def test_nobody_listening_to_messages_ends_no_run(arguments, tmp_path):
    source, output = write_csv(tmp_path / "in.csv", TEXTS * 20, *["7"] * 30), tmp_path / "out.csv"
    arguments = arguments.format(source=source, output=output)
    # What reads standard error is gone before anything is told.
    script = (
        "import os; ours, theirs = os.pipe(); os.close(ours); os.dup2(theirs, 2); os.close(theirs); "
        "from roleclassify.cli import main; main()"
    )
    command = [sys.executable, "-c", script, "score", *arguments.split()]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == {"none.csv": 3, "--wrong": 2}.get(arguments, 3 if "--strict" in arguments else 0)
    assert output.exists() == (done.returncode == 0)
    if output.exists():
        assert len(output.read_text(encoding="utf-8").splitlines()) > 130


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
        work = Work(str(source), classifier, table.layout, target, evidence=0, max_characters=1000)
        return work, list(table.blocks(**options))


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
        (ValueError("text of a document"), BlockError, r"in\.csv, line 9: .*\(ValueError\).*report it"),
        (TableUsageError("in.jsonl", "why", "remedy"), TableUsageError, "in.jsonl: why; remedy"),
    ],
)
def test_a_failure_is_told_the_same_with_and_without_workers(error, kind, says, tmp_path, classifier, monkeypatch):
    work, blocks = work_for(write_csv(tmp_path / "in.csv", TEXTS * 2), classifier, block_bytes=500)
    scorer = BlockScorer(work)

    def fail(self, texts, problems):
        raise error

    monkeypatch.setattr(BatchScorer, "score", fail)
    with pytest.raises(kind, match=says) as caught:
        scorer.score(blocks[1])
    assert "text of a document" not in "".join(traceback.format_exception(caught.value))
    outcome = pickle.loads(pickle.dumps(scorer.outcome(blocks[1])))
    assert type(outcome) is kind
    assert str(outcome) == str(caught.value)


# The program with small blocks, and with a fault that shows at one of the rows.
FAULTY = """
import functools
import roleclassify.batch.pool as pool
import roleclassify.batch.run as run
from roleclassify.batch.scorer import BatchScorer

pool.BYTES_PER_WORKER = 1
run.score_table = functools.partial(run.score_table, block_bytes=500)
score = BatchScorer.score

def score_or_fail(scorer, texts, problems):
    if any("secret" in text for text in texts):
        raise UnicodeDecodeError("utf-8", texts[0].encode(), 0, 1, texts[0])
    return score(scorer, texts, problems)

BatchScorer.score = score_or_fail
if __name__ == "__main__":
    from roleclassify.cli import main
    main()
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_fault_of_the_program_is_one_line_and_keeps_what_is_finished(jobs, tmp_path, classifier):
    program = tmp_path / "program.py"  # which workers, being spawned, import again
    program.write_text(FAULTY, encoding="utf-8")
    source, output = write_csv(tmp_path / "in.csv", [*TEXTS * 3, "a secret", *TEXTS]), tmp_path / "out.csv"
    _, blocks = work_for(source, classifier, block_bytes=500)
    (failing,) = (block for block in blocks if b"secret" in block.content)
    assert 0 < failing.number < len(blocks) - 1
    arguments = [sys.executable, program, "score", source, "-o", output, "--jobs", str(jobs)]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (
        3,
        f"Error: {source}, line {failing.line}: the rows from here on cannot be scored (UnicodeDecodeError), "
        "which is a fault of this program; please report it, in these words\n",
    )
    assert (part_folder(output) / "journal.jsonl").read_bytes().count(b"\n") == failing.number


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
