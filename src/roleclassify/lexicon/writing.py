"""Write a lexicon as the TOML file that it can be read from."""

from __future__ import annotations

import json
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from roleclassify.lexicon.source import Concept, Lexicon
from roleclassify.text.printable import printable

WIDTH = 120
"""Characters of a line, unless one string is longer."""

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")


def write_lexicon(lexicon: Lexicon, comment: str = "") -> str:
    r"""Give a lexicon as TOML, such that reading it gives the lexicon back.

    Parameters
    ----------
    comment
        Stands above it, each line behind a ``#``.

    Examples
    --------
    >>> from roleclassify.lexicon.source import load_lexicon
    >>> print(write_lexicon(load_lexicon())[:52])
    name = "ds-vs-mle"
    labels = ["data-scientist", "ml-e
    """
    lines = [*_comment(comment), f"name = {_string(lexicon.name)}", *_list("labels", lexicon.labels)]
    lines += _list("near_misses", lexicon.near_misses)
    if not lexicon.concepts:
        lines.append("concept = []")
    for concept in lexicon.concepts:
        lines += _concept(concept)
    inflection = lexicon.inflection
    lines += ["", "[inflection]", *_list("verbs", sorted(inflection.verbs))]
    lines += _list("invariant", sorted(inflection.invariant))
    lines += _table("inflection.exceptions", inflection.exceptions)
    lines += ["", "[contrasts]", *_list("cues", lexicon.contrasts)]
    titles = lexicon.titles
    lines += ["", "[titles]", *_list("barred", titles.barred), *_table("titles.words", titles.words)]
    for label, patterns in groupby(titles.patterns, key=lambda pattern: pattern[0]):
        lines += ["", "[[titles.pattern]]", f"label = {_string(label)}"]
        lines += _list("forms", [form for _, form in patterns])
    lines += ["", "[titles.mentions]", *_list("others", titles.others), *_list("own", titles.own)]
    return "\n".join(lines) + "\n"


def _comment(comment: str) -> Iterator[str]:
    for line in comment.splitlines():
        for wrapped in textwrap.wrap(printable(line), WIDTH - 2) or [""]:
            yield f"# {wrapped}".rstrip()
    if comment:
        yield ""


def _concept(concept: Concept) -> list[str]:
    strings = (("id", concept.id), ("role", concept.role), ("description", concept.description))
    return [
        *("", "[[concept]]"),
        *(f"{key} = {_string(value)}" for key, value in strings),
        *_list("source", concept.source),
        *_list("phrases", concept.phrases),
        *(_list("exact", concept.exact) if concept.exact else ()),
    ]


def _table(name: str, entries: Mapping[str, Sequence[str]]) -> Iterator[str]:
    yield from ("", f"[{name}]")
    for key, values in entries.items():
        yield from _list(key if _BARE_KEY.fullmatch(key) else _string(key), values)


def _list(key: str, values: Iterable[str]) -> list[str]:
    """Write an array on one line where it fits, else on as many as it takes."""
    strings = [_string(value) for value in values]
    line = f"{key} = [{', '.join(strings)}]"
    if len(line) <= WIDTH:
        return [line]
    lines, current = [f"{key} = ["], "  "
    for string in strings:
        if len(current) + len(string) >= WIDTH and current.strip():
            lines.append(current.rstrip())
            current = "  "
        current += f"{string}, "
    return [*lines, current.rstrip(), "]"]


def _string(value: str) -> str:
    # A string of JSON is one of TOML, but for the delete character, which TOML wants escaped.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
