"""Measure a classifier on labelled documents."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.metrics import brier_score_loss, roc_auc_score

from roleclassify.classifier import RoleClassifier
from roleclassify.learning.labeled import MIXED, OTHER, LabeledDocument
from roleclassify.model.decision import Reason
from roleclassify.result import Explanation
from roleclassify.text.document import Document

LEAST_PER_LABEL = 50
"""A group needs as many documents of both labels for an AUC of its own."""

_CHUNK = 64


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled document and what the classifier made of it; scores are None where there was nothing to score.

    ``lexicon_score`` is the lexicon alone, unweighted: log(1 + matches) summed over the second role's concepts, less
    the same over the first's. ``residual`` is how far bias and contributions are from adding up to the scores.
    """

    document: LabeledDocument
    outcome: str
    score: float | None
    probability: float | None
    domain_probability: float | None
    lexicon_score: float
    residual: float


def judge(
    classifier: RoleClassifier,
    documents: Sequence[LabeledDocument],
    *,
    n_jobs: int = 1,
    progress: Callable[[int], None] = lambda n_done: None,
) -> list[Judged]:
    """Classify every document, in order; ``progress`` is told how many more are done."""
    from joblib import Parallel, delayed

    chunks = [documents[first : first + _CHUNK] for first in range(0, len(documents), _CHUNK)]
    judged: list[Judged] = []
    for part in Parallel(n_jobs=n_jobs, return_as="generator")(
        delayed(_judge_chunk)(classifier, chunk) for chunk in chunks
    ):
        judged += part
        progress(len(part))
    return judged


def _judge_chunk(classifier: RoleClassifier, documents: Sequence[LabeledDocument]) -> list[Judged]:
    return [_judge(classifier, document) for document in documents]


def _judge(classifier: RoleClassifier, document: LabeledDocument) -> Judged:
    explanation = classifier.explain(Document(document.text, document.id))
    outcome = explanation.reason.value if explanation.reason else explanation.label
    leaning, domain = explanation.leaning, explanation.domain
    return Judged(
        document=document,
        outcome=outcome,
        score=leaning.score if leaning else None,
        probability=leaning.probability if leaning else None,
        domain_probability=domain.probability if domain else None,
        lexicon_score=_lexicon_score(explanation, classifier),
        residual=_residual(explanation),
    )


def _lexicon_score(explanation: Explanation, classifier: RoleClassifier) -> float:
    if explanation.domain is None:
        return 0.0
    signs = {classifier.labels[0]: -1.0, classifier.labels[1]: 1.0}
    concepts = (item for item in explanation.domain.contributions if item.kind == "concept")
    return math.fsum(signs.get(item.role, 0.0) * item.value for item in concepts)


def _residual(explanation: Explanation) -> float:
    answers = [answer for answer in (explanation.leaning, explanation.domain) if answer is not None]
    return max(
        (
            abs(answer.bias + math.fsum(item.contribution for item in answer.contributions) - answer.score)
            for answer in answers
        ),
        default=0.0,
    )


def summarize(judged: Sequence[Judged], labels: tuple[str, str]) -> dict[str, Any]:
    """Figures of a run, as JSON values; a figure that cannot be had is None.

    Leaning figures are over the documents of the two roles, whatever the outcome (an undetermined one counts as not
    right in ``accuracy``, and not at all in ``accuracy_of_given``); domain figures leave near misses out and report
    them apart.
    """
    roles = [item for item in judged if item.document.label in labels]
    others = [item for item in judged if item.document.label == OTHER and not item.document.near_miss]
    near = [item for item in judged if item.document.label == OTHER and item.document.near_miss]
    return {
        "n_documents": len(judged),
        "largest_residual": max((item.residual for item in judged), default=0.0),
        "leaning": _leaning(roles, labels),
        "leaning_by_kind": {
            kind: _leaning(items, labels) for kind, items in _grouped(roles, lambda item: item.document.kind).items()
        },
        "within_groups": _within_groups(roles, labels),
        "domain": _domain(roles, others),
        "outcomes": {
            "roles": _outcomes(roles),
            "mixed": _outcomes([item for item in judged if item.document.label == MIXED]),
            "other": _outcomes(others),
            "near_miss": _outcomes(near),
        },
    }


def _leaning(items: Sequence[Judged], labels: tuple[str, str]) -> dict[str, Any]:
    y = [int(item.document.label == labels[1]) for item in items]
    given = [item for item in items if item.outcome in labels]
    right = sum(item.outcome == item.document.label for item in given)
    return {
        "n": len(items),
        "auc": _auc(y, [item.score for item in items]),
        "accuracy": right / len(items) if items else None,
        "accuracy_of_given": right / len(given) if given else None,
        "given_fraction": len(given) / len(items) if items else None,
        "right_side_of_half": _right_side(y, [item.score for item in items]),
        "mean_confidence": _mean_confidence([item.probability for item in items]),
        "brier": _brier(y, [item.probability for item in items]),
        "lexicon_alone_auc": _auc(y, [item.lexicon_score for item in items]),
        "lexicon_alone_accuracy": _right_side(y, [item.lexicon_score for item in items]),
    }


def _within_groups(items: Sequence[Judged], labels: tuple[str, str]) -> dict[str, Any]:
    """AUC inside each group that has enough of both labels: free of what tells the groups apart."""
    groups = {}
    for name, members in _grouped(items, lambda item: item.document.group).items():
        y = [int(item.document.label == labels[1]) for item in members]
        if min(sum(y), len(y) - sum(y)) >= LEAST_PER_LABEL:
            scores = [item.score for item in members]
            groups[name] = {
                "n": len(y),
                "auc": _auc(y, scores),
                "lexicon_alone_auc": _auc(y, [item.lexicon_score for item in members]),
            }
    return {
        "mean_auc": float(np.mean([group["auc"] for group in groups.values()])) if groups else None,
        "mean_lexicon_alone_auc": float(np.mean([group["lexicon_alone_auc"] for group in groups.values()]))
        if groups
        else None,
        "groups": groups,
    }


def _domain(roles: Sequence[Judged], others: Sequence[Judged]) -> dict[str, Any]:
    y = [1] * len(roles) + [0] * len(others)
    lost = ("other-occupation", "too-little-evidence")
    return {
        "n_other": len(others),
        "auc": _auc(y, [item.domain_probability for item in (*roles, *others)]),
        "other_undetermined_fraction": 1 - sum(_is_given(item) for item in others) / len(others) if others else None,
        "roles_lost_fraction": sum(item.outcome in lost for item in roles) / len(roles) if roles else None,
    }


def _is_given(item: Judged) -> bool:
    return item.outcome not in set(Reason)


def _outcomes(items: Iterable[Judged]) -> dict[str, int]:
    return dict(sorted(Counter(item.outcome for item in items).items()))


def _grouped(items: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for item in items:
        if key(item):
            groups[key(item)].append(item)
    return dict(sorted(groups.items()))


def _auc(y: Sequence[int], scores: Sequence[float | None]) -> float | None:
    """None where a label is missing; a document with nothing to score counts as even."""
    return float(roc_auc_score(y, [score or 0.0 for score in scores])) if 0 < sum(y) < len(y) else None


def _right_side(y: Sequence[int], scores: Sequence[float | None]) -> float | None:
    return (
        float(np.mean([(score or 0.0) * (1 if side else -1) > 0 for side, score in zip(y, scores, strict=True)]))
        if y
        else None
    )


def _mean_confidence(probabilities: Sequence[float | None]) -> float | None:
    """Average the probability of the likelier label; above ``right_side_of_half`` the model is too sure of itself."""
    likelier = [0.5 if p is None else max(p, 1 - p) for p in probabilities]
    return float(np.mean(likelier)) if likelier else None


def _brier(y: Sequence[int], probabilities: Sequence[float | None]) -> float | None:
    return float(brier_score_loss(y, [0.5 if p is None else p for p in probabilities])) if 0 < sum(y) < len(y) else None
