"""Documents as training sees them: tokenised, titles masked, terms named and concepts counted once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.model.features import terms
from roleclassify.text.tokens import tokenize

PASSAGE_WORDS = 15
"""A bullet or two: about the shortest text that says what the work is."""

_BREAK = re.compile(r"(?<=[.!?])\s+|\n+")
_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Prepared:
    """A document ready for counting.

    Attributes
    ----------
    terms
        Every term's name, repeated as often as it occurs.
    words
        Its words with their letter case.
    concepts
        Number of matches of each concept, shape ``(n_concepts,)``.
    """

    terms: tuple[str, ...]
    words: tuple[str, ...]
    concepts: npt.NDArray[np.float64]


def prepare(text: str, lexicon: CompiledLexicon) -> Prepared:
    """Prepare one document."""
    tokens = tokenize(text)
    masked, _ = lexicon.mask(text, tokens)
    concepts = np.zeros(len(lexicon.concepts))
    for match in lexicon.match(masked):
        concepts[match.concept] += 1
    words = tuple(token.word for token in masked if token.kind == "word")
    return Prepared(tuple(term for term, _, _ in terms(masked)), words, concepts)


def prepare_many(texts: Sequence[str], lexicon: CompiledLexicon, *, n_jobs: int = 1) -> list[Prepared]:
    """Prepare documents, in order, in ``n_jobs`` processes."""
    from joblib import Parallel, delayed

    chunks = [texts[first : first + _CHUNK] for first in range(0, len(texts), _CHUNK)]
    done = Parallel(n_jobs=n_jobs)(delayed(_prepare_chunk)(chunk, lexicon) for chunk in chunks)
    return [document for chunk in done for document in chunk]


def _prepare_chunk(texts: Sequence[str], lexicon: CompiledLexicon) -> list[Prepared]:
    return [prepare(text, lexicon) for text in texts]


def passages(text: str) -> list[str]:
    """Cut a text at line and sentence ends into passages of ``PASSAGE_WORDS`` words or a little more.

    Examples
    --------
    >>> passages("Too short to be cut.")
    ['Too short to be cut.']
    """
    done: list[str] = []
    current: list[str] = []
    for piece in filter(None, (piece.strip() for piece in _BREAK.split(text))):
        current.append(piece)
        if sum(len(part.split()) for part in current) >= PASSAGE_WORDS:
            done.append("\n".join(current))
            current = []
    if current:
        # What is left over is too short to stand alone.
        done.append("\n".join([done.pop(), *current] if done else current))
    return done
