"""Give a compiled lexicon to other programs: patterns for spaCy's EntityRuler."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from roleclassify.lexicon.compiled import CompiledConcept, CompiledLexicon

if TYPE_CHECKING:
    from spacy.tokens import Doc


def entity_ruler_patterns(lexicon: CompiledLexicon) -> Iterator[dict[str, Any]]:
    """Yield a pattern for every form of every phrase.

    The label is the concept's role and the id the concept's. A form is cut into tokens as spaCy's blank English
    pipeline cuts it, so that it matches there: in any letter case (LOWER), or as written (ORTH) for exact phrases.

    Examples
    --------
    >>> from roleclassify.lexicon.compilation import compile_lexicon
    >>> from roleclassify.lexicon.source import load_lexicon
    >>> next(entity_ruler_patterns(compile_lexicon(load_lexicon())))
    {'label': 'data-scientist', 'pattern': [{'LOWER': 'statistically'}], 'id': 'statistical-analysis'}
    """
    from spacy.lang.en import English

    tokenizer = English().tokenizer
    for concept in lexicon.concepts:
        # Capitals may be cut otherwise: "node.js" is one token, "Node.js" three.
        folded = (
            tuple(token.lower_ for token in cut)
            for form in concept.forms
            for one in (form, form.title(), form.upper())
            for cut in _cuts(tokenizer, one)
        )
        yield from (_pattern(concept, "LOWER", cut) for cut in dict.fromkeys(folded))
        exact = (tuple(token.text for token in cut) for form in concept.exact for cut in _cuts(tokenizer, form))
        yield from (_pattern(concept, "ORTH", cut) for cut in dict.fromkeys(exact))


def _cuts(tokenizer: Callable[[str], Doc], form: str) -> Iterator[Doc]:
    """Cut a form, and once more as it stands at a sentence's end where the stop sticks to it: "R." is one token."""
    plain, at_end = tokenizer(form), tokenizer(f"{form}.")
    yield plain
    if len(at_end) == len(plain):
        yield at_end


def _pattern(concept: CompiledConcept, attribute: str, words: Sequence[str]) -> dict[str, Any]:
    return {"label": concept.role, "pattern": [{attribute: word} for word in words], "id": concept.id}


def entity_ruler_jsonl(lexicon: CompiledLexicon) -> str:
    """Give the patterns as JSON Lines, as ``EntityRuler.from_disk`` reads them."""
    lines = (json.dumps(pattern, ensure_ascii=False) for pattern in entity_ruler_patterns(lexicon))
    return "".join(f"{line}\n" for line in lines)
