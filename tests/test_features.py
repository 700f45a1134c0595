from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclassify.model.features import MAX_WORDS, FeatureSpace, terms
from roleclassify.text.tokens import Token, tokenize

KINDS = st.sampled_from(["word", "word", "word", "number", "mask", "email", "mention", "denied"])


def names(tokens):
    return [term for term, _, _ in terms(tokens)]


def test_terms_are_runs_of_up_to_three_words():
    assert names(tokenize("")) == []
    assert names(tokenize("A b C d")) == ["a", "a b", "a b c", "b", "b c", "b c d", "c", "c d", "d"]


def test_terms_do_not_cross_what_is_no_word():
    assert names(tokenize("build [ROLE] 12 a@example.com models")) == ["build", "models"]


@given(st.lists(KINDS, max_size=12))
def test_terms_hold_words_only_and_all_of_them(kinds):
    tokens = [Token(f"W{number}", 2 * number, 2 * number + 1, kind) for number, kind in enumerate(kinds)]
    found = list(terms(tokens))
    for term, first, last in found:
        assert 1 <= last - first <= MAX_WORDS
        assert all(token.kind == "word" for token in tokens[first:last])
        assert term == " ".join(token.word.lower() for token in tokens[first:last])
    assert {first for _, first, last in found if last - first == 1} == {
        number for number, kind in enumerate(kinds) if kind == "word"
    }


@pytest.mark.parametrize(("term_norm", "divisor"), [(0.0, math.sqrt((1 + math.log(2)) ** 2 + 4 + 9)), (10.0, 10.0)])
def test_term_features_are_tf_idf_divided_by_a_norm(compiled_lexicon, term_norm, divisor):
    space = FeatureSpace({"alpha": 0, "beta": 1, "alpha beta": 2}, (1.0, 2.0, 3.0), term_norm, 1.0, compiled_lexicon)
    found = {feature.index: feature for feature in space.term_features(tokenize("Alpha beta, gamma alpha"))}
    raw = {0: 1 + math.log(2), 1: 2.0, 2: 3.0}
    assert {index: feature.value for index, feature in found.items()} == {
        index: value / divisor for index, value in raw.items()
    }
    assert found[0].spans == ((0, 5), (18, 23))
    assert found[2].spans == ((0, 10),)


def test_concept_features_count_matches_on_a_log_scale(compiled_lexicon):
    space = FeatureSpace({}, (), 1.0, 0.1, compiled_lexicon)
    found = space.concept_features(tokenize("Docker, docker; Kubernetes and SQL in machine learning"))
    names = {compiled_lexicon.concepts[feature.index].id: feature for feature in found}
    of_roles = [math.log1p(len(feature.spans)) for name, feature in names.items() if name in {"containers", "sql"}]
    norm = math.sqrt(math.fsum(value * value for value in of_roles))
    assert names["containers"].value == pytest.approx(math.log1p(3) / norm)
    assert names["containers"].spans == ((0, 6), (8, 14), (16, 26))
    shared = [feature for name, feature in names.items() if name not in {"containers", "sql"}]
    assert shared
    assert all(feature.value == pytest.approx(math.log1p(len(feature.spans)) / norm) for feature in shared)


@pytest.mark.parametrize(("concept_norm", "value"), [(0.1, 1.0), (2 * math.log(2), 0.5)])
def test_one_match_is_divided_by_the_floor_at_least(compiled_lexicon, concept_norm, value):
    (feature,) = FeatureSpace({}, (), 1.0, concept_norm, compiled_lexicon).concept_features(tokenize("Terraform"))
    assert feature.value == pytest.approx(value)
