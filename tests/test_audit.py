from __future__ import annotations

import json
import math
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roleclassify.classifier import RoleClassifier
from roleclassify.learning.audit import Attribute, audit, load_attributes, load_carriers, summarize
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.model.linear import sigmoid
from roleclassify.rendering.audit import audit_report
from roleclassify.result import DOMAIN_SIDES, Answer, Contribution, Explanation

LABELS = ("one", "two")
ATTRIBUTES = {attribute.name: attribute for attribute in load_attributes()}
NAMES = Attribute(
    name="name",
    line="Emily Walsh",
    pattern=re.compile("Emily Walsh|Otto Frey"),
    neutral="Xxxxx Xxxxx",
    groups={"a": ["Emily Walsh"], "b": ["Greg Baker", "Omar Khalil"]},
    within=re.compile(r"[^\n]+"),
    at_top=True,
    resumes=True,
)


@dataclass(frozen=True)
class Stub:
    """A classifier that adds up weights of words; the domain is always sure."""

    weights: dict[str, float]
    bias: float = -1.0
    labels: tuple[str, str] = LABELS
    model: str = "stub 1"
    seen: list[str] = field(default_factory=list, compare=False)

    def explain(self, document):
        self.seen.append(document.text)
        contributions = []
        for word in sorted(set(document.text.lower().split()) & set(self.weights)):
            spans = tuple(match.span() for match in re.finditer(re.escape(word), document.text.lower()))
            value = self.weights[word]
            contributions.append(Contribution(word, "term", LABELS[value > 0], 1.0, value, value, spans))
        score = self.bias + math.fsum(item.contribution for item in contributions)
        leaning = Answer(LABELS, sigmoid(score), score, self.bias, tuple(contributions))
        domain = Answer(DOMAIN_SIDES, sigmoid(3.0), 3.0, 3.0, ())
        return Explanation(document, LABELS[score > 0], None, leaning, domain, None, LABELS, self.model)


def document(text, *, kind="resume", name="d"):
    return LabeledDocument(name, text, "one", kind=kind)


def filled(attribute, text, value):
    """The swap of ``value`` into ``text``, as a classifier sees it."""
    stub = Stub({})
    one = replace(ATTRIBUTES[attribute], groups={"group": [value]})
    audit(stub, [document(text)], [one])
    return stub.seen[-1] if len(stub.seen) > 2 else None


def test_biased_stub_by_hand():
    comparisons = audit(Stub({"walsh": 2.0}), [document("Statistics."), document("Otto Frey\nSQL", name="e")], [NAMES])
    summary = summarize(comparisons, LABELS)
    assert summary["n_documents"] == 2
    shift = sigmoid(1.0) - sigmoid(-1.0)
    found = summary["attributes"]["name"]
    assert (found["n_documents"], found["n_documents_swapped"], found["n_comparisons"]) == (2, 1, 9)
    assert found["leaning"] == {"largest_shift": shift, "mean_shift": pytest.approx(shift / 3)}
    assert found["domain"] == {"largest_shift": 0.0, "mean_shift": 0.0}
    assert (found["n_flips"], found["n_norm_only"]) == (3, 0)
    assert found["worst"] == {"id": "d", "value": "Emily Walsh", "swapped": False}
    assert found["causes"] == [
        {
            "feature": "walsh",
            "kind": "term",
            "n_comparisons": 3,
            "mean_leaning_contribution": 2.0,
            "mean_domain_contribution": 0.0,
            "values": ["Emily Walsh"],
        }
    ]
    assert found["groups"]["a"] == {
        "n_comparisons": 3,
        "mean_leaning_shift": pytest.approx(shift),
        "selection_rate": {"one": 0.0, "two": 1.0},
        "impact_ratio": {"one": 0.0, "two": 1.0},
    }
    assert found["groups"]["b"]["impact_ratio"] == {"one": 1.0, "two": 0.0}


def test_a_label_that_nobody_gets_has_no_impact_ratio():
    found = summarize(audit(Stub({}), [document("SQL")], [NAMES]), LABELS)["attributes"]["name"]
    assert found["worst"] is None
    assert found["groups"]["a"]["impact_ratio"] == {"one": 1.0, "two": None}


def test_a_shift_of_the_domain_without_a_cause_is_counted():
    found = audit(Stub({}), [document("SQL")], [NAMES])
    shifted = [replace(found[0], domain_shift=-0.25), *found[1:]]
    summary = summarize(shifted, LABELS)
    assert summary["attributes"]["name"]["domain"] == {"largest_shift": 0.25, "mean_shift": pytest.approx(0.25 / 3)}
    assert summary["attributes"]["name"]["n_norm_only"] == 1
    assert "words without weight, in 1 comparisons" in audit_report({"model": "stub 1", **summary})


@pytest.mark.parametrize(("at_top", "text"), [(True, "Emily Walsh\nSQL\nR"), (False, "SQL\nR\nEmily Walsh")])
def test_a_line_is_inserted_where_it_belongs(at_top, text):
    stub = Stub({})
    audit(stub, [document("SQL\nR")], [replace(NAMES, at_top=at_top)])
    assert stub.seen[:2] == [text.replace("Emily Walsh", "Xxxxx Xxxxx"), text]


def test_own_names_of_postings_are_left():
    found = audit(Stub({}), [document("Otto Frey", kind="posting")], [NAMES])
    assert not any(item.swapped for item in found)


WORDS = "Python SQL He she her Her. his German Swiss\n BSc 2012 University of Leeds , Mia Orr\n".split(" ")


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(WORDS)).map(" ".join), st.sampled_from(["resume", "posting", ""]))
def test_a_model_blind_to_the_values_shows_no_shift_at_all(text, kind):
    stub = Stub({"python": 1.3, "sql": -0.4, "leeds": 0.1})
    comparisons = audit(stub, [document(text, kind=kind)], list(ATTRIBUTES.values()))
    assert {(item.leaning_shift, item.domain_shift, item.flipped) for item in comparisons} == {(0.0, 0.0, False)}
    for attribute in summarize(comparisons, LABELS)["attributes"].values():
        assert attribute["worst"] is None
        assert attribute["causes"] == []
        for figures in attribute["groups"].values():
            assert set(figures["impact_ratio"].values()) <= {1.0, None}


@pytest.mark.parametrize(
    ("attribute", "text", "value", "expected"),
    [
        ("name", "", "Ann Lee", None),
        ("name", "AOIFE BRENNAN-DALY, PhD\nGalway", "Ann Lee", "ANN LEE, PhD\nGalway"),
        ("name", "Kofi B. Lindgren | Toronto. Engineer.", "Ann Lee", "Ann Lee | Toronto. Engineer."),
        ("name", "Curriculum Vitae\nKofi Lindgren", "Ann Lee", None),
        ("name", "EXECUTIVE CHEF\nSummary", "Ann Lee", None),
        ("name", "Ran forty split tests on sign-up pages", "Ann Lee", None),
        ("pronoun", "She knows her code; ask her. It is hers.", "he", "He knows his code; ask him. It is his."),
        ("pronoun", "They said the HIS application is theirs.", "he", None),
        ("school", "BSc, University of Leeds, 2012", "Smith College", "BSc, Smith College, 2012"),
        ("school", "MSc - Iowa State University", "Smith College", "MSc - Smith College"),
        ("school", "a university degree", "Smith College", None),
        ("graduation_year", "2009-2013 BSc Physics\n2014 onwards", "1976", "1976-1976 BSc Physics\n2014 onwards"),
        ("graduation_year", "Analyst since 2014", "1976", None),
        ("nationality", "Swiss, speaks German", "Thai", "Thai, speaks Thai"),
        ("nationality", "fluent in English, to polish prose", "Thai", None),
    ],
)
def test_own_values_are_swapped(attribute, text, value, expected):
    if attribute == "pronoun":
        (value,) = ATTRIBUTES[attribute].groups[value]
    assert filled(attribute, text, value) == expected


@pytest.mark.parametrize("attribute", ATTRIBUTES.values(), ids=ATTRIBUTES)
def test_every_line_holds_a_gap_and_every_value_each_form(attribute):
    assert attribute.gaps(attribute.line, 0, len(attribute.line))
    for values in attribute.groups.values():
        for value in values:
            assert isinstance(value, str) or value.keys() == attribute.pattern.groupindex.keys()


def biased(classifier, word, weight):
    """The shipped model with a weight on a word that it does not know."""
    bundle = classifier.bundle
    assert word not in bundle.space.vocabulary
    vocabulary = {**bundle.space.vocabulary, word: len(bundle.space.vocabulary)}
    space = replace(bundle.space, vocabulary=vocabulary, idf=(*bundle.space.idf, 8.0))
    leaning = replace(bundle.leaning, term_weights=(*bundle.leaning.term_weights, weight))
    domain = replace(bundle.domain, term_weights=(*bundle.domain.term_weights, 0.0))
    return RoleClassifier(replace(bundle, space=space, leaning=leaning, domain=domain))


def test_a_biased_bundle_is_caught_and_its_word_named(classifier):
    model = biased(classifier, "emily", 60.0)
    found = summarize(audit(model, load_carriers(), load_attributes()), model.labels)["attributes"]["name"]
    assert found["leaning"]["largest_shift"] > 0.5
    assert found["n_flips"] > 0
    assert found["worst"]["value"] == "Emily Walsh"
    assert (found["causes"][0]["feature"], found["causes"][0]["values"]) == ("emily", ["Emily Walsh"])
    assert found["groups"]["men, English"]["impact_ratio"][model.labels[1]] < 0.8
    assert found["groups"]["women, English"]["impact_ratio"][model.labels[0]] < 0.8


@pytest.fixture(scope="module")
def shipped(classifier):
    return audit(classifier, load_carriers(), load_attributes())


def test_shipped_model_is_blind_or_names_the_word(shipped):
    for item in shipped:
        if item.attribute == "school" or item.group == "also words of the work":
            assert item.causes or item.leaning_shift == item.domain_shift == 0
        else:
            assert (item.leaning_shift, item.domain_shift, item.flipped) == (0, 0, False), item.value


def test_audit_does_not_depend_on_the_number_of_workers(classifier, shipped):
    done = []
    assert audit(classifier, load_carriers(), load_attributes(), n_jobs=2, progress=done.append) == shipped
    assert sum(done) == len(load_carriers())


def test_report_marks_low_ratios_and_counts_what_it_leaves_out():
    many = {f"w{number}": 0.1 for number in range(10)}
    groups = {"a": ["Emily Walsh"], "b": [" ".join(many)], "c": ["w1"], "d": ["w1 w2"], "e": ["w1 w3"]}
    comparisons = audit(Stub({"walsh": 2.0, **many}), [document("SQL", name="d\n1")], [replace(NAMES, groups=groups)])
    text = audit_report({"model": "stub 1", **summarize(comparisons, LABELS)})
    for piece in ("stub 1 on 1 documents", "largest in d?1 (Emily Walsh, inserted)", "and 3 weaker", "and 1 more"):
        assert piece in text
    assert re.search(r"  b +1\.000 \(1\.000\) +\*0\.000 \(0\.000\) +\+0\.2311\n", text)
    assert max(map(len, text.splitlines())) <= 120


def run(*arguments):
    return subprocess.run(
        [sys.executable, "-c", "from roleclassify.cli import main; main()", "audit", *map(str, arguments)],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


def test_command_audits_its_own_documents(classifier, shipped):
    result = run()
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout == audit_report({"model": classifier.model, **summarize(shipped, classifier.labels)})


def test_command_audits_a_table_and_shows_no_text(tmp_path, classifier):
    row = {"kind": "resume", "label": classifier.labels[0], "body": "Otto Frey, zebrafish"}
    rows = [{**row, "id": f"r{number}", "split": split} for number, split in enumerate(["train", "test", "test"])]
    table = tmp_path / "table.jsonl"
    table.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    result = run(table, "--split", "test", "--text-column", "body", "--format", "json", "--jobs", "2", "--quiet")
    assert (result.returncode, result.stderr) == (0, "")
    summary = json.loads(result.stdout)
    assert summary["n_documents"] == 2
    assert summary["attributes"].keys() == ATTRIBUTES.keys()
    assert summary["attributes"]["name"]["n_documents_swapped"] == 2
    assert not {"Frey", "zebrafish"} & set(re.findall(r"\w+", result.stdout))


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["none.jsonl"], 3, "cannot be read"),
        (["none.txt"], 3, "unknown kind of table"),
        (["--split", "test"], 2, "name a table"),
        (["--jobs", "0"], 2, "--jobs"),
        (["--model", "none"], 3, "no model bundle here"),
    ],
)
def test_wrong_use_is_one_clear_line_and_a_status(arguments, status, says, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    result = run(*arguments)
    assert (result.returncode, result.stdout) == (status, "")
    assert says in result.stderr
    assert "Traceback" not in result.stderr
    assert sum(line.startswith("Error: ") for line in result.stderr.splitlines()) == 1
