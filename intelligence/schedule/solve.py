"""The procurement schedule: what to tender when, proved as cheap as can be where time allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil

from ortools.sat.python import cp_model

from intelligence.schedule.assemble import planned_procurement, planned_stage
from intelligence.schedule.calendar import WorkingCalendar
from intelligence.schedule.check import RULES, broken_rules
from intelligence.schedule.costs import cost_terms
from intelligence.schedule.explain import warnings_about, why_impossible, why_it_stands
from intelligence.schedule.holidays import calendar_of
from intelligence.schedule.model import ProcurementVariables, ScheduleModel
from intelligence.schedule.plan import PlannedProcurement, Schedule, ScheduleProblem, ScheduleStatus
from intelligence.schedule.search import CUT_BY_THE_CLOCK, Budget, TimeLeft, for_ever, repeatable_solver
from intelligence.schedule.serial import earliest_due_date_first

_TIDYING_SHARE = 0.1

Progress = Callable[[int, int], None]

_STATUSES = {
    cp_model.OPTIMAL: ScheduleStatus.OPTIMAL,
    cp_model.FEASIBLE: ScheduleStatus.FEASIBLE,
    cp_model.INFEASIBLE: ScheduleStatus.INFEASIBLE,
}


def plan_schedule(
    problem: ScheduleProblem,
    *,
    seed: int,
    seconds: float = 10.0,
    progress: Progress | None = None,
    time_left: TimeLeft = for_ever,
) -> Schedule:
    """The schedule of least cost that keeps every hard rule, checked by an independent checker.

    `seconds` limits the search by CP-SAT's own count of its work, so that the same problem, seed and limit give the
    same schedule however busy the machine is; each takes one to four seconds of a core. `time_left`, when given, tells
    how many seconds the caller can still wait; if it ends the search before the work is done, a warning says so.
    `progress` is called with the cost and the bound of each schedule found on the way. When no schedule is possible the
    result says so, and why, instead of raising.

    Raises:
        ScheduleError: a stage length is below its legal floor.
        CalendarError: a date lies outside the years whose bank holidays are known.

    >>> from datetime import date
    >>> from intelligence.market import Procurement, Route
    >>> dental = Procurement("D", "Dental", Route.PSR_COMPETITIVE, ("D1",), date(2027, 4, 1), mobilisation_days=70)
    >>> schedule = plan_schedule(ScheduleProblem(date(2026, 1, 5), (dental,)), seed=1)
    >>> schedule.status.value, schedule.procurements[0].publish.isoformat(), schedule.procurements[0].slack_days
    ('optimal', '2026-07-28', 20)
    """
    calendar = calendar_of(problem)
    budget = Budget(seconds * (1 - _TIDYING_SHARE), time_left)
    model = ScheduleModel(problem, calendar)
    if first := earliest_due_date_first(problem, calendar):
        model.start_from(first)
    solver = _solver(seed)
    status = _STATUSES.get(budget.solve(model.model, solver, callback=_Listener(progress)), ScheduleStatus.UNKNOWN)
    if status in (ScheduleStatus.INFEASIBLE, ScheduleStatus.UNKNOWN):
        return _no_schedule(problem, calendar, status, seed=seed, seconds=seconds)
    tidied = _tidied(model, solver, _solver(seed), Budget(seconds * _TIDYING_SHARE, time_left))
    planned = tuple(replace(item, why=why_it_stands(problem, calendar, item, tidied)) for item in tidied)
    terms = cost_terms(problem, calendar, planned)
    cost = sum(term.cost for term in terms)
    bound = max(0, ceil(solver.best_objective_bound - 1e-6))
    cut = (CUT_BY_THE_CLOCK,) if status is ScheduleStatus.FEASIBLE and time_left() <= 0 else ()
    schedule = Schedule(
        problem=problem,
        procurements=planned,
        status=status,
        cost=cost,
        bound=bound,
        gap=(cost - bound) / cost if cost else 0.0,
        cost_terms=terms,
        warnings=(*warnings_about(problem, planned), *cut),
        checked_rules=RULES,
        broken_rules=(),
        seed=seed,
        seconds=seconds,
    )
    return replace(schedule, broken_rules=broken_rules(problem, schedule))


def _solver(seed: int) -> cp_model.CpSolver:
    solver = repeatable_solver(seed)
    solver.parameters.cp_model_probing_level = 0  # probing these models takes several times longer than solving them
    return solver


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, progress: Progress | None) -> None:
        super().__init__()
        self._progress = progress

    def on_solution_callback(self) -> None:
        if self._progress is not None:
            self._progress(round(self.objective_value), max(0, ceil(self.best_objective_bound - 1e-6)))


def _tidied(
    model: ScheduleModel, solved: cp_model.CpSolver, tidier: cp_model.CpSolver, budget: Budget
) -> tuple[PlannedProcurement, ...]:
    planned = tuple(_planned(model, solved, item) for item in model.procurements)
    model.prefer_tidiness(round(solved.objective_value))
    model.start_from(planned)
    if _STATUSES.get(budget.solve(model.model, tidier)) in (ScheduleStatus.OPTIMAL, ScheduleStatus.FEASIBLE):
        return tuple(_planned(model, tidier, item) for item in model.procurements)
    return planned


def _planned(model: ScheduleModel, solver: cp_model.CpSolver, item: ProcurementVariables) -> PlannedProcurement:
    rules = [variables.rule for variables in item.stages]
    stages = tuple(
        planned_stage(
            variables.rule, model.axis[solver.value(variables.start)], model.axis[solver.value(variables.end) - 1]
        )
        for variables in item.stages
    )
    start = next(day for day, taken in zip(item.starts, item.chosen, strict=True) if solver.boolean_value(taken))
    return planned_procurement(model.calendar, item.procurement, rules, stages, start)


def _no_schedule(
    problem: ScheduleProblem, calendar: WorkingCalendar, status: ScheduleStatus, *, seed: int, seconds: float
) -> Schedule:
    def possible(relaxed: ScheduleProblem) -> bool:
        solver = _solver(seed)
        solver.parameters.stop_after_first_solution = True
        status = Budget(seconds).solve(ScheduleModel(relaxed, calendar).model, solver)
        return _STATUSES.get(status) in (ScheduleStatus.OPTIMAL, ScheduleStatus.FEASIBLE)

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
        seconds=seconds,
    )
