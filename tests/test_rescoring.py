from __future__ import annotations

import math
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidence_texts import CONCEPTS, TEXTS, documents, mask, text_of
from roleclassify.evidence.groups import group
from roleclassify.evidence.rescoring import Rescorer
from roleclassify.lexicon.roles import SHARED
from roleclassify.text.tokens import tokenize


class Case:
    """A document, its groups of evidence, and what rescores it."""

    def __init__(self, classifier, text):
        self.space, self.text = classifier.bundle.space, text
        self.features = self.space.extract(text, tokenize(text))
        self.leaning = classifier.explain(text).leaning
        self.groups = group(self.leaning.contributions) if self.leaning else ()
        self.rescorer = Rescorer(classifier.bundle, self.features)

    def masked(self, spans):
        """The tokens as they are to be read once those in the spans are masked."""
        return [
            ("[ROLE]", "mask") if any(a <= token.start < b for a, b in spans) else (token.word, token.kind)
            for token in self.features.tokens
        ]

    def edited(self, spans):
        """The tokens as they are read once the mask is written into the text."""
        text = mask(self.text, spans)
        return [(token.word, token.kind) for token in self.space.lexicon.mask(text, tokenize(text))[0]]

    def resurfaces(self, spans):
        """Say whether some concept is found, with those tokens masked, where it was not found before."""
        masked = [
            token._replace(word="[ROLE]", kind="mask") if any(a <= token.start < b for a, b in spans) else token
            for token in self.features.tokens
        ]
        before = {(concept.index, span) for concept in self.features.concepts for span in concept.spans}
        after = {(found.index, span) for found in self.space.concept_features(masked) for span in found.spans}
        return not after <= before


def spans_of(groups):
    return [span for each in groups for span in each.all_spans]


def check_closed_form(case, spans):
    """Closed form and proof agree; say whether a shorter phrase came to light."""
    predicted = case.rescorer.without(case.rescorer.overlapping(spans))
    assert math.isclose(predicted, case.rescorer.rescore(spans), abs_tol=1e-9)
    return case.resurfaces(spans)


def check_edited_text(case, spans, classifier):
    """The proof and the answer to the edited text agree, but where its tokens are read otherwise; say whether."""
    alike = case.edited(spans) == case.masked(spans)
    score = classifier.explain(mask(case.text, spans)).leaning.score
    assert not alike or math.isclose(score, case.rescorer.rescore(spans), abs_tol=1e-9)
    return not alike


@given(TEXTS, st.data())
@settings(max_examples=150, deadline=None)
def test_closed_form_is_the_score_of_the_masked_document(classifier, text, data):
    case = Case(classifier, text)
    if case.groups:
        chosen = data.draw(st.lists(st.sampled_from(range(len(case.groups))), min_size=1, max_size=10, unique=True))
        spans = spans_of(case.groups[number] for number in chosen)
        check_closed_form(case, spans)
        check_edited_text(case, spans, classifier)


def test_closed_form_on_documents(classifier, labeled):
    counted = Counter()
    for document in documents(labeled):
        case = Case(classifier, text_of(document))
        for each in case.groups:
            counted[check_closed_form(case, each.all_spans)] += 1
    assert counted[False] > 500
    assert counted[True] > 0


def test_proof_is_the_answer_to_the_edited_text(classifier, labeled):
    counted = Counter()
    for document in documents(labeled):
        case = Case(classifier, text_of(document))
        strongest = [each.all_spans for each in case.groups[:4]]
        for spans in (*strongest, spans_of(case.groups[:10])):
            counted[check_edited_text(case, spans, classifier)] += 1
    # Of 15,640 groups of all labelled documents 4 are read otherwise: twice a word of another one's title is masked, so
    # that its other words are no title; twice the word that says whose it is, so that it becomes the document's own.
    assert counted[True] <= 0.01 * counted[False]
    assert counted[False] > 200


def test_shorter_phrase_resurfaces(classifier):
    text = "Causal inference on churn, then statistics."
    case = Case(classifier, text)
    (concept,) = [each for each in case.features.concepts if each.spans == ((0, 16),)]
    assert classifier.bundle.space.lexicon.concepts[concept.index].id == "causal-inference"
    word = [(7, 16)]
    assert case.resurfaces(word)
    # "inference" goes and takes "causal inference" with it; "causal" alone is a phrase of the same concept.
    predicted = case.rescorer.without(case.rescorer.overlapping(word))
    proof = case.rescorer.rescore(word)
    assert proof == pytest.approx(predicted, abs=1e-9)
    assert proof < case.leaning.bias
    assert proof == pytest.approx(
        classifier.explain("Causal [ROLE] on churn, then statistics.").leaning.score, abs=1e-9
    )


@pytest.mark.parametrize(
    ("text", "word", "masked", "edited"),
    [
        pytest.param(
            "Partner with machine learning engineers.",
            "engineers",
            "word word mention mention mask",
            "word word word word mask",
            id="what is left is no title",
        ),
        pytest.param(
            "Partner with a machine learning engineer.",
            "Partner with",
            "mask mask word mention mention mention",
            "mask mask word mask",
            id="nothing says any more that it is somebody else's",
        ),
    ],
)
def test_masking_in_and_beside_a_title_changes_how_it_is_read(classifier, text, word, masked, edited):
    case = Case(classifier, text)
    spans = [(text.index(word), text.index(word) + len(word))]
    assert [kind for _, kind in case.masked(spans)] == masked.split()
    assert [kind for _, kind in case.edited(spans)] == edited.split()


@given(TEXTS)
@settings(max_examples=50, deadline=None)
def test_nothing_and_everything_taken_away(classifier, text):
    case = Case(classifier, text)
    if case.leaning is None:
        return
    assert math.isclose(case.rescorer.without(()), case.leaning.score, abs_tol=1e-9)
    assert case.rescorer.rescore(()) == case.leaning.score
    whole = [(0, len(text))]
    bias = classifier.bundle.leaning.bias
    assert math.isclose(case.rescorer.without(case.rescorer.overlapping(whole)), bias, abs_tol=1e-9)
    assert case.rescorer.rescore(whole) == bias


@given(TEXTS, st.lists(st.tuples(st.integers(-3, 120), st.integers(0, 40)), max_size=4))
@settings(max_examples=100, deadline=None)
def test_overlapping_finds_what_shares_a_character(classifier, text, chosen):
    case = Case(classifier, text)
    spans = [(start, start + length) for start, length in chosen]
    expected = {
        position
        for position, token in enumerate(case.features.tokens)
        if any(token.start < last and first < token.end for first, last in spans if first < last)
    }
    assert case.rescorer.overlapping(span for span in spans if span[0] < span[1]) == expected


@given(TEXTS, st.dictionaries(CONCEPTS, st.sampled_from([1.0, 1.5, 2.0, 4.0]), max_size=5))
@settings(max_examples=100, deadline=None)
def test_concepts_added_are_scored_as_by_hand(classifier, text, added):
    space, leaning = classifier.bundle.space, classifier.bundle.leaning
    features = space.extract(text, tokenize(text))
    counts = Counter({feature.index: len(feature.spans) for feature in features.concepts})
    counts.update(added)
    raw = {index: math.log(1 + count) for index, count in counts.items()}
    of_roles = [value for index, value in raw.items() if space.lexicon.concepts[index].role != SHARED]
    norm = max(space.concept_norm, math.hypot(*of_roles))
    of_concepts = sum(leaning.concept_weights[index] * value / norm for index, value in raw.items())
    of_terms = sum(leaning.term_weights[feature.index] * feature.value for feature in features.terms)
    found = Rescorer(classifier.bundle, features).with_concepts(added)
    assert math.isclose(found, leaning.bias + of_terms + of_concepts, abs_tol=1e-9)
