"""Needs, partners, board dates, and days on which nothing is published."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from webapp.models import Blackout, BoardDate, Need, Partner
from webapp.programmes.setting_up.part import Part, PartForm, taken
from webapp.programmes.setting_up.plan import Plan
from webapp.programmes.setting_up.rules import days_in_order
from webapp.web.cells import Cell
from webapp.web.dates import DateField
from webapp.web.fields import EmailField, SelectField, TextAreaField, TextField, choice
from webapp.web.format import day
from webapp.web.text import seen
from webapp.web.validators import Answered, EmailAddress


class NeedForm(PartForm):
    title = TextField("What is needed?", [Answered("Enter what is needed")])
    detail = TextAreaField("More about it (optional)", subject="More about it", max_length=5000)
    site_id = SelectField("Where?")
    service_line_id = SelectField("From which service line?")
    source = TextField(
        "Where is this from? (optional)",
        subject="Where this is from",
        description="Such as a health needs assessment and its date",
    )

    def offer(self, plan: Plan) -> None:
        sites, service_lines = plan.programme.sites, plan.programme.service_lines
        self.site_id.choices = [choice("", "At all sites"), *(choice(str(each.id), each.name) for each in sites)]
        self.service_line_id.choices = [
            choice("", "From all service lines"),
            *(choice(str(each.id), each.name) for each in service_lines),
        ]

    def fit(self, plan: Plan, row: Need | None) -> None:
        if taken(plan.needs, row, "title", self.title.data):
            self.add_error(self.title, "This need is there already")

    @classmethod
    def stored(cls, row: Need) -> dict[str, Any]:
        return {
            "title": row.title,
            "detail": row.detail,
            "site_id": str(row.site_id or ""),
            "service_line_id": str(row.service_line_id or ""),
            "source": row.source,
        }

    def write(self, row: Need, plan: Plan) -> None:
        row.title, row.detail, row.source = self.title.data, self.detail.data or None, self.source.data or None
        row.site_id = uuid.UUID(self.site_id.data) if self.site_id.data else None
        row.service_line_id = uuid.UUID(self.service_line_id.data) if self.service_line_id.data else None


class PartnerForm(PartForm):
    name = TextField("Name of the organisation", [Answered("Enter the name of the organisation")])
    part = TextField(
        "What does it do in the programme?",
        [Answered("Enter what it does in the programme")],
        subject="What it does",
        description="Such as runs the prisons, or sits on the partnership board",
    )
    contact_name = TextField("Whom do you speak to? (optional)", subject="The contact")
    contact_email = EmailField("Their email address (optional)", [EmailAddress()], subject="The email address")

    def fit(self, plan: Plan, row: Partner | None) -> None:
        if taken(plan.partners, row, "name", self.name.data):
            self.add_error(self.name, "This partner is there already")

    @classmethod
    def stored(cls, row: Partner) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("name", "part", "contact_name", "contact_email")}

    def write(self, row: Partner, plan: Plan) -> None:
        row.name, row.part = self.name.data, self.part.data
        row.contact_name, row.contact_email = self.contact_name.data or None, self.contact_email.data or None


class BoardDateForm(PartForm):
    board = TextField("Which board?", [Answered("Enter the name of the board")], subject="The board")
    day = DateField("When does it meet?", [Answered("Enter the day on which it meets")], subject="The day")

    def fit(self, plan: Plan, row: BoardDate | None) -> None:
        wanted = (seen(self.board.data), self.day.data)
        if any(other is not row and (seen(other.board), other.day) == wanted for other in plan.board_dates):
            self.add_error(self.day, "This meeting is there already")

    @classmethod
    def stored(cls, row: BoardDate) -> dict[str, Any]:
        return {"board": row.board, "day": row.day}

    def write(self, row: BoardDate, plan: Plan) -> None:
        row.board, row.day = self.board.data, self.day.data


class BlackoutForm(PartForm):
    first_day = DateField("First day", [Answered("Enter the first day")])
    last_day = DateField("Last day", [Answered("Enter the last day")])
    reason = TextField(
        "Why?",
        [Answered("Enter why nothing may be published then")],
        subject="The reason",
        description="Like Christmas",
    )

    def fit(self, plan: Plan, row: Blackout | None) -> None:
        wanted = (self.first_day.data, self.last_day.data)
        self.refuse(days_in_order(self.first_day.data, self.last_day.data))
        if any(other is not row and (other.first_day, other.last_day) == wanted for other in plan.blackouts):
            self.add_error(self.first_day, "These days are there already")

    @classmethod
    def stored(cls, row: Blackout) -> dict[str, Any]:
        return {"first_day": row.first_day, "last_day": row.last_day, "reason": row.reason}

    def write(self, row: Blackout, plan: Plan) -> None:
        row.first_day, row.last_day, row.reason = self.first_day.data, self.last_day.data, self.reason.data


def _need_cells(row: Need, plan: Plan) -> Sequence[Cell]:
    site = row.site.name if row.site else "All sites"
    return (row.title, site, row.service_line.name if row.service_line else "All service lines", row.source or "")


NEEDS = Part(
    "needs",
    "Needs",
    "need",
    "What the people who use the services need from them.",
    lambda programme_id: Need(programme_id=programme_id),
    NeedForm,
    ("Need", "Where", "Service line", "Source"),
    lambda plan: plan.needs,
    _need_cells,
)
PARTNERS = Part(
    "partners",
    "Partners",
    "partner",
    "Organisations that have a say or a part in the programme without buying or providing.",
    lambda programme_id: Partner(programme_id=programme_id),
    PartnerForm,
    ("Organisation", "Part", "Contact"),
    lambda plan: plan.partners,
    lambda row, plan: (row.name, row.part, row.contact_name or row.contact_email or ""),
)
BOARD_DATES = Part(
    "board-dates",
    "Board dates",
    "board date",
    "The days on which a board can approve. The schedule waits for them.",
    lambda programme_id: BoardDate(programme_id=programme_id),
    BoardDateForm,
    ("Board", "Day"),
    lambda plan: plan.board_dates,
    lambda row, plan: (row.board, day(row.day)),
)
BLACKOUTS = Part(
    "blackouts",
    "Days without publication",
    "period without publication",
    "Days on which nothing may be published, such as before an election.",
    lambda programme_id: Blackout(programme_id=programme_id),
    BlackoutForm,
    ("Reason", "First day", "Last day"),
    lambda plan: plan.blackouts,
    lambda row, plan: (row.reason, day(row.first_day), day(row.last_day)),
)
