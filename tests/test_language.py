from __future__ import annotations

from pathlib import Path

import pytest

from conftest import cases
from roleclassify.model.decision import Reason


@pytest.mark.parametrize("case", cases("languages"))
def test_language_is_told_by_function_words(case, classifier):
    assert (classifier.classify(case["text"]).reason != Reason.UNSUPPORTED_LANGUAGE) == case["supported"]


@pytest.mark.parametrize("package", ["sklearn/linear_model", "scipy/stats", "click", "joblib"])
def test_source_code_is_given_no_role(package, classifier):
    import sklearn

    files = sorted((Path(sklearn.__file__).parent.parent / package).glob("*.py"))
    code = [text for text in (path.read_text(encoding="utf-8") for path in files) if len(text) > 2000]
    given = [text for text in code if classifier.classify(text).reason is None]
    assert len(given) <= 0.05 * len(code)


def test_language_of_every_labelled_document_is_supported(classifier, labeled):
    from roleclassify.text.tokens import tokenize

    words = classifier.bundle.function_words
    assert [document.id for document in labeled if not words.is_supported(document.text, tokenize(document.text))] == []
