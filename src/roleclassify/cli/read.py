"""``roleclassify read``."""

from __future__ import annotations

import click

from roleclassify.cli.entry import DONE
from roleclassify.cli.options import default_to_standard_input
from roleclassify.cli.terminal import to_json


@click.command()
@click.argument("path", required=False)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="json: the report of the reading too.",
)
def command(path: str | None, form: str) -> int:
    """Print a document's text as it was read; warnings go to standard error.

    PATH is a file; `-` or nothing is standard input.
    """
    from roleclassify.text.reading import read

    (source,) = default_to_standard_input((path,) if path is not None else ())
    document = read(source)
    if form == "json":
        report = {
            "source": document.source,
            "format": document.format,
            "characters": document.characters,
            "pages": document.pages,
            "warnings": list(document.warnings),
            "text": document.text,
        }
        click.echo(to_json(report))
        return DONE
    click.echo(document.text, nl=not document.text.endswith("\n"))
    pages = f", {document.pages} pages" if document.pages is not None else ""
    click.echo(f"{document.source}: {document.format}, {document.characters} characters{pages}", err=True)
    for warning in document.warnings:
        click.echo(f"{document.source}: {warning}", err=True)
    return DONE
