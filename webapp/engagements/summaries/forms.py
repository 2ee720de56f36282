"""The form in which an officer writes what an engagement heard and led to."""

from __future__ import annotations

from wtforms import Field
from wtforms.validators import ValidationError

from webapp.engagements.summaries.actions import Words
from webapp.web.fields import HiddenField, TextAreaField
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered


class SummaryForm(BaseForm):
    heard = TextAreaField(
        "What you heard",
        [Answered("Enter what you heard")],
        subject="What you heard",
        description="Without names, and without anything that tells who said it. Each line becomes a paragraph.",
    )
    changes = TextAreaField(
        "What will change because of it",
        [Answered("Enter what will change because of it")],
        subject="What will change",
        description="Say also what will not change, and why.",
    )
    next_steps = TextAreaField(
        "What happens next",
        [Answered("Enter what happens next")],
        subject="What happens next",
        description="For example, when you will publish a tender notice.",
    )
    seen = HiddenField("Version")

    def validate_seen(self, field: Field) -> None:
        if not (field.data or "").isdecimal() or len(field.data) > 6:
            raise ValidationError("Reload the page and write the summary again")

    def words(self) -> Words:
        return Words(heard=self.heard.data, changes=self.changes.data, next_steps=self.next_steps.data)

    def version_seen(self) -> int:
        return int(self.seen.data)
