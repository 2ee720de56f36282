"""What an officer says of an engagement before it is published."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.actions import EngagementNotice
from webapp.engagements.forms import DAYS_END, LONGEST_OPEN
from webapp.models import Engagement, Lot
from webapp.web.dates import DateField
from webapp.web.fields import (
    CheckboxesField,
    CheckboxField,
    EmailField,
    HiddenField,
    TextAreaField,
    TextField,
    choice,
)
from webapp.web.format import LONDON, clock
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.times import is_time, moment_of, parse_time
from webapp.web.validators import Answered, EmailAddress

TIME_HINT = "For example, 9am, 17:00 or noon. London time."


class NoticeForm(BaseForm):
    """`revision` is that of the draft which the page showed."""

    title = TextField(
        "Title",
        [Answered("Enter a title")],
        description="What is asked about and where, like Dental services for prisons in the North West",
    )
    reference = TextField(
        "Reference",
        [Answered("Enter a reference")],
        max_length=40,
        description="Your own, like ME-01. Each engagement of a programme has another",
        render_kw={"width": "20", "spellcheck": False},
    )
    summary = TextAreaField(
        "What it is about",
        [Answered("Say what the engagement is about")],
        max_length=5000,
        description="A few sentences for providers: what you may buy, and what you want to learn from them",
    )
    procedure = TextAreaField(
        "How it works",
        [Answered("Say how the engagement works")],
        max_length=10_000,
        description="What is asked, how questions are answered, what happens with the answers. Each line becomes a "
        "paragraph",
    )
    contact_email = EmailField(
        "Email address for questions about the engagement",
        [Answered("Enter an email address"), EmailAddress()],
        description="Everybody can see it. Use a shared mailbox if you have one",
    )
    lots = CheckboxesField(
        "Which lots does it ask about?",
        subject="Lots",
        description="Choose none to engage the market before lots are cut: the questionnaire then asks about none",
    )
    opens_on = DateField("It opens on", [Answered("Enter the day on which it opens")], subject="Opening day")
    opens_time = TextField(
        "Time of day at which it opens",
        [Answered("Enter the time of day at which it opens"), is_time],
        description=TIME_HINT,
        render_kw={"width": "5"},
    )
    closes_on = DateField("It closes on", [Answered("Enter the day on which it closes")], subject="Closing day")
    closes_time = TextField(
        "Time of day at which it closes",
        [Answered("Enter the time of day at which it closes"), is_time],
        description=TIME_HINT,
        render_kw={"width": "5"},
    )
    questions_on = DateField(
        "Last day for questions (optional)",
        subject="Last day for questions",
        description="Questions can be asked until the end of that day. Leave it empty to take them until it closes",
    )
    sealed = CheckboxField(
        "Seal the responses until they are opened",
        description="Until then nobody in the team learns who has responded, how many have or what they say. A lead "
        "officer opens all of them together, after the engagement has closed and before witnesses",
    )
    revision = HiddenField("Revision")

    def offer(self, lots: Sequence[Lot]) -> None:
        self.lots.choices = [choice(str(lot.id), f"{lot.code}: {lot.title}") for lot in lots]

    def validate_closes_on(self, field: Field) -> None:
        if self._can_compare() and self.closes_at() <= self.opens_at():
            raise ValidationError("It must close later than it opens")
        if self._can_compare() and self.closes_at() > self.opens_at() + LONGEST_OPEN:
            raise ValidationError("It must close within a year of opening. Check the year")

    def validate_questions_on(self, field: Field) -> None:
        if field.data and self.closes_on.data and field.data > self.closes_on.data:
            raise ValidationError("The last day for questions must not be after the closing day")

    def opens_at(self) -> datetime:
        return moment_of(self.opens_on.data, self.opens_time.data)

    def closes_at(self) -> datetime:
        return moment_of(self.closes_on.data, self.closes_time.data)

    def revision_seen(self) -> str:
        """That which the page carried; never that of the draft as it is now."""
        return str((self.revision.raw_data or [""])[0])

    def notice(self) -> EngagementNotice:
        last = self.questions_on.data
        return EngagementNotice(
            reference=self.reference.data,
            title=self.title.data,
            summary=self.summary.data,
            process=self.procedure.data,
            contact_email=self.contact_email.data,
            opens_at=self.opens_at(),
            closes_at=self.closes_at(),
            questions_close_at=min(datetime.combine(last, DAYS_END, LONDON), self.closes_at()) if last else None,
            sealed=bool(self.sealed.data),
        )

    def chosen(self, lots: Sequence[Lot]) -> list[Lot]:
        """In the programme's order."""
        wanted = {uuid.UUID(each) for each in self.lots.data or ()}
        return [lot for lot in lots if lot.id in wanted]

    def _can_compare(self) -> bool:
        times = (parse_time(self.opens_time.data or ""), parse_time(self.closes_time.data or ""))
        return None not in (self.opens_on.data, self.closes_on.data, *times)


class NewNoticeForm(NoticeForm, OnceForm):
    """Of an engagement that is not there yet."""


def stored(engagement: Engagement) -> dict[str, Any]:
    """A draft as the form's data."""
    opens, closes = engagement.opens_at.astimezone(LONDON), engagement.closes_at.astimezone(LONDON)
    questions = engagement.questions_close_at
    return {
        "title": engagement.title,
        "reference": engagement.reference,
        "summary": engagement.summary,
        "procedure": engagement.process,
        "contact_email": engagement.contact_email,
        "lots": [str(entry.lot_id) for entry in engagement.engagement_lots],
        "opens_on": opens.date(),
        "opens_time": clock(opens),
        "closes_on": closes.date(),
        "closes_time": clock(closes),
        "questions_on": questions.astimezone(LONDON).date() if questions else None,
        "sealed": engagement.sealed,
        "revision": str(engagement.revision),
    }


class PublishForm(BaseForm):
    revision = HiddenField("Revision")
    sure = CheckboxField(
        "I have read what becomes public, and publish it", [Answered("Confirm that you want to publish the engagement")]
    )

    def validate_revision(self, field: Field) -> None:
        sent = (field.raw_data or [""])[0]
        if not sent.isdecimal() or len(sent) > 6:
            raise ValidationError("Reload the page and publish again")

    def revision_seen(self) -> int:
        return int(self.revision.data)
