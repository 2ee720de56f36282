"""A bound on the cost of any schedule, from groups of procurements solved apart.

An officer's procurements compete for the officer's time, and those that replace the same contract share its extension;
procurements of different groups meet only in the overlap of their tenders, in limits and in precedences. Leaving those
meetings out, each group costs at least what CP-SAT proves for it alone, and the whole at least the sum.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, inf

from ortools.sat.python import cp_model

from intelligence.schedule.items import Place
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.placement import Board
from intelligence.schedule.search import Budget, repeatable_solver

_WORK_A_GROUP = 0.5
_MODEL_WORK = 0.03  # a procurement, for what CP-SAT does not count: making and presolving a model


def bound_by_groups(board: Board, seed: int, budget: Budget, share: float) -> int:
    """A cost below which no schedule of the board's problem can go, within a share of the budget."""
    empty = Board(board.problem, board.axis)
    groups = _groups(board)
    bound = 0
    for group in groups:
        if budget.is_spent():
            break
        model = ScheduleModel(empty, group, _cost_now(empty, group, board.places))
        model.start_from(board.places)
        solver = repeatable_solver(seed)
        solver.parameters.cp_model_probing_level = 0
        status = budget.solve(model.model, solver, share / len(groups), _WORK_A_GROUP)
        budget.spend(_MODEL_WORK * len(group))
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            bound += max(0, ceil(solver.best_objective_bound - 1e-6))
    return bound


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


def _groups(board: Board) -> list[list[int]]:
    """The procurements that share a limited officer or a contract, directly or through others."""
    limited = {officer.name for officer in board.problem.officers}
    leader: dict[object, int] = {}
    group = list(range(len(board.items)))
    for i, item in enumerate(board.items):
        ties: list[object] = [("contract", contract) for contract, _ in item.shared]
        if item.procurement.officer in limited:
            ties.append(("officer", item.procurement.officer))
        for tie in ties:
            first = leader.setdefault(tie, group[i])
            old, new = group[i], group[first]
            group = [new if number == old else number for number in group]
    found: dict[int, list[int]] = {}
    for i, number in enumerate(group):
        found.setdefault(number, []).append(i)
    return list(found.values())
