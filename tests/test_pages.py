from __future__ import annotations

import builtins
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import roleclassify
from conftest import ROOT
from pages import PAYLOADS, PageReader, hostile_classifier, hostile_documents
from roleclassify.errors import MissingExtraError
from roleclassify.evidence.highlights import highlights
from roleclassify.model.overview import overview
from roleclassify.rendering.pages.comparison import comparison_page
from roleclassify.rendering.pages.documents import card, documents_page, explanation_page, failed_card
from roleclassify.rendering.pages.environment import literal
from roleclassify.rendering.pages.model import model_page

EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix != ".csv")
TEXT = "Deploy models to Kubernetes, monitor drift and own the on-call rotation. Run A/B tests in R, present insights."

# Everything that the templates write; what is not here came from a document or a lexicon.
TAGS = set(
    "html head meta title style body main footer p strong h1 h2 h3 span div section table thead tbody tr th td b bdi "
    "ul li mark a em i".split()
)
ATTRIBUTES = set("lang charset name content http-equiv class style aria-hidden aria-label id dir tabindex role".split())
ATTRIBUTES |= set("data-tip scope href colspan".split())


def page_of(classifier, document, top=10):
    explanation = classifier.explain(document)
    descriptions = classifier.bundle.space.lexicon.descriptions
    return explanation_page(explanation, classifier.counterfactuals(document), descriptions, top=top)


def assert_nothing_foreign(page):
    reader = PageReader(page)
    assert reader.tags <= TAGS
    assert {name for _, name in reader.attributes} <= ATTRIBUTES
    assert all(link.startswith("#document-") for link in reader.links)
    return reader


def test_hostile_documents_reach_no_page_as_markup(classifier):
    documents = hostile_documents()
    assert len(documents) == 200
    descriptions = classifier.bundle.space.lexicon.descriptions
    cards = []
    for document in documents:
        reader = assert_nothing_foreign(page_of(classifier, document))
        assert reader.text == document.text
        cards.append(card(classifier.explain(document), descriptions, top=5))
    cards += [failed_card(payload, payload) for payload in PAYLOADS]
    assert_nothing_foreign(documents_page(cards, classifier.labels, classifier.model))
    for first, second in zip(documents, documents[25:], strict=False):
        assert_nothing_foreign(comparison_page(classifier.compare(first, second)))


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_lexicons_reach_no_page_as_markup(payload):
    classifier = hostile_classifier(payload)
    document = roleclassify.Document(TEXT, "cv.txt")
    page = page_of(classifier, document)
    assert_nothing_foreign(page)
    assert_nothing_foreign(comparison_page(classifier.compare(document, "Statistics in R.")))
    assert_nothing_foreign(model_page(overview(classifier.bundle, top=5)))
    descriptions = classifier.bundle.space.lexicon.descriptions
    cards = [card(classifier.explain(document), descriptions, top=5)]
    assert_nothing_foreign(documents_page(cards, classifier.labels, classifier.model))


def read_back(classifier, document):
    reader = PageReader(page_of(classifier, document))
    assert reader.text == document.text
    leaning = classifier.explain(document).leaning
    found = highlights(leaning.contributions) if leaning else ()
    places = {(each.start, each.end): each for each in found}
    assert {(start, end) for start, end, _ in reader.marks} == {
        place for place, each in places.items() if abs(each.contribution) >= 0.005
    }
    for start, end, tip in reader.marks:
        each = places[start, end]
        assert reader.text[start:end] == document.text[start:end]
        assert f"{abs(each.contribution):+.2f}: {', '.join(each.features)}" in tip
    return len(reader.marks)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.name)
def test_highlights_of_examples_read_back(classifier, path):
    assert read_back(classifier, roleclassify.read(path))


def test_highlights_of_labelled_documents_read_back(classifier, labeled):
    assert sum(read_back(classifier, roleclassify.Document(item.text, item.id)) for item in labeled[::3]) > 1000


WORDS = st.sampled_from(
    ["deploy models", "A/B tests", "SQL", "R", "<b>", "&amp;", "\r\n", "\r", "\n", "\t", "  ", "\x0c"]
)


@given(st.lists(st.one_of(WORDS, st.characters(exclude_categories=["Cs"], exclude_characters="\0"))))
def test_any_text_reads_back(pieces):
    text = " ".join(pieces)
    reader = PageReader(f'<div id="text">{literal(text)}</div>')
    assert reader.text == text


def test_what_no_page_can_hold_is_replaced():
    assert str(literal("a\0b\ud800c")) == "a\N{REPLACEMENT CHARACTER}b?c"


def test_page_of_600_words_is_small(classifier, labeled):
    texts = [item.text for item in labeled if item.label in classifier.labels]
    text = ""
    for piece in sorted(texts, key=len, reverse=True):
        text += piece + "\n\n"
        if len(text.split()) >= 600:
            break
    page = page_of(classifier, roleclassify.Document(text, "cv.txt"))
    assert 600 <= len(text.split()) < 1000
    assert len(page.encode("utf-8")) < 100_000


def test_pages_load_nothing_and_run_nothing(classifier):
    page = page_of(classifier, roleclassify.read(EXAMPLES[0]))
    assert "<script" not in page
    assert "http:" not in page
    assert "https:" not in page
    assert "url(" not in page
    assert "default-src 'none'" in page


@pytest.mark.parametrize(
    "text", ["", "Nurse on a surgical ward, night shifts.", "Der Hund und die Katze sind da. " * 9]
)
def test_documents_without_role_have_a_page_that_says_why(classifier, text):
    document = roleclassify.Document(text, "cv.txt")
    page = page_of(classifier, document)
    assert "Undetermined" in page
    assert "What would change it" not in page
    assert_nothing_foreign(page)


@pytest.mark.parametrize("top", [0, 1, 3, 100])
def test_shown_and_left_out_add_up(classifier, top):
    from roleclassify.rendering.pages.views import sides

    explanation = classifier.explain(roleclassify.read(EXAMPLES[1]))
    for side in sides(explanation.leaning, explanation.document.text, {}, top):
        assert len(side.bars) <= top
        shown = sum(abs(bar.contribution) for bar in side.bars)
        assert shown + side.rest == pytest.approx(side.total, abs=1e-9)


def test_without_jinja2_it_is_said_what_to_install(classifier, monkeypatch):
    from roleclassify.rendering.pages import environment

    real = builtins.__import__

    def missing(name, *arguments, **options):
        if name == "jinja2":
            raise ImportError(name)
        return real(name, *arguments, **options)

    environment._environment.cache_clear()
    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(MissingExtraError, match=r"roleclassify\[report\]"):
        page_of(classifier, roleclassify.Document(TEXT))


def test_plain_answers_load_no_templates():
    code = (
        "import sys\nfrom roleclassify.cli.entry import program\n"
        f"program.main(['classify', {str(EXAMPLES[1])!r}], standalone_mode=False)\nassert 'jinja2' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)
