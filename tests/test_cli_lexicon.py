"""``roleclassify lexicon derive`` and ``export``: arguments, files and exit statuses."""

from __future__ import annotations

import io
import json
import signal
import sys
from collections import namedtuple

import pytest

from conftest import CASES
from roleclassify.cli.entry import main
from roleclassify.lexicon.source import load_lexicon

GUIDE, HIRING = (CASES / "derivation" / name for name in ("guide.txt", "hiring.md"))
ROLES = ("--roles", "data-analyst,data-engineer=etl-developer")
LEXICON = (
    'name = "n"\nlabels = ["one", "two"]\n[[concept]]\nid = "c"\nrole = "one"\ndescription = "d"\nsource = ["A1"]\n'
    'phrases = ["Power BI"]\nexact = ["Go"]\n'
)

Done = namedtuple("Done", "status stdout stderr")


@pytest.fixture
def run(monkeypatch, capsysbinary):
    """The program in this process, which then loads spaCy's tables once only."""

    def run(*arguments, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["roleclassify", "lexicon", *map(str, arguments)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        with pytest.raises(SystemExit) as left:
            main()
        return Done(left.value.code, *capsysbinary.readouterr())

    before = signal.getsignal(signal.SIGTERM)
    yield run
    signal.signal(signal.SIGTERM, before)


def test_derive_writes_a_lexicon_that_lint_accepts(run, tmp_path):
    output = tmp_path / "proposal.toml"
    done = run("derive", GUIDE, HIRING, *ROLES, "-o", output)
    assert (done.status, done.stdout) == (0, b"")
    assert b"concepts" in done.stderr and str(output).encode() in done.stderr
    assert list(tmp_path.iterdir()) == [output]
    lexicon = load_lexicon(output)
    assert lexicon.labels == ("data-analyst", "data-engineer")
    assert len(lexicon.concepts) > 40
    assert run("lint", "--lexicon", output).status == 0


def test_derive_prints_and_takes_standard_input(run, tmp_path):
    done = run("derive", "-", *ROLES, stdin=GUIDE.read_bytes())
    assert done.status == 0
    path = tmp_path / "printed.toml"
    path.write_bytes(done.stdout)
    assert load_lexicon(path).concepts[0].source[0].startswith("-:")
    assert run("derive", *ROLES, stdin=GUIDE.read_bytes()).stdout == done.stdout


def test_derive_names_files_of_one_name_by_their_paths(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "guide.txt").write_bytes(GUIDE.read_bytes())
    done = run("derive", "a/guide.txt", "b/guide.txt", *ROLES)
    assert b'"a/guide.txt:' in done.stdout and b'"b/guide.txt:' in done.stdout


def test_derive_takes_labelled_tables(run, tmp_path):
    topics = {"data-analyst": "Builds dashboards.", "data-engineer": "Builds pipelines.", "other": "Bakes bread."}
    rows = [
        {"id": f"{label}-{number}", "label": label, "employer": f"e{number}", "text": topic}
        for label, topic in topics.items()
        for number in range(20)
    ]
    table = tmp_path / "table.jsonl"
    table.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    done = run("derive", "--labeled", table, *ROLES)
    assert done.status == 0, done.stderr
    assert b"data-analyst-0" in done.stdout and b"bread" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["derive", GUIDE], 2, "Missing option '--roles'"),
        (["derive", GUIDE, "--roles", "one"], 2, "two roles are needed"),
        (["derive", GUIDE, "--roles", "a,a"], 2, "in common"),
        (["derive", GUIDE, "--roles", "a,mixed"], 2, "are no roles"),
        (["derive", GUIDE, "--roles", "a,b c!"], 2, "no name"),
        (["derive", "--labeled", *ROLES], 2, "Name a labelled table"),
        (["derive", GUIDE, *ROLES, "-o", GUIDE], 2, "would replace an input"),
        (["derive", GUIDE, *ROLES, "-o", GUIDE.parent], 2, "--output"),
        (["derive", GUIDE, "--roles", "nurse,cook"], 3, "say nothing of the role 'nurse'"),
        (["derive", "missing.txt", *ROLES], 3, "no such file"),
        (["derive", "--labeled", GUIDE, *ROLES], 3, "unknown kind of table"),
        (["export", "--format", "csv"], 2, "'csv' is not"),
        (["export", "--lexicon", "missing.toml"], 3, "cannot be read"),
    ],
)
def test_wrong_usage_and_unreadable_files_are_told_apart(arguments, status, message, run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = run(*arguments)
    assert done.status == status
    assert message in done.stderr.decode()
    assert b"Traceback" not in done.stderr and done.stdout == b""
    assert status == 2 or done.stderr.count(b"\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_export_prints_or_writes_patterns(run, tmp_path):
    lexicon, output = tmp_path / "lexicon.toml", tmp_path / "patterns.jsonl"
    lexicon.write_text(LEXICON, encoding="utf-8")
    printed = run("export", "--format", "spacy", "--lexicon", lexicon)
    assert [json.loads(line) for line in printed.stdout.splitlines()] == [
        {"label": "one", "pattern": [{"LOWER": "power"}, {"LOWER": "bi"}], "id": "c"},
        {"label": "one", "pattern": [{"LOWER": "power"}, {"LOWER": "-"}, {"LOWER": "bi"}], "id": "c"},
        {"label": "one", "pattern": [{"ORTH": "Go"}], "id": "c"},
    ]
    assert run("export", "--lexicon", lexicon, "-o", output).stdout == b""
    assert output.read_bytes() == printed.stdout


def test_lint_checks_concepts_to_lay_over_a_model(run, tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text(
        '[[concept]]\nid = "c"\nrole = "ml-engineer"\nphrases = ["drone telemetry", "Docker"]\n', encoding="utf-8"
    )
    done = run("lint", "--lexicon", own)
    assert done.status == 1
    assert b"c: 'Docker' stands in containers (ml-engineer) too, and both count" in done.stdout
    assert done.stderr == b"1 findings in 1 concepts\n"


def test_lexicon_without_a_concept_lists_none_and_one_without_labels_is_told(run, tmp_path):
    own = tmp_path / "mine.toml"
    own.write_text('name = "n"\nlabels = ["one", "two"]\nconcept = []\n', encoding="utf-8")
    done = run("list", "--lexicon", own)
    assert (done.status, done.stdout, done.stderr) == (0, b"", b"0 concepts, 0 phrases\n")
    own.write_text('[[concept]]\nid = "c"\nrole = "one"\nphrases = ["drone"]\n', encoding="utf-8")
    done = run("list", "--lexicon", own)
    assert done.status == 3
    assert b"it has no `labels`" in done.stderr
