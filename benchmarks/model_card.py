"""Write the figures into the shipped model's card: ``python benchmarks/model_card.py [BLOCK...]``.

Each block between ``<!-- figures: NAME -->`` and ``<!-- end -->`` is replaced by what the command above it prints.
Blocks that rest on real documents are renewed where ROLECLASSIFY_CORPUS names the corpus, and else left as they are.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import roleclassify
from roleclassify.learning.labeled import LabeledDocument, read_labeled

ROOT = Path(__file__).parent.parent
CARD = ROOT / "models" / "ds-vs-mle" / "MODEL_CARD.md"
LABELED = "data/labeled/documents.jsonl"
CORPUS = os.environ.get("ROLECLASSIFY_CORPUS")
TABLES = [f"{CORPUS}/{name}.parquet" for name in ("postings", "negatives", "profiles")]
REAL = [*TABLES, LABELED, "--split", "train", "--readings", f"{CORPUS}/readings.csv"]
COMMANDS = {
    "sources": ["evaluate", *REAL, "--folds", "source"],
    "employers": ["evaluate", *REAL, "--folds", "employer"],
    "labelled": ["evaluate", LABELED, "--split", "test"],
    "audit": ["audit", LABELED, "--split", "test"],
}


def printed(arguments: list[str]) -> str:
    """Give what a command prints."""
    program = str(Path(sys.executable).with_name("roleclassify"))
    command = [program, *arguments, "--jobs", "2", "--quiet"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def data() -> str:
    """Count what the model learned from, by source."""
    labels = roleclassify.load().labels
    documents = read_labeled([Path(table) for table in TABLES], labels)
    columns = (*labels, "other")
    lines = [f"{'source':<52} {'years':<9} " + " ".join(f"{label:>14}" for label in columns)]
    for source in sorted({document.group for document in documents}):
        here = [document for document in documents if document.group == source]
        lines.append(f"{source:<52} {years(here):<9} " + " ".join(f"{count(here)[label]:>14}" for label in columns))
    synthetic = read_labeled([ROOT / LABELED], labels, split="train")
    for name, group in (("all of these", documents), ("written for this project (data/labeled, train)", synthetic)):
        lines.append(f"{name:<52} {years(group):<9} " + " ".join(f"{count(group)[label]:>14}" for label in columns))
    return "\n".join(lines) + "\n"


def count(documents: list[LabeledDocument]) -> Counter[str]:
    """Count the labels."""
    return Counter(document.label for document in documents)


def years(documents: list[LabeledDocument]) -> str:
    """Give the first and last year known."""
    known = sorted(document.year for document in documents if document.year)
    return f"{known[0]}-{known[-1]}" if known else "-"


def thresholds() -> str:
    """Give the limits and what they gave out of fold."""
    bundle = roleclassify.load().bundle
    limits, reached = bundle.thresholds, bundle.provenance["thresholds_out_of_fold"]
    return (
        f"different concepts, least: {limits.evidence}\n"
        f"domain probability, least: {limits.domain_probability:.2f}\n"
        f"  roles lost by it and by too few concepts: {reached['roles_lost_fraction']:.3f}\n"
        f"  other occupations refused by it: {reached['other_refused_fraction']:.3f}\n"
        f"probability of the likelier label, least: {limits.probability:.2f}\n"
        f"  documents that reach it: {reached['given_fraction']:.3f}\n"
        f"  of these right: {reached['accuracy_of_given']:.3f}\n"
    )


def renew(card: str, name: str, figures: str) -> str:
    """Replace one block of the card."""
    pattern = rf"(<!-- figures: {name} -->\n```text\n).*?(```\n<!-- end -->)"
    renewed, n_blocks = re.subn(pattern, lambda match: f"{match[1]}{figures}{match[2]}", card, flags=re.DOTALL)
    if n_blocks != 1:
        sys.exit(f"{CARD.name} has {n_blocks} blocks named {name}")
    return renewed


def main() -> None:
    """Renew every block that can be, or those named."""
    made = {"thresholds": thresholds, **({"data": data} if CORPUS else {})}
    blocks = sys.argv[1:] or [*made, *(COMMANDS if CORPUS else ("labelled", "audit"))]
    for name in blocks:
        print(name)
        figures = made[name]() if name in made else printed(COMMANDS[name])
        CARD.write_text(renew(CARD.read_text(encoding="utf-8"), name, figures), encoding="utf-8")


if __name__ == "__main__":
    main()
