"""Changing one's e-mail address: asked for by whoever has just shown all it can who it is, confirmed by a link to the
new address, and done some days later unless the present one stops it.

Whether somebody has the new address already is told to that address alone, as when somebody registers.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts import actions as sign_in
from webapp.accounts.personal import actions, forgetting, mails, queries
from webapp.accounts.personal.forgetting import forget
from webapp.accounts.queries import person_by_email
from webapp.accounts.tokens import digest, new_token
from webapp.audit import Actor
from webapp.jobs import defer
from webapp.language import speaking
from webapp.mail import Mail, send
from webapp.models import (
    ColleagueInvitation,
    EmailChange,
    EmailStop,
    MailMessage,
    Passkey,
    PasskeyChallenge,
    Person,
    Registration,
    SignedInSession,
    SignInLink,
)

LINK_LIFE = timedelta(days=1)
WAIT = timedelta(days=3)
"""From the confirmation, and from when the mail left that says how to stop it: over a weekend, somebody reads it."""
STOP_LIFE = timedelta(days=7)
"""Of the link in that mail. What could take effect only later, as the mail was not taken, is forgotten."""
NEW_ADDRESS_UNIQUE = "uq_person_email_lower"


class NotOwnAddressError(Exception):
    """The address is the one by which an organisation or its directory knows the person: it is changed there."""


class TakenError(Exception):
    """Somebody else has the address."""


def require_may_change(session: Session, *, actor: Actor, now: datetime) -> None:
    """That the address is theirs to change, and `actions.require_strongest`. Raises also NotOwnAddressError."""
    if queries.is_known_by_address(session, actor.person_id):
        raise NotOwnAddressError
    actions.require_strongest(session, actor=actor, now=now)


def ask(session: Session, *, change_id: uuid.UUID, email: str, actor: Actor, base_url: str, now: datetime) -> None:
    """Keep the address, in place of one asked for before, and tell the present one: the same work for each.

    The same id again, as of a form that is sent twice, does nothing. Raises as `require_may_change`.
    """
    person = sign_in.locked_person(session, actor)
    require_may_change(session, actor=actor, now=now)
    if session.get(EmailChange, change_id) is not None:
        return
    out_of_time = (EmailChange.expires_at <= now) & EmailChange.due_at.is_(None)
    forget(session, or_(EmailChange.person_id == person.id, out_of_time))
    session.execute(delete(EmailStop).where(EmailStop.expires_at <= now))
    change = EmailChange(
        id=change_id,
        person_id=person.id,
        email=email,
        had_app=person.totp_secret is not None,
        expires_at=now + LINK_LIFE,
    )
    stop, stops_until = new_token(), now + STOP_LIFE
    session.add_all([change, EmailStop(person_id=person.id, token_digest=digest(stop), expires_at=stops_until)])
    session.flush()
    with speaking(person.language):
        mail = mails.asked(name=person.name, stop=f"{base_url}{mails.STOP_LINK}{stop}", works_until=stops_until)
    warning = send(session, recipient=person.email, mail=mail)
    change.warning_id = warning.id if warning else None
    defer(session, "accounts.mail_email_change", change_id=str(change_id))
    _record(session, "person.email_change_asked", person, actor)


def mail_change(session: Session, *, change: EmailChange, base_url: str) -> None:
    """One mail, whoever the address belongs to; a link only if it can be used.

    What somebody is told who has the address is theirs, and not the asker's to have forgotten.
    """
    person, holder = session.get_one(Person, change.person_id), person_by_email(session, change.email)
    if holder is not None:
        with speaking(holder.language):
            mail = mails.taken(base_url=base_url)
        send(session, recipient=change.email, mail=mail)
        return
    token = new_token()
    change.token_digest = digest(token)
    with speaking(person.language):
        mail = mails.confirm(link=f"{base_url}{mails.EMAIL_LINK}{token}", works_until=change.expires_at)
    message = send(session, recipient=change.email, mail=mail)
    change.message_id = message.id if message else None


def confirm(session: Session, *, token: str, actor: Actor, now: datetime) -> datetime | None:
    """When it takes effect; None if the link is of no use to this person."""
    person = sign_in.locked_person(session, actor)
    change = queries.to_confirm(session, token_digest=digest(token), person_id=person.id, now=now)
    if change is None:
        return None
    change.token_digest = None
    change.due_at = now + WAIT
    _record(session, "person.email_change_confirmed", person, actor)
    return change.due_at


def call_off(session: Session, *, actor: Actor) -> None:
    """By the person, from a page."""
    forgetting.stop(session, sign_in.locked_person(session, actor), actor)


def stop(session: Session, *, token: str, now: datetime) -> bool:
    """By whoever reads the present address: somebody else may be signed in, so all sessions and links end too.

    Of whatever is under way, since it may have been asked for again, and as often as it takes. Whether the link was of
    use.
    """
    person_id = queries.to_stop(session, stop_digest=digest(token), now=now)
    if person_id is None:
        return False
    person = sign_in.locked(session, person_id)
    if queries.to_stop(session, stop_digest=digest(token), now=now) is None:
        return False
    forgetting.stop(session, person, None)
    ended = _sign_out(session, person)
    audit.record(session, "person.signed_out_everywhere", subject=person, actor=None, sessions=ended)
    session.flush()
    return True


def make_due(session: Session, *, person_id: uuid.UUID, base_url: str, now: datetime) -> None:
    """Change the address of a person whose time it is, unless that was stopped meanwhile."""
    person = _locked_with_ways_in(session, person_id)
    wanted = queries.wanted(session, person_id, now)
    if wanted is None or wanted.due_at is None or wanted.due_at > now:
        return
    if queries.is_known_by_address(session, person_id):
        _give_up(session, person, mails.not_own)
        return
    warned_at = queries.warned_at(session, wanted)
    if warned_at is None or warned_at + WAIT > now:
        if wanted.created_at + STOP_LIFE <= now:
            _give_up(session, person, mails.not_warned)
        return
    app_stays = wanted.had_app or person.totp_secret is None
    try:
        _change(session, person, wanted.email, base_url=base_url)
    except TakenError:
        _give_up(session, person, mails.not_changed)
        return
    if not app_stays:  # whoever read the old mailbox could have set it up, and nobody else would come in
        person.totp_secret = person.totp_last_counter = None
        _record(session, "person.second_factor_removed", person, None)


def _give_up(session: Session, person: Person, why: Callable[[], Mail]) -> None:
    forgetting.stop(session, person, None)
    _tell(session, person, why)


def change_for(session: Session, *, person: Person, email: str, base_url: str) -> None:
    """For whoever runs the service and knows that the address is the person's: at once. Raises TakenError."""
    _change(session, _locked_with_ways_in(session, person.id), email, base_url=base_url)


def _locked_with_ways_in(session: Session, person_id: uuid.UUID) -> Person:
    """Registering and joining lock what is confirmed and then the person: so does this, or each waits for the other."""
    own = select(func.lower(Person.email)).where(Person.id == person_id).scalar_subquery()
    for table in (Registration, ColleagueInvitation):
        session.execute(select(table.id).where(func.lower(table.email) == own).order_by(table.id).with_for_update())
    return sign_in.locked(session, person_id)


def _change(session: Session, person: Person, email: str, *, base_url: str) -> None:
    """What the old address could have set up goes with it: whoever read the mailbox, or was signed in, is out.

    What it was sent stays the person's, under the address it was sent to.
    """
    former = person.email
    try:
        with session.begin_nested():
            person.former_emails = [each for each in (*person.former_emails, former) if each.lower() != email.lower()]
            person.email = email
    except IntegrityError as error:
        if isinstance(error.orig, psycopg.Error) and error.orig.diag.constraint_name == NEW_ADDRESS_UNIQUE:
            raise TakenError from error
        raise
    to_former = (MailMessage.person_id.is_(None), func.lower(MailMessage.recipient) == func.lower(former))
    session.execute(update(MailMessage).where(*to_former).values(person_id=person.id))
    _end_ways_in(session, person, former)
    session.execute(delete(EmailChange).where(EmailChange.person_id == person.id))
    with speaking(person.language):
        told = send(session, recipient=former, mail=mails.changed(name=person.name))
        send(session, recipient=email, mail=mails.is_yours(base_url=base_url))
    if told is not None:
        told.person_id = person.id
    _record(session, "person.email_changed", person, None)


def _end_ways_in(session: Session, person: Person, former: str) -> None:
    """Also to register or join at the former address. An invitation of a colleague still waits, as its signatory sees
    it, with a link that nobody has: that it went would tell them of the change."""
    _sign_out(session, person)
    for table in (Passkey, PasskeyChallenge, EmailStop):
        session.execute(delete(table).where(table.person_id == person.id))
    person.password_hash = None
    session.execute(delete(Registration).where(func.lower(Registration.email) == func.lower(former)))
    for invitation in session.scalars(
        select(ColleagueInvitation).where(func.lower(ColleagueInvitation.email) == func.lower(former))
    ):
        invitation.token_digest = digest(new_token())
    session.flush()


def _sign_out(session: Session, person: Person) -> int:
    """How many sessions ended by it."""
    own = SignedInSession.person_id == person.id
    ended = session.scalars(delete(SignedInSession).where(own).returning(SignedInSession.id)).all()
    session.execute(delete(SignInLink).where(SignInLink.person_id == person.id, SignInLink.used_at.is_(None)))
    return len(ended)


def _tell(session: Session, person: Person, write: Callable[[], Mail]) -> None:
    with speaking(person.language):
        mail = write()
    send(session, recipient=person.email, mail=mail)


def _record(session: Session, act: str, person: Person, actor: Actor | None) -> None:
    """Without any address."""
    audit.record(session, act, subject=person, actor=actor)
    session.flush()
