"""Waiting until somebody else waits."""

from __future__ import annotations

import time
from concurrent.futures import Future
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

PATIENCE = 60.0
"""Seconds for what takes a moment, unless the machine has other things to do."""
BLOCKED = text("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()")


def wait_until_blocked(session: Session, waiting: Future[Any]) -> None:
    until = time.monotonic() + PATIENCE
    while not session.scalar(BLOCKED):
        assert not waiting.done(), "it should have waited for the lock"
        assert time.monotonic() < until, "nobody waits for a lock"
        time.sleep(0.01)
        session.execute(text("SELECT pg_stat_clear_snapshot()"))
