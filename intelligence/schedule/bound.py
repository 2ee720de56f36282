"""A bound on the cost of any schedule, from groups of procurements solved apart.

An officer's procurements compete for the officer's time, and those that replace the same contract share its extension;
procurements of different groups meet only in the overlap of their tenders, in limits and in precedences. Leaving those
meetings out, each group costs at least what CP-SAT proves for it alone, and the whole at least the sum; a linear
relaxation of the overlaps joins the groups again.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf

from ortools.sat.python import cp_model

from intelligence.schedule.budget import Budget, repeatable_solver
from intelligence.schedule.items import Place
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.neighbourhoods import costly_group, tied_groups
from intelligence.schedule.overlap_bound import Group, overlap_bound
from intelligence.schedule.placement import Board

_WORK_A_GROUP = 0.5
_MOST_COSTLY, _WORK_COSTLY = 16, 3.0
_MODEL_WORK = 0.03  # a procurement, for what CP-SAT does not count: making and presolving a model


def lower_bound(board: Board, cost: float, seed: int, budget: Budget, kept: float) -> int:
    """A cost below which no schedule of the board's problem can go, given one that costs `cost`.

    Groups are solved until this share of the budget is left; what joins them may take half the time that is left then.
    """
    empty = Board(board.problem, board.axis)
    groups = [Group(tuple(members), 0) for members in tied_groups(board)]
    groups = [_proved(empty, group, board.places, seed, budget, kept) for group in groups]
    return max(sum(group.bound for group in groups), overlap_bound(empty, groups, cost, lambda: budget.time_left() / 2))


def costly_bound(board: Board, seed: int, budget: Budget, kept: float) -> int:
    """A cost below which no schedule can go, from those alone for which the plan on the board pays, and those near."""
    group = Group(tuple(costly_group(board, _MOST_COSTLY)), 0)
    return _proved(Board(board.problem, board.axis), group, board.places, seed, budget, kept, _WORK_COSTLY).bound


def _proved(
    board: Board,
    group: Group,
    places: Sequence[Place | None],
    seed: int,
    budget: Budget,
    kept: float,
    work: float = _WORK_A_GROUP,
) -> Group:
    """The group with what CP-SAT proves for it alone."""
    if budget.is_spent(kept):
        return group
    cost = _cost_now(board, group.members, places)
    if cost < 1:
        return group  # nothing to prove
    model = ScheduleModel(board, group.members, cost)
    model.start_from(places)
    solver = repeatable_solver(seed)
    solver.parameters.cp_model_probing_level = 0
    status = budget.solve(model.model, solver, work=work)
    budget.spend(_MODEL_WORK * len(group.members))
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return group
    return Group(group.members, max(0, ceil(solver.best_objective_bound - 1e-6)))


def _cost_now(board: Board, group: Sequence[int], places: Sequence[Place | None]) -> float:
    """What the group costs where it stands, with nobody else on the board; the board is empty again afterwards."""
    cost = 0.0
    for i in group:
        place = places[i]
        if place is None:
            cost = inf
        else:
            cost += board.added_cost(i, place)
            board.put(i, place)
    for i in group:
        if board.places[i] is not None:
            board.take(i)
    return cost
