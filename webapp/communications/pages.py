"""The plan of communication and the events, as their pages and the calendar file show them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from urllib.parse import urlsplit
from uuid import UUID

from flask import url_for
from markupsafe import Markup

from webapp.communications.words import CHANNELS
from webapp.exports.ics import Moment, calendar
from webapp.models import EngagementEvent, PlannedActivity, Programme
from webapp.web.cells import Cell, Row, link, tag
from webapp.web.charts import Mark, Milestone, TimelineRow, timeline
from webapp.web.format import LONDON, clock, moment, plural, short_day
from webapp.web.pagination import Page

MOST_EVENTS_DRAWN = 10
BEGINNING_OF_WORK = time(9)


@dataclass(frozen=True, slots=True)
class PlanPage:
    activities: Page[PlannedActivity]
    rows: tuple[Row, ...]
    overdue: str
    """How many of them are, if any."""
    chart: Markup | None
    chart_rows: tuple[Row, ...]


def plan_page(
    programme: Programme,
    activities: Page[PlannedActivity],
    events: Sequence[EngagementEvent],
    now: datetime,
    *,
    may_change: bool,
) -> PlanPage:
    """`events` are those drawn beside the activities."""
    today = now.astimezone(LONDON).date()
    return PlanPage(
        activities=activities,
        rows=tuple(_activity(programme, each, today, may_change=may_change) for each in activities.items),
        overdue=_overdue(sum(each.is_overdue(today) for each in activities.items)),
        chart=_chart(activities.items, events, today),
        chart_rows=tuple(
            [
                (each.what, f"Done {short_day(each.done_on)}" if each.done_on else f"Due {short_day(each.due_on)}")
                for each in activities.items
            ]
            + [(each.title, short_day(each.begins_at)) for each in events]
        ),
    )


def _overdue(late: int) -> str:
    are = "is" if late == 1 else "are"
    return f"{plural(late, 'activity', 'activities')} on this page {are} overdue." if late else ""


def _activity(programme: Programme, row: PlannedActivity, today: date, *, may_change: bool) -> Row:
    href = url_for("communications.change_activity", programme_id=programme.id, activity_id=row.id)
    return (
        link(row.what, href) if may_change else row.what,
        row.audience,
        CHANNELS[row.channel],
        row.owner.person.name if row.owner else tag("Nobody", "red"),
        short_day(row.due_on),
        _state(row, today),
        row.note or "",
    )


def _state(row: PlannedActivity, today: date) -> Cell:
    if row.done_on is not None:
        return f"Done on {short_day(row.done_on)}"
    return tag("Overdue", "red") if row.is_overdue(today) else tag("To do", "blue")


def _chart(activities: Sequence[PlannedActivity], events: Sequence[EngagementEvent], today: date) -> Markup | None:
    if not activities and not events:
        return None
    rows = [TimelineRow(label=each.what, stages=(), milestones=(_milestone(each, today),)) for each in activities]
    if events:
        held = tuple(Milestone(label=each.title, on=each.begins_at.astimezone(LONDON).date()) for each in events)
        rows.append(TimelineRow(label="Events", stages=(), milestones=held))
    marks = [Mark(label="Today", on=today, kind="today")]
    return timeline("plan", "When each activity is due and events are held", rows, kinds=(), marks=marks)


def _milestone(row: PlannedActivity, today: date) -> Milestone:
    if row.done_on is not None:
        return Milestone(label="Done", on=row.done_on)
    return Milestone(label="Overdue" if row.is_overdue(today) else "Due", on=row.due_on)


def event_rows(
    programme: Programme, events: Sequence[EngagementEvent], attended: Mapping[UUID, int], now: datetime
) -> tuple[Row, ...]:
    return tuple(
        (
            link(each.title, url_for("communications.event", programme_id=programme.id, event_id=each.id)),
            moment(each.begins_at),
            each.place,
            each.engagement.title,
            _attendance(each, attended.get(each.id, 0), now),
        )
        for each in events
    )


def _attendance(event: EngagementEvent, attended: int, now: datetime) -> Cell:
    if event.held_at is not None:
        return plural(attended, "person", "people")
    return tag("Attendance not entered", "yellow") if event.ends_at < now else "To be held"


def event_facts(event: EngagementEvent) -> list[dict[str, str]]:
    return [
        {"key": "Engagement", "value": event.engagement.title},
        {"key": "When", "value": f"{moment(event.begins_at)}, until {clock(event.ends_at)}"},
        {"key": "Where", "value": event.place},
        {"key": "How many can come", "value": event.capacity or "Not said"},
        {"key": "Attendance entered", "value": moment(event.held_at) if event.held_at else "Not yet"},
    ]


def calendar_file(
    programme: Programme,
    activities: Sequence[PlannedActivity],
    events: Sequence[EngagementEvent],
    *,
    address: str,
    now: datetime,
) -> bytes:
    """What is still to be done, at nine on the day it is due, and every event."""
    host = urlsplit(address).hostname
    due = [
        Moment(
            uid=f"{each.id}-due@{host}",
            at=datetime.combine(each.due_on, BEGINNING_OF_WORK, LONDON),
            title=f"Due: {each.what}",
            description=f"For {each.audience}. {each.owner.person.name if each.owner else 'Nobody'} sees to it.",
            address=address,
            revision=each.revision,
        )
        for each in activities
        if each.done_on is None
    ]
    held = [
        Moment(
            uid=f"{each.id}-event@{host}",
            at=each.begins_at,
            title=each.title,
            description=f"{each.place}. {each.engagement.title}",
            address=address,
            revision=each.revision,
        )
        for each in events
    ]
    return calendar([*due, *held], name=f"Plan of {programme.title}", written_at=now)
