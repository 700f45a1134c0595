"""``roleclassify evaluate``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleclassify.cli.entry import DONE
from roleclassify.cli.options import load_classifier, model_options
from roleclassify.cli.terminal import to_json

if TYPE_CHECKING:
    from roleclassify.classifier import RoleClassifier
    from roleclassify.learning.evaluation import Judged
    from roleclassify.learning.labeled import LabeledDocument


@click.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DATA...")
@click.option(
    "--readings",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Table of a reader's judgements: id and the probability of the second role.",
)
@click.option(
    "--folds",
    type=click.Choice(["source", "employer"]),
    help="Train anew without each source, or fold of employers, and judge what was held out.",
)
@click.option("--split", metavar="NAME", help="Take the rows of split NAME and those without a split.")
@click.option("--text-column", default="text", show_default=True, metavar="NAME", help="Column that holds the text.")
@click.option("--group-column", metavar="NAME", help="Column that holds the group; default: group or source_group.")
@click.option(
    "--report",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help="Write a report with plots there (extra: report).",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--jobs", type=click.IntRange(min=1), default=1, show_default=True, metavar="N", help="Processes that classify."
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
@model_options
def command(  # noqa: PLR0913, PLR0917  # one parameter an option, by name
    data: tuple[Path, ...],
    readings: Path | None,
    folds: str | None,
    split: str | None,
    text_column: str,
    group_column: str | None,
    report: Path | None,
    form: str,
    jobs: int,
    quiet: bool,
    bundle: Path | None,
    min_probability: float | None,
    lexicon: Path | None,
) -> int:
    """Measure a model on labelled documents.

    DATA are .jsonl, .csv or .parquet tables as for `train`. Prints how well the two roles are told apart, by title and
    by a reader's judgement, inside sources too; how far probabilities can be believed; what abstaining buys; what is
    taken for another occupation. With --folds the lexicon of the model is kept and everything else is trained anew,
    the weights of concepts from --lexicon too.
    """
    classifier = load_classifier(bundle, min_probability, lexicon)
    if report is not None:
        from roleclassify.rendering.plots import require_plots

        require_plots()
        report.mkdir(parents=True, exist_ok=True)  # told before the work, not after
    from roleclassify.learning.evaluation import probabilities_by_source, summarize
    from roleclassify.learning.labeled import Columns, read_labeled, read_readings
    from roleclassify.rendering.figures import figures

    columns = Columns(text=text_column)
    if group_column:
        columns = Columns(text=text_column, group=(group_column,))
    documents = read_labeled(
        data,
        classifier.labels,
        split=split,
        columns=columns,
        readings=read_readings(readings, classifier.labels) if readings else None,
        near_misses=classifier.bundle.space.lexicon.near_misses,
    )
    about: dict[str, Any] = {"model": classifier.model}
    if folds is None:
        judged = _judge(classifier, documents, jobs, quiet)
    else:
        judged, copies = _judge_held_out(classifier, documents, folds, min_probability, jobs, quiet)
        without = "source" if folds == "source" else "fold of employers"
        about = {"model": f"{classifier.model}, trained anew without each {without}", "copies_across_folds": copies}
    summary = {**about, **summarize(judged, classifier.labels)}
    if report is not None:
        from roleclassify.rendering.evaluation_report import write_report

        write_report(report, summary, probabilities_by_source(judged, classifier.labels))
    click.echo(to_json(summary) if form == "json" else figures(summary), nl=form == "json")
    return DONE


def _judge(classifier: RoleClassifier, documents: list[LabeledDocument], jobs: int, quiet: bool) -> list[Judged]:
    from roleclassify.learning.evaluation import judge

    hidden = quiet or not sys.stderr.isatty()
    with click.progressbar(range(len(documents)), label="classifying", file=sys.stderr, hidden=hidden) as bar:
        return judge(classifier, documents, n_jobs=jobs, progress=bar.update)


def _judge_held_out(  # what the options say
    classifier: RoleClassifier,
    documents: list[LabeledDocument],
    folds: str,
    min_probability: float | None,
    jobs: int,
    quiet: bool,
) -> tuple[list[Judged], int]:
    from roleclassify.learning.crossvalidation import (
        copies_across,
        folds_by_employer,
        folds_by_source,
        judge_held_out,
    )
    from roleclassify.learning.training import prepare_sample

    def progress(message: str) -> None:
        if not quiet:
            click.echo(message, err=True)

    lexicon = classifier.bundle.space.lexicon
    sample = prepare_sample(documents, lexicon, n_jobs=jobs, progress=progress)
    cut = folds_by_employer(sample) if folds == "employer" else folds_by_source(sample, classifier.labels)
    judged = judge_held_out(sample, lexicon, cut, min_probability=min_probability, n_jobs=jobs, progress=progress)
    return judged, copies_across(sample, cut)
