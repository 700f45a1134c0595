from __future__ import annotations

import csv
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from conftest import LABELED, ROOT
from roleclassify.classifier import default_bundle
from roleclassify.cli.entry import program

EXAMPLES = ROOT / "examples"
ENGINEER = EXAMPLES / "posting-titled-data-scientist.txt"
SCIENTIST = EXAMPLES / "posting-forecasting.txt"


def run(*arguments, stdin=None, env=None):
    """The program as a user runs it: a process of its own."""
    return subprocess.run(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        errors="replace",
        env={**os.environ, **(env or {})},
        check=False,
    )


def lines(result):
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_classify_prints_json_lines_when_piped():
    result = run("classify", ENGINEER, SCIENTIST)
    assert result.returncode == 0
    assert result.stderr == ""
    assert [(answer["id"], answer["label"]) for answer in lines(result)] == [
        (str(ENGINEER), "ml-engineer"),
        (str(SCIENTIST), "data-scientist"),
    ]


@pytest.mark.parametrize("arguments", [["classify"], ["classify", "-"]])
def test_classify_reads_standard_input(arguments):
    result = run(*arguments, stdin=ENGINEER.read_text(encoding="utf-8"))
    (answer,) = lines(result)
    assert (answer["id"], answer["label"], result.returncode) == ("-", "ml-engineer", 0)


@pytest.mark.parametrize(
    ("redirection", "says"), [("<&-", "standard input is closed"), ("0>written", "standard input cannot be read")]
)
def test_a_closed_standard_input_is_unreadable(redirection, says, tmp_path):
    ours = f"{sys.executable} -c 'from roleclassify.cli import main; main()' classify - {redirection}"
    result = subprocess.run(["bash", "-c", ours], capture_output=True, text=True, check=False, cwd=tmp_path)
    (answer,) = lines(result)
    assert says in answer["error"]
    assert (result.returncode, result.stderr) == (3, "")


def test_classify_goes_on_after_an_unreadable_file(tmp_path):
    (tmp_path / "scan.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    result = run("classify", tmp_path / "none.pdf", SCIENTIST, tmp_path / "scan.png")
    assert result.returncode == 1
    answers = lines(result)
    assert [answer["error"] is None for answer in answers] == [False, True, False]
    assert all("\n" not in answer["error"] for answer in answers if answer["error"])


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["classify", "none.txt"], 3, "no such file"),
        (["explain", "none.txt"], 3, "no such file"),
        (["read", "none.txt"], 3, "no such file"),
        (["classify", str(SCIENTIST), "--model", "none"], 3, "no model bundle here"),
        (["classify", str(SCIENTIST), "--min-probability", "0.2"], 2, "--min-probability"),
        (["classify", str(SCIENTIST), "--format", "xml"], 2, "'xml' is not one of"),
        (["clasify"], 2, "No such command"),
        (["classify", "--nonsense"], 2, "No such option"),
        (["train"], 2, "Missing argument"),
        (["train", "none.jsonl", "-o", "out"], 3, "cannot be read"),
        (["evaluate", "none.jsonl"], 3, "cannot be read"),
        (["lexicon", "show", "nothing"], 2, "lexicon list"),
        (["lexicon", "lint", "--lexicon", "none.toml"], 1, "cannot be read"),
    ],
)
def test_wrong_use_is_one_clear_message_and_a_status(arguments, status, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert result.returncode == status
    assert says in result.stdout + result.stderr
    assert "Traceback" not in result.stderr
    assert not (tmp_path / "out").exists()


def test_undetermined_is_an_answer_and_no_error(tmp_path):
    (tmp_path / "empty.txt").write_text("", encoding="utf-8")
    result = run("classify", tmp_path / "empty.txt")
    assert result.returncode == 0
    assert lines(result)[0]["reason"] == "empty"


def test_classify_takes_the_documents_of_a_folder(tmp_path):
    (tmp_path / "below" / ".hidden").mkdir(parents=True)
    for name in ("b.txt", "below/a.md", "below/.hidden/c.txt", "notes.xyz"):
        shutil.copy(SCIENTIST, tmp_path / name)
    answers = lines(run("classify", "--recursive", tmp_path))
    assert [answer["id"] for answer in answers] == [str(tmp_path / "b.txt"), str(tmp_path / "below" / "a.md")]
    refused = run("classify", tmp_path)
    assert refused.returncode == 3
    assert "--recursive" in lines(refused)[0]["error"]


def test_classify_formats_hold_the_same_answers():
    in_lines = lines(run("classify", ENGINEER, "none.txt", "--format", "jsonl"))
    assert json.loads(run("classify", ENGINEER, "none.txt", "--format", "json").stdout) == in_lines
    rows = list(csv.DictReader(io.StringIO(run("classify", ENGINEER, "none.txt", "--format", "csv").stdout)))
    assert [(row["id"], row["label"]) for row in rows] == [(answer["id"], answer["label"]) for answer in in_lines]
    assert float(rows[0]["p_ml_engineer"]) == in_lines[0]["probabilities"]["ml-engineer"]
    assert rows[1]["error"] == in_lines[1]["error"]
    assert rows[1]["probability"] == ""


def test_classify_table_fits_the_terminal():
    result = run("classify", ENGINEER, SCIENTIST, "none.txt", "--format", "table", env={"COLUMNS": "80"})
    assert result.returncode == 1
    assert "titled data-scientist, reads as ml-engineer" in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "\x1b" not in result.stdout


def test_top_limits_the_evidence_and_sums_the_rest():
    (answer,) = lines(run("classify", ENGINEER, "--top", "2"))
    assert len(answer["evidence"]) == 2
    total = answer["bias"] + sum(item["contribution"] for item in answer["evidence"]) + sum(answer["rest"].values())
    assert total == pytest.approx(answer["score"], abs=1e-9)


def test_explain_json_has_every_contribution():
    answer = json.loads(run("explain", ENGINEER, "--format", "json").stdout)
    for question in (answer, answer["domain"]):
        assert len(question["contributions"]) > len(question["evidence"])
        total = question["bias"] + sum(item["contribution"] for item in question["contributions"])
        assert total == pytest.approx(question["score"], abs=1e-9)


def test_explain_text_shows_verdict_sides_quotes_and_rest():
    text = run("explain", ENGINEER, env={"COLUMNS": "80"}).stdout
    for piece in (
        "Reads as ml-engineer",
        "Titled data-scientist",
        "Concepts",
        "“",
        "left out",
        "work of either role",
    ):
        assert piece in text
    assert max(map(len, text.splitlines())) <= 80


def test_min_probability_and_model_come_from_options_and_environment(tmp_path):
    copy = shutil.copytree(default_bundle(), tmp_path / "model")
    text = "Design A/B tests and deploy models with Docker. Present insight; monitor latency. SQL."
    assert lines(run("classify", "--min-probability", "1", stdin=text))[0]["reason"] == "near-tie"
    assert run("classify", stdin=text, env={"ROLECLASSIFY_MODEL": str(copy)}).returncode == 0
    assert run("classify", stdin=text, env={"ROLECLASSIFY_MODEL": str(tmp_path)}).returncode == 3


def test_read_prints_the_text_and_reports_the_reading():
    result = run("read", EXAMPLES / "resume-growth-analyst.pdf")
    assert "pdf" in result.stderr
    assert "page" in result.stderr
    report = json.loads(run("read", EXAMPLES / "resume-growth-analyst.pdf", "--format", "json").stdout)
    assert report["text"].strip() == result.stdout.strip()
    assert set(report) == {"source", "format", "characters", "pages", "warnings", "text"}


def test_train_and_evaluate_and_classify_with_an_own_model(tmp_path):
    trained = run("train", LABELED, "--split", "test", "-o", tmp_path / "model", "--version", "7")
    assert trained.returncode == 0
    assert "fitting the leaning" in trained.stderr
    assert run("train", LABELED, "--split", "test", "-o", tmp_path / "quiet", "--version", "7", "--quiet").stderr == ""
    for part in ("bundle.json", "weights.npz"):
        assert (tmp_path / "model" / part).read_bytes() == (tmp_path / "quiet" / part).read_bytes()
    (answer,) = lines(run("classify", ENGINEER, "--model", tmp_path / "model"))
    assert answer["model"] == "ds-vs-mle 7"
    summary = json.loads(
        run("evaluate", LABELED, "--split", "train", "--model", tmp_path / "model", "--format", "json").stdout
    )
    assert summary["by_title"]["auc"] > 0.95
    text = run("evaluate", LABELED, "--split", "test").stdout
    assert "AUC" in text


def test_evaluate_on_folds_trains_anew_and_writes_a_report(tmp_path):
    rows = [json.loads(line) for line in LABELED.read_text(encoding="utf-8").splitlines()]
    found = [
        {**row, "synthetic": False, "employer": str(number % 30)}
        for number, row in enumerate(row for row in rows if row["split"] == "test" or row["group"] in "ab")
    ]
    data, readings = tmp_path / "found.jsonl", tmp_path / "readings.csv"
    data.write_text("".join(json.dumps(row) + "\n" for row in found), encoding="utf-8")
    sides = {"data-scientist": 0.1, "ml-engineer": 0.9, "mixed": 0.5}
    judged = [f"{row['id']},{sides[row['label']]}\n" for row in found if row["label"] in sides]
    readings.write_text("id,reading\n" + "".join(judged), encoding="utf-8")
    arguments = ("evaluate", data, "--readings", readings, "--folds", "employer")
    done = run(*arguments, "--report", tmp_path / "report", "--jobs", "2")
    assert done.returncode == 0
    assert "5 of 5: training without fold 5" in done.stderr
    assert "as a reader judged the work" in done.stdout
    assert "near-duplicate in training: 0" in done.stdout
    assert (tmp_path / "report" / "report.md").exists()
    wrong = run("evaluate", data, "--folds", "source", "--quiet")
    assert wrong.returncode == 3
    assert wrong.stderr.count("\n") == 1
    assert "50 documents of both labels" in wrong.stderr


def test_lexicon_commands_show_the_shipped_lexicon():
    listed = run("lexicon", "list")
    assert "experimentation" in listed.stdout
    assert "A/B test" in run("lexicon", "show", "experimentation").stdout
    linted = run("lexicon", "lint")
    assert (linted.returncode, linted.stdout) == (0, "")


@pytest.mark.parametrize(
    "command", [[], ["classify"], ["explain"], ["read"], ["train"], ["evaluate"], ["lexicon"], ["lexicon", "lint"]]
)
def test_every_command_has_help(command):
    result = CliRunner().invoke(program, [*command, "--help"])
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")
    assert len(result.output.splitlines()) > 5


def test_a_closed_output_ends_quietly(tmp_path):
    files = " ".join([str(SCIENTIST)] * 60)
    ours = f'{sys.executable} -c "from roleclassify.cli import main; main()" classify {files}'
    command = f'{ours} | head -n 1; echo "${{PIPESTATUS[0]}}"'
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert result.stdout.splitlines()[-1] == "0"
    assert result.stderr == ""


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_with_its_status(number, status):
    process = subprocess.Popen(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", "classify", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    time.sleep(1.5)
    process.send_signal(number)
    _, errors = process.communicate()
    assert process.returncode == status
    assert b"Traceback" not in errors


@pytest.mark.parametrize("encoding", ["latin-1", "ascii", "cp1252"])
@pytest.mark.parametrize("command", [["explain"], ["classify"], ["explain", "--format", "json"], ["read"]])
def test_output_suits_a_stream_that_lacks_characters(command, encoding):
    text = "Deploy models \N{EM DASH} with Docker \N{ROCKET}; monitor latency, mod\u00e8le en production. SQL."
    done = run(*command, stdin=text, env={"PYTHONIOENCODING": f"{encoding}:strict", "PYTHONUTF8": "0"})
    assert "Traceback" not in done.stderr
    assert done.returncode == 0
    if command[-1] == "json":
        assert json.loads(done.stdout)["groups"]
