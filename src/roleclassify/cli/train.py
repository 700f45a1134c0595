"""``roleclassify train``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleclassify.cli.entry import DONE, tell
from roleclassify.cli.options import tell_findings

if TYPE_CHECKING:
    from roleclassify.lexicon.compiled import CompiledLexicon


@click.command()
@click.argument("data", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="DATA...")
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    metavar="BUNDLE",
    help="Folder to write.",
)
@click.option(
    "--lexicon",
    "lexicon_path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lexicon to compile, or concepts of your own to add to the shipped one; default: the shipped one.",
)
@click.option(
    "--readings",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Table of a reader's judgements: id and the probability of the second role.",
)
@click.option("--split", metavar="NAME", help="Train on the rows of split NAME and those without a split.")
@click.option("--version", default="1.0.0", show_default=True, help="Version of the bundle.")
@click.option(
    "--jobs",
    type=click.IntRange(min=1),
    default=1,
    show_default=True,
    metavar="N",
    help="Processes that read the documents.",
)
@click.option("--quiet", is_flag=True, help="Show no progress.")
def command(  # one parameter an option, by name
    data: tuple[Path, ...],
    output: Path,
    lexicon_path: Path | None,
    readings: Path | None,
    split: str | None,
    version: str,
    jobs: int,
    quiet: bool,
) -> int:
    """Train a model from labelled documents.

    DATA are .jsonl, .csv or .parquet tables with the columns text and label, and if known id, group, employer, kind,
    year, near_miss, synthetic, reading and split. Labels are the lexicon's two roles, other and mixed. The same data
    gives the same bytes.
    """

    def progress(message: str) -> None:
        if not quiet:
            click.echo(message, err=True)

    progress("loading scikit-learn and spaCy")
    from roleclassify.learning.labeled import read_labeled, read_readings
    from roleclassify.learning.training import train
    from roleclassify.model.bundle import write_bundle

    lexicon = _compile(lexicon_path, progress)
    documents = read_labeled(
        data,
        lexicon.labels,
        split=split,
        readings=read_readings(readings, lexicon.labels) if readings else None,
        near_misses=lexicon.near_misses,
    )
    output.mkdir(parents=True, exist_ok=True)  # a folder that cannot be made is told before the work, not after
    trained = train(documents, lexicon, version=version, n_jobs=jobs, progress=progress)
    write_bundle(trained.bundle, output)
    progress(f"wrote {trained.bundle.name} {trained.bundle.version} to {output}")
    return DONE


def _compile(path: Path | None, progress: Callable[[str], None]) -> CompiledLexicon:
    """Compile the shipped lexicon, another, or the shipped one with the user's own concepts."""
    from roleclassify.lexicon.compilation import compile_lexicon
    from roleclassify.lexicon.overlay import extend_lexicon, read_lexicon_or_overlay

    lexicon, overlay = read_lexicon_or_overlay(path)
    progress(f"compiling the lexicon: {len(lexicon.concepts)} concepts")
    compiled = compile_lexicon(lexicon)
    if overlay is None:
        return compiled
    compiled = extend_lexicon(compiled, overlay)
    tell_findings(overlay, compiled)
    if overlay.weights:
        tell(f"{overlay.source}: the weights given in it are not used, for training learns them")
    progress(f"with {overlay.name}: {len(compiled.concepts)} concepts")
    return compiled
