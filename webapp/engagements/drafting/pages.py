"""A draft as its officers see it: what is missing, what becomes public, and where two of them clash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from wtforms.fields.choices import SelectFieldBase

from webapp.engagements.drafting.forms import NoticeForm, stored
from webapp.engagements.pages import EngagementPage, engagement_page
from webapp.models import Engagement
from webapp.web.format import day, moment, plural

ASIDE = ("revision", "csrf_token")


@dataclass(frozen=True, slots=True)
class Check:
    """A line of what publishing needs, as components/data.html draws tasks."""

    title: str
    href: str
    status: str
    colour: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PublishPage:
    engagement: Engagement
    checks: tuple[Check, ...]
    is_ready: bool
    public: EngagementPage


@dataclass(frozen=True, slots=True)
class Difference:
    question: str
    theirs: str
    mine: str


def publish_page(engagement: Engagement, *, questions: int, documents: int, now: datetime) -> PublishPage:
    edit = url_for("drafting.edit", engagement_id=engagement.id)
    manage = url_for("engagements.manage", engagement_id=engagement.id)
    lots = len(engagement.engagement_lots)
    needs = (
        _need("Lots", edit, plural(lots, "lot") if lots else ""),
        _need("Questionnaire", manage, plural(questions, "question") if questions else ""),
        _need("Closing time", edit, moment(engagement.closes_at) if engagement.closes_at > now else ""),
    )
    papers = Check(
        "Documents",
        url_for("documents.index", engagement_id=engagement.id),
        plural(documents, "document") if documents else "None",
        "" if documents else "grey",
        "You can add more later. Everybody concerned is then told",
    )
    return PublishPage(
        engagement,
        (*needs, papers),
        all(not need.colour for need in needs),
        engagement_page(engagement, (), None, None, now, manages=True),
    )


def _need(title: str, href: str, status: str) -> Check:
    return Check(title, href, status or "Missing", "" if status else "red")


def differences(engagement: Engagement, form: NoticeForm) -> list[Difference]:
    """Where what was sent differs from what somebody else has saved meanwhile."""
    saved = NoticeForm(formdata=None, data=stored(engagement))
    saved.lots.choices = form.lots.choices
    pairs = ((field, _shown(saved[field.name]), _shown(field)) for field in form if field.name not in ASIDE)
    return [Difference(field.subject, theirs, mine) for field, theirs, mine in pairs if theirs != mine]


def _shown(field: object) -> str:
    """A field's value as its reader knows it."""
    data = getattr(field, "data", None)
    labels = (
        {str(value): str(label) for value, label, *_ in field.iter_choices()}
        if isinstance(field, SelectFieldBase)
        else {}
    )
    match data:
        case None:
            return ""
        case bool():
            return "Yes" if data else "No"
        case date():
            return day(data)
        case list():
            return "; ".join(label for value, label in labels.items() if value in data)
        case _:
            return str(data)
