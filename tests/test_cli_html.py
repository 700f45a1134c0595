"""The option --html of every command that has it."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from conftest import ROOT
from pages import PageReader

POSTING, RESUME = ROOT / "examples" / "posting-forecasting.txt", ROOT / "examples" / "resume-growth-analyst.pdf"
COMMANDS = {
    "explain": ["explain", POSTING],
    "classify": ["classify", POSTING, RESUME],
    "compare": ["compare", RESUME, POSTING],
    "model show": ["model", "show"],
}


def run(*arguments, cwd=None, stdin=None):
    return subprocess.run(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_page_is_written_beside_the_same_output(command, tmp_path):
    page = tmp_path / "page.html"
    done = run(*command, "--html", page)
    assert (done.returncode, done.stderr) == (0, f"wrote {page}\n")
    assert done.stdout == run(*command).stdout
    assert {"h1", "footer"} <= PageReader(page.read_text(encoding="utf-8")).tags
    assert list(tmp_path.iterdir()) == [page]


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
@pytest.mark.parametrize(("target", "problem"), [("none/page.html", "no such folder"), ("folder", "it is a folder")])
def test_place_for_a_page_is_looked_at_first(command, target, problem, tmp_path):
    (tmp_path / "folder").mkdir()
    done = run(*command, "--html", tmp_path / target)
    assert (done.returncode, done.stdout) == (2, "")
    assert problem in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", [["explain"], ["classify"], ["compare", RESUME]], ids=lambda command: command[0])
def test_page_never_replaces_its_document(command, tmp_path):
    document = tmp_path / "cv.txt"
    document.write_text("Deploy models.", encoding="utf-8")
    done = run(*command, document, "--html", document)
    assert (done.returncode, done.stdout) == (2, "")
    assert "it would replace an input" in done.stderr
    assert document.read_text(encoding="utf-8") == "Deploy models."


def test_unreadable_document_leaves_no_page_of_one(tmp_path):
    done = run("explain", "none.txt", "--html", "page.html", cwd=tmp_path)
    assert done.returncode == 3
    assert list(tmp_path.iterdir()) == []


def test_unreadable_document_has_its_place_among_many(tmp_path):
    done = run("classify", "none.txt", POSTING, "--html", "page.html", cwd=tmp_path)
    assert done.returncode == 1
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "none.txt" in page
    assert "could not be read" in page
    assert "2 documents" in page


def test_page_is_written_through_a_link(tmp_path):
    (tmp_path / "real.html").write_text("old", encoding="utf-8")
    (tmp_path / "link.html").symlink_to("real.html")
    assert run("explain", POSTING, "--html", tmp_path / "link.html").returncode == 0
    assert (tmp_path / "link.html").is_symlink()
    assert (tmp_path / "real.html").read_text(encoding="utf-8").startswith("<!doctype html>")


@pytest.mark.parametrize("command", [["explain"], ["classify"], ["compare", POSTING]], ids=lambda command: command[0])
def test_file_name_that_is_no_text_is_written_with_escapes(command, tmp_path):
    name = os.fsdecode(b"\xff.txt")
    try:
        (tmp_path / name).write_text("We deploy models with Docker and monitor latency.", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    done = run(*command, name, "--html", "page.html", cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "wrote page.html\n")
    assert "udcff.txt" in (tmp_path / "page.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", COMMANDS.values(), ids=COMMANDS)
def test_page_replaces_no_lexicon_and_is_no_stream(command, tmp_path):
    own = tmp_path / "own.toml"
    own.write_text('[[concept]]\nid = "x"\nrole = "ml-engineer"\nexact = ["RTB"]\n', encoding="utf-8")
    before = own.read_bytes()
    done = run(*command, "--lexicon", own, "--html", own)
    assert (done.returncode, done.stdout) == (2, "")
    assert own.read_bytes() == before
    done = run(*command, "--html", "-", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "names a file" in done.stderr


def test_page_that_cannot_be_written_is_named(tmp_path):
    import resource

    def limit():
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    done = subprocess.run(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", "explain", POSTING, "--html", "page.html"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=limit,
        encoding="utf-8",
    )
    assert done.returncode == 3
    assert done.stderr == "Error: File too large: page.html\n"
    assert list(tmp_path.iterdir()) == []
