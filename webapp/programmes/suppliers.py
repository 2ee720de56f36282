"""Which organisations stand behind the suppliers that contract registers name."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import Contract, Engagement, Invitation, Organisation, Party, Programme, PublishedName, Response
from webapp.programmes.permissions import within_reach
from webapp.web.text import simplified

Named = tuple[uuid.UUID, str]
"""An organisation, and what it is called."""


def met_by(actor: Actor) -> ColumnElement[bool]:
    """The organisations that this officer has met: in contract registers, among those invited and those that answered.

    Not every provider there is: which others use the service is nobody's business, nor who answered before opening.
    """
    suppliers = select(Contract.supplier_id).join(Programme).where(within_reach(actor))
    invited = select(Invitation.organisation_id).join(Engagement).join(Programme).where(within_reach(actor))
    answered = (
        select(Response.organisation_id)
        .join(Engagement)
        .join(Programme)
        .where(within_reach(actor), ~Engagement.waits_for_opening)
    )
    return or_(Organisation.id.in_(suppliers), Organisation.id.in_(invited), Organisation.id.in_(answered))


def known_names(session: Session, actor: Actor) -> Mapping[str, Named | None]:
    """The providers that this officer's programmes have met, without those that only sealed responses tell of.

    By simplified name; None where several have it, which no name alone tells apart.
    """
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.party == Party.PROVIDER, met_by(actor))
        .order_by(Organisation.id)
    )
    found: dict[str, Named | None] = {}
    for key, name in rows:
        short = simplified(name)
        found[short] = None if short in found else (key, name)
    return found


def stand_behind(session: Session, *, programme: Programme, contracts: Iterable[Contract], actor: Actor) -> None:
    """Give each supplier that is only a name the one provider that the actor's programmes know by it, or a new one.

    A new one has no people, like a provider that was invited by its name. A name that several have, and one of marks
    alone, stays a name.
    """
    session.flush()
    bare = [contract for contract in contracts if contract.supplier_id is None]
    if not bare:
        return
    known = {**known_names(session, actor), "": None}
    for contract in bare:
        key = simplified(contract.supplier_name)
        if key not in known:
            added = Organisation(id=uuid.uuid4(), name=contract.supplier_name, party=Party.PROVIDER)
            session.add(added)
            known[key] = (added.id, added.name)
    session.flush()
    stood: dict[str, uuid.UUID] = {}
    for contract in bare:
        if (provider := known[simplified(contract.supplier_name)]) is not None:
            contract.supplier_id = stood[contract.supplier_name] = provider[0]
    session.flush()
    _carry_over(session, programme, stood, actor)


def _carry_over(session: Session, programme: Programme, stood: Mapping[str, uuid.UUID], actor: Actor) -> None:
    """Let what was said to be one of these suppliers in past procurements be the provider that stands behind it now."""
    matched = session.scalars(
        select(PublishedName)
        .where(PublishedName.programme_id == programme.id, PublishedName.supplier_name.is_not(None))
        .order_by(PublishedName.id)
    ).all()
    for name in matched:
        if provider_id := stood.get(name.supplier_name or ""):
            name.organisation_id, name.supplier_name = provider_id, None
            audit.record(
                session,
                "published_name.carried_over",
                subject=name,
                actor=actor,
                organisation_id=programme.buyer_id,
                programme=str(programme.id),
                organisation=str(provider_id),
            )
    session.flush()
