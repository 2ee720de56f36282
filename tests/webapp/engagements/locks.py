"""Waiting until somebody else waits."""

from __future__ import annotations

import time
from concurrent.futures import Future

from sqlalchemy import text
from sqlalchemy.orm import Session

BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def wait_until_blocked(session: Session, waiting: Future[None]) -> None:
    for _ in range(200):
        session.execute(text("SELECT pg_stat_clear_snapshot()"))
        if session.scalar(BLOCKED):
            return
        assert not waiting.done(), "it should have waited for the lock"
        time.sleep(0.01)
    raise AssertionError("nobody waits for a lock")
