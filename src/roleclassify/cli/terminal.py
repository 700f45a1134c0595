"""What standard output can show."""

from __future__ import annotations

import json
import os
import shutil
import sys


def terminal_width() -> int:
    """Columns of the terminal, 100 where there is none."""
    return shutil.get_terminal_size((100, 24)).columns


def is_terminal() -> bool:
    """Say whether standard output is a terminal."""
    return sys.stdout is not None and sys.stdout.isatty()


def wants_color() -> bool:
    """Say yes on a terminal, unless NO_COLOR is set."""
    return is_terminal() and not os.environ.get("NO_COLOR")


def to_json(value: object, *, indent: int | None = 2) -> str:
    """Write JSON in characters that standard output has: where it is not UTF-8, the others are escaped."""
    encoding = (getattr(sys.stdout, "encoding", None) or "utf-8").lower().replace("-", "")
    return json.dumps(value, ensure_ascii=encoding != "utf8", indent=indent)
