"""What does a provider's journey cost the server, and do officers' pages stay quick as responses come in?

    python -m benchmarks.journey [--journeys 30] [--responses 200]

On an embedded PostgreSQL of its own, emptied afterwards. The whole journey is measured at the web server (granian, one
process): processor time of its processes, over all journeys. Each page is measured in process, on the thread that
answers it. Beside it, in the same run, the same journey in plain Flask and SQLAlchemy: the ratio of the two holds on
any machine. Officers' pages are visited in turn in copies of the database, without a response and with all of them;
those of an analysis on a run over the first 40 responses and on one over at most 500, since a page shows the one run
it is of. The page of progress, which lists ten responses and draws how they came, is compared with 40 too.
"""

from __future__ import annotations

import argparse
import os
import platform
import uuid
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from types import ModuleType

from sqlalchemy import Engine

from benchmarks.browsing import Browser, Send, Visit, counting, in_process, over_http
from benchmarks.serving import cpu_seconds, free_port, serving
from benchmarks.stage import Stage, set_up
from benchmarks.walk import walk
from webapp.app import create_app
from webapp.demonstration.processes import end_on_sigterm

WARM_UP = 5
GOAL_JOURNEY_MS, GOAL_PAGE, GOAL_SUBMIT, GOAL_OFFICER, GOAL_GROWTH = 30, 8, 12, 15, 1.1
REFERENCE_MS = 14.5  # what a plain journey took on the machine for which the goal was set
MOST_ANALYSED = 500
REPEATS = 60


@dataclass(frozen=True)
class Measured:
    """One page over several visits."""

    page: str
    method: str
    bytes: int
    cpu_ms: float
    statements: int


def cheapest(walks: Sequence[Sequence[Visit]]) -> list[Measured]:
    """Page by page over journeys that are all alike: the least each took, which is what it takes undisturbed."""
    return [
        Measured(
            visits[0].page,
            visits[0].method,
            max(visit.bytes for visit in visits),
            min(visit.cpu_ms for visit in visits),
            max(visit.statements for visit in visits),
        )
        for visits in zip(*walks, strict=True)
    ]


def measure_pages(send: Send, engine: Engine, journeys: int, make: Callable[[Browser], object]) -> list[Measured]:
    browsers = []
    for _ in range(WARM_UP + journeys):
        browser = Browser(send)
        with counting(engine, browser.statements):
            make(browser)
        browsers.append(browser)
    return cheapest([browser.visits for browser in browsers[WARM_UP:]])


def measure_servers(
    stage: Stage, journeys: int, makes: Mapping[str, Callable[[Send], Callable[[], object]]]
) -> list[tuple[float, float]]:
    """Processor milliseconds per journey of each app's web server, and of PostgreSQL for it.

    The apps take turns, journey by journey, so that what else the machine does weighs on all alike.
    """
    database_pid = stage.server.pid
    assert database_pid is not None
    spent = [[0.0, 0.0] for _ in makes]
    with ExitStack() as servers:
        ports = [free_port() for _ in makes]
        pids = [
            servers.enter_context(serving(app, stage.environment, port)) for app, port in zip(makes, ports, strict=True)
        ]
        for number in range(WARM_UP + journeys):
            for pid, port, make, sums in zip(pids, ports, makes.values(), spent, strict=True):
                step = make(over_http("127.0.0.1", port))
                before = cpu_seconds(pid), cpu_seconds(database_pid)
                step()
                if number >= WARM_UP:
                    sums[0] += 1000 * (cpu_seconds(pid) - before[0]) / journeys
                    sums[1] += 1000 * (cpu_seconds(database_pid) - before[1]) / journeys
    return [(web, database) for web, database in spent]


def officer_pages(stages: Sequence[Stage], run_ids: Sequence[uuid.UUID | None]) -> list[list[Measured]]:
    """The pages of each stage, visited in turn, so that what else the machine does weighs on all alike."""
    walks: list[list[list[Visit]]] = [[] for _ in stages]
    with ExitStack() as listening:
        browsers = [_signed_in(stage, listening) for stage in stages]
        for _ in range(WARM_UP + REPEATS):
            for stage, run_id, browser, walked in zip(stages, run_ids, browsers, walks, strict=True):
                browser.visits.clear()
                for page, path in _officer_paths(stage, run_id).items():
                    browser.get(page, path)
                walked.append(list(browser.visits))
    return [cheapest(walked[WARM_UP:]) for walked in walks]


def _signed_in(stage: Stage, listening: ExitStack) -> Browser:
    browser = Browser(in_process(create_app(stage.settings, stage.database)))
    link = stage.officer_link()
    browser.post("", link, browser.get("", link).hidden)
    listening.enter_context(counting(stage.database.engine, browser.statements))
    return browser


def _officer_paths(stage: Stage, run_id: uuid.UUID | None) -> dict[str, str]:
    pages = {
        "programme": f"/programmes/{stage.programme_id}",
        "manage": f"/manage/engagements/{stage.engagement_id}",
    }
    if run_id is not None:
        pages["progress"] = f"/manage/engagements/{stage.engagement_id}/progress"
        report = f"/runs/{run_id}/report"
        pages |= {"report": report, "lot": f"{report}/lots/{stage.lots[0]}"}
        pages |= {"themes": f"{report}/themes", "schedule": f"{report}/schedule"}
    return pages


def print_pages(title: str, pages: Sequence[Measured]) -> None:
    print(f"\n{title}\n{'':6}{'page':24}{'CPU ms':>8}{'SQL':>6}{'bytes':>9}")
    for page in pages:
        print(f"{page.method:6}{page.page:24}{page.cpu_ms:8.2f}{page.statements:6}{page.bytes:9,}")
    total = sum(page.cpu_ms for page in pages), sum(page.statements for page in pages)
    print(f"{'':6}{'all':24}{total[0]:8.2f}{total[1]:6}{sum(page.bytes for page in pages):9,}")


def print_goal(name: str, measured: str, met: bool) -> bool:
    print(f"  {'yes' if met else 'NO ':4} {name:58} measured {measured}")
    return met


def measure_provider(stage: Stage, reference: ModuleType, journeys: int) -> bool:
    app = create_app(stage.settings, stage.database)
    ours = measure_pages(
        in_process(app),
        stage.database.engine,
        journeys,
        lambda browser: walk(browser, stage.new_provider(), stage.lots),
    )
    plain = measure_pages(in_process(reference.app), reference.engine, journeys, reference.walk_reference)
    print_pages("The provider's journey, page by page", ours)
    print_pages("The reference: plain Flask and SQLAlchemy", plain)

    def ours_over_http(send: Send) -> Callable[[], object]:
        browser, link = Browser(send), stage.new_provider()
        return lambda: walk(browser, link, stage.lots)

    def plain_over_http(send: Send) -> Callable[[], object]:
        return lambda: reference.walk_reference(Browser(send))

    apps = {"wsgi:app": ours_over_http, "benchmarks.reference_journey:app": plain_over_http}
    (ours_web, ours_database), (plain_web, plain_database) = measure_servers(stage, journeys, apps)
    print(f"\nAt the web server, CPU ms per journey of {len(ours)} pages, {journeys} journeys")
    print(f"  ours       web {ours_web:7.1f}   PostgreSQL {ours_database:7.1f}")
    print(f"  reference  web {plain_web:7.1f}   PostgreSQL {plain_database:7.1f}")
    print(f"  ratio      web {ours_web / plain_web:7.2f}   PostgreSQL {ours_database / plain_database:7.2f}")
    pages = max(page.statements for page in ours if (page.page, page.method) != ("check", "POST"))
    submit = next(page.statements for page in ours if (page.page, page.method) == ("check", "POST"))
    ratio, most = ours_web / plain_web, GOAL_JOURNEY_MS / REFERENCE_MS
    print("\nGoals of the provider's journey")
    print_goal(
        f"P1 at most {GOAL_JOURNEY_MS} CPU ms, where the reference takes {REFERENCE_MS}",
        f"{ours_web:.1f} ms",
        ours_web <= GOAL_JOURNEY_MS,
    )
    return all(
        [
            print_goal(f"P1 on any machine: at most {most:.2f} of the reference", f"{ratio:.2f}", ratio <= most),
            print_goal(f"P2 at most {GOAL_PAGE} statements a page", str(pages), pages <= GOAL_PAGE),
            print_goal(f"P2 at most {GOAL_SUBMIT} statements to submit", str(submit), submit <= GOAL_SUBMIT),
        ]
    )


def measure_officer(stage: Stage, responses: int) -> bool:
    with ExitStack() as copies:
        empty = copies.enter_context(stage.copied("empty"))
        stage.add_templates()
        few_analysed = stage.analyse()
        few = copies.enter_context(stage.copied("few"))
        stage.copy_to(min(responses, MOST_ANALYSED))
        many_analysed = stage.analyse()
        stage.copy_to(responses)
        at_none, at_few, at_many = officer_pages([empty, few, stage], [None, few_analysed, many_analysed])
    print(f"\nOfficers' pages (0: no response stored, for progress and an analysis 40; {responses:,} stored)")
    print(f"{'':6}{'page':12}{'CPU ms at 0':>14}{f'at {responses:,}':>12}{'ratio':>8}{'SQL':>6}{'bytes':>9}")
    before = {page.page: page.cpu_ms for page in [*at_few, *at_none]}
    growths = {page.page: page.cpu_ms / before[page.page] for page in at_many}
    for page in at_many:
        print(
            f"{'GET':6}{page.page:12}{before[page.page]:14.2f}{page.cpu_ms:12.2f}{growths[page.page]:8.2f}"
            f"{page.statements:6}{page.bytes:9,}"
        )
    statements = max(page.statements for page in at_many)
    growth, slowest = max((growth, page) for page, growth in growths.items())
    print("\nGoals of the officers' pages")
    few_statements = statements <= GOAL_OFFICER
    name = f"P3 at {responses:,} responses at most {GOAL_GROWTH} of the CPU at 0"
    return all(
        [
            print_goal(f"P2 at most {GOAL_OFFICER} statements a page", str(statements), few_statements),
            print_goal(name, f"{growth:.2f} ({slowest})", growth <= GOAL_GROWTH),
        ]
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journeys", type=int, default=30, help="measured, after a few that warm up")
    parser.add_argument("--responses", type=int, default=200, help="stored for the officers' pages, at least 40")
    options = parser.parse_args()
    end_on_sigterm()
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    with set_up() as stage:
        os.environ.update(stage.environment)
        reference = reference_of()
        measure_provider(stage, reference, options.journeys)
        measure_officer(stage, options.responses)


def reference_of() -> ModuleType:
    """With its tables, in the database that the environment names."""
    from benchmarks import reference_journey  # noqa: PLC0415 - its engine takes the address that is known by now

    reference_journey.prepare()
    return reference_journey


if __name__ == "__main__":
    main()
