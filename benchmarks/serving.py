"""A real web server for an app, and what the processes of a server spend. Reads /proc, so on Linux only."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from webapp.demonstration.processes import server_command

ROOT = Path(__file__).parent.parent
TICKS = os.sysconf("SC_CLK_TCK")
STARTS_WITHIN, STOPS_WITHIN = 90.0, 15.0


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def serving(
    app: str, environment: Mapping[str, str], port: int, *, processes: int = 1, log: Path | None = None
) -> Iterator[int]:
    """The server while the block runs; gives the number of its first process."""
    command = [*server_command(port=port, processes=processes)[:-1], app]
    output = log.open("ab") if log else subprocess.DEVNULL
    process = subprocess.Popen(
        command, cwd=ROOT, env=os.environ | dict(environment), stdout=output, stderr=output, start_new_session=True
    )
    try:
        _wait_until_served(port, process)
        yield process.pid
    finally:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOPS_WITHIN)
        with suppress(ProcessLookupError):  # whatever of its group has not ended with it
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_until_served(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < until and process.poll() is None:
        try:
            with urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    sys.exit("the server did not start")


def descendants(pid: int) -> list[int]:
    """A process and everything it started, itself first."""
    try:
        children = (Path(f"/proc/{pid}/task/{pid}/children")).read_text().split()
    except FileNotFoundError:
        return []
    return [pid, *(found for child in children for found in descendants(int(child)))]


def cpu_seconds(pid: int) -> float:
    """Processor time of a process and everything it started, of what has ended too."""
    return sum(_ticks(each) for each in descendants(pid)) / TICKS


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0
    return sum(int(value) for value in fields[11:15])  # user and system, its own and of children it has waited for
