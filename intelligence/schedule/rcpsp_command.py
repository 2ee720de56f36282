"""``python -m intelligence rcpsp FILE.sm [--seconds N] [--seed N] [--out PLAN.json]``"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from intelligence.arguments import add_seed, check_outputs, say, whole_number
from intelligence.files import write_json
from intelligence.schedule.budget import CUT_BY_THE_CLOCK, WORK_A_SECOND
from intelligence.schedule.psplib import read_project
from intelligence.schedule.rcpsp import plan_project

MOST_SECONDS = 86_400


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("project", metavar="FILE.sm", help="a single-mode project in the format of PSPLIB")
    parser.add_argument(
        "--seconds",
        type=whole_number(1, MOST_SECONDS),
        default=10,
        metavar="N",
        help="stop the search after this time, with the shortest plan so far (default 10)",
    )
    add_seed(parser)
    parser.add_argument("--out", metavar="PLAN.json", help="also write the start of every activity")


def run(arguments: argparse.Namespace) -> int:
    """Print the makespan and the bound; no plan is shorter than the bound.

    Raises:
        FileError: the file cannot be used or the plan cannot be written.
    """
    ends = time.monotonic() + arguments.seconds
    outputs = [Path(arguments.out)] if arguments.out else []
    check_outputs(Path(arguments.project), outputs)
    project = read_project(arguments.project)
    plan = plan_project(
        project,
        seed=arguments.seed,
        seconds=arguments.seconds * WORK_A_SECOND,
        time_left=lambda: ends - time.monotonic(),
    )
    for path in outputs:
        write_json(path, plan)
    sys.stdout.write(f"makespan {plan.makespan}\nbound {plan.bound}\n")
    say((CUT_BY_THE_CLOCK,) if plan.cut_by_the_clock else ())
    return 0
