"""The lexicon as it is written: a TOML file of concepts, inflection and titles."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roleclassify.errors import LexiconError
from roleclassify.lexicon.roles import RESERVED, SHARED

SHIPPED = Path(__file__).with_name("ds_mle.toml")


@dataclass(frozen=True, slots=True)
class Concept:
    """An entry of the lexicon.

    Attributes
    ----------
    id
        Short name, unique in the lexicon.
    role
        One of the lexicon's labels, or ``shared``.
    description
        One line.
    source
        The statements of the source documents that it stands for.
    phrases
        Matched in any letter case and inflected when compiled.
    exact
        Matched as written, letter case included; never inflected.
    """

    id: str
    role: str
    description: str
    source: tuple[str, ...]
    phrases: tuple[str, ...]
    exact: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Inflection:
    """What the inflection of phrases needs beside the lemma tables."""

    verbs: frozenset[str]
    invariant: frozenset[str]
    exceptions: dict[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class TitleSource:
    """Patterns of role titles, the words that tell whose title it is, and words that no term may hold."""

    words: dict[str, tuple[str, ...]]
    patterns: tuple[tuple[str, str], ...]
    others: tuple[str, ...]
    own: tuple[str, ...]
    barred: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """A whole lexicon file.

    ``contrasts`` are cues behind which stands what the work is not; ``near_misses`` are occupations close to the roles,
    in lower case, by which labelled data may call them.
    """

    name: str
    labels: tuple[str, str]
    concepts: tuple[Concept, ...]
    inflection: Inflection
    titles: TitleSource
    contrasts: tuple[str, ...]
    near_misses: tuple[str, ...] = ()


def load_lexicon(path: Path = SHIPPED) -> Lexicon:
    """Read a lexicon file.

    Raises
    ------
    LexiconError
        When the file is missing, no TOML, or an entry lacks what it must have.

    Examples
    --------
    >>> load_lexicon().name
    'ds-vs-mle'
    """
    return parse_lexicon(read_toml(path), str(path))


def read_toml(path: Path) -> dict[str, Any]:
    """Read a file of concepts, or raise LexiconError where it is missing or no TOML."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))  # some editors begin a file with a mark
    except OSError as error:
        raise LexiconError(str(path), f"cannot be read ({error.strerror})", "check the path") from error
    except ValueError as error:  # no TOML, no UTF-8, or a number of thousands of digits
        raise LexiconError(str(path), f"is not TOML ({error})") from error
    except RecursionError as error:
        raise LexiconError(str(path), "is not TOML (nested without end)") from error


def parse_lexicon(written: dict[str, Any], source: str) -> Lexicon:
    """Make a lexicon of what a file holds, or raise LexiconError; ``source`` names the file in errors."""
    if "labels" not in written:
        what = "name a whole lexicon; a file of concepts can be linted, and laid over a model"
        raise LexiconError(source, "it has no `labels`", what)
    try:
        labels = strings(written, "labels")
        if len(labels) != 2:
            raise ValueError("labels must be two")
        concepts = tuple(_concept(entry) for entry in written["concept"])
        inflection, titles = _inflection(written.get("inflection", {})), _titles(written.get("titles", {}))
        contrasts = strings(written.get("contrasts", {}), "cues")
        lexicon = Lexicon(
            name=str(written["name"]),
            labels=(labels[0], labels[1]),
            concepts=concepts,
            inflection=inflection,
            titles=titles,
            contrasts=contrasts,
            near_misses=strings(written, "near_misses"),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise LexiconError(source, f"an entry is incomplete or of the wrong type ({error!r})") from error
    _check(lexicon, source)
    return lexicon


def _concept(entry: dict[str, Any]) -> Concept:
    return Concept(
        id=str(entry["id"]),
        role=str(entry["role"]),
        description=str(entry["description"]),
        source=strings(entry, "source"),
        phrases=strings(entry, "phrases"),
        exact=strings(entry, "exact"),
    )


def strings(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    """Take a list of strings, or raise TypeError; a bare string would be taken apart into letters."""
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{key} must be a list of strings")
    return tuple(values)


def _inflection(entry: dict[str, Any]) -> Inflection:
    by_word = entry.get("exceptions", {})
    exceptions = {word: strings(by_word, word) for word in by_word}
    return Inflection(frozenset(strings(entry, "verbs")), frozenset(strings(entry, "invariant")), exceptions)


def _titles(entry: dict[str, Any]) -> TitleSource:
    words = {name: strings(entry["words"], name) for name in entry.get("words", {})}
    patterns = tuple(
        (pattern["label"], form) for pattern in entry.get("pattern", ()) for form in strings(pattern, "forms")
    )
    mentions = entry.get("mentions", {})
    others, own = strings(mentions, "others"), strings(mentions, "own")
    return TitleSource(words, patterns, others, own, strings(entry, "barred"))


def _check(lexicon: Lexicon, source: str) -> None:
    roles = _check_names(lexicon, source)
    seen: set[str] = set()
    for concept in lexicon.concepts:
        if concept.role not in roles:
            raise LexiconError(
                source, f"concept {concept.id!r} has the unknown role {concept.role!r}, not one of {sorted(roles)}"
            )
        if concept.id in seen:
            raise LexiconError(source, f"concept {concept.id!r} stands twice")
        if not concept.phrases and not concept.exact:
            raise LexiconError(source, f"concept {concept.id!r} has no phrase")
        seen.add(concept.id)
    short = sorted(verb for verb in lexicon.inflection.verbs if len(verb) < 2)
    if short:
        raise LexiconError(source, f"{short[0]!r} is no verb that could be inflected", "take it out of `verbs`")
    for label, form in lexicon.titles.patterns:
        if label not in lexicon.labels:
            raise LexiconError(source, f"title pattern {form!r} has the unknown label {label!r}")
        _check_title(form, lexicon.titles.words, source)


def _check_names(lexicon: Lexicon, source: str) -> set[str]:
    """Give the roles; names end up in file names, columns and on screens."""
    if not re.fullmatch(r"\w[\w.-]*", lexicon.name):
        raise LexiconError(source, f"name {lexicon.name!r} must be of letters, digits, `.`, `_` and `-`")
    for label in lexicon.labels:
        if not label.strip() or label != label.strip() or not label.isprintable():
            raise LexiconError(source, f"label {label!r} must be one line of text without blanks at its ends")
    roles = {*lexicon.labels, SHARED}
    same = len({label.replace("-", "_") for label in lexicon.labels}) < 2  # columns of tables are named after them
    if len(roles) < 3 or same or roles & RESERVED:
        raise LexiconError(
            source, f"labels {list(lexicon.labels)} must be two different ones, none of {sorted(RESERVED)}"
        )
    return roles


def _check_title(form: str, words: Mapping[str, tuple[str, ...]], source: str) -> None:
    """Refuse what would never match, or match anything."""
    pieces = form.split(" ")
    for piece in pieces:
        plain = piece.rstrip("?*+")
        if not plain or len(piece) - len(plain) > 1:
            raise LexiconError(source, f"title pattern {form!r} has a blank too many or a sign without a word")
        if "<" in plain or ">" in plain:
            if not (plain.startswith("<") and plain.endswith(">") and plain[1:-1] in words):
                raise LexiconError(source, f"title pattern {form!r} names the unknown word list {plain.strip('<>')!r}")
            if not all(entry.strip() for entry in words[plain[1:-1]]) or not words[plain[1:-1]]:
                raise LexiconError(source, f"word list {plain!r} of a title pattern is empty or has an empty entry")
    if all(piece.endswith(("?", "*")) for piece in pieces):
        raise LexiconError(source, f"title pattern {form!r} has no word that must be there")
