"""Jobs for test_jobs.py, in a module of their own so that worker processes can import them too."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Settings
from webapp.db import WORKER, Database
from webapp.jobs import JobContext, WorkerContext, job
from webapp.running_jobs import run_worker


def at_once(attempt: int) -> timedelta:
    return timedelta(0)


def note(session: Session, words: str) -> None:
    session.execute(text("INSERT INTO effect (words) VALUES (:words)"), {"words": words})


def worker_context(database: Database) -> WorkerContext:
    settings = Settings(secret_key="a secret for tests only", base_url="http://localhost")
    return WorkerContext(database, settings, logging.getLogger("worker"))


@job("test.note")
def write_note(context: JobContext, *, words: str) -> None:
    with context.database.session() as session:
        note(session, words)
        session.commit()


def note_failure(session: Session, **args: object) -> None:
    note(session, f"gave up {args}")


@job("test.fail", attempts=3, wait=at_once, on_parked=note_failure)
def fail(context: JobContext, *, until: int) -> None:
    with context.database.session() as session:
        note(session, f"attempt {context.attempt} of {context.attempts}")
        session.commit()
    if context.attempt < until:
        raise RuntimeError("not yet")


@job("test.slow", wait=at_once)
def be_slow(context: JobContext, *, seconds: float) -> None:
    with context.database.session() as session:
        note(session, "started")
        session.commit()
        if context.attempt == 1:
            time.sleep(seconds)
        note(session, "finished")
        session.commit()


HELD = "test.held"
held = threading.Event()
"""Set by whoever lets these jobs go on."""


@job(HELD)
def be_held(context: JobContext) -> None:
    held.wait()


@job("test.nothing")
def do_nothing(context: JobContext) -> None: ...


calls: list[str] = []


def lose_the_database_once(session: Session) -> None:
    calls.append("tell")
    note(session, "told")
    if calls == ["tell"]:
        session.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


@job("test.fail_without_database", attempts=1, on_parked=lose_the_database_once)
def fail_without_database(context: JobContext) -> None:
    raise RuntimeError("never")


def fail_to_tell(session: Session) -> None:
    note(session, "half")
    raise RuntimeError("a fault in telling")


@job("test.fail_to_tell", attempts=1, on_parked=fail_to_tell)
def fail_and_fail_to_tell(context: JobContext) -> None:
    raise RuntimeError("never")


@job("test.die", attempts=2, wait=at_once, on_parked=note_failure)
def die(context: JobContext) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


@job("test.die_after_commit", wait=at_once)
def die_after_commit(context: JobContext) -> None:
    with context.database.session() as session:
        note(session, "once")
        context.complete(session)
        session.commit()
    os.kill(os.getpid(), signal.SIGKILL)


@job("test.complete_twice", wait=at_once)
def complete_and_fail(context: JobContext) -> None:
    with context.database.session() as session:
        note(session, "once")
        context.complete(session)
        session.commit()
    raise RuntimeError("too late to matter")


if __name__ == "__main__":
    database = Database(sys.argv[1], timeouts=WORKER)
    run_worker(worker_context(database), heartbeat=float(sys.argv[2]))
    sys.stdout.write("stopped cleanly\n")
