"""The engine, the session factory and the schema's version. Nothing here knows Flask."""

from __future__ import annotations

import json
import time
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from select import POLLIN, poll
from typing import Any, TypeVar

import psycopg
from alembic import command
from alembic.config import Config
from alembic.util import CommandError
from sqlalchemy import DateTime, Engine, create_engine, event, func, select, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import InvalidatePoolError
from sqlalchemy.orm import Session, sessionmaker

T = TypeVar("T")

MIGRATIONS = Path(__file__).parent.parent / "migrations"
TRUSTED_SECONDS = 30.0  # after which a network may have forgotten a connection without telling either end
OLDEST_SERVER = 15
MIGRATION_LOCK = 5_067_110  # any number, as long as every version of the project uses the same


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds after which PostgreSQL, or for `answer` the client, gives up. Never: 0, and None for `answer`."""

    connect: int = 5
    statement: float = 8
    lock: float = 4
    idle_in_transaction: float = 60
    answer: float | None = 10  # a silent network: longer than `statement`, so that a living server speaks first


WEB = Timeouts()
WORKER = Timeouts(
    statement=120, lock=10, idle_in_transaction=900, answer=130
)  # an analysis computes between statements
MIGRATION = Timeouts(statement=300, lock=5, answer=None)


class UnfitDatabaseError(RuntimeError):
    """The database is none that this code can work on; the message says why."""


class _Connection(psycopg.Connection[Any]):
    """A connection that stops waiting for a server that has fallen silent.

    The server's own time-outs cannot help when it hangs, or when a broken network still acknowledges packets.
    """

    answer_seconds: float | None = None

    def wait(self, gen: Generator[Any, Any, T], interval: float = 0.1, timeout: float | None = None) -> T:
        if timeout is not None or self.answer_seconds is None:
            return super().wait(gen, interval, timeout)
        deadline = time.monotonic() + self.answer_seconds
        try:
            return super().wait(gen, interval, self.answer_seconds)
        except psycopg.Error:
            if time.monotonic() >= deadline:  # what was asked may still be under way: never use it again
                self.pgconn.finish()
            raise

    @property
    def is_silent(self) -> bool:
        """Whether the server has said nothing since it last answered; when it closes a connection, it says so."""
        poller = poll()
        poller.register(self.pgconn.socket, POLLIN)
        return not poller.poll(0)


def create_engine_for(url: str | URL, *, timeouts: Timeouts = WEB, application_name: str = "soundings") -> Engine:
    """An engine on psycopg 3 that fails in time rather than hangs."""
    settings = {
        "statement_timeout": f"{timeouts.statement * 1000:.0f}",
        "lock_timeout": f"{timeouts.lock * 1000:.0f}",
        "idle_in_transaction_session_timeout": f"{timeouts.idle_in_transaction * 1000:.0f}",
        "timezone": "UTC",
    }
    engine = create_engine(
        url,
        pool_size=8,
        max_overflow=4,
        pool_timeout=5,
        json_serializer=_to_json,
        json_deserializer=json.loads,
        hide_parameters=True,  # they are what people typed
        connect_args={
            "connect_timeout": timeouts.connect,
            "application_name": application_name,
            "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "tcp_user_timeout": 10_000,
        },
    )

    @event.listens_for(engine, "do_connect")
    def connect(dialect: Any, record: Any, arguments: list[Any], parameters: dict[str, Any]) -> _Connection:
        connection = _Connection.connect(*arguments, **parameters)
        if unfit := _what_is_unfit(connection):
            connection.close()
            raise UnfitDatabaseError(unfit)
        connection.answer_seconds = timeouts.answer
        return connection

    _replace_dead_connections(engine)
    return engine


def _what_is_unfit(connection: psycopg.Connection[Any]) -> str:
    """What is wrong with the database, by what its server said when the connection was made, or nothing."""
    encoding = connection.info.parameter_status("server_encoding")
    if encoding != "UTF8":
        return f"the database keeps text as {encoding}: make it again with ENCODING 'UTF8'"
    if connection.info.server_version < OLDEST_SERVER * 10_000:
        return f"the database server is older than PostgreSQL {OLDEST_SERVER}"
    return ""


def _replace_dead_connections(engine: Engine) -> None:
    """What pool_pre_ping does, without asking the server each time, which costs as much as a statement of the page."""

    @event.listens_for(engine, "checkin")
    def note_use(_connection: Any, record: Any) -> None:
        record.info["used_at"] = time.monotonic()

    @event.listens_for(engine, "checkout")
    def check(connection: Any, record: Any, _proxy: Any) -> None:
        used_at = record.info.get("used_at")
        if used_at is None or (time.monotonic() - used_at < TRUSTED_SECONDS and connection.is_silent):
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:
            raise InvalidatePoolError from error


def _to_json(value: object) -> str:
    # JSON has no NaN: PostgreSQL would refuse it with a worse message
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


class Database:
    """An engine and its sessions.

    Objects stay readable after commit, since pages are made from them after the route has committed.
    """

    def __init__(self, url: str | URL, *, timeouts: Timeouts = WEB, application_name: str = "soundings") -> None:
        self.url = make_url(url)
        self.engine = create_engine_for(self.url, timeouts=timeouts, application_name=application_name)
        self._sessions = sessionmaker(self.engine, expire_on_commit=False)

    def session(self) -> Session:
        """A new session; as a context manager it closes, and so rolls back what was not committed."""
        return self._sessions()

    def dispose(self) -> None:
        """Close the idle connections."""
        self.engine.dispose()


def clock(session: Session) -> datetime:
    """The time by the database, which is the same for every web server and moves on within a transaction."""
    return session.scalars(select(func.clock_timestamp(type_=DateTime(timezone=True)))).one()


def migrate(url: str | URL, revision: str = "head") -> None:
    """Bring the schema up to a revision. Of two processes that try, one waits for the other.

    Raises UnfitDatabaseError where the schema is of a revision that this code does not know.
    """
    with _migrating(url) as config:
        try:
            command.upgrade(config, revision)
        except CommandError as error:
            raise UnfitDatabaseError(f"the database is of a newer version than this code: {error}") from error


def downgrade(url: str | URL, revision: str) -> None:
    """Take the schema back to an older revision, or "base" for nothing at all."""
    with _migrating(url) as config:
        command.downgrade(config, revision)


def alembic_config() -> Config:
    """Alembic's configuration; env.py takes the connection from its attributes."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


@contextmanager
def _migrating(url: str | URL) -> Generator[Config]:
    engine = create_engine_for(url, timeouts=MIGRATION, application_name="soundings-migrate")
    config = alembic_config()
    try:
        with engine.connect() as guard, engine.connect() as connection:
            guard = guard.execution_options(isolation_level="AUTOCOMMIT")
            guard.execute(text("SET lock_timeout = 0"))  # the other process may well take its time
            guard.execute(text("SELECT pg_advisory_lock(:key)"), {"key": MIGRATION_LOCK})
            config.attributes["connection"] = connection
            yield config
            guard.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": MIGRATION_LOCK})
    finally:
        engine.dispose()  # closes the guard's connection, which frees its lock whatever happened
