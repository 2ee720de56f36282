"""What the pages by which people come in leave to the worker."""

from __future__ import annotations

import uuid

from webapp.accounts import actions, queries
from webapp.accounts.organisations import registering
from webapp.accounts.personal import addresses
from webapp.accounts.personal import queries as personal
from webapp.db import clock
from webapp.jobs import JobContext, job
from webapp.models import ColleagueInvitation, EmailChange, Registration


@job("accounts.mail_link")
def mail_link(context: JobContext, *, person_id: str | None, destination: str | None) -> None:
    """Mail somebody the link they asked for. Without a person there is nothing to do: the address was unknown."""
    with context.database.session() as session:
        if person_id is not None:
            actions.mail_link(
                session,
                person=queries.person(session, uuid.UUID(person_id)),
                destination=destination,
                base_url=context.settings.base_url,
                now=clock(session),
            )
        context.complete(session)
        session.commit()


@job("accounts.mail_registration")
def mail_registration(context: JobContext, *, registration_id: str, destination: str | None = None) -> None:
    with context.database.session() as session:
        registration = session.get(Registration, uuid.UUID(registration_id), with_for_update=True)
        if registration is not None:
            registering.mail_registration(
                session, registration=registration, destination=destination, base_url=context.settings.base_url
            )
        context.complete(session)
        session.commit()


@job("accounts.mail_colleague_invitation")
def mail_colleague_invitation(context: JobContext, *, invitation_id: str) -> None:
    """Mail an invitation, unless it was withdrawn meanwhile."""
    with context.database.session() as session:
        invitation = session.get(ColleagueInvitation, uuid.UUID(invitation_id), with_for_update=True)
        if invitation is not None:
            registering.mail_invitation(session, invitation=invitation, base_url=context.settings.base_url)
        context.complete(session)
        session.commit()


@job("accounts.mail_email_change")
def mail_email_change(context: JobContext, *, change_id: str) -> None:
    """Mail the link that confirms a new address, unless that was stopped or another was asked for meanwhile."""
    with context.database.session() as session:
        change = session.get(EmailChange, uuid.UUID(change_id), with_for_update=True)
        if change is not None:
            addresses.mail_change(session, change=change, base_url=context.settings.base_url)
        context.complete(session)
        session.commit()


@job("accounts.change_emails", attempts=1, periodic=True)  # the next run does what this one could not
def change_emails(context: JobContext) -> None:
    with context.database.session() as session:
        now = clock(session)
        due = personal.due(session, now)
    for person_id in due:
        with context.database.session() as session:
            addresses.make_due(session, person_id=person_id, base_url=context.settings.base_url, now=now)
            session.commit()


@job("accounts.mail_holders")
def mail_holders(context: JobContext, *, organisation_id: str) -> None:
    """Tell those who hold a number that another organisation gave it too. Mostly nobody does."""
    with context.database.session() as session:
        registering.mail_holders(
            session, organisation_id=uuid.UUID(organisation_id), base_url=context.settings.base_url
        )
        context.complete(session)
        session.commit()
