"""A bound on the cost of any schedule from the crowd of tenders that share bidders: a linear relaxation.

Each tender's window is spread over the spans of a few days in which it may start; what it costs to start there alone
is known exactly. In each span the tenders of a set of which every two share bidders overlap at least as much as their
days, packed as evenly as can be, must. CP-SAT sees overlaps two by two, and two tenders can always keep apart; it is
the third and the fourth that cannot.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import ceil, inf

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

from intelligence.schedule.budget import TimeLeft, for_ever
from intelligence.schedule.items import Costs
from intelligence.schedule.placement import Board

_FINE, _COARSE = 2, 5  # working days of a span, for few and for many procurements
_FEW = 60
_MOST_ITERATIONS = 100_000
_MOST_SECONDS = 3_600.0
_TIES = 1e-9
_SAFETY = 1e-6  # of the relaxation's value, for what a linear solver may be wrong by


@dataclass(frozen=True, slots=True)
class Group:
    """Procurements that cost at least `bound` together, the overlaps of their own tenders included. Groups have no
    member and no contract in common."""

    members: tuple[int, ...]
    bound: int


def overlap_bound(board: Board, groups: Sequence[Group], cost: float, time_left: TimeLeft = for_ever) -> int:
    """A cost below which no schedule of the board's problem can go, given one that costs `cost`; 0 if time runs out.

    `board` is empty. Half of the time may go into building the relaxation.
    """
    half = time_left() / 2
    relaxation = _Relaxation(board)
    value = None
    if relaxation.build(groups, cost, lambda: time_left() - half):
        value = relaxation.solve(time_left())
    return 0 if value is None else max(0, ceil(value - _SAFETY * abs(value) - 1e-3))


class _Relaxation:
    """The linear programme, built a column and a row at a time."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._span = _FINE if len(board.items) <= _FEW else _COARSE
        self._costs: list[float] = []
        self._upper: list[float] = []
        self._rows: list[tuple[list[int], list[float], float]] = []  # columns, coefficients, at most
        self._exact: list[tuple[list[int], list[float], float]] = []
        self._own: dict[int, list[int]] = {}
        self._open: dict[int, dict[int, int]] = {}
        self._overlaps: dict[tuple[int, int], dict[int, int]] = {}

    def build(self, groups: Sequence[Group], cost: float, time_left: TimeLeft) -> bool:
        """Add the tenders with their costs, then what joins them; whether there was time for all."""
        least = []
        for i in range(len(self._board.items)):
            if time_left() <= 0:
                return False
            least.append(self._board.least_costs(i))
        spare = cost - sum(float(min(table.min() for table in tables)) for tables in least)
        for i, tables in enumerate(least):
            if time_left() <= 0:
                return False
            tender = self._board.items[i].tender
            pounds = np.floor(tables[tender or 0] + _TIES)  # ties are no cost
            self._add_tender(i, pounds, tender, spare)
        for i, near in enumerate(self._board.neighbours):
            for other, price in near:
                if i < other:
                    self._add_overlap(i, other, float(price))
        for group in groups:
            self._add_group(group)
        for clique in _cliques(self._board):
            if time_left() <= 0:
                return False
            self._add_clique(clique)
        return True

    def solve(self, seconds: float) -> float | None:
        width = len(self._costs)
        found = linprog(  # type: ignore[call-overload]  # its stubs know no sparse matrices
            self._costs,
            A_ub=_matrix(self._rows, width),
            b_ub=[most for _, _, most in self._rows],
            A_eq=_matrix(self._exact, width),
            b_eq=[most for _, _, most in self._exact],
            bounds=[(0.0, most) for most in self._upper],
            method="highs",
            options={"time_limit": min(max(seconds, 0.1), _MOST_SECONDS), "maxiter": _MOST_ITERATIONS},
        )
        return float(found.fun) if found.status == 0 else None

    def _add_group(self, group: Group) -> None:
        """What the members cost alone, with their overlaps, is not less than what was proved of them.

        Here the same schedule may cost less than it does, as a span costs what its cheapest start does and successors
        share an extension out. What is then missing costs itself, or the row would forbid schedules that there are.
        """
        columns = [column for i in group.members for column in self._own[i]]
        columns.append(self._column(1.0, inf))  # what is missing
        inside = set(group.members)
        for (first, second), spans in self._overlaps.items():
            if first in inside and second in inside:
                columns += list(spans.values())
        self._rows.append((columns, [-self._costs[column] for column in columns], -float(group.bound)))

    def _add_tender(self, i: int, costs: Costs, tender: int | None, spare: float) -> None:
        """Columns for the spans of its start, and for the days on which it is open in each span."""
        starts = np.flatnonzero(costs <= costs.min() + spare + 1.0)
        spans: dict[int, list[int]] = {}
        for start in starts.tolist():
            spans.setdefault(start // self._span, []).append(start)
        self._own[i] = [self._column(float(costs[days].min()), 1.0) for days in spans.values()]
        self._exact.append((self._own[i], [1.0] * len(spans), 1.0))
        self._open[i] = {}
        if tender is None or not self._board.neighbours[i]:
            return
        ends = self._board.items[i].stages[tender].ends
        reach: dict[int, list[tuple[int, float]]] = {}
        shortest = []
        for column, days in zip(self._own[i], spans.values(), strict=True):
            shortest.append(float(min(ends[day] - day for day in days)))
            for span in range(days[0] // self._span, int(max(ends[day] for day in days) - 1) // self._span + 1):
                most = max(min(int(ends[day]), (span + 1) * self._span) - max(day, span * self._span) for day in days)
                reach.setdefault(span, []).append((column, float(max(most, 0))))
        for span, columns in reach.items():
            self._open[i][span] = column = self._column(0.0, float(self._span))
            self._rows.append(([column, *(other for other, _ in columns)], [1.0, *(-most for _, most in columns)], 0.0))
        opened = list(self._open[i].values())
        self._rows.append(([*opened, *self._own[i]], [-1.0] * len(opened) + shortest, 0.0))

    def _add_overlap(self, first: int, second: int, price: float) -> None:
        both = self._open[first].keys() & self._open[second].keys()
        self._overlaps[first, second] = {span: self._column(price, float(self._span)) for span in sorted(both)}

    def _add_clique(self, clique: Sequence[int]) -> None:
        overlaps = [self._overlaps[pair] for pair in combinations(clique, 2)]
        for span in sorted(set().union(*(self._open[i] for i in clique))):
            opened = [self._open[i][span] for i in clique if span in self._open[i]]
            pairs = [spans[span] for spans in overlaps if span in spans]
            for apart in range(1, len(opened)):
                # n tenders on a day make n(n - 1)/2 pairs, which is never below this line through n = apart, apart + 1
                coefficients = [float(apart)] * len(opened) + [-1.0] * len(pairs)
                self._rows.append(([*opened, *pairs], coefficients, self._span * apart * (apart + 1) / 2))

    def _column(self, cost: float, most: float) -> int:
        self._costs.append(cost)
        self._upper.append(most)
        return len(self._costs) - 1


def _matrix(rows: list[tuple[list[int], list[float], float]], width: int) -> csr_array:
    lengths = [len(columns) for columns, _, _ in rows]
    numbers = np.repeat(np.arange(len(rows)), lengths)
    columns = [column for row in rows for column in row[0]]
    values = [value for row in rows for value in row[1]]
    return csr_array((values, (numbers, columns)), shape=(len(rows), width))


def _cliques(board: Board) -> list[tuple[int, ...]]:
    """For each two that share bidders, a set around them of which every two do; the dearest are taken in first."""
    near = [dict(others) for others in board.neighbours]
    found: dict[tuple[int, ...], None] = {}
    for i, others in enumerate(near):
        for other in others:
            clique = {i, other}
            both = near[i].keys() & near[other].keys()
            for candidate in sorted(both, key=lambda n: (-near[i][n] - near[other][n], n)):
                if all(member in near[candidate] for member in clique):
                    clique.add(candidate)
            found[tuple(sorted(clique))] = None
    return list(found)
