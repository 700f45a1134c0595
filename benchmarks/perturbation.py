"""Documents with words masked: effects of removals against their prediction, and what an order of words is worth."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

import roleclassify
from roleclassify.batch.scorer import BatchScorer
from roleclassify.evidence.groups import Group, group
from roleclassify.evidence.rescoring import Rescorer
from roleclassify.result import Contribution
from roleclassify.text.tokens import MASK, tokenize

STEPS = 50
"""A curve masks so many equal shares of a document's words, one after another."""

EQUAL = 1e-9
SETS, LEAST, MOST = 5, 2, 10
"""Sets of groups drawn for a document, and their sizes."""

Span = tuple[int, int]
Ranked = Sequence[tuple[float, Sequence[Span]]]
"""Contributions towards the second label and where they stand."""


class MaskedText:
    """A text of which tokens can be masked, each by one mask."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._tokens = tokenize(text)
        self.words = [number for number, token in enumerate(self._tokens) if token.kind == "word"]
        self._first_at = {token.start: number for number, token in enumerate(self._tokens)}

    def tokens_in(self, spans: Iterable[Span]) -> set[int]:
        """Find the tokens, by number, that begin in the spans."""
        return {self._first_at[place] for start, end in spans for place in range(start, end) if place in self._first_at}

    def span(self, token: int) -> Span:
        """Say where a token stands."""
        return self._tokens[token].start, self._tokens[token].end

    def without(self, tokens: Collection[int]) -> str:
        """Write the mask in the place of tokens."""
        pieces, position = [], 0
        for number in sorted(tokens):
            token = self._tokens[number]
            pieces += [self.text[position : token.start], MASK]
            position = token.end
        return "".join(pieces) + self.text[position:]


def log_odds(scorer: BatchScorer, texts: list[str]) -> NDArray[np.float64]:
    """Score texts that have a token each."""
    answers = scorer.score(texts)
    return np.log(np.array(answers.second_probability)) - np.log(np.array(answers.first_probability))


def check_closed_form(classifier: roleclassify.RoleClassifier, texts: Sequence[str], seed: int) -> dict[str, Any]:
    """Predict the score without single groups and sets of them, and hold it against the edited text, scored anew."""
    chance, scorer = random.Random(seed), BatchScorer(classifier)
    counts: Counter[str] = Counter()
    largest: dict[str, float] = {}
    for text in texts:
        for kind, outcome, error in _check_document(classifier, scorer, text, chance):
            counts[f"{kind}, {outcome}"] += 1
            largest[outcome] = max(largest.get(outcome, 0.0), error)
    n_single = sum(count for name, count in counts.items() if name.startswith("single"))
    return {
        "n_documents": len(texts),
        "n_single": n_single,
        "n_sets": counts.total() - n_single,
        "equal_single": counts["single, equal"] / n_single,
        "equal_sets": counts["set, equal"] / (counts.total() - n_single),
        "counts": dict(sorted(counts.items())),
        "largest_error": largest,
    }


def _check_document(
    classifier: roleclassify.RoleClassifier, scorer: BatchScorer, text: str, chance: random.Random
) -> Iterator[tuple[str, str, float]]:
    space = classifier.bundle.space
    features = space.extract(text, tokenize(text))
    rescorer, masked = Rescorer(classifier.bundle, features), MaskedText(text)
    groups = group(classifier.explain(text).leaning.contributions)
    removed: list[Sequence[Group]] = [[each] for each in groups]
    if len(groups) >= LEAST:
        sizes = [chance.randint(LEAST, min(MOST, len(groups))) for _ in range(SETS)]
        removed += [chance.sample(groups, size) for size in sizes]
    all_spans = [[span for each in some for span in each.all_spans] for some in removed]
    edited = [masked.without(masked.tokens_in(spans)) for spans in all_spans]
    for some, spans, written, score in zip(removed, all_spans, edited, log_odds(scorer, edited), strict=True):
        tokens = rescorer.overlapping(spans)
        error, outcome = abs(rescorer.without(tokens) - float(score)), "equal"
        if error > EQUAL:
            # Masks among the words of a title, or before them, can make it another title or none.
            read = [token.kind for token in space.lexicon.mask(written, tokenize(written))[0]]
            kept = ["mask" if number in tokens else token.kind for number, token in enumerate(features.tokens)]
            outcome = "unexplained" if read == kept else "title read otherwise"
        yield "single" if len(some) == 1 else "set", outcome, error


def word_by_word(masked: MaskedText, contributions: Iterable[Contribution]) -> Ranked:
    """Share every feature's contribution equally among its places, and there among its words."""
    shares: dict[int, float] = {}
    for item in contributions:
        for span in item.spans:
            tokens = masked.tokens_in([span])
            for token in tokens:
                shares[token] = shares.get(token, 0.0) + item.contribution / len(item.spans) / len(tokens)
    return [(share, [masked.span(token)]) for token, share in shares.items()]


def order_of(masked: MaskedText, pieces: Ranked, sign: float) -> list[int]:
    """Order a document's words: those that speak most for its side first, those of no piece before those against it."""
    strengths = [(sign * contribution, spans) for contribution, spans in pieces]
    towards = [piece for piece in strengths if piece[0] > 0]
    against = [piece for piece in strengths if piece[0] < 0]
    ranked = [masked.tokens_in(spans) for _, spans in sorted(towards, key=lambda piece: -piece[0])]
    last = [masked.tokens_in(spans) for _, spans in sorted(against, key=lambda piece: -piece[0])]
    known = set().union(*ranked, *last)
    return in_turn(masked, [*ranked, set(masked.words) - known, *last])


def in_turn(masked: MaskedText, sets: Iterable[set[int]]) -> list[int]:
    """Give the words of sets in turn, each once."""
    words = set(masked.words)
    return list(dict.fromkeys(token for tokens in sets for token in sorted(tokens & words)))


def at_random(masked: MaskedText, pieces: Ranked, chance: random.Random) -> tuple[list[int], list[int]]:
    """Order the words at random, and the pieces at random (words of none last)."""
    words = list(masked.words)
    chance.shuffle(words)
    sets = [masked.tokens_in(spans) for _, spans in pieces]
    chance.shuffle(sets)
    return words, in_turn(masked, [*sets, set(words)])


def curves(scorer: BatchScorer, masked: MaskedText, order: Sequence[int], sign: float) -> tuple[float, float]:
    """Mask the words in an order, and uncover them in it.

    Returns
    -------
    deletion
        Mean fall of the score towards the document's side over all steps, in log-odds (Samek et al. 2017): the more,
        the better the order.
    insertion
        Mean score towards that side over all steps of uncovering an all-masked document (Petsiuk et al. 2018).
    """
    cuts = [round(len(order) * step / STEPS) for step in range(1, STEPS + 1)]
    deleted = [masked.without(set(order[:cut])) for cut in cuts]
    inserted = [masked.without(set(order[cut:])) for cut in cuts]
    scores = sign * log_odds(scorer, [masked.text, *deleted, *inserted])
    return float(np.mean(scores[0] - scores[1 : STEPS + 1])), float(np.mean(scores[STEPS + 1 :]))


def interval(values: Sequence[float], seed: int, n_resamples: int = 10_000) -> list[float]:
    """Give the mean and its 95 % bootstrap interval (percentiles), documents drawn with replacement."""
    found = np.array(values)
    drawn = np.random.default_rng(seed).integers(0, len(found), (n_resamples, len(found)))
    low, high = np.percentile(found[drawn].mean(axis=1), [2.5, 97.5])
    return [float(found.mean()), float(low), float(high)]
