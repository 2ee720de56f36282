"""The processes of an installation on one machine: started together, stopped together."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError, URLError

STARTS_WITHIN, STOPS_WITHIN = 30.0, 15.0


class DemonstrationError(Exception):
    """The demonstration cannot go on; the message says why."""


def worker_command(concurrency: int = 2) -> list[str]:
    return [sys.executable, "-m", "webapp.worker", str(concurrency)]


def server_command(*, host: str = "127.0.0.1", port: int = 8000, processes: int = 2, threads: int = 8) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads), "--respawn-failed-workers"),
        *("--log-level", "warning", "--no-ws"),
        "wsgi:app",
    ]


def end_on_sigterm() -> None:
    """Have SIGTERM end this process as Ctrl-C does, with everything it started."""
    signal.signal(signal.SIGTERM, _interrupt)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def require_free(port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise DemonstrationError(f"port {port} is in use; choose another: make demo PORT={port + 1}") from error


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], *, log: Path) -> Iterator[None]:
    """A process that runs while the block does. It has a group of its own: Ctrl-C reaches us, and we stop it."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - ours
            command, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def wait_until_served(base_url: str) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(base_url, timeout=5):  # noqa: S310 - our own address
                return
        except HTTPError as error:
            raise DemonstrationError(f"the start page answers {error.code}; the log says why") from error
        except (URLError, OSError):
            time.sleep(0.2)
    raise DemonstrationError("the server did not start; the log says why")
