"""The officer's forms about a running engagement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime, time, timedelta

from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.actions import NotLaterError, QuestionsDeadlineError
from webapp.engagements.inviting.invitees import Invitee
from webapp.language import Later
from webapp.models import EngagementState, Organisation
from webapp.web.dates import DateField
from webapp.web.fields import CheckboxField, EmailField, RadioField, SelectField, TextAreaField, TextField, choice
from webapp.web.format import LONDON, moment
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.times import is_time, moment_of
from webapp.web.validators import Answered, EmailAddress, OneAlphabet

DAYS_END = time(23, 59)  # a minute that shows which day is meant; nobody knows to which one midnight belongs
ANY_STATE = "any"
LONGEST_OPEN = timedelta(days=366)


class FindForm(BaseForm):
    """Which engagements to list; sent with GET, so that the address keeps what was asked for."""

    class Meta(BaseForm.Meta):
        csrf = False  # it changes nothing

    q = TextField(Later("Search"), description=Later("Words in the title, in the summary or in the buyer’s name"))
    state = RadioField(
        Later("Show"),
        choices=[
            choice(ANY_STATE, Later("All")),
            choice(EngagementState.OPEN, Later("Open now")),
            choice(EngagementState.COMING, Later("Not open yet")),
            choice(EngagementState.CLOSED, Later("Closed")),
        ],
    )

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)
        if self.state.data is None:
            self.state.data = ANY_STATE

    def words(self) -> list[str]:
        return (self.q.data or "").split()

    def wanted_state(self) -> EngagementState | None:
        return None if self.state.data == ANY_STATE else EngagementState(self.state.data)


class InviteForm(OnceForm):
    organisation_id = SelectField("Provider", subject="Provider")
    organisation_name = TextField(
        "Name of a provider that is not in the list",
        [OneAlphabet()],
        subject="Name of the provider",
        description="Leave this empty if you chose one.",
    )
    name = TextField("Name of the person", [Answered("Enter the name of the person you invite")])
    email = EmailField("Email address", [Answered("Enter an email address"), EmailAddress()])

    _known_names: frozenset[str] = frozenset()

    def offer(self, providers: Sequence[Organisation]) -> None:
        self.organisation_id.choices = [
            choice("", "Choose a provider"),
            *(choice(str(provider.id), provider.name) for provider in providers),
        ]
        self._known_names = frozenset(provider.name.casefold() for provider in providers)

    def validate_organisation_name(self, field: Field) -> None:
        if self.organisation_id.data and field.data:
            raise ValidationError("Choose a provider or enter a name, not both")
        if not self.organisation_id.data and not field.data:
            raise ValidationError("Choose a provider, or enter the name of one that is not in the list")

    def fits(self) -> bool:
        """Ask this last: of a form that is sent twice the first puts the name into the list."""
        name = self.organisation_name.data
        if name and name.casefold() in self._known_names:
            self.add_error(self.organisation_name, f"{name} is in the list. Choose it there and leave this empty")
        return not self.errors

    def invitee(self) -> Invitee:
        chosen = self.organisation_id.data
        return Invitee(
            organisation_id=uuid.UUID(chosen) if chosen else None,
            organisation_name=self.organisation_name.data or "",
            name=self.name.data,
            email=self.email.data,
        )


class CloseEarlyForm(BaseForm):
    reason = TextAreaField(
        "Why are you closing the engagement early?",
        [Answered("Enter why you are closing the engagement early")],
        subject="The reason",
        description="Everybody can read this. It is emailed to those invited and shown on the public page.",
        max_length=1000,
    )
    sure = CheckboxField(
        "Close the engagement now",
        [Answered("Confirm that you want to close the engagement now")],
    )


class ExtendForm(BaseForm):
    day = DateField("New closing date", [Answered("Enter the new closing date")], subject="New closing date")
    time = TextField(
        "Time of day",
        [Answered("Enter the time of day at which the engagement closes"), is_time],
        description="For example, 17:00, 5pm or noon. London time.",
        render_kw={"width": "5"},
    )
    questions_day = DateField(
        "New last date for questions",
        subject="New last date for questions",
        description="Leave this empty to keep the present one. Questions can be asked until the end of the day, "
        "or until the engagement closes if that is earlier.",
    )
    reason = TextAreaField(
        "Why are you moving the closing time?",
        [Answered("Enter why you are moving the closing time")],
        subject="The reason",
        description="Everybody can read this. It is emailed to those invited and shown on the public page.",
        max_length=1000,
    )

    def fits(self, now: datetime) -> bool:
        """Nobody can take a later time back, so a year that was mistyped must not become one."""
        if self.closes_at() > now + LONGEST_OPEN:
            self.add_error(self.day, "New closing date must be within a year from now. Check the year")
        return not self.errors

    def closes_at(self) -> datetime:
        """The moment that the date and the time mean in London."""
        return moment_of(self.day.data, self.time.data)

    def questions_close_at(self) -> datetime | None:
        """The last moment of that day in London, but none after the closing time; None to leave it as it is."""
        last = self.questions_day.data
        return None if last is None else min(datetime.combine(last, DAYS_END, LONDON), self.closes_at())

    def refuse(self, refusal: NotLaterError | QuestionsDeadlineError) -> None:
        """Say at its field which time has to be a later one."""
        if isinstance(refusal, NotLaterError):
            field, what, present = self.day, "new closing time", refusal.closes_at
        else:
            field, what, present = self.questions_day, "last date for questions", refusal.questions_until
        self.add_error(field, f"The {what} must be in the future and later than {moment(present)}")
