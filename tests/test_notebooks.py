"""The notebooks: they run without an error, and what is stored in them is what a run gives."""

from __future__ import annotations

import ast
import base64
import io
import json
import re
import subprocess
import sys

import nbformat
import pytest
from PIL import Image

from conftest import ROOT

FOLDER = ROOT / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
LARGEST_OUTPUT, LARGEST_NOTEBOOK = 60_000, 300_000  # bytes
MOST_LINES = 24  # of a cell, its imports and blank lines apart
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
OF_A_MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|usr|var|opt|work|Users)/|\b[A-Z]:\\|\b0x[0-9a-f]{6,}|https?://")
COLORS = {"C0", "C1", "C2", "black", "white"}  # of notebooks/plots.mplstyle, safe for the colour-blind

each_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def stored(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def prose(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")


def outputs(notebook):
    return [output for cell in code_cells(notebook) for output in cell.outputs]


def pictures(notebook):
    return [output.data["image/png"] for output in outputs(notebook) if "image/png" in output.get("data", ())]


def told(notebook):
    """What each cell put out, as text; of a picture only that it is one, for its bytes follow matplotlib's version."""
    return [
        "\n".join(
            "a picture" if "image/png" in data else output.get("text", data.get("text/plain", output.output_type))
            for output in cell.outputs
            for data in [output.get("data", {})]
        )
        for cell in code_cells(notebook)
    ]


def is_wrong(output):
    return output.output_type == "error" or output.get("name") == "stderr"


def is_same(one, other):
    """Whether words are equal and numbers nearly: another processor rounds otherwise when a model is trained."""
    words = [" ".join(NUMBER.sub(" # ", text).split()) for text in (one, other)]
    numbers = [[float(number) for number in NUMBER.findall(text)] for text in (one, other)]
    return words[0] == words[1] and numbers[0] == pytest.approx(numbers[1], abs=0.011, rel=0.01)


@pytest.fixture(scope="module")
def executed(tmp_path_factory):
    """All notebooks after a fresh run, and one of which the second cell fails and the third one warns; by name."""
    folder = tmp_path_factory.mktemp("notebooks")
    sources = ["6 * 7", "1 / 0", "import warnings\nwarnings.warn('odd')"]
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    nbformat.write(nbformat.v4.new_notebook(cells=cells), folder / "broken.ipynb")
    command = [sys.executable, FOLDER / "execute.py", "--into", folder, *NOTEBOOKS, folder / "broken.ipynb"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    assert run.returncode == 1 and "broken.ipynb: ZeroDivisionError: division by zero\n" in run.stderr, run.stderr
    return {path.name: stored(path) for path in folder.glob("*.ipynb")}


def test_notebooks_are_numbered():
    assert [path.name.partition("-")[0] for path in NOTEBOOKS] == ["1", "2", "3", "4"]


@each_notebook
def test_notebook_runs_without_error_or_warning(path, executed):
    assert [output for output in outputs(executed[path.name]) if is_wrong(output)] == []


def test_what_is_wrong_with_a_notebook_is_found(executed):
    assert told(executed["broken.ipynb"])[0] == "42"
    assert [is_wrong(output) for output in outputs(executed["broken.ipynb"])] == [False, True, True]


@each_notebook
def test_stored_outputs_are_those_of_a_run(path, executed):
    notebook = stored(path)
    for cell, before, now in zip(code_cells(notebook), told(notebook), told(executed[path.name]), strict=True):
        differ = f"after a change run notebooks/execute.py\n{cell.source}\n--- stored\n{before}\n--- run\n{now}"
        assert is_same(before, now), differ


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("", "", True),
        ("r-language -0.52\n968 rows", "r-language  -0.53\n968 rows", True),
        ("r-language -0.52", "r-language -0.42", False),
        ("r-language -0.52", "r-language 0.52", False),
        ("968 rows", "868 rows", False),
        ("sql -0.52", "insight -0.52", False),
        ("0.5", "0.5 0.5", False),
        ("a picture", "", False),
    ],
)
def test_comparison_of_outputs(one, other, same):
    assert is_same(one, other) == same


@each_notebook
def test_stored_outputs_are_complete_and_small(path):
    cells = code_cells(stored(path))
    assert [cell.execution_count for cell in cells] == list(range(1, len(cells) + 1))
    assert path.stat().st_size < LARGEST_NOTEBOOK
    assert all(len(json.dumps(output)) < LARGEST_OUTPUT for output in outputs(stored(path)))
    assert len(pictures(stored(path))) >= 1
    for picture in pictures(stored(path)):
        with Image.open(io.BytesIO(base64.b64decode(picture))) as image:
            assert 300 < image.width < 900
            assert len(image.getcolors()) > 2  # something is drawn


@each_notebook
def test_nothing_of_a_machine_is_stored(path):
    notebook = stored(path)
    assert all(cell.metadata == {} for cell in notebook.cells)
    assert notebook.metadata.language_info == {"name": "python"}
    text = [*told(notebook), *(cell.source for cell in notebook.cells)]
    text += [output.data["text/html"] for output in outputs(notebook) if "text/html" in output.get("data", ())]
    assert OF_A_MACHINE.findall("\n".join(text)) == []


@pytest.mark.parametrize("text", ["/tmp/a.toml", "<object at 0x7f12ab34cd>", "C:\\Users", "see https://example.com"])
def test_what_is_of_a_machine_is_found(text):
    assert OF_A_MACHINE.search(text)


@each_notebook
def test_notebook_defines_nothing_of_its_own(path):
    for cell in code_cells(stored(path)):
        source = re.sub(r"^%.*", "", cell.source, flags=re.MULTILINE)
        defined = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef | ast.ClassDef)]
        assert defined == []
        lines = [line for line in source.splitlines() if line and not re.match("from |import ", line)]
        assert len(lines) <= MOST_LINES, cell.source


@each_notebook
def test_prose_leaves_figures_to_the_run(path):
    assert re.findall(r"\d+[.,]\d+|\d+ ?(?:%|percent)", prose(stored(path))) == []


@each_notebook
def test_links_lead_somewhere(path):
    links = re.findall(r"\]\(([^)#:]+)\)", prose(stored(path)))
    assert links
    assert [link for link in links if not (FOLDER / link).exists()] == []


@each_notebook
def test_plots_keep_to_the_safe_colors(path):
    code = "\n".join(cell.source for cell in code_cells(stored(path)))
    named = re.findall(r"""(?:color|ec|mec|fc)(?:=|": )"([^"]*)\"""", code)
    assert set(named) <= COLORS
