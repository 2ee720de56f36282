"""Are project plans as short as plain CP-SAT makes them in the same time?

    python -m benchmarks.rcpsp [--sizes 30,60,120] [--seconds 10] [--seed 1] [--write DIRECTORY]

Projects are drawn in the manner of PSPLIB (benchmarks/projects.py), easy and hard ones, and read back from its format;
--write keeps the files. Plain CP-SAT is the same model without a plan to start from, with one worker. Both get the same
seconds of the clock, one after the other.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from benchmarks.projects import as_psplib, synthetic_project
from intelligence.schedule.budget import WORK_A_SECOND, Budget, repeatable_solver
from intelligence.schedule.project import Project, ProjectPlan
from intelligence.schedule.psplib import parse_project
from intelligence.schedule.rcpsp import plan_project, project_model

KINDS = ((1.5, 0.5, 0.2), (1.8, 0.75, 0.2), (2.1, 1.0, 0.5), (1.8, 0.25, 0.2))  # complexity, factor, strength


def plain_cp_sat(project: Project, seed: int, seconds: float) -> tuple[int | None, int]:
    """The makespan and the bound of CP-SAT alone."""
    horizon = sum(activity.duration for activity in project.activities)
    model, _ = project_model(project, None, horizon, 0)
    ends = time.monotonic() + seconds
    solver = repeatable_solver(seed)
    Budget(seconds, lambda: ends - time.monotonic()).solve(model, solver)
    found = bool(solver.response_proto.solution)
    return (round(solver.objective_value) if found else None), round(solver.best_objective_bound)


def planned_in(project: Project, seed: int, seconds: float) -> ProjectPlan:
    ends = time.monotonic() + seconds
    return plan_project(project, seed=seed, seconds=seconds * WORK_A_SECOND, time_left=lambda: ends - time.monotonic())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sizes", default="30,60,120")
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path, metavar="DIRECTORY")
    options = parser.parse_args()
    print(f"{'project':>24} {'plain makespan':>15} {'bound':>7} {'our makespan':>13} {'bound':>7}")
    for size in (int(size) for size in options.sizes.split(",")):
        for complexity, factor, strength in KINDS:
            text = as_psplib(synthetic_project(size, complexity, factor, strength, options.seed))
            name = f"j{size}_{complexity}_{factor}_{strength}_{options.seed}"
            if options.write:
                (options.write / f"{name}.sm").write_text(text)
            project = parse_project(text)
            makespan, bound = plain_cp_sat(project, options.seed, options.seconds)
            plan = planned_in(project, options.seed, options.seconds)
            print(f"{name:>24} {makespan or '-':>15} {bound:>7} {plan.makespan:>13} {plan.bound:>7}", flush=True)


if __name__ == "__main__":
    main()
