"""The program: finds its commands, turns failures into one line and an exit status."""

from __future__ import annotations

import contextlib
import importlib
import io
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType
from typing import NoReturn, TextIO

import click

from roleclassify import __version__
from roleclassify.errors import RoleClassifyError

DONE, PARTLY, USAGE, NOTHING, INTERRUPTED, TERMINATED = 0, 1, 2, 3, 130, 143
"""Exit statuses: all done; some inputs failed or findings; wrong usage; no result; Ctrl-C; SIGTERM."""

_COMMANDS = {
    "classify": "Say which role documents lean to, how strongly, and which words say so.",
    "explain": "Show every reason for one document's answer.",
    "compare": "Lay two documents side by side: a resume and a posting, or two drafts.",
    "read": "Print a document's text as it was read.",
    "score": "Score every row of a table, of any size.",
    "train": "Train a model from labelled documents.",
    "evaluate": "Measure a model on labelled documents.",
    "audit": "Measure whether names, pronouns, schools, years or nationalities move the answer.",
    "lexicon": "List, show, check, propose and export concepts.",
    "model": "Show what a model weighs, and what it was made from.",
}


class _Commands(click.Group):
    """Imports a command's module when it is called, so that --help costs nothing."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module = importlib.import_module(f"roleclassify.cli.{cmd_name}")
        command: click.Command = module.command
        command.short_help = _COMMANDS[cmd_name]
        return command

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            # click would leave with status 1, but a reader that has seen enough is no failure.
            _discard(sys.stdout)
            return DONE


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="roleclassify")
def program() -> None:
    """Say which of two roles a resume or job posting leans to, how strongly, and which words say so.

    Reads .txt, .md, .html, .pdf, .docx, .odt and .rtf; `-` is standard input.

    \b
    roleclassify classify cv.pdf posting.html
    roleclassify explain cv.pdf

    Exit status: 0 done (undetermined included), 1 some inputs failed or something was found, 2 wrong usage,
    3 no result.
    """  # noqa: D301  # the character itself keeps click from joining the lines


def main() -> NoReturn:
    """Run the program and leave with its exit status."""
    signal.signal(signal.SIGTERM, _terminated)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a bar that Latin-1 lacks is no reason to fail
    try:
        status = program.main(standalone_mode=False)
        if sys.stdout is not None:  # closed by the caller
            sys.stdout.flush()
        sys.exit(status or DONE)
    except click.ClickException as error:
        with unheard_if_closed():
            error.show()
        sys.exit(USAGE if isinstance(error, click.UsageError) else NOTHING)
    except RoleClassifyError as error:
        tell(f"Error: {error}")
        sys.exit(NOTHING)
    except BrokenPipeError:
        _discard(sys.stdout)
        sys.exit(DONE)
    except OSError as error:
        # What commands read is reported by the readers; what is left is writing.
        tell(f"Error: {error.strerror or error}: {error.filename or 'standard output'}")
        _discard(sys.stdout)
        sys.exit(NOTHING)
    except (click.Abort, KeyboardInterrupt):
        tell("Interrupted.")
        sys.exit(INTERRUPTED)


def tell(message: str, *, ends_line: bool = True) -> None:
    """Write to standard error."""
    with unheard_if_closed():
        click.echo(message, nl=ends_line, err=True)


@contextlib.contextmanager
def unheard_if_closed() -> Iterator[None]:
    """Report on standard error; that nobody reads it any more is no reason to end a run."""
    try:
        yield
    except OSError:
        _discard(sys.stderr)


def _discard(stream: TextIO | None) -> None:
    """Let the interpreter flush at exit without complaining that the reader has gone."""
    if stream is not None:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _terminated(number: int, frame: FrameType | None) -> NoReturn:
    sys.exit(TERMINATED)
