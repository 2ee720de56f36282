"""How much better is the planned schedule than what else could be done in the same time, and how near to its bound?

    python -m benchmarks.schedule [--sizes 5,17,50,200,1000] [--seconds 60] [--seed 1] [--without-plain]

On each programme (benchmarks/programmes.py) it prints, a line each, the cost in assumed pounds of

- EDD: earliest due date first, blind to costs;
- EDD + competition: the same order, each procurement where it adds least to the cost of those before;
- hinted CP-SAT: the whole problem in one model, started from the cheaper of those two;
- plain LNS: from the same start, CP-SAT places fourteen procurements anew at a time, drawn at random or around a date;
- planned: what `plan_schedule` returns, with its bound.

The last three get the same seconds of processor time, everything included (making models, explaining, checking), and a
single thread, one after the other, so that a busy machine treats all alike; the line says what each used of them. Every
schedule passes the independent check.
"""

from __future__ import annotations

import argparse
import random
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from ortools.sat.python import cp_model

from benchmarks.programmes import synthetic_problem
from intelligence.schedule.assemble import planned_procurements
from intelligence.schedule.axis import Axis
from intelligence.schedule.budget import WORK_A_SECOND, repeatable_solver
from intelligence.schedule.check import RULES, broken_rules
from intelligence.schedule.costs import cost_terms
from intelligence.schedule.holidays import calendar_of
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.neighbourhoods import at_random, by_time_window
from intelligence.schedule.placement import Board
from intelligence.schedule.plan import Schedule, ScheduleStatus
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.serial import cheapest_by_due_date, earliest_due_date_first
from intelligence.schedule.solve import plan_schedule

HEADS = ("cost", "bound", "gap", "status", "threads", "CPU s", "clock s")
THREADS = 1
PLAIN_SIZE = 14
PLAIN_WORK = 2.0  # of CP-SAT's deterministic seconds for a neighbourhood


@dataclass(frozen=True)
class Outcome:
    """What a method reached, `None` where it found no plan, and what it took."""

    method: str
    cost: int | None
    processor: float
    clock: float
    bound: int | None = None
    status: str = ""

    def __str__(self) -> str:
        gap = f"{(self.cost - self.bound) / self.cost:.1%}" if self.cost and self.bound is not None else "-"
        cells = (in_full(self.cost), in_full(self.bound), gap, self.status or "-")
        times = (THREADS, f"{self.processor:.2f}", f"{self.clock:.1f}")
        return f"{self.method:>18} " + " ".join(f"{cell!s:>12}" for cell in (*cells, *times))


def timed(method: str, work: Callable[[], int | None]) -> Outcome:
    began, used = time.monotonic(), time.process_time()
    cost = work()
    return Outcome(method, cost, time.process_time() - used, time.monotonic() - began)


def outcomes(problem: ScheduleProblem, seed: int, seconds: float, *, with_plain: bool) -> Iterator[Outcome]:
    axis = Axis(problem, calendar_of(problem))
    by_date, by_cost = Board(problem, axis), Board(problem, axis)
    yield timed("EDD", lambda: checked_cost(by_date if earliest_due_date_first(by_date) else None))
    yield timed("EDD + competition", lambda: checked_cost(by_cost if cheapest_by_due_date(by_cost) else None))
    complete = [board for board in (by_date, by_cost) if None not in board.places]
    if with_plain and complete:
        start = min(complete, key=Board.cost)
        yield timed("hinted CP-SAT", lambda: hinted_cp_sat(start, seed, seconds))
        yield timed("plain LNS", lambda: plain_lns(start, seed, seconds))
    began, used = time.monotonic(), time.process_time()
    schedule = planned_in(problem, seed, seconds)
    assert schedule.broken_rules == (), schedule.broken_rules
    took, used = time.monotonic() - began, time.process_time() - used
    yield Outcome("planned", schedule.cost, used, took, schedule.bound, schedule.status.value)


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
        solver.parameters.max_time_in_seconds = max(0.0, ends - time.process_time())
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
    """What `plan_schedule` finds with this much processor time, its explanations and its check included."""
    ends = time.process_time() + seconds
    return plan_schedule(
        problem, seed=seed, seconds=seconds * WORK_A_SECOND, time_left=lambda: ends - time.process_time()
    )


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
    for size in (int(size) for size in options.sizes.split(",")):
        print(f"{size} procurements, seed {options.seed}, {options.seconds:.0f} s of processor time each")
        print(f"{'':>18} " + " ".join(f"{head:>12}" for head in HEADS))
        problem = synthetic_problem(size, options.seed)
        for outcome in outcomes(problem, options.seed, options.seconds, with_plain=not options.without_plain):
            print(outcome, flush=True)


if __name__ == "__main__":
    main()
