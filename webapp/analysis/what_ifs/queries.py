"""Reading what-ifs, for those who may read their runs."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, undefer

from webapp.models import AnalysisRun, WhatIf


def what_if(session: Session, run_id: uuid.UUID, what_if_id: uuid.UUID) -> WhatIf | None:
    """Of a run that the reader has been let in to."""
    return session.scalars(
        select(WhatIf)
        .where(WhatIf.id == what_if_id, WhatIf.run_id == run_id)
        .options(undefer(WhatIf.result), joinedload(WhatIf.keeper))
    ).one_or_none()


def count_kept(session: Session, run_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(WhatIf.run_id == run_id, WhatIf.kept_at.is_not(None))) or 0


def kept(session: Session, run_id: uuid.UUID, limit: int, offset: int) -> Sequence[WhatIf]:
    """The newest first, without their results."""
    return session.scalars(
        select(WhatIf)
        .where(WhatIf.run_id == run_id, WhatIf.kept_at.is_not(None))
        .order_by(WhatIf.kept_at.desc(), WhatIf.id)
        .limit(limit)
        .offset(offset)
        .options(joinedload(WhatIf.keeper))
    ).all()


def load_inputs(session: Session, what_if: WhatIf) -> None:
    """All that the answer is computed from: the run, its inputs and history included."""
    session.scalars(
        select(WhatIf).where(WhatIf.id == what_if.id).options(joinedload(WhatIf.run).undefer(AnalysisRun.history))
    ).one()
