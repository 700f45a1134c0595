"""Check a lexicon for what its compiler would accept and its author would regret."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from roleclassify.lexicon.compilation import phrase_words
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.lexicon.source import Concept, Lexicon
from roleclassify.text.tokens import tokenize


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
    roles: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for entry in compiled.concepts:
        for form in (*entry.forms, *entry.exact):
            roles[tuple(form.lower().split(" "))].add(entry.role)
    findings: list[Finding] = []
    for index, concept in enumerate(lexicon.concepts):
        if not concept.source:
            findings.append(Finding(concept.id, "", "has no source"))
        findings.extend(_of_phrases(concept, index, compiled, roles))
    return findings


def _of_phrases(
    concept: Concept, index: int, compiled: CompiledLexicon, roles: dict[tuple[str, ...], set[str]]
) -> Iterator[Finding]:
    seen: set[tuple[str, ...]] = set()
    for phrase in (*concept.phrases, *concept.exact):
        words = phrase_words(phrase)
        folded = tuple(word.lower() for word in words)
        if folded in seen:
            yield Finding(concept.id, phrase, "stands twice")
        seen.add(folded)
        if len(roles[folded]) > 1:
            yield Finding(concept.id, phrase, f"stands in the roles {', '.join(sorted(roles[folded]))}")
        if words != tuple(phrase.split()):
            yield Finding(concept.id, phrase, f"is split otherwise by the tokenizer: {' | '.join(words)}")
        if not _is_alive(phrase, index, compiled):
            yield Finding(concept.id, phrase, "is dead: it is never matched, a title or another token takes its words")


def _is_alive(phrase: str, index: int, compiled: CompiledLexicon) -> bool:
    tokens = tokenize(phrase)
    masked, _ = compiled.mask(phrase, tokens)
    return any(match.concept == index for match in compiled.match(masked))
