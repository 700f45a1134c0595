"""``roleclassify compare``."""

from __future__ import annotations

from pathlib import Path

import click

from roleclassify.cli.entry import DONE
from roleclassify.cli.files import html_option, refuse_wrong_file, write_page
from roleclassify.cli.options import STANDARD_INPUT, load_classifier, model_options, top_option
from roleclassify.cli.terminal import terminal_width, to_json, wants_color


@click.command()
@click.argument("first")
@click.argument("second")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json"]),
    default="table",
    show_default=True,
    help="json has every concept.",
)
@top_option(10, "Concepts to show of each part.")
@html_option
@model_options
def command(
    first: str,
    second: str,
    form: str,
    top: int,
    html: Path | None,
    bundle: Path | None,
    min_probability: float | None,
    lexicon: Path | None,
) -> int:
    """Lay two documents side by side: a resume and a posting, or two drafts.

    FIRST and SECOND are files; one of them may be `-`, standard input. Shows how far apart they lean, and which
    concepts both stress or only one. It compares emphasis; it does not tell how well one fits the other.
    """
    if first == second == STANDARD_INPUT:
        raise click.UsageError("Only one of the two can be standard input.")
    refuse_wrong_file(html, "--html", (first, second, lexicon))
    compared = load_classifier(bundle, min_probability, lexicon).compare(Path(first), Path(second))
    if form == "json":
        click.echo(to_json(compared.to_dict()))
    else:
        from roleclassify.rendering.comparison import comparison

        click.echo(comparison(compared, top=top, width=terminal_width(), color=wants_color()), nl=False)
    if html is not None:
        from roleclassify.rendering.pages.comparison import comparison_page

        write_page(html, comparison_page(compared, top=top))
    return DONE
