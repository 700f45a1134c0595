"""Measure a classifier on labelled documents."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.metrics import roc_auc_score

from roleclassify.classifier import RoleClassifier
from roleclassify.learning.calibration import (
    error_if_perfect,
    expected_calibration_error,
    reliability,
    risk_coverage,
)
from roleclassify.learning.labeled import MIXED, OTHER, LabeledDocument
from roleclassify.model.decision import Reason
from roleclassify.result import Explanation
from roleclassify.text.document import Document

LEAST_PER_LABEL = 50
"""A group needs as many documents of both labels for an AUC of its own."""

LARGEST_TITLE_GAIN = 0.005
"""A larger gain in AUC from visible titles raises the alarm."""

Numbers = npt.NDArray[np.float64]
Sides = npt.NDArray[np.intp]

_CHUNK = 64
_RESAMPLES = 500


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled document and what the classifier made of it; scores are None where there was nothing to score.

    ``masked_score`` is the leaning of the same text with titles masked by other means, None where there is no such
    text. ``lexicon_score`` is the lexicon alone, unweighted: the second role's concepts less the first's. ``residual``
    is how far bias and contributions are from adding up to the scores.
    """

    document: LabeledDocument
    outcome: str
    score: float | None
    probability: float | None
    domain_probability: float | None
    lexicon_score: float
    residual: float
    masked_score: float | None = None


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
        masked_score=_masked_score(classifier, document),
    )


def _masked_score(classifier: RoleClassifier, document: LabeledDocument) -> float | None:
    if document.masked is None:
        return None
    leaning = classifier.explain(document.masked).leaning
    return leaning.score if leaning else None


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

    Leaning figures are over the documents of the two roles, whatever the outcome: ``accuracy`` is the share on the
    right side of one half, ``accuracy_of_given`` the share right of those that got a role. Domain figures leave near
    misses out. ``by_title`` takes the label as the truth, ``by_reading`` the side that a reader saw, for the documents
    that were read; an even reading is on no side.
    """
    roles = [item for item in judged if item.document.label in labels]
    read = [item for item in roles if item.document.reading not in {None, 0.5}]
    others = [item for item in judged if item.document.label == OTHER and not item.document.near_miss]
    near = [item for item in judged if item.document.label == OTHER and item.document.near_miss]
    return {
        "n_documents": len(judged),
        "largest_residual": max((item.residual for item in judged), default=0.0),
        "by_title": _leaning(roles, labels, _title_side(labels)),
        "by_reading": _leaning(read, labels, _reading_side),
        "calibration": _calibration(roles, labels),
        "breakdown": {
            name: {key: _brief(items, labels) for key, items in _grouped(roles, key_of).items()}
            for name, key_of in _BREAKDOWNS.items()
        },
        "leakage": _leakage(roles, labels),
        "domain": _domain(roles, others),
        "outcomes": {
            **{label: _outcomes([item for item in roles if item.document.label == label]) for label in labels},
            "mixed": _outcomes([item for item in judged if item.document.label == MIXED]),
            "other": _outcomes(others),
            "near miss": _outcomes(near),
        },
    }


def probabilities_by_source(judged: Sequence[Judged], labels: tuple[str, str]) -> dict[str, dict[str, list[float]]]:
    """Probabilities of the second label, by source and title, to be drawn."""
    roles = [item for item in judged if item.document.label in labels and item.probability is not None]
    return {
        source: {
            label: [item.probability for item in items if item.document.label == label and item.probability is not None]
            for label in labels
        }
        for source, items in _grouped(roles, lambda item: item.document.group).items()
    }


Side = Callable[[LabeledDocument], int]


def _title_side(labels: tuple[str, str]) -> Side:
    return lambda document: int(document.label == labels[1])


def _reading_side(document: LabeledDocument) -> int:
    return int((document.reading or 0.0) > 0.5)


def _length(item: Judged) -> str:
    n_words = len(item.document.text.split())
    limits = (0, 60, 200, 400, 700)
    least, beyond = next(pair for pair in zip(limits, (*limits[1:], math.inf), strict=True) if n_words < pair[1])
    return f"{least:>3} words or more" if beyond == math.inf else f"{least:>3} to {int(beyond) - 1} words"


_BREAKDOWNS: dict[str, Callable[[Judged], str]] = {
    "kind": lambda item: item.document.kind,
    "source": lambda item: item.document.group,
    "year": lambda item: item.document.year,
    "length": _length,
}


def _leaning(items: Sequence[Judged], labels: tuple[str, str], side: Side) -> dict[str, Any]:
    y = np.array([side(item.document) for item in items], dtype=np.intp)
    scores = np.array([item.score or 0.0 for item in items])
    alone = np.array([item.lexicon_score for item in items])
    given = np.array([item.outcome in labels for item in items], dtype=bool)
    right = np.array([item.outcome == labels[truth] for item, truth in zip(items, y, strict=True)], dtype=bool)
    within = _within_groups(items, y, scores)
    alone_within = _within_groups(items, y, alone)
    return {
        "n": len(items),
        "auc": _auc(y, scores),
        "mean_auc_within_groups": _mean(within.values()),
        "auc_within_groups": within,
        "accuracy": _mean((scores > 0) == (y == 1)),
        "accuracy_of_given": _mean(right[given]),
        "given_fraction": _mean(given),
        "lexicon_alone_auc": _auc(y, alone),
        "lexicon_alone_mean_auc_within_groups": _mean(alone_within.values()),
        "lexicon_alone_accuracy": _mean((alone > 0) == (y == 1)),
        "intervals": _intervals(items, y, scores, given, right),
    }


def _intervals(
    items: Sequence[Judged], y: Sides, scores: Numbers, given: npt.NDArray[np.bool_], right: npt.NDArray[np.bool_]
) -> dict[str, tuple[float, float]]:
    """Percentile bootstrap over employers (95 %), groups as they are (Efron and Tibshirani 1993, ch. 13)."""
    names = [item.document.employer or f"\0{number}" for number, item in enumerate(items)]
    order = {name: number for number, name in enumerate(dict.fromkeys(names))}
    unit = np.array([order[name] for name in names], dtype=np.intp)
    if len(order) < LEAST_PER_LABEL:
        return {}
    members = [np.flatnonzero(unit == number) for number in range(len(order))]
    groups = np.array([item.document.group for item in items])
    chosen = [groups == name for name in _within_groups(items, y, scores)]
    on_side = (scores > 0) == (y == 1)
    generator = np.random.default_rng(0)
    drawn: dict[str, list[float]] = defaultdict(list)
    for _ in range(_RESAMPLES):
        picked = np.concatenate([members[number] for number in generator.integers(len(members), size=len(members))])
        drawn["accuracy"].append(float(on_side[picked].mean()))
        drawn["given_fraction"].append(float(given[picked].mean()))
        if given[picked].any():
            drawn["accuracy_of_given"].append(float(right[picked][given[picked]].mean()))
        whole = _auc(y[picked], scores[picked])
        drawn["auc"] += [] if whole is None else [whole]
        aucs = [_auc(y[part], scores[part]) for part in (picked[mask[picked]] for mask in chosen)]
        if aucs and None not in aucs:
            drawn["mean_auc_within_groups"].append(float(np.mean([auc for auc in aucs if auc is not None])))
    limits = {name: np.percentile(values, [2.5, 97.5]) for name, values in drawn.items() if values}
    return {name: (float(low), float(high)) for name, (low, high) in limits.items()}


def _within_groups(items: Sequence[Judged], y: Sides, scores: Numbers) -> dict[str, float]:
    """AUC inside each group with enough titles of both labels: free of what tells the groups apart."""
    names = np.array([item.document.group for item in items])
    titles = np.array([item.document.label for item in items])
    found: dict[str, float] = {}
    for name in sorted(set(names.tolist()) - {""}):
        here = names == name
        counts = [int((titles[here] == label).sum()) for label in sorted(set(titles[here].tolist()))]
        auc = _auc(y[here], scores[here])
        if len(counts) == 2 and min(counts) >= LEAST_PER_LABEL and auc is not None:
            found[name] = auc
    return found


def _calibration(roles: Sequence[Judged], labels: tuple[str, str]) -> dict[str, Any]:
    """Against the readings where documents were read, else against the labels."""
    read = [item for item in roles if item.document.reading is not None] or list(roles)
    if not read:
        return {"n": 0}
    p = np.array([0.5 if item.probability is None else item.probability for item in read])
    targets = np.array([item.document.target(labels) for item in read], dtype=np.float64)
    return {
        "n": len(read),
        "against": "readings" if read[0].document.reading is not None else "labels",
        "expected_calibration_error": expected_calibration_error(p, targets),
        "against_sides": expected_calibration_error(p, (targets > 0.5).astype(np.float64)),
        "if_perfect": error_if_perfect(p, targets),
        "brier": float(np.mean((p - targets) ** 2)),
        "mean_confidence": float(np.mean(np.maximum(p, 1 - p))),
        "reliability": reliability(p, targets),
        "risk_coverage": risk_coverage(p[targets != 0.5], targets[targets != 0.5]),
    }


def _brief(items: Sequence[Judged], labels: tuple[str, str]) -> dict[str, Any]:
    """By reading where documents were read, else by title."""
    read = [item for item in items if item.document.reading not in {None, 0.5}]
    side = _reading_side if read else _title_side(labels)
    chosen = read or list(items)
    y = np.array([side(item.document) for item in chosen], dtype=np.intp)
    scores = np.array([item.score or 0.0 for item in chosen])
    given = [item for item in chosen if item.outcome in labels]
    return {
        "n": len(chosen),
        "auc": _auc(y, scores),
        "accuracy": _mean((scores > 0) == (y == 1)),
        "given_fraction": len(given) / len(chosen),
        "accuracy_of_given": _mean([item.outcome == labels[side(item.document)] for item in given]),
    }


def _leakage(roles: Sequence[Judged], labels: tuple[str, str]) -> dict[str, Any]:
    """Compare titles visible with titles masked by other means; a gain from visible ones is a leak."""
    both = [item for item in roles if item.masked_score is not None]
    y = np.array([_title_side(labels)(item.document) for item in both], dtype=np.intp)
    visible = _within_groups(both, y, np.array([item.score or 0.0 for item in both]))
    masked = _within_groups(both, y, np.array([item.masked_score or 0.0 for item in both]))
    gain = _mean(visible.values()), _mean(masked.values())
    return {
        "n": len(both),
        "mean_auc_titles_visible": gain[0],
        "mean_auc_titles_masked": gain[1],
        "alarm": gain[0] is not None and gain[1] is not None and gain[0] - gain[1] > LARGEST_TITLE_GAIN,
    }


def _domain(roles: Sequence[Judged], others: Sequence[Judged]) -> dict[str, Any]:
    y = np.array([1] * len(roles) + [0] * len(others), dtype=np.intp)
    lost = ("other-occupation", "too-little-evidence")
    probabilities = np.array([item.domain_probability or 0.0 for item in (*roles, *others)])
    return {
        "n_other": len(others),
        "auc": _auc(y, probabilities),
        "other_undetermined_fraction": _mean([item.outcome in set(Reason) for item in others]),
        "roles_lost_fraction": _mean([item.outcome in lost for item in roles]),
    }


def _outcomes(items: Iterable[Judged]) -> dict[str, int]:
    return dict(sorted(Counter(item.outcome for item in items).items()))


def _grouped(items: Iterable[Judged], key: Callable[[Judged], str]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for item in items:
        if key(item):
            groups[key(item)].append(item)
    return dict(sorted(groups.items()))


def _auc(y: Sides, scores: Numbers) -> float | None:
    """None where a side is missing."""
    return float(roc_auc_score(y, scores)) if 0 < y.sum() < len(y) else None


def _mean(values: Iterable[float]) -> float | None:
    """None where there is nothing."""
    listed = list(values)
    return float(np.mean(listed)) if listed else None
