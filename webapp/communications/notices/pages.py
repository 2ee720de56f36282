"""A notice as its page and its downloads show it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from webapp.communications.notices.fields import FilledIn, Notice, NoticeField, Subject
from webapp.communications.notices.release import can_be_released
from webapp.programmes.permissions import Permission
from webapp.web.cells import link

MISSING = "[Missing]"
_PLACE = Markup('%s<span class="govuk-visually-hidden">: %s</span>')


@dataclass(frozen=True, slots=True)
class Line:
    title: str
    source: str
    said: str


@dataclass(frozen=True, slots=True)
class Missing:
    title: str
    source: str
    where: Markup


@dataclass(frozen=True, slots=True)
class NoticePage:
    notice: Notice
    subject: Subject
    lines: tuple[Line, ...]
    missing: tuple[Missing, ...]
    can_be_released: bool


def notice_page(notice: Notice, subject: Subject, granted: frozenset[Permission]) -> NoticePage:
    fields = [field for field in notice.fields if field.applies(subject)]
    lines = tuple(Line(field.title, field.source, _said(field, subject)) for field in fields)
    missing = tuple(
        Missing(field.title, field.source, _where(field, subject, granted))
        for field, line in zip(fields, lines, strict=True)
        if not line.said
    )
    return NoticePage(notice, subject, lines, missing, can_be_released(subject))


def _said(field: NoticeField, subject: Subject) -> str:
    """However its lines were sent, they end alike: a file of two kinds of ends pastes with lines missing or doubled."""
    return "\n".join(field.says(subject).strip().splitlines())


def _where(field: NoticeField, subject: Subject, granted: frozenset[Permission]) -> Markup:
    """A link to the very field, for those who may fill it in there."""
    programme_id, engagement_id = subject.programme.id, subject.engagement.id
    match field.filled_in:
        case FilledIn.FACTS:
            needed = Permission.RUN
            href = url_for("notices.change_facts", programme_id=programme_id, _anchor=field.control or None)
        case FilledIn.ENGAGEMENT:
            needed = Permission.RUN
            href = url_for("drafting.edit", engagement_id=engagement_id, _anchor=field.control or None)
        case FilledIn.SERVICES:
            needed = Permission.SET_UP
            href = url_for("setting_up.part", programme_id=programme_id, part_slug="services")
    text = _PLACE % (field.filled_in.value, field.title)
    return link(text, href) if needed in granted else text


def plain_text(page: NoticePage) -> str:
    """To paste into a portal, a field after the other."""
    parts = [page.notice.name, *(f"{line.title}\n{line.said or MISSING}" for line in page.lines)]
    return "\n\n".join(parts) + "\n"
