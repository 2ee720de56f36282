"""The engine gives up in time, keeps UTC and JSON honest, and migrates once."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import JSON, bindparam, exc, make_url, select, text
from sqlalchemy.orm import Session

from tests.all_rows import empty
from webapp.db import MIGRATIONS, Database, Timeouts, clock, migrate
from webapp.models import Organisation, Party


class SilentProxy:
    """Passes bytes to PostgreSQL's socket until told to be silent; the connection stays open."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.silent = threading.Event()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.links: list[socket.socket] = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                server = socket.socket(socket.AF_UNIX)
                server.connect(str(self.target))
                self.links += [client, server]
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    def pump(self, source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            while data := source.recv(65536):
                if not self.silent.is_set():
                    sink.sendall(data)

    def close(self) -> None:
        for link in (self.listener, *self.links):
            with suppress(OSError):
                link.shutdown(socket.SHUT_RDWR)
            link.close()


@pytest.fixture
def proxy(database_url: str) -> Iterator[SilentProxy]:
    folder = make_url(database_url).query.get("host")
    if not isinstance(folder, str) or not folder.startswith("/"):
        pytest.skip("the proxy stands before a server on a socket")
    proxy = SilentProxy(Path(folder) / ".s.PGSQL.5432")
    yield proxy
    proxy.close()


@pytest.fixture
def impatient(database_url: str) -> Iterator[Database]:
    database = Database(database_url, timeouts=Timeouts(statement=0.2, lock=0.1, idle_in_transaction=0.2))
    yield database
    database.dispose()


def test_a_silent_network_is_given_up_and_the_connection_with_it(database_url: str, proxy: SilentProxy) -> None:
    url = make_url(database_url).set(query={}, host="127.0.0.1", port=proxy.port, password="unused")
    database = Database(url, timeouts=Timeouts(answer=0.5))
    try:
        with database.session() as session:
            assert session.scalar(text("SELECT 1")) == 1
            proxy.silent.set()
            started = time.monotonic()
            with pytest.raises(exc.OperationalError) as caught:
                session.scalar(text("SELECT 2"))
            assert 0.4 < time.monotonic() - started < 5
            assert caught.value.connection_invalidated
        proxy.silent.clear()
        with database.session() as session:
            assert session.scalar(text("SELECT 3")) == 3  # on a new connection: no stale answer
    finally:
        database.dispose()


def test_a_slow_statement_is_cut(impatient: Database) -> None:
    with impatient.session() as session, pytest.raises(exc.OperationalError, match="statement timeout"):
        session.execute(text("SELECT pg_sleep(5)"))


def test_a_wait_for_a_lock_is_cut(database: Database, impatient: Database) -> None:
    with database.session() as holder, impatient.session() as waiter:
        holder.execute(text("LOCK TABLE organisation"))
        with pytest.raises(exc.OperationalError, match="lock timeout"):
            waiter.execute(text("SELECT count(*) FROM organisation"))


def test_a_forgotten_transaction_is_ended(impatient: Database) -> None:
    with impatient.session() as session:
        session.execute(text("SELECT 1"))
        time.sleep(0.5)
        with pytest.raises(exc.DBAPIError, match="idle-in-transaction"):
            session.execute(text("SELECT 1"))


def test_a_pooled_connection_that_the_server_closed_is_replaced(database: Database) -> None:
    with database.session() as session:
        first = session.scalar(text("SELECT pg_backend_pid()"))
    other = Database(database.url)
    with other.session() as session:
        session.execute(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": first})
    other.dispose()
    with database.session() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != first


def test_the_clock_is_the_database_s_in_utc_and_moves_within_a_transaction(session: Session) -> None:
    first = clock(session)
    assert first.utcoffset() == timedelta(0)
    assert clock(session) > first


@pytest.mark.parametrize("value", ["naïve ✓ 🏥", 'quote " and \\', "‏עברית", {"ä": [1, None, True, 0.1]}])
def test_json_comes_back_as_it_went(session: Session, value: object) -> None:
    assert session.scalar(select(bindparam("value", value, type_=JSON))) == value


def test_json_refuses_what_json_has_not(session: Session) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        session.execute(select(bindparam("value", float("nan"), type_=JSON)))


def test_objects_stay_readable_after_commit(session: Session) -> None:
    organisation = Organisation(name="St Ann's", party=Party.BUYER)
    session.add(organisation)
    session.commit()
    session.close()
    assert organisation.name == "St Ann's"


def test_two_processes_that_migrate_at_once_make_one_schema(new_database: Callable[..., str]) -> None:
    url = new_database()
    failures: list[Exception] = []

    def attempt() -> None:
        try:
            migrate(url)
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=attempt) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    database = Database(url)
    with database.session() as session:
        assert (
            session.scalar(text("SELECT version_num FROM alembic_version")) == (MIGRATIONS / "HEAD").read_text().strip()
        )
    database.dispose()


def test_records_that_refuse_change_are_cleared_between_tests(new_database: Callable[..., str]) -> None:
    database = Database(new_database(template=True))
    event = text(
        "INSERT INTO audit_event (act, subject_kind, subject_id, detail) VALUES ('a', 'b', gen_random_uuid(), '{}')"
    )
    try:
        with database.engine.begin() as connection:
            connection.execute(event)
        with database.engine.begin() as connection, pytest.raises(exc.DBAPIError, match="never changed or deleted"):
            connection.execute(text("TRUNCATE audit_event CASCADE"))
        with database.engine.begin() as connection:
            empty(connection)
            assert connection.scalar(text("SELECT count(*) FROM audit_event")) == 0
            assert connection.scalar(text("SELECT count(*) FROM alembic_version")) == 1
        with database.engine.begin() as connection, pytest.raises(exc.DBAPIError, match="never changed or deleted"):
            connection.execute(text("TRUNCATE audit_event CASCADE"))  # still in force
    finally:
        database.dispose()
