"""What a section's page is told when its script saves in the background, in words that it shows as they are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.language import _
from webapp.models import Engagement, EngagementState
from webapp.responses.drafts import Problem, Saved
from webapp.responses.pages import deadline
from webapp.web.format import clock, moment

LAST = timedelta(hours=1)
"""Before the closing time."""


@dataclass(frozen=True)
class Told:
    text: str
    revision: str | None = None
    """What the page goes on from, as if it were opened now, if what was sent is saved."""
    is_over: bool = False
    """Whether nothing that this page sends in the background can be saved any more."""


def saved(row: Saved, opened_with: str, engagement: Engagement, now: datetime) -> Told:
    """What the top of the page says of the time left is old by the last hour, so it is said anew."""
    text = _("Saved at %(time)s", time=clock(row.saved_at))
    if engagement.closes_at - now < LAST:
        text = f"{text}. {deadline(engagement, now)}"
    return Told(text, revision=opened_with)


def refused(problems: list[Problem]) -> Told:
    return Told(_("Not saved: %(reason)s", reason=problems[0].text))


def clash(newest: Saved | None, *, person_id: uuid.UUID | None, moved: bool) -> Told:
    """`moved` is whether the page is of another version of the questionnaire than the draft is now."""
    if moved:
        text = _(
            "Not saved: the buyer published a new version of the questionnaire. "
            "Choose “Save and continue” to see what is kept."
        )
    elif newest is None:
        text = _("Not saved: this section has changed. Open it again to see it as it is now.")
    elif newest.saved_by == person_id:
        text = _(
            "Not saved: you saved this section on another page at %(when)s. "
            "Choose “Save and continue” to see both versions.",
            when=moment(newest.saved_at),
        )
    else:
        text = _(
            "Not saved: %(name)s saved this section on another page at %(when)s. "
            "Choose “Save and continue” to see both versions.",
            name=newest.saver,
            when=moment(newest.saved_at),
        )
    return Told(text, is_over=True)


def section_removed() -> Told:
    text = _(
        "Not saved: the buyer published a new version of the questionnaire without this section. "
        "Choose “Save and continue” to see what you typed."
    )
    return Told(text, is_over=True)


def not_open(engagement: Engagement, now: datetime) -> Told:
    if engagement.state(now) is EngagementState.CLOSED:
        return Told(_("Not saved: this engagement has closed."), is_over=True)
    return Told(_("Not saved: this engagement is not open yet."), is_over=True)
