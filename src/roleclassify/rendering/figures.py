"""Figures of an evaluation as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_NAMES = {
    "auc": "AUC",
    "accuracy": "accuracy (undetermined counts as not right)",
    "accuracy_of_given": "accuracy where a role is given",
    "given_fraction": "share given a role",
    "right_side_of_half": "right side of one half",
    "mean_confidence": "mean probability of the likelier label",
    "brier": "Brier score",
    "lexicon_alone_auc": "AUC of the lexicon alone, unweighted",
    "lexicon_alone_accuracy": "accuracy of the lexicon alone, unweighted",
    "other_undetermined_fraction": "other occupations left undetermined",
    "roles_lost_fraction": "roles lost as other occupation or too little evidence",
}


def figures(summary: Mapping[str, Any]) -> str:
    """Lay out what ``roleclassify.learning.evaluation.summarize`` gave."""
    return "\n".join(_lines(summary)) + "\n"


def _lines(summary: Mapping[str, Any]) -> Iterator[str]:
    # The last bits differ between machines; what matters is the promise.
    residual = summary["largest_residual"]
    additive = "contributions add up" if residual < 1e-9 else f"contributions are off by {residual:.0e}"
    yield f"{summary['model']} on {summary['n_documents']} documents; {additive}"
    leaning = summary["leaning"]
    yield from ("", f"leaning, {leaning['n']} documents of the two roles")
    yield from _named(leaning)
    for kind, of_kind in summary["leaning_by_kind"].items():
        yield f"  {kind}: n {of_kind['n']}, AUC {_number(of_kind['auc'])}, accuracy {_number(of_kind['accuracy'])}"
    groups = summary["within_groups"]
    if groups["groups"]:
        yield from ("", "leaning inside groups with 50 or more of both labels")
        for name, group in groups["groups"].items():
            alone = _number(group["lexicon_alone_auc"])
            yield f"  {name}: n {group['n']}, AUC {_number(group['auc'])}, lexicon alone {alone}"
        yield f"  mean AUC {_number(groups['mean_auc'])}, lexicon alone {_number(groups['mean_lexicon_alone_auc'])}"
    yield from ("", f"domain, {summary['domain']['n_other']} documents of other occupations, near misses apart")
    yield from _named(summary["domain"])
    yield from ("", "outcomes")
    for label, outcomes in summary["outcomes"].items():
        if outcomes:
            yield f"  {label}: " + ", ".join(f"{outcome} {count}" for outcome, count in outcomes.items())


def _named(values: Mapping[str, Any]) -> Iterator[str]:
    for key, name in _NAMES.items():
        if values.get(key) is not None:
            yield f"  {name}: {_number(values[key])}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
