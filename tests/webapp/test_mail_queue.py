"""Emails wait for a mail server, and nothing else waits for it; nor do they wait for what is computed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from procrastinate.jobs import Status
from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Settings
from tests.job_queue import job_states
from tests.webapp.jobs_under_test import HELD, held
from tests.webapp.test_mail import Sink
from webapp.db import Database, downgrade, migrate
from webapp.jobs import Queue, WorkerContext, defer
from webapp.mail import Mail, send
from webapp.running_jobs import MAIL_AT_ONCE, run_worker

WITHIN = 20.0
"""Seconds: far less than what is held would be held for."""


@pytest.fixture
def sink() -> Iterator[Sink]:
    with Sink() as sink:
        yield sink
        sink.shutdown()


@pytest.fixture
def hanging(sink: Sink) -> Iterator[threading.Event]:
    """The mail server says nothing to a message that it has until this is set."""
    sink.takes_it = threading.Event()
    yield sink.takes_it
    sink.takes_it.set()


@pytest.fixture(autouse=True)
def _let_go() -> Iterator[None]:
    held.clear()
    yield
    held.set()


@contextmanager
def working(database: Database, settings: Settings, let_go: threading.Event, concurrency: int = 2) -> Iterator[None]:
    """A worker that works all off meanwhile, and in the end what is let go."""
    context = WorkerContext(database, settings, logging.getLogger("worker"))
    worker = threading.Thread(target=run_worker, args=[context], kwargs={"concurrency": concurrency, "once": True})
    worker.start()
    try:
        yield
    finally:
        let_go.set()
        worker.join(WITHIN)
    assert not worker.is_alive()


def wait_until(session: Session, *expected: tuple[str, Status, int]) -> None:
    """Until as many jobs of a task are in a state."""
    pause = threading.Event()
    for _ in range(int(WITHIN / 0.05)):
        states = [(state.task_name, state.status) for state in job_states(session)]
        session.rollback()
        if all(states.count((task, status)) == number for task, status, number in expected):
            return
        pause.wait(0.05)
    raise AssertionError(f"waited in vain: {states}")


def enqueue_mails(session: Session, number: int) -> None:
    for _ in range(number):
        send(session, recipient="ann@example.org", mail=Mail("Your receipt", "Hello."))


@pytest.mark.parametrize("queue", ["default", "analysis"])
def test_a_mail_server_that_hangs_holds_emails_and_nothing_else(
    session: Session, database: Database, settings: Settings, sink: Sink, hanging: threading.Event, queue: Queue
) -> None:
    enqueue_mails(session, MAIL_AT_ONCE + 1)
    defer(session, "test.nothing", queue=queue)
    session.commit()
    with working(database, replace(settings, smtp_url=sink.url), hanging):
        wait_until(session, ("test.nothing", Status.SUCCEEDED, 1), ("mail.deliver", Status.DOING, MAIL_AT_ONCE))
        wait_until(session, ("mail.deliver", Status.TODO, 1))
    assert {state.status for state in job_states(session)} == {Status.SUCCEEDED}
    assert len(sink.received) == MAIL_AT_ONCE + 1


@pytest.mark.parametrize("concurrency", [1, 40])
def test_what_is_computed_for_long_holds_no_email(
    session: Session, database: Database, settings: Settings, sink: Sink, concurrency: int
) -> None:
    """Nor by taking all threads, of which there are 32 at most unless more are asked for."""
    for _ in range(concurrency + 1):
        defer(session, HELD, queue="analysis")
    enqueue_mails(session, 3)
    session.commit()
    with working(database, replace(settings, smtp_url=sink.url), held, concurrency):
        wait_until(session, ("mail.deliver", Status.SUCCEEDED, 3), (HELD, Status.DOING, concurrency))
        wait_until(session, (HELD, Status.TODO, 1))
    assert len(sink.received) == 3


def test_emails_of_before_there_was_a_queue_for_them_are_moved_to_it_and_back(
    new_database: Callable[..., str], settings: Settings
) -> None:
    url = new_database(template=True)
    database = Database(url)

    def queues() -> list[tuple[str, str]]:
        with database.session() as session:
            rows = session.execute(text("SELECT task_name, queue_name FROM procrastinate_jobs ORDER BY id"))
            return [(task, queue) for task, queue in rows]

    with database.session() as session:
        enqueue_mails(session, 2)
        session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE id = 1"))
        defer(session, "test.nothing")
        session.commit()
    now = queues()
    assert now == [("mail.deliver", "mail")] * 2 + [("test.nothing", "default")]
    downgrade(url, "0060")
    assert queues() == [(task, "default") for task, _queue in now]
    migrate(url)
    assert queues() == now
    database.dispose()


def test_an_email_that_an_older_version_enqueued_is_sent_from_where_it_is(
    session: Session, database: Database, settings: Settings, sink: Sink
) -> None:
    """As when it still serves pages while this one begins."""
    enqueue_mails(session, 1)
    session.execute(text("UPDATE procrastinate_jobs SET queue_name = 'default'"))
    session.commit()
    with working(database, replace(settings, smtp_url=sink.url), held):
        wait_until(session, ("mail.deliver", Status.SUCCEEDED, 1))
    assert len(sink.received) == 1
