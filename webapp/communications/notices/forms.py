"""The facts that notices must say and nothing else in the service knows."""

from __future__ import annotations

import re
from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.communications.revised import RowForm
from webapp.models import NoticeFacts
from webapp.web.fields import EmailField, TextAreaField, TextField
from webapp.web.validators import EmailAddress

_CPV_CODE = re.compile(r"\d{8}(-\d)?")
AGENT_FIELDS = ("agent_identifier", "agent_address", "agent_email", "agent_role")


def cpv_codes(form: Form, field: Field) -> None:
    wrong = [code for code in re.split(r"[\s,;]+", field.data or "") if code and not _CPV_CODE.fullmatch(code)]
    if wrong:
        raise ValidationError(
            f"A CPV code is 8 numbers, with or without a check digit, like 85130000-9: not {wrong[0]}"
        )


class FactsForm(RowForm):
    procurement_identifier = TextField(
        "Unique identifier of the procurement (optional)",
        subject="The identifier of the procurement",
        max_length=100,
        description="The portal gives it when you start the notice, like ocds-h6vhtk-04f000",
        render_kw={"spellcheck": False},
    )
    cpv_codes = TextField(
        "CPV codes (optional)",
        [cpv_codes],
        subject="The CPV codes",
        max_length=500,
        description="The most relevant first, with commas between. Like 85130000-9 for dental practice and related "
        "services",
        render_kw={"spellcheck": False},
    )
    buyer_identifier = TextField(
        "Unique identifier of the buyer (optional)",
        subject="The identifier of the buyer",
        max_length=100,
        description="From its registration with Find a Tender, like PABC-1234-DEFG",
        render_kw={"spellcheck": False},
    )
    buyer_address = TextAreaField(
        "Postal address of the buyer (optional)", subject="The postal address of the buyer", max_length=1000
    )
    buyer_email = EmailField(
        "Email address of the buyer (optional)", [EmailAddress()], subject="The email address of the buyer"
    )
    agent_identifier = TextField(
        "Unique identifier of the procuring agent (optional)",
        subject="The identifier of the procuring agent",
        max_length=100,
        render_kw={"spellcheck": False},
    )
    agent_address = TextAreaField(
        "Postal address of the procuring agent (optional)",
        subject="The postal address of the procuring agent",
        max_length=1000,
    )
    agent_email = EmailField(
        "Email address of the procuring agent (optional)",
        [EmailAddress()],
        subject="The email address of the procuring agent",
    )
    agent_role = TextAreaField(
        "What the procuring agent does (optional)",
        subject="What the procuring agent does",
        max_length=1000,
        description="In a sentence, like: runs the engagement and the procurement for the buyer",
    )
    contact_name = TextField("Who answers enquiries? (optional)", subject="The name of who answers enquiries")
    contact_address = TextAreaField(
        "Their postal address (optional)", subject="The postal address for enquiries", max_length=1000
    )

    def offer(self, *, has_agent: bool) -> None:
        if not has_agent:
            for name in AGENT_FIELDS:
                del self[name]

    @classmethod
    def stored(cls, row: NoticeFacts) -> dict[str, Any]:
        return {name: getattr(row, name) for name in FACTS} | {"revision": str(row.revision or "")}

    def write(self, row: NoticeFacts) -> None:
        for name in FACTS:
            if name in self:
                setattr(row, name, (self[name].data or "").strip())


FACTS = (
    "procurement_identifier",
    "cpv_codes",
    "buyer_identifier",
    "buyer_address",
    "buyer_email",
    *AGENT_FIELDS,
    "contact_name",
    "contact_address",
)
