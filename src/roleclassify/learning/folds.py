"""Folds that no employer and no near-duplicate straddles."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import HashingVectorizer

from roleclassify.learning.labeled import LabeledDocument

SHINGLE_WORDS = 5
"""Documents are compared by their runs of this many words."""

LEAST_OVERLAP = 0.5
"""Least Jaccard similarity of two near-duplicates (Broder 1997, "On the resemblance and containment of documents")."""

_COMMON = 50
"""A run in more documents than this is boilerplate and no sign of a copy."""


def near_duplicates(
    texts: Sequence[str], *, shingle_words: int = SHINGLE_WORDS, least_overlap: float = LEAST_OVERLAP
) -> npt.NDArray[np.intp]:
    """Give each text the number of its cluster of near-duplicates, shape ``(n_texts,)``.

    Equal texts count once, so that however many copies there are, their runs are not taken for boilerplate.
    """
    if not texts:
        return np.zeros(0, dtype=np.intp)
    folded = [" ".join(text.lower().split()) for text in texts]
    different = {text: number for number, text in enumerate(dict.fromkeys(folded))}
    shingles = HashingVectorizer(
        ngram_range=(shingle_words, shingle_words), n_features=2**22, binary=True, norm=None, alternate_sign=False
    ).transform(list(different))
    frequency = np.bincount(shingles.indices, minlength=shingles.shape[1])
    rare = shingles[:, (frequency > 1) & (frequency <= _COMMON)]
    shared = (rare @ rare.T).tocoo()
    sizes = np.asarray(shingles[:, frequency <= _COMMON].sum(axis=1)).ravel()
    overlap = shared.data / (sizes[shared.row] + sizes[shared.col] - shared.data)
    alike = overlap >= least_overlap
    links = sparse.coo_matrix(
        (np.ones(alike.sum()), (shared.row[alike], shared.col[alike])), shape=(len(different), len(different))
    )
    clusters: npt.NDArray[np.intp] = connected_components(links, directed=False)[1].astype(np.intp)
    return clusters[[different[text] for text in folded]]


def units(documents: Sequence[LabeledDocument]) -> npt.NDArray[np.intp]:
    """Give documents that must stay together one number: of one employer, or near-duplicates, or both in a chain.

    Returns
    -------
    numpy.ndarray
        Shape ``(n_documents,)``. Where the employer is unknown the near-duplicates alone stand for it.
    """
    clusters = near_duplicates([document.text for document in documents])
    n = len(documents)
    # One node a document, one a cluster, one an employer.
    employers = {name: 2 * n + number for number, name in enumerate(sorted({item.employer for item in documents}))}
    rows = [*range(n), *(number for number, item in enumerate(documents) if item.employer)]
    columns = [
        *(n + cluster for cluster in clusters),
        *(employers[item.employer] for item in documents if item.employer),
    ]
    size = 2 * n + len(employers)
    links = sparse.coo_matrix((np.ones(len(rows)), (rows, columns)), shape=(size, size))
    _, joined = np.unique(connected_components(links, directed=False)[1][:n], return_inverse=True)
    return joined.astype(np.intp)
