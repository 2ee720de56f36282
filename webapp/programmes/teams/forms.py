"""What the pages about a programme's team ask for."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.models import Organisation, ServiceLine, TeamMember, TeamRole
from webapp.programmes.teams.actions import Newcomer
from webapp.programmes.teams.roles import ROLES
from webapp.web.fields import CheckboxesField, EmailField, RadioField, SelectField, TextAreaField, TextField, choice
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.validators import Answered, EmailAddress

ROLE_CHOICES = [choice(role.value, words.name, words.may) for role, words in ROLES.items()]


def _placed(buyer: Organisation, names: Mapping[uuid.UUID, str]) -> str:
    """The buyer, with what it is part of where that can be chosen too."""
    whole = names.get(buyer.part_of_id) if buyer.part_of_id else None
    return f"{buyer.name}, part of {whole}" if whole else buyer.name


class SetUpForm(OnceForm):
    title = TextField(
        "Name of the programme",
        [Answered("Enter the name of the programme")],
        description="Like North West prison healthcare 2028",
    )
    reference = TextField(
        "Reference",
        [Answered("Enter a reference")],
        max_length=40,
        description="Your own, like NHSE1234. Each of a buyer’s programmes has another",
        render_kw={"width": "20", "spellcheck": False},
    )
    buyer_id = SelectField("Buyer", [Answered("Choose the buyer")])
    summary = TextAreaField(
        "What it is about",
        [Answered("Say in a few sentences what is to be bought, where and why")],
        max_length=2000,
        description="A few sentences: what is to be bought, where and why. Everybody reads them once an "
        "engagement of the programme is published",
    )

    def offer(self, buyers: Sequence[Organisation]) -> None:
        nothing = [choice("", "Choose a buyer")] if len(buyers) != 1 else []
        names = {buyer.id: buyer.name for buyer in buyers}
        self.buyer_id.choices = nothing + [choice(str(buyer.id), _placed(buyer, names)) for buyer in buyers]

    @property
    def buyer(self) -> uuid.UUID:
        return uuid.UUID(self.buyer_id.data)


def _role() -> RadioField:
    return RadioField("What do they do?", [Answered("Choose what they do")], choices=ROLE_CHOICES)


def _service_lines() -> CheckboxesField:
    return CheckboxesField(
        "Which service lines do they answer for? (optional)",
        description="Leave all blank if they answer for every one",
        subject="Service lines",
    )


class MemberForm(BaseForm):
    role = _role()
    service_lines = _service_lines()

    def offer(self, lines: Sequence[ServiceLine]) -> None:
        self.service_lines.choices = [choice(str(line.id), line.name) for line in lines]
        if not lines:
            del self.service_lines

    @property
    def chosen_role(self) -> TeamRole:
        return TeamRole(self.role.data)

    @property
    def chosen_lines(self) -> list[uuid.UUID]:
        return [uuid.UUID(each) for each in (self.service_lines.data or ())] if self.service_lines else []

    @classmethod
    def of(cls, member: TeamMember) -> MemberForm:
        stored: dict[str, Any] = {
            "role": member.role.value,
            "service_lines": [str(line.id) for line in member.service_lines],
        }
        return cls(data=stored)


NEW_PARTNER = "new"


def named_if_new(form: Form, field: Field) -> None:
    if form["organisation_id"].data == NEW_PARTNER and not (field.data or "").strip():
        raise ValidationError("Enter the name of the organisation")


class NewcomerForm(MemberForm, OnceForm):
    name = TextField("Their name", [Answered("Enter their name")], render_kw={"autocomplete": "off"})
    email = EmailField(
        "Their email address",
        [Answered("Enter their email address"), EmailAddress()],
        description="Their own, at work",
        render_kw={"autocomplete": "off"},
    )
    organisation_id = RadioField("Who do they work for?", [Answered("Choose who they work for")])
    new_partner = TextField("Name of the organisation", [named_if_new])
    role = _role()  # once more, since errors are listed in the order in which fields are made
    service_lines = _service_lines()

    def offer_organisations(self, organisations: Sequence[Organisation]) -> None:
        another = choice(
            NEW_PARTNER, "Another organisation", "Such as a partnership board or His Majesty’s Prison Service"
        )
        self.organisation_id.choices = [choice(str(each.id), each.name) for each in organisations] + [another]

    @property
    def newcomer(self) -> Newcomer:
        is_new = self.organisation_id.data == NEW_PARTNER
        return Newcomer(
            name=self.name.data,
            email=self.email.data,
            organisation_id=None if is_new else uuid.UUID(self.organisation_id.data),
            new_partner=self.new_partner.data if is_new else "",
            role=self.chosen_role,
            service_lines=self.chosen_lines,
        )
