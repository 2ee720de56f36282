"""The faults: a crashed database, a lost COMMIT, impatient clicks, and a web clock that is off."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import make_url, text

from benchmarks.browsing import Browser, over_http
from benchmarks.faults.ledger import Ledger, Provider, Unanswered, in_threads
from benchmarks.serving import free_port, serving
from benchmarks.stage import Stage

PROVIDERS = 8
CLICKS = 8
SKEWS = (-420.0, -1.0, 1.0, 420.0)
SKEWED_CLOCK = Path(__file__).parent / "skewed_clock"


def database_crash(stage: Stage, submissions: int) -> bool:
    """Immediate stop of PostgreSQL every few seconds; its supervisor starts it again."""
    away: list[float] = []
    with _served(stage, processes=1) as (port, _):
        ledger, providers = _providers(stage, port)

        def crash() -> None:
            database = stage.server.pid
            if database is None:
                return
            os.kill(database, signal.SIGQUIT)
            began = time.monotonic()
            send = over_http("127.0.0.1", port)
            time.sleep(0.02)
            while not _answers(send):
                time.sleep(0.02)
            away.append(time.monotonic() - began)

        in_threads([_submitting(provider, submissions) for provider in providers], crash, every=4)
    longest = max(away, default=0)
    faultless = ledger.report(f"Database stopped at once, {len(away)} times; pages back within {longest:.1f} s", stage)
    return faultless and longest < 2


def _answers(send: Callable[..., object]) -> bool:
    try:
        return Browser(send).try_get("/").status == 200  # type: ignore[arg-type]
    except OSError:
        return False


def commit_answer_cut(stage: Stage, submissions: int) -> bool:
    """Every fifth COMMIT reaches the database, and its answer never comes back."""
    with _commit_cutter(stage) as (proxy_port, cut):
        url = make_url(stage.settings.database_url).set(query={}, host="127.0.0.1", port=proxy_port)
        through_proxy = {"DATABASE_URL": url.render_as_string(hide_password=False)}
        with _served(stage, processes=1, changed=through_proxy) as (port, _):
            cut.clear()
            ledger, providers = _providers(stage, port)
            cut.set()
            in_threads([_submitting(provider, submissions) for provider in providers], lambda: None, every=1)
    return ledger.report("Every fifth COMMIT's answer cut", stage)


def double_clicks(stage: Stage, submissions: int) -> bool:
    """The same form sent eight times at once."""
    with _served(stage, processes=2) as (port, _), ThreadPoolExecutor(CLICKS) as pool:
        ledger, providers = _providers(stage, port, count=2)
        for number in range(submissions):
            provider = providers[number % len(providers)]
            form = provider.change()
            if form is None:
                continue

            def click(_: int, provider: Provider = provider, form: dict[str, str] = form) -> None:
                browser = Browser(over_http("127.0.0.1", port), cookies=dict(provider.browser.cookies))
                Provider(browser, ledger, provider.page, 0).send_until_answered(form)

            list(pool.map(click, range(CLICKS)))
    return ledger.report(f"Every form sent {CLICKS} times at once", stage)


def deadline_with_wrong_web_clocks(stage: Stage, submissions: int) -> bool:
    """Submissions across the deadline at web servers whose clocks are a second or seven minutes off."""
    ledger = Ledger()
    with ExitStack() as servers:
        ports = []
        for skew in SKEWS:
            changed = {"PYTHONPATH": str(SKEWED_CLOCK), "CLOCK_OFF_BY": str(skew)}
            ports.append(servers.enter_context(_served(stage, processes=1, changed=changed))[0])
        providers = [Provider.ready(stage, over_http("127.0.0.1", port), ledger) for port in ports]
        rounds = 0
        while len(ledger.acknowledged) < submissions:
            rounds += 1
            closes_at = _close_at(stage, datetime.now(UTC) + timedelta(seconds=0.7))
            in_threads([partial(_across, provider, closes_at) for provider in providers], lambda: None, every=1)
            _close_at(stage, datetime.now(UTC) + timedelta(days=1))
    return ledger.report(f"{rounds} deadlines, web clocks off by {', '.join(f'{s:+.0f} s' for s in SKEWS)}", stage)


def _across(provider: Provider, closes_at: datetime) -> None:
    """Submit until after the deadline. This process has the right time, as the database has."""
    while datetime.now(UTC) < closes_at + timedelta(seconds=0.2):
        form = provider.change()
        if form is None:
            return
        sent = datetime.now(UTC)
        accepted = "/receipts/" in provider.send_until_answered(form).location
        if accepted and sent > closes_at:
            provider.ledger.note("late accepted")
        if not accepted and datetime.now(UTC) < closes_at:
            provider.ledger.note("in-time refused")


def _close_at(stage: Stage, moment: datetime) -> datetime:
    with stage.database.engine.begin() as connection:
        connection.execute(
            text("UPDATE engagement SET closes_at = :moment WHERE id = :id"),
            {"moment": moment, "id": stage.engagement_id},
        )
    return moment


@contextmanager
def _served(stage: Stage, *, processes: int, changed: dict[str, str] | None = None) -> Iterator[tuple[int, int]]:
    port = free_port()
    log = stage.settings.data_folder / f"web-{uuid.uuid4()}.log"
    with serving("wsgi:app", stage.environment | (changed or {}), port, processes=processes, log=log) as pid:
        yield port, pid


def _providers(stage: Stage, port: int, count: int = PROVIDERS) -> tuple[Ledger, list[Provider]]:
    ledger = Ledger()
    return ledger, [Provider.ready(stage, over_http("127.0.0.1", port), ledger) for _ in range(count)]


def _submitting(provider: Provider, submissions: int) -> Callable[[], None]:
    """Work for one of the providers, until all together have been told of so many."""

    def work() -> None:
        while len(provider.ledger.acknowledged) < submissions:
            with suppress(Unanswered):
                provider.submit_changed()

    return work


@contextmanager
def _commit_cutter(stage: Stage) -> Iterator[tuple[int, threading.Event]]:
    """A proxy before the database that, while the event is set, swallows the answer to every fifth COMMIT."""
    listener = socket.create_server(("127.0.0.1", 0))
    active, commits = threading.Event(), iter(range(1, 10**9))
    target = stage.server.data / ".s.PGSQL.5432"

    def accept() -> None:
        with suppress(OSError):
            while True:
                threading.Thread(target=relay, args=(listener.accept()[0],), daemon=True).start()

    def relay(client: socket.socket) -> None:
        server = socket.socket(socket.AF_UNIX)
        server.connect(str(target))
        cutting = threading.Event()
        threading.Thread(target=answers, args=(server, client, cutting), daemon=True).start()
        with suppress(OSError), client, server:
            while data := client.recv(65536):
                if active.is_set() and b"COMMIT\0" in data and next(commits) % 5 == 0:
                    cutting.set()
                server.sendall(data)

    def answers(server: socket.socket, client: socket.socket, cutting: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65536):
                if cutting.is_set():
                    break
                client.sendall(data)
        for end in (client, server):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1], active
    finally:
        listener.close()
