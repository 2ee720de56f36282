"""Which organisations stand behind the suppliers that contract registers name."""

from __future__ import annotations

import uuid

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.models import Contract, Engagement, Invitation, Organisation, Party, Programme
from webapp.programmes.permissions import within_reach


def named_by_programmes(actor: Actor) -> ColumnElement[bool]:
    """The organisations that the actor's programmes have in their contract registers or have invited."""
    suppliers = select(Contract.supplier_id).join(Programme).where(within_reach(actor))
    invited = select(Invitation.organisation_id).join(Engagement).join(Programme).where(within_reach(actor))
    return or_(Organisation.id.in_(suppliers), Organisation.id.in_(invited))


def stand_behind(session: Session, *, programme_id: uuid.UUID, actor: Actor) -> None:
    """Give each supplier that is only a name the organisation that the actor's programmes know by it, or a new one.

    A new one has no people, like a provider that was invited by its name. Capitals make no difference.
    """
    session.flush()
    contracts = session.scalars(
        select(Contract)
        .where(Contract.programme_id == programme_id, Contract.supplier_id.is_(None))
        .order_by(Contract.id)
    ).all()
    if not contracts:
        return
    providers = session.execute(
        select(Organisation.name, Organisation.id)
        .where(Organisation.party == Party.PROVIDER, named_by_programmes(actor))
        .order_by(Organisation.id)
    )
    known = {name.casefold(): provider_id for name, provider_id in providers}
    new = {each.supplier_name.casefold(): each.supplier_name for each in contracts}
    added = [Organisation(id=uuid.uuid4(), name=new[key], party=Party.PROVIDER) for key in new if key not in known]
    session.add_all(added)
    session.flush()
    known |= {provider.name.casefold(): provider.id for provider in added}
    for contract in contracts:
        contract.supplier_id = known[contract.supplier_name.casefold()]
    session.flush()
