"""Telling people of an act by e-mail, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from webapp.engagements.mails import Mail
from webapp.language import speaking
from webapp.mail import send
from webapp.models import MailMessage, Person


def tell(session: Session, people: Iterable[Person], write: Callable[[], Mail]) -> None:
    """Send each the mail that `write` makes in the language in which they are written to."""
    for person in people:
        tell_one(session, person, write)


def tell_one(session: Session, person: Person, write: Callable[[], Mail]) -> MailMessage | None:
    """The message, unless the person's account was erased."""
    with speaking(person.language):
        mail = write()
    return send(session, recipient=person.email, subject=mail.subject, body=mail.body)
