from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from conftest import ROOT
from roleclassify.cli.entry import program

RESUME = ROOT / "examples" / "resume-growth-analyst.pdf"
POSTING = ROOT / "examples" / "posting-titled-data-scientist.txt"


def run(*arguments, stdin="", env=None):
    """The program as a user runs it: a process of its own, without a terminal."""
    return subprocess.run(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", "compare", *map(str, arguments)],
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **(env or {})},
        check=False,
    )


def test_compare_prints_a_table_though_piped():
    result = run(RESUME, POSTING, env={"COLUMNS": "80"})
    assert (result.returncode, result.stderr) == (0, "")
    for piece in ("Distance +", "Only in the second", "Only in the first", "In both", "“Looker” x2"):
        assert piece in result.stdout
    assert max(map(len, result.stdout.splitlines())) <= 80
    assert "\x1b" not in result.stdout


def test_compare_reads_standard_input_for_one():
    from_file = json.loads(run(RESUME, POSTING, "--format", "json").stdout)
    piped = json.loads(run(RESUME, "-", "--format", "json", stdin=POSTING.read_text(encoding="utf-8")).stdout)
    assert piped["second"]["id"] == "-"
    assert piped["distance"] == from_file["distance"]
    assert piped["concepts"] == from_file["concepts"]


def test_compare_json_is_the_whole_comparison(classifier):
    result = CliRunner().invoke(program, ["compare", str(RESUME), str(POSTING), "--format", "json", "--top", "1"])
    assert json.loads(result.output) == json.loads(json.dumps(classifier.compare(RESUME, POSTING).to_dict()))


def test_top_limits_the_concepts_of_each_part():
    few, many = (
        CliRunner().invoke(program, ["compare", str(RESUME), str(POSTING), "--top", top]).output for top in ("1", "50")
    )
    assert len(few.splitlines()) < len(many.splitlines())
    assert "“Terraform modules”" in many
    assert "“Terraform modules”" not in few
    assert "infrastructure-as-code" in " ".join(few.split())


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["none.txt", POSTING], 3, "none.txt: no such file"),
        ([POSTING, "none.txt"], 3, "none.txt: no such file"),
        (["none.txt", "none.pdf"], 3, "none.txt: no such file"),
        ([POSTING], 2, "Missing argument 'SECOND'"),
        ([], 2, "Missing argument 'FIRST'"),
        (["-", "-"], 2, "Only one of the two can be standard input."),
        ([POSTING, POSTING, "--format", "csv"], 2, "'csv' is not one of"),
        ([POSTING, POSTING, "--model", "none"], 3, "no model bundle here"),
    ],
)
def test_wrong_use_is_one_clear_message_and_a_status(arguments, status, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (status, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    if status == 3:
        assert result.stderr.count("\n") == 1


@pytest.mark.parametrize("empty", ["first", "second"])
def test_empty_document_is_compared_and_said_to_be_so(empty, tmp_path):
    nothing = tmp_path / "empty.txt"
    nothing.write_text("", encoding="utf-8")
    paths = [nothing, POSTING] if empty == "first" else [POSTING, nothing]
    result = CliRunner().invoke(program, ["compare", *map(str, paths)])
    assert result.exit_code == 0
    assert f"The {empty} has no words, so there is no distance." in result.output
    assert "“Terraform modules”" in result.output
    told = CliRunner().invoke(program, ["compare", *map(str, paths), "--format", "json"])
    assert json.loads(told.output)["distance"] is None
