"""The bound is never above what a schedule costs, and reaches it where the crowd of tenders or an officer forces it."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations

import pytest
from ortools.sat.python import cp_model

from benchmarks.programmes import synthetic_problem
from intelligence.market import Contract, Procurement, Route
from intelligence.schedule.axis import Axis
from intelligence.schedule.bound import costly_bound, lower_bound
from intelligence.schedule.budget import Budget, repeatable_solver
from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.neighbourhoods import tied_groups
from intelligence.schedule.overlap_bound import Group, overlap_bound
from intelligence.schedule.placement import Board
from intelligence.schedule.plan import ScheduleStatus
from intelligence.schedule.problem import (
    BidderPair,
    Officer,
    Penalties,
    Pin,
    Precedence,
    ScheduleProblem,
    StageLength,
)
from intelligence.schedule.routes import Stage
from intelligence.schedule.serial import cheapest_by_due_date
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import START

ENGLAND = published_calendar()


def empty_board(problem: ScheduleProblem) -> Board:
    return Board(problem, Axis(problem, ENGLAND))


@pytest.mark.parametrize(("size", "seed"), [(5, 1), (5, 2), (8, 3)])
def test_no_bound_is_above_the_proved_optimum(size: int, seed: int) -> None:
    problem = synthetic_problem(size, seed)
    schedule = plan_schedule(problem, seed=1, seconds=20.0)
    assert schedule.status is ScheduleStatus.OPTIMAL
    assert schedule.cost is not None
    board = empty_board(problem)
    for known in (schedule.cost, 2 * schedule.cost + 10_000):
        assert overlap_bound(board, (), float(known)) <= schedule.cost
    cheapest_by_due_date(board)
    assert lower_bound(board, board.cost(), 1, Budget(10.0), 0.0) <= schedule.cost
    assert costly_bound(board, 1, Budget(10.0), 0.0) <= schedule.cost


def test_a_crowd_that_has_no_room_costs_at_least_what_the_bound_says() -> None:
    """Six tenders of the same bidders have room for about three: two by two every pair could keep apart."""
    procurements = tuple(
        Procurement(f"P{n}", f"Service {n}", Route.PSR_COMPETITIVE, (f"L{n}",), START, 120) for n in range(6)
    )
    pairs = tuple(BidderPair(first.id, second.id, 1.0) for first, second in combinations(procurements, 2))
    problem = ScheduleProblem(date(2026, 3, 2), procurements, bidder_pairs=pairs)
    schedule = plan_schedule(problem, seed=1, seconds=1.0)
    assert schedule.cost is not None
    bound = overlap_bound(empty_board(problem), (), float(schedule.cost))
    assert 0.8 * schedule.cost < bound <= schedule.cost


def test_successors_of_one_contract_pay_for_its_extension_once() -> None:
    """Both services start late, and the contract that they replace is extended for both by the same days."""
    both = tuple(Procurement(f"P{n}", f"Service {n}", Route.PSR_COMPETITIVE, (f"L{n}",), START, 120) for n in range(2))
    contract = Contract("C", "Both services now", ("L0", "L1"), START - timedelta(days=1))
    problem = ScheduleProblem(date(2026, 8, 3), both, (contract,))
    schedule = plan_schedule(problem, seed=1, seconds=1.0)
    assert schedule.status is ScheduleStatus.OPTIMAL
    assert schedule.cost
    board = empty_board(problem)
    assert overlap_bound(board, (), float(schedule.cost)) <= schedule.cost
    cheapest_by_due_date(board)
    assert lower_bound(board, 3 * board.cost(), 1, Budget(10.0), 0.0) <= schedule.cost


def test_an_officer_s_group_is_bounded_by_what_it_costs_alone() -> None:
    problem = synthetic_problem(17, 1)
    apart = replace(problem, bidder_pairs=())
    board_apart = empty_board(apart)
    assert cheapest_by_due_date(board_apart)
    # Officer 4 has more due on one day than time for it, so a service starts late and its contract is extended.
    assert lower_bound(board_apart, board_apart.cost(), 1, Budget(10.0), 0.0) >= 90_000


def test_a_group_s_bound_forbids_no_schedule_that_there_is() -> None:
    """One successor is a month late and pays half of the extension in the relaxation; the other half is not asked of
    the successor that is on time, which would meet a rival if it were late."""
    mobilisation = {"on time": 75, "late": 100, "rival": 20}
    procurements = tuple(
        Procurement(name, name, Route.PSR_COMPETITIVE, (name,), START, days) for name, days in mobilisation.items()
    )
    contract = Contract("C", "Both now", ("on time", "late"), START - timedelta(days=1), extension_day=1_000)
    problem = ScheduleProblem(
        date(2026, 7, 1),
        procurements,
        (contract,),
        bidder_pairs=tuple(BidderPair(name, "rival", 10.0) for name in ("on time", "late")),
        stage_lengths=(StageLength(Stage.TENDER, 200, "rival"),),
        pins=(Pin("rival", Stage.TENDER, date(2026, 9, 24)),),
        penalties=Penalties(late_day=0, thin_slack_day=0),
    )
    schedule = plan_schedule(problem, seed=1, seconds=2.0)
    assert (schedule.status, schedule.cost) == (ScheduleStatus.OPTIMAL, 30_000)
    assert overlap_bound(empty_board(problem), [Group((0, 1), 30_000)], 45_000.0) == 30_000


SHORT = WorkingCalendar(date(2026, 1, 1), date(2026, 7, 31), ())
QUICK = (Stage.APPROVE_TO_PROCEED, Stage.PREPARE, Stage.EVALUATE, Stage.APPROVE_AWARD)


def drawn_problem(draw: random.Random) -> ScheduleProblem:
    """Successors of one contract with little time, of whom some share an officer, and a rival that stands fast."""
    names = ("P0", "P1", "rival")
    asked = date(2026, 4, 1)
    mobilisation = (draw.randint(20, 32), draw.randint(30, 52), 5)
    return ScheduleProblem(
        date(2026, 1, 5),
        tuple(
            Procurement(name, name, Route.PSR_COMPETITIVE, (name,), asked, days, draw.choice(("Ada", None)))
            for name, days in zip(names, mobilisation, strict=True)
        ),
        (Contract("C", "Both now", names[:2], asked - timedelta(days=1), extension_day=1_000),),
        officers=(Officer("Ada"),),
        bidder_pairs=tuple(BidderPair(*pair, draw.choice((0.5, 5.0))) for pair in combinations(names, 2)),
        stage_lengths=(
            *(StageLength(stage, 2) for stage in QUICK),
            StageLength(Stage.TENDER, 10),
            StageLength(Stage.TENDER, 60, "rival"),
        ),
        pins=(Pin("rival", Stage.TENDER, draw.choice(SHORT.working_days(date(2026, 1, 19), date(2026, 2, 6)))),),
        precedences=(Precedence("P0", "P1", Stage.TENDER, Stage.TENDER),) if draw.random() < 0.3 else (),
        penalties=Penalties(late_day=0, thin_slack_day=draw.choice((0, 100)), wanted_slack_days=5),
        calendar=SHORT,
    )


def optimum(board: Board, members: Sequence[int]) -> int | None:
    """What CP-SAT proves of them, with nobody else on the board."""
    solver = repeatable_solver(1)
    found = solver.solve(ScheduleModel(board, members).model)
    return round(solver.objective_value) if found == cp_model.OPTIMAL else None


def test_with_groups_no_bound_is_above_the_optimum() -> None:
    for seed in range(10):
        problem = drawn_problem(random.Random(seed))  # noqa: S311 - no secret
        board = Board(problem, Axis(problem, SHORT))
        best = optimum(board, range(len(problem.procurements)))
        if best is None:  # no schedule keeps the rules
            continue
        groups = [Group(tuple(members), optimum(board, members) or 0) for members in tied_groups(board)]
        for known in (best, 2 * best + 10_000):
            assert overlap_bound(board, groups, float(known)) <= best, f"seed {seed}, given {known}"
