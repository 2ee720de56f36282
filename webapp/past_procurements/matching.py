"""The names that files gave firms, and the organisations that a programme knows and that these may be."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from webapp.engagements.sealed import opened
from webapp.models import (
    Contract,
    Engagement,
    Invitation,
    Organisation,
    Party,
    PastBidder,
    Programme,
    PublishedName,
    Response,
)
from webapp.programmes.joined import joined_to_others
from webapp.programmes.like_names import Directory, Known, Proposal

MOST_COMPARED = 1_000
"""Undecided names that are looked at for one page: those of the most lots."""
_NUMBERS = ("companies_house_number", "charity_number", "ods_code")


@dataclass(frozen=True, slots=True)
class Open:
    """A name that looks like an organisation the programme knows, and of which nobody has said whose it is."""

    id: uuid.UUID
    name: str
    identifier: str
    lots: int
    """For how many it bid."""
    proposals: Sequence[Proposal]


def known(session: Session, programme: Programme) -> list[Known]:
    """Suppliers in the contract register, and providers that the programme invited or that answered it.

    Not every provider there is: which others use the service is nobody's business, nor who answered before opening.
    """
    of_register = select(Contract.supplier_id).where(Contract.programme_id == programme.id)
    of_programme = Engagement.programme_id == programme.id
    invited = select(Invitation.organisation_id).join(Engagement).where(of_programme)
    answered = select(Response.organisation_id).join(Engagement).where(of_programme, opened())
    organisations = session.scalars(
        select(Organisation)
        .where(
            Organisation.party == Party.PROVIDER,
            Organisation.id.not_in(joined_to_others(programme.id)),
            or_(Organisation.id.in_(of_register), Organisation.id.in_(invited), Organisation.id.in_(answered)),
        )
        .order_by(func.lower(Organisation.name), Organisation.id)
    )
    suppliers = session.scalars(
        select(Contract.supplier_name)
        .where(Contract.programme_id == programme.id, Contract.supplier_id.is_(None))
        .distinct()
        .order_by(Contract.supplier_name)
    )
    return [*map(_known, organisations), *(Known(name) for name in suppliers)]


def open_names(session: Session, programme: Programme) -> list[Open]:
    """Those to decide, each with what is proposed; the name of the most lots first."""
    directory = Directory(known(session, programme))
    rows = session.execute(_named(programme.id, PublishedName.decided_at.is_(None)).limit(MOST_COMPARED))
    return [each for row in rows if (each := _open(row, directory)).proposals]


def name(session: Session, name_id: uuid.UUID, programme_id: uuid.UUID) -> PublishedName | None:
    return session.scalars(
        select(PublishedName)
        .where(PublishedName.id == name_id, PublishedName.programme_id == programme_id)
        .options(joinedload(PublishedName.organisation))
    ).one_or_none()


def count_decided(session: Session, programme_id: uuid.UUID) -> int:
    return session.scalars(
        select(func.count())
        .select_from(PublishedName)
        .where(PublishedName.programme_id == programme_id, PublishedName.decided_at.is_not(None))
    ).one()


def decided(session: Session, programme_id: uuid.UUID, *, limit: int, offset: int) -> Sequence[PublishedName]:
    """The latest first."""
    return session.scalars(
        select(PublishedName)
        .where(PublishedName.programme_id == programme_id, PublishedName.decided_at.is_not(None))
        .options(joinedload(PublishedName.organisation))
        .order_by(PublishedName.decided_at.desc(), PublishedName.id)
        .limit(limit)
        .offset(offset)
    ).all()


def proposals(session: Session, programme: Programme, subject: PublishedName) -> Sequence[Proposal]:
    return Directory(known(session, programme)).proposals(subject.name, subject.identifier)


def _named(programme_id: uuid.UUID, wanted: ColumnElement[bool]) -> Select[uuid.UUID, str, str, int]:
    lots = func.count(PastBidder.id)
    return (
        select(PublishedName.id, PublishedName.name, PublishedName.identifier, lots)
        .join(PastBidder, PastBidder.name_id == PublishedName.id)
        .where(PublishedName.programme_id == programme_id, wanted)
        .group_by(PublishedName.id)
        .order_by(lots.desc(), PublishedName.name, PublishedName.identifier)
    )


def _open(row: Row[uuid.UUID, str, str, int], directory: Directory) -> Open:
    name_id, published, identifier, lots = row
    return Open(name_id, published, identifier, lots, directory.proposals(published, identifier))


def _known(organisation: Organisation) -> Known:
    numbers = {kind: number for kind in _NUMBERS if (number := getattr(organisation, kind))}
    return Known(organisation.name, organisation.id, numbers)
