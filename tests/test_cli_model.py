from __future__ import annotations

import json
import shutil

import pytest
from click.testing import CliRunner

import roleclassify
from pages import PageReader
from roleclassify.classifier import default_bundle
from roleclassify.cli.model import command
from roleclassify.model.overview import overview


def run(*arguments):
    return CliRunner().invoke(command, [str(argument) for argument in arguments], standalone_mode=False)


def test_show_names_every_concept_and_figure(classifier):
    printed = run("show").stdout
    for concept in classifier.bundle.space.lexicon.concepts:
        assert f"  {concept.id} " in printed
    for figure in classifier.bundle.provenance["thresholds_out_of_fold"].values():
        assert f"{100 * figure:.1f} %" in printed
    for limit in (classifier.thresholds.evidence, classifier.thresholds.probability):
        assert f"  {limit:g}  least" in printed
    assert max(map(len, printed.splitlines())) <= 100


def test_show_json_is_the_overview(classifier):
    shown = json.loads(run("show", "--format", "json", "--top", 3).stdout)
    assert shown == json.loads(json.dumps(overview(classifier.bundle, top=3).to_dict()))
    assert [len(terms) for terms in shown["terms"].values()] == [3, 3, 3, 3]


def test_overview_orders_by_weight_and_keeps_sides(classifier):
    shown = overview(classifier.bundle, top=50)
    weights = [abs(concept.leaning) for concept in shown.concepts]
    assert weights == sorted(weights, reverse=True)
    first, second = shown.labels
    assert all(weight < 0 for _, weight in shown.terms[first])
    assert all(weight > 0 for _, weight in shown.terms[second])
    for concept in shown.concepts:
        assert (concept.leaning < 0) <= (concept.role == first)
        assert all(0 <= share <= 1 for share in concept.presence)


def test_concepts_are_commoner_in_their_own_role(classifier):
    shown = overview(classifier.bundle, top=0)
    common = [concept for concept in shown.concepts if max(concept.presence) > 0.5 and concept.role in shown.labels]
    own = [concept.presence[shown.labels.index(concept.role)] == max(concept.presence) for concept in common]
    assert sum(own) > 0.8 * len(own) > 10


def test_show_writes_a_page(tmp_path, classifier):
    done = run("show", "--html", tmp_path / "model.html")
    page = (tmp_path / "model.html").read_text(encoding="utf-8")
    assert "wrote" in done.stderr
    assert "table" in PageReader(page).tags
    assert all(concept.id in page for concept in classifier.bundle.space.lexicon.concepts)


def test_verify_tells_a_whole_model_from_a_damaged_one(tmp_path):
    assert run("verify").return_value == 0
    folder = shutil.copytree(default_bundle(), tmp_path / "bundle")
    (folder / "lexicon.json").write_bytes((folder / "lexicon.json").read_bytes() + b" ")
    done = run("verify", "--model", folder)
    assert done.return_value == 1
    assert "is not the file that bundle.json vouches for" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("arguments", [["show", "--html", "none/model.html"], ["show", "--top", "-1"]])
def test_wrong_usage_is_told(arguments):
    from click import UsageError

    assert isinstance(run(*arguments).exception, UsageError)


def test_a_model_in_memory_has_an_overview(trained):
    shown = overview(trained.bundle, top=2)
    assert len(shown.concepts) == len(roleclassify.load().bundle.space.lexicon.concepts)
    assert any(max(concept.presence) > 0.5 for concept in shown.concepts)


def test_show_marks_concepts_laid_over_the_model(tmp_path):
    own = tmp_path / "mine.toml"
    concept = '[[concept]]\nid = "real-time-bidding"\nrole = "ml-engineer"\nexact = ["RTB"]\nweight = 0.5\n'
    own.write_text(concept, encoding="utf-8")
    done = run("show", "--lexicon", own, "--html", tmp_path / "page.html")
    assert "ds-vs-mle" in done.stdout.splitlines()[0]
    assert "+ mine.toml" in done.stdout.splitlines()[0]
    (line,) = [line for line in done.stdout.splitlines() if " real-time-bidding " in line]
    assert line.split()[0] == "+0.50"
    assert "(given weight)" in line
    assert "weight given, not learned" in (tmp_path / "page.html").read_text(encoding="utf-8")
