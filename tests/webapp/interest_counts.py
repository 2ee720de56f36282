"""How many responses declare which interest in which lot: as it is kept, and counted anew."""

from __future__ import annotations

import uuid
from collections import Counter

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Interest, InterestCount, InterestLevel, Response

Counted = Counter[tuple[uuid.UUID, uuid.UUID, InterestLevel]]
"""By engagement, lot and level."""


def counted(session: Session) -> Counted:
    """Once what is kept was found to be what there is."""
    of = Response.engagement_id, Interest.lot_id, Interest.level
    current = Response.current_submission_id == Interest.submission_id
    rows = session.execute(select(*of, func.count()).join(Interest, current).group_by(*of))
    anew = Counter({row[:3]: row[3] for row in map(tuple, rows)})
    kept = session.scalars(select(InterestCount).execution_options(populate_existing=True))
    assert {(row.engagement_id, row.lot_id, row.level): row.responses for row in kept if row.responses} == anew
    return anew
