from __future__ import annotations

import pytest

from conftest import cases
from roleclassify.model.decision import Reason


@pytest.mark.parametrize("case", cases("languages"))
def test_language_is_told_by_function_words(case, classifier):
    assert (classifier.classify(case["text"]).reason != Reason.UNSUPPORTED_LANGUAGE) == case["supported"]


def test_language_of_every_labelled_document_is_supported(classifier, labeled):
    from roleclassify.text.tokens import tokenize

    words = classifier.bundle.function_words
    assert [document.id for document in labeled if not words.is_supported(tokenize(document.text))] == []
