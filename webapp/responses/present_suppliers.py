"""A provider that answers that it holds no contract, where the contract register says that it does."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from webapp.engagements.health_and_justice.about_provider import HOLDS_CONTRACT
from webapp.models import Contract, EngagementLot, Response
from webapp.models.programme import contract_unit, lot_unit
from webapp.responses.queries import Submitted
from webapp.web.format import LONDON, day


def denied_contracts(session: Session, found: Submitted) -> str:
    """Those of the register that ran on the day of the answer and cover a lot asked about; nothing where it is right.

    Nor to whom may not read the answer. One past its end may have been extended or not, so it proves nothing.
    """
    asked = (question for section in found.draftless.sections for question in section.questions)
    if not any(question.key == HOLDS_CONTRACT and found.values.get((question.id, None)) is False for question in asked):
        return ""
    held = _held(session, found.response, found.submission.submitted_at.astimezone(LONDON).date())
    return "; ".join(f"“{contract.title}” (until {day(contract.end_date)})" for contract in held)


def _held(session: Session, response: Response, on: date) -> Sequence[Contract]:
    of_lots = (
        select(contract_unit.c.contract_id)
        .join(lot_unit, lot_unit.c.unit_id == contract_unit.c.unit_id)
        .join(EngagementLot, EngagementLot.lot_id == lot_unit.c.lot_id)
        .where(EngagementLot.engagement_id == response.engagement_id)
    )
    return session.scalars(
        select(Contract)
        .where(
            Contract.programme_id == response.engagement.programme_id,
            Contract.supplier_id == response.organisation_id,
            or_(Contract.start_date.is_(None), Contract.start_date <= on),
            Contract.end_date >= on,
            Contract.id.in_(of_lots),
        )
        .order_by(Contract.end_date, Contract.title, Contract.id)
    ).all()
