"""What a programme's set-up asks of its plans now, read from its rows."""

from __future__ import annotations

import uuid
from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from intelligence.schedule.calendar import Nation
from intelligence.schedule.problem import Actual, Blackout, Pin, Precedence, StageLength
from intelligence.schedule.route_choice import RouteWalk, walk
from intelligence.schedule.routes import Stage
from webapp.analysis.terms import NoticeDue, PlanningTerms, RouteReasons, RouteStep
from webapp.models import Blackout as BlackoutRow
from webapp.models import (
    BoardDate,
    Contract,
    FixedStart,
    Following,
    GivenLength,
    Partner,
    PinnedStage,
    PlanTerms,
    Procurement,
    RouteAnswer,
    StageRecord,
)
from webapp.web.format import LONDON

Said = TypeVar("Said", GivenLength, PinnedStage, StageRecord)


def load(session: Session, *, programme_id: uuid.UUID) -> PlanningTerms:
    """The terms as they stand, in an order that depends on what they say alone."""
    return replace(
        _kept(session.get(PlanTerms, programme_id)),
        board_dates=_board_dates(session, programme_id),
        blackouts=_blackouts(session, programme_id),
        stage_lengths=tuple(
            StageLength(Stage(row.stage.value), row.days, str(row.procurement_id), row.reason)
            for row in _said(session, GivenLength, programme_id)
        ),
        pins=tuple(
            Pin(str(row.procurement_id), Stage(row.stage.value), row.starts_on, row.reason)
            for row in _said(session, PinnedStage, programme_id)
        ),
        actuals=tuple(
            Actual(str(row.procurement_id), Stage(row.stage.value), row.began_on, row.ended_on)
            for row in _said(session, StageRecord, programme_id)
        ),
        precedences=_precedences(session, programme_id),
        fixed_starts=_fixed_starts(session, programme_id),
        routes=routes_of(session, programme_id),
        notices=_notices(session, programme_id),
        partners=_partners(session, programme_id),
    )


def _kept(row: PlanTerms | None) -> PlanningTerms:
    """What is said once for the whole programme; nothing said is the usual."""
    if row is None:
        return PlanningTerms()
    return PlanningTerms(
        nation=Nation(row.nation.value),
        tenders_open_at_most=row.tenders_open_at_most,
        gives_bid_time=row.gives_bid_time,
        keeps_dates_free=row.keeps_dates_free,
    )


def _board_dates(session: Session, programme_id: uuid.UUID) -> tuple[date, ...]:
    days = select(BoardDate.day).where(BoardDate.programme_id == programme_id).distinct().order_by(BoardDate.day)
    return tuple(session.scalars(days))


def _fixed_starts(session: Session, programme_id: uuid.UUID) -> tuple[str, ...]:
    fixed = (
        select(FixedStart.procurement_id)
        .join(Procurement, Procurement.id == FixedStart.procurement_id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Procurement.id)
    )
    return tuple(str(key) for key in session.scalars(fixed))


def _partners(session: Session, programme_id: uuid.UUID) -> tuple[str, ...]:
    named = select(Partner.name).where(Partner.programme_id == programme_id).order_by(Partner.name, Partner.id)
    return tuple(session.scalars(named))


def _blackouts(session: Session, programme_id: uuid.UUID) -> tuple[Blackout, ...]:
    rows = session.scalars(
        select(BlackoutRow)
        .where(BlackoutRow.programme_id == programme_id)
        .order_by(BlackoutRow.first_day, BlackoutRow.last_day)
    )
    return tuple(Blackout(row.reason, row.first_day, row.last_day) for row in rows)


def _precedences(session: Session, programme_id: uuid.UUID) -> tuple[Precedence, ...]:
    rows = session.scalars(
        select(Following)
        .join(Procurement, Procurement.id == Following.procurement_id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Procurement.id, Following.first_id, Following.after, Following.before)
    )
    return tuple(
        Precedence(
            str(row.first_id), str(row.procurement_id), Stage(row.after.value), Stage(row.before.value), row.lag_days
        )
        for row in rows
    )


def _said(session: Session, kind: type[Said], programme_id: uuid.UUID) -> Sequence[Said]:
    return session.scalars(
        select(kind)
        .join(Procurement, Procurement.id == kind.procurement_id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Procurement.id, kind.stage)
    ).all()


def route_answers(
    session: Session, *, programme_id: uuid.UUID, procurement_id: uuid.UUID | None = None
) -> dict[uuid.UUID, dict[str, RouteAnswer]]:
    """The newest answer to each question about each procurement of the programme, or about one."""
    wanted = (
        select(RouteAnswer)
        .join(Procurement, Procurement.id == RouteAnswer.procurement_id)
        .where(Procurement.programme_id == programme_id)
        .order_by(Procurement.position, Procurement.id, RouteAnswer.number)
        .options(joinedload(RouteAnswer.officer))
    )
    if procurement_id is not None:
        wanted = wanted.where(Procurement.id == procurement_id)
    newest: dict[uuid.UUID, dict[str, RouteAnswer]] = {}
    for row in session.scalars(wanted):
        newest.setdefault(row.procurement_id, {})[row.question] = row
    return newest


def routes_of(session: Session, programme_id: uuid.UUID) -> tuple[RouteReasons, ...]:
    """Of the procurements whose answers lead to their route."""
    found = []
    for procurement_id, answers in route_answers(session, programme_id=programme_id).items():
        walked = walk({key: row.answer for key, row in answers.items()})
        if walked.outcome is not None:
            found.append(RouteReasons(str(procurement_id), steps_of(walked, answers)))
    return tuple(found)


def steps_of(walked: RouteWalk, answers: Mapping[str, RouteAnswer]) -> tuple[RouteStep, ...]:
    return tuple(
        RouteStep(
            question.words,
            option.words,
            answers[question.id].reason,
            answers[question.id].officer.name,
            answers[question.id].said_at.astimezone(LONDON).date(),
        )
        for question, option in walked.steps
    )


def _notices(session: Session, programme_id: uuid.UUID) -> tuple[NoticeDue, ...]:
    rows = session.execute(
        select(Contract.id, Contract.end_date, Contract.notice_months)
        .where(Contract.programme_id == programme_id, Contract.notice_months.is_not(None))
        .order_by(Contract.end_date, Contract.id)
    )
    return tuple(NoticeDue(str(key), months_before(end, months), months) for key, end, months in rows if months)


def months_before(day: date, months: int) -> date:
    """The same day of an earlier month, or its last where it is shorter.

    >>> months_before(date(2028, 3, 31), 13)
    datetime.date(2027, 2, 28)
    """
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
