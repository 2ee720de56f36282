"""The shortest plan of a project with shared resources, and a bound that proves how short it could be.

The same means as for a procurement schedule: a serial plan to start from, a search that rebuilds a part of the best
plan at a time, and CP-SAT on interval variables for the proof, all limited by counted work.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from math import ceil

from ortools.sat.python import cp_model

from intelligence.schedule.budget import Budget, TimeLeft, for_ever, repeatable_solver
from intelligence.schedule.justify import Justifier
from intelligence.schedule.project import Project, ProjectPlan

_QUICK_PLANS = 30
_QUICK_PROOF = 0.15  # of the work: easy projects are proved by one subsolver at once
_JUSTIFYING = 0.5  # of the work is left when rebuilding ends and the last search begins
_WORK_A_PLAN = 4e-5  # for each activity, in CP-SAT's deterministic seconds
_IDLE_PLANS = 300
_SUBSOLVERS = 8  # take turns in one thread; several of them are large-neighbourhood searches


def plan_project(project: Project, *, seed: int, seconds: float = 10.0, time_left: TimeLeft = for_ever) -> ProjectPlan:
    """The shortest plan found within `seconds` of counted work, or before `time_left` is up, and a proved bound.

    >>> from intelligence.schedule.project import Activity
    >>> pair = (Activity("dig", 3, (1,), ("lay",)), Activity("lay", 2, (1,)), Activity("paint", 4, (1,)))
    >>> plan_project(Project(pair, (1,)), seed=1)
    ProjectPlan(starts=(0, 7, 3), makespan=9, bound=9, cut_by_the_clock=False)
    """
    search = _Search(project, seed, Budget(seconds, time_left))
    search.rebuild(_QUICK_PLANS, kept=0.0)
    search.prove(1, share=_QUICK_PROOF)
    search.rebuild(_IDLE_PLANS, kept=_JUSTIFYING)
    search.prove(_SUBSOLVERS, share=1.0)
    return search.plan()


class _Search:
    """The shortest plan so far, and the best bound."""

    def __init__(self, project: Project, seed: int, budget: Budget) -> None:
        self._project = project
        self._seed = seed
        self._draw = random.Random(seed)  # noqa: S311  # a search, not a secret
        self._budget = budget
        self._justifier = Justifier(project)
        self._starts = self._justifier.first_plan()
        self._bound = _simple_bound(project, self._justifier)

    def plan(self) -> ProjectPlan:
        makespan = self._makespan()
        return ProjectPlan(tuple(self._starts), makespan, self._bound, self._budget.cut and makespan > self._bound)

    def rebuild(self, idle_plans: int, kept: float) -> None:
        """Rebuild parts of the plan, until none of `idle_plans` was shorter or this share of the budget is left."""

        def go_on(idle: int) -> bool:
            self._budget.spend(_WORK_A_PLAN * len(self._starts))
            return idle < idle_plans and not self._budget.is_spent(kept)

        if self._makespan() > self._bound:
            self._starts = self._justifier.improve(self._starts, self._draw, go_on)

    def prove(self, subsolvers: int, share: float) -> None:
        """Let CP-SAT shorten the plan or prove a bound, within a share of the budget."""
        if self._makespan() == self._bound or self._budget.is_spent():
            return
        model, variables = project_model(self._project, self._starts, self._makespan(), self._bound)
        solver = repeatable_solver(self._seed)
        if subsolvers > 1:
            solver.parameters.num_workers = subsolvers
            solver.parameters.interleave_search = True  # in turn, so that they repeat themselves
        if self._budget.solve(model, solver, share) in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            self._starts = [solver.value(variables[activity.id]) for activity in self._project.activities]
            self._bound = max(self._bound, ceil(solver.best_objective_bound - 1e-6))

    def _makespan(self) -> int:
        return self._justifier.makespan(self._starts)


def _simple_bound(project: Project, justifier: Justifier) -> int:
    """No plan is shorter than its longest chain, or than any resource needs for all that is asked of it."""
    longest = max(justifier.tails(), default=0)
    for resource, capacity in enumerate(project.capacities):
        asked = sum(activity.duration * activity.demands[resource] for activity in project.activities)
        if asked:
            longest = max(longest, ceil(asked / capacity))
    return longest


def project_model(
    project: Project, starts: Sequence[int] | None, makespan: int, bound: int
) -> tuple[cp_model.CpModel, dict[str, cp_model.IntVar]]:
    """The project as a model of plans from `bound` to `makespan` long, started from one if there is one.

    The variables are the starts of its activities.
    """
    model = cp_model.CpModel()
    variables = {
        activity.id: model.new_int_var(0, makespan - activity.duration, activity.id) for activity in project.activities
    }
    end = model.new_int_var(bound, makespan, "makespan")
    for activity in project.activities:
        model.add(end >= variables[activity.id] + activity.duration)
        for successor in activity.successors:
            model.add(variables[successor] >= variables[activity.id] + activity.duration)
    for activity, start in zip(project.activities, starts or (), strict=False):
        model.add_hint(variables[activity.id], start)
    for resource, capacity in enumerate(project.capacities):
        users = [activity for activity in project.activities if activity.demands[resource] and activity.duration]
        intervals = [model.new_fixed_size_interval_var(variables[user.id], user.duration, user.id) for user in users]
        model.add_cumulative(intervals, [user.demands[resource] for user in users], capacity)
    model.minimize(end)
    return model, variables
