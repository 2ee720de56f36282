"""Jobs for test_jobs.py, in a module of their own so that worker processes can import them too."""

from __future__ import annotations

import logging
import os
import signal
import sys
import time
from datetime import timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from config import Settings
from webapp.db import WORKER, Database
from webapp.jobs import JobContext, WorkerContext, job, run_worker


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


@job("test.fail", attempts=3, wait=at_once)
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


@job("test.die", attempts=2, wait=at_once)
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
    run_worker(worker_context(database), heartbeat=0.2)
    sys.stdout.write("stopped cleanly\n")
