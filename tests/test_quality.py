"""What the shipped model must reach; ``python benchmarks/quality.py --floors`` writes the floors."""

from __future__ import annotations

import csv
import hashlib
import tomllib

import pytest

from conftest import LABELED, ROOT
from roleclassify.learning.crossvalidation import copies_across, folds_by_source, judge_held_out
from roleclassify.learning.evaluation import judge, summarize
from roleclassify.learning.labeled import read_labeled, read_readings
from roleclassify.learning.training import fit, prepare_sample

FLOORS = tomllib.loads((ROOT / "tests" / "quality.toml").read_text(encoding="utf-8"))
TABLES = ("postings.parquet", "negatives.parquet", "profiles.parquet")
VERDICTS = ROOT / "src" / "roleclassify" / "learning" / "evidence_verdicts" / "ds-vs-mle.csv"


def digest(*paths):
    hashed = hashlib.sha256()
    for path in paths:
        hashed.update(path.read_bytes())
    return hashed.hexdigest()


def test_floors_are_of_these_labelled_documents():
    assert FLOORS["labeled"]["sha256"] == digest(LABELED)


@pytest.mark.parametrize("figure", ["auc", "accuracy", "given_fraction"])
def test_labelled_documents_of_other_writers(figure, classifier):
    documents = read_labeled([LABELED], classifier.labels, split="test")
    assert summarize(judge(classifier, documents), classifier.labels)["by_title"][figure] >= FLOORS["labeled"][figure]


def test_heaviest_features_were_judged_to_be_of_the_work(classifier):
    with VERDICTS.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    second = [row["second"] == "yes" for row in rows if row["second"]]
    assert len(second) > 400
    assert sum(second) / len(second) >= 0.95
    verdicts = {row["feature"]: row["third"] or row["second"] or row["first"] for row in rows}
    bundle = classifier.bundle
    terms = zip(bundle.space.vocabulary, bundle.leaning.term_weights, strict=True)
    concepts = zip((item.id for item in bundle.space.lexicon.concepts), bundle.leaning.concept_weights, strict=True)
    ordered = sorted([*terms, *concepts], key=lambda item: item[1])
    for side in (ordered[:200], ordered[-200:]):
        # Those that nobody has judged count as no.
        assert sum(verdicts.get(name) == "yes" for name, _ in side) / len(side) >= 0.95


@pytest.fixture(scope="module")
def sample(corpus, classifier):
    lexicon = classifier.bundle.space.lexicon
    documents = read_labeled(
        [*(corpus / name for name in TABLES), LABELED],
        classifier.labels,
        split="train",
        readings=read_readings(corpus / "readings.csv", classifier.labels),
        near_misses=lexicon.near_misses,
    )
    return prepare_sample(documents, lexicon, n_jobs=2)


@pytest.fixture(scope="module")
def held_out(sample, classifier):
    """What models that saw nothing of a source make of it."""
    folds = folds_by_source(sample, classifier.labels)
    assert len(folds) == 3
    assert copies_across(sample, folds) == 0
    judged = judge_held_out(sample, classifier.bundle.space.lexicon, folds, n_jobs=2)
    return summarize(judged, classifier.labels)


def test_real_sources_held_out(held_out, corpus):
    floors = FLOORS["folds"]
    assert floors["sha256"] == digest(*(corpus / name for name in TABLES), corpus / "readings.csv"), (
        "the floors were measured on another corpus: run benchmarks/quality.py --floors"
    )
    read, title = held_out["by_reading"], held_out["by_title"]
    assert read["mean_auc_within_groups"] >= floors["mean_auc_by_reading"]
    assert title["mean_auc_within_groups"] >= floors["mean_auc_by_title"]
    assert read["accuracy"] >= floors["accuracy_by_reading"]
    assert read["accuracy_of_given"] >= floors["accuracy_of_given"]
    assert held_out["calibration"]["expected_calibration_error"] <= floors["most_calibration_error"]
    assert held_out["domain"]["roles_lost_fraction"] <= floors["most_roles_lost"]
    assert not held_out["leakage"]["alarm"]
    assert held_out["largest_residual"] < 1e-9


def test_lexicon_earns_its_place_on_real_sources(held_out):
    read = held_out["by_reading"]
    assert read["mean_auc_within_groups"] >= FLOORS["folds"]["mean_auc_without_lexicon"]
    assert read["lexicon_alone_mean_auc_within_groups"] > 0.9


def test_shipped_bundle_is_what_training_gives(sample, classifier):
    shipped = classifier.bundle
    again = fit(sample, shipped.space.lexicon, version=shipped.version).bundle
    assert shipped.space.vocabulary == again.space.vocabulary
    assert shipped.provenance["documents_sha256"] == again.provenance["documents_sha256"]
    assert shipped.thresholds == again.thresholds
    for question in ("leaning", "domain"):
        one, other = getattr(shipped, question), getattr(again, question)
        # Not to the last bit: the platform that trained the shipped one may have been another.
        assert one.bias == pytest.approx(other.bias, abs=1e-3)
        assert one.concept_weights == pytest.approx(other.concept_weights, abs=1e-3)
        assert one.term_weights == pytest.approx(other.term_weights, abs=1e-3)
