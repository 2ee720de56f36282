"""A draft as its officers see it: what is missing, what becomes public, and where two of them clash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import url_for

from webapp.engagements.declining.queries import NOTHING_DONE
from webapp.engagements.drafting.forms import NoticeForm, stored
from webapp.engagements.pages import EngagementPage, engagement_page
from webapp.engagements.questionnaires import why_not
from webapp.models import Engagement, Lot, QuestionnaireVersion
from webapp.web.format import moment, plural

WITHOUT_LOTS = (
    "For engagement before lots are cut. Providers are then asked about no lot, and the analysis finds themes only. "
    "Lots cannot be added once it is published"
)


@dataclass(frozen=True, slots=True)
class Check:
    """A line of what publishing needs, as components/data.html draws tasks."""

    title: str
    href: str
    status: str
    colour: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class PublishPage:
    engagement: Engagement
    checks: tuple[Check, ...]
    is_ready: bool
    public: EngagementPage


def publish_page(
    engagement: Engagement, *, questionnaire: QuestionnaireVersion | None, documents: int, now: datetime
) -> PublishPage:
    edit = url_for("drafting.edit", engagement_id=engagement.id)
    lots = len(engagement.engagement_lots)
    needs = (
        Check("Lots", edit, plural(lots, "lot")) if lots else Check("Lots", edit, "None", "", WITHOUT_LOTS),
        _questionnaire(url_for("builder.show", engagement_id=engagement.id), questionnaire),
        _time("Opening time", edit, engagement.opens_at, now, "As soon as you publish", ""),
        _time("Closing time", edit, engagement.closes_at, now, "To be changed", "red"),
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
        engagement_page(engagement, (), NOTHING_DONE, None, now, manages=True),
    )


def _time(title: str, href: str, at: datetime, now: datetime, passed: str, colour: str) -> Check:
    """`passed` says what becomes of a time that has passed, in that colour."""
    if at > now:
        return Check(title, href, moment(at), "")
    return Check(title, href, passed, colour, f"The time that you entered has passed: {moment(at)}")


def _questionnaire(href: str, questionnaire: QuestionnaireVersion | None) -> Check:
    if questionnaire is None:
        return _need("Questionnaire", href, "")
    if missing := why_not(questionnaire):
        return Check("Questionnaire", href, "Not ready", "red", missing)
    return _need(
        "Questionnaire", href, plural(sum(len(section.questions) for section in questionnaire.sections), "question")
    )


def _need(title: str, href: str, status: str) -> Check:
    return Check(title, href, status or "Missing", "" if status else "red")


def saved_form(engagement: Engagement, lots: Sequence[Lot]) -> NoticeForm:
    """What the draft is by now, as its form."""
    saved = NoticeForm(formdata=None, data=stored(engagement))
    saved.offer(lots)
    return saved
