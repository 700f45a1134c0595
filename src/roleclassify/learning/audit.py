"""Fairness audit: how far who a document is about moves its answer.

The design is counterfactual and paired. For each document and attribute (name, pronoun, school, graduation year,
nationality) there are up to two texts to vary: an *insertion*, the document with a standard line of that attribute
added, and, where the document holds values of its own, a *swap* of these. Each value of ``audit.toml`` is put there in
turn and compared with a neutral placeholder in the same place. So nothing but the value differs within a comparison: a
model blind to the values shows a shift of exactly 0, and all groups are judged on the same texts, so that their
selection rates can be compared.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import fmean
from typing import Any, TypeVar

from roleclassify.classifier import RoleClassifier
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.result import Answer, Explanation
from roleclassify.text.document import Document

_CHUNK = 8
"""Documents that travel to a worker at once; each has about a hundred variants."""

Value = str | Mapping[str, str]
"""What is put in; a mapping where it has several forms, as a pronoun has."""

FeatureKey = tuple[str, str]
"""Kind and name of a feature."""

Key = TypeVar("Key", str, FeatureKey)


@dataclass(frozen=True, slots=True)
class Attribute:
    """What about a person is varied; ``audit.toml`` says what each field holds."""

    name: str
    line: str
    pattern: re.Pattern[str]
    neutral: Value
    groups: Mapping[str, Sequence[Value]]
    within: re.Pattern[str]
    at_top: bool
    resumes: bool

    def gaps(self, text: str, start: int, end: int) -> list[re.Match[str]]:
        """Find the values of this attribute in ``text[start:end]``, in order."""
        stretches = self.within.finditer(text, start, end)
        return [gap for stretch in stretches for gap in self.pattern.finditer(text, *stretch.span())]


@dataclass(frozen=True, slots=True)
class Comparison:
    """One value in one document against the placeholder in its place.

    Attributes
    ----------
    position
        Of the document among those audited.
    swapped
        Whether values of the document's own were replaced, rather than a line inserted.
    leaning_shift, domain_shift
        By how much the value moves the probability of the second label and of the domain, in [-1, 1].
    outcome
        Label or reason with the value.
    flipped
        Whether the placeholder gives another outcome.
    causes
        Features found more or less often with the value, and what that adds to the log-odds of leaning and of domain.
    """

    position: int
    document_id: str
    attribute: str
    group: str
    value: str
    swapped: bool
    leaning_shift: float
    domain_shift: float
    outcome: str
    flipped: bool
    causes: dict[FeatureKey, tuple[float, float]]


def load_attributes() -> tuple[Attribute, ...]:
    """Read the attributes of ``audit.toml``."""
    return tuple(
        Attribute(
            name=name,
            line=entry["line"],
            pattern=re.compile(entry["pattern"]),
            neutral=entry["neutral"],
            groups=entry["groups"],
            within=re.compile(entry.get("within", r"[^\n]+")),
            at_top=entry.get("at_top", False),
            resumes=entry.get("resumes", False),
        )
        for name, entry in _written()["attribute"].items()
    )


def load_carriers() -> list[LabeledDocument]:
    """Read the short documents of ``audit.toml``, to audit where no others are named; they have no label."""
    return [LabeledDocument(**entry, label="") for entry in _written()["carrier"]]


def _written() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def audit(
    classifier: RoleClassifier,
    documents: Sequence[LabeledDocument],
    attributes: Sequence[Attribute],
    *,
    n_jobs: int = 1,
    progress: Callable[[int], None] = lambda n_done: None,
) -> list[Comparison]:
    """Compare every value with the placeholder in every document, in order.

    Parameters
    ----------
    n_jobs
        Number of worker processes; the answers do not depend on it.
    progress
        Told how many more documents are done.
    """
    from joblib import Parallel, delayed

    numbered = list(enumerate(documents))
    chunks = [numbered[first : first + _CHUNK] for first in range(0, len(numbered), _CHUNK)]
    parts = Parallel(n_jobs=n_jobs, return_as="generator")(
        delayed(_audit_chunk)(classifier, chunk, attributes) for chunk in chunks
    )
    comparisons: list[Comparison] = []
    for chunk, part in zip(chunks, parts, strict=True):
        comparisons += part
        progress(len(chunk))
    return comparisons


def _audit_chunk(
    classifier: RoleClassifier, numbered: Sequence[tuple[int, LabeledDocument]], attributes: Sequence[Attribute]
) -> list[Comparison]:
    return [
        comparison
        for position, document in numbered
        for attribute in attributes
        for comparison in _compare(classifier, position, document, attribute)
    ]


def _compare(
    classifier: RoleClassifier, position: int, document: LabeledDocument, attribute: Attribute
) -> Iterator[Comparison]:
    for swapped, text, gaps in _texts(document, attribute):
        neutral = classifier.explain(Document(_fill(text, gaps, attribute.neutral), document.id))
        for group, value in ((group, value) for group, values in attribute.groups.items() for value in values):
            variant = classifier.explain(Document(_fill(text, gaps, value), document.id))
            yield Comparison(
                position=position,
                document_id=document.id,
                attribute=attribute.name,
                group=group,
                value=value if isinstance(value, str) else next(iter(value.values())),
                swapped=swapped,
                leaning_shift=_probability(variant.leaning) - _probability(neutral.leaning),
                domain_shift=_probability(variant.domain) - _probability(neutral.domain),
                outcome=_outcome(variant),
                flipped=_outcome(variant) != _outcome(neutral),
                causes=_causes(variant, neutral),
            )


def _texts(document: LabeledDocument, attribute: Attribute) -> Iterator[tuple[bool, str, list[re.Match[str]]]]:
    """Give each text to vary: whether it is a swap, the text, and the gaps that values go into."""
    own, line = document.text, attribute.line
    text = f"{line}\n{own}" if attribute.at_top else f"{own}\n{line}"
    start = 0 if attribute.at_top else len(text) - len(line)
    yield False, text, attribute.gaps(text, start, start + len(line))
    if document.kind == "resume" or not attribute.resumes:
        gaps = attribute.gaps(own, 0, len(own))
        if gaps:
            yield True, own, gaps


def _fill(text: str, gaps: Sequence[re.Match[str]], value: Value) -> str:
    """Put a value into every gap, in the form and letter case of what stands there."""
    pieces, position = [], 0
    for gap in gaps:
        word = value if isinstance(value, str) else value[str(gap.lastgroup)]
        if gap.group().isupper():
            word = word.upper()
        elif gap.group()[0].isupper():
            word = word[0].upper() + word[1:]
        pieces += [text[position : gap.start()], word]
        position = gap.end()
    return "".join([*pieces, text[position:]])


def _probability(answer: Answer | None) -> float:
    return answer.probability if answer else 0.5


def _outcome(explanation: Explanation) -> str:
    return explanation.reason.value if explanation.reason else explanation.label


def _causes(variant: Explanation, neutral: Explanation) -> dict[FeatureKey, tuple[float, float]]:
    leaning, domain = _changes(variant.leaning, neutral.leaning), _changes(variant.domain, neutral.domain)
    return {key: (leaning.get(key, 0.0), domain.get(key, 0.0)) for key in sorted({*leaning, *domain})}


def _changes(variant: Answer | None, neutral: Answer | None) -> dict[FeatureKey, float]:
    """Take features found more or less often; contributions of others change too, as a consequence, with the norm."""
    ours, theirs = _found(variant), _found(neutral)
    pairs = {key: (ours.get(key, (0, 0.0)), theirs.get(key, (0, 0.0))) for key in {*ours, *theirs}}
    return {key: one[1] - other[1] for key, (one, other) in pairs.items() if one[0] != other[0]}


def _found(answer: Answer | None) -> dict[FeatureKey, tuple[int, float]]:
    items = answer.contributions if answer else ()
    return {(item.kind, item.feature): (len(item.spans), item.contribution) for item in items}


def summarize(comparisons: Sequence[Comparison], labels: tuple[str, str]) -> dict[str, Any]:
    """Figures of an audit by attribute, as JSON values; a figure that cannot be had is None.

    Shifts are absolute, in [0, 1], but for a group's ``mean_leaning_shift``, whose sign is the side. A group's
    ``selection_rate`` is the share of its variants that get the label, its ``impact_ratio`` that rate divided by the
    highest group's; None where no group gets the label. ``causes`` are the features that explain the shifts, the
    strongest in sum first; ``n_norm_only`` counts shifts by words without weight of their own, by way of the norm.

    References
    ----------
    Impact ratio: New York City, Local Law 144. Four fifths: Uniform Guidelines, 29 CFR 1607.4(D).
    """
    by_attribute = _grouped((item.attribute, item) for item in comparisons)
    return {
        "n_documents": len({item.position for item in comparisons}),
        "attributes": {name: _attribute(items, labels) for name, items in by_attribute.items()},
    }


def _grouped(pairs: Iterable[tuple[Key, Comparison]]) -> dict[Key, list[Comparison]]:
    groups: dict[Key, list[Comparison]] = defaultdict(list)
    for key, item in pairs:
        groups[key].append(item)
    return groups


def _attribute(items: Sequence[Comparison], labels: tuple[str, str]) -> dict[str, Any]:
    worst = max(items, key=lambda item: (_size(item), item.flipped))
    causes = _grouped((key, item) for item in items for key in item.causes)
    strength = {key: sum(abs(change) for item in found for change in item.causes[key]) for key, found in causes.items()}
    return {
        "n_documents": len({item.position for item in items}),
        "n_documents_swapped": len({item.position for item in items if item.swapped}),
        "n_comparisons": len(items),
        "leaning": _shifts([abs(item.leaning_shift) for item in items]),
        "domain": _shifts([abs(item.domain_shift) for item in items]),
        "n_flips": sum(item.flipped for item in items),
        "n_norm_only": sum(_size(item) > 0 and not item.causes for item in items),
        "worst": {"id": worst.document_id, "value": worst.value, "swapped": worst.swapped}
        if _size(worst) or worst.flipped
        else None,
        "causes": [_cause(key, causes[key]) for key in sorted(causes, key=lambda key: (-strength[key], key))],
        "groups": _groups(_grouped((item.group, item) for item in items), labels),
    }


def _size(item: Comparison) -> float:
    return max(abs(item.leaning_shift), abs(item.domain_shift))


def _shifts(sizes: Sequence[float]) -> dict[str, float]:
    return {"largest_shift": max(sizes), "mean_shift": fmean(sizes)}


def _cause(key: FeatureKey, items: Sequence[Comparison]) -> dict[str, Any]:
    return {
        "feature": key[1],
        "kind": key[0],
        "n_comparisons": len(items),
        "mean_leaning_contribution": fmean(item.causes[key][0] for item in items),
        "mean_domain_contribution": fmean(item.causes[key][1] for item in items),
        "values": sorted({item.value for item in items}),
    }


def _groups(groups: Mapping[str, Sequence[Comparison]], labels: tuple[str, str]) -> dict[str, Any]:
    rates = {
        group: {label: fmean(item.outcome == label for item in items) for label in labels}
        for group, items in groups.items()
    }
    highest = {label: max(rate[label] for rate in rates.values()) for label in labels}
    return {
        group: {
            "n_comparisons": len(items),
            "mean_leaning_shift": fmean(item.leaning_shift for item in items),
            "selection_rate": rates[group],
            "impact_ratio": {
                label: rates[group][label] / highest[label] if highest[label] else None for label in labels
            },
        }
        for group, items in groups.items()
    }
