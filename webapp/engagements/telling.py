"""Telling people of an act by e-mail, in the transaction of the act."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy.orm import Session

from webapp.language import speaking
from webapp.mail import Letter, Mail, send_all
from webapp.models import MailMessage, Person

Write = Callable[[], Mail]
"""Makes a mail in the language that is spoken then."""


def tell(session: Session, people: Iterable[Person], write: Write) -> None:
    """Send each the mail that `write` makes in the language in which they are written to."""
    tell_each(session, [(person, write) for person in people])


def tell_each(
    session: Session, told: Iterable[tuple[Person, Write]], *, once: uuid.UUID | None = None
) -> Sequence[MailMessage | None]:
    """The messages in this order; none for a person whose account was erased.

    `once` is of the form that asks for it, if that may be sent twice: then it raises WrittenAlreadyError.
    """
    return send_all(session, (_letter(person, write, once) for person, write in told))


def _letter(person: Person, write: Write, once: uuid.UUID | None) -> Letter:
    with speaking(person.language):
        mail = write()
    return Letter(person.email, mail, once)
