"""``roleclassify lexicon``: list, show, lint."""

from __future__ import annotations

from pathlib import Path

import click

from roleclassify.cli.entry import DONE, PARTLY
from roleclassify.errors import LexiconError

_LEXICON = click.option(
    "--lexicon",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lexicon to read; default: the shipped one.",
)


@click.group()
def command() -> None:
    """List, show and check the concepts."""


@command.command("list")
@_LEXICON
def list_(path: Path | None) -> int:
    """List every concept: role, number of phrases, description."""
    from roleclassify.lexicon.source import SHIPPED, load_lexicon

    lexicon = load_lexicon(path or SHIPPED)
    widest = max(len(concept.id) for concept in lexicon.concepts)
    for concept in lexicon.concepts:
        n_phrases = len(concept.phrases) + len(concept.exact)
        click.echo(f"{concept.role:<15} {concept.id:<{widest}} {n_phrases:>4}  {concept.description}")
    n_all = sum(len(concept.phrases) + len(concept.exact) for concept in lexicon.concepts)
    click.echo(f"{len(lexicon.concepts)} concepts, {n_all} phrases", err=True)
    return DONE


@command.command()
@click.argument("concept_id", metavar="CONCEPT")
@_LEXICON
def show(concept_id: str, path: Path | None) -> int:
    """Show one concept: its phrases and where in the source documents it comes from."""
    from roleclassify.lexicon.source import SHIPPED, load_lexicon

    lexicon = load_lexicon(path or SHIPPED)
    concept = next((concept for concept in lexicon.concepts if concept.id == concept_id), None)
    if concept is None:
        raise click.UsageError(f"No concept {concept_id!r}; `roleclassify lexicon list` names them all.")
    click.echo(f"{concept.id} ({concept.role})\n{concept.description}\nsource: {', '.join(concept.source)}")
    for phrase in concept.phrases:
        click.echo(f"  {phrase}")
    for phrase in concept.exact:
        click.echo(f"  {phrase}  (as written)")
    return DONE


@command.command()
@_LEXICON
def lint(path: Path | None) -> int:
    """Check for phrases in two roles, dead or split phrases, and concepts without source.

    Leaves with status 1 where something was found.
    """
    from roleclassify.lexicon.compilation import compile_lexicon
    from roleclassify.lexicon.lint import lint as find
    from roleclassify.lexicon.source import SHIPPED, load_lexicon

    try:
        lexicon = load_lexicon(path or SHIPPED)
        findings = find(lexicon, compile_lexicon(lexicon))
    except LexiconError as error:
        click.echo(str(error), err=True)
        return PARTLY
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} findings in {len(lexicon.concepts)} concepts", err=True)
    return PARTLY if findings else DONE
