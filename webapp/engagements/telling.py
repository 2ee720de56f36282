"""Telling people of an act by e-mail, in the transaction of the act."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from webapp.engagements.mails import Mail
from webapp.language import speaking
from webapp.mail import send
from webapp.models import Person


def tell(session: Session, people: Iterable[Person], write: Callable[[], Mail]) -> None:
    """Send each the mail that `write` makes in the language in which they are written to."""
    for person in people:
        with speaking(person.language):
            mail = write()
        send(session, recipient=person.email, subject=mail.subject, body=mail.body)
