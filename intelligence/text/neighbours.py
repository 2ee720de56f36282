"""The graph of nearest neighbours, and diffusion over it.

A statement of three words says little about its place; the average of its neighbourhood says more. A few steps of
diffusion pull paraphrases together; many would wash everything into one cloud.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.cluster import KMeans
from sklearn.preprocessing import normalize

LARGEST_EXACT = 16_000
"""Rows up to which every pair is compared; beyond, only those in neighbouring cells are (an inverted-file search)."""

ROWS_PER_CELL = 250
CELLS_SEARCHED = 12
CHUNK = 1_000


def neighbour_graph(view: NDArray[np.float32], neighbours: int, *, seed: int) -> Any:
    """Symmetric sparse matrix (rows x rows) of cosines, each row joined to its nearest and to those it is nearest to.

    `view` holds unit rows (or zeros, which get no neighbour). `neighbours` must be below the number of rows.
    """
    rows = len(view)
    if rows <= LARGEST_EXACT:
        chunks = [(np.arange(first, min(first + CHUNK, rows)), np.arange(rows)) for first in range(0, rows, CHUNK)]
    else:
        chunks = _cells(view, seed)
    found = [_nearest(view, queries, candidates, neighbours) for queries, candidates in chunks]
    row, column, cosine = (np.concatenate(part) for part in zip(*found, strict=True))
    near = cosine > 0
    graph = sp.csr_matrix((cosine[near], (row[near], column[near])), shape=(rows, rows))
    return graph.maximum(graph.T).tocsr()


def _nearest(
    view: NDArray[np.float32], queries: NDArray[np.intp], candidates: NDArray[np.intp], neighbours: int
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.float32]]:
    """Row, column and cosine of the nearest candidates of every query, itself left out."""
    kept = min(neighbours, len(candidates) - 1)
    cosines = view[queries] @ view[candidates].T
    cosines[queries[:, None] == candidates[None, :]] = -2
    best = np.argpartition(-cosines, kept - 1, axis=1)[:, :kept] if kept else np.empty((len(queries), 0), dtype=np.intp)
    return np.repeat(queries, kept), candidates[best].ravel(), np.take_along_axis(cosines, best, axis=1).ravel()


def _cells(view: NDArray[np.float32], seed: int) -> list[tuple[NDArray[np.intp], NDArray[np.intp]]]:
    """Rows of each cell of a coarse k-means, with the rows of the cells nearest to it as candidates."""
    count = len(view) // ROWS_PER_CELL
    sample = view[:: -(-len(view) // (20 * count))]
    centres = normalize(
        KMeans(count, init="random", n_init=1, max_iter=10, random_state=seed).fit(sample).cluster_centers_
    )
    cell = np.concatenate([(view[i : i + CHUNK] @ centres.T).argmax(axis=1) for i in range(0, len(view), CHUNK)])
    members = [np.flatnonzero(cell == c) for c in range(count)]
    nearest = np.argsort(-(centres @ centres.T), axis=1, kind="stable")[:, :CELLS_SEARCHED]
    pairs = [(members[c], np.concatenate([members[n] for n in nearest[c]])) for c in range(count)]
    return [
        (queries[first : first + CHUNK], candidates)
        for queries, candidates in pairs
        for first in range(0, len(queries), CHUNK)
    ]


def diffused(view: NDArray[np.float32], graph: Any, steps: int) -> NDArray[np.float32]:
    """Unit rows after `steps` averages of each row with its neighbours, weighted by cosine (its own weight is 1)."""
    weights = (graph + sp.eye(graph.shape[0], dtype=np.float32, format="csr")).tocsr()
    walk = sp.diags(1 / np.asarray(weights.sum(axis=1)).ravel()) @ weights
    for _ in range(steps):
        view = walk @ view
    return np.asarray(normalize(view), dtype=np.float32)
