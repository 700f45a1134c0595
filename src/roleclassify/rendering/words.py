"""Words and numbers that every view of a result shares."""

from __future__ import annotations

from roleclassify.model.decision import Reason
from roleclassify.result import Answer, Contribution

REASONS = {
    Reason.EMPTY: "there are no words",
    Reason.UNSUPPORTED_LANGUAGE: "the text is not English prose",
    Reason.TOO_LITTLE_EVIDENCE: "too few words about the work of either role",
    Reason.OTHER_OCCUPATION: "reads like another occupation",
    Reason.NEAR_TIE: "both roles are about equally likely",
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


def printable(name: str) -> str:
    r"""Replace what would move the cursor or break a line.

    Examples
    --------
    >>> printable("a\nb")
    'a?b'
    """
    return "".join(character if character.isprintable() else "?" for character in name)


def quotes(item: Contribution, text: str, most: int) -> list[str]:
    """Quote the first ``most`` different wordings of a piece of evidence, white space folded."""
    seen: dict[str, str] = {}
    for start, end in item.spans:
        quoted = " ".join(text[start:end].split())
        seen.setdefault(quoted.lower(), quoted)
    return list(seen.values())[:most]


def side_sums(answer: Answer) -> tuple[float, float]:
    """Sum the contributions against and for the second side, both without sign."""
    against = sum(item.contribution for item in answer.contributions if item.contribution < 0)
    return -against, sum(item.contribution for item in answer.contributions if item.contribution > 0)
