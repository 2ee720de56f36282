"""Forms of rows that two officers may change at once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from wtforms.fields.choices import SelectFieldBase

from webapp.models import EngagementEvent, NoticeFacts, PlannedActivity
from webapp.web.fields import HiddenField
from webapp.web.format import day
from webapp.web.forms import BaseForm

Row = PlannedActivity | EngagementEvent | NoticeFacts
NOT_ANSWERS = ("revision", "csrf_token")


class RevisedForm(BaseForm):
    """`revision` is that of the row which the page showed."""

    revision = HiddenField("Revision")

    @classmethod
    def stored(cls, row: Any) -> dict[str, Any]:
        """The row as the form's data."""
        raise NotImplementedError

    def write(self, row: Any) -> None:
        """Put what was entered into the row."""
        raise NotImplementedError

    def is_behind(self, row: Row) -> bool:
        """Whether somebody else has saved the row since the page was opened."""
        sent = self.revision.raw_data or [""]
        return bool(sent[0] != str(row.revision or ""))


@dataclass(frozen=True, slots=True)
class Difference:
    question: str
    theirs: str
    mine: str


def differences(form: RevisedForm, saved: RevisedForm) -> list[Difference]:
    """Where what was sent differs from what somebody else has saved meanwhile."""
    return [
        Difference(str(field.label.text), shown(saved[field.name]), shown(field))
        for field in form
        if field.name not in NOT_ANSWERS and shown(saved[field.name]) != shown(field)
    ]


def shown(field: Any) -> str:
    """A field's value as its reader knows it."""
    labels = (
        {str(value): str(label) for value, label, *_ in field.iter_choices()}
        if isinstance(field, SelectFieldBase)
        else {}
    )
    if field.data is None:
        return ""
    return day(field.data) if isinstance(field.data, date) else labels.get(str(field.data), str(field.data))
