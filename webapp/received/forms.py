"""The forms with which an officer enters a received response."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.accounts.organisations.details import KINDS, SIZES
from webapp.engagements.documents.kinds import UnfitError, kind_of
from webapp.models import MOST_FILE_BYTES, Engagement, Organisation, ProviderKind, ProviderSize, ReceivedHow, Reception
from webapp.programmes.joined import Named
from webapp.received.actions import Details
from webapp.responses.receptions import HOW
from webapp.web.clashes import RevisedForm
from webapp.web.dates import DateField
from webapp.web.fields import (
    CheckboxField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    SentFile,
    TextAreaField,
    TextField,
    choice,
)
from webapp.web.format import file_size, moment
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.text import simplified
from webapp.web.times import day_and_time, is_time, moment_of
from webapp.web.validators import Answered, OneAlphabet

NOT_KNOWN = choice("", "Not known")
YES_NO = {"yes": True, "no": False}


def time_field() -> TextField:
    """For each form to put where its page has it: the error summary follows the order of the fields."""
    return TextField(
        "At what time?",
        [Answered("Enter the time of that day, like 16:40"), is_time],
        subject="The time",
        description="As the email or the tool says, like 16:40 or 9am. London time",
        render_kw={"width": "5"},
    )


class ReceivedAtForm(OnceForm, RevisedForm):
    """When something came. What is in the future, or before the engagement opened, cannot have come."""

    day: DateField
    time: TextField

    def received_at(self) -> datetime:
        """The moment that the day and the time mean in London."""
        return moment_of(self.day.data, self.time.data)

    def judge(self, engagement: Engagement, now: datetime) -> None:
        """Put an error at the day when it cannot have come then."""
        if self.received_at() > now:
            self.add_error(self.day, "The day and the time must not be in the future")
        elif self.received_at() < engagement.opens_at:
            self.add_error(
                self.day, f"It must have been sent after the engagement opened, at {moment(engagement.opens_at)}"
            )


class DetailsForm(ReceivedAtForm):
    organisation_id = SelectField("Whose response is it?", subject="Whose response it is")
    organisation_name = TextField(
        "Name of an organisation that is not in the list",
        [OneAlphabet()],
        subject="The name of the organisation",
        description="Leave this empty if you chose one. Nobody is given access to what you enter",
    )
    kind = SelectField(
        "What kind of organisation is it? (if it is not in the list)",
        subject="The kind",
        choices=[NOT_KNOWN, *(choice(each.value, str(label)) for each, label in KINDS.items())],
    )
    size = SelectField(
        "How large is it? (if it is not in the list)",
        subject="The size",
        choices=[NOT_KNOWN, *(choice(each.value, str(label)) for each, label in SIZES.items())],
    )
    vcse = SelectField(
        "Is it a voluntary, community or social enterprise? (if it is not in the list)",
        subject="Whether it is a VCSE",
        choices=[NOT_KNOWN, choice("yes", "Yes"), choice("no", "No")],
    )
    how = RadioField(
        "How did you receive it?",
        [Answered("Choose how you received it")],
        choices=[choice(each.value, str(label)) for each, label in HOW.items()],
    )
    sent_by = TextField(
        "Who sent it?",
        [Answered("Enter who sent it")],
        subject="Who sent it",
        description="Name and email address, or the name of the tool",
    )
    day = DateField(
        "On which day was it sent to you?", [Answered("Enter the day on which it was sent")], subject="The day"
    )
    time = time_field()
    late_reason = TextAreaField(
        "Why is it accepted, if it came after the engagement had closed?",
        subject="The reason",
        description="It goes into the equal-treatment log. Leave this empty if it came in time",
        max_length=2000,
    )
    file = FileField(
        "The original (optional)",
        subject="The original",
        description=f"The email or form as a PDF, DOCX, XLSX, ODT or CSV file, up to {file_size(MOST_FILE_BYTES)}. "
        "Lead officers can fetch it later",
        max_bytes=MOST_FILE_BYTES,
    )

    def offer(self, providers: Sequence[Organisation], chosen: Organisation | None = None) -> None:
        others = [chosen] if chosen is not None and chosen not in providers else []
        self.organisation_id.choices = [
            choice("", "Choose an organisation"),
            *(choice(str(provider.id), provider.name) for provider in [*others, *providers]),
        ]

    def validate_organisation_name(self, field: Field) -> None:
        if self.organisation_id.data and field.data:
            raise ValidationError("Choose an organisation or enter a name, not both")
        if not self.organisation_id.data and not simplified(field.data or ""):
            raise ValidationError("Choose an organisation, or enter the name of one that is not in the list")

    def validate_file(self, field: FileField) -> None:
        if field.data is not None:
            try:
                kind_of(field.data.content)
            except UnfitError as problem:
                raise ValidationError(f"The original {problem}") from problem

    def judge(self, engagement: Engagement, now: datetime) -> None:
        super().judge(engagement, now)
        is_late = self.received_at() > engagement.closes_at
        if is_late and not (self.late_reason.data or "").strip():
            closed = moment(engagement.closes_at)
            self.add_error(
                self.late_reason, f"It came after the engagement closed, at {closed}. Enter why it is accepted"
            )

    def has_file_of(self, row: Reception) -> bool:
        """Whether a file that was sent is the original that is kept; where none was sent, that stays."""
        sent: SentFile | None = self.file.data
        return sent is None or (row.file is not None and row.file.sha256 == sent.sha256)

    def details(self, known: Mapping[str, Named | None]) -> Details:
        """`known` are the organisations that the officer has met, by their simplified names."""
        chosen = self.organisation_id.data
        names = {str(value): str(label) for value, label, *_ in self.organisation_id.iter_choices()}
        typed = " ".join((self.organisation_name.data or "").split())
        key, name = (uuid.UUID(chosen), names[chosen]) if chosen else known.get(simplified(typed)) or (None, typed)
        return Details(
            organisation_id=key,
            organisation_name=name,
            provider_kind=ProviderKind(self.kind.data) if self.kind.data else None,
            size=ProviderSize(self.size.data) if self.size.data else None,
            vcse=YES_NO.get(self.vcse.data or ""),
            how=ReceivedHow(self.how.data),
            sent_by=self.sent_by.data,
            received_at=self.received_at(),
            late_reason=(self.late_reason.data or "").strip() or None,
        )

    @classmethod
    def stored(cls, row: Reception) -> dict[str, Any]:
        is_new = row.organisation_id is None
        return {
            "organisation_id": "" if is_new else str(row.organisation_id),
            "organisation_name": row.organisation_name if is_new else "",
            "kind": row.provider_kind.value if row.provider_kind else "",
            "size": row.size.value if row.size else "",
            "vcse": next((word for word, value in YES_NO.items() if value is row.vcse), ""),
            "how": row.how.value,
            "sent_by": row.sent_by,
            "late_reason": row.late_reason or "",
            "revision": str(row.revision),
            **day_and_time(row.received_at),
        }


class RecordForm(BaseForm):
    """`seen` tells what the page showed, so that what was checked is what is recorded."""

    seen = HiddenField("Seen")
    checked = CheckboxField(
        "This is what the organisation sent",
        [Answered("Confirm that this is what the organisation sent")],
    )


class SetAsideForm(BaseForm):
    reason = TextAreaField(
        "Why does this response count no more?",
        [Answered("Enter why it counts no more")],
        subject="The reason",
        description="Such as: the organisation has registered and submitted a response itself",
        max_length=1000,
    )
