"""Which organisations stand behind the suppliers that contract registers name."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, literal, or_, select, union
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import Contract, Engagement, Invitation, Organisation, Party, Programme, PublishedName, Response
from webapp.programmes.joined import Named, hold_as_joined, joined_in
from webapp.programmes.permissions import Permission, within_reach
from webapp.web.text import simplified


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


def known_names(session: Session, actor: Actor, programme_id: uuid.UUID) -> Mapping[str, Named | None]:
    """The providers that this officer's programmes have met, without those that only sealed responses tell of.

    By simplified name; None where several have it, which no name alone tells apart. One that was joined to another in
    the programme is that other, under the name that it had.
    """
    found: dict[str, Named | None] = {}
    for key, name in _known(session, actor, programme_id):
        known = found.setdefault(simplified(name), (key, name))
        if known is not None and known[0] != key:
            found[simplified(name)] = None
    return found


def _known(session: Session, actor: Actor, programme_id: uuid.UUID) -> Sequence[Named]:
    """Each name, with whom it means in the programme."""
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.party == Party.PROVIDER, met_by(actor))
        .order_by(Organisation.id)
    )
    joined = joined_in(session, programme_id)
    met = [(joined.instead_of(key), name) for key, name in rows]
    return [*met, *((other, name) for name, (other, _called) in joined.others.values())]


@dataclass(frozen=True, slots=True)
class Fitting:
    """A provider that has the name of a supplier, and what tells it from others of that name."""

    provider: Organisation
    met: Sequence[str]
    """Where the programmes that the actor runs met it: "Invited to …"."""


def fitting(session: Session, actor: Actor, contract: Contract) -> list[Fitting]:
    """The providers that the actor's programmes know by the supplier's name; none by a name of marks alone."""
    wanted = simplified(contract.supplier_name)
    if not wanted:
        return []
    ids = [key for key, name in _known(session, actor, contract.programme_id) if simplified(name) == wanted]
    found = session.scalars(select(Organisation).where(Organisation.id.in_(ids)).order_by(Organisation.id))
    met = meetings(session, within_reach(actor, Permission.RUN), ids)
    return [Fitting(each, met.get(each.id, ())) for each in found]


def meetings(
    session: Session, programmes: ColumnElement[bool], organisation_ids: Sequence[uuid.UUID]
) -> Mapping[uuid.UUID, list[str]]:
    """Of each organisation, where these programmes met it; nothing of responses that are sealed."""
    held = select(Contract.supplier_id, literal("Supplier of"), Contract.title).join(Programme)
    invited = select(Invitation.organisation_id, literal("Invited to"), Engagement.title)
    answered = select(Response.organisation_id, literal("Has a response to"), Engagement.title)
    every = union(
        held.where(programmes, Contract.supplier_id.in_(organisation_ids)),
        invited.join(Engagement).join(Programme).where(programmes, Invitation.organisation_id.in_(organisation_ids)),
        answered.join(Engagement)
        .join(Programme)
        .where(programmes, Response.organisation_id.in_(organisation_ids), ~Engagement.waits_for_opening),
    ).subquery()
    found: defaultdict[uuid.UUID, list[str]] = defaultdict(list)
    for key, how, title in session.execute(select(*every.c).order_by(*every.c)):
        found[key].append(f"{how} ‘{title}’")
    return found


def stand_behind(session: Session, *, programme: Programme, contracts: Iterable[Contract], actor: Actor) -> None:
    """Give each supplier that is only a name the one provider that the actor's programmes know by it, or a new one.

    A new one has no people, like a provider that was invited by its name. A name that several have, and one of marks
    alone, stays a name.
    """
    bare = [contract for contract in contracts if contract.supplier_id is None]
    if not bare:
        return
    hold_as_joined(session, programme.id)  # before any row of a contract, as who joins does
    session.flush()
    known = {**known_names(session, actor, programme.id), "": None}
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


def choose(
    session: Session, *, programme: Programme, contract: Contract, provider_id: uuid.UUID | None, actor: Actor
) -> None:
    """Say which provider the supplier of a contract is, None for one that no programme has met yet.

    It is that of each contract of the programme whose supplier is only this name.
    """
    session.flush()
    hold_as_joined(session, programme.id)
    if provider_id is None:
        added = Organisation(id=uuid.uuid4(), name=contract.supplier_name, party=Party.PROVIDER)
        session.add(added)
        provider_id = added.id
        session.flush()
    provider_id = joined_in(session, programme.id).instead_of(provider_id)
    wanted, stood = simplified(contract.supplier_name), {}
    for each in nameless(programme):
        if simplified(each.supplier_name) == wanted:
            each.supplier_id = stood[each.supplier_name] = provider_id
    session.flush()
    _carry_over(session, programme, stood, actor)
    audit.record(
        session,
        "contract.supplier_chosen",
        subject=contract,
        actor=actor,
        organisation_id=programme.buyer_id,
        programme=str(programme.id),
        organisation=str(provider_id),
    )
    session.flush()


def nameless(programme: Programme) -> list[Contract]:
    """The contracts whose supplier is only a name, behind which no provider stands."""
    return [contract for contract in programme.contracts if contract.supplier_id is None]


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
