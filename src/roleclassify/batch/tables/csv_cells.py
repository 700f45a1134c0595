"""How the cells of a CSV record are read and written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Dialect:
    r"""How cells are told apart.

    Attributes
    ----------
    delimiter
        One ASCII character.
    quote
        One ASCII character, or none: quotes are characters like others then, as in the tab-separated output of
        databases.
    escape
        Whether a backslash takes the meaning from the character behind it, as MySQL and Spark write; a doubled quote
        is a quote in either case.
    line_end
        What ends a record that is written.
    """

    delimiter: str = ","
    quote: str = '"'
    escape: bool = False
    line_end: str = "\n"


def unquoted(cell: bytes, dialect: Dialect) -> bytes:
    r"""Give the value of a regular cell.

    Examples
    --------
    >>> unquoted(b'"say ""hi"", now"', Dialect()), unquoted(rb'"say \"hi\", now"', Dialect(escape=True))
    (b'say "hi", now', b'say "hi", now')
    """
    quote = dialect.quote.encode()
    is_quoted = bool(quote) and cell.startswith(quote)
    if is_quoted:
        cell = cell[1:-1]
    if dialect.escape and b"\\" in cell:
        if quote + quote in cell:
            return re.sub(rb"\\(.)|" + quote + b"(" + quote + b")", rb"\1\2", cell, flags=re.DOTALL)
        return b"\\".join([part.replace(b"\\", b"") for part in cell.split(b"\\\\")])
    # In a regular cell quotes stand in pairs with nothing between; splitting is quicker than replacing.
    return quote.join(cell.split(quote)[::2]) if is_quoted else cell


def line_of(cells: Sequence[str], dialect: Dialect) -> str:
    """Write cells so that they are read back as they are; without what ends the line.

    Examples
    --------
    >>> line_of(["1", 'one, "two" too', "three"], Dialect())
    '1,"one, ""two"" too",three'
    """
    line = dialect.delimiter.join(cells)
    # Most lines have nothing to quote, and a look at the whole line says so.
    if line.count(dialect.delimiter) < len(cells) and not _is_special(line, dialect):
        return line
    return dialect.delimiter.join([_written(cell, dialect) for cell in cells])


def _is_special(text: str, dialect: Dialect) -> bool:
    return (
        (dialect.quote != "" and dialect.quote in text)
        or "\n" in text
        or "\r" in text
        or (dialect.escape and "\\" in text)
    )


def _written(cell: str, dialect: Dialect) -> str:
    if dialect.delimiter not in cell and not _is_special(cell, dialect):
        return cell
    if not dialect.quote:
        # Only cells of ours come here; those of the input had no way to hold it either.
        return re.sub(f"[{re.escape(dialect.delimiter)}\r\n]+", " ", cell)
    if dialect.escape:
        cell = cell.replace("\\", "\\\\").replace(dialect.quote, f"\\{dialect.quote}")
    else:
        cell = cell.replace(dialect.quote, dialect.quote * 2)
    return f"{dialect.quote}{cell}{dialect.quote}"
