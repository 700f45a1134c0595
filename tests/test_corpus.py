"""Measured on real postings, which are no part of the project; see the fixture ``corpus``."""

from __future__ import annotations

import pytest

from roleclassify.learning.evaluation import judge, summarize
from roleclassify.learning.labeled import Columns, read_labeled


@pytest.fixture(scope="module")
def summary(corpus, classifier):
    columns = Columns(text="text_masked", group="source_group")
    documents = read_labeled([corpus / "postings.parquet"], classifier.labels, columns=columns)
    return summarize(judge(classifier, documents, n_jobs=2), classifier.labels)


def test_real_postings_are_ranked_inside_their_sources(summary):
    assert len(summary["within_groups"]["groups"]) >= 3
    assert summary["within_groups"]["mean_auc"] >= 0.90


def test_real_postings_are_answered_additively(summary):
    assert summary["n_documents"] > 3000
    assert summary["largest_residual"] < 1e-9


def test_real_postings_are_rarely_lost(summary):
    assert summary["domain"]["roles_lost_fraction"] < 0.03
