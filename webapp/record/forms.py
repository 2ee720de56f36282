"""What the pages of the record ask for."""

from __future__ import annotations

from typing import Any, Self

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.models import Decision, Disclosure, Lesson, LessonKind, Meeting
from webapp.record.lessons import KIND_WORDS
from webapp.web.clashes import RevisedForm
from webapp.web.dates import DateField
from webapp.web.fields import RadioField, TextAreaField, TextField, choice
from webapp.web.format import LONDON
from webapp.web.once import OnceForm
from webapp.web.request import arrived_at
from webapp.web.times import day_and_time, is_time, moment_of
from webapp.web.validators import Answered

YES, NO = "yes", "no"
Row = Disclosure | Meeting | Decision | Lesson


def has_come(form: Form, field: Field) -> None:
    """The record is of what has happened."""
    if field.data and field.data > arrived_at().astimezone(LONDON).date():
        raise ValidationError("The day must not be after today")


class RowForm(OnceForm, RevisedForm):
    """The form of a row that is written once. `revision` is the id of the row that the page showed, to be corrected."""

    @classmethod
    def of(cls, row: Row) -> Self:
        return cls(data={**cls.stored(row), "revision": str(row.id)})

    @classmethod
    def stored(cls, row: Any) -> dict[str, Any]:
        """The row as the form's data."""
        raise NotImplementedError

    def is_behind(self, row: object) -> bool:
        return bool(self.revision.data != str(getattr(row, "id", None)))

    def row(self) -> Row:
        raise NotImplementedError


class DisclosureForm(RowForm):
    what = TextAreaField("What was told?", [Answered("Enter what was told")], max_length=5000)
    told_to = TextField(
        "To whom?",
        [Answered("Enter to whom it was told")],
        subject="Those who were told",
        max_length=500,
        description="Organisations and people, or that it was everybody",
    )
    day = DateField("On which day?", [Answered("Enter the day"), has_come], subject="The day")
    time = TextField(
        "At what time?",
        [Answered("Enter the time"), is_time],
        description="Like 10:30 or 2pm",
        render_kw={"width": "5"},
    )
    published_where = TextField(
        "Where was the same published for all? (optional)",
        subject="Where it was published",
        max_length=500,
        description="Such as clarification 4, or the address of a page",
    )

    @classmethod
    def stored(cls, row: Disclosure) -> dict[str, Any]:
        return {
            "what": row.what,
            "told_to": row.told_to,
            **day_and_time(row.told_at),
            "published_where": row.published_where,
        }

    def row(self) -> Disclosure:
        return Disclosure(
            what=self.what.data,
            told_to=self.told_to.data,
            told_at=moment_of(self.day.data, self.time.data),
            published_where=self.published_where.data or None,
        )


class MeetingForm(RowForm):
    title = TextField(
        "What was the meeting?", [Answered("Enter what the meeting was")], subject="The name of the meeting"
    )
    day = DateField("On which day was it held?", [Answered("Enter the day"), has_come], subject="The day")
    time = TextField(
        "When did it begin?",
        [Answered("Enter the time"), is_time],
        description="Like 10:30 or 2pm",
        render_kw={"width": "5"},
    )
    place = TextField("Where? (optional)", subject="The place", description="A place, or that it was held online")
    attended_by = TextAreaField(
        "Who attended?",
        [Answered("Enter who attended")],
        subject="The list of who attended",
        max_length=5000,
        description="A line for each",
    )
    minutes = TextAreaField("Minutes", [Answered("Enter the minutes")], max_length=50_000, render_kw={"rows": 12})

    @classmethod
    def stored(cls, row: Meeting) -> dict[str, Any]:
        plain = {name: getattr(row, name) for name in ("title", "place", "attended_by", "minutes")}
        return plain | day_and_time(row.held_at)

    def row(self) -> Meeting:
        return Meeting(
            title=self.title.data,
            held_at=moment_of(self.day.data, self.time.data),
            place=self.place.data or None,
            attended_by=self.attended_by.data,
            minutes=self.minutes.data,
        )


class DecisionForm(RowForm):
    title = TextField("What was decided?", [Answered("Enter what was decided")])
    decided_on = DateField("When?", [Answered("Enter the day of the decision"), has_come], subject="The day")
    decided_by = TextField(
        "By whom?", [Answered("Enter who decided")], subject="Who decided", description="A person or a board"
    )
    reasons = TextAreaField(
        "Why?",
        [Answered("Enter the reasons")],
        subject="The reasons",
        max_length=20_000,
        description="Also what was considered and not chosen, and how key criteria were weighed",
        render_kw={"rows": 8},
    )
    conditions = TextAreaField("On which conditions? (optional)", subject="The conditions", max_length=5000)

    @classmethod
    def stored(cls, row: Decision) -> dict[str, Any]:
        return {name: getattr(row, name) for name in ("title", "decided_on", "decided_by", "reasons", "conditions")}

    def row(self) -> Decision:
        return Decision(
            title=self.title.data,
            decided_on=self.decided_on.data,
            decided_by=self.decided_by.data,
            reasons=self.reasons.data,
            conditions=self.conditions.data or None,
        )


class LessonForm(RowForm):
    title = TextField("What is it about?", [Answered("Enter what it is about")], subject="What it is about")
    kind = RadioField(
        "What is it?",
        [Answered("Choose what it is")],
        choices=[choice(kind.value, words) for kind, (_, words) in KIND_WORDS.items()],
    )
    happened_on = DateField("When was it?", [Answered("Enter the day"), has_come], subject="The day")
    what = TextAreaField(
        "What happened?",
        [Answered("Enter what happened")],
        subject="What happened",
        max_length=20_000,
        description="Of a complaint, a representation or a challenge also what became of it, and when",
        render_kw={"rows": 8},
    )
    next_time = TextAreaField(
        "What should be done next time? (optional)", subject="What should be done next time", max_length=5000
    )

    @classmethod
    def stored(cls, row: Lesson) -> dict[str, Any]:
        plain = {name: getattr(row, name) for name in ("title", "happened_on", "what", "next_time")}
        return plain | {"kind": row.kind.value}

    def row(self) -> Lesson:
        return Lesson(
            title=self.title.data,
            kind=LessonKind(self.kind.data),
            happened_on=self.happened_on.data,
            what=self.what.data,
            next_time=self.next_time.data or None,
        )


def given_if_any(form: Form, field: Field) -> None:
    if form["has_interest"].data == YES and not (field.data or "").strip():
        raise ValidationError("Enter the interest")


class ConflictForm(OnceForm):
    declared_by = TextField(
        "Who declares?",
        [Answered("Enter who declares")],
        subject="Who declares it",
        description="The person whose interest it is",
    )
    declared_on = DateField("When was it declared?", [Answered("Enter the day"), has_come], subject="The day")
    has_interest = RadioField(
        "Is there an interest that could conflict?",
        [Answered("Choose yes if there is an interest, or no")],
        choices=[choice(YES, "Yes"), choice(NO, "No, none")],
    )
    interest = TextAreaField(
        "What is the interest?",
        [given_if_any],
        subject="The interest",
        max_length=5000,
        description="Money, work, family or friendship with somebody who could bid",
    )

    def declared_interest(self) -> str | None:
        return self.interest.data if self.has_interest.data == YES else None


class ActionForm(OnceForm):
    action = TextAreaField(
        "What is done about it?",
        [Answered("Enter what is done about it")],
        max_length=5000,
        description="Such as: takes no part in evaluating lots 3 and 4. Say who decided it; nobody decides about "
        "an interest of their own",
    )
