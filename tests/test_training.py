from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from roleclassify.classifier import RoleClassifier, default_bundle
from roleclassify.errors import LabeledDataError
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.learning.preparation import prepare
from roleclassify.learning.training import TrainingOptions, train
from roleclassify.model.bundle import read_bundle, write_bundle
from roleclassify.text.document import Document


@pytest.mark.parametrize("question", ["leaning", "domain"])
def test_compiled_scores_equal_the_fitted_pipelines(question, trained, labeled):
    classifier = RoleClassifier(trained.bundle)
    texts = [document.text for document in labeled] + ["Deploy.", "insight " * 500]
    fitted = getattr(trained, question).score([prepare(text, trained.bundle.space.lexicon) for text in texts])
    for text, score in zip(texts, fitted, strict=True):
        answer = getattr(classifier.explain(text), question)
        assert math.isclose(answer.score, score, rel_tol=1e-12, abs_tol=1e-9)
        assert math.isclose(answer.probability, 1 / (1 + math.exp(-score)), abs_tol=1e-9)


def test_training_again_gives_the_same_bytes(trained, labeled, compiled_lexicon, tmp_path):
    again = train(
        [document for document in labeled if document.split == "train"], compiled_lexicon, version="1.0.0", n_jobs=2
    )
    for name, bundle in (("one", trained.bundle), ("two", again.bundle)):
        write_bundle(bundle, tmp_path / name)
    for part in ("bundle.json", "lexicon.json", "weights.npz"):
        assert (tmp_path / "one" / part).read_bytes() == (tmp_path / "two" / part).read_bytes()


def test_shipped_bundle_has_the_shipped_lexicon(compiled_lexicon):
    assert read_bundle(default_bundle()).space.lexicon == compiled_lexicon


@pytest.mark.parametrize("shipped", [True, False])
def test_no_concept_contradicts_its_role(shipped, trained):
    bundle = read_bundle(default_bundle()) if shipped else trained.bundle
    lexicon = bundle.space.lexicon
    of_role = {lexicon.labels[0]: -1, lexicon.labels[1]: 1}
    for concept, weight in zip(lexicon.concepts, bundle.leaning.concept_weights, strict=True):
        if concept.role in of_role:
            assert weight * of_role[concept.role] >= 0, concept.id
        else:
            assert weight == 0
    assert np.count_nonzero(bundle.leaning.concept_weights) > 60


def test_nothing_known_is_even(trained):
    assert RoleClassifier(trained.bundle).explain(Document("Wind and rain.")).leaning.score == 0


def test_weights_follow_the_side_that_holds_a_term(compiled_lexicon, labeled):
    """A term whose documents are all of one side never leans to the other."""
    documents = [
        replace(
            document,
            text=f"{document.text}\nThey were zorbified {'quux' if document.label == 'ml-engineer' else 'blorp'}.",
        )
        for document in labeled[:300]
        if document.label != "mixed"
    ]
    bundle = train(documents, compiled_lexicon, version="1").bundle
    weights = dict(zip(bundle.space.vocabulary, bundle.leaning.term_weights, strict=True))
    assert weights["quux"] > 0 > weights["blorp"]
    assert weights["zorbified"] == 0


def test_readings_overrule_titles(compiled_lexicon, labeled):
    """With every reading turned round, the model turns round."""
    documents = [
        replace(document, synthetic=False, reading={"data-scientist": 0.9, "ml-engineer": 0.1}.get(document.label))
        for document in labeled[:400]
    ]
    bundle = train(documents, compiled_lexicon, version="1").bundle
    classifier = RoleClassifier(bundle)
    mean = {
        label: np.mean([classifier.explain(item.text).leaning.score for item in documents[:100] if item.label == label])
        for label in classifier.labels
    }
    assert mean["data-scientist"] > mean["ml-engineer"]


def test_thresholds_are_told_with_what_they_gave(trained):
    shipped = read_bundle(default_bundle())
    for bundle in (shipped, trained.bundle):
        assert bundle.provenance["thresholds_out_of_fold"]["accuracy_of_given"] >= TrainingOptions().least_accuracy
    assert shipped.provenance["thresholds_out_of_fold"]["roles_lost_fraction"] <= TrainingOptions().most_lost


def test_training_needs_documents_of_every_label(labeled, compiled_lexicon):
    few = [document for document in labeled if document.label != "other"]
    with pytest.raises(LabeledDataError, match="0 documents labelled 'other'"):
        train(few, compiled_lexicon, version="1")


def test_training_that_cannot_work_says_why(labeled, compiled_lexicon):
    with pytest.raises(LabeledDataError, match="of one employer or group"):
        train([replace(item, employer="one", synthetic=False) for item in labeled[:300]], compiled_lexicon, version="1")
    turned = [
        replace(item, synthetic=False, employer="", reading=0.5 if item.label != "other" else None)
        for item in labeled[:200]
    ]
    with pytest.raises(LabeledDataError, match="lean to one role at most"):
        train(turned, compiled_lexicon, version="1")


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
        RoleClassifier(bundle, min_probability=0.5)
        .classify("Deploy PyTorch models with Docker, Kubernetes and CI/CD in production.")
        .label
        == "builder"
    )


def test_readings_that_leave_a_side_empty_are_told(labeled, compiled_lexicon):
    read = [replace(item, reading=0.7 if item.label != "other" else None) for item in labeled[::4]]
    with pytest.raises(LabeledDataError, match="lean to one role at most"):
        train(read, compiled_lexicon, version="1")
