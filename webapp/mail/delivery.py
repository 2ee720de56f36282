"""The queue of messages: a row each, and a job that delivers it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from webapp import audit
from webapp.db import clock
from webapp.jobs import JobContext, defer_each, job
from webapp.mail.addresses import ERASED_DOMAIN, address_of
from webapp.mail.notify import Notify
from webapp.mail.smtp import Smtp, told_before_the_message
from webapp.mail.transports import Kept, RefusedError, Transport
from webapp.models import MailMessage
from webapp.once import add_once


@dataclass(frozen=True, slots=True)
class Mail:
    """What somebody is told."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Letter:
    """A mail and whom it goes to."""

    recipient: str
    mail: Mail
    once: uuid.UUID | None = None
    """Of which form it comes, where that may be sent twice: see webapp.web.once."""
    id: uuid.UUID | None = None
    """Of its message, where its sender knows by that what was sent, to whatever address."""

    @property
    def key(self) -> uuid.UUID:
        if self.id is not None:
            return self.id
        return uuid.uuid4() if self.once is None else _key(self.once, self.recipient)


def send(session: Session, *, recipient: str, mail: Mail) -> MailMessage | None:
    """Write a message and have it delivered once the caller's transaction commits.

    To somebody whose account was erased nothing is written. Raises RecipientError.
    """
    [message] = send_all(session, [Letter(recipient, mail)])
    return message


def was_sent(session: Session, *, once: uuid.UUID, recipient: str) -> bool:
    """Whether this form has had a message sent to this recipient."""
    return session.get(MailMessage, _key(once, recipient)) is not None


def _key(once: uuid.UUID, recipient: str) -> uuid.UUID:
    return uuid.uuid5(once, recipient.casefold())


def send_all(session: Session, letters: Iterable[Letter]) -> list[MailMessage | None]:
    """`send` each, by as many statements as one takes. Raises WrittenAlreadyError: see `Letter.once`."""
    messages = [_written(letter) for letter in letters]
    written = [message for message in messages if message is not None]
    add_once(session, *written)
    defer_each(session, "mail.deliver", [{"message_id": str(message.id)} for message in written], queue="mail")
    return messages


def _written(letter: Letter) -> MailMessage | None:
    if address_of(letter.recipient).domain == ERASED_DOMAIN:
        return None
    subject = " ".join(letter.mail.subject.split())
    return MailMessage(id=letter.key, recipient=letter.recipient, subject=subject, body=letter.mail.body)


@job("mail.deliver", attempts=36)  # more than a day: a mail server may be down over night
def deliver(context: JobContext, *, message_id: str) -> None:
    """Deliver one message, unless that is done or it was erased. Each attempt ends in an audit event."""
    with context.database.session() as session:
        message = _locked(session, message_id)
        if message is not None and message.sent_at is None:
            try:
                message.body = transport_for(context.settings).deliver(message)
            except Exception as error:
                session.rollback()
                _note_failure(session, message_id, error, context.attempt)
                session.commit()
                told = {"message_id": message_id, "attempt": context.attempt, "error": type(error).__name__}
                reason = told_before_the_message(error) or None
                context.logger.warning("mail.not_taken", extra={**told, "code": _code_of(error), "reason": reason})
                raise
            message.sent_at = clock(session)
            message.refused_for = None
            audit.record(session, "mail.delivered", subject=message, actor=None, attempt=context.attempt)
        context.complete(session)
        session.commit()
    context.logger.info("mail.delivered", extra={"message_id": message_id})


def transport_for(settings: Settings) -> Transport:
    """Raises SettingsError."""
    if settings.smtp_url and settings.notify_key:
        raise SettingsError("set SOUNDINGS_SMTP_URL or SOUNDINGS_NOTIFY_KEY, not both")
    if settings.notify_template_id and not settings.notify_key:
        raise SettingsError("SOUNDINGS_NOTIFY_TEMPLATE_ID needs SOUNDINGS_NOTIFY_KEY")
    if settings.notify_key:
        return Notify.from_key(settings.notify_key, template_id=settings.notify_template_id, url=settings.notify_url)
    return Smtp.from_url(settings.smtp_url, sender=settings.mail_from) if settings.smtp_url else Kept()


def _locked(session: Session, message_id: str) -> MailMessage | None:
    return session.scalars(
        select(MailMessage).where(MailMessage.id == uuid.UUID(message_id)).with_for_update()
    ).one_or_none()


def _note_failure(session: Session, message_id: str, error: Exception, attempt: int) -> None:
    """What went wrong, by its kind and number: the words may hold the address."""
    message = _locked(session, message_id)
    if message is None:
        return
    if isinstance(error, RefusedError):
        message.refused_for = error.reason
    audit.record(
        session,
        "mail.refused" if isinstance(error, RefusedError) else "mail.failed",
        subject=message,
        actor=None,
        attempt=attempt,
        error=type(error).__name__,
        code=_code_of(error),
    )


def _code_of(error: Exception) -> int | None:
    return getattr(error, "code", None) or getattr(error, "smtp_code", None)
