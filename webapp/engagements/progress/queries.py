"""How an engagement advances: counts made by the database, so that no response is loaded to draw them."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Select, func, literal, or_, select, union_all
from sqlalchemy.orm import Session

from webapp.engagements.provider_kinds import answered_kinds, kind_or
from webapp.engagements.sealed import opened
from webapp.models import (
    Contract,
    Engagement,
    EngagementLot,
    Interest,
    InterestLevel,
    Invitation,
    Lot,
    Organisation,
    Party,
    ProviderKind,
    Response,
    SignInLink,
    Submission,
)
from webapp.models.programme import contract_unit, lot_unit

INVITED, CAME_IN, STARTED, SUBMITTED = STAGES = ("Invited", "Used the link", "Started", "Submitted")


@dataclass(frozen=True, slots=True)
class OfKind:
    """Providers of one kind that the programme knows, and how many of them have come how far."""

    kind: ProviderKind | None
    known: int
    invited: int
    started: int
    submitted: int


@dataclass(frozen=True, slots=True)
class OfLot:
    lot: Lot
    interest: Mapping[InterestLevel, int]
    """How many declare each level of interest in it; a level that nobody declares is left out."""
    suppliers: tuple[tuple[str, bool], ...]
    """Who provides any of it now, and whether a response of theirs counts."""


def pace(session: Session, engagement_id: uuid.UUID, *, destination: str) -> Mapping[str, Mapping[date, int]]:
    """By stage, how many came so far on each day in London. Nothing of responses while they are sealed.

    `destination` is the path to which the links in invitations lead.
    """
    first_use = (
        select(func.min(SignInLink.used_at).label("at"))
        .join(Invitation, Invitation.person_id == SignInLink.person_id)
        .where(Invitation.engagement_id == engagement_id, SignInLink.destination == destination)
        .group_by(Invitation.id)
        .subquery()
    )
    first_submission = (
        select(func.min(Submission.submitted_at).label("at"))
        .join(Response, Response.id == Submission.response_id)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement_id, Response.current_submission_id.is_not(None), opened())
        .group_by(Response.id)
        .subquery()
    )
    started = select(Response.started_at).join(Response.engagement)
    counted = union_all(
        select(literal(INVITED), Invitation.created_at).where(Invitation.engagement_id == engagement_id),
        select(literal(CAME_IN), first_use.c.at).where(first_use.c.at.is_not(None)),
        started.with_only_columns(literal(STARTED), Response.started_at).where(
            Response.engagement_id == engagement_id, opened()
        ),
        select(literal(SUBMITTED), first_submission.c.at),
    ).subquery()
    stage, at = counted.c
    day = func.date(func.timezone("Europe/London", at))
    found: defaultdict[str, dict[date, int]] = defaultdict(dict)
    for name, on, count in session.execute(select(stage, day, func.count()).group_by(stage, day).order_by(day)):
        found[name][on] = count
    return found


def by_kind(session: Session, engagement: Engagement, *, as_answered: bool) -> Sequence[OfKind]:
    """The known market: the programme's present suppliers, those invited, and those whose responses may be known.

    `as_answered` counts those whose details say no kind as what they answered: a count of one tells the answer.
    """
    suppliers = select(Contract.supplier_id).where(Contract.programme_id == engagement.programme_id)
    invited = select(Invitation.organisation_id).where(Invitation.engagement_id == engagement.id).distinct().subquery()
    responded, said = _responded(engagement.id).subquery(), answered_kinds().subquery()
    kind = kind_or(said.c.kind) if as_answered else Organisation.provider_kind
    rows = session.execute(
        select(
            kind,
            func.count(),
            func.count(invited.c.organisation_id),
            func.count(responded.c.organisation_id),
            func.count(responded.c.current_submission_id),
        )
        .outerjoin(invited, invited.c.organisation_id == Organisation.id)
        .outerjoin(responded, responded.c.organisation_id == Organisation.id)
        .outerjoin(said, said.c.submission_id == responded.c.current_submission_id)
        .where(
            Organisation.party == Party.PROVIDER,
            or_(
                Organisation.id.in_(suppliers),
                invited.c.organisation_id.is_not(None),
                responded.c.organisation_id.is_not(None),
            ),
        )
        .group_by(kind)
        .order_by(kind.asc().nulls_last())
    )
    return [OfKind(*row) for row in rows]


def by_lot(session: Session, engagement: Engagement) -> Sequence[OfLot]:
    """In the order of the lots, by the submissions that count."""
    counted = session.execute(
        select(Interest.lot_id, Interest.level, func.count())
        .join(Response, Response.current_submission_id == Interest.submission_id)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement.id, opened())
        .group_by(Interest.lot_id, Interest.level)
    )
    interest: defaultdict[uuid.UUID, dict[InterestLevel, int]] = defaultdict(dict)
    for lot_id, level, count in counted:
        interest[lot_id][level] = count
    suppliers: defaultdict[uuid.UUID, list[tuple[str, bool]]] = defaultdict(list)
    for lot_id, name, heard in session.execute(_suppliers(engagement)):
        suppliers[lot_id].append((name, heard))
    return [
        OfLot(entry.lot, interest[entry.lot_id], tuple(suppliers[entry.lot_id])) for entry in engagement.engagement_lots
    ]


def _suppliers(engagement: Engagement) -> Select[uuid.UUID, str, bool]:
    submitted = _responded(engagement.id).where(Response.current_submission_id.is_not(None)).subquery()
    heard = Organisation.id.in_(select(submitted.c.organisation_id))
    return (
        select(EngagementLot.lot_id, Organisation.name, heard)
        .distinct()
        .join(lot_unit, lot_unit.c.lot_id == EngagementLot.lot_id)
        .join(contract_unit, contract_unit.c.unit_id == lot_unit.c.unit_id)
        .join(Contract, Contract.id == contract_unit.c.contract_id)
        .join(Organisation, Organisation.id == Contract.supplier_id)
        .where(EngagementLot.engagement_id == engagement.id, Contract.programme_id == engagement.programme_id)
        .order_by(EngagementLot.lot_id, Organisation.name)
    )


def _responded(engagement_id: uuid.UUID) -> Select[uuid.UUID, uuid.UUID | None]:
    """Of each response that may be known, whose it is and what it submitted."""
    return (
        select(Response.organisation_id, Response.current_submission_id)
        .join(Response.engagement)
        .where(Response.engagement_id == engagement_id, opened())
    )
