"""Figures of an evaluation as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

LEANING = {
    "auc": "AUC",
    "mean_auc_within_groups": "mean AUC within groups of 50 or more of both labels",
    "accuracy": "accuracy, right side of one half",
    "accuracy_of_given": "accuracy where a role is given",
    "given_fraction": "share given a role",
    "lexicon_alone_auc": "AUC of the lexicon alone, unweighted",
    "lexicon_alone_mean_auc_within_groups": "mean AUC within groups of the lexicon alone",
    "lexicon_alone_accuracy": "accuracy of the lexicon alone",
}
DOMAIN = {
    "auc": "AUC",
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
    for key, name in (("by_reading", "as a reader judged the work"), ("by_title", "by title")):
        if summary[key]["n"]:
            yield from ("", f"leaning {name}, {summary[key]['n']} documents of the two roles")
            yield from _named(summary[key], LEANING)
            for group, auc in summary[key]["auc_within_groups"].items():
                yield f"    {group}: AUC {number(auc)}"
    yield from _calibration(summary["calibration"])
    for name, parts in summary["breakdown"].items():
        # One part alone is what stands above already.
        if len(parts) > 1:
            yield from ("", f"by {name}: documents, AUC, accuracy, share given a role, accuracy of given")
            for part, values in parts.items():
                yield f"  {part}: {values['n']}, " + ", ".join(
                    number(values[key]) for key in ("auc", "accuracy", "given_fraction", "accuracy_of_given")
                )
    yield from _leakage(summary)
    yield from ("", f"domain, {summary['domain']['n_other']} documents of other occupations, near misses apart")
    yield from _named(summary["domain"], DOMAIN)
    yield from ("", "outcomes")
    for label, outcomes in summary["outcomes"].items():
        if outcomes:
            yield f"  {label}: " + ", ".join(f"{outcome} {count}" for outcome, count in outcomes.items())


def _calibration(calibration: Mapping[str, Any]) -> Iterator[str]:
    if not calibration["n"]:
        return
    yield from ("", f"calibration against the {calibration['against']}, {calibration['n']} documents")
    yield f"  expected calibration error, 10 bins of equal count: {number(calibration['expected_calibration_error'])}"
    yield f"  the same if every probability were exact, by chance: {number(calibration['if_perfect'])}"
    yield f"  the same against the side that was judged the likelier: {number(calibration['against_sides'])}"
    yield f"  Brier score: {number(calibration['brier'])}"
    yield f"  mean probability of the likelier label: {number(calibration['mean_confidence'])}"
    yield "  bins: mean probability, mean judgement, share judged to be the second role"
    for row in calibration["reliability"]:
        yield "    " + "  ".join(number(row[key]) for key in ("mean_probability", "mean_outcome", "share_second"))
    yield "  least probability: share of documents that reach it, and of these right"
    for row in calibration["risk_coverage"]:
        yield f"    {row['least_probability']:.2f}: {number(row['coverage'])}, {number(row['accuracy'])}"


def _leakage(summary: Mapping[str, Any]) -> Iterator[str]:
    leakage = summary["leakage"]
    if leakage["mean_auc_titles_masked"] is not None:
        values = number(leakage["mean_auc_titles_visible"]), number(leakage["mean_auc_titles_masked"])
        verdict = "ALARM: titles leak" if leakage["alarm"] else "no leak"
        yield from ("", f"mean AUC by title, titles visible {values[0]}, masked by other means {values[1]}: {verdict}")
    copies = summary.get("copies_across_folds")
    if copies is not None:
        verdict = "ALARM: copies leak" if copies else "no leak"
        yield f"held-out documents with a near-duplicate in training: {copies}: {verdict}"


def _named(values: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    for key, name in names.items():
        if values.get(key) is not None:
            interval = values.get("intervals", {}).get(key)
            between = f" ({number(interval[0])} to {number(interval[1])})" if interval else ""
            yield f"  {name}: {number(values[key])}{between}"


def number(value: float | None) -> str:
    """Three decimals, or a dash where there is nothing."""
    return "-" if value is None else f"{value:.3f}"
