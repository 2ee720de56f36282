"""Adding and removing passkeys, and signing in with one."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from webapp import audit
from webapp.accounts.actions import begin_session, locked_person
from webapp.accounts.passkeys import ceremonies, challenges, mails, queries
from webapp.accounts.passkeys.ceremonies import RefusedError, RelyingParty
from webapp.accounts.personal import queries as personal
from webapp.accounts.personal.actions import require_confirmed, require_strongest
from webapp.audit import Actor
from webapp.mail import send
from webapp.models import Passkey, Person

logger = logging.getLogger(__name__)

NEW_FOR = timedelta(days=7)
"""Time to read the mail that a passkey was added."""


def offer_to_add(session: Session, *, party: RelyingParty, actor: Actor, now: datetime) -> tuple[str, str]:
    """A token for the cookie and the options for the browser. Raises as `require_strongest`."""
    require_strongest(session, actor=actor, now=now)
    held = [passkey.credential_id for passkey in personal.passkeys(session, actor.person_id)]
    token, challenge = challenges.give(session, person_id=actor.person_id, now=now)
    options = ceremonies.options_to_make(
        party, person_id=actor.person_id, email=actor.email, name=actor.name, held=held, challenge=challenge
    )
    return token, options


def add(
    session: Session,
    *,
    party: RelyingParty,
    token: str | None,
    credential: str,
    name: str,
    actor: Actor,
    now: datetime,
) -> bool:
    """Whether the passkey was added. The challenge is used up either way. Raises as `require_strongest`."""
    require_strongest(session, actor=actor, now=now)
    person = locked_person(session, actor)
    challenge = challenges.take(session, token=token, person_id=person.id, now=now)
    try:
        if challenge is None:
            raise RefusedError("no challenge")
        new = ceremonies.made(party, credential, challenge=challenge)
        if queries.locked(session, new.credential_id) is not None:
            raise RefusedError("known already")
    except RefusedError as error:
        logger.info("passkey refused", extra={"person_id": str(person.id), "reason": str(error)})
        return False
    passkey = Passkey(
        person_id=person.id,
        name=name,
        credential_id=new.credential_id,
        public_key=new.public_key,
        sign_count=new.sign_count,
    )
    session.add(passkey)
    session.flush()
    audit.record(session, "passkey.added", subject=passkey, actor=actor)
    send(session, recipient=person.email, mail=mails.added(person, passkey))
    return True


def require_removable(session: Session, *, passkey: Passkey, actor: Actor, now: datetime) -> None:
    """A link may have shown who it is while the passkey is new, since a reader of the mailbox may have added it; later
    it takes a passkey or the app's code, or that reader could be rid of the owner's. Raises as `require_strongest`.
    """
    if passkey.created_at > now - NEW_FOR:
        require_confirmed(session, actor=actor, now=now)
    else:
        require_strongest(session, actor=actor, now=now)


def remove(session: Session, *, passkey: Passkey, actor: Actor, now: datetime) -> None:
    """Of the actor's own. Raises as `require_removable`."""
    require_removable(session, passkey=passkey, actor=actor, now=now)
    person = locked_person(session, actor)
    session.delete(passkey)
    audit.record(session, "passkey.removed", subject=passkey, actor=actor)
    send(session, recipient=person.email, mail=mails.removed(person, passkey))


def offer_to_sign_in(session: Session, *, party: RelyingParty, now: datetime) -> tuple[str, str]:
    """A token for the cookie and the options for the browser: the same for everybody."""
    token, challenge = challenges.give(session, person_id=None, now=now)
    return token, ceremonies.options_to_show(party, challenge=challenge)


def sign_in(
    session: Session,
    *,
    party: RelyingParty,
    token: str | None,
    credential: str,
    replacing: Actor | None,
    now: datetime,
) -> str | None:
    """The token of a session, or None. The challenge is used up either way."""
    challenge = challenges.take(session, token=token, person_id=None, now=now)
    try:
        if challenge is None:
            raise RefusedError("no challenge")
        passkey, user_verified = _shown(session, party, credential, challenge)
    except RefusedError as error:
        logger.info("sign-in refused", extra={"method": "passkey", "reason": str(error)})
        return None
    passkey.last_used_at = now
    return begin_session(
        session,
        person_id=passkey.person_id,
        email=session.get_one(Person, passkey.person_id).email,
        method="passkey",
        second_factor=user_verified,
        replacing=replacing,
        now=now,
    )


def _shown(session: Session, party: RelyingParty, credential: str, challenge: bytes) -> tuple[Passkey, bool]:
    """The passkey that signed the challenge, and whether it knew its person. Raises RefusedError."""
    credential_id, person = ceremonies.whose(credential)
    passkey = queries.locked(session, credential_id)
    if passkey is None:
        raise RefusedError("unknown")
    if person is not None and person != passkey.person_id.bytes:
        raise RefusedError("another person's")
    shown = ceremonies.shown(party, credential, challenge=challenge, public_key=passkey.public_key)
    if (shown.sign_count or passkey.sign_count) and shown.sign_count <= passkey.sign_count:
        # A good signature by an older count: somebody may have made a copy of the authenticator.
        audit.record(session, "passkey.count_went_back", subject=passkey, actor=None, person=str(passkey.person_id))
        raise RefusedError("its count went back")
    passkey.sign_count = shown.sign_count
    return passkey, shown.user_verified
