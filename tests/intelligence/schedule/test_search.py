"""The search itself: one place is exact, boards keep their books, and a run repeats itself."""

from __future__ import annotations

import random
import time
from typing import Any

import pytest
from ortools.sat.python import cp_model

from benchmarks.programmes import synthetic_problem
from intelligence.schedule import solve
from intelligence.schedule.assemble import planned_procurements
from intelligence.schedule.axis import Axis
from intelligence.schedule.budget import CUT_BY_THE_CLOCK, Budget, repeatable_solver
from intelligence.schedule.costs import cost_terms
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.lns import Search
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.neighbourhoods import KINDS, AdaptiveChoice, starts_late
from intelligence.schedule.placement import Board
from intelligence.schedule.plan import ScheduleStatus
from intelligence.schedule.serial import cheapest_by_due_date, earliest_due_date_first
from intelligence.schedule.solve import UNEXPLAINED, plan_schedule

ENGLAND = published_calendar()
PROBLEM = synthetic_problem(12, 5)
HOURS = 1e6
BEGIN = solve._begun


def board_of(size: int = 12, seed: int = 5) -> Board:
    problem = synthetic_problem(size, seed)
    return Board(problem, Axis(problem, ENGLAND))


@pytest.mark.parametrize("i", [3, 11])
def test_the_place_of_one_procurement_among_others_is_the_best_that_cp_sat_can_prove(i: int) -> None:
    board = board_of()
    assert cheapest_by_due_date(board)
    board.take(i)
    place = board.best(i)
    assert place is not None
    model = ScheduleModel(board, (i,))
    solver = repeatable_solver(1)
    assert solver.solve(model.model) == cp_model.OPTIMAL
    assert board.added_cost(i, place) == pytest.approx(solver.objective_value, abs=0.1)


def test_the_least_cost_of_each_start_is_what_the_best_place_through_it_adds() -> None:
    board = board_of()
    assert cheapest_by_due_date(board)
    place = board.take(4)
    best = board.best(4)
    assert best is not None
    for table, start, cheapest in zip(board.least_costs(4), place.starts, best.starts, strict=True):
        assert table.min() == pytest.approx(board.added_cost(4, best))
        assert table[cheapest] == pytest.approx(table.min())
        assert table[start] <= board.added_cost(4, place) + 1e-6


def test_a_board_s_cost_is_what_the_dates_cost_whatever_came_and_went() -> None:
    board = board_of()
    assert earliest_due_date_first(board)
    draw = random.Random(1)  # noqa: S311  # which to move
    for _ in range(60):
        i = draw.randrange(12)
        board.take(i)
        place = board.best(i, draw.choice((0.0, 20.0, -20.0)))
        assert place is not None
        board.put(i, place)
    terms = cost_terms(board.problem, ENGLAND, planned_procurements(board))
    assert board.cost() == pytest.approx(sum(term.cost for term in terms), abs=0.5)


def test_the_search_never_loses_the_cheapest_plan() -> None:
    board = board_of(20, 2)
    cheapest_by_due_date(board)
    heard: list[float] = []
    search = Search(board, 1, Budget(0.3), heard.append)
    first = search.cost
    search.run(kept=0.0)
    assert heard == sorted(heard, reverse=True)
    assert heard[-1] == search.cost < first
    assert board.cost() == pytest.approx(search.cost)


def test_services_are_no_longer_late_when_those_of_one_officer_are_settled_together() -> None:
    board = board_of(50, 1)
    cheapest_by_due_date(board)
    late = sum(starts_late(board, i) for i in range(50))
    search = Search(board, 1, Budget(10.0), lambda _: None)
    first = search.cost
    search.settle_late(kept=0.0)
    assert sum(starts_late(board, i) for i in range(50)) < late
    assert search.cost < first / 2
    assert board.cost() == pytest.approx(search.cost)


@pytest.mark.parametrize("kind", KINDS)
def test_neighbourhoods_hold_as_many_different_procurements_as_asked(kind: object) -> None:
    board = board_of(20, 2)
    cheapest_by_due_date(board)
    for size in (2, 6, 14):
        ids = kind(board, random.Random(size), size)  # noqa: S311
        assert len(ids) == len(set(ids)) <= size
        assert set(ids) <= set(range(20))


def test_the_choice_learns_what_pays_and_forgets_nothing_quite() -> None:
    choice = AdaptiveChoice(3)
    for _ in range(200):
        for option in range(3):
            choice.learn(option, gained=10.0 if option == 1 else 0.0, worked=1.0)
    draw = random.Random(1)  # noqa: S311
    drawn = [choice.draw(draw) for _ in range(1_000)]
    assert drawn.count(1) > 700
    assert min(drawn.count(0), drawn.count(2)) > 20


def test_five_tenders_of_which_every_two_share_bidders_are_proved_with_little_work() -> None:
    """By the solver's own count, not by a clock; without a full relaxation this one takes several times as much."""
    schedule = plan_schedule(synthetic_problem(5, 12), seed=1, seconds=1.5)
    assert (schedule.status, schedule.cost) == (ScheduleStatus.OPTIMAL, 45_166)


def test_a_plan_of_more_than_is_proved_at_once_repeats_itself() -> None:
    problem = synthetic_problem(21, 1)
    heard: list[int] = []
    first = plan_schedule(problem, seed=1, seconds=0.5, progress=lambda cost, _: heard.append(cost))
    assert first == plan_schedule(problem, seed=1, seconds=0.5)
    assert first.broken_rules == ()
    assert heard == sorted(heard, reverse=True)


def test_of_several_attempts_the_cheapest_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[Search] = []

    def listening(*given: Any) -> Search:
        begun.append(BEGIN(*given))
        return begun[-1]

    monkeypatch.setattr(solve, "_ATTEMPT_WORK", 0.004)
    monkeypatch.setattr(solve, "_begun", listening)
    heard: list[int] = []
    found = plan_schedule(synthetic_problem(21, 2), seed=3, seconds=1.0, progress=lambda cost, _: heard.append(cost))
    ends = [search.cost for search in begun]
    assert len(set(ends)) > 2, "attempts end at costs of their own"
    assert found.cost == int(min(ends)), "the best was restored, and made cheaper yet"
    assert ends.index(min(ends)) > 0, "which was not the first"
    assert heard == sorted(heard, reverse=True), "nobody hears of an attempt that is dearer"


def test_a_clock_that_does_not_run_out_changes_nothing() -> None:
    assert plan_schedule(PROBLEM, seed=3, seconds=0.3, time_left=lambda: HOURS) == plan_schedule(
        PROBLEM, seed=3, seconds=0.3
    )


def test_a_search_that_the_clock_ended_says_so() -> None:
    schedule = plan_schedule(PROBLEM, seed=1, time_left=lambda: 0.0)
    assert schedule.procurements
    assert schedule.broken_rules == ()
    assert schedule.warnings[-2:] == (CUT_BY_THE_CLOCK, UNEXPLAINED)


def test_the_clock_limits_all_that_planning_does() -> None:
    problem = synthetic_problem(120, 1)
    began = time.process_time()
    schedule = plan_schedule(problem, seed=1, seconds=8.0, time_left=lambda: began + 2.0 - time.process_time())
    assert time.process_time() - began < 2.3
    assert schedule.broken_rules == ()


def test_a_larger_programme_is_planned_below_what_due_dates_alone_cost() -> None:
    problem = synthetic_problem(24, 1)
    board = Board(problem, Axis(problem, ENGLAND))
    assert cheapest_by_due_date(board) or earliest_due_date_first(board)
    schedule = plan_schedule(problem, seed=1, seconds=0.3)
    assert schedule.broken_rules == ()
    assert schedule.cost is not None
    assert schedule.bound is not None
    assert schedule.bound <= schedule.cost < board.cost()
