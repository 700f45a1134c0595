"""``roleclassify audit``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from roleclassify.cli.entry import DONE
from roleclassify.cli.options import load_classifier, model_options
from roleclassify.cli.terminal import to_json


@click.command()
@click.argument("data", nargs=-1, type=click.Path(path_type=Path), metavar="[DATA...]")
@click.option("--split", metavar="NAME", help="Audit the rows of DATA whose split is NAME only.")
@click.option("--text-column", default="text", show_default=True, metavar="NAME", help="Column that holds the text.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Processes that classify."
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
@model_options
def command(  # noqa: PLR0913, PLR0917  # one parameter an option, by name
    data: tuple[Path, ...],
    split: str | None,
    text_column: str,
    form: str,
    jobs: int,
    quiet: bool,
    bundle: Path | None,
    min_probability: float | None,
    lexicon: Path | None,
) -> int:
    """Measure whether names, pronouns, schools, graduation years or nationalities move the answer.

    DATA are .jsonl, .csv or .parquet tables as for `train`; without any, a few documents that come with the program
    are audited. Each value is put into each document and compared with a neutral placeholder. Prints the largest and
    the mean shift of probability, the outcomes that flip, the words that cause it, and each group's impact ratio.
    """
    if split and not data:
        raise click.UsageError("--split chooses rows of DATA; name a table.")
    classifier = load_classifier(bundle, min_probability, lexicon)
    from roleclassify.learning.audit import audit, load_attributes, load_carriers, summarize
    from roleclassify.learning.labeled import Columns, read_labeled
    from roleclassify.rendering.audit import audit_report

    documents = (
        read_labeled(data, classifier.labels, split=split, columns=Columns(text=text_column))
        if data
        else load_carriers()
    )
    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(range(len(documents)), label="auditing", file=sys.stderr, hidden=hidden) as bar:
        comparisons = audit(classifier, documents, load_attributes(), n_jobs=jobs, progress=bar.update)
    summary = {"model": classifier.model, **summarize(comparisons, classifier.labels)}
    click.echo(to_json(summary) if form == "json" else audit_report(summary), nl=form == "json")
    return DONE
