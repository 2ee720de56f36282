"""Signing in and out, and what it takes: passwords, one-time codes and one-time links."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts import codes, mails, passwords, queries, throttle
from webapp.accounts.tokens import digest, new_token
from webapp.audit import Actor
from webapp.jobs import defer
from webapp.language import Later, speaking
from webapp.mail import ONE_TIME_LINK, send
from webapp.models import Person, SignedInSession, SignInLink

logger = logging.getLogger(__name__)

SESSION_LIFE = timedelta(hours=12)
SHOW_NO_PRESENCE = frozenset({"password", "single sign-on"})  # a browser may know either by itself
LINK_LIFE = timedelta(hours=1)  # of a link that somebody asked for; an invitation's may live longer


class AlreadySetUpError(Exception):
    """The person has a second factor; another would let a thief of the first take the account over."""


class AddressChangedError(Exception):
    """The person has another e-mail address since the request came, which ended the session that sent it."""


def set_password(session: Session, *, person: Person, password: str, actor: Actor | None) -> None:
    """Raises WeakPasswordError. Ends every session of the person, which a thief may have begun."""
    passwords.refuse_weak(password, email=person.email)
    person.password_hash = passwords.hashed(password)
    session.execute(delete(SignedInSession).where(SignedInSession.person_id == person.id))
    audit.record(session, "person.password_set", subject=person, actor=actor)
    session.flush()


def check_password(session: Session, *, email: str, password: str) -> Person | None:
    """The person, if the password is theirs. Takes as long for an address that nobody has."""
    person = queries.person_by_email(session, email)
    password_hash = person.password_hash if person else None
    if not passwords.matches(password_hash, password) or person is None or password_hash is None:
        logger.info("sign-in refused", extra={"method": "password"})
        return None
    if passwords.is_outdated(password_hash):
        _hash_anew(session, person, password_hash, password)
    return person


def _hash_anew(session: Session, person: Person, checked: str, password: str) -> None:
    """Unless it was changed or removed while it was checked."""
    session.execute(
        update(Person)
        .where(Person.id == person.id, Person.password_hash == checked)
        .values(password_hash=passwords.hashed(password))
        .execution_options(synchronize_session=False)
    )
    session.expire(person, ["password_hash"])


def begin_session(
    session: Session,
    *,
    person_id: uuid.UUID,
    email: str,
    method: str,
    second_factor: bool,
    replacing: Actor | None,
    now: datetime,
) -> str:
    """Sign a browser in, ending the session it had. Returns the token for its cookie.

    `email` is the person's as it was when it showed who it is: should it change at this moment, the session is void.
    """
    if replacing is not None:
        session.execute(delete(SignedInSession).where(SignedInSession.id == replacing.session_id))
    session.execute(delete(SignedInSession).where(SignedInSession.expires_at <= now))
    throttle.forget_old(session, now=now)
    token = new_token()
    begun = SignedInSession(
        token_digest=digest(token),
        person_id=person_id,
        email=email,
        method=method,
        second_factor=second_factor,
        confirmed_at=None if method in SHOW_NO_PRESENCE else now,
        expires_at=now + SESSION_LIFE,
    )
    session.add(begun)
    session.flush()
    audit.record(session, "person.signed_in", subject=begun, actor=None, method=method, person=str(person_id))
    session.flush()
    return token


def accept_code(session: Session, *, actor: Actor, code: str, now: datetime) -> str | None:
    """The token of a session with the second factor, or None for a wrong code or one that was used before."""
    person = locked_person(session, actor)
    step = None
    if person.totp_secret is not None:
        step = codes.matching_step(person.totp_secret, code, now=now, after=person.totp_last_counter)
    if step is None:
        logger.info("sign-in refused", extra={"method": "code", "person_id": str(person.id)})
        return None
    person.totp_last_counter = step
    return _begin_with_code(session, actor, now)


def warn_of_codes(session: Session, *, actor: Actor, now: datetime) -> None:
    """Tell the person's address, once in a while, that somebody with the password or a link does not know the code."""
    if throttle.count_tries(session, (throttle.WARNING_OF_CODES, str(actor.person_id)), now=now) is not None:
        return
    person = session.get_one(Person, actor.person_id)
    with speaking(person.language):
        mail = mails.account_changed(
            Later("Wrong codes were entered for your Soundings account"),
            Later(
                "Somebody who has your password, or a link that we sent you, entered several wrong codes just now. "
                "We let nobody in."
            ),
        )
    send(session, recipient=person.email, mail=mail)


def set_up_second_factor(session: Session, *, actor: Actor, secret: str, code: str, now: datetime) -> str | None:
    """As `accept_code`, with a secret that the person's app has just been shown; told to the person's address, in case
    it was somebody else's app. Raises AlreadySetUpError.
    """
    person = locked_person(session, actor)
    if person.totp_secret is not None:
        raise AlreadySetUpError
    step = codes.matching_step(secret, code, now=now, after=None)
    if step is None:
        return None
    person.totp_secret = secret
    person.totp_last_counter = step
    audit.record(session, "person.second_factor_set_up", subject=person, actor=actor)
    with speaking(person.language):
        mail = mails.account_changed(
            Later("An authenticator app was added to your Soundings account"),
            Later("An authenticator app was added to your Soundings account just now."),
        )
    send(session, recipient=person.email, mail=mail)
    return _begin_with_code(session, actor, now)


def _begin_with_code(session: Session, actor: Actor, now: datetime) -> str:
    return begin_session(
        session,
        person_id=actor.person_id,
        email=actor.email,
        method="code",
        second_factor=True,
        replacing=actor,
        now=now,
    )


def end_session(session: Session, *, actor: Actor) -> None:
    session.execute(delete(SignedInSession).where(SignedInSession.id == actor.session_id))


def make_link(
    session: Session,
    *,
    person: Person,
    destination: str | None,
    life: timedelta,
    now: datetime,
    second_factor: bool = False,
) -> str:
    """The token of a link that signs the person in once and leads to `destination`, a path of ours.

    Only an administrator on the server makes one that counts as the second factor too.
    """
    token = new_token()
    session.add(_link(token, person, destination, now + life, second_factor=second_factor))
    session.flush()
    return token


def make_links(
    session: Session, *, people: Sequence[Person], destination: str | None, life: timedelta, now: datetime
) -> Sequence[str]:
    """`make_link` for each, at once."""
    tokens = [new_token() for _ in people]
    session.add_all(
        _link(token, person, destination, now + life, second_factor=False)
        for token, person in zip(tokens, people, strict=True)
    )
    session.flush()
    return tokens


def _link(
    token: str, person: Person, destination: str | None, expires_at: datetime, *, second_factor: bool
) -> SignInLink:
    return SignInLink(
        token_digest=digest(token),
        person_id=person.id,
        email=person.email,
        destination=destination,
        second_factor=second_factor,
        expires_at=expires_at,
    )


def link_address(base_url: str, token: str, destination: str | None = None) -> str:
    """With where it leads, so that the page of a link that has been used can offer a new one to the same place."""
    leads = f"?next={quote(destination)}" if destination else ""
    return f"{base_url}{ONE_TIME_LINK}{token}{leads}"


def ask_for_link(session: Session, *, email: str, destination: str | None) -> None:
    """Have a link mailed, if the address is known. Does the same work if not: the worker finds nothing to do."""
    person = queries.person_by_email(session, email)
    defer(
        session,
        "accounts.mail_link",
        person_id=str(person.id) if person else None,
        destination=destination,
    )


def mail_link(session: Session, *, person: Person, destination: str | None, base_url: str, now: datetime) -> None:
    token = make_link(session, person=person, destination=destination, life=LINK_LIFE, now=now)
    with speaking(person.language):
        address = link_address(base_url, token, destination)
        mail = mails.sign_in_link(name=person.name, address=address, works_until=now + LINK_LIFE)
    send(session, recipient=person.email, mail=mail)


@dataclass(frozen=True, slots=True)
class UsedLink:
    session_token: str
    destination: str | None


def use_link(session: Session, *, token: str, replacing: Actor | None, now: datetime) -> UsedLink | None:
    """Sign in by a link, once: of several requests at the same time one wins. None if the link is of no use."""
    used = session.execute(
        update(SignInLink)
        .where(SignInLink.person_id == Person.id, *queries.of_use(digest(token), now))
        .values(used_at=now)
        .returning(SignInLink.person_id, SignInLink.email, SignInLink.destination, SignInLink.second_factor)
    ).one_or_none()
    if used is None:
        logger.info("sign-in refused", extra={"method": "link"})
        return None
    session_token = begin_session(
        session,
        person_id=used.person_id,
        email=used.email,
        method="link",
        second_factor=used.second_factor,
        replacing=replacing,
        now=now,
    )
    return UsedLink(session_token, used.destination)


def locked_person(session: Session, actor: Actor) -> Person:
    """The person's row, which no other request can use a code of meanwhile. Raises AddressChangedError."""
    person = locked(session, actor.person_id)
    if person.email.lower() != actor.email.lower():
        raise AddressChangedError
    return person


def locked(session: Session, person_id: uuid.UUID) -> Person:
    return session.scalars(
        select(Person)
        .where(Person.id == person_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
