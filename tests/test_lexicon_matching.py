"""The compiled matcher against spaCy's PhraseMatcher on the same tokens."""

from __future__ import annotations

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from roleclassify.lexicon.compiled import CompiledConcept, CompiledLexicon
from roleclassify.text.contrasts import ContrastCues
from roleclassify.text.titles import TitlePatterns
from roleclassify.text.tokens import tokenize

NLP = spacy.blank("en")
NO_TITLES = TitlePatterns((), frozenset(), frozenset())

# A few words make overlaps and nested phrases likely.
WORD = st.sampled_from(["a", "b", "c", "A", "B", "R", "r", "C++", "a/b", "İ", "7", "[ROLE]"])
PHRASE = st.lists(WORD, min_size=1, max_size=4).map(" ".join)


def spacy_matches(words, folded, exact):
    """Spans of one concept as spaCy finds them: LOWER for folded phrases, ORTH for exact ones."""
    document = Doc(NLP.vocab, words=words)
    spans = []
    for attribute, forms in (("LOWER", folded), ("ORTH", exact)):
        if forms:
            matcher = PhraseMatcher(NLP.vocab, attr=attribute)
            matcher.add("concept", [Doc(NLP.vocab, words=form.split(" ")) for form in forms])
            spans += matcher(document, as_spans=True)
    return sorted((span.start, span.end) for span in filter_spans(spans))


def own_matches(lexicon, tokens):
    found = {}
    for concept, first, last in lexicon.match(tokens):
        found.setdefault(concept, []).append((first, last))
    return found


@given(
    st.lists(WORD, max_size=25),
    st.lists(st.tuples(st.lists(PHRASE, max_size=5), st.lists(PHRASE, max_size=3)), min_size=1, max_size=3),
)
@settings(max_examples=300)
def test_matching_equals_filter_spans_over_phrase_matcher(words, concepts):
    compiled = tuple(
        CompiledConcept(str(number), "shared", "", tuple(form.lower() for form in folded), tuple(exact))
        for number, (folded, exact) in enumerate(concepts)
    )
    lexicon = CompiledLexicon("test", ("first", "second"), compiled, NO_TITLES, ContrastCues(()))
    tokens = tokenize(" ".join(words))
    found = own_matches(lexicon, tokens)
    for number, concept in enumerate(compiled):
        assert found.get(number, []) == spacy_matches([token.word for token in tokens], concept.forms, concept.exact)


@pytest.mark.parametrize("split", ["train", "test"])
def test_matching_the_shipped_lexicon_equals_spacy_on_documents(split, compiled_lexicon, labeled):
    for document in [document for document in labeled if document.split == split][::20]:
        tokens = tokenize(document.text)
        found = own_matches(compiled_lexicon, tokens)
        words = [token.word for token in tokens]
        for number, concept in enumerate(compiled_lexicon.concepts):
            assert found.get(number, []) == spacy_matches(words, concept.forms, concept.exact), concept.id


def test_matching_does_not_cross_a_mask(compiled_lexicon):
    assert own_matches(compiled_lexicon, tokenize("statistical analysis"))
    assert not own_matches(compiled_lexicon, tokenize("statistical [ROLE] analysis"))


def test_matching_an_exact_phrase_needs_its_letter_case(compiled_lexicon):
    names = [concept.id for concept in compiled_lexicon.concepts]
    assert names.index("r-language") in own_matches(compiled_lexicon, tokenize("R"))
    assert names.index("r-language") not in own_matches(compiled_lexicon, tokenize("r"))


def test_lexicon_survives_json(compiled_lexicon):
    assert CompiledLexicon.from_json(compiled_lexicon.to_json()) == compiled_lexicon
