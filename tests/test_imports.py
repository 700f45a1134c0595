"""What is imported when, and who may import whom."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from conftest import ROOT

SOURCE = ROOT / "src" / "roleclassify"
EXAMPLE = ROOT / "examples" / "posting-forecasting.txt"
PROGRAM = "from roleclassify.cli.entry import program\nprogram.main"

# Lower stages first: a module may import its own stage and those before it.
STAGES = [
    ["errors"],
    ["text"],
    ["lexicon"],
    ["model"],
    ["result"],
    ["evidence"],
    ["classifier"],
    ["learning"],
    ["rendering"],
    ["batch"],
    ["integrations"],
    ["cli"],
]
# Stages that may not import each other though one comes first.
APART = {("rendering", "learning"), ("rendering", "classifier")}


def loaded_after(code):
    """Names of the top-level modules that are loaded after running ``code`` in a fresh interpreter."""
    listing = "import sys; print('\\n'.join({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    program = f"{code}\n{listing}"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return set(done.stderr.split())


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        ("import roleclassify", {"numpy", "scipy", "sklearn", "spacy", "pandas", "click", "pdfminer", "joblib"}),
        ("import roleclassify.cli", {"numpy", "scipy", "sklearn", "spacy", "pandas", "pdfminer", "joblib"}),
        (
            f"{PROGRAM}(['--help'], standalone_mode=False)",
            {"numpy", "scipy", "sklearn", "spacy", "pandas", "pdfminer", "joblib"},
        ),
        (
            f"{PROGRAM}(['classify', {str(EXAMPLE)!r}], standalone_mode=False)",
            {"scipy", "sklearn", "spacy", "pandas", "pdfminer", "joblib"},
        ),
        (
            f"{PROGRAM}(['explain', {str(EXAMPLE)!r}], standalone_mode=False)",
            {"scipy", "sklearn", "spacy", "pandas", "pdfminer", "joblib"},
        ),
        (
            "import roleclassify; roleclassify.load().classify('Deploy models.')",
            {"scipy", "sklearn", "spacy", "pandas", "pdfminer", "joblib", "click"},
        ),
    ],
)
def test_import_is_free_of_what_is_not_needed(code, absent):
    assert not absent & loaded_after(code)


def test_import_opens_no_network_and_sets_up_no_logging():
    code = (
        "import logging, socket\n"
        "socket.socket = None\n"
        "import roleclassify\n"
        "roleclassify.load().classify('Deploy models.')\n"
        "assert not logging.getLogger().handlers and not logging.getLogger('roleclassify').handlers"
    )
    assert "roleclassify" in loaded_after(code)


def test_public_names_can_be_had_and_others_not():
    import roleclassify

    for name in roleclassify.__all__:
        assert getattr(roleclassify, name).__name__ == name
        assert name in dir(roleclassify)
    with pytest.raises(AttributeError, match="no attribute 'nothing'"):
        roleclassify.nothing  # noqa: B018


def stage_of(module):
    return module.split(".")[1] if "." in module else ""


def imports_of(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


def test_imports_point_up_the_layout():
    order = {name: position for position, names in enumerate(STAGES) for name in names}
    wrong = []
    for path in SOURCE.rglob("*.py"):
        own = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if own == "__init__":
            continue
        assert own in order, f"{own} has no place in the layout"
        for module in imports_of(path):
            other = stage_of(module)
            if module.startswith("roleclassify.") and (order[other] > order[own] or (own, other) in APART):
                wrong.append(f"{path.relative_to(SOURCE)} imports {module}")
    assert wrong == []


def test_no_role_is_named_in_the_source():
    names = ("data-scientist", "ml-engineer", "data scientist", "machine learning engineer", "ml engineer")
    named = []
    for path in SOURCE.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documentation = {
            id(node.body[0].value)
            for node in ast.walk(tree)
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef) and ast.get_docstring(node)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documentation:
                named += [f"{path.name}: {node.value!r}" for name in names if name in node.value.lower()]
    assert named == []
