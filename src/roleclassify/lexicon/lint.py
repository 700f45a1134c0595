"""Check a lexicon for what its compiler would accept and its author would regret."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from roleclassify.lexicon.compilation import phrase_words
from roleclassify.lexicon.compiled import CompiledConcept, CompiledLexicon
from roleclassify.lexicon.overlay import Overlay
from roleclassify.lexicon.source import Concept, Lexicon
from roleclassify.text.tokens import tokenize

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to mend: which concept, which phrase (or empty), and what is wrong."""

    concept: str
    phrase: str
    problem: str

    def __str__(self) -> str:
        """One line."""
        return f"{self.concept}: {self.phrase!r} {self.problem}" if self.phrase else f"{self.concept}: {self.problem}"


def lint(lexicon: Lexicon, compiled: CompiledLexicon) -> list[Finding]:
    """List every finding, in the lexicon's order.

    A phrase in two roles; a phrase twice in a concept; a phrase that the tokenizer splits otherwise than its spaces do;
    a dead phrase, which its own concept does not match when it stands alone in a text; a concept without source.
    """
    roles = _by_phrase(compiled, lambda entry: entry.role)

    def clash(words: Words) -> str:
        return f"stands in the roles {', '.join(sorted(roles[words]))}" if len(roles[words]) > 1 else ""

    findings: list[Finding] = []
    for index, concept in enumerate(lexicon.concepts):
        if not concept.source:
            findings.append(Finding(concept.id, "", "has no source"))
        findings.extend(_of_phrases(concept, index, compiled, clash))
    return findings


def lint_overlay(overlay: Overlay, extended: CompiledLexicon) -> list[Finding]:
    """List what is odd about concepts laid over a lexicon, in their order; ``extended`` is the lexicon with them.

    A phrase that another concept has too, whatever its role; else what :func:`lint` finds, but for sources.
    """
    owners = _by_phrase(extended, lambda entry: f"{entry.id} ({entry.role})")
    indexes = {entry.id: index for index, entry in enumerate(extended.concepts)}
    findings: list[Finding] = []
    for concept in overlay.concepts:
        own = f"{concept.id} ({concept.role})"

        def clash(words: Words, own: str = own) -> str:
            others = sorted(owners[words] - {own})
            return f"stands in {', '.join(others)} too, and both count" if others else ""

        findings.extend(_of_phrases(concept, indexes[concept.id], extended, clash))
    return findings


def _by_phrase(compiled: CompiledLexicon, say: Callable[[CompiledConcept], str]) -> defaultdict[Words, set[str]]:
    """For each form, in lower case, what is to be said of the concepts that have it."""
    said: defaultdict[Words, set[str]] = defaultdict(set)
    for entry in compiled.concepts:
        for form in (*entry.forms, *entry.exact):
            said[tuple(form.lower().split(" "))].add(say(entry))
    return said


def _of_phrases(
    concept: Concept, index: int, compiled: CompiledLexicon, clash: Callable[[Words], str]
) -> Iterator[Finding]:
    seen: set[Words] = set()
    for phrase in (*concept.phrases, *concept.exact):
        words = phrase_words(phrase)
        folded = tuple(word.lower() for word in words)
        if folded in seen:
            yield Finding(concept.id, phrase, "stands twice")
        seen.add(folded)
        if problem := clash(folded):
            yield Finding(concept.id, phrase, problem)
        if words != tuple(phrase.split()):
            yield Finding(concept.id, phrase, f"is split otherwise by the tokenizer: {' | '.join(words)}")
        if not _is_alive(phrase, index, compiled):
            yield Finding(concept.id, phrase, "is dead: it is never matched, a title or another token takes its words")


def _is_alive(phrase: str, index: int, compiled: CompiledLexicon) -> bool:
    tokens = tokenize(phrase)
    masked, _ = compiled.mask(phrase, tokens)
    return any(match.concept == index for match in compiled.match(masked))
