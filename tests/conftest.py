"""Fixtures that several modules share."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

import pytest

import roleclassify
from roleclassify.learning.labeled import LabeledDocument, read_labeled
from roleclassify.learning.training import Trained, train
from roleclassify.lexicon.compilation import compile_lexicon
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.lexicon.source import load_lexicon

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "cases"
LABELED = ROOT / "data" / "labeled" / "documents.jsonl"

_LONGEST = ("test_quality.py", "test_notebooks.py", "test_docs.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that take minutes, so that none of them is what the other process waits for at the end."""
    items.sort(key=lambda item: item.path.name not in _LONGEST)


def cases(name: str) -> list[object]:
    """Parameters of a case file; a case marked ``fails`` is a known limit and must go on failing."""
    entries = tomllib.loads((CASES / f"{name}.toml").read_text(encoding="utf-8"))["case"]
    return [
        pytest.param(
            entry,
            id=(entry.get("name") or entry.get("text") or "empty")[:40].replace("\n", " "),
            marks=pytest.mark.xfail(reason=entry.get("comment", "known limit")) if entry.get("fails") else (),
        )
        for entry in entries
    ]


@pytest.fixture(scope="session")
def classifier() -> roleclassify.RoleClassifier:
    """The shipped model."""
    return roleclassify.load()


@pytest.fixture(scope="session")
def compiled_lexicon() -> CompiledLexicon:
    """The shipped lexicon, compiled afresh."""
    return compile_lexicon(load_lexicon())


@pytest.fixture(scope="session")
def labeled() -> list[LabeledDocument]:
    """All labelled documents of the project."""
    return read_labeled([LABELED], load_lexicon().labels)


@pytest.fixture(scope="session")
def trained(labeled: list[LabeledDocument], compiled_lexicon: CompiledLexicon) -> Trained:
    """A small model, trained on the labelled documents of the project alone."""
    return train([document for document in labeled if document.split == "train"], compiled_lexicon, version="1.0.0")


@pytest.fixture(scope="session")
def corpus() -> Path:
    """Folder of the real corpus, which is no part of the project."""
    folder = os.environ.get("ROLECLASSIFY_CORPUS")
    if not folder:
        pytest.skip("ROLECLASSIFY_CORPUS is not set: the real postings are no part of the project")
    return Path(folder)
