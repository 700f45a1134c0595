"""README, pages and cards against the program: every code block does what its page says."""

from __future__ import annotations

import doctest
import gzip
import json
import os
import re
import shlex
import shutil
import subprocess
import sysconfig
from dataclasses import dataclass

import click
import pytest
from markdown_it import MarkdownIt

from conftest import LABELED, ROOT
from roleclassify.cli.entry import program
from roleclassify.learning.evaluation import judge, summarize
from roleclassify.learning.labeled import read_labeled
from roleclassify.rendering.figures import figures

CARD = ROOT / "models" / "ds-vs-mle" / "MODEL_CARD.md"
GENERATED = {"cli.md"}  # tests/test_docs_site.py holds it against the program
PAGES = [ROOT / "README.md", *(path for path in sorted((ROOT / "docs").glob("*.md")) if path.name not in GENERATED)]
DIRECTIVES = {"autoclass", "autoexception", "autofunction", "currentmodule", "eval-rst", "include", "toctree"}

# The reader's own files, and the example that stands for each.
STAND_INS = {
    "cv.pdf": "examples/resume-growth-analyst.pdf",
    "posting.html": "examples/posting-experimentation.html",
    "posting.txt": "examples/posting-forecasting.txt",
    "notes.docx": "examples/resume-ml-platform.docx",
    "folder": "examples",
}
# Commands that are not run here, and why; each is still checked for its command and options, or its make target.
NOT_RUN = {
    "make demo": "sets up an environment; what it runs are commands of the tutorial",
    "make test": "runs these tests",
    "make docs": "tests/test_docs_site.py builds the site",
    "pip install .": "changes the environment; tests/test_packaging.py builds the wheel and installs it",
    "pip install '.[all]'": "changes the environment",
    "roleclassify score 'postings/*.parquet' -o scored/ --cluster local": "slow; tests/test_cluster.py does",
    "roleclassify train data/labeled/documents.jsonl --split train -o my-model": "slow; tests/test_training.py does",
}


@dataclass(frozen=True)
class Block:
    """A fenced block of a page: its language, its text, and the line that it begins on."""

    page: str
    language: str
    text: str
    line: int


def blocks_of(path):
    for token in MarkdownIt("commonmark").parse(path.read_text(encoding="utf-8")):
        if token.type == "code_block" or (token.type == "fence" and not token.info.startswith("{")):
            yield Block(path.name, token.info.strip(), token.content, token.map[0] + 2)


BLOCKS = [block for path in PAGES for block in blocks_of(path)]


def commands_of(block):
    """Commands of a block with what is shown below each; a comment behind a command is cut off."""
    if block.language == "sh":
        lines = block.text.replace("\\\n", "").splitlines()
        return [(re.sub(r"\s+#.*", "", line), None) for line in lines if line and not line.startswith("#")]
    parts = re.split(r"^\$ ", block.text.replace("\\\n", ""), flags=re.MULTILINE)[1:]
    return [tuple(part.partition("\n")[::2]) for part in parts]


class Workspace:
    """A folder with what the reader of a page has, in which the page's blocks are run in order."""

    def __init__(self, page, folder):
        self.folder = folder
        self._left = [block for block in BLOCKS if block.page == page]
        self._names = {"__name__": "__main__"}
        for name in ("examples", "data", "models"):
            shutil.copytree(ROOT / name, folder / name)
        for name, example in STAND_INS.items():
            (shutil.copytree if (ROOT / example).is_dir() else shutil.copy)(ROOT / example, folder / name)
        shutil.copytree(ROOT / "models" / "ds-vs-mle", folder / "my-model")
        write_tables(folder)

    def run(self, block, capsys):
        """Run a block and those before it that have not been run; give what the last one printed."""
        printed = ""
        while block in self._left:
            printed = self._run(self._left.pop(0), capsys)
        return printed

    def _run(self, block, capsys):
        capsys.readouterr()
        if block.language == "python":
            code = "\n" * (block.line - 1) + block.text
            exec(compile(code, block.page, "exec"), self._names)
        elif block.language == "pycon":
            session = doctest.DocTestParser().get_doctest(block.text, self._names, block.page, None, block.line - 1)
            runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
            if runner.run(session, clear_globs=False).failed:
                pytest.fail(capsys.readouterr().out, pytrace=False)
            self._names.update(session.globs)
        elif block.language == "toml":
            name = re.match(r"# (\S+\.toml)\n", block.text)
            (self.folder / name[1]).write_text(block.text, encoding="utf-8")
        else:
            for command, shown in commands_of(block):
                self._run_command(command, shown)
        return capsys.readouterr().out

    def _run_command(self, command, shown):
        if command in NOT_RUN:
            return
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROLECLASSIFY")}
        # Unbuffered, so that the two streams mix as on a terminal.
        environment |= {"COLUMNS": "96", "PYTHONUNBUFFERED": "1"}
        environment["PATH"] = os.pathsep.join([sysconfig.get_path("scripts"), os.environ["PATH"]])
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=self.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        if shown is None:
            as_said = done.returncode == 0
        else:
            as_said = doctest.OutputChecker().check_output(shown, done.stdout, doctest.ELLIPSIS)
        if not as_said:
            pytest.fail(f"{command}\n--- the page shows\n{shown}\n--- the program prints\n{done.stdout}", pytrace=False)


def write_tables(folder):
    import pyarrow
    from pyarrow import parquet

    rows = [{"body": "Deploy models to Kubernetes, with CI/CD and monitoring."}, {"body": ""}]
    parquet.write_table(pyarrow.Table.from_pylist(rows), folder / "postings.parquet")
    lines = "".join(json.dumps(row) + "\n" for row in rows)
    (folder / "postings.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


@pytest.fixture(scope="module")
def workspaces(tmp_path_factory):
    made = {}

    def workspace(page):
        if page not in made:
            made[page] = Workspace(page, tmp_path_factory.mktemp("page"))
        return made[page]

    return workspace


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}:{block.line}:{block.language}")
def test_block_does_what_its_page_says(block, workspaces, capsys, monkeypatch):
    workspace = workspaces(block.page)
    monkeypatch.chdir(workspace.folder)
    printed = workspace.run(block, capsys)
    if block.page == "README.md" and block.language == "python":
        assert re.search("data-scientist|ml-engineer", printed)


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_no_block_escapes(path):
    for block in blocks_of(path):
        assert block.language in {"python", "pycon", "sh", "console", "toml", "text"}, f"line {block.line}"
        assert (block.language not in {"console", "text"}) or block.text.startswith("$ "), f"line {block.line}"
        assert block.language != "toml" or re.match(r"# \S+\.toml\n", block.text), f"line {block.line}"
    named = re.findall(r"^\s*(?:[`:~]{3,}\{|\.\. )([\w-]+)(?:\}|::)", path.read_text(encoding="utf-8"), re.MULTILINE)
    assert set(named) <= DIRECTIVES


def test_what_is_not_run_is_in_a_page_and_valid():
    commands = {command for block in BLOCKS for command, _ in commands_of(block)}
    assert set(NOT_RUN) <= commands
    targets = re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    for command in NOT_RUN:
        name, *arguments = shlex.split(command)
        if name == "make":
            assert set(arguments) <= set(targets)
        elif name == "roleclassify":
            check_usage(arguments)


def check_usage(arguments):
    command, context = program, program.make_context("roleclassify", [], resilient_parsing=True)
    while isinstance(command, click.Group):
        name, *arguments = arguments
        command = command.get_command(context, name)
    command.make_context(name, list(arguments), context)


@pytest.mark.parametrize("line", ["score a.csv --nothing", "explain --top many cv.pdf", "train a.jsonl"])
def test_wrong_usage_is_found(line):
    with pytest.raises(click.UsageError):
        check_usage(shlex.split(line))


def test_readme_has_the_main_commands():
    shell = "\n".join(block.text for block in BLOCKS if block.page == "README.md" and block.language == "sh")
    used = set(re.findall(r"^(?:.*\| )?roleclassify (\w+)", shell, re.MULTILINE))
    assert {"classify", "explain", "read", "score", "train", "evaluate", "lexicon"} <= used


@pytest.mark.parametrize("path", [*PAGES, CARD, LABELED.parent / "README.md"], ids=lambda path: path.name)
def test_links_lead_somewhere(path):
    for link in re.findall(r"\]\(([^)#:]+)\)", path.read_text(encoding="utf-8")):
        assert (path.parent / link).exists(), link


def test_card_has_the_figures_that_evaluation_gives(classifier):
    documents = read_labeled([LABELED], classifier.labels, split="test")
    printed = figures({"model": classifier.model, **summarize(judge(classifier, documents), classifier.labels)})
    assert f"<!-- figures: labelled -->\n```text\n{printed}```" in CARD.read_text(encoding="utf-8")
