"""A fairness audit as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from roleclassify.rendering.words import printable

FOUR_FIFTHS = 0.8
"""An impact ratio below it is marked."""

_MOST_CAUSES = 8
_MOST_VALUES = 3


def audit_report(summary: Mapping[str, Any]) -> str:
    """Lay out what ``roleclassify.learning.audit.summarize`` gave; of each attribute's causes, the eight strongest."""
    return "\n".join(line.rstrip() for line in _lines(summary)) + "\n"


def _lines(summary: Mapping[str, Any]) -> Iterator[str]:
    attributes: Mapping[str, Mapping[str, Any]] = summary["attributes"]
    yield f"{summary['model']} on {summary['n_documents']} documents; each value against a neutral placeholder"
    yield from ("", "shift of the probability, of the leaning and of the domain; outcomes that flip")
    yield _row("", ["swapped in", "comparisons", "largest", "mean", "domain", "mean", "flips"])
    for name, attribute in attributes.items():
        yield _row(name, _figures(attribute))
    for name, attribute in attributes.items():
        if attribute["worst"]:
            yield from _explanation(name, attribute)
    yield from ("", f"impact ratio (selection rate) by label, * below {FOUR_FIFTHS}; mean shift of the leaning")
    for name, attribute in attributes.items():
        yield from _impact(name, attribute["groups"])


def _figures(attribute: Mapping[str, Any]) -> list[str]:
    shifts = [
        _shift(attribute[question][figure])
        for question in ("leaning", "domain")
        for figure in ("largest_shift", "mean_shift")
    ]
    counts = [f"{attribute[figure]:,}" for figure in ("n_documents_swapped", "n_comparisons", "n_flips")]
    return [*counts[:2], *shifts, counts[2]]


def _explanation(name: str, attribute: Mapping[str, Any]) -> Iterator[str]:
    worst = attribute["worst"]
    how = "swapped" if worst["swapped"] else "inserted"
    yield ""
    yield f"{name}: largest in {printable(worst['id'])} ({worst['value']}, {how}); log-odds, leaning and domain, by"
    for cause in attribute["causes"][:_MOST_CAUSES]:
        leaning, domain = cause["mean_leaning_contribution"], cause["mean_domain_contribution"]
        feature = f"{cause['feature']} ({cause['kind']})"
        yield f"  {feature:<32}{leaning:>+8.3f}{domain:>+8.3f}  {_some(cause['values'])}"
    left_out = len(attribute["causes"]) - _MOST_CAUSES
    if left_out > 0:
        yield f"  and {left_out} weaker"
    if attribute["n_norm_only"]:
        yield f"  the norm alone, through words without weight, in {attribute['n_norm_only']:,} comparisons"


def _some(values: Sequence[str]) -> str:
    more = f" and {len(values) - _MOST_VALUES} more" if len(values) > _MOST_VALUES else ""
    return ", ".join(values[:_MOST_VALUES]) + more


def _impact(name: str, groups: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    labels = list(next(iter(groups.values()))["selection_rate"])
    yield f"{name:<28}" + "".join(f"{label:>18}" for label in labels) + f"{'shift':>11}"
    for group, figures in groups.items():
        ratios = [_ratio(figures["impact_ratio"][label], figures["selection_rate"][label]) for label in labels]
        shift = f"{figures['mean_leaning_shift']:+.4f}" if figures["mean_leaning_shift"] else "0"
        yield f"  {group:<26}" + "".join(f"{ratio:>18}" for ratio in ratios) + f"{shift:>11}"


def _ratio(ratio: float | None, rate: float) -> str:
    if ratio is None:
        return "-"
    return f"{'*' if ratio < FOUR_FIFTHS else ''}{ratio:.3f} ({rate:.3f})"


def _shift(size: float) -> str:
    """Tell no shift from a small one."""
    return "0" if size == 0 else f"{size:.4f}" if size >= 0.0001 else "<0.0001"


def _row(name: str, cells: Sequence[str]) -> str:
    return f"{name:<16}" + "".join(f"{cell:>12}" for cell in cells)
