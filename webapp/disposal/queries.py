"""Reading how long responses are kept, and what was asked, agreed and done about destroying them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, Uuid, and_, any_, exists, func, literal, or_, select, union
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session, joinedload, selectinload

from webapp.mail import ERASED_DOMAIN
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
    MailMessage,
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


def concerned(
    session: Session, engagement_id: uuid.UUID, *, after: uuid.UUID | None, at_most: int
) -> Sequence[tuple[Person, bool]]:
    """Who acts for an organisation with a response, a draft or a decline, and whether for one with either of the first.

    In the order of their ids, behind `after`.
    """
    has_answered = Person.id.in_(_acting_for(Response, engagement_id))
    wanted = select(Person, has_answered).where(_is_concerned(engagement_id)).order_by(Person.id).limit(at_most)
    if after is not None:
        wanted = wanted.where(Person.id > after)
    return [(person, has_answered) for person, has_answered in session.execute(wanted)]


def letter_id(disposal_id: uuid.UUID, person_id: uuid.UUID, *, has_answered: bool) -> uuid.UUID:
    """Of the message that tells somebody of it, so that it is known whatever address they have, and whoever else's."""
    return uuid.uuid5(disposal_id, f"{person_id} {'answered' if has_answered else 'declined'}")


def warned(session: Session, disposal: Disposal, people: Collection[uuid.UUID]) -> Mapping[uuid.UUID, bool]:
    """Which of them have been told of it, and whether as one who can download a response."""
    letters = {
        letter_id(disposal.id, person_id, has_answered=has_answered): (person_id, has_answered)
        for person_id in people
        for has_answered in (False, True)
    }
    found = session.scalars(select(MailMessage.id).where(MailMessage.id == any_(literal([*letters], ARRAY(Uuid)))))
    told = dict(sorted(letters[each] for each in found))  # who has both letters, as one who can
    before = disposal.told_before
    return told if before is None else told | {each: True for each in people if each <= before}


def passed_by(session: Session, disposal: Disposal, *, at_most: int) -> Sequence[tuple[Person, bool]]:
    """As `concerned`, those whom the telling passed by: they came in when it had gone on behind them.

    Or were told as one of an organisation that declined, and act by now for one that answered.
    """
    missed = _missed(session, disposal)[:at_most]
    has_answered = Person.id.in_(_acting_for(Response, disposal.engagement_id))
    found = session.execute(select(Person, has_answered).where(Person.id.in_(missed)).order_by(Person.id))
    return [(person, answered) for person, answered in found]


def _missed(session: Session, disposal: Disposal) -> Sequence[uuid.UUID]:
    if disposal.told_up_to is None:
        return []
    has_answered = Person.id.in_(_acting_for(Response, disposal.engagement_id))
    wanted = select(Person.id, has_answered).where(
        _is_concerned(disposal.engagement_id), Person.id <= disposal.told_up_to
    )
    behind = dict(session.execute(wanted).all())
    told = warned(session, disposal, behind)
    return sorted(each for each, answered in behind.items() if each not in told or (answered and not told[each]))


def telling(session: Session, disposal: Disposal) -> tuple[int, int]:
    """How many of those concerned have been written to, and how many there are."""
    gone_by = func.count().filter(Person.id <= disposal.told_up_to) if disposal.told_up_to else literal(0)
    behind, every = session.execute(select(gone_by, func.count()).where(_is_concerned(disposal.engagement_id))).one()
    return behind - len(_missed(session, disposal)), every


def _is_concerned(engagement_id: uuid.UUID) -> ColumnElement[bool]:
    acting = union(_acting_for(Response, engagement_id), _acting_for(Decline, engagement_id))
    return and_(Person.id.in_(acting), ~Person.email.endswith(f"@{ERASED_DOMAIN}", autoescape=True))


def _acting_for(said: type[Response | Decline], engagement_id: uuid.UUID) -> Select[uuid.UUID]:
    return (
        select(Membership.person_id)
        .join(said, said.organisation_id == Membership.organisation_id)
        .where(said.engagement_id == engagement_id)
    )


def due(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """What is to be done now; after a failure, not at once again."""
    return _to_do(session, now, Disposal.due_at <= now, Disposal.told_at.is_not(None), Disposal.done_at.is_(None))


def untold(session: Session, now: datetime) -> Sequence[uuid.UUID]:
    """What is agreed, and not everybody concerned is told; after a failure, not at once again."""
    return _to_do(session, now, Disposal.agreed_at.is_not(None), Disposal.told_at.is_(None))


def stands_agreed(session: Session, engagement_id: uuid.UUID) -> bool:
    """Whether its responses are to go, as two people decided and nobody took back."""
    agreed = select(Disposal.id).where(
        Disposal.engagement_id == engagement_id, Disposal.agreed_at.is_not(None), Disposal.stopped_at.is_(None)
    )
    return session.scalar(select(agreed.exists())) is True


def _to_do(session: Session, now: datetime, *where: ColumnElement[bool]) -> Sequence[uuid.UUID]:
    rested = or_(Disposal.failed_at.is_(None), Disposal.failed_at <= now - WAIT_AFTER_FAILURE)
    return session.scalars(
        select(Disposal.id).where(*where, Disposal.stopped_at.is_(None), rested).order_by(Disposal.due_at, Disposal.id)
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
