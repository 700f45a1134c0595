"""Many texts at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from roleclassify.batch.answers import Answers
from roleclassify.classifier import RoleClassifier
from roleclassify.evidence import strongest_pieces

MAX_CHARACTERS = 1_000_000
"""Longest text that is scored unless told otherwise: no resume or posting is near it."""


class BatchScorer:
    """Scores lists of texts; keeps what it learns about words from one call to the next.

    Parameters
    ----------
    classifier
        The model and its thresholds.
    evidence
        Pieces of evidence for each text.
    max_characters
        A longer text is not scored; its answer has an ``error``.
    """

    def __init__(self, classifier: RoleClassifier, *, evidence: int = 0, max_characters: int = MAX_CHARACTERS) -> None:
        self._classifier = classifier
        self._evidence = evidence
        self._max_characters = max_characters

    def score(self, texts: Sequence[str | None], problems: Mapping[int, str] | None = None) -> Answers:
        """Answer every text.

        Parameters
        ----------
        texts
            None is answered as an empty text is.
        problems
            Position to why that text could not be had; its answer has this ``error``.
        """
        problems = dict(problems or {})
        for position, text in enumerate(texts):
            if text is not None and len(text) > self._max_characters:
                problems.setdefault(
                    position, f"longer than {self._max_characters} characters; split it or raise --max-characters"
                )
        answers = Answers(self._classifier.labels, [], [], [], [], [], [], [], [], [], [])
        for position, text in enumerate(texts):
            explained = self._classifier.explain("" if text is None or position in problems else text)
            failed = position in problems
            leaning, domain = explained.leaning, explained.domain
            title, label = explained.stated_title, explained.label
            answers.label.append(label)
            answers.reason.append(explained.reason.value if explained.reason and not failed else None)
            answers.probability.append(explained.probability)
            answers.first_probability.append(1 - leaning.probability if leaning else None)
            answers.second_probability.append(leaning.probability if leaning else None)
            answers.domain_probability.append(domain.probability if domain else None)
            answers.stated_title.append(title)
            answers.title_mismatch.append(title != label if title and explained.reason is None else None)
            answers.evidence.append(strongest_pieces(leaning.contributions, self._evidence) if leaning else ())
            answers.error.append(problems.get(position))
        return answers
