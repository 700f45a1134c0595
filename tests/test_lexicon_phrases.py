"""Words and their tags, the phrases made of them, and how phrases are weighed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roleclassify.errors import MissingExtraError
from roleclassify.lexicon.derive.lists import listed_names
from roleclassify.lexicon.derive.phrases import glue_of, noun_runs, phrases_of
from roleclassify.lexicon.derive.screening import nested_nouns
from roleclassify.lexicon.derive.tables import WordTables, word_tables
from roleclassify.lexicon.derive.tagging import tag
from roleclassify.lexicon.derive.weights import PRIOR_STRENGTH, log_odds_z

SHORT = {"noun": "N", "name": "P", "adjective": "A", "verb": "V", "adverb": "R", "determiner": "d", "function": "f"}


@pytest.fixture(scope="module")
def tables():
    return word_tables()


@pytest.mark.parametrize(
    ("text", "tagged"),
    [
        ("", ""),
        ("Building dashboards", "build/V dashboard/N"),
        ("build the dashboards", "build/V the/d dashboard/N"),
        ("designing and building pipelines", "design/V and/f build/V pipeline/N"),
        ("Writes reports, runs surveys", "write/V report/N run/V survey/N"),
        ("clean data", "clean/V data/N"),
        ("of clean data", "of/f clean/A data/N"),
        ("skills in programming languages", "skill/N in/f programming/N language/N"),
        ("experience in building pipelines", "experience/N in/f build/V pipeline/N"),
        ("data engineering", "data/N engineering/N"),
        ("they are loading tables", "they/f are/f load/V table/N"),
        ("to test the schemas", "to/f test/V the/d schema/N"),
        ("unit tests", "unit/N test/N"),
        ("managers need reports", "manager/N need/V report/N"),
        ("production-ready code", "production-ready/A code/N"),
        ("the company's datasets", "the/d company's/d dataset/N"),
        ("the findings and hypotheses", "the/d finding/N and/f hypothesis/N"),
        ("in Kafka or dbt", "in/f kafka/P or/f dbt/N"),
        ("tools such as Excel, Power BI and R", "tool/N such/d as/f excel/P power/P bi/P and/f r/P"),
        ("Statistics is fun", "statistics/N is/f fun/N"),
        ("MAIN DUTIES", "main/A duty/N"),
        ("[ROLE] reports weekly", "[role]/other report/V weekly/N"),
    ],
)
def test_tags_fit_the_words_around(text, tagged, tables):
    assert " ".join(f"{word.lemma}/{SHORT.get(word.tag, word.tag)}" for word in tag(text, tables)) == tagged


@pytest.mark.parametrize(
    ("text", "has", "lacks"),
    [
        ("", [], []),
        (
            "Designing and building scalable reporting systems and pipelines.",
            "design scalable reporting system|build reporting system|design pipeline|build pipeline|"
            "scalable reporting system|reporting system|system|pipeline|scalable".split("|"),
            ["scalable reporting", "building pipeline", "system pipeline"],
        ),
        ("Carries out customer surveys", ["carry out customer survey", "customer survey", "survey"], ["out customer"]),
        ("works closely with department heads", ["department head"], ["work department head"]),
        ("meets with the managers", ["meet with the managers", "meet with managers"], ["meet with manager"]),
        ("checks the accuracy of the figures", ["accuracy of the figures", "check the accuracy", "accuracy"], []),
        ("presentation of results", ["presentation of results"], ["presentation result"]),
        ("They need charts to count", ["count", "chart"], ["need", "need chart"]),
        ("uses the Power BI service", ["Power BI service", "Power BI"], ["power"]),
        ("reports, which count", ["report"], ["report count"]),
        ("a very long chain of one two three four five six seven nouns", [], ["one two three four five"]),
    ],
)
def test_phrases_are_what_a_lexicon_would_hold(text, has, lacks, tables):
    words = tag(text, tables)
    found = {phrase.text for phrase in phrases_of(words, noun_runs(words), frozenset())}
    assert not set(has) - found
    assert not set(lacks) & found


def test_nouns_that_belong_together_are_not_parted(tables):
    passages = [tag(text, tables) for text in ("a power plant crew", "the power plant", "a power plant", "crew")]
    glue = glue_of(passages)
    assert glue == {("power", "plant")}
    found = {phrase.text for phrase in phrases_of(passages[0], noun_runs(passages[0]), glue)}
    assert found == {"power plant crew", "crew", "power plant"}


def test_lists_tell_of_what_kind_names_are_and_which_stand_together(tables):
    words = tag("It takes tools such as Kafka, Airflow or charts, and languages like the Python.", tables)
    listed = set(listed_names(words, noun_runs(words)))
    assert {(one.name, one.kind) for one in listed if one.kind} == {
        (("kafka",), "tool"),
        (("airflow",), "tool"),
        (("python",), "language"),
    }
    assert {(one.name, one.beside) for one in listed if one.beside} == {
        (("kafka",), ("airflow",)),
        (("airflow",), ("kafka",)),
    }


def test_nouns_that_stand_in_one_longer_phrase_are_pieces():
    where = {
        ("forest",): [1, 2, 3, 4, 5],
        ("random", "forest"): [1, 2, 3, 4],
        ("tree",): [1, 2],
        ("oak", "tree"): [1, 2],
    }
    assert nested_nouns(where) == {("forest",)}


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("build", ("builds", "built", "building")),
        ("run", ("runs", "ran", "running")),
        ("learn", ("learns", "learnt", "learned", "learning")),
        ("work", ()),
        ("deploy", ()),
        ("plan", ()),
    ],
)
def test_irregular_verbs_are_spelled_out(word, forms, tables):
    assert tables.verb_forms(word) == forms


@pytest.mark.parametrize(
    ("word", "forms"),
    [
        ("hypothesis", ("hypotheses",)),
        ("schema", ("schemata", "schemas")),
        ("dataset", ("datasets",)),
        ("pipeline", ()),
        ("analytics", ()),
    ],
)
def test_irregular_and_unknown_nouns_are_spelled_out(word, forms, tables):
    assert tables.noun_forms(word) == forms


def test_tables_name_the_missing_package(monkeypatch):
    def nothing_installed(*args, **kwargs):
        raise ValueError("[E955] Can't find table(s) lemma_index for language 'en' in spacy-lookups-data.")

    monkeypatch.setattr("spacy.pipeline.lemmatizer.load_lookups", nothing_installed)
    with pytest.raises(MissingExtraError, match=r"spacy-lookups-data.*roleclassify\[train\]"):
        WordTables()


def test_weights_are_those_of_the_paper():
    first, second = {"a": 3, "b": 1}, {"a": 1, "b": 4}
    pooled = {"a": 4, "b": 6}
    prior_a, prior_b = 4 * PRIOR_STRENGTH, 6 * PRIOR_STRENGTH
    prior = prior_a + prior_b + PRIOR_STRENGTH
    ratio = math.log((1 + prior_a) / (5 + prior - 1 - prior_a)) - math.log((3 + prior_a) / (4 + prior - 3 - prior_a))
    expected = ratio / math.sqrt(1 / (1 + prior_a) + 1 / (3 + prior_a))
    assert log_odds_z(first, second, pooled)["a"] == pytest.approx(expected)


COUNTS = st.dictionaries(st.sampled_from("abcde"), st.integers(0, 50), min_size=1)


@given(COUNTS, COUNTS)
def test_weights_turn_with_the_roles_and_vanish_between_equals(first, second):
    pooled = {key: first.get(key, 0) + second.get(key, 0) + 1 for key in {*first, *second}}
    forth, back = log_odds_z(first, second, pooled), log_odds_z(second, first, pooled)
    assert forth == pytest.approx({key: -z for key, z in back.items()})
    assert log_odds_z(first, first, pooled) == pytest.approx(dict.fromkeys(pooled, 0), abs=1e-12)


@given(st.integers(1, 30), st.integers(1, 30))
def test_weights_grow_with_the_evidence(few, more):
    others = {"b": 1000}
    z = [log_odds_z({"a": 1, **others}, {"a": n, **others}, {"a": n + 1, "b": 2000})["a"] for n in (few, few + more)]
    assert z[0] < z[1]
