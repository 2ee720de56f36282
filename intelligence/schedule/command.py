"""``python -m intelligence schedule PROBLEM.json --out SCHEDULE.json [--seconds N] [--seed N]
[--reproducible | --work SECONDS]``"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from intelligence.arguments import add_seed, check_outputs, say, whole_number
from intelligence.files import FileError, read_json, write_json
from intelligence.schedule.budget import WORK_A_SECOND
from intelligence.schedule.calendar import CalendarError
from intelligence.schedule.plan import Schedule
from intelligence.schedule.problem import ScheduleError, ScheduleProblem
from intelligence.schedule.solve import plan_schedule

MOST_SECONDS = 86_400
NO_SCHEDULE = 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("problem", metavar="PROBLEM.json", help="what to plan (docs/formats)")
    parser.add_argument("--out", required=True, metavar="SCHEDULE.json", help="where the schedule goes")
    parser.add_argument(
        "--seconds",
        type=whole_number(1, MOST_SECONDS),
        default=10,
        metavar="N",
        help="stop the search after this time, with the best schedule so far (default 10)",
    )
    add_seed(parser)
    repeating = parser.add_mutually_exclusive_group()
    repeating.add_argument(
        "--reproducible",
        action="store_true",
        help="finish the work that --seconds allows on a quiet machine, however long it takes on this one",
    )
    repeating.add_argument(
        "--work",
        type=_work,
        metavar="SECONDS",
        help="finish this much counted work, which a schedule's file has as its seconds, and leave the clock aside",
    )


def run(arguments: argparse.Namespace) -> int:
    """Plan, and write the schedule; warnings go to standard error.

    The exit code is 1 when no schedule keeps every rule or none was found; the file and the warnings say why.

    Raises:
        FileError: the problem cannot be used or the schedule cannot be written.
    """
    check_outputs(Path(arguments.problem), [Path(arguments.out)])
    problem = read_json(arguments.problem, ScheduleProblem)
    try:
        schedule = _plan(problem, arguments)
    except (ScheduleError, CalendarError) as error:
        raise FileError(f"{arguments.problem}: {error}") from error
    write_json(arguments.out, schedule)
    say(schedule.warnings)
    return 0 if schedule.procurements or not problem.procurements else NO_SCHEDULE


def _work(text: str) -> float:
    """Counted seconds, or one line that says what may be given."""
    try:
        work = float(text)
    except ValueError:
        work = 0.0
    if not 0 < work <= MOST_SECONDS:
        raise argparse.ArgumentTypeError(f"must be a number above 0 and at most {MOST_SECONDS}, not {text[:40]!r}")
    return work


def _plan(problem: ScheduleProblem, arguments: argparse.Namespace) -> Schedule:
    seconds, seed = arguments.seconds, arguments.seed
    if arguments.work is not None:
        return plan_schedule(problem, seed=seed, seconds=arguments.work)
    if arguments.reproducible:
        return plan_schedule(problem, seed=seed, seconds=seconds * WORK_A_SECOND)
    ends = time.monotonic() + seconds
    return plan_schedule(problem, seed=seed, seconds=seconds * WORK_A_SECOND, time_left=lambda: ends - time.monotonic())
