"""Mail through a mail server.

It takes a message outside our transaction. A worker killed between its "accepted" and our commit sends the message
again, with the same Message-ID, by which mail programs know the copy.
"""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import TYPE_CHECKING
from urllib.parse import unquote

from config import SettingsError, parts_of
from webapp.mail.addresses import ENCODED_WORD, RecipientError, address_of
from webapp.mail.transports import SECONDS, NotTakenError, RefusedError, body_to_keep
from webapp.models import MailMessage

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

DEFAULT_PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}
PERMANENT = 500  # replies from here on
SECONDS_TO_TAKE_IT = 600.0
"""A server that looks for spam answers late (RFC 5321, 4.5.3.2.6). One that is given up takes the message again."""


class _Patient(smtplib.SMTP):
    def data(self, msg: ReadableBuffer | str) -> tuple[int, bytes]:
        if self.sock is not None:
            self.sock.settimeout(SECONDS_TO_TAKE_IT)
        answer = super().data(msg)
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        return answer


class _PatientOverTls(_Patient, smtplib.SMTP_SSL): ...


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
        parts = parts_of(url)
        if parts is None or parts.scheme not in DEFAULT_PORTS or not parts.hostname:
            raise SettingsError(
                "SOUNDINGS_SMTP_URL must be like smtp+starttls://user:password@mail.example.org:587, "
                "with %40 for an @ in the password and so on"
            )
        username, password = unquote(parts.username or ""), unquote(parts.password or "")
        if bool(username) != bool(password):
            raise SettingsError("SOUNDINGS_SMTP_URL must have both a user and a password, like user:password@, or none")
        if not (username + password).isascii():
            raise SettingsError(
                "SOUNDINGS_SMTP_URL has a user or password with a character such as £ or ü, "
                "with which nobody can sign in here: have the mail server give another"
            )
        if username and parts.scheme == "smtp":
            raise SettingsError("SOUNDINGS_SMTP_URL has a password: use smtps:// or smtp+starttls://, which hide it")
        try:
            address_of(parseaddr(sender)[1])
        except RecipientError:
            raise SettingsError("SOUNDINGS_MAIL_FROM must be like Soundings <soundings@example.org>") from None
        return cls(
            scheme=parts.scheme,
            host=parts.hostname,
            port=parts.port or DEFAULT_PORTS[parts.scheme],
            username=username,
            password=password,
            sender=sender,
        )

    def deliver(self, message: MailMessage) -> str:
        server = self._connected()
        try:
            if self.username:
                server.login(self.username, self.password)
            _hand_over(server, composed(message, sender=self.sender))
        finally:
            _take_leave(server)
        return body_to_keep(message)

    def _connected(self) -> smtplib.SMTP:
        trusted = ssl.create_default_context()
        if self.scheme == "smtps":
            return _PatientOverTls(self.host, self.port, timeout=self.seconds, context=trusted)
        server = _Patient(self.host, self.port, timeout=self.seconds)
        if self.scheme == "smtp+starttls":
            try:
                server.starttls(context=trusted)
            except BaseException:
                server.close()
                raise
        return server


def _hand_over(server: smtplib.SMTP, mail: EmailMessage) -> None:
    """Errors of signing in are for whoever runs this to put right, and the message then goes out."""
    reason: bytes | str
    try:
        server.send_message(mail)
    except smtplib.SMTPRecipientsRefused as error:
        ((code, reason),) = error.recipients.values()
    except smtplib.SMTPDataError as error:
        code, reason = error.smtp_code, error.smtp_error
    else:
        return
    kind = RefusedError if code >= PERMANENT else NotTakenError  # as where new senders are put off for some minutes
    raise kind(code, _words(reason))


def _take_leave(server: smtplib.SMTP) -> None:
    """The message was taken or not by now, whatever a server that closes says to this, or whether it says anything."""
    try:
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()


def told_before_the_message(error: Exception) -> str:
    """What the machine or the server said before it had heard whom the message is for, or nothing."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _words(error.smtp_error)
    return str(error) if isinstance(error, OSError) else ""


def _words(reply: bytes | str) -> str:
    return reply if isinstance(reply, str) else reply.decode("utf-8", "replace")


def composed(message: MailMessage, *, sender: str) -> EmailMessage:
    """The message as it goes out. Headers are set through the standard library, which refuses line breaks in them.

    It would decode an encoded word that somebody typed into a title, and write the line breaks it finds there.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = sender
    mail["To"] = address_of(message.recipient)
    mail["Subject"] = message.subject.replace(ENCODED_WORD, "= ?")
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.id}@{parseaddr(sender)[1].rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body)
    return mail
