"""A user's own concepts, to lay over a lexicon: a TOML file of ``[[concept]]`` tables and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from roleclassify.errors import LexiconError
from roleclassify.lexicon.compilation import compile_concepts
from roleclassify.lexicon.compiled import CompiledConcept, CompiledLexicon
from roleclassify.lexicon.roles import SHARED
from roleclassify.lexicon.source import Concept, Lexicon, load_lexicon, parse_lexicon, read_toml, strings
from roleclassify.text.printable import printable

LARGEST_WEIGHT = 100.0
"""In log-odds; a hundredth of it decides most documents already."""

_KEYS = ("id", "role", "phrases", "exact", "weight", "description", "source")


@dataclass(frozen=True, slots=True)
class Overlay:
    """Concepts to lay over a lexicon.

    Attributes
    ----------
    source
        The file, as the user named it.
    concepts
        At least one; description and source may be empty.
    weights
        Of the concepts whose weight is given: id to log-odds towards the concept's role, in [0, ``LARGEST_WEIGHT``].
    """

    source: str
    concepts: tuple[Concept, ...]
    weights: Mapping[str, float]

    @property
    def name(self) -> str:
        """Name of the file, fit to be shown."""
        return printable(Path(self.source).name)


def read_lexicon_or_overlay(path: Path | None) -> tuple[Lexicon, Overlay | None]:
    """Read what to train with: a whole lexicon, or concepts to add to the shipped one; None is that one alone.

    Raises
    ------
    LexiconError
        When the file cannot be used as what it is.
    """
    if path is None:
        return load_lexicon(), None
    written = read_toml(path)
    if "labels" in written:
        return parse_lexicon(written, str(path)), None
    return load_lexicon(), _parse(written, str(path))


def read_overlay(path: Path) -> Overlay:
    """Read a file of concepts.

    Raises
    ------
    LexiconError
        When the file is missing, no TOML, a whole lexicon, without a concept, or a concept is out of order.
    """
    written = read_toml(path)
    if "labels" in written:
        why = "it has `labels`, and a whole lexicon cannot be laid over a model"
        raise LexiconError(str(path), why, "train with it (roleclassify train), or keep its [[concept]] tables only")
    return _parse(written, str(path))


def _parse(written: dict[str, Any], source: str) -> Overlay:
    if unknown := sorted(written.keys() - {"concept"}):
        raise LexiconError(source, f"unknown entry {unknown[0]!r}", "keep [[concept]] tables only")
    entries = written.get("concept")
    if not isinstance(entries, list) or not entries or not all(isinstance(entry, dict) for entry in entries):
        raise LexiconError(source, "there is no concept", "write at least one [[concept]] table")
    concepts: dict[str, Concept] = {}
    weights: dict[str, float] = {}
    for number, entry in enumerate(entries, 1):
        try:
            concept = _concept(entry)
            if concept.id in concepts:
                raise ValueError("it stands twice")
            if "weight" in entry:
                weights[concept.id] = _weight(entry["weight"], concept.role)
        except (TypeError, ValueError) as error:
            raise LexiconError(source, f"concept {entry.get('id', number)!r}: {error}") from error
        concepts[concept.id] = concept
    return Overlay(source, tuple(concepts.values()), weights)


def extend_lexicon(lexicon: CompiledLexicon, overlay: Overlay) -> CompiledLexicon:
    """Add an overlay's concepts behind those of a lexicon.

    A concept that has the id of one of the lexicon's adds its phrases to that; a description that it gives takes the
    place of the other. Phrases are inflected with the verbs and exceptions of the shipped lexicon, which are English.

    Raises
    ------
    LexiconError
        When a role is unknown or not that of the lexicon's concept, or a phrase has no word.
    MissingExtraError
        When a phrase must be inflected and the lemma tables (package spacy-lookups-data) are not installed.
    """
    numbers = {concept.id: number for number, concept in enumerate(lexicon.concepts)}
    roles = (*lexicon.labels, SHARED)
    for own in overlay.concepts:
        if own.role not in roles:
            why = f"concept {own.id!r} has the unknown role {own.role!r}"
            raise LexiconError(overlay.source, why, f"choose one of {', '.join(roles)}")
        if own.id in numbers and own.role != (role := lexicon.concepts[numbers[own.id]].role):
            why = f"concept {own.id!r} of the model has the role {role!r}, not {own.role!r}"
            raise LexiconError(overlay.source, why, "choose another id, or that role")
    concepts = list(lexicon.concepts)
    for added in compile_concepts(overlay.concepts, load_lexicon().inflection, overlay.source):
        if added.id in numbers:
            concepts[numbers[added.id]] = _joined(concepts[numbers[added.id]], added)
        else:
            concepts.append(added)
    return replace(lexicon, concepts=tuple(concepts))


def _joined(known: CompiledConcept, added: CompiledConcept) -> CompiledConcept:
    return replace(
        known,
        description=added.description or known.description,
        forms=tuple(dict.fromkeys((*known.forms, *added.forms))),
        exact=tuple(dict.fromkeys((*known.exact, *added.exact))),
    )


def _concept(entry: dict[str, Any]) -> Concept:
    if unknown := sorted(entry.keys() - set(_KEYS)):
        raise ValueError(f"unknown key {unknown[0]!r}, not one of {', '.join(_KEYS)}")
    phrases, exact = strings(entry, "phrases"), strings(entry, "exact")
    if not phrases and not exact:
        raise ValueError("it has no phrase")
    name, role = _line(entry, "id"), _line(entry, "role")
    if not name.strip():
        raise ValueError("it has no id")
    return Concept(name, role, _line(entry, "description"), strings(entry, "source"), phrases, exact)


def _line(entry: dict[str, Any], key: str) -> str:
    value = entry.get(key, "")
    if not isinstance(value, str) or not value.isprintable():
        raise TypeError(f"{key} must be one line of text")
    return value


def _weight(value: object, role: str) -> float:
    if role == SHARED:
        raise ValueError("a shared concept leans to neither role, so it has no weight")
    # Not a truth value, which is an integer to Python; NaN lies in no range.
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= LARGEST_WEIGHT:
        raise ValueError(f"weight must be a number from 0 to {LARGEST_WEIGHT:g}, in log-odds towards its role")
    return float(value)
