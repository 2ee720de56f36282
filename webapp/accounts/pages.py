"""What the templates of the sign-in pages are given."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from babel.lists import format_list

from webapp.language import _, spoken
from webapp.models import MailMessage, Person


@dataclass(frozen=True, slots=True)
class LinkPage:
    """Whom a link signs in."""

    title: str
    email: str
    organisations: tuple[str, ...]

    @classmethod
    def of(cls, person: Person) -> LinkPage:
        organisations = tuple(sorted(membership.organisation.name for membership in person.memberships))
        return cls(_title(person.name, organisations), person.email, organisations)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Some text of a mail, which leads somewhere if it is one of our own addresses."""

    text: str
    href: str | None = None


@dataclass(frozen=True, slots=True)
class SentMail:
    recipient: str
    subject: str
    written_at: datetime
    sent_at: datetime | None
    lines: tuple[tuple[Stretch, ...], ...]

    @classmethod
    def of(cls, message: MailMessage, *, base_url: str) -> SentMail:
        lines = tuple(_stretches(line, base_url) for line in message.body.splitlines())
        return cls(message.recipient, message.subject, message.created_at, message.sent_at, lines)


def _title(name: str, organisations: tuple[str, ...]) -> str:
    if not organisations:
        return _("Sign in as %(name)s", name=name)
    every = format_list(organisations, locale=spoken().locale)
    return _("Sign in as %(name)s for %(organisations)s", name=name, organisations=every)


def sent_mail(messages: Sequence[MailMessage], *, base_url: str) -> list[SentMail]:
    return [SentMail.of(message, base_url=base_url) for message in messages]


def _stretches(line: str, base_url: str) -> tuple[Stretch, ...]:
    """Split out the addresses of our own site; others, which a mail may quote from anyone, stay plain text."""
    parts = re.split(rf"({re.escape(base_url)}/[^\s<>\"]*)", line)
    return tuple(Stretch(part, part if position % 2 else None) for position, part in enumerate(parts) if part)
