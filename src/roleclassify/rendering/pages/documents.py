"""The answer for one document, or for many, as a page."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from roleclassify.evidence.counterfactuals import Counterfactuals
from roleclassify.model.linear import sigmoid
from roleclassify.rendering.pages.environment import render
from roleclassify.rendering.pages.views import SIDES, Side, Sums, lacking, stretches, sums, unmarked
from roleclassify.rendering.words import REASONS, domain_meaning, meaning, percent
from roleclassify.result import Contribution, Explanation

_TOP_DOMAIN = 6


def explanation_page(
    explanation: Explanation, counterfactuals: Counterfactuals, descriptions: Mapping[str, str], *, top: int
) -> str:
    """Write the page of one document.

    Parameters
    ----------
    descriptions
        Of the concepts, by id.
    top
        Pieces of evidence to show of each side.

    Raises
    ------
    MissingExtraError
        When jinja2 is not installed.
    """
    return render(
        "explanation",
        explanation=explanation,
        verdict=_verdict(explanation),
        styles=dict(zip(explanation.labels, SIDES, strict=True)),
        sums=_sums(explanation, descriptions, top),
        domain=_domain(explanation),
        counterfactuals=counterfactuals,
        descriptions=descriptions,
        lacking=lacking(counterfactuals, explanation.labels),
        stretches=list(stretches(explanation)),
        unmarked=unmarked(explanation),
        reasons=REASONS,
        percent=percent,
        sigmoid=sigmoid,
    )


@dataclass(frozen=True, slots=True)
class Card:
    """What the page of many documents shows of one: no text beyond the phrases quoted."""

    source: str
    label: str
    probability: float | None
    short: str
    notes: tuple[str, ...]
    sides: tuple[Side, ...]
    domain_probability: float | None
    error: str | None = None


def card(explanation: Explanation, descriptions: Mapping[str, str], *, top: int) -> Card:
    """Keep of an explanation what the page of many documents shows."""
    verdict = _verdict(explanation)
    laid_out = _sums(explanation, descriptions, top)
    titled = f"titled {explanation.stated_title}, {verdict.short}"
    notes = ((titled,) if verdict.mismatch else ()) + explanation.document.warnings
    return Card(
        explanation.document.source,
        explanation.label,
        explanation.probability,
        verdict.short,
        notes,
        laid_out.sides if laid_out else (),
        explanation.domain.probability if explanation.domain else None,
    )


def failed_card(source: str, error: str) -> Card:
    """Stand in for a document that could not be read."""
    return Card(source, "", None, "could not be read", (), (), None, error)


def documents_page(cards: Sequence[Card], labels: tuple[str, str], model: str) -> str:
    """Write the page of many documents: a table of all, then the evidence of each.

    Raises
    ------
    MissingExtraError
        When jinja2 is not installed.
    """
    styles = dict(zip(labels, SIDES, strict=True))
    return render("documents", cards=cards, styles=styles, model=model, percent=percent)


@dataclass(frozen=True, slots=True)
class _Verdict:
    """The answer in words."""

    short: str
    why: str
    meaning: str
    mismatch: bool
    domain: str


def _verdict(explanation: Explanation) -> _Verdict:
    reason, probability = explanation.reason, explanation.probability
    why = REASONS[reason] if reason is not None else ""
    short = (
        f"reads as {explanation.label}, {percent(probability)}" if probability is not None else f"undetermined, {why}"
    )
    mismatch = probability is not None and explanation.stated_title not in (None, explanation.label)
    return _Verdict(short, why, meaning(explanation), mismatch, domain_meaning(explanation))


def _sums(explanation: Explanation, descriptions: Mapping[str, str], top: int) -> Sums | None:
    if explanation.leaning is None:
        return None
    return sums(explanation.leaning, explanation.document.text, descriptions, top)


def _domain(explanation: Explanation) -> list[tuple[str, list[Contribution], float]]:
    """Heading, strongest contributions and sum of what speaks for and against the domain."""
    if explanation.domain is None:
        return []
    found = explanation.domain.contributions
    rows = []
    for name, sign in (("For", 1), ("Against", -1)):
        items = [item for item in found if item.contribution * sign > 0]
        rows.append((name, items[:_TOP_DOMAIN], math.fsum(item.contribution for item in items)))
    return rows
