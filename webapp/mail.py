"""E-mail: a row written in the transaction of the act it tells of, then delivered by a job until it arrives.

A mail server takes a message outside our transaction. A worker killed between the server's "accepted" and our commit
sends the message again, with the same Message-ID, by which mail programs know the copy.
"""

from __future__ import annotations

import re
import smtplib
import ssl
import uuid
from dataclasses import dataclass, field
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Protocol
from urllib.parse import unquote, urlsplit

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings, SettingsError
from webapp.db import clock
from webapp.jobs import JobContext, defer, job
from webapp.models import MailMessage

ONE_TIME_LINK = "/sign-in/link/"
"""Where the paths of one-time links begin."""

SECONDS = 20.0
DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
NOT_KEPT = "This message held a one-time link. Its text was not kept after it was sent.\n"
_HOLDS_LINK = re.compile(re.escape(ONE_TIME_LINK) + r"\S")
_ADDRESS = re.compile(r"(?P<username>[^\s@\"(),:;<>\[\]\\]+)@(?P<domain>[^\s@\"(),:;<>\[\]\\]+)")


class RecipientError(ValueError):
    """The recipient is not one plain address."""


def send(session: Session, *, recipient: str, subject: str, body: str) -> None:
    """Write a message and have it delivered once the caller's transaction commits.

    Raises RecipientError.
    """
    address_of(recipient)
    message = MailMessage(recipient=recipient, subject=" ".join(subject.split()), body=body)
    session.add(message)
    session.flush()
    defer(session, "mail.deliver", message_id=str(message.id))


@job("mail.deliver", attempts=36)  # more than a day: a mail server may be down over night
def deliver(context: JobContext, *, message_id: str) -> None:
    """Deliver one message, unless that is done already."""
    with context.database.session() as session:
        message = session.scalars(
            select(MailMessage).where(MailMessage.id == uuid.UUID(message_id)).with_for_update()
        ).one()
        if message.sent_at is None:
            message.body = transport_for(context.settings).deliver(message)
            message.sent_at = clock(session)
        context.complete(session)
        session.commit()
    context.logger.info("mail.delivered", extra={"message_id": message_id})


class Transport(Protocol):
    def deliver(self, message: MailMessage) -> str:
        """Pass the message on, or raise. Returns the body to keep."""
        ...


def transport_for(settings: Settings) -> Transport:
    return Smtp.from_url(settings.smtp_url, sender=settings.mail_from) if settings.smtp_url else Kept()


class Kept:
    """No mail server: the message stays here to be read, which is for demonstrations."""

    def deliver(self, message: MailMessage) -> str:
        return message.body


@dataclass(frozen=True, slots=True)
class Smtp:
    """A mail server: "smtps" is TLS from the start, "smtp+starttls" insists on it, "smtp" is for a local relay."""

    scheme: str
    host: str
    port: int
    username: str
    password: str = field(repr=False)
    sender: str
    seconds: float = SECONDS

    @classmethod
    def from_url(cls, url: str, *, sender: str) -> Smtp:
        parts = urlsplit(url)
        if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise SettingsError("SOUNDINGS_SMTP_URL must be like smtp+starttls://user:password@mail.example.org:587")
        username, password = unquote(parts.username or ""), unquote(parts.password or "")
        if username and parts.scheme == "smtp":
            raise SettingsError("SOUNDINGS_SMTP_URL has a password: use smtps:// or smtp+starttls://, which hide it")
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or DEFAULT_PORTS[parts.scheme],
            username=username,
            password=password,
            sender=sender,
        )

    def deliver(self, message: MailMessage) -> str:
        with self._connected() as server:
            if self.username:
                server.login(self.username, self.password)
            server.send_message(composed(message, sender=self.sender))
        return NOT_KEPT if _HOLDS_LINK.search(message.body) else message.body

    def _connected(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context()
        if self.scheme == "smtps":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.seconds, context=trusted)
        server = smtplib.SMTP(self.host, self.port, timeout=self.seconds)
        if self.scheme == "smtp+starttls":
            try:
                server.starttls(context=trusted)
            except BaseException:
                server.close()
                raise
        return server


def composed(message: MailMessage, *, sender: str) -> EmailMessage:
    """The message as it goes out. Headers are set through the standard library, which refuses line breaks in them."""
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = address_of(message.recipient)
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail


def address_of(recipient: str) -> Address:
    """One address and nothing else: no list of them, no name, no further header. Raises RecipientError."""
    match = _ADDRESS.fullmatch(recipient)
    if match is None or not recipient.isprintable():
        raise RecipientError(f"not an address that mail can be sent to: {recipient[:300]!r}")
    return Address(username=match["username"], domain=match["domain"])
