"""The lexicon as it is written: a TOML file of concepts, inflection and titles."""

from __future__ import annotations

import re
import tomllib
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
    try:
        written = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise LexiconError(str(path), f"cannot be read ({error.strerror})", "check the path") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LexiconError(str(path), f"is not TOML ({error})") from error
    try:
        labels = _strings(written, "labels")
        if len(labels) != 2:
            raise ValueError("labels must be two")
        concepts = tuple(_concept(entry) for entry in written["concept"])
        inflection, titles = _inflection(written.get("inflection", {})), _titles(written.get("titles", {}))
        contrasts = tuple(written.get("contrasts", {}).get("cues", ()))
        lexicon = Lexicon(
            name=str(written["name"]),
            labels=(labels[0], labels[1]),
            concepts=concepts,
            inflection=inflection,
            titles=titles,
            contrasts=contrasts,
            near_misses=_strings(written, "near_misses"),
        )
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise LexiconError(str(path), f"an entry is incomplete or of the wrong type ({error!r})") from error
    _check(lexicon, str(path))
    return lexicon


def _concept(entry: dict[str, Any]) -> Concept:
    return Concept(
        id=str(entry["id"]),
        role=str(entry["role"]),
        description=str(entry["description"]),
        source=_strings(entry, "source"),
        phrases=_strings(entry, "phrases"),
        exact=_strings(entry, "exact"),
    )


def _strings(entry: dict[str, Any], key: str) -> tuple[str, ...]:
    """Take a list of strings; a bare string would be taken apart into letters."""
    values = entry.get(key, [])
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise TypeError(f"{key} must be a list of strings")
    return tuple(values)


def _inflection(entry: dict[str, Any]) -> Inflection:
    exceptions = {word: tuple(forms) for word, forms in entry.get("exceptions", {}).items()}
    return Inflection(frozenset(entry.get("verbs", ())), frozenset(entry.get("invariant", ())), exceptions)


def _titles(entry: dict[str, Any]) -> TitleSource:
    words = {name: tuple(entries) for name, entries in entry.get("words", {}).items()}
    patterns = tuple((pattern["label"], form) for pattern in entry.get("pattern", ()) for form in pattern["forms"])
    mentions = entry.get("mentions", {})
    others, own = tuple(mentions.get("others", ())), tuple(mentions.get("own", ()))
    return TitleSource(words, patterns, others, own, tuple(entry.get("barred", ())))


def _check(lexicon: Lexicon, source: str) -> None:
    roles = {*lexicon.labels, SHARED}
    if len(roles) < 3 or roles & RESERVED:
        raise LexiconError(
            source, f"labels {list(lexicon.labels)} must be two different ones, none of {sorted(RESERVED)}"
        )
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
    for label, form in lexicon.titles.patterns:
        if label not in lexicon.labels:
            raise LexiconError(source, f"title pattern {form!r} has the unknown label {label!r}")
        unknown = set(re.findall(r"<([^>]*)>", form)) - set(lexicon.titles.words)
        if unknown:
            raise LexiconError(source, f"title pattern {form!r} names the unknown word list {unknown.pop()!r}")
