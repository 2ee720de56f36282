"""Ending what has no result before its end."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from webapp import audit
from webapp.analysis.watching import STOPPED
from webapp.audit import Actor
from webapp.models import LotSearch, RunState, WhatIf


def end(session: Session, *, row: LotSearch | WhatIf, actor: Actor, now: datetime) -> None:
    """What waits is not begun, what is under way is given up, and what has ended is left alone."""
    session.refresh(row, with_for_update={"of": type(row)})
    if row.is_under_way and row.stop_asked_at is None:
        row.stop_asked_at = now
        if row.state is RunState.WAITING:
            row.state, row.failure = RunState.FAILED, STOPPED
        act = "lots.search_stopped" if isinstance(row, LotSearch) else "what_if.stopped"
        audit.record(session, act, subject=row, actor=actor, run_id=str(row.run_id))
    session.flush()
