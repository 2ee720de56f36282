"""The graph of nearest neighbours, diffusion over it, and what neighbours say about the view.

A statement of three words says little about its place; the average of its neighbourhood says more. A few steps of
diffusion pull paraphrases together; many would wash everything into one cloud.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray
from sklearn.preprocessing import normalize

from intelligence.compute import SERIAL, Progress, Workers, nobody_told, run_pieces

NEIGHBOURS = 10
DIFFUSION_STEPS = 4

CHUNK = 1_000

COLUMNS_TOGETHER = 16
"""Cosines of which only the highest is looked at first: sorting all of a row would take longer than computing it."""

LARGEST_SEARCHED = 8_000
"""Rows among which those that took no part in the graph look for their neighbours."""

LARGEST_COMPARED = 2_000
"""Rows whose differences from their neighbours say which directions tell themes apart."""

SHARPENING = 0.15
"""Power of the variance among neighbours by which a direction is divided; .5 would whiten it."""


def neighbours_among(rows: int) -> int:
    """How many neighbours a row has: fewer among few, where ten would be most of all that was said.

    >>> [neighbours_among(rows) for rows in (1, 4, 100, 10_000)]
    [0, 1, 6, 10]
    """
    return max(min(NEIGHBOURS, int(rows**0.5 * 2 / 3), rows - 1), 0)


def diffusion_steps_among(rows: int) -> int:
    """How often a row is averaged with its neighbours: never where each has one, since any two would become alike.

    >>> [diffusion_steps_among(rows) for rows in (4, 8, 9, 10_000)]
    [0, 0, 4, 4]
    """
    return DIFFUSION_STEPS if neighbours_among(rows) > 1 else 0


def neighbour_graph(view: NDArray[np.float32], neighbours: int, *, workers: Workers = SERIAL) -> Any:
    """Symmetric sparse matrix (rows x rows) of cosines, each row joined to its nearest and to those it is nearest to.

    `view` holds unit rows. `neighbours` must be below the number of rows. Every pair is compared.
    """
    if not neighbours:
        return sp.csr_matrix(np.zeros((len(view), len(view)), dtype=np.float32))
    found = nearest_among(view, view, neighbours, leave_out=np.arange(len(view)), workers=workers)
    return found.maximum(found.T).tocsr()


def nearest_among(
    view: NDArray[np.float32],
    others: NDArray[np.float32],
    neighbours: int,
    leave_out: NDArray[np.intp] | None = None,
    *,
    workers: Workers = SERIAL,
) -> Any:
    """Sparse matrix (rows x others) of the cosines to the nearest of the others, as far as they are above 0.

    `leave_out` names for each row one of the others that does not count: itself. Threads look for some rows each.
    """
    # Columns of zeros up to a multiple; below, they are as good as no neighbour.
    padded = np.vstack([others, np.zeros((-len(others) % COLUMNS_TOGETHER, others.shape[1]), dtype=np.float32)])
    look = partial(_nearest_of_some, view, padded, neighbours, leave_out)
    found = list(run_pieces(look, range(0, len(view), CHUNK), workers=workers.sharing_memory(), progress=nobody_told))
    columns, cosines = (np.concatenate([one[part].ravel() for one in found]) for part in (0, 1))
    at = (np.repeat(np.arange(len(view)), neighbours), columns)
    graph = sp.csr_matrix((cosines, at), shape=(len(view), len(padded)))
    graph.eliminate_zeros()
    return graph[:, : len(others)]


def _nearest_of_some(
    view: NDArray[np.float32],
    others: NDArray[np.float32],
    neighbours: int,
    leave_out: NDArray[np.intp] | None,
    first: int,
    progress: Progress,
) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    """Which others are nearest to each of the rows from the `first`, and their cosines, none below 0."""
    near = view[first : first + CHUNK] @ others.T
    if leave_out is not None:
        near[np.arange(len(near)), leave_out[first : first + CHUNK]] = -2
    best = _highest(near, neighbours)
    return best, np.maximum(np.take_along_axis(near, best, axis=1), 0)


def _highest(near: NDArray[np.float32], number: int) -> NDArray[np.intp]:
    """Columns of the highest of each row. Those in the best groups of columns, by their best, are the best of all."""
    groups = near.shape[1] // COLUMNS_TOGETHER
    if groups <= number:
        return np.argpartition(near, near.shape[1] - number, axis=1)[:, near.shape[1] - number :]
    heads = near.reshape(len(near), COLUMNS_TOGETHER, groups).max(axis=1)
    chosen = np.argpartition(heads, groups - number, axis=1)[:, groups - number :]
    columns = (chosen[:, :, None] + np.arange(COLUMNS_TOGETHER) * groups).reshape(len(near), -1)
    own = np.take_along_axis(near, columns, axis=1)
    best = np.argpartition(own, columns.shape[1] - number, axis=1)[:, columns.shape[1] - number :]
    return np.take_along_axis(columns, best, axis=1)


def diffused(view: NDArray[np.float32], graph: Any, steps: int) -> NDArray[np.float32]:
    """Unit rows after `steps` averages of each row with its neighbours, weighted by cosine (its own weight is 1)."""
    weights = (graph + sp.eye(graph.shape[0], dtype=np.float32, format="csr")).tocsr()
    walk = sp.diags(1 / np.asarray(weights.sum(axis=1)).ravel()) @ weights
    for _ in range(steps):
        view = walk @ view
    return np.asarray(normalize(view), dtype=np.float32)


def sharpened(view: NDArray[np.float32], neighbours: int, *, workers: Workers = SERIAL) -> NDArray[np.float32]:
    """Unit rows in which the directions along which nearest neighbours differ count for less.

    What differs between statements that say nearly the same tells no themes apart. This is relevant component analysis
    (Bar-Hillel et al. 2005) with neighbours in the place of pairs that a person called alike, and .3 times as strong.
    `neighbours` must be below the number of rows.
    """
    if not neighbours:
        return view
    among = view[:: -(-len(view) // LARGEST_SEARCHED)]
    some = np.arange(0, len(among), -(-len(among) // LARGEST_COMPARED))
    pairs = nearest_among(among[some], among, neighbours, leave_out=some, workers=workers).tocoo()
    apart = (among[some[pairs.row]] - among[pairs.col]).astype(np.float64)
    variances, axes = np.linalg.eigh(apart.T @ apart)
    if not variances[-1] > 0:
        return view
    steadied = np.maximum(variances, 0) + variances.mean()  # a direction that no neighbours differ in is no proof
    return np.asarray(normalize(view @ (axes * steadied**-SHARPENING).astype(np.float32)), dtype=np.float32)


def joining(
    view: NDArray[np.float32],
    known: NDArray[np.float32],
    near: NDArray[np.float32],
    neighbours: int,
    *,
    workers: Workers = SERIAL,
) -> NDArray[np.float32]:
    """Unit rows of `view` averaged with where their neighbours among the `known` have come to lie (`near`)."""
    stride = -(-len(known) // LARGEST_SEARCHED)
    among = nearest_among(view, known[::stride], neighbours, workers=workers)
    return np.asarray(normalize(view + among @ near[::stride]), dtype=np.float32)
