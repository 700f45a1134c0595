"""The scikit-learn estimators that training is made of; their input are prepared documents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import norm
from sklearn.base import BaseEstimator, ClassifierMixin, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression

from roleclassify.learning.preparation import Prepared
from roleclassify.learning.vocabulary import select_vocabulary
from roleclassify.lexicon.compiled import CompiledLexicon
from roleclassify.lexicon.roles import SHARED

Numbers = npt.NDArray[np.float64]

FULL_LENGTH = 120
"""Words from which a document counts as whole; below, it is an excerpt."""

DECIMALS = 6
"""Weights are rounded to this many decimals, so that the last bits of an optimiser's path do not reach the bundle."""

CONCEPT_NORM = math.log(2)
"""A document with a single match is divided by this: its concept gets the value 1."""

_MOST_ROUNDS = 8


class TermFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF of the chosen terms: (1 + log count) * idf, divided by the document's Euclidean norm or ``norm_``.

    ``norm_`` is half the median norm of the training documents of full length, and the least that is divided by: under
    the plain norm the one known word of a one-line text gets the value 1 and outweighs every concept. A text of full
    length is normalised as usual. (A floor is the simplest pivoted normalisation; Singhal et al. 1996, "Pivoted
    document length normalization".)
    """

    def __init__(self, lexicon: CompiledLexicon, min_documents: int, min_employers: int) -> None:
        self.lexicon = lexicon
        self.min_documents = min_documents
        self.min_employers = min_employers

    def fit(self, documents: Sequence[Prepared], employers: Sequence[int]) -> Self:
        """Choose the vocabulary and learn how rare each term is; ``employers`` numbers who wrote each document."""
        self.vocabulary_ = select_vocabulary(
            documents, employers, self.lexicon, min_documents=self.min_documents, min_employers=self.min_employers
        )
        if not self.vocabulary_:
            return self
        self.counter_ = CountVectorizer(analyzer=_term_names, vocabulary=self.vocabulary_)
        self.tfidf_ = TfidfTransformer(sublinear_tf=True, norm=None).fit(self.counter_.transform(documents))
        self.tfidf_.idf_ = np.round(self.tfidf_.idf_, DECIMALS)
        long = [document for document in documents if len(document.words) >= FULL_LENGTH] or list(documents)
        # Never 0: with hardly any term chosen the median document may hold none.
        self.norm_ = max(1.0, float(np.round(np.median(norm(self._raw(long), axis=1)) / 2, DECIMALS)))
        return self

    def _raw(self, documents: Sequence[Prepared]) -> sparse.csr_matrix:
        return self.tfidf_.transform(self.counter_.transform(documents))

    def transform(self, documents: Sequence[Prepared]) -> sparse.csr_matrix:
        """Shape ``(n_documents, n_terms)``."""
        raw = self._raw(documents)
        return sparse.diags_array(1.0 / np.maximum(norm(raw, axis=1), self.norm_)) @ raw


class ConceptFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Concepts of the lexicon: log(1 + matches), divided by the document's norm over the concepts of the two roles.

    The norm is at least ``CONCEPT_NORM``. Without it the log-odds grow with the length of a text.
    """

    def __init__(self, lexicon: CompiledLexicon) -> None:
        self.lexicon = lexicon

    def fit(self, documents: Sequence[Prepared], y: object = None) -> Self:
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, documents: Sequence[Prepared]) -> sparse.csr_matrix:
        """Shape ``(n_documents, n_concepts)``."""
        of_roles = np.array([concept.role != SHARED for concept in self.lexicon.concepts])
        values = np.log1p(np.array([document.concepts for document in documents]))
        norms = np.sqrt(((values * of_roles) ** 2).sum(axis=1))
        return sparse.csr_matrix(values / np.maximum(norms, CONCEPT_NORM)[:, None])


class DirectedLogisticRegression(ClassifierMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Logistic regression in which a feature may lean only to the side that it is found on.

    Collinear features otherwise get weights of either sign that cancel out in sum, and a person who is shown "docker"
    as evidence against ML engineering rightly doubts the rest. A term's side is the one where more documents hold it,
    and it is left out where the difference may be chance (two-proportion z-test on weighted document frequencies, half
    a document added to each side's count). A concept's side is its role's. Features whose weight comes out on the
    wrong side are left out and the rest is fitted again, until none is wrong: backward elimination, in at most eight
    rounds.

    Beside its own weight each concept has a share in one that all have in common, each with its role's sign: partial
    pooling, which steadies the weights of concepts that few documents hold.

    Parameters
    ----------
    n_terms
        The first ``n_terms`` columns are terms, the others concepts.
    signs
        Side of each concept: +1, -1, or 0 to leave it out. Shape ``(n_concepts,)``.
    directed
        Whether weights keep to their side.
    least_z
        Least absolute z of a term.
    concept_scale, pooled_scale
        The larger, the less the concepts' own weights, and their common one, are penalised beside terms.
    inverse_penalty
        scikit-learn's ``C``.
    fit_intercept
        Without one, a text in which nothing is known scores 0.
    """

    def __init__(  # scikit-learn wants every parameter by name
        self,
        *,
        n_terms: int,
        signs: Numbers,
        directed: bool,
        least_z: float,
        concept_scale: float,
        pooled_scale: float,
        inverse_penalty: float,
        fit_intercept: bool,
    ) -> None:
        self.n_terms = n_terms
        self.signs = signs
        self.directed = directed
        self.least_z = least_z
        self.concept_scale = concept_scale
        self.pooled_scale = pooled_scale
        self.inverse_penalty = inverse_penalty
        self.fit_intercept = fit_intercept

    def fit(  # scikit-learn's own name for the features
        self,
        X: sparse.csr_matrix,  # noqa: N803
        y: npt.NDArray[np.intp],
        label_weight: Numbers,
        count_weight: Numbers,
    ) -> Self:
        """Fit, then round.

        Parameters
        ----------
        X
            Shape ``(n_rows, n_terms + n_concepts)``.
        y
            1 for the second side, else 0.
        label_weight
            Weight of each row in the regression.
        count_weight
            How many documents each row stands for when the sides' document frequencies are compared.
        """
        self.classes_ = np.array([0, 1])
        sides = self._sides(X, y, count_weight)
        allowed = ~np.isnan(sides)
        regression = LogisticRegression(
            C=self.inverse_penalty, fit_intercept=self.fit_intercept, max_iter=5000, tol=1e-5, warm_start=True
        )
        for _ in range(_MOST_ROUNDS):
            regression.fit(self._design(X, allowed), y, sample_weight=label_weight)
            weights = self._weights(regression.coef_[0], allowed)
            wrong = weights * sides < 0
            if not self.directed or not wrong.any():
                break
            allowed &= ~wrong
        self.coef_ = np.round(np.where(self.directed & (weights * sides < 0), 0.0, weights), DECIMALS)
        self.intercept_ = round(float(np.ravel(regression.intercept_)[0]), DECIMALS)
        return self

    def decision_function(self, X: sparse.csr_matrix) -> Numbers:  # noqa: N803
        """Log-odds of the second side, shape ``(n_rows,)``."""
        scores: Numbers = X @ self.coef_ + self.intercept_
        return scores

    def predict(self, X: sparse.csr_matrix) -> npt.NDArray[np.intp]:  # noqa: N803
        """Give the likelier side, 0 or 1."""
        return (self.decision_function(X) > 0).astype(np.intp)

    def _sides(self, x: sparse.csr_matrix, y: npt.NDArray[np.intp], count: Numbers) -> Numbers:
        """Side of each feature, NaN where it is to be left out."""
        concepts = np.where(self.signs == 0, np.nan, self.signs)
        if not self.directed:
            return np.concatenate([np.ones(self.n_terms), concepts])
        present = (x[:, : self.n_terms] > 0).astype(np.float64)
        n = np.array([(count * (1 - y)).sum(), (count * y).sum()]) + 1.0
        first = (present.T @ (count * (1 - y)) + 0.5) / n[0]
        second = (present.T @ (count * y) + 0.5) / n[1]
        pooled = (first * n[0] + second * n[1]) / n.sum()
        z = (second - first) / np.sqrt(pooled * (1 - pooled) * (1 / n).sum())
        return np.concatenate([np.where(np.abs(z) >= self.least_z, np.sign(z), np.nan), concepts])

    def _design(self, x: sparse.csr_matrix, allowed: npt.NDArray[np.bool_]) -> sparse.csr_matrix:
        scales = np.where(np.arange(x.shape[1]) < self.n_terms, 1.0, self.concept_scale) * allowed
        pooled = x[:, self.n_terms :] @ (self.signs * allowed[self.n_terms :]) * self.pooled_scale
        return sparse.hstack([x @ sparse.diags_array(scales), sparse.csr_matrix(pooled[:, None])]).tocsr()

    def _weights(self, coefficients: Numbers, allowed: npt.NDArray[np.bool_]) -> Numbers:
        """Undo the scales and fold the common weight into each concept's own."""
        terms = coefficients[: self.n_terms]
        concepts = (
            coefficients[self.n_terms : -1] * self.concept_scale + coefficients[-1] * self.signs * self.pooled_scale
        )
        return np.concatenate([terms, concepts]) * allowed


def _term_names(document: Prepared) -> tuple[str, ...]:
    return document.terms
