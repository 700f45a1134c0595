"""The command line: one module a command, each parses, calls and prints."""

from roleclassify.cli.entry import main

__all__ = ["main"]
