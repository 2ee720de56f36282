"""How much a search may still do, and a solver that repeats itself."""

from __future__ import annotations

from collections.abc import Callable
from math import inf

from ortools.sat.python import cp_model

TimeLeft = Callable[[], float]
"""The seconds that the caller can still wait."""

WORK_A_SECOND = 0.5
"""Of CP-SAT's deterministic seconds: what a quiet machine finishes before the clock, so that a run repeats itself."""

CUT_BY_THE_CLOCK = (
    "The clock ended the search before its work was done, so another run may find another schedule; "
    "allow more time for one that repeats."
)


def for_ever() -> float:
    return inf


class Budget:
    """The work that a search may still do, in CP-SAT's deterministic seconds, and a clock that may end it sooner.

    Work is the same on every machine and under any load, so a search that ends by it repeats itself; `time_left` gives
    the seconds that remain on the caller's clock.
    """

    def __init__(self, work: float, time_left: TimeLeft = for_ever) -> None:
        self.work = self.left = work
        self.time = time_left()
        self.time_left = time_left
        self.cut = False

    def spend(self, work: float) -> None:
        self.left -= work

    def share_left(self) -> float:
        """The share of the work that is left; the clock has no say, so that a search cools alike under any load."""
        return self.left / self.work if self.work else 0.0

    def is_spent(self, kept: float = 0.0) -> bool:
        """Whether no more than the share `kept` of the work or of the time is left."""
        done = self.left <= kept * self.work
        late = self.time < inf and self.time_left() <= kept * self.time
        self.cut = self.cut or (late and not done)
        return done or late

    def solve(
        self,
        model: cp_model.CpModel,
        solver: cp_model.CpSolver,
        share: float = 1.0,
        work: float = inf,
        callback: cp_model.CpSolverSolutionCallback | None = None,
    ) -> cp_model.CpSolverStatus:
        """Solve within what is left, a share of the whole and some work; the status is one of CP-SAT's."""
        solver.parameters.max_deterministic_time = max(0.0, min(self.left, share * self.work, work))
        if (seconds := min(self.time_left(), share * self.time)) < inf:
            solver.parameters.max_time_in_seconds = max(0.0, seconds)
        status = solver.solve(model, callback)
        self.spend(solver.response_proto.deterministic_time)
        if status in (cp_model.FEASIBLE, cp_model.UNKNOWN) and self.time_left() <= 0:
            self.cut = True
        return status


def repeatable_solver(seed: int) -> cp_model.CpSolver:
    """A solver that gives the same answer for the same seed and work."""
    solver = cp_model.CpSolver()
    solver.parameters.random_seed = seed % 2**31
    solver.parameters.num_workers = 1  # with more, which worker is first decides the schedule
    return solver
