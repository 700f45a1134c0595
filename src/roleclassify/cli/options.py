"""Options and inputs that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

if TYPE_CHECKING:
    from roleclassify.classifier import RoleClassifier

Command = TypeVar("Command", bound=Callable[..., object])

STANDARD_INPUT = "-"

DOCUMENT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".odt", ".rtf", ".doc"})
"""What --recursive takes from a folder; .doc is refused by the reader, with the remedy, rather than passed over."""


def model_options(command: Command) -> Command:
    """Add --model and --min-probability."""
    command = click.option(
        "--min-probability",
        type=click.FloatRange(0.5, 1.0),
        metavar="P",
        help="Least probability of a role, 0.5 to 1; below it: undetermined, near-tie.",
    )(command)
    return click.option(
        "--model",
        "bundle",
        type=click.Path(path_type=Path),
        envvar="ROLECLASSIFY_MODEL",
        metavar="BUNDLE",
        help="Folder of another model [env: ROLECLASSIFY_MODEL].",
    )(command)


def top_option(default: int) -> Callable[[Command], Command]:
    """Add --top."""
    return click.option(
        "--top",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        metavar="N",
        help="Pieces of evidence to show.",
    )


def load_classifier(bundle: Path | None, min_probability: float | None) -> RoleClassifier:
    """Load the model that the options name."""
    from roleclassify.classifier import load

    return load(bundle, min_probability=min_probability)


def default_to_standard_input(paths: Sequence[str]) -> Sequence[str]:
    """No PATH means standard input where something is piped in, else it is wrong usage."""
    if paths:
        return paths
    if sys.stdin.isatty():
        raise click.UsageError("Name a file, or pipe a document in.")
    return (STANDARD_INPUT,)


def documents_in(paths: Sequence[str], recursive: bool) -> Iterator[str]:
    """Yield the documents that the paths name; with ``recursive`` a folder stands for the documents in it."""
    for path in paths:
        if not recursive or path == STANDARD_INPUT or not Path(path).is_dir():
            yield path
            continue
        found = sorted(entry for entry in Path(path).rglob("*") if _is_document(entry, Path(path)))
        if not found:
            click.echo(f"{path}: no document in this folder", err=True)
        yield from map(str, found)


def _is_document(entry: Path, folder: Path) -> bool:
    hidden = any(part.startswith(".") for part in entry.relative_to(folder).parts)
    return not hidden and entry.suffix.lower() in DOCUMENT_SUFFIXES and entry.is_file()
