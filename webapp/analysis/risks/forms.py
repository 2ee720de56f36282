"""What an entry of the register asks for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from intelligence.risks import Risk as FoundRisk
from webapp.analysis.risks.queries import Named
from webapp.analysis.risks.words import BEGINNINGS, IMPACTS, KINDS, LIKELIHOODS, STATES
from webapp.models import Risk, RiskKind, RiskState, RiskVersion, TeamMember
from webapp.programmes.joined import Joined
from webapp.web.clashes import RevisedForm
from webapp.web.dates import DateField
from webapp.web.fields import RadioField, SelectField, TextAreaField, TextField, choice
from webapp.web.format import LONDON
from webapp.web.once import OnceForm
from webapp.web.request import arrived_at
from webapp.web.validators import Answered

SOMEBODY_ELSE = "other"
ABOUT = ("kind", "lot", "procurement", "provider")
"""What an entry is about, which is asked once and only where nobody else has found it."""
BETWEEN_REVIEWS = timedelta(days=30)


def given_for(asked: str, value: str, message: str) -> Any:
    """Refuses a blank where another field has this value."""

    def check(form: Form, field: Field) -> None:
        if form[asked].data == value and not (field.data or "").strip():
            raise ValidationError(message)

    return check


def is_to_come(form: Form, field: Field) -> None:
    """A review that is past is due now: whoever saves an open entry has looked at it."""
    is_closed = form["state"].data == RiskState.CLOSED
    if field.data and not is_closed and field.data < arrived_at().astimezone(LONDON).date():
        raise ValidationError("The day of the next review must be today or later")


def scale(words: Mapping[int, str]) -> list[Any]:
    return [choice(str(place), f"{place} {words[place]}") for place in words]


class RiskForm(OnceForm, RevisedForm):
    kind = SelectField(
        "What kind of risk is it?",
        [Answered("Choose what kind of risk it is")],
        subject="The kind of risk",
        choices=[choice("", "Choose one"), *(choice(kind.value, words) for kind, words in KINDS.items())],
    )
    lot = SelectField("Which lot is it about? (optional)", subject="The lot")
    procurement = SelectField("Which procurement is it about? (optional)", subject="The procurement")
    provider = SelectField(
        "Which provider is it about? (optional)",
        subject="The provider",
        description="Only those who may read responses then see the entry. Here are the present suppliers and those "
        "whom an analysis names",
    )
    title = TextField("Title", [Answered("Enter a title")], subject="The title")
    cause = TextAreaField(
        "Why could it happen?", [Answered("Enter why it could happen")], subject="The cause", max_length=2000
    )
    event = TextAreaField(
        "What could happen?", [Answered("Enter what could happen")], subject="What could happen", max_length=2000
    )
    effect = TextAreaField(
        "What would follow?", [Answered("Enter what would follow")], subject="What would follow", max_length=2000
    )
    likelihood = RadioField("How likely is it?", [Answered("Choose how likely it is")], choices=scale(LIKELIHOODS))
    impact = RadioField(
        "How large is the effect?", [Answered("Choose how large the effect is")], choices=scale(IMPACTS)
    )
    owner = SelectField("Who owns it?", [Answered("Choose who owns it")], subject="The owner")
    owner_name = TextField(
        "Name, if it is somebody else",
        [given_for("owner", SOMEBODY_ELSE, "Enter the owner’s name")],
        subject="The owner’s name",
    )
    mitigation = TextAreaField("What is done about it? (optional)", subject="What is done", max_length=5000)
    warning_sign = TextAreaField(
        "What would show that it happens? (optional)",
        subject="What would show it",
        max_length=2000,
        description="Such as: fewer than two requests to participate a week before they close",
    )
    review_on = DateField(
        "When is it reviewed next?", [Answered("Enter when it is reviewed next"), is_to_come], subject="The day"
    )
    state = RadioField(
        "State",
        [Answered("Choose the state")],
        choices=[choice(state.value, words) for state, words in STATES.items()],
    )
    accepted_because = TextAreaField(
        "Why is it accepted?",
        [given_for("state", RiskState.ACCEPTED, "Enter why it is accepted")],
        subject="Why it is accepted",
        max_length=2000,
    )
    closed_because = TextAreaField(
        "Why is it closed?",
        [given_for("state", RiskState.CLOSED, "Enter why it is closed")],
        subject="Why it is closed",
        max_length=2000,
    )

    def offer_owners(self, members: Sequence[TeamMember], standing: RiskVersion | None) -> None:
        choices = [choice("", "Choose one"), *(choice(str(each.person_id), each.person.name) for each in members)]
        if standing is not None and standing.owner is not None and standing.owner_id not in _ids(members):
            choices.append(choice(str(standing.owner_id), f"{standing.owner.name} (no longer in the team)"))
        self.owner.choices = [*choices, choice(SOMEBODY_ELSE, "Somebody else")]

    def offer_subjects(self, named: Named, providers: Mapping[str, str]) -> None:
        every = ((self.lot, named.lots), (self.procurement, named.procurements), (self.provider, providers))
        for field, names in every:
            field.choices = [choice("", "None"), *(choice(key, name) for key, name in names.items())]

    def name_as_joined(self, joined: Joined) -> None:
        """The provider chosen, or the one that it was joined to since the page was opened."""
        others = {str(key): str(into) for key, (_, (into, _)) in joined.others.items()}
        self.provider.data = others.get(self.provider.data or "", self.provider.data)

    def leave_out_subjects(self) -> None:
        for name in ABOUT:
            del self[name]

    def is_behind(self, row: object) -> bool:
        return bool(self.revision.data != str(getattr(row, "id", None) or ""))

    @classmethod
    def stored(cls, row: RiskVersion) -> dict[str, Any]:
        same = ("title", "cause", "event", "effect", "owner_name", "mitigation", "warning_sign", "review_on")
        return {
            **{name: getattr(row, name) for name in same},
            "likelihood": str(row.likelihood),
            "impact": str(row.impact),
            "owner": str(row.owner_id) if row.owner_id is not None else SOMEBODY_ELSE,
            "state": row.state.value,
            "accepted_because": row.reason if row.state is RiskState.ACCEPTED else None,
            "closed_because": row.reason if row.state is RiskState.CLOSED else None,
            "revision": str(row.id),
        }

    @classmethod
    def begun(cls, risk: FoundRisk | None, named: Named, *, owner_id: uuid.UUID, today: date) -> dict[str, Any]:
        """What a new entry begins with: that of a finding has its words. How likely it is, people judge: what is chosen
        stays when responses are destroyed, and the chance comes from them."""
        empty = {"owner": str(owner_id), "review_on": today + BETWEEN_REVIEWS, "state": RiskState.OPEN.value}
        if risk is None:
            return empty
        names = {"about": named.about(risk), "provider": named.provider(risk)}
        words = BEGINNINGS[risk.kind]
        return empty | {
            "title": words.title.format_map(names)[:200],
            "cause": words.cause,
            "event": words.event.format_map(names),
            "effect": words.effect,
        }

    def risk(self) -> Risk:
        """What the entry is about, where it is asked."""
        return Risk(
            kind=RiskKind(self.kind.data),
            lot_id=_key(self.lot.data),
            procurement_id=_key(self.procurement.data),
            provider_id=_key(self.provider.data),
        )

    def version(self) -> RiskVersion:
        is_member, state = self.owner.data != SOMEBODY_ELSE, RiskState(self.state.data)
        reasons = {RiskState.ACCEPTED: self.accepted_because.data, RiskState.CLOSED: self.closed_because.data}
        return RiskVersion(
            title=self.title.data,
            cause=self.cause.data,
            event=self.event.data,
            effect=self.effect.data,
            likelihood=int(self.likelihood.data),
            impact=int(self.impact.data),
            owner_id=uuid.UUID(self.owner.data) if is_member else None,
            owner_name=None if is_member else self.owner_name.data,
            mitigation=self.mitigation.data or "",
            warning_sign=self.warning_sign.data or "",
            review_on=self.review_on.data,
            state=state,
            reason=reasons.get(state),
        )


def _ids(members: Sequence[TeamMember]) -> set[uuid.UUID]:
    return {each.person_id for each in members}


def _key(chosen: str | None) -> uuid.UUID | None:
    return uuid.UUID(chosen) if chosen else None
