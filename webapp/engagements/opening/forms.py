"""The form that opens sealed responses."""

from __future__ import annotations

from webapp.web.fields import CheckboxField, TextAreaField
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered


class OpenForm(BaseForm):
    witnesses = TextAreaField(
        "Who is present?",
        [Answered("Enter who is present")],
        subject="Who is present",
        description="Names and posts of the witnesses. They go on record with your name and the time.",
        max_length=1000,
    )
    sure = CheckboxField("Open all responses now", [Answered("Confirm that you want to open all responses now")])
