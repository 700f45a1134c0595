from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from roleclassify.classifier import RoleClassifier, default_bundle
from roleclassify.errors import LabeledDataError
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.learning.preparation import prepare
from roleclassify.learning.training import train
from roleclassify.model.bundle import read_bundle, write_bundle
from roleclassify.text.document import Document


@pytest.mark.parametrize("question", ["leaning", "domain"])
def test_compiled_scores_equal_the_fitted_pipelines(question, trained, labeled):
    classifier = RoleClassifier(trained.bundle)
    texts = [document.text for document in labeled] + ["Deploy.", "insight " * 500]
    pipeline = getattr(trained, question)
    prepared = [prepare(text, trained.bundle.space.lexicon) for text in texts]
    fitted = pipeline.predict_proba(prepared)[:, 1]
    # The calibrated log-odds as scikit-learn has them, before they become a probability: -(a z + b).
    calibrated = pipeline["classifier"].calibrated_classifiers_[0]
    z = calibrated.estimator.decision_function(pipeline["features"].transform(prepared))
    scores = -(calibrated.calibrators[0].a_ * z + calibrated.calibrators[0].b_)
    for text, probability, score in zip(texts, fitted, scores, strict=True):
        answer = getattr(classifier.explain(text), question)
        assert math.isclose(answer.probability, probability, abs_tol=1e-9)
        assert math.isclose(answer.score, score, rel_tol=1e-12, abs_tol=1e-9)


def test_training_again_gives_the_same_bytes(trained, labeled, compiled_lexicon, tmp_path):
    again = train(
        [document for document in labeled if document.split == "train"], compiled_lexicon, version="1.0.0", n_jobs=2
    )
    for name, bundle in (("one", trained.bundle), ("two", again.bundle)):
        write_bundle(bundle, tmp_path / name)
    for part in ("bundle.json", "lexicon.json", "weights.npz"):
        assert (tmp_path / "one" / part).read_bytes() == (tmp_path / "two" / part).read_bytes()


def test_shipped_bundle_is_what_training_gives(trained):
    shipped = read_bundle(default_bundle())
    assert shipped.space.vocabulary == trained.bundle.space.vocabulary
    assert shipped.space.lexicon == trained.bundle.space.lexicon
    assert shipped.provenance["documents_sha256"] == trained.bundle.provenance["documents_sha256"]
    for question in ("leaning", "domain"):
        one, other = getattr(shipped, question), getattr(trained.bundle, question)
        # Not to the last bit: the platform that trained the shipped one may have been another.
        assert one.bias == pytest.approx(other.bias, abs=1e-3)
        np.testing.assert_allclose(one.concept_weights, other.concept_weights, atol=1e-3)
        np.testing.assert_allclose(one.term_weights, other.term_weights, atol=1e-3)


def test_concepts_keep_the_side_of_their_role(trained):
    lexicon = trained.bundle.space.lexicon
    for concept, weight in zip(lexicon.concepts, trained.bundle.leaning.concept_weights, strict=True):
        expected = {lexicon.labels[0]: -1, lexicon.labels[1]: 1}.get(concept.role, 0)
        assert np.sign(weight) == expected, concept.id


def test_training_is_fair_to_both_sides(trained):
    classifier = RoleClassifier(trained.bundle)
    assert abs(classifier.explain(Document("Wind and rain.")).leaning.score) < 0.5


def test_training_needs_documents_of_every_label(labeled, compiled_lexicon):
    few = [document for document in labeled if document.label != "other"]
    with pytest.raises(LabeledDataError, match="0 documents labelled 'other'"):
        train(few, compiled_lexicon, version="1")


def test_training_tells_its_progress_and_takes_other_roles(labeled, compiled_lexicon):
    names = {"data-scientist": "analyst", "ml-engineer": "builder"}
    lexicon = replace(
        compiled_lexicon,
        labels=("analyst", "builder"),
        concepts=tuple(
            replace(concept, role=names.get(concept.role, concept.role)) for concept in compiled_lexicon.concepts
        ),
    )
    documents = [LabeledDocument("blank", " \n", "other")] + [
        LabeledDocument(
            document.id, document.text, names.get(document.label, document.label), near_miss=document.near_miss
        )
        for document in labeled[::6]
    ]
    steps = []
    bundle = train(documents, lexicon, version="2", progress=steps.append).bundle
    assert len(steps) >= 4
    assert steps[0] == "leaving out 1 documents without text"
    assert (
        RoleClassifier(bundle).classify("Deploy PyTorch models with Docker, Kubernetes and CI/CD in production.").label
        == "builder"
    )
