"""``roleclassify explain``."""

from __future__ import annotations

import json
from pathlib import Path

import click

from roleclassify.cli.entry import DONE
from roleclassify.cli.options import default_to_standard_input, load_classifier, model_options, top_option
from roleclassify.cli.terminal import terminal_width, wants_color


@click.command()
@click.argument("path", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json has every contribution.",
)
@top_option(10)
@model_options
def command(path: str | None, form: str, top: int, bundle: Path | None, min_probability: float | None) -> int:
    """Show every reason for one document's answer.

    PATH is a file; `-` or nothing is standard input.
    """
    (source,) = default_to_standard_input((path,) if path is not None else ())
    explanation = load_classifier(bundle, min_probability).explain(Path(source))
    if form == "json":
        click.echo(json.dumps(explanation.to_dict(top), ensure_ascii=False, indent=2))
    else:
        from roleclassify.rendering.report import report

        click.echo(report(explanation, top=top, width=terminal_width(), color=wants_color()), nl=False)
    return DONE
