"""Set partitioning, proven: choose lots that cover each unit once, keep the rows of the rules, and are worth most.

The linear relaxation bounds the best structure from above. Often its solution is whole, and then the optimum. Else it
prices every lot: a lot whose reduced cost exceeds the gap to a structure already found cannot be part of a better
one. So the integer problem is solved on the lots that are cheap enough, and again with all that the gap allows, which
proves the optimum for all lots. Both are solved by HiGHS through SciPy.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import numpy.typing as npt
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, vstack

Floats: TypeAlias = npt.NDArray[np.float64]
Places: TypeAlias = npt.NDArray[np.int64]

FIRST_LOTS = 150
GROWTH = 4
TOLERANCE = 1e-7
WHOLE = 1e-7
MILP_OPTIMAL, MILP_LIMIT = 0, 1  # scipy.optimize.milp's status codes
LP_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Row:
    """``lower <= sum of the chosen lots' amounts <= upper``; an infinite end is none."""

    amounts: Floats
    lower: float
    upper: float


@dataclass(frozen=True, slots=True)
class Solution:
    """`lots` are positions, ascending. No structure is worth more than `bound`; `proved` when `value` reaches it."""

    lots: tuple[int, ...]
    value: float
    bound: float
    proved: bool


class TimeLimitError(RuntimeError):
    """The solver ran out of time before it found any structure, or could say that there is none."""


def best_partition(cover: csr_array, values: Floats, rows: Sequence[Row], *, seconds: float) -> Solution | None:
    """The most valuable choice of lots, or `None` if there is none. `cover` has a row for each lot, a column for each
    unit; `seconds` limits each integer problem.

    Raises:
        TimeLimitError: the time was too short to find a structure.

    >>> cover = csr_array([[1, 0], [0, 1], [1, 1]])
    >>> best_partition(cover, np.array([2.0, 3.0, 4.0]), [], seconds=5)
    Solution(lots=(0, 1), value=5.0, bound=5.0, proved=True)
    """
    if not len(values):
        return None
    scale = max(float(np.abs(values).max(initial=0)), 1.0)
    worth = values / scale
    relaxed = _relax(cover, worth, rows)
    if relaxed is None:
        return None
    bound, reduced, shares = relaxed
    if np.abs(shares - shares.round()).max() < WHOLE:
        whole = np.flatnonzero(shares > 0.5)
        value = float(values[whole].sum())
        return Solution(tuple(whole.tolist()), value, value, True)
    found = _among_cheapest(cover, worth, rows, bound, reduced, seconds)
    if found is None:
        return None
    value = float(values[list(found.lots)].sum())
    best_possible = value if found.proved else min(bound, found.bound) * scale
    return Solution(found.lots, value, max(best_possible, value), found.proved)


def is_possible(cover: csr_array, rows: Sequence[Row], *, seconds: float) -> bool:
    """Does any choice of lots cover each unit once and keep the rows?

    Raises:
        TimeLimitError: the time was too short to tell.
    """
    return best_partition(cover, np.zeros(cover.shape[0]), rows, seconds=seconds) is not None


def other_than(lots: Sequence[int], total: int) -> Row:
    """The row that rules one structure out and no other."""
    amounts = np.zeros(total)
    amounts[list(lots)] = 1
    return Row(amounts, -np.inf, len(lots) - 1)


def _relax(cover: csr_array, worth: Floats, rows: Sequence[Row]) -> tuple[float, Floats, Floats] | None:
    """The bound of the linear relaxation, what each lot's choice would take off it at least, and each lot's share in
    the relaxation's own solution."""
    units = cover.shape[1]
    sides = [side for row in rows for side in ((row.amounts, row.upper), (-row.amounts, -row.lower))]
    limits = [(amounts, end) for amounts, end in sides if np.isfinite(end)]
    at_most = csr_array(np.array([amounts for amounts, _ in limits])) if limits else None
    solved = linprog(  # type: ignore[call-overload]  # scipy-stubs knows no sparse matrices here
        -worth,
        A_ub=at_most,
        b_ub=[end for _, end in limits] if limits else None,
        A_eq=cover.T,
        b_eq=np.ones(units),
        bounds=(0, None),
        method="highs",
    )
    if solved.status == LP_INFEASIBLE:
        return None
    if solved.x is None:
        raise TimeLimitError(solved.message)
    reduced = -worth - cover @ solved.eqlin.marginals
    if at_most is not None:
        reduced = reduced - at_most.T @ solved.ineqlin.marginals
    return -solved.fun, reduced, solved.x


def _among_cheapest(
    cover: csr_array, worth: Floats, rows: Sequence[Row], bound: float, reduced: Floats, seconds: float
) -> Solution | None:
    """The best structure of the lots of least reduced cost: as many as one that is better still could hold."""
    order = np.argsort(reduced, kind="stable")
    taken = min(FIRST_LOTS, len(order))
    while True:
        chosen = np.sort(order[:taken])
        found = _solve(cover[chosen], worth[chosen], [_narrow(row, chosen) for row in rows], seconds)
        fitting = reduced <= bound - found.value + TOLERANCE if found else None
        needed = taken * GROWTH if fitting is None else int(fitting.sum())
        if taken == len(order) or needed <= taken:
            return replace(found, lots=tuple(chosen[list(found.lots)].tolist())) if found else None
        taken = min(needed, len(order))


def _solve(cover: csr_array, worth: Floats, rows: Sequence[Row], seconds: float) -> Solution | None:
    matrix = vstack([cover.T, *(csr_array(row.amounts[None, :]) for row in rows)], format="csc")
    units = cover.shape[1]
    lower = np.array([1.0] * units + [row.lower for row in rows])
    upper = np.array([1.0] * units + [row.upper for row in rows])
    solved = milp(
        -worth,
        constraints=LinearConstraint(matrix, lower, upper),
        integrality=np.ones(len(worth), np.int64),
        bounds=Bounds(0, 1),
        options={"mip_rel_gap": 0, "time_limit": seconds},
    )
    if solved.x is None:
        if solved.status == MILP_LIMIT:
            raise TimeLimitError(solved.message)
        return None
    lots = np.flatnonzero(solved.x > 0.5)
    proved = solved.status == MILP_OPTIMAL
    return Solution(tuple(lots.tolist()), float(worth[lots].sum()), -float(solved.mip_dual_bound), proved)


def _narrow(row: Row, chosen: Places) -> Row:
    return Row(row.amounts[chosen], row.lower, row.upper)
