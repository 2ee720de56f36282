"""What the pages of the plan and of events ask for."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.communications.actions import Attendee
from webapp.communications.revised import RowForm
from webapp.communications.words import CHANNELS
from webapp.models import Channel, Engagement, EngagementEvent, PlannedActivity, TeamMember
from webapp.web.dates import DateField
from webapp.web.fields import MAX_LINE, SelectField, TextAreaField, TextField, choice
from webapp.web.format import LONDON, plural
from webapp.web.forms import BaseForm
from webapp.web.times import is_time, moment_of, parse_time
from webapp.web.validators import Answered

MOST_TOLD = 10
MOST_ATTENDEES = 500


class ActivityForm(RowForm):
    what = TextField(
        "What is to be done?",
        [Answered("Enter what is to be done")],
        description="Like: publish the preliminary market engagement notice",
    )
    audience = TextField(
        "Who is it for?",
        [Answered("Enter who it is for")],
        subject="Who it is for",
        description="Like: all dental providers",
    )
    channel = SelectField(
        "How does it reach them?",
        [Answered("Choose how it reaches them")],
        choices=[choice("", "Choose a way"), *(choice(channel.value, words) for channel, words in CHANNELS.items())],
    )
    owner_id = SelectField("Who sees to it?", [Answered("Choose who sees to it")])
    due_on = DateField("By which day?", [Answered("Enter the day by which it is due")], subject="The day it is due")
    done_on = DateField(
        "When was it done? (optional)", subject="The day it was done", description="Leave it blank until it is done"
    )
    note = TextAreaField("Note (optional)", subject="The note", max_length=5000)

    def offer(self, team: Sequence[TeamMember], today: date) -> None:
        self._today = today
        people = [choice(str(member.id), member.person.name) for member in team]
        self.owner_id.choices = [choice("", "Choose somebody of the team"), *people]

    def validate_done_on(self, field: Field) -> None:
        if field.data and field.data > self._today:
            raise ValidationError("The day it was done must be today or earlier")

    @classmethod
    def stored(cls, row: PlannedActivity) -> dict[str, Any]:
        plain = {name: getattr(row, name) for name in ("what", "audience", "due_on", "done_on", "note")}
        owner = str(row.owner_id) if row.owner_id else None
        return plain | {"channel": row.channel.value, "owner_id": owner, "revision": str(row.revision)}

    def write(self, row: PlannedActivity) -> None:
        row.what, row.audience = self.what.data, self.audience.data
        row.channel, row.owner_id = Channel(self.channel.data), uuid.UUID(self.owner_id.data)
        row.due_on, row.done_on, row.note = self.due_on.data, self.done_on.data, self.note.data or None


class EventForm(RowForm):
    engagement_id = SelectField("Of which engagement?", [Answered("Choose the engagement")])
    title = TextField(
        "What is the event?", [Answered("Enter what the event is")], subject="The event", description="Like: market day"
    )
    day = DateField("On which day?", [Answered("Enter the day")], subject="The day")
    begins = TextField(
        "When does it begin?",
        [Answered("Enter when it begins"), is_time],
        subject="When it begins",
        description="Like 10:30 or 2pm",
        render_kw={"width": "5"},
    )
    ends = TextField(
        "When does it end?",
        [Answered("Enter when it ends"), is_time],
        subject="When it ends",
        render_kw={"width": "5"},
    )
    place = TextField(
        "Where?",
        [Answered("Enter where it is")],
        subject="Where it is",
        max_length=500,
        description="A place, or the address of the online meeting",
    )
    capacity = TextField(
        "How many can come? (optional)",
        subject="How many can come",
        max_length=500,
        description="Like: 60 people, two for each organisation; a second day if more apply",
    )

    def offer(self, engagements: Sequence[Engagement]) -> None:
        nothing = [choice("", "Choose an engagement")] if len(engagements) != 1 else []
        self.engagement_id.choices = nothing + [choice(str(each.id), each.title) for each in engagements]

    def validate_ends(self, field: Field) -> None:
        begins, ends = parse_time(self.begins.data or ""), parse_time(field.data or "")
        if begins and ends and ends <= begins:
            raise ValidationError("The event must end after it begins, on the same day")

    @classmethod
    def stored(cls, row: EngagementEvent) -> dict[str, Any]:
        begins, ends = row.begins_at.astimezone(LONDON), row.ends_at.astimezone(LONDON)
        return {
            "engagement_id": str(row.engagement_id),
            "title": row.title,
            "day": begins.date(),
            "begins": f"{begins:%H:%M}",
            "ends": f"{ends:%H:%M}",
            "place": row.place,
            "capacity": row.capacity,
            "revision": str(row.revision),
        }

    def write(self, row: EngagementEvent) -> None:
        row.engagement_id, row.title = uuid.UUID(self.engagement_id.data), self.title.data
        row.begins_at = moment_of(self.day.data, self.begins.data)
        row.ends_at = moment_of(self.day.data, self.ends.data)
        row.place, row.capacity = self.place.data, self.capacity.data or None


def attendees_of(typed: str) -> list[Attendee]:
    """A person a line, "name, organisation". Raises ValidationError that names the lines amiss.

    >>> attendees_of("Ann Price, North Care")
    [Attendee(name='Ann Price', organisation='North Care')]
    """
    found: dict[tuple[str, str], Attendee] = {}
    faults: list[str] = []
    for number, line in enumerate(typed.splitlines(), 1):
        if not line.strip():
            continue
        name, _comma, organisation = (part.strip() for part in line.partition(","))
        same = (name.casefold(), organisation.casefold())
        if not name or not organisation:
            faults.append(f"Line {number} must be a name, a comma and an organisation")
        elif max(len(name), len(organisation)) > MAX_LINE:
            faults.append(f"In line {number} the name and the organisation must be {MAX_LINE} characters or fewer")
        elif same in found:
            faults.append(f"Line {number} names {name} of {organisation} a second time")
        found.setdefault(same, Attendee(name, organisation))
    if faults:
        raise ValidationError(". ".join([*faults[:MOST_TOLD], *_untold(faults)]))
    if len(found) > MOST_ATTENDEES:
        raise ValidationError(f"Enter {MOST_ATTENDEES} people or fewer at a time")
    return list(found.values())


def _untold(faults: list[str]) -> list[str]:
    rest = len(faults) - MOST_TOLD
    return [f"{plural(rest, 'more line is', 'more lines are')} amiss"] if rest > 0 else []


class AttendanceForm(BaseForm):
    people = TextAreaField(
        "Who came?",
        [Answered("Enter who came")],
        max_length=50_000,
        description="A line for each person: name, comma, organisation. Like: Ann Price, North Care",
        render_kw={"rows": 12},
    )

    def validate_people(self, field: Field) -> None:
        attendees_of(field.data or "")

    @property
    def attendees(self) -> list[Attendee]:
        return attendees_of(self.people.data)
