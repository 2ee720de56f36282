"""Who has been invited, and whom an officer knows to invite."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.engagements.inviting.lines import Line
from webapp.engagements.queries import known_providers
from webapp.models import (
    Contract,
    Engagement,
    EngagementLot,
    Invitation,
    Lot,
    Organisation,
    Party,
    Person,
)
from webapp.models.programme import contract_unit, lot_unit
from webapp.programmes import like_names
from webapp.programmes.joined import joined_in, joined_to_others
from webapp.programmes.permissions import within_reach
from webapp.programmes.suppliers import met_by
from webapp.web.pagination import Page, paginate


@dataclass(frozen=True, slots=True)
class Known:
    """A provider that the officer's programmes have met, and whom of it they last invited."""

    organisation: Organisation
    person: Person | None
    name: str
    email: str
    """Both as an officer wrote them, whatever the person is called and reached at by now; empty without a person."""
    lots_held: tuple[str, ...]
    """The codes of the engagement's lots that it provides now."""


def invited_for(session: Session, engagement_id: uuid.UUID, emails: Iterable[str]) -> Mapping[str, str]:
    """Of these addresses those with an invitation to the engagement, casefolded, each with the name of its provider."""
    rows = session.execute(
        select(Invitation.email, Organisation.name)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.engagement_id == engagement_id, func.lower(Invitation.email).in_(list(emails)))
    )
    return {email.casefold(): name for email, name in rows}


def named_like_others(
    session: Session, actor: Actor, programme_id: uuid.UUID, lines: Iterable[Line]
) -> list[tuple[Line, list[str]]]:
    """Lines that name an organisation first that is not known, where its name is like a known one or a line's above."""
    joined = (name for name, _other in joined_in(session, programme_id).others.values())
    known = (provider.name for provider in known_providers(session, actor, programme_id))
    names = {name.casefold(): name for name in (*joined, *known)}
    new: list[Line] = []
    for line in lines:
        if line.organisation.casefold() not in names:
            names[line.organisation.casefold()] = line.organisation
            new.append(line)
    directory = like_names.Directory([like_names.Known(name) for name in names.values()])
    place = {name: number for number, name in enumerate(names.values())}
    found = []
    for line in new:
        near = [each.known.name for each in directory.proposals(line.organisation)]
        if like := [name for name in near if place[name] < place[line.organisation]]:
            found.append((line, like))
    return found


def known_to_invite(session: Session, engagement: Engagement, actor: Actor, asked: str | None) -> Page[Known]:
    """A page of the providers that the actor's programmes have met and that this engagement has not invited."""
    wanted = _not_invited(engagement) & met_by(actor)
    total = session.scalars(select(func.count()).select_from(Organisation).where(wanted)).one()
    held = _lots_held(session, engagement)

    def fetch(limit: int, offset: int) -> Sequence[Known]:
        page = session.scalars(
            select(Organisation)
            .where(wanted)
            .order_by(Organisation.id.in_(list(held)).desc(), func.lower(Organisation.name), Organisation.id)
            .limit(limit)
            .offset(offset)
        ).all()
        people = _last_invited(session, actor, [each.id for each in page])
        return [_known(each, people.get(each.id), held.get(each.id, ())) for each in page]

    return paginate(total, fetch, asked)


def _known(organisation: Organisation, invited: tuple[Person, str, str] | None, lots_held: tuple[str, ...]) -> Known:
    person, name, email = invited or (None, "", "")
    return Known(organisation, person, name, email, lots_held)


def _not_invited(engagement: Engagement) -> ColumnElement[bool]:
    invited = exists().where(Invitation.engagement_id == engagement.id, Invitation.organisation_id == Organisation.id)
    stands_for_itself = Organisation.id.not_in(joined_to_others(engagement.programme_id))
    return (Organisation.party == Party.PROVIDER) & ~invited & stands_for_itself


def _lots_held(session: Session, engagement: Engagement) -> Mapping[uuid.UUID, tuple[str, ...]]:
    """Of the engagement's lots, the codes of those that each present supplier provides any of."""
    rows = session.execute(
        select(Contract.supplier_id, Lot.code)
        .join(contract_unit, contract_unit.c.contract_id == Contract.id)
        .join(lot_unit, lot_unit.c.unit_id == contract_unit.c.unit_id)
        .join(Lot, Lot.id == lot_unit.c.lot_id)
        .join(EngagementLot, EngagementLot.lot_id == Lot.id)
        .where(
            Contract.programme_id == engagement.programme_id,
            Contract.supplier_id.is_not(None),
            EngagementLot.engagement_id == engagement.id,
        )
        .order_by(EngagementLot.position)
    )
    held: defaultdict[uuid.UUID, dict[str, None]] = defaultdict(dict)
    for supplier_id, code in rows:
        if supplier_id is not None:
            held[supplier_id][code] = None
    return {supplier_id: tuple(codes) for supplier_id, codes in held.items()}


def _last_invited(
    session: Session, actor: Actor, organisation_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, tuple[Person, str, str]]:
    """Whom the actor's programmes have last invited for each, by the name and address that its officers know."""
    newest = (
        select(Invitation.organisation_id, Person, func.coalesce(Invitation.name, ""), Invitation.email)
        .join(Invitation.person)
        .join(Invitation.engagement)
        .join(Engagement.programme)
        .where(Invitation.organisation_id.in_(organisation_ids), within_reach(actor))
        .order_by(Invitation.organisation_id, Invitation.created_at.desc(), Invitation.id)
        .ext(distinct_on(Invitation.organisation_id))
    )
    return {row[0]: (row[1], row[2], row[3]) for row in session.execute(newest)}
