"""Compare the PDF reader with pdftotext.

Run ``python benchmarks/reading.py FOLDER_OR_PDF...``. Words are case-folded runs of three or more letters, after NFKC
normalisation and after joining words hyphenated at a line's end; repeated words count as often as they occur. A glued
word is one longer than 25 letters that pdftotext does not find.
"""

from __future__ import annotations

import re
import shutil
import statistics
import subprocess
import sys
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from roleclassify.errors import UnreadableDocumentError
from roleclassify.text.reading import read

_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\xad\u2010]\s*\n\s*(?=[^\W\d_])")
_WORD = re.compile(r"[^\W\d_]{3,}")
_GLUED_LETTERS = 25


@dataclass(frozen=True, slots=True)
class Measurement:
    """One file: how many of the reference's words were found, and which were not."""

    path: Path
    n_words: int
    n_found: int
    glued: tuple[str, ...]
    missing: tuple[str, ...]
    seconds: float
    note: str = ""

    @property
    def share(self) -> float:
        """Share of the reference's words that were found, in [0, 1]."""
        return self.n_found / self.n_words if self.n_words else 1.0


def words_of(text: str) -> Counter[str]:
    """Count the words of a text in the form in which they are compared."""
    joined = _HYPHENATED.sub("", unicodedata.normalize("NFKC", text))
    return Counter(_WORD.findall(joined.replace("\xad", "").casefold()))


def reference_text(path: Path) -> str:
    """Read a PDF with pdftotext; empty where it cannot."""
    finished = subprocess.run(["pdftotext", "-enc", "UTF-8", str(path), "-"], capture_output=True, check=False)
    return finished.stdout.decode("utf-8", "replace")


def measure(path: Path) -> Measurement:
    """Compare the reader with pdftotext on one file."""
    expected = words_of(reference_text(path))
    started = time.perf_counter()
    try:
        document = read(path)
        text, note = document.text, "; ".join(document.warnings)
    except UnreadableDocumentError as error:
        text, note = "", error.why
    seconds = time.perf_counter() - started
    found = words_of(text)
    missing = expected - found
    glued = tuple(word for word in found if len(word) > _GLUED_LETTERS and word not in expected)
    n_words = expected.total()
    return Measurement(path, n_words, n_words - missing.total(), glued, tuple(missing), seconds, note)


def files_of(arguments: list[str]) -> list[Path]:
    """List the PDFs that were named, and those in the folders that were named."""
    files: list[Path] = []
    for path in map(Path, arguments):
        files.extend(sorted(path.rglob("*.pdf")) if path.is_dir() else [path])
    return files


def main(arguments: list[str]) -> int:
    """Print one line a file, the worst last, then the mean and the least."""
    if shutil.which("pdftotext") is None:
        print("pdftotext is not on the PATH; install poppler-utils", file=sys.stderr)
        return 3
    verbose = "-v" in arguments
    files = files_of([argument for argument in arguments if argument != "-v"])
    if not files:
        print("usage: python benchmarks/reading.py [-v] FOLDER_OR_PDF...", file=sys.stderr)
        return 2
    measured = sorted((measure(path) for path in files), key=lambda one: -one.share)
    for one in measured:
        figures = f"{one.share:8.4%} {one.n_words:6d} words {len(one.glued):3d} glued {one.seconds:6.2f} s"
        print(f"{figures}  {one.path}  {one.note}")
        if verbose and (one.missing or one.glued):
            print("         missing:", " ".join(one.missing[:30]), "| glued:", " ".join(one.glued[:10]))
    with_words = [one for one in measured if one.n_words]
    shares = [one.share for one in with_words]
    if shares:
        print(
            f"{len(shares)} files with words: mean {statistics.mean(shares):.4%}, least {min(shares):.4%}, "
            f"{sum(len(one.glued) for one in with_words)} glued words, "
            f"{statistics.median(one.seconds for one in with_words) * 1000:.0f} ms a file (median)"
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
