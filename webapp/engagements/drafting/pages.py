"""A draft as its officers see it: what is missing, what becomes public, and where two of them clash."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from flask import url_for

from webapp.engagements.declining.queries import NOTHING_DONE
from webapp.engagements.drafting.forms import NoticeForm, stored
from webapp.engagements.pages import EngagementPage, engagement_page
from webapp.engagements.questionnaires import why_not
from webapp.models import Engagement, Lot, QuestionnaireVersion
from webapp.programmes.permissions import Permission
from webapp.web.format import LONDON, day, moment, number, plural

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
    engagement: Engagement,
    *,
    questionnaire: QuestionnaireVersion | None,
    documents: int,
    granted: frozenset[Permission],
    now: datetime,
) -> PublishPage:
    edit = url_for("drafting.edit", engagement_id=engagement.id)
    lots = len(engagement.engagement_lots)
    needs = (
        Check("Lots", edit, plural(lots, "lot")) if lots else Check("Lots", edit, "None", "", WITHOUT_LOTS),
        _questionnaire(url_for("builder.show", engagement_id=engagement.id), questionnaire),
        _time("Opening time", edit, engagement.opens_at, now, "As soon as you publish", ""),
        _closing(edit, engagement, now),
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
        (*needs, papers, _kept(engagement, granted)),
        all(not need.colour for need in needs),
        engagement_page(engagement, (), NOTHING_DONE, None, now, manages=True),
    )


def _closing(href: str, engagement: Engagement, now: datetime) -> Check:
    check = _time("Closing time", href, engagement.closes_at, now, "To be changed", "red")
    hint = _open_for(max(now, engagement.opens_at), engagement.closes_at)
    return check if check.colour else replace(check, hint=hint)


def _open_for(opens_at: datetime, closes_at: datetime) -> str:
    """Whether providers have time enough: three weeks over Christmas are few days at work."""
    first, last = (at.astimezone(LONDON).date() for at in (opens_at, closes_at))
    days = (last - first).days
    if not days:
        return "Open for less than a day"
    weeks, rest = divmod(days, 7)
    weekdays = 5 * weeks + sum((first.weekday() + later) % 7 < 5 for later in range(1, rest + 1))
    over = any(first <= date(year, 12, 25) <= last for year in range(first.year, last.year + 1))
    said = f"Open for {plural(days, 'day')}, {number(weekdays)} of them Monday to Friday"
    return f"{said}, and over Christmas" if over else said


def _kept(engagement: Engagement, granted: frozenset[Permission]) -> Check:
    """A day that passes while it is open is told and not refused: nothing is destroyed before it has closed."""
    programme, leads = engagement.programme, Permission.LEAD in granted
    until = programme.keep_until
    passes = until is not None and until < engagement.closes_at.astimezone(LONDON).date()
    told = "Providers read it on the public page" if until else "Providers would read it on the public page"
    too_early = "That is before the engagement closes. " if passes else ""
    return Check(
        "How long responses are kept",
        url_for("disposal.state", programme_id=programme.id) if leads else "",
        f"Until {day(until)}" if until else "Not said",
        "red" if passes else "" if until else "grey",
        f"{too_early}{told}" + ("" if leads else ". A lead officer says it"),
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
