"""Does a provider's journey meet its goals P1 to P6 on this machine?

    python -m benchmarks.load                                     # everything: about 10 minutes on two quiet cores
    python -m benchmarks.load --journeys 3 --responses 60 --seconds 10 --users 4

Everything is on this machine and its loopback: an embedded PostgreSQL with fsync on, granian with two processes, and
the people, who are threads of this process and so share its processors with the server. Each part ends by itself.

- P1 to P3 are those of benchmarks.journey: processor time beside a plain reference in the same run, statements, and
  officers' pages with many stored responses, which stay stored for what follows.
- P4: people walk whole journeys and pause for a second before each page. Every answer is timed.
- P5: people with everything answered change an answer, check, submit it all again and read the receipt, so that so
  many full submissions begin each second. Nobody sends the next before the last was answered: a server too slow gets
  fewer, and the goal is missed. Then the most that it takes: the same without pause, and whole journeys without pause.
- P6: as P4, while a worker analyses what is stored.

Ends with status 1 if a goal is missed.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPException

from benchmarks.browsing import Answer, Browser, Headers, Send, UnexpectedError, over_http
from benchmarks.faults.ledger import Ledger, Provider
from benchmarks.journey import measure_officer, measure_provider, print_goal, reference_of
from benchmarks.serving import free_port, serving
from benchmarks.stage import Stage, set_up
from benchmarks.walk import walk
from webapp.demonstration.processes import end_on_sigterm, running, worker_command
from webapp.models import RunState

GOAL_90, GOAL_99, GOAL_SUBMIT, GOAL_BESIDE_ANALYSIS = 0.2, 1.0, 1.0, 1.5
THINKING = 1.0
PROCESSES = 2
FLAT_OUT_SECONDS = 20.0


@dataclass
class Stopwatch:
    """Times every answer. Each person adds to it from a thread of its own."""

    pages: list[float] = field(default_factory=list)
    submissions: list[float] = field(default_factory=list)
    journeys: list[float] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)

    def timing(self, send: Send, pause: float = 0) -> Send:
        def timed(method: str, path: str, body: bytes | None, headers: Headers) -> Answer:
            time.sleep(pause)
            began = time.perf_counter()
            answer = send(method, path, body, headers)
            submits = method == "POST" and path.endswith("/check")
            (self.submissions if submits else self.pages).append(time.perf_counter() - began)
            return answer

        return timed

    @property
    def all(self) -> list[float]:
        return self.pages + self.submissions


def quantile(seconds: Sequence[float], share: float) -> float:
    """The time within which that share was answered; for ever where nothing was."""
    return sorted(seconds)[min(int(share * len(seconds)), len(seconds) - 1)] if seconds else float("inf")


def together(people: Sequence[Callable[[], None]]) -> float:
    """Everybody at once, each in a thread; returns how many seconds it took."""
    began = time.perf_counter()
    threads = [threading.Thread(target=person, daemon=True) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.perf_counter() - began


def walking(stage: Stage, port: int, watch: Stopwatch, *, pause: float, seconds: float) -> Callable[[], None]:
    """Somebody who walks one whole journey after another; the last may be cut short."""

    def person() -> None:
        until = time.perf_counter() + seconds

        def in_time(method: str, path: str, body: bytes | None, headers: Headers) -> Answer:
            if time.perf_counter() > until:
                raise TimeoutError
            return answering(method, path, body, headers)

        while time.perf_counter() < until:
            answering = watch.timing(over_http("127.0.0.1", port), pause)
            began = time.perf_counter()
            try:
                walk(Browser(in_time), stage.new_provider(), stage.lots)
            except TimeoutError:
                return
            except (OSError, HTTPException, UnexpectedError) as failure:
                watch.failures.append(str(failure)[:200])
            else:
                watch.journeys.append(time.perf_counter() - began)

    return person


def submitting(provider: Provider, watch: Stopwatch, *, every: float, first: float, until: float) -> Callable[[], None]:
    """Somebody who submits everything again, once in so many seconds at most."""

    def person() -> None:
        due = first
        while due < until:
            time.sleep(max(0, due - time.perf_counter()))
            provider.submit_changed()
            due = max(due + every, time.perf_counter())

    return person


def submissions(stage: Stage, port: int, *, users: int, rate: float | None, seconds: float) -> tuple[Stopwatch, float]:
    """Full submissions at a rate, or as many as are taken; returns how many were acknowledged each second."""
    watch, ledger = Stopwatch(), Ledger(wanted=0, seconds=seconds)
    sends = [watch.timing(over_http("127.0.0.1", port)) for _ in range(users)]
    ready = [Provider.ready(stage, send, ledger) for send in sends]
    for provider in ready:
        provider.submit_changed()
    for counted in (watch.pages, watch.submissions, ledger.acknowledged):
        counted.clear()
    start = time.perf_counter()
    every = users / rate if rate else 0.0
    taken = together(
        [
            submitting(provider, watch, every=every, first=start + number * every / users, until=start + seconds)
            for number, provider in enumerate(ready)
        ]
    )
    watch.failures += ledger.raw_errors + [f"{what}: {count}" for what, count in sorted(ledger.counts.items())]
    return watch, len(ledger.acknowledged) / max(taken, seconds)


def pages(stage: Stage, port: int, *, users: int, seconds: float, pause: float = THINKING) -> Stopwatch:
    watch = Stopwatch()
    together([walking(stage, port, watch, pause=pause, seconds=seconds) for _ in range(users)])
    return watch


def print_times(title: str, watch: Stopwatch, times: Sequence[float], more: str = "") -> None:
    marks = ", ".join(f"{100 * share:.0f}% {1000 * quantile(times, share):.0f} ms" for share in (0.5, 0.9, 0.95, 0.99))
    print(f"\n{title}\n  {len(times):,} timed: {marks}; {len(watch.failures)} failed{more}")
    for failure in watch.failures[:3]:
        print(f"    {failure}")


def measure_pages_under_load(stage: Stage, port: int, options: argparse.Namespace) -> bool:
    watch = pages(stage, port, users=options.users, seconds=options.seconds)
    print_times(f"{options.users} people who pause for {THINKING:.0f} s before each page", watch, watch.all)
    at_90, at_99 = quantile(watch.all, 0.9), quantile(watch.all, 0.99)
    return all(
        [
            print_goal("P4 90% of pages within 200 ms", f"{1000 * at_90:.0f} ms", at_90 < GOAL_90),
            print_goal("P4 99% of pages within 1 s", f"{1000 * at_99:.0f} ms", at_99 < GOAL_99),
            print_goal("P4 none failed", str(len(watch.failures)), not watch.failures),
        ]
    )


def measure_submissions(stage: Stage, port: int, options: argparse.Namespace) -> bool:
    watch, rate = submissions(stage, port, users=options.users, rate=options.rate, seconds=options.seconds)
    asked = f"{options.rate:g} full submissions a second for {options.seconds:g} s"
    print_times(
        f"{asked} by {options.users} people", watch, watch.submissions, f"; {rate:.1f} a second were acknowledged"
    )
    at_95 = quantile(watch.submissions, 0.95)
    met = all(
        [
            print_goal(f"P5 {asked}", f"{rate:.1f} a second", rate >= 0.98 * options.rate),
            print_goal("P5 95% of them within 1 s", f"{1000 * at_95:.0f} ms", at_95 <= GOAL_SUBMIT),
            print_goal("P5 none failed", str(len(watch.failures)), not watch.failures),
        ]
    )
    seconds = min(options.seconds, FLAT_OUT_SECONDS)
    watch, rate = submissions(stage, port, users=8, rate=None, seconds=seconds)
    print_times("Without pause, 8 people", watch, watch.submissions, f"; at most {rate:.1f} full submissions a second")
    watch = pages(stage, port, users=8, seconds=seconds, pause=0)
    most = len(watch.all) / seconds
    print_times("Whole journeys without pause, 8 people", watch, watch.all, f"; at most {most:.0f} pages a second")
    return met


def measure_beside_analysis(stage: Stage, port: int, options: argparse.Namespace) -> bool:
    """The pages once more alone, since what else the machine does may have changed, and then beside an analysis."""
    alone = pages(stage, port, users=options.users, seconds=options.seconds)
    with _analysing(stage) as (is_running, run_id):
        beside = pages(stage, port, users=options.users, seconds=options.seconds)
        lasted = is_running(run_id)
    print_times("The same people, nothing else", alone, alone.all)
    print_times("The same people beside an analysis", beside, beside.all)
    if not lasted:
        print("  the analysis ended before they did: give it more responses or them fewer seconds")
    ratio = quantile(beside.all, 0.95) / quantile(alone.all, 0.95)
    name = f"P6 95% beside an analysis at most {GOAL_BESIDE_ANALYSIS} of without"
    return print_goal(name, f"{ratio:.2f}", ratio <= GOAL_BESIDE_ANALYSIS and not beside.failures)


@contextmanager
def _analysing(stage: Stage) -> Iterator[tuple[Callable[[uuid.UUID], bool], uuid.UUID]]:
    run_id = stage.request_analysis()
    log = stage.settings.data_folder / "worker.log"
    with running(worker_command(1), os.environ | stage.environment, log=log):
        while stage.state_of(run_id) is RunState.WAITING:
            time.sleep(0.2)
        yield lambda run: stage.state_of(run) is RunState.RUNNING, run_id


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--journeys", type=int, default=30, help="measured for P1, after a few that warm up")
    parser.add_argument("--responses", type=int, default=10_000, help="stored for P3 and after, at least 40")
    parser.add_argument("--seconds", type=float, default=60, help="of each part under load")
    parser.add_argument("--users", type=int, default=20)
    parser.add_argument("--rate", type=float, default=20, help="full submissions a second")
    options = parser.parse_args()
    end_on_sigterm()
    print(f"{platform.machine()}, {os.cpu_count()} processors, Python {platform.python_version()}")
    port = free_port()
    with set_up() as stage:
        os.environ.update(stage.environment)
        met = [measure_provider(stage, reference_of(), options.journeys), measure_officer(stage, options.responses)]
        with serving("wsgi:app", stage.environment, port, processes=PROCESSES):
            measures = (measure_pages_under_load, measure_submissions, measure_beside_analysis)
            met += [measure(stage, port, options) for measure in measures]
    sys.exit(0 if all(met) else 1)


if __name__ == "__main__":
    main()
