"""``roleclassify evaluate``."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import click

from roleclassify.cli.entry import DONE
from roleclassify.cli.options import load_classifier, model_options


@click.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DATA...")
@click.option("--split", metavar="NAME", help="Measure on the rows whose split is NAME only.")
@click.option("--text-column", default="text", show_default=True, metavar="NAME", help="Column that holds the text.")
@click.option("--group-column", default="group", show_default=True, metavar="NAME", help="Column that holds the group.")
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
    group_column: str,
    form: str,
    jobs: int,
    quiet: bool,
    bundle: Path | None,
    min_probability: float | None,
) -> int:
    """Measure a model on labelled documents.

    DATA are .jsonl, .csv or .parquet tables as for `train`. Prints accuracy and AUC of the leaning, inside groups too,
    what the lexicon reaches alone, and what is taken for another occupation.
    """
    classifier = load_classifier(bundle, min_probability)
    from roleclassify.learning.evaluation import judge, summarize
    from roleclassify.learning.labeled import Columns, read_labeled
    from roleclassify.rendering.figures import figures

    documents = read_labeled(
        data, classifier.labels, split=split, columns=Columns(text=text_column, group=group_column)
    )
    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(range(len(documents)), label="classifying", file=sys.stderr, hidden=hidden) as bar:
        judged = judge(classifier, documents, n_jobs=jobs, progress=bar.update)
    summary = {"model": classifier.model, **summarize(judged, classifier.labels)}
    click.echo(json.dumps(summary, indent=2) if form == "json" else figures(summary), nl=form == "json")
    return DONE
