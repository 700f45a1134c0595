"""The scikit-learn estimators that training is made of; their input are prepared documents."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import norm
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.linear_model import LogisticRegression

from roleclassify.learning.preparation import Prepared
from roleclassify.learning.vocabulary import select_vocabulary
from roleclassify.lexicon.compiled import CompiledLexicon

FULL_LENGTH = 120
"""Words from which a document counts as whole; below, it is an excerpt."""

DECIMALS = 6
"""Weights are rounded to this many decimals, so that the last bits of an optimiser's path do not reach the bundle."""


class TermFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """TF-IDF of the chosen terms: (1 + log count) * idf, divided by the document's Euclidean norm or ``norm_``.

    ``norm_`` is the median norm of the training documents of full length, and the least that is divided by: under
    the plain norm the one known word of a one-line text gets the value 1 and outweighs every concept. A text of full
    length is normalised as usual. (A floor is the simplest pivoted normalisation; Singhal et al. 1996, "Pivoted
    document length normalization".)
    """

    def __init__(self, lexicon: CompiledLexicon, min_documents: int) -> None:
        self.lexicon = lexicon
        self.min_documents = min_documents

    def fit(self, documents: Sequence[Prepared], y: object = None) -> Self:
        """Choose the vocabulary and learn how rare each term is."""
        self.vocabulary_ = select_vocabulary(documents, self.lexicon, min_documents=self.min_documents)
        self.counter_ = CountVectorizer(analyzer=_term_names, vocabulary=self.vocabulary_)
        self.tfidf_ = TfidfTransformer(sublinear_tf=True, norm=None).fit(self.counter_.transform(documents))
        self.tfidf_.idf_ = np.round(self.tfidf_.idf_, DECIMALS)
        long = [document for document in documents if len(document.words) >= FULL_LENGTH] or list(documents)
        # Never 0: with hardly any term chosen the median document may hold none.
        self.norm_ = max(1.0, float(np.round(np.median(norm(self._raw(long), axis=1)), DECIMALS)))
        return self

    def _raw(self, documents: Sequence[Prepared]) -> sparse.csr_matrix:
        return self.tfidf_.transform(self.counter_.transform(documents))

    def transform(self, documents: Sequence[Prepared]) -> sparse.csr_matrix:
        """Shape ``(n_documents, n_terms)``."""
        raw = self._raw(documents)
        return sparse.diags_array(1.0 / np.maximum(norm(raw, axis=1), self.norm_)) @ raw


class DistinctiveTerms(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Terms that one side holds more often than chance explains, times a scale; the others become 0.

    With some hundred documents most differences between the sides are chance. Left in, such a term would be shown as
    evidence although it says nothing of the work.

    Parameters
    ----------
    terms
        Fitted :class:`TermFeatures`.
    scale
        Factor on the TF-IDF; the larger, the less a term is penalised.
    least_z
        Least absolute z of the two-proportion test on document frequencies (pooled variance, half a document added to
        each side's count).
    """

    def __init__(self, terms: TermFeatures, scale: float, least_z: float) -> None:
        self.terms = terms
        self.scale = scale
        self.least_z = least_z

    def fit(self, documents: Sequence[Prepared], y: npt.NDArray[np.float64]) -> Self:
        """Compare the sides; ``y`` is each document's probability of the second, shape ``(n_documents,)``."""
        present = (self.terms.transform(documents) > 0).astype(np.float64)
        n = np.array([(1 - y).sum(), y.sum()]) + 1.0
        first, second = (present.T @ (1 - y) + 0.5) / n[0], (present.T @ y + 0.5) / n[1]
        pooled = (first * n[0] + second * n[1]) / n.sum()
        z = (second - first) / np.sqrt(pooled * (1 - pooled) * (1 / n).sum())
        self.factors_ = np.where(np.abs(z) >= self.least_z, self.scale, 0.0)
        return self

    def transform(self, documents: Sequence[Prepared]) -> sparse.csr_matrix:
        """Shape ``(n_documents, n_terms)``."""
        return self.terms.transform(documents).multiply(self.factors_).tocsr()


class ConceptFeatures(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # scikit-learn has no types
    """Concepts of the lexicon, each log(1 + matches) times a scale, and one column more: their signed sum.

    The sum lets the model learn first how much a concept of either role is worth on average, and each concept's own
    column how far it departs from that. Under one penalty this is partial pooling, which steadies the weights of
    concepts that few training documents hold.

    Parameters
    ----------
    signs
        For each concept +1, -1 or 0; a concept with 0 is left out. Shape ``(n_concepts,)``.
    scale
        Factor on log(1 + matches) in the own columns.
    pooled_scale
        Factor on the signed sum; the larger, the less its weight is penalised.
    """

    def __init__(self, signs: npt.NDArray[np.float64], scale: float, pooled_scale: float) -> None:
        self.signs = signs
        self.scale = scale
        self.pooled_scale = pooled_scale

    def fit(self, documents: Sequence[Prepared], y: object = None) -> Self:
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True

    def transform(self, documents: Sequence[Prepared]) -> sparse.csr_matrix:
        """Shape ``(n_documents, n_concepts + 1)``."""
        values = np.log1p(np.array([document.concepts for document in documents])) * (self.signs != 0)
        pooled = (values @ self.signs)[:, None] * self.pooled_scale
        return sparse.csr_matrix(np.hstack([values * self.scale, pooled]))

    def weights(self, coefficients: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Fold the pooled column's coefficient into each concept's own, shape ``(n_concepts,)``."""
        own, pooled = coefficients[:-1], coefficients[-1]
        folded: npt.NDArray[np.float64] = own * (self.signs != 0) + pooled * self.signs * (
            self.pooled_scale / self.scale
        )
        return folded


class RoundedLogisticRegression(LogisticRegression):  # type: ignore[misc]  # scikit-learn has no types
    """Logistic regression whose weights are rounded to ``DECIMALS``.

    Its weights of samples are called ``label_weight``, so that a calibration around it can have ``sample_weight`` of
    its own: scikit-learn routes metadata by name.
    """

    def fit(  # scikit-learn's own name for the features
        self,
        X: sparse.csr_matrix,  # noqa: N803
        y: npt.NDArray[np.intp],
        label_weight: npt.NDArray[np.float64] | None = None,
    ) -> Self:
        """Fit, then round."""
        super().fit(X, y, label_weight)
        self.coef_: npt.NDArray[np.float64] = np.round(self.coef_, DECIMALS)
        self.intercept_: npt.NDArray[np.float64] = np.round(self.intercept_, DECIMALS)
        return self


def _term_names(document: Prepared) -> tuple[str, ...]:
    return document.terms
