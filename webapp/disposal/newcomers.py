"""People whom only an invitation made known, and who never came."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import Text, cast, delete, func, or_, select, update
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.personal.erasing import NOBODY
from webapp.accounts.queries import has_come_in
from webapp.mail import ERASED_DOMAIN
from webapp.models import (
    AuditEvent,
    Invitation,
    MailMessage,
    Membership,
    Person,
    SignedInSession,
    SignInLink,
    TeamMember,
)


def mail_is_on_its_way(session: Session, engagement_id: uuid.UUID) -> bool:
    """Whether the worker holds a mail to somebody who may be erased; otherwise all such are held here from now on."""
    elsewhere = select(Invitation.person_id).where(Invitation.engagement_id != engagement_id)
    addresses = (
        select(func.lower(Person.email))
        .join(Invitation, Invitation.person_id == Person.id)
        .where(Invitation.engagement_id == engagement_id, Person.id.not_in(elsewhere), ~has_come_in())
    )
    mails = select(MailMessage.id).where(func.lower(MailMessage.recipient).in_(addresses))
    free = session.scalars(mails.with_for_update(skip_locked=True)).all()
    return (session.scalar(select(func.count()).select_from(mails.subquery())) or 0) > len(free)


def erase_those_who_never_came(session: Session, invited: Sequence[uuid.UUID]) -> int:
    """Of those who were invited, after the invitations went: whom nobody else invited, and who never signed in.

    As when an account is erased, the row stays and says nothing. Returns how many.
    """
    # Each as a condition on the person: the whole trail as a list takes a minute for a million events.
    acted = select(AuditEvent.id).where(AuditEvent.person_id == Person.id)
    came = select(AuditEvent.id).where(
        AuditEvent.act == "person.signed_in", AuditEvent.detail["person"].astext == cast(Person.id, Text)
    )
    people = session.scalars(
        select(Person)
        .where(
            Person.id.in_(invited),
            ~has_come_in(),
            Person.id.not_in(select(Invitation.person_id)),
            Person.id.not_in(select(TeamMember.person_id)),
            Person.id.not_in(select(SignedInSession.person_id)),
            Person.id.not_in(select(SignInLink.person_id).where(SignInLink.used_at.is_not(None))),
            ~acted.exists(),
            ~came.exists(),
        )
        .order_by(Person.id)
        .with_for_update()
    ).all()
    ids = [person.id for person in people]
    addresses = [person.email.lower() for person in people]
    for table in (SignInLink, Membership):
        session.execute(delete(table).where(table.person_id.in_(ids)))
    # What somebody was sent who had the address before is theirs.
    theirs = or_(MailMessage.person_id.is_(None), MailMessage.person_id.in_(ids))
    session.execute(delete(MailMessage).where(func.lower(MailMessage.recipient).in_(addresses), theirs))
    session.execute(
        update(Person)
        .where(Person.id.in_(ids))
        .values(name=NOBODY, former_names=[], email=cast(func.gen_random_uuid(), Text) + f"@{ERASED_DOMAIN}")
        .execution_options(synchronize_session=False)
    )
    audit.record_all(session, [audit.Event("person.erased", person) for person in people], actor=None)
    return len(ids)
