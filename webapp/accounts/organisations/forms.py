"""What the pages about an organisation ask for."""

from __future__ import annotations

from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.accounts.organisations.details import KINDS, NUMBERS, SIZES, Details, NumberFormError
from webapp.models import MembershipRole, Organisation, ProviderKind, ProviderSize
from webapp.web.fields import EmailField, RadioField, TextField, choice
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered, EmailAddress

ROLES = [
    choice(MembershipRole.CONTRIBUTOR.value, "Contributor", "Fills in answers and asks a signatory to submit"),
    choice(
        MembershipRole.SIGNATORY.value,
        "Signatory",
        "Also submits on your organisation’s behalf, invites colleagues and changes its details",
    ),
]


def in_its_form(form: Form, field: Field) -> None:
    """A number, if one is given, must be of the form that its register uses."""
    if field.data:
        try:
            field.data = NUMBERS[field.name](field.data)
        except NumberFormError as problem:
            raise ValidationError(str(problem)) from problem


class DetailsForm(BaseForm):
    name = TextField("Name of your organisation", [Answered("Enter the name of your organisation")])
    provider_kind = RadioField(
        "What kind of organisation is it?",
        [Answered("Choose the kind of organisation")],
        choices=[choice(kind.value, label) for kind, label in KINDS.items()],
    )
    size = RadioField(
        "How large is it?",
        [Answered("Choose the size of your organisation")],
        choices=[choice(size.value, label) for size, label in SIZES.items()],
        description="Count the staff of the whole organisation. All but large count as an SME.",
    )
    vcse = RadioField(
        "Is it a voluntary, community or social enterprise (VCSE)?",
        [Answered("Choose yes if it is a VCSE, or no")],
        choices=[choice("yes", "Yes"), choice("no", "No")],
        render_kw={"inline": True},
    )
    companies_house_number = TextField(
        "Companies House number (optional)",
        [in_its_form],
        subject="Companies House number",
        description="8 characters, like 01234567, SC123456 or NI123456",
        render_kw={"width": "10", "spellcheck": False},
    )
    charity_number = TextField(
        "Charity number (optional)",
        [in_its_form],
        subject="Charity number",
        description="Like 1234567, or with SC in Scotland and NIC in Northern Ireland",
        render_kw={"width": "10", "spellcheck": False},
    )
    ods_code = TextField(
        "ODS code (optional)",
        [in_its_form],
        subject="ODS code",
        description="Given by the NHS, like RX4 or A81001",
        render_kw={"width": "10", "spellcheck": False},
    )
    cqc_provider_id = TextField(
        "CQC provider ID (optional)",
        [in_its_form],
        subject="CQC provider ID",
        description="Like 1-101641521",
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
        "Your name", [Answered("Enter your name")], subject="Your name", render_kw={"autocomplete": "name"}
    )
    email = EmailField(
        "Your email address",
        [Answered("Enter your email address"), EmailAddress()],
        description="Your own address at work. We send a link to it to finish the registration.",
    )


class InviteForm(BaseForm):
    name = TextField("Your colleague’s name", [Answered("Enter your colleague’s name")])
    email = EmailField(
        "Their email address",
        [Answered("Enter your colleague’s email address"), EmailAddress()],
        render_kw={"autocomplete": "off"},
    )
    role = RadioField("What may they do?", [Answered("Choose what they may do")], choices=ROLES)


class RoleForm(BaseForm):
    role = RadioField("What may this person do?", [Answered("Choose what this person may do")], choices=ROLES)
