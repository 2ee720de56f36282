"""What becomes of submissions when something breaks under them?

    python -m benchmarks.faults [NAME ...] [--submissions 1000] [--seconds 240]

On an embedded PostgreSQL and real web servers of its own. Providers change an answer and submit, again and again,
as patient people: after a lost answer or a page that says to wait they send the same form again. At the end every
receipt they were shown is looked up. Ends with status 1 if anything was lost, stored twice, answered with anything
but a page of ours, accepted late or refused in time, if a page that said to wait did not keep what was typed, or if
somebody waited for a minute in vain.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.faults import database, deadlines, web
from benchmarks.faults.ledger import Ledger
from benchmarks.faults.small_disk import NoSmallDiskError, small_disk
from benchmarks.stage import Stage, set_up
from webapp.demonstration.processes import end_on_sigterm

SCENES = {
    "database-crash": database.crash,
    "database-hang": database.hang,
    "disk-full": database.disk_full,
    "commit-cut": database.commit_answer_cut,
    "worker-killed": web.worker_killed,
    "deploy": web.deploy,
    "double-clicks": web.double_clicks,
    "deadline-race": deadlines.race,
    "wrong-clocks": deadlines.wrong_web_clocks,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCENES)}; all unless named")
    parser.add_argument("--submissions", type=int, default=1000, help="acknowledged in each scene")
    parser.add_argument("--seconds", type=float, default=240, help="the most that each scene takes, but for its start")
    options = parser.parse_args()
    if unknown := set(options.names) - SCENES.keys():
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    end_on_sigterm()
    outcomes = []
    for name in options.names or SCENES:
        try:
            with _stage_for(name) as stage:
                outcomes.append(SCENES[name](stage, Ledger(options.submissions, options.seconds)))
        except NoSmallDiskError as reason:
            print(f"\n{name}: not shown, {reason}", flush=True)
    sys.exit(0 if all(outcomes) else 1)


@contextmanager
def _stage_for(name: str) -> Iterator[Stage]:
    if name != "disk-full":
        with set_up() as stage:
            yield stage
        return
    with small_disk() as folder, set_up(cluster=folder / "postgres") as stage:
        yield stage


if __name__ == "__main__":
    main()
