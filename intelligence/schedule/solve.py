"""The procurement schedule: what to tender when, proved as cheap as can be where time allows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from math import ceil

from ortools.sat.python import cp_model

from intelligence.schedule.calendar import ONE_DAY, WorkingCalendar
from intelligence.schedule.check import RULES, broken_rules
from intelligence.schedule.costs import cost_terms
from intelligence.schedule.explain import warnings_about, why_impossible, why_it_stands
from intelligence.schedule.holidays import calendar_of
from intelligence.schedule.model import ProcurementVariables, ScheduleModel, StageVariables
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, Schedule, ScheduleProblem, ScheduleStatus
from intelligence.schedule.routes import Stage

_TIDYING_SHARE = 0.2

Progress = Callable[[int, int], None]

_STATUSES = {
    cp_model.OPTIMAL: ScheduleStatus.OPTIMAL,
    cp_model.FEASIBLE: ScheduleStatus.FEASIBLE,
    cp_model.INFEASIBLE: ScheduleStatus.INFEASIBLE,
}


def plan_schedule(
    problem: ScheduleProblem, *, seed: int, seconds: float = 10.0, progress: Progress | None = None
) -> Schedule:
    """The schedule of least cost that keeps every hard rule, checked by an independent checker.

    `seconds` limits the search by CP-SAT's own count of its work, about a second of one core each, so that the same
    problem, seed and limit give the same schedule on every machine. `progress` is called with the cost and the bound of
    each schedule found on the way. When no schedule is possible the result says so, and why, instead of raising.

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
    model = ScheduleModel(problem, calendar)
    solver = _solver(seed, seconds * (1 - _TIDYING_SHARE))
    status = _STATUSES.get(solver.solve(model.model, _Listener(progress)), ScheduleStatus.UNKNOWN)
    if status in (ScheduleStatus.INFEASIBLE, ScheduleStatus.UNKNOWN):
        return _no_schedule(problem, calendar, status, seed=seed, seconds=seconds)
    planned = _tidied(model, solver, _solver(seed, seconds * _TIDYING_SHARE))
    planned = tuple(replace(item, why=why_it_stands(problem, calendar, item, planned)) for item in planned)
    terms = cost_terms(problem, calendar, planned)
    cost = sum(term.cost for term in terms)
    bound = max(0, ceil(solver.best_objective_bound - 1e-6))
    schedule = Schedule(
        problem=problem,
        procurements=planned,
        status=status,
        cost=cost,
        bound=bound,
        gap=(cost - bound) / cost if cost else 0.0,
        cost_terms=terms,
        warnings=warnings_about(problem, planned),
        checked_rules=RULES,
        broken_rules=(),
        seed=seed,
        seconds=seconds,
    )
    return replace(schedule, broken_rules=broken_rules(problem, schedule))


class _Listener(cp_model.CpSolverSolutionCallback):
    def __init__(self, progress: Progress | None) -> None:
        super().__init__()
        self._progress = progress

    def on_solution_callback(self) -> None:
        if self._progress is not None:
            self._progress(round(self.objective_value), max(0, ceil(self.best_objective_bound - 1e-6)))


def _solver(seed: int, seconds: float) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed
    solver.parameters.num_workers = 1  # with more, which worker is first decides the schedule
    solver.parameters.max_deterministic_time = seconds
    solver.parameters.linearization_level = 2  # proves five procurements in 1 s where the default leaves a wide gap
    return solver


def _tidied(
    model: ScheduleModel, solved: cp_model.CpSolver, tidier: cp_model.CpSolver
) -> tuple[PlannedProcurement, ...]:
    model.tidy(solved)
    found = tidier.solve(model.model) in (cp_model.OPTIMAL, cp_model.FEASIBLE)
    return tuple(_planned(model, tidier if found else solved, item) for item in model.procurements)


def _planned(model: ScheduleModel, solver: cp_model.CpSolver, item: ProcurementVariables) -> PlannedProcurement:
    stages = tuple(_planned_stage(model, solver, variables) for variables in item.stages)
    start = next(day for day, taken in zip(item.starts, item.chosen, strict=True) if solver.boolean_value(taken))
    published = (stage.start for stage, known in zip(stages, item.stages, strict=True) if known.rule.publishes)
    return PlannedProcurement(
        procurement_id=item.procurement.id,
        title=item.procurement.title,
        route=item.procurement.route,
        stages=stages,
        publish=next(published, None),
        award=next(stage.start for stage in stages if stage.stage is Stage.AWARD),
        service_start=start,
        slack_days=len(model.calendar.working_days(stages[-1].end + ONE_DAY, start - ONE_DAY)),
        why="",
        officer=item.procurement.officer,
    )


def _planned_stage(model: ScheduleModel, solver: cp_model.CpSolver, variables: StageVariables) -> PlannedStage:
    rule = variables.rule
    return PlannedStage(
        stage=rule.stage,
        start=model.axis[solver.value(variables.start)],
        end=model.axis[solver.value(variables.end) - 1],
        days=rule.days,
        counting=rule.counting,
        evidence=rule.evidence,
        source=rule.source,
        legal_floor=rule.legal_floor,
    )


def _no_schedule(
    problem: ScheduleProblem, calendar: WorkingCalendar, status: ScheduleStatus, *, seed: int, seconds: float
) -> Schedule:
    def possible(relaxed: ScheduleProblem) -> bool:
        solver = _solver(seed, seconds)
        solver.parameters.stop_after_first_solution = True
        status = solver.solve(ScheduleModel(relaxed, calendar).model)
        return _STATUSES.get(status) in (ScheduleStatus.OPTIMAL, ScheduleStatus.FEASIBLE)

    if status is ScheduleStatus.INFEASIBLE:
        warnings = why_impossible(problem, calendar, possible)
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
