"""The procurement schedule: what to tender when, proved as cheap as can be where time allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from math import ceil, inf

from ortools.sat.python import cp_model

from intelligence.schedule.assemble import planned_procurements
from intelligence.schedule.axis import Axis
from intelligence.schedule.binding import with_bindings
from intelligence.schedule.bound import costly_bound, lower_bound
from intelligence.schedule.budget import CUT_BY_THE_CLOCK, Budget, TimeLeft, for_ever, repeatable_solver
from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.check import RULES, broken_rules
from intelligence.schedule.costs import cost_terms
from intelligence.schedule.explain import Explainer, warnings_about
from intelligence.schedule.holidays import calendar_of, unpublished
from intelligence.schedule.impossible import why_impossible
from intelligence.schedule.lns import MISSING, Search
from intelligence.schedule.model import ScheduleModel
from intelligence.schedule.placement import Board
from intelligence.schedule.plan import PlannedProcurement, Schedule, ScheduleStatus
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.serial import cheapest_by_due_date
from intelligence.schedule.windows import overlap_by_choice, overlap_by_ends

_RELAXED = 6  # procurements, of which a full linear relaxation proves the hardest several times faster; of more, slower
_PROVABLE = 20  # procurements: of more, a model of the whole takes long to prove anything,
_WHOLE = 60  # and of more than these it never does
_PROOF = 0.3  # of the budget goes at most into that
_EXPLAINING = 0.1  # of the clock is kept for what binds each procurement and for the check,
_CHECKING = 3.0  # and no less than so many times what it took to make the board
_ATTEMPT_WORK = 0.06  # a procurement: annealing for longer gains less than beginning again
_UNSETTLED, _SETTLING = 0.4, 0.6  # by which shares of an attempt services that start late are first, and last, settled
_EXACT_SHARE = 0.35  # of the budget is kept for exact neighbourhoods and the bound,
_BOUND_SHARE = 0.25  # and this of it for the bound
_MIDDLING_SHARE, _MIDDLING_BOUND = 0.65, 0.63  # in place of both for as many as may be proved whole at the end

UNEXPLAINED = "The clock ended before it was known what binds each procurement; allow more time to learn it."

Heard = Callable[[int, int], None]
"""Is told the cost and the bound of each schedule found."""


def nobody_hears(cost: int, bound: int) -> None:
    """Where nobody listens."""


def plan_schedule(
    problem: ScheduleProblem,
    *,
    seed: int,
    seconds: float = 10.0,
    progress: Heard = nobody_hears,
    time_left: TimeLeft = for_ever,
) -> Schedule:
    """The schedule of least cost, in pounds, that keeps every hard rule, checked by an independent checker.

    `seconds` limits the search by CP-SAT's own count of its work, so that the same problem, seed and limit give the
    same schedule however busy the machine is; each takes one to four seconds of a core. `time_left`, when given, tells
    how many seconds the caller can still wait; making the model, explaining and checking are held to it too. If it ends
    the search before the work is done, or before it is known what binds each procurement, a warning says so. `progress`
    hears the cost and the bound of each schedule found. When none is possible the result says so, and why. Method and
    sources: docs/methods/schedule.md.

    Raises:
        ScheduleError: a stage length is below its legal floor, or a pin, actual or precedence does not fit its route.
        CalendarError: a date lies outside the years whose bank holidays are known.

    >>> from datetime import date
    >>> from intelligence.market import Procurement, Route
    >>> dental = Procurement("D", "Dental", Route.PSR_COMPETITIVE, ("D1",), date(2027, 4, 1), mobilisation_days=70)
    >>> schedule = plan_schedule(ScheduleProblem(date(2026, 1, 5), (dental,)), seed=1)
    >>> schedule.status.value, schedule.procurements[0].publish.isoformat(), schedule.procurements[0].slack_days
    ('optimal', '2026-07-28', 20)
    """
    calendar = calendar_of(problem)
    whole = time_left()
    board = Board(problem, Axis(problem, calendar))
    kept = max(_EXPLAINING * whole, _CHECKING * (whole - time_left())) if whole < inf else 0.0
    budget = Budget(seconds, lambda: time_left() - kept)
    status, bound = _search(board, seed, budget, progress)
    if status in (ScheduleStatus.INFEASIBLE, ScheduleStatus.UNKNOWN):
        return _no_schedule(problem, calendar, status, seed=seed, budget=budget)
    planned, unexplained = _explained(board, lambda: time_left() - kept / 2)
    cut = (CUT_BY_THE_CLOCK,) if budget.cut and status is ScheduleStatus.FEASIBLE else ()
    schedule = _priced(board, planned, status, bound, seed=seed, seconds=seconds)
    schedule = replace(schedule, warnings=(*schedule.warnings, *cut, *unexplained))
    return replace(schedule, broken_rules=broken_rules(problem, schedule))


def _priced(
    board: Board,
    planned: tuple[PlannedProcurement, ...],
    status: ScheduleStatus,
    bound: int,
    *,
    seed: int,
    seconds: float,
) -> Schedule:
    """The schedule of a plan with what it costs, not yet checked."""
    terms = cost_terms(board.problem, board.axis.calendar, planned)
    cost = sum(term.cost for term in terms)
    return Schedule(
        problem=board.problem,
        procurements=planned,
        status=status,
        cost=cost,
        bound=bound,
        gap=(cost - bound) / cost if cost else 0.0,
        cost_terms=terms,
        warnings=(*warnings_about(board.problem, planned), *unpublished(board.problem, _last_day(planned))),
        checked_rules=RULES,
        broken_rules=(),
        seed=seed,
        seconds=seconds,
    )


def _last_day(planned: tuple[PlannedProcurement, ...]) -> date:
    return max((item.service_start for item in planned), default=date.min)


def _explained(board: Board, time_left: TimeLeft) -> tuple[tuple[PlannedProcurement, ...], tuple[str, ...]]:
    """The plan of a board with why each procurement stands where it stands, and a warning where time was short."""
    plain = planned_procurements(board)
    bound = with_bindings(board, plain, time_left)
    planned = bound or plain
    explainer = Explainer(board.problem, board.axis.calendar, planned)
    explained = tuple(replace(item, why=explainer.why(item)) for item in planned)
    return explained, () if bound is not None else (UNEXPLAINED,)


def _search(board: Board, seed: int, budget: Budget, progress: Heard) -> tuple[ScheduleStatus, int]:
    """Leave the cheapest plan found on the board; what is proved about it."""
    bound = 0
    small = len(board.items) <= _PROVABLE
    search = _best_attempt(board, seed, budget, partial(_tell, progress))
    if search.cost >= 1 and (small or None in board.places):
        proof, bound = _prove(search, board, seed, budget, progress, _PROOF)
        if proof == cp_model.INFEASIBLE:
            return ScheduleStatus.INFEASIBLE, 0
    if search.cost >= bound + 1:
        search.run(kept=_exact_share(board), enough=bound)
    if search.cost >= bound + 1:
        bound = _join_both_ends(search, board, seed, budget, progress, bound)
    search.tidy()
    if None in board.places:
        return ScheduleStatus.UNKNOWN, 0
    return ScheduleStatus.OPTIMAL if search.cost < bound + 1 else ScheduleStatus.FEASIBLE, bound


def _join_both_ends(search: Search, board: Board, seed: int, budget: Budget, progress: Heard, bound: int) -> int:
    """Make the plan cheaper with exact neighbourhoods and raise the bound, in turn; the bound that is proved."""
    middling = _is_middling(board)
    search.run_exactly(kept=_MIDDLING_BOUND if middling else _BOUND_SHARE, enough=bound)
    if middling:
        search.settle_costly()
    bound = max(bound, lower_bound(board, search.cost, seed, budget, _BOUND_SHARE / 2))
    if middling and search.cost >= bound + 1:
        bound = max(bound, costly_bound(board, seed, budget, 0.0))
    if middling and search.cost >= bound + 1:
        _, whole = _prove(search, board, seed, budget, progress, 1.0)
        bound = max(bound, whole)
    search.run_exactly(kept=0.0, enough=bound)
    return bound


def _exact_share(board: Board) -> float:
    """Of the budget, for exact neighbourhoods and the bound."""
    return _MIDDLING_SHARE if _is_middling(board) else _EXACT_SHARE


def _is_middling(board: Board) -> bool:
    """Too many to be proved at once, and so few that the whole may be proved at the end."""
    return _PROVABLE < len(board.items) <= _WHOLE


def _best_attempt(board: Board, seed: int, budget: Budget, listen: Callable[[float], None]) -> Search:
    """Leave the cheapest plan of a few attempts on the board, each annealed from the start as the budget allows.

    Which services can be ready together is settled early in an attempt and hardly ever changes later, so that two
    attempts end further apart than one of them gains by going on. A small problem has one, which ends after as many
    moves without a cheaper plan as it has pairs of procurements: CP-SAT does the rest.
    """
    small = len(board.items) <= _PROVABLE
    share = 1 - _exact_share(board)
    count = 1 if small else max(1, int(budget.work * share / (_ATTEMPT_WORK * len(board.items))))
    length = share / count
    best = attempt = _begun(board, seed, budget, listen)

    def hear(cost: float) -> None:
        if cost < best.cost:
            listen(cost)

    for number in range(count):
        if number:
            attempt = _begun(board, seed + number, budget, hear)
        kept = 1 - number * length
        attempt.run(kept=kept - _UNSETTLED * length, idle=len(board.items) ** 2 if small else None)
        attempt.settle_late(kept=kept - _SETTLING * length)
        if not small:
            attempt.run(kept=kept - length)
        best = min(best, attempt, key=lambda search: search.cost)
        if best.cost < 1 or budget.is_spent():
            break
    best.restore()
    return best


def _begun(board: Board, seed: int, budget: Budget, listen: Callable[[float], None]) -> Search:
    """A search from the plan by due dates."""
    board.clear()
    cheapest_by_due_date(board)
    return Search(board, seed, budget, listen)


def _tell(progress: Heard, cost: float) -> None:
    if cost < MISSING:  # every procurement has its place
        progress(int(cost), 0)


def _prove(
    search: Search, board: Board, seed: int, budget: Budget, progress: Heard, share: float
) -> tuple[cp_model.CpSolverStatus, int]:
    """Let CP-SAT look at the whole problem: it may find a cheaper plan, and proves a bound or that there is no plan."""
    overlap = overlap_by_choice if len(board.items) <= _PROVABLE else overlap_by_ends
    model = ScheduleModel(Board(board.problem, board.axis), range(len(board.items)), search.cost, overlap)
    model.start_from(search.places)
    solver = repeatable_solver(seed)
    solver.parameters.cp_model_probing_level = 0  # probing these models takes several times longer than solving them
    solver.parameters.max_presolve_iterations = 1  # the second time round costs more than it gains
    if len(board.items) <= _RELAXED:  # all of the choices are in the relaxation, for which cuts then do little
        solver.parameters.linearization_level = 2
        solver.parameters.cut_level = 0
    status = budget.solve(model.model, solver, share, callback=_Listener(progress))
    if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        search.adopt(model.places(solver))
        return status, max(0, ceil(solver.best_objective_bound - 1e-6))
    return status, 0


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, progress: Heard) -> None:
        super().__init__()
        self._progress = progress

    def on_solution_callback(self) -> None:
        self._progress(round(self.objective_value), max(0, ceil(self.best_objective_bound - 1e-6)))


def _no_schedule(
    problem: ScheduleProblem, calendar: WorkingCalendar, status: ScheduleStatus, *, seed: int, budget: Budget
) -> Schedule:
    def possible(relaxed: ScheduleProblem) -> bool | None:
        if budget.time_left() <= 0:
            return None
        solver = repeatable_solver(seed)
        solver.parameters.stop_after_first_solution = True
        model = ScheduleModel(Board(relaxed, Axis(relaxed, calendar)), range(len(relaxed.procurements))).model
        found = Budget(budget.work, budget.time_left).solve(model, solver)
        return None if found == cp_model.UNKNOWN else found != cp_model.INFEASIBLE

    if status is ScheduleStatus.INFEASIBLE:
        reasons = why_impossible(problem, calendar, possible)
        warnings = tuple(f"No schedule meets these rules: {reason}" for reason in reasons)
    else:
        warnings = ("No schedule was found in the time allowed; allow more, or ask for less at once.",)
    return Schedule(
        problem=problem,
        procurements=(),
        status=status,
        cost=None,
        bound=None,
        gap=None,
        cost_terms=(),
        warnings=warnings,
        checked_rules=(),
        broken_rules=(),
        seed=seed,
        seconds=budget.work,
    )
