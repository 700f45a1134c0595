"""What ``explain.py`` measured, as tables in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

OF_PIPELINE = ("SHAP, linear", "eli5, linear")
"""Explainers of scikit-learn's pipeline, not of our model."""


def tables(results: dict[str, Any]) -> str:
    """Lay out all that was measured."""
    parts = [_environment(results), _closed_form(results["closed_form"]), _curves(results)]
    if "explanations" in results:
        parts += [_explanations(results["explanations"]), _speed(results)]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _environment(results: dict[str, Any]) -> str:
    machine = results["environment"]
    peers = results.get("peers", {}).get("versions", {})
    versions = ", ".join(f"{name} {value}" for name, value in peers.items())
    of_peers = f" Peers: {versions}." if versions else ""
    return (
        f"Measured {machine['date']} on {machine['cores']} cores ({machine['processor']}), Python {machine['python']}, "
        f"roleclassify {machine['roleclassify']}, in {results['minutes']:.0f} minutes.{of_peers}\n"
    )


def _closed_form(found: dict[str, Any]) -> str:
    rows = [
        [what, f"{found[f'n_{kind}']:,}", f"{100 * found[f'equal_{kind}']:.2f} %"]
        for kind, what in (("single", "one group"), ("sets", "2 to 10 groups at once"))
    ]
    errors = found["largest_error"]
    counts = {
        outcome: sum(count for name, count in found["counts"].items() if name.endswith(outcome)) for outcome in errors
    }
    others = "".join(
        f" {counts[outcome]:,} differ, by up to {errors[outcome]:.2g}: {why}."
        for outcome, why in (
            ("title read otherwise", "a title beside the masked words was read otherwise"),
            ("unexplained", "unexplained"),
        )
        if outcome in errors
    )
    head = [f"removed from {found['n_documents']:,} documents", "scored anew", "as predicted, to 1e-9"]
    return (
        f"{_table(head, rows)}\nLargest difference of those that are equal: {errors['equal']:.0e} log-odds.{others}\n"
    )


def _curves(results: dict[str, Any]) -> str:
    head = [
        "order of the words",
        "deletion: mean fall",
        "ours falls more by",
        "insertion: mean score",
        "ours is higher by",
    ]
    rows = []
    for name, found in results["curves"].items():
        mine = name == "roleclassify, word by word"
        rows.append(
            [
                name,
                f"{found['deletion'][0]:.2f}",
                "" if mine else _interval(found["deletion_ours_better_by"]),
                f"{found['insertion'][0]:.2f}",
                "" if mine else _interval(found["insertion_ours_better_by"]),
            ]
        )
    units = "log-odds towards the document's own side; ours in the differences is word by word"
    return f"{results['n_documents']} documents, {units}:\n\n{_table(head, rows)}"


def _interval(found: Sequence[float]) -> str:
    mean, low, high = found
    return f"{mean:.2f} ({low:.2f} to {high:.2f})"


def _explanations(found: dict[str, dict[str, float]]) -> str:
    head = [
        "explainer",
        "explains",
        "CPU seconds",
        "times ours",
        "top 10 alike",
        "largest change",
        "additivity error",
        "at most",
    ]
    rows = [
        [
            name,
            "scikit-learn's" if name in OF_PIPELINE else "our model",
            f"{told['seconds']:.4f}" if told["seconds"] < 0.1 else f"{told['seconds']:.1f}",
            f"{told['times_ours']:.0f}" if told["times_ours"] >= 10 else f"{told['times_ours']:.1f}",
            f"{told['jaccard_of_top_10']:.2f}",
            f"{100 * told['largest_change']:.0f} %",
            _error(told["additivity_error"]),
            _error(told["largest_additivity_error"]),
        ]
        for name, told in found.items()
    ]
    return _table(head, rows)


def _error(value: float) -> str:
    return "under 1e-9" if value < 1e-9 else f"{value:.3f}"


def _speed(results: dict[str, Any]) -> str:
    rows = [
        [name, f"{told['documents_per_second']:.0f}", " to ".join(f"{value:.1f}" for value in told["times_eli5"])]
        for name, told in results["speed"].items()
    ]
    terms = results["peers"]["n_terms"]
    return f"Batches of {results['n_many']:,} documents; scikit-learn's pipeline has {terms:,} terms:\n\n" + _table(
        ["one document after another", "documents a CPU second", "times eli5"], rows
    )
