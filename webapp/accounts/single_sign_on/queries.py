"""What single sign-on reads."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from webapp.models import Identity, Membership, MembershipRole, Organisation, Party, Person, SingleSignOn


def pinned(session: Session, *, issuer: str, subject: str) -> Person | None:
    return session.scalars(
        select(Person)
        .join(Identity, Identity.person_id == Person.id)
        .where(Identity.issuer == issuer, Identity.subject == subject)
    ).one_or_none()


def has_identity(session: Session, *, person_id: uuid.UUID, issuer: str) -> bool:
    found = session.scalar(select(Identity.id).where(Identity.person_id == person_id, Identity.issuer == issuer))
    return found is not None


def may_enter(session: Session, *, person_id: uuid.UUID, issuer: str) -> bool:
    """Whether it is an officer, and each organisation it is an officer of allows it: one does not speak for another."""
    officer_of, allowing = session.execute(
        select(func.count(Membership.id), func.count(SingleSignOn.organisation_id))
        .select_from(Membership)
        .outerjoin(
            SingleSignOn,
            and_(SingleSignOn.organisation_id == Membership.organisation_id, SingleSignOn.issuer == issuer),
        )
        .where(Membership.person_id == person_id, Membership.role == MembershipRole.OFFICER)
    ).one()
    return officer_of > 0 and officer_of == allowing


def buyers_called(session: Session, name: str) -> Sequence[Organisation]:
    return session.scalars(
        select(Organisation)
        .where(Organisation.name == name, Organisation.party != Party.PROVIDER)
        .order_by(Organisation.id)
    ).all()
