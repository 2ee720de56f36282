"""When somebody is reminded that an engagement closes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from webapp.models import Engagement, ReminderKind

TWO_DAYS = timedelta(days=2)
TWO_HOURS = timedelta(hours=2)


class Situation(Enum):
    """How an organisation stands shortly before the closing time."""

    NOT_STARTED = "invited, without a response"
    DRAFT = "a draft, never submitted"
    CHANGES = "submitted, and changed since"


HALF_WAY = {
    Situation.NOT_STARTED: ReminderKind.NOT_STARTED_HALF_WAY,
    Situation.DRAFT: ReminderKind.DRAFT_HALF_WAY,
}
BEFORE_CLOSING = {
    Situation.NOT_STARTED: ((ReminderKind.NOT_STARTED_TWO_DAYS, TWO_DAYS),),
    Situation.DRAFT: ((ReminderKind.DRAFT_TWO_DAYS, TWO_DAYS), (ReminderKind.DRAFT_TWO_HOURS, TWO_HOURS)),
    Situation.CHANGES: ((ReminderKind.CHANGES_TWO_DAYS, TWO_DAYS), (ReminderKind.CHANGES_TWO_HOURS, TWO_HOURS)),
}


@dataclass(frozen=True, slots=True)
class Due:
    at: datetime
    kind: ReminderKind


def due(engagement: Engagement, situation: Situation, now: datetime) -> Due | None:
    """The latest reminder whose time has come. An engagement so short that it comes before half-way has none of it."""
    half_way = engagement.opens_at + (engagement.closes_at - engagement.opens_at) / 2
    times = [Due(engagement.closes_at - before, kind) for kind, before in BEFORE_CLOSING[situation]]
    if situation in HALF_WAY:
        times.append(Due(half_way, HALF_WAY[situation]))
    return max((time for time in times if half_way <= time.at <= now), key=lambda time: time.at, default=None)
