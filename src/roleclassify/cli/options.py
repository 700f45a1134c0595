"""Options and inputs that several commands share."""

from __future__ import annotations

import math
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click

from roleclassify.cli.entry import tell

if TYPE_CHECKING:
    from roleclassify.classifier import RoleClassifier
    from roleclassify.lexicon.compiled import CompiledLexicon
    from roleclassify.lexicon.overlay import Overlay

Command = TypeVar("Command", bound=Callable[..., object])

STANDARD_INPUT = "-"

DOCUMENT_SUFFIXES = frozenset({".txt", ".md", ".markdown", ".html", ".htm", ".pdf", ".docx", ".odt", ".rtf", ".doc"})
"""What --recursive takes from a folder; .doc is refused by the reader, with the remedy, rather than passed over."""


def _refuse_nan(context: click.Context, parameter: click.Parameter, value: float | None) -> float | None:
    if value is not None and math.isnan(value):
        raise click.BadParameter("nan is no probability.", context, parameter)
    return value


bundle_option = click.option(
    "--model",
    "bundle",
    type=click.Path(path_type=Path),
    envvar="ROLECLASSIFY_MODEL",
    metavar="BUNDLE",
    help="Folder of another model [env: ROLECLASSIFY_MODEL].",
)

lexicon_option = click.option(
    "--lexicon",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Concepts of your own to lay over the model's, weighed as given or as is typical.",
)


def model_options(command: Command) -> Command:
    """Add --model, --lexicon and --min-probability."""
    command = click.option(
        "--min-probability",
        type=click.FloatRange(0.5, 1.0),
        callback=_refuse_nan,
        metavar="P",
        help="Least probability of a role, 0.5 to 1; below it: undetermined, near-tie.",
    )(command)
    return bundle_option(lexicon_option(command))


def top_option(default: int, what: str = "Pieces of evidence to show.") -> Callable[[Command], Command]:
    """Add --top."""
    return click.option(
        "--top",
        type=click.IntRange(min=0),
        default=default,
        show_default=True,
        metavar="N",
        help=what,
    )


def load_classifier(
    bundle: Path | None, min_probability: float | None, lexicon: Path | None, *, quiet: bool = False
) -> RoleClassifier:
    """Load the model that the options name; unless ``quiet``, tell what is odd about the concepts laid over it."""
    from roleclassify.classifier import load

    classifier = load(bundle, min_probability=min_probability, lexicon=lexicon)
    if classifier.bundle.overlay is not None and not quiet:
        tell_findings(classifier.bundle.overlay, classifier.bundle.space.lexicon)
    return classifier


def tell_findings(overlay: Overlay, extended: CompiledLexicon) -> None:
    """Tell what the author of an overlay may not have meant; ``extended`` is the lexicon with the overlay."""
    from roleclassify.lexicon.lint import lint_overlay

    for finding in lint_overlay(overlay, extended):
        tell(f"{overlay.source}: {finding}")


def default_to_standard_input(paths: Sequence[str]) -> Sequence[str]:
    """No PATH means standard input where something is piped in, else it is wrong usage."""
    if paths:
        return paths
    if sys.stdin is None or sys.stdin.isatty():
        raise click.UsageError("Name a file, or pipe a document in.")
    return (STANDARD_INPUT,)


def documents_in(paths: Sequence[str], recursive: bool) -> Iterator[str]:
    """Yield the documents that the paths name; with ``recursive`` a folder stands for the documents in it."""
    for path in paths:
        if not recursive or path == STANDARD_INPUT or not Path(path).is_dir():
            yield path
            continue
        found = sorted(_documents_below(path))
        if not found:
            click.echo(f"{path}: no document in this folder", err=True)
        yield from found


def _documents_below(folder: str) -> Iterator[str]:
    """Yield the documents in a folder; a folder that cannot be listed is yielded itself, for the reader to refuse."""
    unreadable: list[str] = []
    for where, folders, files in os.walk(folder, onerror=lambda error: unreadable.append(str(error.filename))):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in DOCUMENT_SUFFIXES:
                yield str(Path(where, name))
    yield from unreadable
