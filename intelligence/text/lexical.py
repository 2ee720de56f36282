"""The lexical view: where statements lie by the wording they share, found from the comments alone.

Stemmed words with their pairs, and the character sequences inside words (which bring spellings and compounds
together), are weighted by TF-IDF and reduced by latent semantic analysis (Deerwester et al. 1990). The components are
weighted by their singular values once more than usual, which is one step of smoothing every statement over all those
that share its wording: on short texts this found human groups better than the plain projection.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.preprocessing import normalize

from intelligence.text.vocabulary import FUNCTION_WORDS
from intelligence.text.words import stem_of

DIMENSIONS = 200
MOST_CHARACTER_FEATURES = 30_000
LARGEST_FIT = 20_000
"""Statements from which the components are learnt; the rest are projected, so that time grows with their number."""


def lexical_view(statements: Sequence[tuple[str, ...]], *, seed: int) -> NDArray[np.float32]:
    """Unit vectors, one row for each statement (its words); a row of zeros shares no wording with any other.

    Shape: (statements, at most :data:`DIMENSIONS`).
    """
    few = len(statements) < 50
    content = [_terms(words) for words in statements]
    words = _weighted(CountVectorizer(analyzer=list), content, fewest=1 if few else 2, share=1.0 if few else 0.5)
    joined = [" ".join(words) for words in statements]
    letters = CountVectorizer(analyzer="char_wb", ngram_range=(3, 5), lowercase=False)
    characters = _weighted(letters, joined, fewest=2 if few else 3, share=1.0 if few else 0.3)
    features = normalize(sp.hstack([words, characters], format="csr"))
    if min(features.shape) < 3:
        return np.asarray(features.toarray(), dtype=np.float32)
    return _reduced(features, seed)


def _terms(words: Sequence[str]) -> list[str]:
    """Stems and pairs of stems that follow each other once the function words are taken out."""
    stems = [stem_of(word) for word in words if word not in FUNCTION_WORDS]
    return stems + [f"{left} {right}" for left, right in pairwise(stems)]


def _weighted(vectorizer: CountVectorizer, documents: Sequence[Any], *, fewest: int, share: float) -> Any:
    """TF-IDF of the features that at least `fewest` and at most this share of the statements have; unit rows."""
    if not any(documents):
        return _no_features(len(documents))
    counts = vectorizer.fit_transform(documents).astype(np.float32)
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    usable = np.flatnonzero((frequency >= fewest) & (frequency <= share * len(documents)))
    kept = np.sort(usable[np.argsort(-frequency[usable], kind="stable")[:MOST_CHARACTER_FEATURES]])
    if not len(kept):
        return _no_features(len(documents))
    return TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, kept])


def _no_features(rows: int) -> Any:
    return sp.csr_matrix(np.zeros((rows, 0), dtype=np.float32))


def _reduced(features: Any, seed: int) -> NDArray[np.float32]:
    dimensions = min(DIMENSIONS, min(features.shape) - 1)
    stride = -(-features.shape[0] // LARGEST_FIT)
    svd = TruncatedSVD(dimensions, n_iter=2, random_state=seed).fit(features[::stride])
    components = svd.transform(features) * svd.singular_values_
    return np.asarray(normalize(components), dtype=np.float32)
