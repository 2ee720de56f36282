"""Of which providers somebody has said that they are one firm, as far as one programme is concerned.

Whoever writes down a provider for a programme asks here first: what is said to be the one that was joined is the other.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import Session, aliased

from webapp.models import JoinedProvider, Organisation, Response

Named = tuple[uuid.UUID, str]
"""An organisation, and what it is called."""


@dataclass(frozen=True, slots=True)
class Joined:
    others: Mapping[uuid.UUID, tuple[str, Named]]
    """By the provider that was joined: its name, and the one that it was joined to."""

    def instead_of(self, organisation_id: uuid.UUID) -> uuid.UUID:
        """The one that a provider was joined to, or itself."""
        found = self.others.get(organisation_id)
        return found[1][0] if found else organisation_id

    def called(self, organisation_id: uuid.UUID, name: str) -> str:
        """What the one is called that a provider of this name was joined to, or its own name."""
        found = self.others.get(organisation_id)
        return found[1][1] if found else name


def joined_in(session: Session, programme_id: uuid.UUID) -> Joined:
    one, other = aliased(Organisation), aliased(Organisation)
    rows = session.execute(
        select(one.id, one.name, other.id, other.name)
        .select_from(JoinedProvider)
        .join(one, one.id == JoinedProvider.organisation_id)
        .join(other, other.id == JoinedProvider.into_id)
        .where(_in_force(programme_id))
        .order_by(one.id)
    )
    return Joined({key: (name, (into, called)) for key, name, into, called in rows})


def entered_for(session: Session, response: Response) -> uuid.UUID:
    """The provider whose an entered response is, or is again when the joining that pointed it to another is undone."""
    joined = select(JoinedProvider.organisation_id).where(
        _in_force(response.engagement.programme_id),
        JoinedProvider.moved[Response.__tablename__].has_key(str(response.id)),
    )
    return session.scalar(joined) or response.organisation_id


def joined_to_others(programme_id: uuid.UUID) -> Select[uuid.UUID]:
    """The providers that were joined to others."""
    return select(JoinedProvider.organisation_id).where(_in_force(programme_id))


def hold_as_joined(session: Session, programme_id: uuid.UUID) -> None:
    """Until the transaction ends nobody joins providers of the programme, or parts them."""
    session.execute(select(func.pg_advisory_xact_lock_shared(_lock(programme_id))))


def hold_alone(session: Session, programme_id: uuid.UUID) -> None:
    """For joining: until the transaction ends nobody writes down a provider who has asked which are joined."""
    session.execute(select(func.pg_advisory_xact_lock(_lock(programme_id))))


def _in_force(programme_id: uuid.UUID) -> ColumnElement[bool]:
    return (JoinedProvider.programme_id == programme_id) & JoinedProvider.undone_at.is_(None)


def _lock(programme_id: uuid.UUID) -> ColumnElement[int]:
    return func.hashtext(f"providers of {programme_id}")
