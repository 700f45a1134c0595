"""``roleclassify explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleclassify.cli.entry import DONE
from roleclassify.cli.files import html_option, refuse_wrong_file, write_page
from roleclassify.cli.options import default_to_standard_input, load_classifier, model_options, top_option
from roleclassify.cli.terminal import terminal_width, to_json, wants_color

if TYPE_CHECKING:
    from roleclassify.evidence.counterfactuals import Counterfactuals
    from roleclassify.result import Explanation


@click.command()
@click.argument("path", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json has every contribution, alone and in groups.",
)
@top_option(10)
@html_option
@model_options
def command(
    path: str | None,
    form: str,
    top: int,
    html: Path | None,
    bundle: Path | None,
    min_probability: float | None,
    lexicon: Path | None,
) -> int:
    """Show every reason for one document's answer.

    PATH is a file; `-` or nothing is standard input.
    """
    (source,) = default_to_standard_input((path,) if path is not None else ())
    refuse_wrong_file(html, "--html", (source, lexicon))
    classifier = load_classifier(bundle, min_probability, lexicon)
    explanation = classifier.explain(Path(source))
    counterfactuals = classifier.counterfactuals(explanation.document)
    if form == "json":
        click.echo(to_json(as_json(explanation, counterfactuals, top)))
    else:
        from roleclassify.rendering.report import report

        shown = report(explanation, counterfactuals, top=top, width=terminal_width(), color=wants_color())
        click.echo(shown, nl=False)
    if html is not None:
        from roleclassify.rendering.pages.documents import explanation_page

        descriptions = classifier.bundle.space.lexicon.descriptions
        write_page(html, explanation_page(explanation, counterfactuals, descriptions, top=top))
    return DONE


def as_json(explanation: Explanation, counterfactuals: Counterfactuals, top: int) -> dict[str, Any]:
    """Every contribution, the same in groups, and what would change the answer."""
    from roleclassify.evidence.groups import group

    groups = group(explanation.leaning.contributions) if explanation.leaning else ()
    return {
        **explanation.to_dict(top),
        "groups": [each.to_dict() for each in groups],
        "counterfactuals": counterfactuals.to_dict(),
    }
