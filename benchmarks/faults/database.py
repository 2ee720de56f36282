"""PostgreSQL stops, falls silent, has no room left, or loses the answer to a COMMIT."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import cycle
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.browsing import Browser, Send, over_http
from benchmarks.faults.ledger import Ledger, in_threads
from benchmarks.faults.service import providers, served, submitting
from benchmarks.serving import descendants
from benchmarks.stage import Stage

BACK_WITHIN, ANSWERED_WITHIN = 2.0, 11.0  # the goal of 10 s, and a second for the page
HANGS = (3.0, 14.0)  # shorter than our time-outs, and longer
FULL_FOR = 6.0


def crash(stage: Stage, ledger: Ledger) -> bool:
    """Every few seconds PostgreSQL is stopped at once or killed; its supervisor starts it again."""
    away: list[float] = []
    orders = cycle((signal.SIGQUIT, signal.SIGKILL))
    with served(stage, processes=1) as port:
        ready = providers(stage, port, ledger)

        def stop() -> None:
            pid = stage.server.pid
            if pid is not None:
                os.kill(pid, next(orders))
                away.append(_seconds_until_back(port))

        in_threads([submitting(provider) for provider in ready], stop, every=4)
    longest = max(away, default=0)
    title = f"Database stopped at once or killed, {len(away)} times; pages back within {longest:.1f} s"
    return ledger.report(title, stage) and longest < BACK_WITHIN


def hang(stage: Stage, ledger: Ledger) -> bool:
    """Every few seconds all processes of PostgreSQL stand still for a while, without closing anything."""
    hangs: list[float] = []
    lengths = cycle(HANGS)
    with served(stage, processes=2) as port:
        ready = providers(stage, port, ledger)

        def stand_still() -> None:
            hangs.append(next(lengths))
            with _stopped(stage):
                time.sleep(hangs[-1])

        in_threads([submitting(provider) for provider in ready], stand_still, every=5)
    title = f"Database silent {len(hangs)} times, for up to {max(hangs, default=0):.0f} s"
    faultless = ledger.report(f"{title}; the slowest answer took {ledger.slowest_answer:.1f} s", stage)
    return faultless and ledger.slowest_answer < ANSWERED_WITHIN


@contextmanager
def _stopped(stage: Stage) -> Iterator[None]:
    pid = stage.server.pid
    stopped = descendants(pid) if pid is not None else []
    try:
        for each in stopped:
            _send_signal(each, signal.SIGSTOP)
        yield
    finally:
        for each in stopped:
            _send_signal(each, signal.SIGCONT)


def _send_signal(pid: int, order: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, order)


def disk_full(stage: Stage, ledger: Ledger) -> bool:
    """Every few seconds a file takes all that is left of the database's disk; some seconds later it goes."""
    away: list[float] = []
    ballast = stage.server.folder / "ballast"
    with served(stage, processes=1) as port:
        ready = providers(stage, port, ledger)

        def fill_up() -> None:
            _take_all(ballast)
            try:
                time.sleep(FULL_FOR)
            finally:
                ballast.unlink()
            away.append(_seconds_until_back(port))

        in_threads([submitting(provider) for provider in ready], fill_up, every=4)
    longest = max(away, default=0)
    return ledger.report(f"Disk full {len(away)} times; pages back {longest:.1f} s after there was room", stage)


def _take_all(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, suppress(OSError):  # no space left: as meant
        while True:
            file.write(bytes(2**16))


def _seconds_until_back(port: int) -> float:
    began = time.monotonic()
    send = over_http("127.0.0.1", port)
    time.sleep(0.02)
    while not _answers(send):
        time.sleep(0.02)
    return time.monotonic() - began


def _answers(send: Send) -> bool:
    try:
        return Browser(send).try_get("/").status == 200
    except OSError:
        return False


def commit_answer_cut(stage: Stage, ledger: Ledger) -> bool:
    """Every fifth COMMIT reaches the database, and its answer never comes back."""
    with _commit_cutter(stage) as (proxy_port, cut):
        url = make_url(stage.settings.database_url).set(query={}, host="127.0.0.1", port=proxy_port)
        through_proxy = {"DATABASE_URL": url.render_as_string(hide_password=False)}
        with served(stage, processes=1, changed=through_proxy) as port:
            ready = providers(stage, port, ledger)
            cut.set()
            in_threads([submitting(provider) for provider in ready], lambda: None, every=1)
    return ledger.report("Every fifth COMMIT's answer cut", stage)


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
