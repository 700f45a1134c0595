"""Write the figures into the shipped model's card: ``python benchmarks/model_card.py``.

Each block between ``<!-- figures: NAME -->`` and ``<!-- end -->`` is replaced by what the command above it prints. The
block of real postings is renewed where ROLECLASSIFY_CORPUS names the corpus, and else left as it is.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
CARD = ROOT / "models" / "ds-vs-mle" / "MODEL_CARD.md"
CORPUS = os.environ.get("ROLECLASSIFY_CORPUS")
BLOCKS = {
    "labelled": ["data/labeled/documents.jsonl", "--split", "test"],
    "others": [f"{CORPUS}/negatives.parquet"],
    "postings": [f"{CORPUS}/postings.parquet", "--text-column", "text_masked", "--group-column", "source_group"],
}


def evaluate(arguments: list[str]) -> str:
    """Give what ``roleclassify evaluate`` prints."""
    program = str(Path(sys.executable).with_name("roleclassify"))
    command = [program, "evaluate", *arguments, "--jobs", "2", "--quiet"]
    return subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def renew(card: str, name: str, figures: str) -> str:
    """Replace one block of the card."""
    pattern = rf"(<!-- figures: {name} -->\n```text\n).*?(```\n<!-- end -->)"
    return re.sub(pattern, lambda match: f"{match[1]}{figures}{match[2]}", card, flags=re.DOTALL)


def main() -> None:
    """Renew every block that can be."""
    card = CARD.read_text(encoding="utf-8")
    for name, arguments in BLOCKS.items():
        if name == "labelled" or CORPUS:
            card = renew(card, name, evaluate(arguments))
    CARD.write_text(card, encoding="utf-8")


if __name__ == "__main__":
    main()
