from __future__ import annotations

import numpy as np
import pytest

from roleclassify.errors import LabeledDataError
from roleclassify.learning.crossvalidation import (
    Fold,
    copies_across,
    folds_by_employer,
    folds_by_source,
    judge_held_out,
    without_lexicon,
)
from roleclassify.learning.folds import near_duplicates, units
from roleclassify.learning.labeled import LabeledDocument
from roleclassify.learning.training import prepare_sample

TEXT = "we plan and build greenhouses for small towns and keep their heating in order all through the winter"
OTHER = "the archive keeps letters from sailors who wrote home about storms and cargo and the price of rope"


def test_near_duplicates_are_found_and_others_not():
    texts = [TEXT, OTHER, f"{TEXT} and spring", "short", "", TEXT.upper()]
    clusters = near_duplicates(texts)
    assert clusters[0] == clusters[2] == clusters[5]
    assert len(set(clusters.tolist())) == 4
    assert near_duplicates([]).tolist() == []


def test_many_copies_are_one_cluster():
    assert len(set(near_duplicates([TEXT] * 80 + ["too short"] * 3 + [OTHER]).tolist())) == 3


def test_units_join_employers_and_copies_in_a_chain():
    documents = [
        LabeledDocument("1", TEXT, "other", employer="a"),
        LabeledDocument("2", OTHER, "other", employer="a"),
        LabeledDocument("3", OTHER, "other", employer="b"),
        LabeledDocument("4", "nothing alike at all here", "other", employer="b"),
        LabeledDocument("5", "again something else", "other"),
        LabeledDocument("6", "and yet another one", "other"),
    ]
    joined = units(documents).tolist()
    assert len(set(joined[:4])) == 1
    assert len(set(joined)) == 3


@pytest.fixture(scope="module")
def sample(labeled, compiled_lexicon):
    """Half of the labelled documents as if found, in two sources of enough documents, some of them copies."""
    from dataclasses import replace

    roles = [item for item in labeled if item.label in compiled_lexicon.labels]
    found = [
        replace(item, synthetic=False, group=f"source {number % 2}", employer=str(number % 40))
        for number, item in enumerate(roles[:300])
    ]
    copy = replace(found[0], id="copy", group="source 1", employer="z")
    others = [item for item in labeled if item.label == "other"]
    return prepare_sample([*found, copy, *others], compiled_lexicon)


def test_sources_are_held_out_whole_and_their_copies_do_not_train(sample, compiled_lexicon):
    folds = folds_by_source(sample, compiled_lexicon.labels)
    assert [fold.name for fold in folds] == ["source 0", "source 1"]
    for fold in folds:
        assert not (fold.held & fold.training).any()
    assert (~folds[0].held & ~folds[0].training).sum() == 1
    assert copies_across(sample, folds) == 0


def test_a_copy_that_trains_raises_the_alarm(sample):
    held = np.zeros(len(sample.documents), dtype=bool)
    held[0] = True
    assert copies_across(sample, [Fold("leak", held, ~held)]) == 1


def test_employers_are_held_out_once_each(sample):
    folds = folds_by_employer(sample)
    held = np.sum([fold.held for fold in folds], axis=0)
    assert held.tolist() == [int(not document.synthetic) for document in sample.documents]
    for fold in folds:
        assert not set(sample.unit[fold.held]) & set(sample.unit[fold.training])
    assert copies_across(sample, folds) == 0


def test_held_out_documents_are_judged_by_a_model_that_tells_the_roles_apart(sample, compiled_lexicon):
    told = []
    (fold, *_) = folds_by_source(sample, compiled_lexicon.labels)
    judged = judge_held_out(sample, compiled_lexicon, [fold], progress=told.append)
    assert len(judged) == fold.held.sum()
    assert told == [f"1 of 1: training without source 0, {fold.held.sum()} documents"]
    right = [(item.score > 0) == (item.document.label == compiled_lexicon.labels[1]) for item in judged]
    assert np.mean(right) > 0.9


def test_folds_that_cannot_be_cut_say_why(labeled, compiled_lexicon):
    sample = prepare_sample(labeled[:60], compiled_lexicon)
    with pytest.raises(LabeledDataError, match="no group has 50"):
        folds_by_source(sample, compiled_lexicon.labels)
    with pytest.raises(LabeledDataError, match="fewer than 5 employers"):
        folds_by_employer(sample)


def test_without_the_lexicon_no_concept_is_found(compiled_lexicon):
    from roleclassify.text.tokens import tokenize

    bare = without_lexicon(compiled_lexicon)
    assert bare.match(tokenize("Docker and SQL in machine learning")) == []
    assert bare.titles == compiled_lexicon.titles
