"""The rows of which a market is made: lots, contracts, and what counts of what providers submitted."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from webapp.engagements.sealed import opened
from webapp.models import (
    READ_FOR_THEMES,
    Answer,
    Contract,
    EngagementLot,
    Interest,
    Invitation,
    Lot,
    Measure,
    Organisation,
    Question,
    Response,
    Section,
    Submission,
    Unit,
)

OF_PROVIDERS = (
    Measure.CQC_REGISTERED,
    Measure.SECURE_SETTING_EXPERIENCE,
    Measure.STARTABLE_TOGETHER,
    Measure.HELD_AT_MOST,
    Measure.TENDERS_AT_ONCE,
    Measure.SHORTEST_BID_DAYS,
    Measure.DATES_TO_AVOID,
    Measure.LARGEST_ANNUAL_VALUE,
    Measure.WANTED_TOGETHER,
)
"""What is asked once of each provider; what is asked of each lot is kept as its interest in the lot."""


def lots_of(session: Session, engagement_id: uuid.UUID) -> Sequence[Lot]:
    return session.scalars(
        select(Lot)
        .join(EngagementLot, EngagementLot.lot_id == Lot.id)
        .where(EngagementLot.engagement_id == engagement_id)
        .order_by(EngagementLot.position)
        .options(
            joinedload(Lot.procurement),
            selectinload(Lot.units).options(joinedload(Unit.site), joinedload(Unit.service_line)),
        )
    ).all()


def register_of(session: Session, programme_id: uuid.UUID) -> Sequence[Contract]:
    """With what has ended: a contract that another took over from is over, however far it could have been extended."""
    return session.scalars(
        select(Contract)
        .where(Contract.programme_id == programme_id)
        .order_by(Contract.end_date, Contract.id)
        .options(selectinload(Contract.units), joinedload(Contract.supplier))
    ).all()


def submissions_to(session: Session, engagement_id: uuid.UUID) -> Sequence[Submission]:
    return session.scalars(
        select(Submission)
        .join(Response, Response.current_submission_id == Submission.id)
        .join(Response.organisation)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement_id, opened())
        .order_by(Organisation.id)
        .options(contains_eager(Submission.response).contains_eager(Response.organisation))
    ).all()


def declared_in(session: Session, engagement_id: uuid.UUID) -> Iterable[Row[*tuple[Any, ...]]]:
    """Plain rows: there is one for each provider and lot."""
    return session.execute(
        select(
            Response.organisation_id,
            Interest.lot_id,
            Interest.level,
            Interest.role,
            Interest.wte_at_start,
            Interest.wte_month_6,
            Interest.mobilisation_months,
            Interest.consortium,
        )
        .join(Response, Response.current_submission_id == Interest.submission_id)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement_id, opened())
        .order_by(Response.organisation_id, Interest.lot_id)
    )


def invited_to(session: Session, engagement_id: uuid.UUID) -> Sequence[Organisation]:
    return session.scalars(
        select(Organisation)
        .where(Organisation.id.in_(select(Invitation.organisation_id).where(Invitation.engagement_id == engagement_id)))
        .order_by(Organisation.id)
    ).all()


class MeasuredAnswers:
    """The answers that the analysis uses, by submission and measure."""

    def __init__(self, answers: Iterable[Row[*tuple[Any, ...]]]) -> None:
        self._by_measure: dict[tuple[uuid.UUID, Measure], list[Row[*tuple[Any, ...]]]] = {}
        for answer in answers:
            self._by_measure.setdefault((answer.submission_id, answer.measure), []).append(answer)

    def every(self, submission: Submission, measure: Measure) -> list[Row[*tuple[Any, ...]]]:
        return self._by_measure.get((submission.id, measure), [])

    def value(self, submission: Submission, measure: Measure) -> Any:
        found = self.every(submission, measure)
        return found[0].value if found else None


def measured_answers(session: Session, engagement_id: uuid.UUID) -> MeasuredAnswers:
    measures = (*OF_PROVIDERS, *READ_FOR_THEMES, Measure.MAY_QUOTE)
    return MeasuredAnswers(
        session.execute(
            select(Answer.id, Answer.submission_id, Answer.value, Question.key, Question.measure)
            .join(Answer.question)
            .join(Question.section)
            .join(Response, Response.current_submission_id == Answer.submission_id)
            .join(Response.engagement)
            .where(Response.engagement_id == engagement_id, Question.measure.in_(measures), opened())
            .order_by(Answer.submission_id, Section.position, Question.position, Answer.lot_id)
        )
    )
