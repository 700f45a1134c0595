"""Words and numbers that every view of a result shares."""

from __future__ import annotations

from collections.abc import Iterable

from roleclassify.model.decision import Reason
from roleclassify.result import Explanation
from roleclassify.text.printable import printable as printable  # noqa: PLC0414  # a name of this module too

FAINTEST = 0.005
"""What adds less, in log-odds, would be shown as 0.00: it is not marked."""

REASONS = {
    Reason.EMPTY: "there are no words",
    Reason.UNSUPPORTED_LANGUAGE: "the text is not English prose",
    Reason.TOO_LITTLE_EVIDENCE: "too few words about the work of either role",
    Reason.OTHER_OCCUPATION: "reads like another occupation",
    Reason.NEAR_TIE: "neither role is likely enough",
}


def percent(probability: float) -> str:
    """Whole percent, but never a certainty that the model does not have.

    Examples
    --------
    >>> percent(0.934), percent(0.9999), percent(0.0001)
    ('93 %', '>99 %', '<1 %')
    """
    if probability > 0.99:
        return ">99 %"
    if probability < 0.01:
        return "<1 %"
    return f"{100 * probability:.0f} %"


def quoted_wordings(spans: Iterable[tuple[int, int]], text: str, most: int) -> list[str]:
    """Quote the first ``most`` different wordings in the spans, white space folded."""
    seen: dict[str, str] = {}
    for start, end in spans:
        quoted = " ".join(text[start:end].split())
        seen.setdefault(quoted.lower(), quoted)
    return list(seen.values())[:most]


def meaning(explanation: Explanation) -> str:
    """Say in a sentence or two what the outcome stands for and what to do about it."""
    probability = explanation.probability
    if probability is not None:
        return (
            "An estimate of what a careful reader of the work it describes would say, whatever its title: "
            f"{percent(probability)} {explanation.label}, {percent(1 - probability)} {_other(explanation)}."
        )
    return _REMEDIES[explanation.reason] if explanation.reason is not None else ""


_REMEDIES = {
    Reason.EMPTY: "No words could be read. If the file shows text, it may be a picture of it: try OCR first.",
    Reason.UNSUPPORTED_LANGUAGE: "Only English prose is understood, neither other languages nor source code.",
    Reason.TOO_LITTLE_EVIDENCE: "Say more of the work itself: what is built or found out, how and with which tools.",
    Reason.OTHER_OCCUPATION: "Its words are those of other work than these two roles do. No role is given then.",
    Reason.NEAR_TIE: "The likelier role is less sure than the limit of this model, or than --min-probability.",
}


def _other(explanation: Explanation) -> str:
    first, second = explanation.labels
    return second if explanation.label == first else first


def domain_meaning(explanation: Explanation) -> str:
    """Say why a document is, or is not, taken for work of the two roles' field; empty where nothing was scored."""
    if explanation.domain is None:
        return ""
    chance = percent(explanation.domain.probability)
    if explanation.reason is Reason.OTHER_OCCUPATION:
        return f"No: its words make that unlikely ({chance}), so it is taken for another occupation."
    if explanation.reason is Reason.TOO_LITTLE_EVIDENCE:
        return f"Too little was found to tell ({chance}), so no role is given."
    if explanation.reason is Reason.UNSUPPORTED_LANGUAGE:
        return "The text is not English prose, so the figures mean nothing."
    return (
        f"Yes: its words are those of these two roles and their neighbours rather than of other occupations ({chance})."
    )
