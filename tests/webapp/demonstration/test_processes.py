"""Processes are started together, stopped together, and found again after a kill."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from click.testing import CliRunner

from webapp.cli import cli
from webapp.demonstration import processes

SLEEPER = [sys.executable, "-m", "timeit", "-n", "1", "-r", "1", "__import__('time').sleep(60)"]
KILLED = """
import os, signal, sys
from pathlib import Path
from webapp.demonstration import processes
with processes.running({command!r}, os.environ, log=Path({folder!r}) / "log"):
    os.kill(os.getpid(), signal.SIGKILL)
"""

PARENT = """
import os, pathlib, subprocess, time
started = pathlib.Path({child!r} + ".pid")
started.write_text(str(subprocess.Popen(["sleep", "60"]).pid))
os.rename(started, {child!r})
time.sleep(60)
"""


GRACEFUL = """
import pathlib, signal, sys, time
def end(*_):
    pathlib.Path({ended!r}).touch()
    sys.exit(7)
signal.signal(signal.SIGTERM, end)
pathlib.Path({begun!r}).touch()
time.sleep(60)
"""
WAITING = """
import os, sys
from webapp.demonstration import processes
sys.exit(processes.run_to_its_end({command!r}, os.environ))
"""


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + 60
    while not holds() and time.monotonic() < until:
        time.sleep(0.05)
    return holds()


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return Path(f"/proc/{pid}/stat").read_text().split(")")[1].split()[0] != "Z" if Path("/proc").exists() else True


def started(folder: Path) -> int:
    return int((folder / processes.REGISTER).read_text().split()[0])


def test_a_process_runs_while_the_block_does(tmp_path: Path) -> None:
    with processes.running(SLEEPER, os.environ, log=tmp_path / "log"):
        assert alive(started(tmp_path))
    assert not alive(started(tmp_path))


def test_whoever_ends_us_ends_what_we_run_and_is_waited_for(tmp_path: Path) -> None:
    begun, ended = tmp_path / "begun", tmp_path / "ended"
    command = [sys.executable, "-c", GRACEFUL.format(begun=str(begun), ended=str(ended))]
    ours = subprocess.Popen([sys.executable, "-c", WAITING.format(command=command)])
    assert soon(begun.exists)
    ours.terminate()
    assert ours.wait(60) == 7
    assert ended.exists()


def test_what_a_process_started_and_left_ends_with_the_block(tmp_path: Path) -> None:
    child = tmp_path / "child"
    with processes.running([sys.executable, "-c", PARENT.format(child=str(child))], os.environ, log=tmp_path / "log"):
        assert soon(child.exists)
    assert soon(lambda: not alive(int(child.read_text())))


def test_what_a_killed_demonstration_left_is_ended_by_the_next(tmp_path: Path) -> None:
    program = KILLED.format(command=SLEEPER, folder=str(tmp_path))
    ended = subprocess.run([sys.executable, "-c", program], check=False)
    assert ended.returncode == -signal.SIGKILL
    orphan = started(tmp_path)
    assert alive(orphan)
    processes.end_leftovers(tmp_path)
    assert soon(lambda: not alive(orphan))
    assert not (tmp_path / processes.REGISTER).exists()


def test_another_process_under_an_old_number_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / processes.REGISTER).write_text(f"{os.getpid()} granian\n")
    processes.end_leftovers(tmp_path)
    assert alive(os.getpid())


def test_a_port_in_use_is_named_with_another_to_try() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        with pytest.raises(processes.DemonstrationError, match=f"port {port} is in use; .* PORT={port + 1}"):
            processes.require_free(port)


def test_the_server_itself_writes_the_log_in_the_form_of_its_processes() -> None:
    refused = [*processes.server_command(), "--interface", "asgi"]  # takes no threads, which it says before it begins
    done = subprocess.run(refused, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"[-\d]{10} [:,\d]{12} _granian ERROR Blocking threads > 1 .*\n", done.stderr)


def test_a_server_that_is_told_to_end_while_its_processes_load_ends(tmp_path: Path) -> None:
    """They miss it, and served on for ever: nothing but a kill brought in the next version."""
    begun = tmp_path / "begun"
    loading = f"import pathlib, time\npathlib.Path({str(begun)!r}).touch()\ntime.sleep(3)\ndef app(*_): ...\n"
    (tmp_path / "loading.py").write_text(loading)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [*processes.server_command(port=port, processes=1)[:-1], "loading:app"]
    command[command.index(str(processes.ENDS_WITHIN))] = "4"
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    server = subprocess.Popen(command, env=environment, start_new_session=True, stderr=subprocess.DEVNULL)
    try:
        assert soon(begun.exists)
        os.killpg(server.pid, signal.SIGTERM)  # as systemd does
        assert server.wait(30) is not None
    finally:
        with suppress(ProcessLookupError):
            os.killpg(server.pid, signal.SIGKILL)
        server.wait()


def test_pages_are_not_served_without_a_secret(tmp_path: Path) -> None:
    done = CliRunner().invoke(cli, ["serve"], env={"SOUNDINGS_SECRET_KEY": "", "SOUNDINGS_DATA": str(tmp_path)})
    assert done.exit_code == 1
    assert "SOUNDINGS_SECRET_KEY must be set" in done.output
    assert not list(tmp_path.iterdir()), "no database was begun either"


def test_whoever_only_looks_begins_no_database(tmp_path: Path) -> None:
    told = CliRunner().invoke(cli, ["check"], env={"DATABASE_URL": "", "SOUNDINGS_DATA": str(tmp_path)})
    assert told.exit_code == 1
    assert told.output == f"Error: no database is running in {tmp_path}/postgres, and DATABASE_URL is not set\n"
    assert not list(tmp_path.iterdir())
