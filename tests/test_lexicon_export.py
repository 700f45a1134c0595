"""Patterns for spaCy's EntityRuler, in a stock blank pipeline."""

from __future__ import annotations

import json
from collections import defaultdict

import pytest
import spacy

from roleclassify.lexicon.export import entity_ruler_jsonl, entity_ruler_patterns


@pytest.fixture(scope="module")
def patterns(compiled_lexicon):
    return list(entity_ruler_patterns(compiled_lexicon))


@pytest.fixture(scope="module")
def nlp(compiled_lexicon, tmp_path_factory):
    path = tmp_path_factory.mktemp("patterns") / "concepts.jsonl"
    path.write_text(entity_ruler_jsonl(compiled_lexicon), encoding="utf-8")
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").from_disk(path)
    return pipeline


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nothing of the kind.", []),
        ("We ran A/B tests.", [("A/B tests", "data-scientist", "experimentation")]),
        ("She DEPLOYED MODELS to Kubernetes.", [("DEPLOYED MODELS", "ml-engineer", "model-deployment")]),
        ("Exploratory data analysis in R", [("Exploratory data analysis", "data-scientist", "exploratory-analysis")]),
        ("written in R, not r", [("R", "data-scientist", "r-language")]),
        ("Services in Node.js and C++", [("C++", "ml-engineer", "systems-languages")]),
        ("time-series analyses", [("time-series analyses", "data-scientist", "forecasting")]),
    ],
)
def test_exported_patterns_find_the_concepts(text, found, nlp):
    entities = [(entity.text, entity.label_, entity.id_) for entity in nlp(text).ents]
    assert set(found) <= set(entities) and (found or not entities)


def test_exported_names_are_matched_as_written(nlp):
    assert [entity.text for entity in nlp("r and R").ents] == ["R"]


def test_every_form_matches_when_it_stands_alone(compiled_lexicon, patterns):
    # What the matcher compares: the tokens of the form, one by one, on LOWER or on ORTH.
    by_concept = defaultdict(set)
    for pattern in patterns:
        by_concept[pattern["id"]].add(tuple(next(iter(token.items())) for token in pattern["pattern"]))
    tokenizer = spacy.blank("en").tokenizer
    for concept in compiled_lexicon.concepts:
        for form in concept.forms:
            for written in (form, form.title(), form.upper()):
                assert tuple(("LOWER", token.lower_) for token in tokenizer(written)) in by_concept[concept.id]
        for form in concept.exact:
            assert tuple(("ORTH", token.text) for token in tokenizer(form)) in by_concept[concept.id]


def test_forms_are_found_by_the_ruler_itself(compiled_lexicon, nlp):
    owners = defaultdict(set)
    for concept in compiled_lexicon.concepts:
        for form in (*concept.forms, *concept.exact):
            owners[form].add((concept.role, concept.id))
    for form in sorted(owners)[::100]:
        document = nlp(form)
        (entity,) = document.ents
        assert len(entity) == len(document)
        assert (entity.label_, entity.id_) in owners[form]


def test_exported_lines_are_one_pattern_each(compiled_lexicon, patterns):
    lines = entity_ruler_jsonl(compiled_lexicon).splitlines()
    assert [json.loads(line) for line in lines] == patterns
    assert len(set(lines)) == len(lines)
    assert all(set(pattern) == {"label", "pattern", "id"} for pattern in patterns)
    roles = {concept.id: concept.role for concept in compiled_lexicon.concepts}
    assert {(pattern["id"], pattern["label"]) for pattern in patterns} == set(roles.items())


def test_letters_at_the_end_of_a_sentence_are_found(nlp):
    found = [(entity.text, entity.ent_id_) for entity in nlp("We use R. They write C.").ents]
    assert found == [("R.", "r-language"), ("C.", "systems-languages")]
