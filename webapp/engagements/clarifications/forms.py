"""The forms of a question and of its answer."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from datetime import datetime

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.clarifications.actions import Asking, Received
from webapp.engagements.clarifications.names import Identity
from webapp.engagements.clarifications.pages import HOW
from webapp.language import Later, _
from webapp.models import AskedHow, Engagement, EngagementLot, Organisation
from webapp.web.dates import DateField
from webapp.web.fields import (
    CharacterCountField,
    CheckboxField,
    GovField,
    HiddenField,
    RadioField,
    SelectField,
    TextAreaField,
    TextField,
    choice,
)
from webapp.web.format import moment
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.times import is_time, moment_of
from webapp.web.validators import Answered

MOST_WORDS = 500


def lot_choices(lots: Iterable[EngagementLot]) -> list[tuple[str, str]]:
    return [
        choice("", _("No lot in particular")),
        *(choice(str(entry.lot_id), f"{entry.lot.code}: {entry.lot.title}") for entry in lots),
    ]


class AskForm(BaseForm):
    question = CharacterCountField(
        Later("Your question"),
        [Answered(Later("Enter your question"))],
        subject=Later("Your question"),
        description=Later("Leave out names and anything that others should not know: the answer goes to everybody."),
        max_words=MOST_WORDS,
    )
    lot_id = SelectField(Later("Which lot is it about?"), subject=Later("The lot"))
    nonce = HiddenField("Nonce")

    def offer(self, lots: Iterable[EngagementLot]) -> None:
        self.lot_id.choices = lot_choices(lots)

    def validate_nonce(self, field: Field) -> None:
        try:
            uuid.UUID(field.data or "")
        except ValueError as problem:
            raise ValidationError(_("Reload the page and ask again")) from problem

    def asking(self) -> Asking:
        lot = self.lot_id.data
        return Asking(
            question=self.question.data, lot_id=uuid.UUID(lot) if lot else None, nonce=uuid.UUID(self.nonce.data)
        )


class EntryForm(OnceForm):
    """A question that came otherwise than through the service."""

    how = RadioField(
        "How did it come?",
        [Answered("Choose how it came")],
        choices=[choice(each.value, label) for each, label in HOW.items()],
    )
    organisation_id = SelectField(
        "Which provider asked?",
        subject="The provider",
        description="For officers of this engagement alone, and to mark its names before you publish",
    )
    day = DateField("On which day did it come?", [Answered("Enter the day on which it came")], subject="The day")
    time = TextField(
        "At what time?",
        [Answered("Enter the time at which it came"), is_time],
        subject="The time",
        description="Like 16:40 or 9am. London time",
        render_kw={"width": "5"},
    )
    late_reason = TextAreaField(
        "Why is it accepted, if it came after the last time for questions?",
        subject="The reason",
        description="It goes into the equal-treatment log. Leave this empty if it came in time",
        max_length=2000,
    )
    question = CharacterCountField(
        "The question",
        [Answered("Enter the question")],
        subject="The question",
        description="As it was asked, or said on the telephone. You reword it for everybody when you answer it.",
        max_words=MOST_WORDS,
    )
    lot_id = SelectField("Which lot is it about?", subject="The lot")

    def offer(self, providers: Iterable[Organisation], lots: Iterable[EngagementLot]) -> None:
        self.organisation_id.choices = [
            choice("", "Do not say, or one that was not invited"),
            *(choice(str(each.id), each.name) for each in providers),
        ]
        self.lot_id.choices = lot_choices(lots)

    def judge(self, engagement: Engagement, now: datetime) -> None:
        """Put an error where it cannot have come then, or came too late without a reason."""
        at = moment_of(self.day.data, self.time.data)
        if at > now:
            self.add_error(self.day, "The day and the time must not be in the future")
        elif engagement.published_at is not None and at < engagement.published_at.replace(second=0, microsecond=0):
            since = moment(engagement.published_at)
            self.add_error(self.day, f"It must have come after the engagement was published, at {since}")
        elif at > engagement.questions_until and self._reason() is None:
            self.refuse_late(engagement)

    def refuse_late(self, engagement: Engagement) -> None:
        until = moment(engagement.questions_until)
        self.add_error(
            self.late_reason, f"It came after the last time for questions, {until}. Enter why it is accepted"
        )

    def received(self) -> Received:
        organisation, lot = self.organisation_id.data, self.lot_id.data
        return Received(
            organisation_id=uuid.UUID(organisation) if organisation else None,
            how=AskedHow(self.how.data),
            asked_at=moment_of(self.day.data, self.time.data),
            late_reason=self._reason(),
            question=self.question.data,
            lot_id=uuid.UUID(lot) if lot else None,
        )

    def _reason(self) -> str | None:
        return (self.late_reason.data or "").strip() or None


class RemovalForm(BaseForm):
    reason = TextAreaField(
        "Why does it go?",
        [Answered("Enter why it goes")],
        subject="The reason",
        description="Such as: two of us entered the same question. It stays on record, so do not repeat the question",
        max_length=1000,
    )


class AnswerForm(BaseForm):
    question = TextAreaField(
        "The question as it will be published",
        [Answered("Enter the question as it will be published")],
        subject="The question",
        description="Change the wording where it would tell who asked.",
    )
    answer = TextAreaField("Your answer", [Answered("Enter your answer")], subject="Your answer")
    anyway = CheckboxField("The marked words do not tell who asked. Publish them as they are")

    identity = Identity((), ())

    def guard(self, identity: Identity) -> None:
        """Refuse to publish what would give the asker away, unless the officer has looked at each place."""
        self.identity = identity

    @property
    def telling(self) -> tuple[str, ...]:
        return self.identity.found_in(f"{self.question.data or ''}\n\n{self.answer.data or ''}")

    def validate_question(self, field: GovField) -> None:
        self._refuse_names(field)

    def validate_answer(self, field: GovField) -> None:
        self._refuse_names(field)

    def _refuse_names(self, field: GovField) -> None:
        found = self.identity.found_in(field.data or "")
        if found and not self.anyway.data:
            words = ", ".join(f"“{word}”" for word in found)
            raise ValidationError(f"{field.subject} may tell who asked: {words}. Reword it, or confirm below")


class CorrectionForm(AnswerForm):
    seen = HiddenField("Published since")

    def validate_seen(self, field: Field) -> None:
        try:
            datetime.fromisoformat(field.data or "")
        except ValueError as problem:
            raise ValidationError("Reload the page and correct the answer again") from problem

    def seen_since(self) -> datetime:
        return datetime.fromisoformat(self.seen.data)
