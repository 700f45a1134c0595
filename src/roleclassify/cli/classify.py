"""``roleclassify classify``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleclassify.cli.entry import DONE, NOTHING, PARTLY
from roleclassify.cli.files import html_option, refuse_wrong_file, write_page
from roleclassify.cli.options import default_to_standard_input, documents_in, load_classifier, model_options, top_option
from roleclassify.cli.terminal import is_terminal, terminal_width, to_json, wants_color
from roleclassify.errors import RoleClassifyError

if TYPE_CHECKING:
    from roleclassify.classifier import RoleClassifier
    from roleclassify.rendering.pages.documents import Card
    from roleclassify.result import Classification

_TOP_OF_CARD = 5
"""Pieces of evidence of each side that a page of many documents shows."""


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
@html_option
@model_options
def command(
    paths: tuple[str, ...],
    form: str | None,
    top: int,
    recursive: bool,
    html: Path | None,
    bundle: Path | None,
    min_probability: float | None,
    lexicon: Path | None,
) -> int:
    """Say which role documents lean to, how strongly, and which words say so.

    PATH is a file; `-` or nothing is standard input. An unreadable file says why in its own place and the others go on.
    """
    sources = list(documents_in(default_to_standard_input(paths), recursive))
    refuse_wrong_file(html, "--html", [*sources, lexicon])
    classifier = load_classifier(bundle, min_probability, lexicon)
    cards: list[Card] | None = None if html is None else []
    counted = _Counted(classify(sources, classifier, top=top, cards=cards))
    for piece in render(counted, form or ("table" if is_terminal() else "jsonl"), classifier.labels):
        click.echo(piece, nl=False)
    if html is not None and cards is not None:
        from roleclassify.rendering.pages.documents import documents_page

        write_page(html, documents_page(cards, classifier.labels, classifier.model))
    if counted.n_readable == counted.n_all:
        return DONE if counted.n_all else NOTHING
    return PARTLY if counted.n_readable else NOTHING


def classify(
    paths: Iterable[str], classifier: RoleClassifier, *, top: int, cards: list[Card] | None = None
) -> Iterator[Classification]:
    """Classify every document in order, one at a time, so that a long list shows its first answers at once.

    What a page shows of each is added to ``cards``.
    """
    from roleclassify.result import Classification

    for path in paths:
        try:
            explanation = classifier.explain(Path(path))
        except RoleClassifyError as error:
            yield Classification.unreadable(path, str(error), labels=classifier.labels, model=classifier.model)
            if cards is not None:
                from roleclassify.rendering.pages.documents import failed_card

                cards.append(failed_card(path, str(error)))
            continue
        yield explanation.shorten(top)
        if cards is not None:
            from roleclassify.rendering.pages.documents import card

            cards.append(card(explanation, classifier.bundle.space.lexicon.descriptions, top=_TOP_OF_CARD))


def render(results: Iterable[Classification], form: str, labels: tuple[str, str]) -> Iterator[str]:
    """Turn results into the pieces of one output."""
    if form == "jsonl":
        yield from (to_json(result.to_dict(), indent=None) + "\n" for result in results)
    elif form == "json":
        yield to_json([result.to_dict() for result in results]) + "\n"
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
