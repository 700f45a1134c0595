"""``roleclassify score``."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from roleclassify.cli.entry import DONE, NOTHING, PARTLY, tell
from roleclassify.cli.files import refuse_wrong_file, write_whole
from roleclassify.cli.options import STANDARD_INPUT, default_to_standard_input, load_classifier, model_options
from roleclassify.cli.progress import ProgressReport
from roleclassify.cli.terminal import is_terminal
from roleclassify.errors import TableUsageError
from roleclassify.rendering.run_summary import run_summary

if TYPE_CHECKING:
    from roleclassify.classifier import RoleClassifier

FORMS = ("csv", "tsv", "jsonl", "parquet")


@click.command()
@click.argument("source", required=False, metavar="[INPUT]")
@click.option("--output", "-o", type=click.Path(path_type=Path), metavar="OUTPUT", help="Default: standard output.")
@click.option(
    "--text-column",
    metavar="NAME",
    help="Column to score. Default: the only one named text, description, job_description, jobdescription, resume, "
    "resume_text, body or content.",
)
@click.option(
    "--evidence",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    metavar="N",
    help="Add the N strongest pieces of evidence to each row.",
)
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Processes that score. Default: as many as there are processors. The output does not depend on it.",
)
@click.option("--prefix", default="role_", show_default=True, help="What the names of the added columns begin with.")
@click.option("--input-format", type=click.Choice(FORMS), help="Default: told by INPUT's name, then by its content.")
@click.option("--format", type=click.Choice(FORMS), help="Of the output. Default: told by its name, or as the input.")
@click.option(
    "--cluster",
    metavar="local|ADDRESS",
    help="Score all files that the pattern INPUT names on a Dask cluster; OUTPUT is a folder (extra: cluster).",
)
@click.option("--resume", is_flag=True, help="Go on with an interrupted run of the same command.")
@click.option("--strict", is_flag=True, help="Stop at a row with more or fewer cells than the header.")
@click.option(
    "--max-characters",
    type=click.IntRange(min=1),
    default=1_000_000,
    show_default=True,
    metavar="N",
    help="A row with a longer text has an error instead of an answer.",
)
@click.option("--summary", type=click.Path(path_type=Path), metavar="FILE", help="Write counts and time as JSON.")
@click.option("--quiet", is_flag=True, help="Nothing but errors on standard error.")
@model_options
def command(  # noqa: PLR0913, PLR0917  # one parameter an option, by name
    source: str | None,
    output: Path | None,
    jobs: int | None,
    cluster: str | None,
    resume: bool,
    summary: Path | None,
    quiet: bool,
    bundle: Path | None,
    min_probability: float | None,
    lexicon: Path | None,
    **options: Any,  # noqa: ANN401  # the fields of ScoreOptions, as click made them
) -> int:
    """Score every row of a table and write the table with the answers in added columns.

    INPUT is CSV, TSV, JSON Lines or Parquet, plain or .gz, .bz2, .zst; `-` or nothing is standard input. All rows and
    columns come back, in order; a row that cannot be scored says why in role_error.

    \b
    roleclassify score postings.csv -o scored.csv --evidence 5
    zcat postings.jsonl.gz | roleclassify score --format csv > scored.csv
    roleclassify score 'postings/*.parquet' -o scored/ --cluster local

    OUTPUT is replaced when all is done. Until then what is finished is kept in OUTPUT.part: interrupted, the same
    command with --resume goes on from there.

    Exit status: 0 done, 1 some rows have an error, 2 wrong usage, 3 no row has an answer or the run failed.
    """  # noqa: D301  # the character itself keeps click from joining the lines
    from roleclassify.batch.paths import part_folder

    (source,) = default_to_standard_input((source,) if source else ())
    has_bar = sys.stderr is not None and sys.stderr.isatty() and not (output is None and is_terminal())
    load = partial(load_classifier, bundle, min_probability, lexicon, quiet=quiet)
    run = _Run(source, output, jobs, resume, load, options)
    try:
        refuse_wrong_file(summary, "--summary", (source, output))
        with ProgressReport(source, is_quiet=quiet, has_bar=has_bar) as report:
            done = run.on_this_machine(report) if cluster is None else run.on_cluster(cluster, report)
    except TableUsageError as error:
        raise click.UsageError(str(error)) from error
    except (KeyboardInterrupt, SystemExit):
        if output is not None and part_folder(output).exists() and not quiet:
            tell(f"\nWhat is finished is kept in {part_folder(output)}; --resume goes on from there.")
        raise
    if summary is not None:
        of_run = {"input": source, "output": output and str(output), "options": options}
        write_whole(summary, json.dumps({**done, **of_run}, ensure_ascii=False, indent=2) + "\n")
    for failure in done.get("failures", ()):
        tell(f"Error: {failure}")
    if not quiet:
        tell(run_summary(done), ends_line=False)
    if done.get("failures"):
        tell("The output is not complete; mend these files and go on with --resume.")
        return NOTHING
    return exit_status(done["rows"], done["errors"])


@dataclass(frozen=True, slots=True)
class _Run:
    """What the options say."""

    source: str
    output: Path | None
    jobs: int | None
    resume: bool
    load: Callable[[], RoleClassifier]
    options: dict[str, Any]

    def on_this_machine(self, report: ProgressReport) -> dict[str, Any]:
        from roleclassify.batch.paths import refuse_wrong_paths
        from roleclassify.batch.pool import n_workers, start_workers

        refuse_wrong_paths(self.source, self.output, resume=self.resume)
        with start_workers(n_workers(self.source, self.jobs)) as workers:  # they get ready while this process does
            from roleclassify.batch.run import ScoreOptions, score_table

            classifier, options = self.load(), ScoreOptions(**self.options)
            return score_table(
                self.source, self.output, classifier, options, workers=workers, resume=self.resume, watch=report
            ).to_dict()

    def on_cluster(self, cluster: str, report: ProgressReport) -> dict[str, Any]:
        if self.output is None or self.source == STANDARD_INPUT:
            raise click.UsageError("With --cluster, INPUT names files and --output a folder.")
        from roleclassify.batch.cluster import score_dataset
        from roleclassify.batch.run import ScoreOptions

        classifier, options = self.load(), ScoreOptions(**self.options)
        return score_dataset(
            self.source,
            self.output,
            classifier,
            options,
            cluster=cluster,
            jobs=self.jobs,
            resume=self.resume,
            watch=report,
        ).to_dict()


def exit_status(n_rows: int, n_errors: int) -> int:
    """Say whether all rows were answered, some, or none."""
    if n_errors == 0:
        return DONE
    return PARTLY if n_errors < n_rows else NOTHING
