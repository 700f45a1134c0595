"""The last step of an output file."""

from __future__ import annotations

import os
from pathlib import Path


def finish_appended(chunks: Path, output: Path) -> None:
    """Sync a file to disk, then give it its final name in one step."""
    with chunks.open("rb+") as file:
        os.fsync(file.fileno())
    chunks.replace(output)
