"""What a person changes about how it signs in. Each change is told to its address, in case it was not the person."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts import actions, codes, mails
from webapp.accounts.personal import queries
from webapp.accounts.personal.forgetting import stop
from webapp.audit import Actor
from webapp.language import Later, speaking
from webapp.mail import send
from webapp.models import EmailChange, Party, Person, SignedInSession

CONFIRMED_FOR = timedelta(minutes=30)


class NotConfirmedError(Exception):
    """It was not shown lately, by a link or a code, that this is the person: a browser left open is not enough."""


class PasskeyOwedError(Exception):
    """The person has a passkey, and came by less."""


class OfficerError(Exception):
    """Officers always sign in with a code, and their names are on record."""


def require_confirmed(session: Session, *, actor: Actor, now: datetime) -> None:
    """Raises NotConfirmedError."""
    if not queries.is_confirmed(session, actor.session_id, since=now - CONFIRMED_FOR):
        raise NotConfirmedError


def require_strongest(session: Session, *, actor: Actor, now: datetime) -> None:
    """That the session has lately shown the strongest of what the person has: the app's code, or a passkey.

    A link made on the server for somebody who lost both counts as either. Raises NotConfirmedError and
    PasskeyOwedError.
    """
    shown = queries.shown(session, actor.session_id)
    if shown is None or shown.confirmed_at is None or shown.confirmed_at < now - CONFIRMED_FOR:
        raise PasskeyOwedError if shown and shown.has_passkey and not shown.has_app else NotConfirmedError
    if shown.has_app and not shown.code_given:
        raise NotConfirmedError
    if shown.has_passkey and not (shown.by_passkey or shown.code_given):
        raise PasskeyOwedError


def require_optional(actor: Actor) -> None:
    """Raises OfficerError for somebody who cannot do without an authenticator app."""
    if actor.officer_of:
        raise OfficerError


def is_on_record(actor: Actor) -> bool:
    """Whether its name belongs to the record of a public procurement: that of everybody on a buyer's side."""
    return any(member.party is not Party.PROVIDER for member in actor.memberships)


def require_off_record(actor: Actor) -> None:
    """Raises OfficerError for somebody on a buyer's side: declared interests, for one, are known by names."""
    if is_on_record(actor):
        raise OfficerError


def change_name(session: Session, *, name: str, actor: Actor) -> None:
    """From now on, also where the person acted before. The trail holds that it was changed, and no name.

    Raises OfficerError.
    """
    require_off_record(actor)
    person = actions.locked_person(session, actor)
    if person.name == name:
        return
    former = [each for each in person.former_names if each not in (name, person.name)]
    person.former_names = [*former, person.name]
    person.name = name
    audit.record(session, "person.name_changed", subject=person, actor=actor)
    _tell(
        session,
        person,
        Later("Your name in Soundings was changed"),
        Later("Your name in Soundings was changed just now."),
    )
    session.flush()


def change_password(session: Session, *, password: str, actor: Actor, now: datetime) -> tuple[str, bool]:
    """Ends every session of the person, and returns the token of a new one, and whether a change of its address was
    stopped: a thief may have asked for it. Raises also WeakPasswordError."""
    require_confirmed(session, actor=actor, now=now)
    person = actions.locked_person(session, actor)
    actions.set_password(session, person=person, password=password, actor=actor)
    stopped = stop(session, person, actor)
    _tell(
        session,
        person,
        Later("Your password for Soundings was changed"),
        Later(
            "Your password for Soundings was changed just now. Another email address had been asked for: that is "
            "stopped, and the present one stays."
        )
        if stopped
        else Later("Your password for Soundings was changed just now."),
    )
    token = actions.begin_session(
        session,
        person_id=person.id,
        email=person.email,
        method="password",
        second_factor=actor.second_factor,
        replacing=None,
        now=now,
    )
    return token, stopped


def set_up_authenticator(session: Session, *, secret: str, code: str, actor: Actor, now: datetime) -> str | None:
    """The token of a session that counts the code; None for a wrong one. Raises also AlreadySetUpError and
    PasskeyOwedError."""
    require_strongest(session, actor=actor, now=now)
    return actions.set_up_second_factor(session, actor=actor, secret=secret, code=code, now=now)


def remove_authenticator(session: Session, *, code: str, actor: Actor, now: datetime) -> bool:
    """Whether it was the right code. Raises OfficerError."""
    require_optional(actor)
    person = actions.locked_person(session, actor)
    if person.totp_secret is None:
        return True
    if codes.matching_step(person.totp_secret, code, now=now, after=person.totp_last_counter) is None:
        return False
    _forget_authenticator(session, person, actor)
    return True


def forget_lost_authenticator(session: Session, *, person: Person) -> None:
    """For whoever runs the service and knows that the person lost it. Signs them out: the phone may be signed in."""
    _forget_authenticator(session, person, actor=None)
    _end_sessions(session, person, actor=None)


def sign_out_everywhere(session: Session, *, actor: Actor) -> bool:
    """Whether a change of its address was stopped by it."""
    return _end_sessions(session, actions.locked_person(session, actor), actor)


def _forget_authenticator(session: Session, person: Person, actor: Actor | None) -> None:
    person.totp_secret = None
    person.totp_last_counter = None
    session.execute(update(EmailChange).where(EmailChange.person_id == person.id).values(had_app=False))
    audit.record(session, "person.second_factor_removed", subject=person, actor=actor)
    _tell(
        session,
        person,
        Later("The authenticator app was removed from your Soundings account"),
        Later("The authenticator app was removed from your Soundings account just now."),
    )


def _end_sessions(session: Session, person: Person, actor: Actor | None) -> bool:
    ended = session.scalar(
        select(func.count()).select_from(SignedInSession).where(SignedInSession.person_id == person.id)
    )
    session.execute(delete(SignedInSession).where(SignedInSession.person_id == person.id))
    stopped = stop(session, person, actor)
    audit.record(session, "person.signed_out_everywhere", subject=person, actor=actor, sessions=ended or 0)
    session.flush()
    return stopped


def _tell(session: Session, person: Person, subject: Later, what: Later) -> None:
    with speaking(person.language):
        mail = mails.account_changed(subject, what)
    send(session, recipient=person.email, mail=mail)
