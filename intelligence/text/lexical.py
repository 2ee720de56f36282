"""The lexical view: where statements lie by the wording they share, found from the comments alone.

Stemmed words with their pairs, and the character sequences inside words (which bring spellings and compounds
together), are weighted by TF-IDF and reduced by latent semantic analysis (Deerwester et al. 1990). The components are
weighted by their singular values once more than usual, which is one step of smoothing every statement over all those
that share its wording: on short texts this found human groups better than the plain projection. Stems and sequences
are worked out once for each distinct word.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.preprocessing import normalize

from intelligence.text.vocabulary import FUNCTION_WORDS
from intelligence.text.words import stem_of

DIMENSIONS = 200
MOST_FEATURES = 30_000
"""Stems with their pairs that are counted, the most frequent; of sequences of characters as many."""

LARGEST_FIT = 20_000
"""Statements from which the components are learnt; the rest are projected, so that time grows with their number."""

SHORTEST_SEQUENCE, LONGEST_SEQUENCE = 3, 5
"""Characters, with a space for each end of a word."""

CHANCE = 0
"""Seed of the random projection that the components are found by, the same in every run."""

Indices = NDArray[np.intp]


def lexical_view(statements: Sequence[tuple[str, ...]]) -> NDArray[np.float32]:
    """Unit vectors, one row for each statement (its words); a row of zeros shares no wording with any other.

    Shape: (statements, at most :data:`DIMENSIONS`).
    """
    few = len(statements) < 50
    known: dict[str, int] = {}
    written = np.fromiter((known.setdefault(word, len(known)) for word in chain.from_iterable(statements)), np.intp)
    rows = np.repeat(np.arange(len(statements)), [len(words) for words in statements])
    said = (rows, written, len(statements))
    words = _weighted(_stem_counts(list(known), *said), fewest=1 if few else 2, share=1.0 if few else 0.5)
    characters = _weighted(_sequence_counts(list(known), *said), fewest=2 if few else 3, share=1.0 if few else 0.3)
    features = normalize(sp.hstack([words, characters], format="csr"))
    if min(features.shape) < 3:
        return np.asarray(features.toarray(), dtype=np.float32)
    return _reduced(features)


def _stem_counts(known: Sequence[str], rows: Indices, written: Indices, statements: int) -> Any:
    """How often each statement has each stem, and each pair of stems that follow once function words are taken out."""
    stems: dict[str, int] = {}
    numbers = [-1 if word in FUNCTION_WORDS else stems.setdefault(stem_of(word), len(stems)) for word in known]
    stem = np.array(numbers, dtype=np.intp)[written]
    rows, stem = rows[stem >= 0], stem[stem >= 0]
    follows = rows[1:] == rows[:-1]
    pairs = (stem[:-1] * max(len(stems), 1) + stem[1:])[follows]
    distinct, pair = np.unique(pairs, return_inverse=True)
    singles = _counts(rows, stem, (statements, len(stems)))
    return sp.hstack([singles, _counts(rows[1:][follows], pair, (statements, len(distinct)))], format="csr")


def _sequence_counts(known: Sequence[str], rows: Indices, written: Indices, statements: int) -> Any:
    """How often each statement has each sequence of characters within a word."""
    sequences: dict[str, int] = {}
    of_words = [[sequences.setdefault(part, len(sequences)) for part in _sequences(word)] for word in known]
    at_word = np.repeat(np.arange(len(known)), [len(parts) for parts in of_words])
    parts = np.fromiter(chain.from_iterable(of_words), np.intp)
    within = _counts(at_word, parts, (len(known), len(sequences)))
    return (_counts(rows, written, (statements, len(known))) @ within).tocsr()


def _sequences(word: str) -> Iterator[str]:
    """The sequences of each length; a word that is no longer than one counts as a single sequence.

    >>> list(_sequences("tupe"))
    [' tu', 'tup', 'upe', 'pe ', ' tup', 'tupe', 'upe ', ' tupe', 'tupe ']
    """
    padded = f" {word} "
    for length in range(SHORTEST_SEQUENCE, LONGEST_SEQUENCE + 1):
        yield from (padded[at : at + length] for at in range(max(len(padded) - length, 0) + 1))
        if len(padded) <= length:
            return


def _counts(rows: Indices, columns: Indices, shape: tuple[int, int]) -> Any:
    counts = sp.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    counts.sum_duplicates()
    return counts


def _weighted(counts: Any, *, fewest: int, share: float) -> Any:
    """TF-IDF of the features that at least `fewest` and at most this share of the statements have; unit rows."""
    frequency = np.bincount(counts.indices, minlength=counts.shape[1])
    usable = np.flatnonzero((frequency >= fewest) & (frequency <= share * counts.shape[0]))
    kept = np.sort(usable[np.argsort(-frequency[usable], kind="stable")[:MOST_FEATURES]])
    if not len(kept):
        return sp.csr_matrix(np.zeros((counts.shape[0], 0), dtype=np.float32))
    return TfidfTransformer(sublinear_tf=True).fit_transform(counts[:, kept])


def _reduced(features: Any) -> NDArray[np.float32]:
    dimensions = min(DIMENSIONS, min(features.shape) - 1)
    stride = -(-features.shape[0] // LARGEST_FIT)
    svd = TruncatedSVD(dimensions, n_iter=2, random_state=CHANCE).fit(features[::stride])
    components = svd.transform(features) * svd.singular_values_
    return np.asarray(normalize(components), dtype=np.float32)
