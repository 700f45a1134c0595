"""``roleclassify lexicon``: list, show, lint, derive, export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from roleclassify.cli.entry import DONE, PARTLY, tell
from roleclassify.cli.files import refuse_wrong_file, write_whole
from roleclassify.cli.options import default_to_standard_input
from roleclassify.errors import LexiconError
from roleclassify.lexicon.roles import SHARED
from roleclassify.text.printable import printable

if TYPE_CHECKING:
    from roleclassify.lexicon.derive.names import RoleNames
    from roleclassify.lexicon.source import Lexicon


_LEXICON = click.option(
    "--lexicon",
    "path",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Lexicon to read; default: the shipped one.",
)

_OUTPUT = click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="File to write; default: standard output.",
)


@click.group()
def command() -> None:
    """List, show and check the concepts; derive a lexicon from texts, export one."""


@command.command("list")
@_LEXICON
def list_(path: Path | None) -> int:
    """List every concept: role, number of phrases, description."""
    from roleclassify.lexicon.source import SHIPPED, load_lexicon

    lexicon = load_lexicon(path or SHIPPED)
    widest = max((len(concept.id) for concept in lexicon.concepts), default=0)
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

    A file of concepts to lay over a model is checked against the shipped lexicon. Leaves with status 1 where something
    was found.
    """
    from roleclassify.lexicon.compilation import compile_lexicon
    from roleclassify.lexicon.lint import lint as find
    from roleclassify.lexicon.lint import lint_overlay
    from roleclassify.lexicon.overlay import extend_lexicon, read_lexicon_or_overlay

    try:
        lexicon, overlay = read_lexicon_or_overlay(path)
        compiled = compile_lexicon(lexicon)
        if overlay is None:
            concepts, findings = lexicon.concepts, find(lexicon, compiled)
        else:
            concepts, findings = overlay.concepts, lint_overlay(overlay, extend_lexicon(compiled, overlay))
    except LexiconError as error:
        click.echo(str(error), err=True)
        return PARTLY
    for finding in findings:
        click.echo(str(finding))
    click.echo(f"{len(findings)} findings in {len(concepts)} concepts", err=True)
    return PARTLY if findings else DONE


_ADVICE = """A proposal of `roleclassify lexicon derive`: read it and mend it before use.
Take out what tells nothing of the work, and the names of people, employers and places."""


def _names(context: click.Context, parameter: click.Parameter, value: str) -> RoleNames:
    from roleclassify.lexicon.derive.names import RoleNames

    try:
        return RoleNames.parse(value)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", context, parameter) from error


@command.command()
@click.argument("paths", nargs=-1, metavar="DOCUMENT...")
@click.option(
    "--roles",
    "names",
    required=True,
    callback=_names,
    metavar="A,B",
    help="Labels of the two roles. Other names that texts call one by follow it, each after `=`: A=NAME=NAME,B.",
)
@click.option("--labeled", is_flag=True, help="The files are labelled tables, as for `roleclassify train`.")
@_OUTPUT
def derive(paths: tuple[str, ...], names: RoleNames, labeled: bool, output: Path | None) -> int:
    """Propose a lexicon from documents that describe two roles, or from labelled ones.

    DOCUMENT is any file that `roleclassify read` reads, best an article that compares the roles under a heading each;
    `-` is standard input. In a name, hyphens stand for spaces, initials for words, and a text may have one word more:
    qa-engineer is found in "Quality Assurance Test Engineer" too.

    \b
    roleclassify lexicon derive guide.html --roles data-analyst,data-engineer=etl-developer -o proposal.toml
    roleclassify lexicon derive --labeled postings.jsonl --roles data-analyst,data-engineer

    The result is a whole lexicon, to be read and mended before use: concepts of the one role, of the other, or of both
    (shared). Each tells in how many passages of each role it stands, the z-score of its log-odds (negative: the first
    role's), and where: guide.html:7:2 is the second sentence of the paragraph that begins on line 7. In a table every
    document is one passage. No other lexicon is read.
    """  # noqa: D301  # the character itself keeps click from joining the lines
    from roleclassify.lexicon.writing import write_lexicon

    if labeled and not paths:
        raise click.UsageError("Name a labelled table.")
    refuse_wrong_file(output, "--output", paths)
    lexicon = _from_tables(paths, names) if labeled else _from_documents(default_to_standard_input(paths), names)
    n_phrases = sum(len(concept.phrases) + len(concept.exact) for concept in lexicon.concepts)
    _write(write_lexicon(lexicon, _ADVICE), output)
    tell(f"{len(lexicon.concepts)} concepts, {n_phrases} phrases" + (f"; wrote {output}" if output else ""))
    return DONE


def _from_documents(paths: Sequence[str], names: RoleNames) -> Lexicon:
    from roleclassify.text.reading import read

    documents = [replace(read(path), source=_called(path, paths)) for path in paths]
    from roleclassify.lexicon.derive.derivation import derive_from_documents  # spaCy, once the files are found good

    return derive_from_documents(documents, names)


def _from_tables(paths: Sequence[str], names: RoleNames) -> Lexicon:
    from roleclassify.learning.labeled import MIXED, OTHER, read_labeled

    labeled = read_labeled([Path(path) for path in paths], names.labels)
    from roleclassify.lexicon.derive.derivation import LabeledText, derive_from_labeled

    roles = {MIXED: SHARED, OTHER: ""}
    texts = [
        LabeledText(roles.get(one.label, one.label), one.text, printable(one.id), one.employer or one.group)
        for one in labeled
    ]
    return derive_from_labeled(texts, names)


def _called(path: str, paths: Sequence[str]) -> str:
    """Name a document in the lexicon: by its file's name, or by its path where two files have the same."""
    name = Path(path).name
    alike = [other for other in paths if Path(other).name == name]
    return printable(name if len(alike) == 1 else path)


@command.command()
@click.option(
    "--format", "form", type=click.Choice(["spacy"]), default="spacy", show_default=True, help="What to write."
)
@_LEXICON
@_OUTPUT
def export(form: str, path: Path | None, output: Path | None) -> int:
    """Write the concepts for another program.

    spacy: JSON Lines for spaCy's EntityRuler, a pattern for every form of every phrase: label is the role, id the
    concept. They match in a blank English pipeline:

    \b
    roleclassify lexicon export --format spacy -o concepts.jsonl
    nlp = spacy.blank("en"); nlp.add_pipe("entity_ruler").from_disk("concepts.jsonl")

    What differs from scoring: role titles, and what the work is said not to be, are not masked; of matches that overlap
    the longest is kept whatever its concept, where scoring counts each concept by itself; a phrase of two concepts is
    found for one; tokens are spaCy's.
    """  # noqa: D301  # the character itself keeps click from joining the lines
    from roleclassify.lexicon.compilation import compile_lexicon
    from roleclassify.lexicon.export import entity_ruler_jsonl
    from roleclassify.lexicon.source import SHIPPED, load_lexicon

    refuse_wrong_file(output, "--output", [path])
    _write(entity_ruler_jsonl(compile_lexicon(load_lexicon(path or SHIPPED))), output)
    return DONE


def _write(content: str, output: Path | None) -> None:
    if output is None:
        click.echo(content, nl=False)
    else:
        write_whole(output, content)
