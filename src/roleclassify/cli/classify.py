"""``roleclassify classify``."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleclassify.cli.entry import DONE, NOTHING, PARTLY
from roleclassify.cli.options import default_to_standard_input, documents_in, load_classifier, model_options, top_option
from roleclassify.cli.terminal import is_terminal, terminal_width, wants_color

if TYPE_CHECKING:
    from roleclassify.classifier import RoleClassifier
    from roleclassify.result import Classification


@click.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "jsonl", "csv"]),
    help="Default: a table on a terminal, JSON Lines otherwise.",
)
@top_option(10)
@click.option("--recursive", "-r", is_flag=True, help="Take the documents in folders, and in folders below them.")
@model_options
def command(
    paths: tuple[str, ...],
    form: str | None,
    top: int,
    recursive: bool,
    bundle: Path | None,
    min_probability: float | None,
) -> int:
    """Say which role documents lean to, how strongly, and which words say so.

    PATH is a file; `-` or nothing is standard input. An unreadable file says why in its own place and the others go on.
    """
    sources = default_to_standard_input(paths)
    classifier = load_classifier(bundle, min_probability)
    counted = _Counted(classify(sources, classifier, top=top, recursive=recursive))
    for piece in render(counted, form or ("table" if is_terminal() else "jsonl"), classifier.labels):
        click.echo(piece, nl=False)
    if counted.n_readable == counted.n_all:
        return DONE if counted.n_all else NOTHING
    return PARTLY if counted.n_readable else NOTHING


def classify(
    paths: Iterable[str], classifier: RoleClassifier, *, top: int, recursive: bool
) -> Iterator[Classification]:
    """Classify every document that the paths name, in order."""
    for path in documents_in(tuple(paths), recursive):
        # One at a time, so that a long list shows its first answers at once.
        yield from classifier.classify_many([Path(path)], top=top)


def render(results: Iterable[Classification], form: str, labels: tuple[str, str]) -> Iterator[str]:
    """Turn results into the pieces of one output."""
    if form == "jsonl":
        yield from (json.dumps(result.to_dict(), ensure_ascii=False) + "\n" for result in results)
    elif form == "json":
        yield json.dumps([result.to_dict() for result in results], ensure_ascii=False, indent=2) + "\n"
    elif form == "csv":
        from roleclassify.rendering.delimited import csv_lines

        yield from csv_lines(results, labels)
    else:
        from roleclassify.rendering.table import table

        yield table(list(results), width=terminal_width(), color=wants_color())


class _Counted:
    """Results on their way through, counted."""

    def __init__(self, results: Iterable[Classification]) -> None:
        self._results = results
        self.n_all = 0
        self.n_readable = 0

    def __iter__(self) -> Iterator[Classification]:
        for result in self._results:
            self.n_all += 1
            self.n_readable += result.error is None
            yield result
