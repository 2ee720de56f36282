"""The job queue, with real workers that are really killed."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from procrastinate.jobs import Status
from sqlalchemy import func, select, text

import tests.webapp.periodic_job_under_test  # noqa: F401 - declares a periodic job
from tests.all_rows import empty
from tests.job_queue import JobState, job_states, pending, put_back
from tests.webapp.jobs_under_test import calls, worker_context
from webapp.db import Database, migrate
from webapp.embedded_postgres import EmbeddedPostgres
from webapp.jobs import HEARTBEAT_SECONDS, defer, job, waits
from webapp.running_jobs import run_worker

REPOSITORY = Path(__file__).parents[2]
HURRIED = 0.2
"""Seconds between heartbeats where another worker's death is to be noticed; a busy machine may keep silent so long."""


@pytest.fixture(scope="module")
def queue_database(new_database: Callable[..., str]) -> Iterator[Database]:
    database = Database(new_database(template=True))
    with database.engine.begin() as connection:
        connection.execute(text("CREATE TABLE effect (id bigserial PRIMARY KEY, words text)"))
    yield database
    database.dispose()


@pytest.fixture
def database(queue_database: Database) -> Iterator[Database]:
    yield queue_database
    with queue_database.engine.begin() as connection:
        empty(connection)


@pytest.fixture
def start_worker(database: Database) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    started: list[subprocess.Popen[str]] = []

    def start(
        url: str | None = None, *, jobs: str = "jobs_under_test", heartbeat: float = HURRIED
    ) -> subprocess.Popen[str]:
        address = url or database.url.render_as_string(False)
        process = subprocess.Popen(
            [sys.executable, "-m", f"tests.webapp.{jobs}", address, str(heartbeat)],
            cwd=REPOSITORY,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def enqueue(database: Database, name: str, **options: object) -> int:
    with database.session() as session:
        job_id = defer(session, name, **options)
        session.commit()
    assert job_id is not None
    return job_id


def states(database: Database) -> list[JobState]:
    with database.session() as session:
        return list(job_states(session))


def effects(database: Database) -> list[str]:
    with database.session() as session:
        return list(session.scalars(text("SELECT words FROM effect ORDER BY id")))


def wait_until(condition: Callable[[], bool], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.05)


def work_through(database: Database, heartbeat: float = HEARTBEAT_SECONDS) -> None:
    run_worker(worker_context(database), once=True, heartbeat=heartbeat)


def test_a_job_is_there_after_commit_and_gone_after_rollback(database: Database) -> None:
    with database.session() as session:
        defer(session, "test.note", words="kept")
        assert states(database) == []  # not before
        session.commit()
        defer(session, "test.note", words="dropped")
        session.rollback()
    assert [(state.status, state.args) for state in states(database)] == [(Status.TODO, {"words": "kept"})]
    work_through(database)
    assert effects(database) == ["kept"]
    assert [state.status for state in states(database)] == [Status.SUCCEEDED]


def test_a_queueing_lock_lets_one_job_wait_and_spares_the_transaction(database: Database) -> None:
    with database.session() as session:
        assert defer(session, "test.note", queueing_lock="one", words="first") is not None
        session.execute(text("INSERT INTO effect (words) VALUES ('before')"))
        assert defer(session, "test.note", queueing_lock="one", words="second") is None
        session.execute(text("INSERT INTO effect (words) VALUES ('after')"))
        session.commit()
    work_through(database)
    assert effects(database) == ["before", "after", "first"]


def test_a_database_lost_while_enqueuing_is_told_as_such(database: Database) -> None:
    with database.session() as session, database.session() as other:
        server_process = session.scalar(select(func.pg_backend_pid()))
        other.execute(select(func.pg_terminate_backend(server_process)))
        with pytest.raises(psycopg.OperationalError):
            defer(session, "test.note", words="never")
        session.invalidate()


def test_jobs_of_one_lock_run_in_order(database: Database) -> None:
    for words in ("a", "b", "c", "d"):
        enqueue(database, "test.note", lock="in order", words=words)
    enqueue(database, "test.note", lock="another", words="e")
    with database.session() as session:
        assert sum(state.lock == "in order" for state in pending(session)) == 4
    work_through(database)
    assert [words for words in effects(database) if words != "e"] == ["a", "b", "c", "d"]
    with database.session() as session:
        assert pending(session) == ()


def test_a_failing_job_is_tried_again_then_parked_and_can_be_put_back(
    database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    lucky, poisoned = enqueue(database, "test.fail", until=2), enqueue(database, "test.fail", until=5)
    enqueue(database, "test.note", words="flows on")
    work_through(database)
    outcome = {state.id: (state.status, state.attempts) for state in states(database)}
    assert outcome[lucky] == (Status.SUCCEEDED, 2)
    assert outcome[poisoned] == (Status.FAILED, 3)
    assert "flows on" in effects(database)
    assert [words for words in effects(database) if "gave up" in words] == ["gave up {'until': 5}"]
    told = [vars(record) for record in caplog.records if record.msg == "job.failed"]
    assert [each["attempt"] for each in told if each["job_id"] == poisoned] == [1, 2, 3]
    assert {(each["job"], each["at"].partition(":")[0]) for each in told} == {("test.fail", "jobs_under_test.py")}

    with database.session() as session:
        put_back(session, poisoned)
        session.commit()
        assert [state.id for state in pending(session)] == [poisoned]
    work_through(database)
    assert effects(database)[-1] == "attempt 5 of 3"
    assert {state.id: state.status for state in states(database)}[poisoned] is Status.SUCCEEDED


def test_a_job_that_nobody_declared_is_parked(database: Database) -> None:
    # as one that a periodic job of an earlier version had enqueued
    enqueue(database, "test.forgotten", lock="test.forgotten", queueing_lock="test.forgotten")
    enqueue(database, "test.note", words="flows on")
    work_through(database)
    assert [state.status for state in states(database)] == [Status.FAILED, Status.SUCCEEDED]
    assert effects(database) == ["flows on"]


@pytest.mark.parametrize("queue", ["default", "mail"])
def test_the_job_of_a_killed_worker_runs_again(
    database: Database, start_worker: Callable[[], subprocess.Popen[str]], queue: str
) -> None:
    enqueue(database, "test.slow", queue=queue, seconds=60)
    victim = start_worker()
    wait_until(lambda: effects(database) == ["started"])
    victim.kill()
    victim.wait()
    start_worker()
    wait_until(lambda: [state.status for state in states(database)] == [Status.SUCCEEDED])
    assert effects(database) == ["started", "started", "finished"]


def test_a_job_that_kills_its_workers_is_parked_in_the_end(
    database: Database, start_worker: Callable[[], subprocess.Popen[str]]
) -> None:
    enqueue(database, "test.die")
    for _ in range(2):
        assert start_worker().wait(timeout=60) == -signal.SIGKILL
    start_worker()
    wait_until(lambda: [state.status for state in states(database)] == [Status.FAILED])
    assert effects(database) == ["gave up {}"], "said by the worker that found it, in one transaction"


def test_a_database_lost_while_a_job_is_parked_delays_it(database: Database) -> None:
    enqueue(database, "test.fail_without_database")
    work_through(database)
    assert (calls, effects(database)) == (["tell"] * 2, ["told"])
    assert [state.status for state in states(database)] == [Status.FAILED]


def test_a_job_whose_failure_cannot_be_told_is_parked_all_the_same(database: Database) -> None:
    enqueue(database, "test.fail_to_tell")
    enqueue(database, "test.note", words="flows on")
    work_through(database)
    assert effects(database) == ["flows on"]
    assert [state.status for state in states(database)] == [Status.FAILED, Status.SUCCEEDED]


def test_effect_and_completion_are_one_even_when_the_worker_dies_in_between(
    database: Database, start_worker: Callable[[], subprocess.Popen[str]]
) -> None:
    enqueue(database, "test.die_after_commit")
    assert start_worker().wait(timeout=60) == -signal.SIGKILL
    assert [state.status for state in states(database)] == [Status.SUCCEEDED]
    enqueue(database, "test.complete_twice")
    time.sleep(0.7)  # by now the dead worker counts as dead
    work_through(database, HURRIED)
    assert effects(database) == ["once", "once"]
    assert [state.status for state in states(database)] == [Status.SUCCEEDED] * 2


def test_sigterm_lets_the_jobs_under_way_finish(
    database: Database, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    """Those of each queue."""
    enqueue(database, "test.slow", seconds=1)
    enqueue(database, "test.slow", queue="mail", seconds=2)
    worker = start_worker(heartbeat=HEARTBEAT_SECONDS)
    wait_until(lambda: effects(database) == ["started"] * 2)
    enqueue(database, "test.note", lock="later", words="not begun")
    worker.send_signal(signal.SIGTERM)
    out, errors = worker.communicate(timeout=60)
    assert (worker.returncode, out) == (0, "stopped cleanly\n"), errors
    assert effects(database)[-2:] == ["finished"] * 2
    assert [state.status for state in states(database)][:2] == [Status.SUCCEEDED] * 2


def test_workers_enqueue_a_periodic_job_again_and_again_but_never_twice_at_a_time(
    database: Database, start_worker: Callable[..., subprocess.Popen[str]]
) -> None:
    with database.session() as session:
        assert defer(session, "test.tick", queueing_lock="test.tick") is not None  # waits, so no other may
        session.commit()
    for _ in range(2):
        start_worker(jobs="periodic_job_under_test")
    wait_until(lambda: len(effects(database)) >= 3)
    with database.session() as session:
        assert len(pending(session)) <= 2  # one that runs and one that waits


def test_a_worker_that_runs_once_enqueues_nothing(database: Database) -> None:
    with pytest.raises(ValueError, match="two jobs"):  # so there is one that it could enqueue
        job("test.tick", periodic=True)(lambda context: None)
    work_through(database)
    assert states(database) == []


def test_a_worker_outlives_a_restart_of_the_database(
    start_worker: Callable[[str], subprocess.Popen[str]],
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        EmbeddedPostgres(Path(folder) / "server", settings={"fsync": "off"}) as server,
    ):
        migrate(server.url())
        database = Database(server.url())
        with database.engine.begin() as connection:
            connection.execute(text("CREATE TABLE effect (id bigserial PRIMARY KEY, words text)"))
        worker = start_worker(server.url())
        enqueue(database, "test.slow", seconds=1.5)
        wait_until(lambda: effects(database) == ["started"])
        pid = server.pid
        assert pid is not None
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: server.pid not in (None, pid) and server.answers())
        enqueue(database, "test.note", words="after")
        enqueue(database, "test.note", queue="mail", words="mail after")
        wait_until(lambda: {"after", "mail after", "finished"} <= set(effects(database)))
        wait_until(lambda: {state.status for state in states(database)} == {Status.SUCCEEDED})
        worker.terminate()
        assert worker.wait(timeout=60) == 0
        database.dispose()


def test_jobs_run_beside_each_other_in_threads(database: Database) -> None:
    for _ in range(2):
        enqueue(database, "test.slow", seconds=1)
    seen: list[str] = []
    worker = threading.Thread(target=work_through, args=[database])
    worker.start()
    wait_until(lambda: len(effects(database)) >= 2)
    seen = effects(database)
    worker.join()
    assert seen[:2] == ["started", "started"]


def test_two_jobs_cannot_share_a_name() -> None:
    with pytest.raises(ValueError, match=r"two jobs are named test\.note"):
        job("test.note")(lambda context: None)


def test_ten_attempts_outlast_an_hour_s_outage() -> None:
    total = sum(waits(attempt).total_seconds() for attempt in range(1, 10))
    assert 3600 < total < 3 * 3600
    assert max(waits(attempt).total_seconds() for attempt in range(1, 40)) == 3600
