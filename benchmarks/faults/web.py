"""Web processes that are killed or replaced while people submit, and people who press the button again and again."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from benchmarks.browsing import Browser, over_http
from benchmarks.faults.ledger import Ledger, Provider, in_threads
from benchmarks.faults.service import log_of, providers, served, submitting
from benchmarks.serving import STARTS_WITHIN, descendants, free_port, serving
from benchmarks.stage import Stage

CLICKS = 8
PROCESSES = 2
LISTENING = "0A"  # as /proc/net/tcp has it


def double_clicks(stage: Stage, ledger: Ledger) -> bool:
    """The same form sent eight times at once."""
    with served(stage, processes=PROCESSES) as port, ThreadPoolExecutor(CLICKS) as pool:
        ready = providers(stage, port, ledger, count=2)
        while not ledger.is_full:
            for provider in ready:
                form = provider.change()
                if form is None:
                    continue

                def click(_: int, provider: Provider = provider, form: dict[str, str] = form) -> None:
                    browser = Browser(over_http("127.0.0.1", port), cookies=dict(provider.browser.cookies))
                    Provider(browser, ledger, provider.page, 0).send_until_answered(form)

                list(pool.map(click, range(CLICKS)))
    return ledger.report(f"Every form sent {CLICKS} times at once", stage)


def worker_killed(stage: Stage, ledger: Ledger) -> bool:
    """Every few seconds a web process is killed with -9. What starts the service starts it again when it ends."""
    port = free_port()
    killed: list[int] = []
    with _kept_running(stage, port) as started:
        ready = providers(stage, port, ledger)

        def kill() -> None:
            workers = _workers(started[-1])
            if workers:
                killed.append(workers[len(killed) % len(workers)])
                with suppress(ProcessLookupError):
                    os.kill(killed[-1], signal.SIGKILL)

        in_threads([submitting(provider) for provider in ready], kill, every=5)
        ended = len(started) - 1
    return ledger.report(f"{len(killed)} web processes killed; the server ended itself {ended} times", stage)


def _workers(pid: int) -> list[int]:
    """The processes of a server that answer, not the first one, nor what multiprocessing keeps beside them."""
    return [each for each in descendants(pid)[1:] if "resource_tracker" not in _command(each)]


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text(encoding="utf-8", errors="replace")
    except (FileNotFoundError, ProcessLookupError):
        return ""


@contextmanager
def _kept_running(stage: Stage, port: int) -> Iterator[list[int]]:
    """As systemd does with Restart=always; gives the first processes of the servers so far."""
    started: list[int] = []
    first_is_up, leaving = threading.Event(), threading.Event()

    def keep() -> None:
        while not leaving.is_set():
            with serving("wsgi:app", stage.environment, port, processes=PROCESSES, log=log_of(stage)) as pid:
                started.append(pid)
                first_is_up.set()
                while not leaving.wait(0.2) and _command(pid):
                    pass

    keeper = threading.Thread(target=keep, daemon=True)
    keeper.start()
    first_is_up.wait()
    try:
        yield started
    finally:
        leaving.set()
        keeper.join()


def deploy(stage: Stage, ledger: Ledger) -> bool:
    """Again and again a new server starts on the same port beside the old one, which is then told to end."""
    port, deployed = free_port(), 0

    def new_server() -> ExitStack:
        server = ExitStack()
        server.enter_context(serving("wsgi:app", stage.environment, port, processes=PROCESSES, log=log_of(stage)))
        return server

    current = new_server()
    try:
        ready = providers(stage, port, ledger)

        def replace() -> None:
            nonlocal current, deployed
            old, current = current, new_server()
            _wait_until_listening(port, 2 * PROCESSES)
            deployed += 1
            old.close()

        in_threads([submitting(provider) for provider in ready], replace, every=2)
    finally:
        current.close()
    return ledger.report(f"{deployed} deployments during submissions", stage)


def _wait_until_listening(port: int, processes: int) -> None:
    """Each process has a socket of its own on the port, and an answer from there may be the old server's."""
    until = time.monotonic() + STARTS_WITHIN
    while _listening(port) < processes:
        if time.monotonic() > until:
            raise TimeoutError("the new server did not start")
        time.sleep(0.1)


def _listening(port: int) -> int:
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return sum(row[1].endswith(f":{port:04X}") and row[3] == LISTENING for row in rows)
