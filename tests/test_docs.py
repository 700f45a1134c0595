"""README and cards against the program."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import pytest

from conftest import LABELED, ROOT
from roleclassify.learning.evaluation import judge, summarize
from roleclassify.learning.labeled import read_labeled
from roleclassify.rendering.figures import figures

README = (ROOT / "README.md").read_text(encoding="utf-8")
CARD = (ROOT / "models" / "ds-vs-mle" / "MODEL_CARD.md").read_text(encoding="utf-8")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def test_readme_shows_what_the_program_prints():
    (shown,) = blocks("text")
    command, _, expected = shown.partition("\n")
    arguments = shlex.split(command.removeprefix("$ roleclassify "))
    printed = subprocess.run(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", *arguments],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "96"},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=True,
    )
    assert printed.stdout == expected


@pytest.mark.parametrize("code", blocks("python"))
def test_readme_python_runs(code, capsys):
    exec(compile(code, "README.md", "exec"), {})
    assert re.search("data-scientist|ml-engineer", capsys.readouterr().out)


def test_readme_commands_exist():
    from roleclassify.cli.entry import program

    shell = "\n".join(blocks("sh"))
    used = set(re.findall(r"^(?:.*\| )?roleclassify (\w+)", shell, re.MULTILINE))
    assert used <= set(program.list_commands(None))
    assert {"classify", "explain", "read", "score", "train", "evaluate", "lexicon"} <= used
    targets = set(re.findall(r"^make (\w+)", shell, re.MULTILINE))
    assert targets <= set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))


def test_links_lead_somewhere():
    for path in [
        ROOT / "README.md",
        *(ROOT / "docs").glob("*.md"),
        ROOT / "models/ds-vs-mle/MODEL_CARD.md",
        LABELED.parent / "README.md",
    ]:
        for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / link).exists(), f"{path.name}: {link}"


def test_card_has_the_figures_that_evaluation_gives(classifier):
    documents = read_labeled([LABELED], classifier.labels, split="test")
    printed = figures({"model": classifier.model, **summarize(judge(classifier, documents), classifier.labels)})
    assert f"<!-- figures: labelled -->\n```text\n{printed}```" in CARD
