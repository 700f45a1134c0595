from __future__ import annotations

from dataclasses import replace

import pytest

from conftest import cases
from roleclassify.errors import LexiconError, MissingExtraError
from roleclassify.lexicon.compilation import MAX_FORMS, compile_lexicon, phrase_words
from roleclassify.lexicon.source import Concept, load_lexicon


def compile_phrases(*phrases):
    """A concept a phrase; compiling starts spaCy, so all phrases are compiled at once."""
    concepts = tuple(Concept(f"{number}", "shared", "", ("A1",), (phrase,)) for number, phrase in enumerate(phrases))
    return compile_lexicon(replace(load_lexicon(), concepts=concepts)).concepts


CASES = cases("inflection")


@pytest.fixture(scope="module")
def inflected():
    phrases = [case.values[0]["text"] for case in CASES]
    return dict(zip(phrases, compile_phrases(*phrases), strict=True))


@pytest.mark.parametrize("case", CASES)
def test_inflection_gives_the_forms_that_people_write(case, inflected):
    forms = set(inflected[case["text"]].forms)
    assert set(case["has"]) <= forms
    assert not set(case["lacks"]) & forms


def test_compilation_keeps_each_phrase_under_its_limit():
    phrases = sorted({phrase for concept in load_lexicon().concepts for phrase in concept.phrases})
    for phrase, concept in zip(phrases, compile_phrases(*phrases), strict=True):
        assert 1 <= len(concept.forms) <= MAX_FORMS
        assert concept.forms[0] == " ".join(phrase_words(phrase)).lower()


def test_compilation_gives_different_forms_in_lower_case(compiled_lexicon):
    for concept in compiled_lexicon.concepts:
        assert all(form == form.lower() for form in concept.forms)
        assert len(set(concept.forms)) == len(concept.forms)


def test_compilation_is_deterministic(compiled_lexicon):
    assert compile_lexicon(load_lexicon()) == compiled_lexicon


def test_compilation_refuses_a_phrase_without_words():
    with pytest.raises(LexiconError, match="has no word"):
        compile_phrases("&")


def test_compilation_names_the_missing_package(monkeypatch):
    def nothing_installed(*args, **kwargs):
        raise ValueError("[E955] Can't find table(s) lemma_index for language 'en' in spacy-lookups-data.")

    monkeypatch.setattr("spacy.pipeline.lemmatizer.load_lookups", nothing_installed)
    with pytest.raises(MissingExtraError, match=r"spacy-lookups-data.*roleclassify\[train\]"):
        compile_lexicon(load_lexicon())


def test_titles_need_no_levels_and_ranks():
    lexicon = load_lexicon()
    words = {name: entries for name, entries in lexicon.titles.words.items() if name not in ("level", "rank")}
    titles = replace(lexicon.titles, words=words, patterns=((lexicon.labels[0], "number cruncher"),))
    found = compile_lexicon(replace(lexicon, concepts=(), titles=titles)).titles.search("a number cruncher job")
    assert found


@pytest.mark.parametrize(
    ("form", "titles", "none"),
    [
        ("number <rank>?", ["number", "number lead"], ["numbers lead lead"]),
        ("number <rank>*", ["number", "number lead lead"], []),
        ("number <rank>+", ["number lead", "number lead lead"], ["number"]),
        ("<rank>+ number", ["lead number", "lead lead number"], ["number"]),
        ("<rank>? number <rank>? cruncher", ["number cruncher", "lead number lead cruncher"], ["number lead"]),
    ],
)
def test_title_forms_match_what_they_say(form, titles, none):
    lexicon = load_lexicon()
    source = replace(lexicon.titles, words={"rank": ("lead",)}, patterns=((lexicon.labels[0], form),))
    patterns = compile_lexicon(replace(lexicon, concepts=(), titles=source)).titles
    for title in titles:
        assert (0, len(title), 0) in patterns.search(title), title
    for text in none:
        assert (0, len(text), 0) not in patterns.search(text), text
