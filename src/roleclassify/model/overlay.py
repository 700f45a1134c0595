"""A user's own concepts laid over a model without training: what they weigh is given, or typical of their role."""

from __future__ import annotations

import hashlib
import json
import statistics
from collections.abc import Sequence
from dataclasses import replace

from roleclassify.errors import LexiconError
from roleclassify.lexicon.compiled import CompiledConcept
from roleclassify.lexicon.overlay import Overlay, extend_lexicon
from roleclassify.lexicon.roles import SHARED
from roleclassify.model.bundle import Bundle, digest_of
from roleclassify.model.linear import LinearModel, Origin
from roleclassify.model.usage import ConceptUsage


def lay_over(bundle: Bundle, overlay: Overlay) -> Bundle:
    """Lay concepts over a model as it was trained; give the model with them.

    In the leaning a new concept weighs what is given, else the median of what the concepts of its role weigh; in the
    domain the median of what those weigh there, of the shared ones for a shared concept. Medians leave out weights of
    0, for what training dropped says nothing of a typical concept. A concept of the model that gains phrases keeps its
    weights, but for that of the leaning where one is given.

    Where a new concept is found, the other concepts of the document contribute a little less: they share a norm.

    Raises
    ------
    LexiconError
        When the concepts do not fit the model: they name a role that it does not know, or an id that it has in another
        role, or give no weight in a role of which it weighs no concept.
    MissingExtraError
        When a phrase must be inflected and the lemma tables (package spacy-lookups-data) are not installed.
    """
    lexicon = extend_lexicon(bundle.space.lexicon, overlay)
    new = lexicon.concepts[len(bundle.space.lexicon.concepts) :]
    (first, second), matches = bundle.usage.presence, bundle.usage.matches
    unseen, once = len(new) * (0.0,), len(new) * (1.0,)  # no document was counted
    laid = replace(
        bundle,
        space=replace(bundle.space, lexicon=lexicon),
        leaning=_leaning(bundle, lexicon.concepts, overlay),
        domain=_domain(bundle, new),
        usage=ConceptUsage((first + unseen, second + unseen), matches + once),
        overlay=overlay,
    )
    return replace(laid, digest=_digest(digest_of(bundle), laid))


def _leaning(bundle: Bundle, concepts: Sequence[CompiledConcept], overlay: Overlay) -> LinearModel:
    directions = {bundle.labels[0]: -1.0, bundle.labels[1]: 1.0}
    weights: list[float] = []
    origins: dict[int, Origin] = {}
    for number, concept in enumerate(concepts):
        if concept.id in overlay.weights:
            origins[number] = "given"
            weights.append(directions[concept.role] * overlay.weights[concept.id])
        elif number < len(bundle.leaning.concept_weights):
            weights.append(bundle.leaning.concept_weights[number])
        elif concept.role == SHARED:
            weights.append(0.0)
        elif learned := _learned(bundle, bundle.leaning, concept.role):
            origins[number] = "median"
            weights.append(directions[concept.role] * statistics.median(map(abs, learned)))
        else:
            why = f"concept {concept.id!r} has no weight, and the model weighs no concept of {concept.role!r}"
            raise LexiconError(overlay.source, why, "give it a weight")
    return replace(bundle.leaning, concept_weights=tuple(weights), origins=origins)


def _domain(bundle: Bundle, new: Sequence[CompiledConcept]) -> LinearModel:
    known = bundle.domain.concept_weights
    added = (statistics.median(_learned(bundle, bundle.domain, concept.role) or [0.0]) for concept in new)
    origins: dict[int, Origin] = dict.fromkeys(range(len(known), len(known) + len(new)), "median")
    return replace(bundle.domain, concept_weights=(*known, *added), origins=origins)


def _learned(bundle: Bundle, model: LinearModel, role: str) -> list[float]:
    """Weights of the model's own concepts of a role that training did not leave out."""
    of_concepts = zip(bundle.space.lexicon.concepts, model.concept_weights, strict=True)
    return [weight for concept, weight in of_concepts if concept.role == role and weight]


def _digest(of_model: str, laid: Bundle) -> str:
    """Stand for all that an answer rests on; how the file is laid out and commented makes no difference."""
    models = [[model.concept_weights, sorted(model.origins.items())] for model in (laid.leaning, laid.domain)]
    return hashlib.sha256(json.dumps([of_model, laid.space.lexicon.to_json(), models]).encode()).hexdigest()
