"""Texts for benchmarks of speed: real ones where ROLECLASSIFY_CORPUS names their folder, else those of the project."""

from __future__ import annotations

import csv
import json
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
TABLES = ("postings.parquet", "negatives.parquet", "profiles.parquet")
COLUMNS = ("id", "title", "company", "location", "text")
NEW_WORDS = 0.03
"""Share of the words of a repeated text that become words never met before.

Of the strings between blanks in 5,159 real documents, 2.9 % in the fifth thousand were in none before (3.2 % in the
fourth, 8 % in the first): what a table without repetitions would have.
"""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_WORD = re.compile(r"\S+")


def documents() -> tuple[str, list[dict[str, Any]]]:
    """Say where the documents come from, and give them: dictionaries with ``text`` and ``label`` at least."""
    folder = os.environ.get("ROLECLASSIFY_CORPUS")
    if not folder:
        lines = (ROOT / "data" / "labeled" / "documents.jsonl").read_text(encoding="utf-8").splitlines()
        return "data/labeled", [json.loads(line) for line in lines]
    import pyarrow.parquet

    found: list[dict[str, Any]] = []
    for name in TABLES:
        table = pyarrow.parquet.read_table(Path(folder) / name)
        kept = [column for column in (*COLUMNS, "label") if column in table.column_names]
        found += table.select(kept).to_pylist()
    return "ROLECLASSIFY_CORPUS", found


def write_csv(path: Path, found: list[dict[str, Any]], n_rows: int, *, fresh: bool) -> None:
    """Write rows in a shuffled order, all documents again and again.

    Parameters
    ----------
    fresh
        Give new words to every repetition of a text, so that nobody gains by remembering the words of the first.
    """
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for number, (document, repeated) in enumerate(_repeat(found, n_rows)):
            text = with_new_words(document["text"], random.Random(number)) if fresh and repeated else document["text"]
            writer.writerow([number, *(document.get(name) or "" for name in COLUMNS[1:-1]), text])


def _repeat(found: list[dict[str, Any]], n_rows: int) -> Iterator[tuple[dict[str, Any], bool]]:
    """Give ``n_rows`` documents, and whether each was given before."""
    chance = random.Random(0)
    for first in range(0, n_rows, len(found)):
        chance.shuffle(found := list(found))
        yield from ((document, first > 0) for document in found[: n_rows - first])


def with_new_words(text: str, chance: random.Random) -> str:
    """Lengthen some words by four letters drawn at random."""
    return _WORD.sub(
        lambda word: word[0] + "".join(chance.choices(_LETTERS, k=4)) if chance.random() < NEW_WORDS else word[0], text
    )


def n_rows_of(path: Path) -> int:
    """Count the rows of a CSV file, its header not among them."""
    csv.field_size_limit(2**31 - 1)
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1
