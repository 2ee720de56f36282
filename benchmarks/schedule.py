"""How much better is the planned schedule than what else could be done in the same time, and how near to its bound?

    python -m benchmarks.schedule [--sizes 5,17,50,200,1000] [--seconds 60] [--seed 1] [--without-plain]

On each programme (benchmarks/programmes.py) it prints, side by side, the cost in assumed pounds of

- EDD: earliest due date first, blind to costs;
- EDD + competition: the same order, each procurement where it adds least to the cost of those before;
- hinted CP-SAT: the whole problem in one model, started from the cheaper of those two;
- plain LNS: from the same start, CP-SAT places fourteen procurements anew at a time, drawn at random or around a date;
- planned: what `plan_schedule` returns, with its bound.

Hinted CP-SAT and plain LNS get these seconds of processor time, the plan the counted work that fits into them (`CPU s`
is what it used), each a single thread, one after the other, so that a busy machine treats all alike. Every schedule
passes the independent check.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from dataclasses import dataclass

from ortools.sat.python import cp_model

from benchmarks.programmes import synthetic_problem
from intelligence.schedule.assemble import planned_procurements
from intelligence.schedule.axis import Axis
from intelligence.schedule.check import RULES, broken_rules
from intelligence.schedule.command import WORK_A_SECOND
from intelligence.schedule.costs import cost_terms
from intelligence.schedule.holidays import calendar_of
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.neighbourhoods import at_random, by_time_window
from intelligence.schedule.placement import Board
from intelligence.schedule.plan import Schedule, ScheduleProblem, ScheduleStatus
from intelligence.schedule.search import repeatable_solver
from intelligence.schedule.serial import cheapest_by_due_date, earliest_due_date_first
from intelligence.schedule.solve import plan_schedule

HEADS = (
    "procurements",
    "EDD",
    "EDD+comp.",
    "hinted CP-SAT",
    "plain LNS",
    "planned",
    "bound",
    "gap",
    "status",
    "CPU s",
    "clock s",
)


PLAIN_SIZE = 14
PLAIN_WORK = 2.0  # of CP-SAT's deterministic seconds for a neighbourhood


@dataclass(frozen=True)
class Baselines:
    due_date: int | None
    competition: int | None
    hinted: int | None
    plain: int | None


def baselines(problem: ScheduleProblem, seed: int, seconds: float | None) -> Baselines:
    """What each baseline costs, `None` where it finds no plan."""
    axis = Axis(problem, calendar_of(problem))
    boards = []
    for rule in (earliest_due_date_first, cheapest_by_due_date):
        board = Board(problem, axis)
        boards.append(board if rule(board) else None)
    costs = checked_cost(boards[0]), checked_cost(boards[1])
    complete = [board for board in boards if board is not None]
    if seconds is None or not complete:
        return Baselines(*costs, None, None)
    start = min(complete, key=Board.cost)
    return Baselines(*costs, hinted_cp_sat(start, seed, seconds), plain_lns(start, seed, seconds))


def hinted_cp_sat(board: Board, seed: int, seconds: float) -> int | None:
    """The cost that CP-SAT alone reaches with this much processor time from the plan of a board."""
    ends = time.process_time() + seconds
    empty = Board(board.problem, board.axis)
    model = ScheduleModel(empty, range(len(board.items)))
    model.start_from(board.places)
    solver = repeatable_solver(seed)
    solver.parameters.cp_model_probing_level = 0
    done = threading.Event()
    watch = threading.Thread(target=_stop_at, args=(solver, ends, done))
    watch.start()
    solver.solve(model.model)
    done.set()
    watch.join()
    if not solver.response_proto.solution:
        return checked_cost(board)
    for i, place in model.places(solver).items():
        empty.put(i, place)
    return checked_cost(empty)


def plain_lns(board: Board, seed: int, seconds: float) -> int | None:
    """The cost that plain large-neighbourhood search reaches with this much processor time from the plan of a board."""
    ends = time.process_time() + seconds
    draw = random.Random(seed)
    while time.process_time() < ends:
        neighbourhood = draw.choice((at_random, by_time_window))
        ids = neighbourhood(board, draw, PLAIN_SIZE)
        before, old = board.cost(), {i: board.take(i) for i in ids}
        model = ScheduleModel(board, ids, before - board.cost())
        model.start_from([old.get(i) for i in range(len(board.items))])
        solver = repeatable_solver(seed)
        solver.parameters.cp_model_probing_level = 0
        solver.parameters.max_deterministic_time = PLAIN_WORK
        status = solver.solve(model.model)
        found = model.places(solver) if status in (cp_model.OPTIMAL, cp_model.FEASIBLE) else old
        for i, place in found.items():
            board.put(i, place)
        if board.cost() > before:
            for i in ids:
                board.take(i)
            for i, place in old.items():
                board.put(i, place)
    return checked_cost(board)


def _stop_at(solver: cp_model.CpSolver, ends: float, done: threading.Event) -> None:
    """Stop the solver when the process has used its time; CP-SAT itself knows only the clock."""
    while not done.wait(0.2):
        if time.process_time() > ends:
            solver.stop_search()


def planned_in(problem: ScheduleProblem, seed: int, seconds: float) -> Schedule:
    """What `plan_schedule` finds with the work that a quiet machine does in these seconds; no clock ends it sooner."""
    return plan_schedule(problem, seed=seed, seconds=seconds * WORK_A_SECOND)


def checked_cost(board: Board | None) -> int | None:
    """The cost of the plan on a board, which must pass the same check as any other."""
    if board is None or None in board.places:
        return None
    planned = planned_procurements(board)
    terms = cost_terms(board.problem, board.axis.calendar, planned)
    cost = sum(term.cost for term in terms)
    schedule = Schedule(
        board.problem, planned, ScheduleStatus.FEASIBLE, cost, None, None, terms, (), RULES, (), seed=0, seconds=0.0
    )
    assert broken_rules(board.problem, schedule) == ()
    return cost


def in_full(cost: int | None) -> str:
    return "-" if cost is None else f"{cost:,}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="5,17,50,200,1000")
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--without-plain", action="store_true", help="leave out hinted CP-SAT and plain LNS")
    options = parser.parse_args()
    print(" ".join(f"{head:>13}" for head in HEADS))
    for size in (int(size) for size in options.sizes.split(",")):
        problem = synthetic_problem(size, options.seed)
        others = baselines(problem, options.seed, None if options.without_plain else options.seconds)
        began, used = time.monotonic(), time.process_time()
        schedule = planned_in(problem, options.seed, options.seconds)
        took, used = time.monotonic() - began, time.process_time() - used
        assert schedule.broken_rules == (), schedule.broken_rules
        costs = (others.due_date, others.competition, others.hinted, others.plain, schedule.cost, schedule.bound)
        gap = "-" if schedule.gap is None else f"{schedule.gap:.1%}"
        cells = (size, *map(in_full, costs), gap, schedule.status, f"{used:.1f}", f"{took:.1f}")
        print(" ".join(f"{cell!s:>13}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()
