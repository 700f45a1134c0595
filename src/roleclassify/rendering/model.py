"""A whole model as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from roleclassify.model.overview import ModelOverview
from roleclassify.rendering.words import percent

LIMITS = {
    "evidence": "least number of different concepts in a document",
    "domain_probability": "least probability of being work of either role",
    "probability": "least probability of a role",
}
REACHED = {
    "accuracy_of_given": "right, where a role was given",
    "given_fraction": "given a role",
    "other_refused_fraction": "other occupations refused",
    "roles_lost_fraction": "documents of the roles refused",
}
_SIDES = {"domain": "work of either role", "other": "other occupations"}


def model_report(overview: ModelOverview, *, width: int) -> str:
    """Lay out thresholds, provenance, figures, concepts and terms in at most ``width`` columns."""
    return "\n".join(line.rstrip() for line in _lines(overview, max(60, width))) + "\n"


def _lines(overview: ModelOverview, width: int) -> Iterator[str]:
    first, second = overview.labels
    yield f"{overview.model}: {first} (negative weights) or {second} (positive)"
    yield (
        f"{len(overview.concepts)} concepts; {overview.n_terms[0]:,} terms weigh in the leaning, "
        f"{overview.n_terms[1]:,} in the domain; bias {overview.bias[0]:+.2f} and {overview.bias[1]:+.2f}"
    )
    yield from ("", "A role is given from these limits on")
    for name, value in overview.thresholds.items():
        yield f"  {value:g}  {LIMITS.get(name, name)}"
    yield from _provenance(overview.provenance)
    yield from _concepts(overview, width)
    for side, terms in overview.terms.items():
        yield from ("", f"Heaviest terms: {_SIDES.get(side, side)}")
        listed = ", ".join(f"{term} {weight:+.2f}" for term, weight in terms)
        yield from textwrap.wrap(listed, width, initial_indent="  ", subsequent_indent="  ")


def _provenance(provenance: Mapping[str, Any]) -> Iterator[str]:
    counts = provenance.get("n_documents")
    if counts:
        yield from ("", "Trained on", "  " + ", ".join(f"{count:,} {label}" for label, count in counts.items()))
        yield "  " + ", ".join(f"{name} {version}" for name, version in provenance.get("versions", {}).items())
    reached = provenance.get("thresholds_out_of_fold")
    if reached:
        yield from ("", "On documents left out of the fit, with these limits")
        for name, value in reached.items():
            yield f"  {100 * value:5.1f} %  {REACHED.get(name, name)}"


def _concepts(overview: ModelOverview, width: int) -> Iterator[str]:
    first, second = overview.labels
    widest = max((len(item.concept) for item in overview.concepts), default=0)
    yield from ("", "Concepts, the heaviest first: weight in the leaning, in the domain; share of the documents of")
    yield f"{first} and of {second} that have it"
    for item in overview.concepts:
        counted = item.origin == "learned" or any(item.presence)
        shares = "  ".join(f"{percent(share) if counted else '-':>5}" for share in item.presence)
        said = item.description if item.origin == "learned" else f"({item.origin} weight) {item.description}"
        line = f"  {item.leaning:+6.2f} {item.domain:+6.2f}  {shares}  {item.concept:<{widest}}  {said}"
        yield line if len(line) <= width else line[: width - 1] + "…"
