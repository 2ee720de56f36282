"""What becomes of submissions when something breaks under them?

    python -m benchmarks.faults [NAME ...] [--submissions 1000]

On an embedded PostgreSQL and real web servers of its own. Providers change an answer and submit, again and again,
as patient people: after a lost answer or a page that says to wait they send the same form again. At the end every
receipt they were shown is looked up. Ends with status 1 if anything was lost, stored twice, answered with anything
but a page of ours, accepted late or refused in time.
"""

from __future__ import annotations

import argparse
import sys

from benchmarks.faults import scenes
from benchmarks.stage import set_up
from webapp.demonstration.processes import end_on_sigterm

SCENES = {
    "database-crash": scenes.database_crash,
    "commit-cut": scenes.commit_answer_cut,
    "double-clicks": scenes.double_clicks,
    "deadline": scenes.deadline_with_wrong_web_clocks,
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(SCENES)}; all unless named")
    parser.add_argument("--submissions", type=int, default=1000, help="acknowledged in each scene")
    options = parser.parse_args()
    end_on_sigterm()
    outcomes = []
    for name in options.names or SCENES:
        with set_up() as stage:
            outcomes.append(SCENES[name](stage, options.submissions))
    sys.exit(0 if all(outcomes) else 1)


if __name__ == "__main__":
    main()
