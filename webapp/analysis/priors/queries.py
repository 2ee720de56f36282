"""Reading which assumptions a programme has changed."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload

from intelligence import DEFAULT_PRIORS, Prior
from webapp.analysis.changed import ChangedPrior, prior_of
from webapp.models import ChangedAssumption
from webapp.web.format import LONDON


def newest(session: Session, programme_id: uuid.UUID) -> dict[str, ChangedAssumption]:
    """The last change of each assumption that was ever changed; one put back has no value."""
    rows = session.scalars(
        select(ChangedAssumption)
        .ext(distinct_on(ChangedAssumption.name))
        .where(ChangedAssumption.programme_id == programme_id)
        .order_by(ChangedAssumption.name, ChangedAssumption.number.desc())
        .options(joinedload(ChangedAssumption.changer))
    )
    return {row.name: row for row in rows}


def standing(session: Session, programme_id: uuid.UUID) -> tuple[ChangedPrior, ...]:
    """The changes that hold."""
    return tuple(as_prior(row) for _, row in sorted(newest(session, programme_id).items()) if row.value is not None)


def held(name: str, row: ChangedAssumption | None) -> Prior:
    """What holds by the newest row: the change, or what everybody starts from."""
    standard: Prior = getattr(DEFAULT_PRIORS, name)
    return standard if row is None or row.value is None else prior_of(as_prior(row))


def as_prior(row: ChangedAssumption) -> ChangedPrior:
    return ChangedPrior(
        name=row.name,
        value=row.value or 0.0,
        spread=row.spread or 0.0,
        measured=bool(row.measured),
        reason=row.reason,
        by=row.changer.name,
        on=row.changed_at.astimezone(LONDON).date(),
    )


def count_changes(session: Session, programme_id: uuid.UUID, name: str) -> int:
    counted = select(func.count()).where(ChangedAssumption.programme_id == programme_id, ChangedAssumption.name == name)
    return session.scalar(counted) or 0


def changes(
    session: Session, programme_id: uuid.UUID, name: str, limit: int, offset: int
) -> Sequence[ChangedAssumption]:
    """Of one assumption, the newest first."""
    return session.scalars(
        select(ChangedAssumption)
        .where(ChangedAssumption.programme_id == programme_id, ChangedAssumption.name == name)
        .order_by(ChangedAssumption.number.desc())
        .limit(limit)
        .offset(offset)
        .options(joinedload(ChangedAssumption.changer))
    ).all()
