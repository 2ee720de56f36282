"""Asking what-ifs, keeping them, and letting go of the others."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence import Scenario
from intelligence.files import to_json
from webapp import audit, jobs
from webapp.analysis.actions import CodeChangedError
from webapp.analysis.runs import code_version
from webapp.audit import Actor
from webapp.models import AnalysisRun, RunState, WhatIf

COMPUTE = "analysis.compute_what_if"


def ask(session: Session, *, run: AnalysisRun, scenario: Scenario, actor: Actor, now: datetime) -> WhatIf:
    """Queue a what-if. One question to a run has one answer: asked again, it is the one that is there.

    Raises:
        CodeChangedError: other code would answer than made the run, and the difference would be the code's.
    """
    if run.code_version != code_version():
        raise CodeChangedError
    session.execute(select(AnalysisRun.id).where(AnalysisRun.id == run.id).with_for_update())
    asked: Any = to_json(scenario)
    there = session.scalars(
        select(WhatIf)
        .where(WhatIf.run_id == run.id, WhatIf.scenario == asked, WhatIf.state != RunState.FAILED)
        .order_by(WhatIf.kept_at.desc().nulls_last(), WhatIf.asked_at, WhatIf.id)
        .limit(1)
    ).one_or_none()
    if there is not None:
        there.asked_at = now
        session.flush()
        return there
    what_if = WhatIf(run_id=run.id, asked_at=now, asked_by=actor.person_id, scenario=asked)
    session.add(what_if)
    session.flush()
    jobs.defer(session, COMPUTE, queue="analysis", what_if_id=str(what_if.id))
    audit.record(session, "what_if.asked", subject=what_if, actor=actor, run_id=str(run.id))
    session.flush()
    return what_if


def keep(session: Session, *, what_if: WhatIf, name: str, actor: Actor, now: datetime) -> None:
    """Give it a name, or another one."""
    what_if.name, what_if.kept_at, what_if.kept_by = name, now, actor.person_id
    audit.record(session, "what_if.kept", subject=what_if, actor=actor, run_id=str(what_if.run_id))
    session.flush()
