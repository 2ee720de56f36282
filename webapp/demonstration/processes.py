"""The processes of an installation on one machine: started together, stopped together."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from types import FrameType
from urllib.error import HTTPError, URLError

STARTS_WITHIN, STOPS_WITHIN = 150.0, 15.0
"""Seconds: a laptop that is busy with other things starts slowly."""
ENDS_WITHIN = 30
"""Seconds that a web process has for its requests once it is told to end; while it loads it does not hear that."""
REGISTER = "processes"
"""The file in the data folder that names what was started, so that the next start can end what a killed one left."""
SERVER_LOG = Path(__file__).parents[1] / "server_log.json"
"""Has the server's own lines stand in the log of its processes, in the same form."""


class DemonstrationError(Exception):
    """The demonstration cannot go on; the message says why."""


def worker_command(concurrency: int = 2) -> list[str]:
    return [sys.executable, "-m", "webapp.worker", str(concurrency)]


def server_command(*, host: str = "127.0.0.1", port: int = 8000, processes: int = 2, threads: int = 8) -> list[str]:
    return [
        *(sys.executable, "-m", "granian", "--interface", "wsgi"),
        *("--host", host, "--port", str(port)),
        *("--workers", str(processes), "--blocking-threads", str(threads), "--respawn-failed-workers"),
        *("--workers-kill-timeout", str(ENDS_WITHIN)),
        *("--log-level", "warning", "--log-config", str(SERVER_LOG), "--no-ws"),
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


def end_leftovers(folder: Path) -> None:
    """End the processes that a demonstration which was killed in this folder left running."""
    register = folder / REGISTER
    if not register.exists():
        return
    for line in register.read_text(encoding="ascii").splitlines():
        group, module = line.split()
        if any(module in command for command in _commands_of(group)):
            with suppress(ProcessLookupError):
                os.killpg(int(group), signal.SIGTERM)
            _wait_until_gone(int(group))
    register.unlink()


def _commands_of(group: str) -> list[str]:
    """What runs in the group of this number now, be its first process alive or not; of another user, something else."""
    shown = subprocess.run(["ps", "-A", "-ww", "-o", "pgid=,command="], capture_output=True, text=True).stdout  # noqa: S607
    return [
        command
        for number, _, command in (line.strip().partition(" ") for line in shown.splitlines())
        if number == group
    ]


def _wait_until_gone(group: int) -> None:
    until = time.monotonic() + STOPS_WITHIN
    with suppress(ProcessLookupError):
        while time.monotonic() < until:
            os.killpg(group, 0)
            time.sleep(0.1)
        os.killpg(group, signal.SIGKILL)


def run_to_its_end(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """What the command ends with. Whoever tells us to end (SIGTERM) means it; Ctrl-C reaches it without us."""
    process = subprocess.Popen(command, env=dict(environment))  # noqa: S603 - ours
    signal.signal(signal.SIGTERM, lambda _number, _frame: process.terminate())
    signal.signal(signal.SIGINT, lambda _number, _frame: None)
    return process.wait()


@contextmanager
def running(command: Sequence[str], environment: Mapping[str, str], *, log: Path) -> Iterator[None]:
    """A process that runs while the block does. It has a group of its own: Ctrl-C reaches us, and we stop it."""
    with log.open("ab") as output:
        process = subprocess.Popen(  # noqa: S603 - ours
            command, env=dict(environment), stdout=output, stderr=output, start_new_session=True
        )
    with (log.parent / REGISTER).open("a", encoding="ascii") as register:
        register.write(f"{process.pid} {command[2]}\n")
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        with suppress(ProcessLookupError):  # what it started and did not end, such as the workers of a killed server
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_served(base_url: str, *, log: Path) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(base_url, timeout=5):  # noqa: S310 - our own address
                return
        except HTTPError as error:
            raise DemonstrationError(f"the start page answers {error.code}; {log} says why") from error
        except (URLError, OSError):
            time.sleep(0.2)
    raise DemonstrationError(f"the server did not answer within {STARTS_WITHIN:.0f} seconds; {log} may say why")
