"""Names of columns: the one that is scored, and those that are added."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from roleclassify.batch.answers import column_names
from roleclassify.errors import TableUsageError

TEXT_NAMES = frozenset(
    {"text", "description", "job_description", "jobdescription", "resume", "resume_text", "body", "content"}
)
"""Names, in lower case, that a column of texts has when it is not named."""

EXTRA_CELLS = "extra_cells"
"""With the prefix: the cells of a CSV row that stand behind the last column, where the output is not CSV."""

OTHER_FIELDS = "other_fields"
"""With the prefix: JSON of what a JSON object has and its columns cannot hold, where the output is a table."""

INPUT_LINE = "input"
"""With the prefix: a line of JSON Lines that is no object."""

_PREFIX = re.compile(r"([A-Za-z_][A-Za-z0-9_.-]*)?")
_MOST_LISTED, _MOST_LETTERS = 40, 60


def is_text_name(name: str) -> bool:
    """Say whether a column of this name holds texts unless told otherwise."""
    return name.strip().casefold() in TEXT_NAMES


def choose_text_column(source: str, columns: Sequence[str], named: str | None) -> int:
    """Find the column that is scored.

    Raises
    ------
    TableUsageError
        When the named column is not there or there twice, or none is named and not exactly one has a usual name.
    """
    found = [place for place, name in enumerate(columns) if (is_text_name(name) if named is None else name == named)]
    if len(found) == 1:
        return found[0]
    if named is None:
        why = "several columns could hold the texts" if found else "no column has a usual name for texts"
        raise TableUsageError(source, f"{why}; columns: {listed(columns)}", "choose one with --text-column")
    if found:
        raise TableUsageError(source, f"{len(found)} columns are named {named!r}", "rename one of them")
    raise TableUsageError(source, f"no column {named!r}; columns: {listed(columns)}", "choose one with --text-column")


def listed(columns: Sequence[str]) -> str:
    """Name the columns in one line, the first forty of them, long names (a row taken for the header) cut short.

    Examples
    --------
    >>> listed(["id", "notes, free"])
    "'id', 'notes, free'"
    """
    names = ", ".join(repr(_shortened(name)) for name in columns[:_MOST_LISTED])
    more = len(columns) - _MOST_LISTED
    return f"{names} and {more} more" if more > 0 else names or "none"


def _shortened(name: str) -> str:
    return name if len(name) <= _MOST_LETTERS else f"{name[:_MOST_LETTERS]}..."


def added_columns(
    labels: tuple[str, str], prefix: str, columns: Iterable[str], extra: Sequence[str] = ()
) -> tuple[str, ...]:
    """Names of the columns that hold the answers.

    Parameters
    ----------
    columns
        Names that the table has already.
    extra
        Further names, without prefix, that the output may have.

    Raises
    ------
    TableUsageError
        When the prefix cannot begin a name, or the table has one of the names already.
    """
    if not _PREFIX.fullmatch(prefix):
        raise TableUsageError(
            f"prefix {prefix!r}", "it cannot begin a column's name", "use letters, digits, _, . and -, a letter first"
        )
    added = column_names(labels, prefix)
    refuse_taken((*added, *(f"{prefix}{name}" for name in extra)), columns)
    return added


def refuse_taken(added: Iterable[str], columns: Iterable[str]) -> None:
    """Raise TableUsageError when a name to be added is there already."""
    taken = sorted(set(added) & set(columns))
    if taken:
        raise TableUsageError(
            "input", f"it already has {listed(taken)}", "choose other names for the added columns with --prefix"
        )


def unique_names(columns: Sequence[str]) -> tuple[str, ...]:
    """Tell columns of one name apart, for forms that allow a name only once.

    Examples
    --------
    >>> unique_names(["id", "note", "note", "note_2"])
    ('id', 'note', 'note_3', 'note_2')
    """
    taken = set(columns)
    seen: set[str] = set()
    names = []
    for column in columns:
        name, number = column, 2
        while name in seen or (name != column and name in taken):
            name = f"{column}_{number}"
            number += 1
        seen.add(name)
        names.append(name)
    return tuple(names)
