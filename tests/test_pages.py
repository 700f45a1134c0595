from __future__ import annotations

import builtins
import dataclasses
import itertools
import re
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

import roleclassify
from conftest import ROOT
from pages import PAYLOADS, PageReader, hostile_classifier, hostile_documents, hundredths, plain, printed_rows
from roleclassify.classifier import RoleClassifier
from roleclassify.errors import MissingExtraError
from roleclassify.evidence.counterfactuals import AbsentConcept, Addition, Counterfactuals, Removal
from roleclassify.evidence.groups import group
from roleclassify.evidence.highlights import highlights
from roleclassify.lexicon.overlay import Overlay
from roleclassify.lexicon.source import Concept
from roleclassify.model.decision import Reason
from roleclassify.model.overlay import lay_over
from roleclassify.model.overview import overview
from roleclassify.rendering.comparison import comparison
from roleclassify.rendering.pages.comparison import comparison_page
from roleclassify.rendering.pages.documents import card, documents_page, explanation_page, failed_card
from roleclassify.rendering.pages.environment import literal
from roleclassify.rendering.pages.model import model_page
from roleclassify.rendering.report import report
from roleclassify.rendering.words import REASONS

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


NOTHING = Counterfactuals(None, None, ())
TERMINAL_ROW = re.compile(r"^ +([+-]\d+\.\d\d) [▒█]* +(\S.*?)(?:  .*)?$", re.MULTILINE)


def printed_sides(page):
    """Of either side as printed, in hundredths: its total without sign, its rows, the sum left out."""
    for section in re.findall(r"<section>\n<h3>For <span class.*?</section>", page, re.DOTALL):
        total = hundredths(re.search(r": (\S+)</h3>", section)[1])
        left_out = re.search(r"left out, together (\S+)\.<", section)
        yield total, printed_rows(section), hundredths(left_out[1]) if left_out else 0


def terminal_rows(text):
    return {name: hundredths(amount) for amount, name in TERMINAL_ROW.findall(text) if "…" not in name}


@pytest.mark.parametrize("top", [0, 1, 10, 1000])
def test_printed_figures_add_up_and_are_those_of_the_terminal(classifier, labeled, top):
    n_compared = 0
    for item in labeled[::7]:
        explanation = classifier.explain(roleclassify.Document(item.text, item.id))
        page = explanation_page(explanation, NOTHING, {}, top=top)
        text = report(explanation, NOTHING, top=top, width=100, color=False)
        pattern = r"add up: (\S+) to begin with, (\S+) for \S+ and (\S+) for \S+ make (\S+), which"
        bias, *totals, score = map(hundredths, re.search(pattern, plain(page)).groups())
        assert bias + sum(totals) == score
        assert (bias, score) == tuple(map(hundredths, re.search(r"bias of (\S+) the score\s+is (\S+)", text).groups()))
        seen = terminal_rows(text)
        sides = list(printed_sides(page))
        assert [total for total, _, _ in sides] == [-totals[0], totals[1]]
        for total, rows, left_out in sides:
            assert abs(sum(rows.values())) + left_out == total
            assert len(rows) <= top
            same = rows.keys() & seen.keys()
            assert {name: rows[name] for name in same} == {name: seen[name] for name in same}
            n_compared += len(same)
    assert n_compared >= 100 * bool(top)


def test_what_is_left_out_is_said_without_bars_too(classifier):
    explanation = classifier.explain(roleclassify.read(EXAMPLES[1]))
    groups = group(explanation.leaning.contributions)
    page = plain(explanation_page(explanation, NOTHING, {}, top=0))
    assert "No evidence" not in page
    for label in classifier.labels:
        n_pieces = sum(each.role == label for each in groups)
        total = re.search(rf"For {label} : (\S+)", page)[1]
        assert f"For {label} : {total} {n_pieces} weaker pieces left out, together {total}." in page


def test_no_evidence_is_said_where_there_is_none(classifier):
    explanation = classifier.explain(roleclassify.Document("Kubernetes."))
    assert {each.role for each in explanation.leaning.contributions} == {classifier.labels[1]}
    assert f"For {classifier.labels[0]} : 0.00 No evidence." in plain(explanation_page(explanation, NOTHING, {}, top=5))


@pytest.mark.parametrize("top", [0, 1, 10])
def test_printed_distance_is_the_sum_of_its_rows_and_that_of_the_terminal(classifier, labeled, top):
    of_roles = [item for item in labeled if item.label in classifier.labels][::3]
    n_compared = 0
    for first, second in itertools.pairwise(of_roles):
        compared = classifier.compare(roleclassify.Document(first.text), roleclassify.Document(second.text))
        page, text = comparison_page(compared, top=top), comparison(compared, top=top, width=100, color=False)
        distance = hundredths(re.search(r"How far apart: (\S+) log-odds", page)[1])
        words = hundredths(re.search(r"with (\S+) for words that no concept", page)[1])
        rows = printed_rows(page)
        assert rows.keys() == {item.concept for item in compared.concepts}
        assert sum(rows.values()) + words == distance
        assert distance == hundredths(re.search(r"Distance (\S+) log-odds", text)[1])
        assert words == hundredths(re.search(r"(\S+) words that no concept explains", text)[1])
        seen = {name: amount for name, amount in terminal_rows(text).items() if name in rows}
        assert {name: rows[name] for name in seen} == seen
        n_compared += len(seen)
    assert n_compared >= 100 * bool(top)


@pytest.fixture(scope="module")
def overlaid(classifier):
    """The shipped model with a concept that weighs what is given and one of the median weight, without description."""
    first, second = classifier.labels
    concepts = tuple(Concept(name, role, "", (), (), (name,)) for name, role in (("rasch", first), ("gadget", second)))
    return RoleClassifier(lay_over(classifier.bundle, Overlay("own.toml", concepts, {"rasch": 1.5})))


OWN_TEXT = f"{TEXT.partition(' Run')[0]} Docker, CI/CD, model serving. Built rasch scales, deployed to a gadget."
GIVEN, MEDIAN = "(weight given, not learned)", "(median weight of its role, not learned)"


def test_weights_not_learned_are_marked_everywhere(overlaid):
    document = roleclassify.Document(OWN_TEXT, "cv.txt")
    explanation = overlaid.explain(document)
    assert explanation.reason is None
    groups = [each for each in group(explanation.leaning.contributions) if each.name in ("rasch", "gadget")]
    removal = Removal(tuple(groups), 0.5, explanation.labels[1], None)
    page = plain(explanation_page(explanation, Counterfactuals(removal, None, ()), {}, top=100))
    for part in (page.partition("The document")[0], page.partition("What would change it")[2]):
        assert f"rasch {GIVEN}" in part
        assert f"gadget {MEDIAN}" in part
    compared = plain(comparison_page(overlaid.compare(document, TEXT)))
    assert f"rasch {GIVEN}" in compared
    assert f"gadget {MEDIAN}" in compared
    assert "not learned" not in plain(comparison_page(overlaid.compare(TEXT, TEXT)))


def test_weights_not_learned_are_marked_in_the_domain(classifier):
    explanation = classifier.explain(roleclassify.Document(TEXT))
    strongest, *others = explanation.domain.contributions
    marked = (dataclasses.replace(strongest, origin="given"), *others)
    domain = dataclasses.replace(explanation.domain, contributions=marked)
    page = explanation_page(dataclasses.replace(explanation, domain=domain), NOTHING, {}, top=5)
    assert f"{strongest.feature} +{strongest.contribution:.2f} {GIVEN}" in plain(page)


def changes(classifier, removal=None, added=None, absent=(), descriptions=None):
    explanation = classifier.explain(roleclassify.Document(TEXT))
    page = explanation_page(explanation, Counterfactuals(removal, added, absent), descriptions or {}, top=5)
    return plain(page).partition("What is absent")[2]


def test_removal_says_what_the_document_would_read_as(classifier):
    first, second = classifier.labels
    groups = group(classifier.explain(roleclassify.Document(TEXT)).leaning.contributions)[:2]
    assert f"Without these 2 it would read as {second} (62 %):" in changes(
        classifier, Removal(groups, 0.5, second, None)
    )
    for reason in (Reason.TOO_LITTLE_EVIDENCE, Reason.OTHER_OCCUPATION):
        said = changes(classifier, Removal(groups, -0.5, "undetermined", reason))
        assert (
            f"Without these 2 it would lean to {first} (62 %), but no role would be given: {REASONS[reason]}." in said
        )


def test_concepts_to_add_are_counted_and_those_without_description_end_without_colon(classifier):
    added = Addition(("one", "two", "three"), (1.0, 1.5, 3.0), 0.5)
    absent = (AbsentConcept("four", classifier.labels[0], "", 0.7),)
    said = changes(classifier, None, added, absent, {"one": "", "two": "what it is"})
    assert "one (once) two (2 times): what it is three (3 times) Only what" in said
    assert "four (70 %)" in said


def test_concepts_without_description_end_without_colon(overlaid):
    document = roleclassify.Document(OWN_TEXT, "cv.txt")
    for page in (
        comparison_page(overlaid.compare(document, TEXT)),
        model_page(overview(overlaid.bundle, top=5)),
        page_of(overlaid, document, top=100),
    ):
        assert "<b>gadget</b>" in page
        assert not re.search(r"<b>gadget</b>\s*:", page)


def test_presence_of_a_concept_that_was_not_learned_is_unknown(overlaid):
    page = model_page(overview(overlaid.bundle, top=5))
    row = re.search(r"<b>gadget</b>.*?</tr>", page, re.DOTALL)[0]
    assert re.findall(r'<td class="number">([^\n<]+)</td>', row)[1:3] == ["-", "-"]
    assert page.count(">-<") == 4
    assert "A role is given at or above them." in page


@pytest.mark.parametrize(("number", "heading"), [(1, "1 document"), (2, "2 documents")])
def test_title_counts_documents(classifier, number, heading):
    page = documents_page([failed_card("cv.doc", "cannot be read")] * number, classifier.labels, classifier.model)
    assert f"<title>{heading}</title>" in page
    assert f"<h1>{heading}</h1>" in page


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
