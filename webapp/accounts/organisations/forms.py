"""What the pages about an organisation ask for."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.accounts.organisations.details import KINDS, NUMBERS, SIZES, Details, NumberFormError
from webapp.accounts.organisations.roles import POWERS, ROLES
from webapp.language import Later
from webapp.models import Organisation, ProviderKind, ProviderSize
from webapp.web.fields import EmailField, RadioField, TextField, choice
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.validators import Answered, EmailAddress, OneAlphabet

ROLE_CHOICES = [choice(role.value, label, POWERS[role]) for role, label in ROLES.items()]


def in_its_form(form: Form, field: Field) -> None:
    """A number, if one is given, must be of the form that its register uses."""
    if field.data:
        try:
            field.data = NUMBERS[field.name](field.data)
        except NumberFormError as problem:
            raise ValidationError(str(problem)) from problem


class DetailsForm(BaseForm):
    name = TextField(
        Later("Name of your organisation"), [Answered(Later("Enter the name of your organisation")), OneAlphabet()]
    )
    provider_kind = RadioField(
        Later("What kind of organisation is it?"),
        [Answered(Later("Choose the kind of organisation"))],
        choices=[choice(kind.value, label) for kind, label in KINDS.items()],
    )
    size = RadioField(
        Later("How large is it?"),
        [Answered(Later("Choose the size of your organisation"))],
        choices=[choice(size.value, label) for size, label in SIZES.items()],
        description=Later("Count the staff of the whole organisation. All but large count as an SME."),
    )
    vcse = RadioField(
        Later("Is it a voluntary, community or social enterprise (VCSE)?"),
        [Answered(Later("Say whether it is a VCSE"))],
        choices=[choice("yes", Later("Yes")), choice("no", Later("No"))],
        description=Later("For example a charity, a community group, a community interest company or a cooperative."),
        render_kw={"inline": True},
    )
    companies_house_number = TextField(
        Later("Companies House number (optional)"),
        [in_its_form],
        subject=Later("Companies House number"),
        description=Later("8 characters, like 01234567, SC123456 or NI123456"),
        render_kw={"width": "10", "spellcheck": False},
    )
    charity_number = TextField(
        Later("Charity number (optional)"),
        [in_its_form],
        subject=Later("Charity number"),
        description=Later("Like 1234567, or with SC in Scotland and NIC in Northern Ireland"),
        render_kw={"width": "10", "spellcheck": False},
    )
    ods_code = TextField(
        Later("ODS code (optional)"),
        [in_its_form],
        subject=Later("ODS code"),
        description=Later("Given by the NHS, like RX4 or A81001"),
        render_kw={"width": "10", "spellcheck": False},
    )
    cqc_provider_id = TextField(
        Later("CQC provider ID (optional)"),
        [in_its_form],
        subject=Later("CQC provider ID"),
        description=Later("Like 1-101641521"),
        render_kw={"width": "20", "spellcheck": False},
    )

    @classmethod
    def of(cls, organisation: Organisation) -> DetailsForm:
        """As the organisation's details stand, unless something was sent."""
        stored: dict[str, Any] = {column: getattr(organisation, column) for column in ("name", *NUMBERS)}
        stored |= {
            "provider_kind": organisation.provider_kind.value if organisation.provider_kind else None,
            "size": organisation.size.value if organisation.size else None,
            "vcse": {True: "yes", False: "no", None: None}[organisation.vcse],
        }
        return cls(data=stored)

    @property
    def details(self) -> Details:
        return Details(
            name=self.name.data,
            provider_kind=ProviderKind(self.provider_kind.data),
            size=ProviderSize(self.size.data),
            vcse=self.vcse.data == "yes",
            **{column: self[column].data or None for column in NUMBERS},
        )


class RegistrationForm(DetailsForm):
    person_name = TextField(
        Later("Your name"),
        [Answered(Later("Enter your name"))],
        subject=Later("Your name"),
        render_kw={"autocomplete": "name"},
    )
    email = EmailField(
        Later("Your email address"),
        [Answered(Later("Enter your email address")), EmailAddress()],
        description=Later("Your own address at work. We send a link to it to finish the registration."),
    )


class InviteForm(OnceForm):
    name = TextField(Later("Your colleague’s name"), [Answered(Later("Enter your colleague’s name"))])
    email = EmailField(
        Later("Their email address"),
        [Answered(Later("Enter your colleague’s email address")), EmailAddress()],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField(Later("What may they do?"), [Answered(Later("Choose what they may do"))], choices=ROLE_CHOICES)


class RoleForm(BaseForm):
    role = RadioField(
        Later("What may this person do?"), [Answered(Later("Choose what this person may do"))], choices=ROLE_CHOICES
    )
