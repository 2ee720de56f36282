"""Reading how long responses are kept, and what was asked, agreed and done about destroying them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    AuditEvent,
    Decline,
    Disposal,
    DisposedResponse,
    Engagement,
    LotSearch,
    LotStructure,
    Membership,
    Person,
    Programme,
    Replanning,
    Response,
    ResponseImport,
    RunState,
    StructureStep,
    ThemeFile,
    ThemeFramework,
    ThemeLearning,
    WhatIf,
)
from webapp.programmes.permissions import Permission
from webapp.programmes.teams.queries import holds

STATED = "programme.retention_stated"
UNFINISHED = (RunState.WAITING, RunState.RUNNING)
WAIT_AFTER_FAILURE = timedelta(hours=1)
Stated = Sequence[tuple[AuditEvent, str]]


def disposals(session: Session, engagement_id: uuid.UUID) -> Sequence[Disposal]:
    """The newest first; those before it were taken back."""
    return session.scalars(
        select(Disposal)
        .where(Disposal.engagement_id == engagement_id)
        .options(
            joinedload(Disposal.asker),
            joinedload(Disposal.agreer),
            joinedload(Disposal.stopper),
            selectinload(Disposal.responses).joinedload(DisposedResponse.organisation),
        )
        .order_by(Disposal.asked_at.desc(), Disposal.id)
    ).all()


def standing(session: Session, engagement_id: uuid.UUID) -> Disposal | None:
    """The one that was not taken back, locked."""
    return session.scalars(
        select(Disposal)
        .where(Disposal.engagement_id == engagement_id, Disposal.stopped_at.is_(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def asker_leads(session: Session, disposal: Disposal, programme_id: uuid.UUID) -> bool:
    """Whether whoever asked still may: otherwise nobody can agree."""
    return holds(session, programme_id, disposal.asked_by, Permission.LEAD)


def any_under_way(session: Session, programme_id: uuid.UUID) -> bool:
    asked = (
        select(Disposal.id)
        .join(Disposal.engagement)
        .where(Engagement.programme_id == programme_id, Disposal.stopped_at.is_(None), Disposal.done_at.is_(None))
    )
    return bool(session.scalar(select(asked.exists())))


def stated(session: Session, programme_id: uuid.UUID) -> Stated:
    """Each time that it was said how long responses are kept, with who said it, the newest first."""
    rows = session.execute(
        select(AuditEvent, Person.name)
        .join(Person, Person.id == AuditEvent.person_id)
        .where(
            AuditEvent.subject_kind == Programme.__tablename__,
            AuditEvent.subject_id == programme_id,
            AuditEvent.act == STATED,
        )
        .order_by(AuditEvent.id.desc())
    )
    return [(event, name) for event, name in rows]


def shortened_at(stated: Stated) -> datetime | None:
    """When an earlier day was last stated in the place of a later one."""
    times = (event.at for event, _ in stated if event.detail["keep_until"] < (event.detail["was_until"] or ""))
    return next(times, None)


def those_who_answered(session: Session, engagement_id: uuid.UUID) -> Sequence[Person]:
    """Everybody who acts for an organisation that has a response or a draft."""
    return session.scalars(
        select(Person).where(Person.id.in_(_acting_for(Response, engagement_id))).order_by(Person.id)
    ).all()


def those_who_only_declined(session: Session, engagement_id: uuid.UUID) -> Sequence[Person]:
    """Everybody who acts for an organisation that said it would not respond, and for none that has begun to."""
    return session.scalars(
        select(Person)
        .where(
            Person.id.in_(_acting_for(Decline, engagement_id)),
            Person.id.not_in(_acting_for(Response, engagement_id)),
        )
        .order_by(Person.id)
    ).all()


def _acting_for(said: type[Response | Decline], engagement_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(Membership.person_id)
        .join(said, said.organisation_id == Membership.organisation_id)
        .where(said.engagement_id == engagement_id)
    )


def due(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """What is to be done now; after a failure, not at once again."""
    return session.scalars(
        select(Disposal.id)
        .where(
            Disposal.due_at <= now,
            Disposal.stopped_at.is_(None),
            Disposal.done_at.is_(None),
            or_(Disposal.failed_at.is_(None), Disposal.failed_at <= now - WAIT_AFTER_FAILURE),
        )
        .order_by(Disposal.due_at, Disposal.id)
    ).all()


def is_at_work(session: Session, engagement_id: uuid.UUID) -> bool:
    """Whether the worker computes something from the responses, or records a file of them."""
    runs = select(AnalysisRun.id).where(AnalysisRun.engagement_id == engagement_id)
    structures = select(LotStructure.id).where(LotStructure.run_id.in_(runs))
    frameworks = select(ThemeFramework.id).where(ThemeFramework.engagement_id == engagement_id)
    computed: tuple[ColumnElement[bool], ...] = (
        *(
            exists().where(table.run_id.in_(runs), table.state.in_(UNFINISHED))
            for table in (AnalysisPart, LotSearch, WhatIf, Replanning)
        ),
        exists().where(StructureStep.structure_id.in_(structures), StructureStep.state.in_(UNFINISHED)),
        *(
            exists().where(table.framework_id.in_(frameworks), table.state.in_(UNFINISHED))
            for table in (ThemeLearning, ThemeFile)
        ),
    )
    recorded = exists().where(
        ResponseImport.engagement_id == engagement_id,
        ResponseImport.asked_at.is_not(None),
        ResponseImport.recorded_at.is_(None),
        ResponseImport.failure.is_(None),
    )
    return bool(session.scalar(select(or_(*computed, recorded))))
