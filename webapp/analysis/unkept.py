"""What-ifs of forecasts and of schedules that nobody kept: removed a day after they were asked."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from webapp.models import Purpose, Replanning, WhatIf

KEPT_UNASKED = timedelta(days=1)


def remove_unkept(session: Session, *, now: datetime) -> int:
    """Returns how many are gone."""
    until = now - KEPT_UNASKED
    of_forecasts = delete(WhatIf).where(WhatIf.kept_at.is_(None), WhatIf.asked_at < until)
    of_schedules = delete(Replanning).where(
        Replanning.purpose == Purpose.WHAT_IF, Replanning.kept_at.is_(None), Replanning.asked_at < until
    )
    gone = [
        *session.scalars(of_forecasts.returning(WhatIf.id)),
        *session.scalars(of_schedules.returning(Replanning.id)),
    ]
    return len(gone)
