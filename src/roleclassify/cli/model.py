"""``roleclassify model``: show, verify."""

from __future__ import annotations

from pathlib import Path

import click

from roleclassify.cli.entry import DONE, PARTLY
from roleclassify.cli.files import html_option, refuse_wrong_file, write_page
from roleclassify.cli.options import bundle_option, lexicon_option, load_classifier, top_option
from roleclassify.cli.terminal import terminal_width, to_json
from roleclassify.errors import BundleError


@click.group()
def command() -> None:
    """Show what a model weighs and what it was made from; verify its files."""


@command.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@top_option(20, "Terms to show of each side.")
@html_option
@bundle_option
@lexicon_option
def show(form: str, top: int, html: Path | None, bundle: Path | None, lexicon: Path | None) -> int:
    """Show concepts and terms by weight, how common they are, limits, provenance and figures."""
    from roleclassify.model.overview import overview

    refuse_wrong_file(html, "--html", (lexicon,))
    shown = overview(load_classifier(bundle, None, lexicon).bundle, top=top)
    if form == "json":
        click.echo(to_json(shown.to_dict()))
    else:
        from roleclassify.rendering.model import model_report

        click.echo(model_report(shown, width=terminal_width()), nl=False)
    if html is not None:
        from roleclassify.rendering.pages.model import model_page

        write_page(html, model_page(shown))
    return DONE


@command.command()
@bundle_option
def verify(bundle: Path | None) -> int:
    """Check that every part of a model is whole and fits the others.

    Leaves with status 1 where something is wrong.
    """
    from roleclassify.classifier import load

    try:
        classifier = load(bundle)
    except BundleError as error:
        click.echo(str(error), err=True)
        return PARTLY
    click.echo(f"{classifier.model}: every part is the one that bundle.json vouches for, and they fit together")
    return DONE
