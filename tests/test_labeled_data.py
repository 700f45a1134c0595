"""The rules that data/labeled/README.md states."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict

import pytest

from conftest import LABELED

ROWS = [json.loads(line) for line in LABELED.read_text(encoding="utf-8").splitlines()]
DATASHEET = (LABELED.parent / "README.md").read_text(encoding="utf-8")
RUN = 8


def words(text):
    return re.findall(r"[a-z0-9+#]+", text.lower())


def set_phrases():
    section = DATASHEET.split("## Set phrases", 1)[1].split("\n## ", 1)[0]
    return [tuple(words(line[2:])) for line in section.splitlines() if line.startswith("- ")]


def test_documents_have_every_field():
    for row in ROWS:
        assert set(row) == {"id", "group", "split", "kind", "label", "near_miss", "brief", "why", "synthetic", "text"}
        assert row["synthetic"] is True
        assert row["kind"] in ("posting", "resume")
        assert row["split"] in ("train", "test")
        assert row["brief"].strip()
        assert row["why"].strip()
        assert row["label"] == "other" or not row["near_miss"]
    assert len({row["id"] for row in ROWS}) == len(ROWS)


def test_groups_are_never_split():
    splits = defaultdict(set)
    for row in ROWS:
        splits[row["group"]].add(row["split"])
    assert all(len(split) == 1 for split in splits.values())


def test_documents_are_as_many_as_promised():
    labels = Counter(row["label"] for row in ROWS)
    assert len(ROWS) >= 300
    assert labels["data-scientist"] >= 100
    assert labels["ml-engineer"] >= 100
    assert labels["other"] >= 60
    assert labels["mixed"] >= 10
    assert labels["mixed"] + sum(row["near_miss"] for row in ROWS) >= 40
    for label in ("data-scientist", "ml-engineer"):
        kinds = Counter(row["kind"] for row in ROWS if row["label"] == label)
        assert 0.8 <= kinds["posting"] / kinds["resume"] <= 1.25


def test_documents_are_120_to_500_words_but_for_the_short_ones():
    lengths = [len(row["text"].split()) for row in ROWS]
    assert max(lengths) <= 500
    assert not [row["id"] for row, length in zip(ROWS, lengths, strict=True) if 75 < length < 120]


def test_no_two_documents_share_a_run_of_eight_words():
    allowed = {
        phrase[first : first + RUN] for phrase in set_phrases() for first in range(max(1, len(phrase) - RUN + 1))
    }
    assert len(set_phrases()) <= 30
    seen = {}
    shared = []
    for row in ROWS:
        of_row = words(row["text"])
        for run in {tuple(of_row[first : first + RUN]) for first in range(len(of_row) - RUN + 1)} - allowed:
            if run in seen:
                shared.append((seen[run], row["id"], " ".join(run)))
            seen[run] = row["id"]
    assert shared == []


@pytest.mark.parametrize(
    "pattern", [r"@(?!example\.)(?![\w-]+\.example\b)[\w-]+\.\w+", r"\b(?:linkedin|github)\.com/\w"]
)
def test_documents_name_no_real_address(pattern):
    assert [
        (row["id"], match.group()) for row in ROWS for match in re.finditer(pattern, row["text"], re.IGNORECASE)
    ] == []


def test_datasheet_gives_the_counts():
    labels = Counter((row["label"], row["split"]) for row in ROWS)
    for label in ("data-scientist", "ml-engineer", "other", "mixed"):
        assert f"| {label} | {labels[label, 'train']} | {labels[label, 'test']} |" in DATASHEET
