"""What a section's page is told when its script saves in the background, in words that it shows as they are."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from webapp.models import DraftSection, Engagement
from webapp.responses.drafts import Problem
from webapp.responses.pages import why_not_open
from webapp.web.format import clock, moment


@dataclass(frozen=True)
class Told:
    text: str
    revision: int | None = None
    """What is saved now, if it is what was sent."""
    is_over: bool = False
    """Whether nothing that this page sends in the background can be saved any more."""


def saved(row: DraftSection) -> Told:
    return Told(f"Saved at {clock(row.saved_at)}", revision=row.revision)


def refused(problems: list[Problem]) -> Told:
    return Told(f"Not saved: {problems[0].text}")


def clash(newest: DraftSection | None, person_id: uuid.UUID | None) -> Told:
    if newest is None:
        return Told("Not saved: this section has changed. Open it again to see it as it is now.", is_over=True)
    somebody = "you" if newest.saved_by == person_id else newest.saver.name
    return Told(
        f"Not saved: {somebody} saved this section on another page at {moment(newest.saved_at)}. "
        "Choose “Save and continue” to see both versions.",
        is_over=True,
    )


def not_open(engagement: Engagement, now: datetime) -> Told:
    title, _ = why_not_open(engagement, now)
    return Told(f"Not saved: {title[0].lower()}{title[1:]}.", is_over=True)
