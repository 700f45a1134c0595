"""The lexicon as it is used: every form of every phrase, ready to be matched without spaCy."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from roleclassify.lexicon.roles import RESERVED, SHARED
from roleclassify.text.contrasts import ContrastCues, mask_contrasts
from roleclassify.text.titles import Title, TitlePatterns, mask_titles
from roleclassify.text.tokens import Token


@dataclass(frozen=True, slots=True)
class CompiledConcept:
    """A concept with all its forms: words with one space between.

    Attributes
    ----------
    forms
        In lower case, matched in any letter case.
    exact
        Matched as written.
    """

    id: str
    role: str
    description: str
    forms: tuple[str, ...]
    exact: tuple[str, ...]


class ConceptMatch(NamedTuple):
    """An occurrence: index of the concept, and of its first and last token (exclusive)."""

    concept: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class _Phrases:
    """Every form with the concepts that have it, and for each first word the most words of a form that begins so."""

    concepts: dict[str, list[int]]
    longest: dict[str, int]

    def collect(self, words: Sequence[str], found: dict[int, set[tuple[int, int]]]) -> None:
        """Add the spans of every form that stands in the words, overlaps included."""
        n_words = len(words)
        for first, word in enumerate(words):
            most = self.longest.get(word, 0)
            phrase = word
            for last in range(first + 1, first + 1 + most):
                for concept in self.concepts.get(phrase, ()):
                    found.setdefault(concept, set()).add((first, last))
                if last == n_words:
                    break
                phrase = f"{phrase} {words[last]}"


@dataclass(frozen=True, slots=True)
class CompiledLexicon:
    """All concepts, their forms and the title patterns; plain data that JSON can hold."""

    name: str
    labels: tuple[str, str]
    concepts: tuple[CompiledConcept, ...]
    titles: TitlePatterns
    contrasts: ContrastCues
    near_misses: tuple[str, ...] = ()
    _folded: _Phrases = field(init=False, repr=False, compare=False)
    _exact: _Phrases = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_folded", _phrases(concept.forms for concept in self.concepts))
        object.__setattr__(self, "_exact", _phrases(concept.exact for concept in self.concepts))

    @property
    def descriptions(self) -> dict[str, str]:
        """Description of each concept, by id."""
        return {concept.id: concept.description for concept in self.concepts}

    def mask(self, text: str, tokens: Sequence[Token]) -> tuple[list[Token], list[Title]]:
        """Mask what must carry no weight: the document's own role titles, and what the work is said not to be.

        Returns
        -------
        masked
            The tokens to score.
        titles
            The role titles found, whoever's they are.
        """
        titles = self.titles.find(text, tokens)
        return mask_contrasts(text, mask_titles(tokens, titles), self.contrasts), titles

    def match(self, tokens: Sequence[Token]) -> list[ConceptMatch]:
        """Find every concept in a document.

        Within a concept the longest match wins, then the earliest, without overlaps; concepts do not see one another.
        Equal, for each concept, to spaCy's ``filter_spans`` over the matches of a ``PhraseMatcher``.

        Returns
        -------
        list of ConceptMatch
            Ordered by concept, then position.
        """
        found = self.candidates(tokens)
        return [
            ConceptMatch(concept, first, last)
            for concept in sorted(found)
            for first, last in longest_first(found[concept])
        ]

    def candidates(self, tokens: Sequence[Token]) -> dict[int, set[tuple[int, int]]]:
        """Find every form of every concept, overlaps included: first and last token (exclusive) by concept."""
        words = [token.word for token in tokens]
        found: dict[int, set[tuple[int, int]]] = {}
        self._folded.collect([word.lower() for word in words], found)
        self._exact.collect(words, found)
        return found

    def to_json(self) -> dict[str, Any]:
        """Give the lexicon as JSON values."""
        return {
            "name": self.name,
            "labels": list(self.labels),
            "concepts": [
                {
                    "id": concept.id,
                    "role": concept.role,
                    "description": concept.description,
                    "forms": list(concept.forms),
                    "exact": list(concept.exact),
                }
                for concept in self.concepts
            ],
            "titles": self.titles.to_json(),
            "contrasts": list(self.contrasts.cues),
            "near_misses": list(self.near_misses),
        }

    @classmethod
    def from_json(cls, written: dict[str, Any]) -> CompiledLexicon:
        """Read back what :meth:`to_json` wrote."""
        concepts = tuple(
            CompiledConcept(
                id=entry["id"],
                role=entry["role"],
                description=entry["description"],
                forms=tuple(entry["forms"]),
                exact=tuple(entry["exact"]),
            )
            for entry in written["concepts"]
        )
        first, second = (str(label) for label in written["labels"])
        roles = {first, second, SHARED}
        if not isinstance(written["labels"], list) or len(roles) < 3 or roles & RESERVED:
            raise ValueError("labels out of order")
        if any(concept.role not in roles for concept in concepts):
            raise ValueError("a concept has no role of this lexicon")
        return cls(
            written["name"],
            (first, second),
            concepts,
            TitlePatterns.from_json(written["titles"]),
            ContrastCues(tuple(written["contrasts"])),
            tuple(written["near_misses"]),
        )


def _phrases(forms_of: Iterable[tuple[str, ...]]) -> _Phrases:
    concepts: dict[str, list[int]] = {}
    longest: dict[str, int] = {}
    for concept, forms in enumerate(forms_of):
        for form in forms:
            if form in concepts:
                concepts[form].append(concept)
                continue
            concepts[form] = [concept]
            n_words = form.count(" ") + 1
            word = form.partition(" ")[0]
            if longest.get(word, 0) < n_words:
                longest[word] = n_words
    return _Phrases(concepts, longest)


def longest_first(spans: set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Keep of overlapping spans the longest, then the earliest; in order."""
    if len(spans) == 1:
        return list(spans)
    kept: list[tuple[int, int]] = []
    taken: set[int] = set()
    for first, last in sorted(spans, key=lambda span: (span[0] - span[1], span[0])):
        # The ends suffice: a longer span was placed before, so it cannot lie strictly inside this one.
        if first not in taken and last - 1 not in taken:
            kept.append((first, last))
            taken.update(range(first, last))
    return sorted(kept)
