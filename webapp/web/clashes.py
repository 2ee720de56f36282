"""Two officers changed one thing: where their versions differ, and what was sent, so that neither is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from flask import request
from wtforms import Field
from wtforms.fields.choices import SelectFieldBase

from webapp.web.fields import FileField, HiddenField
from webapp.web.format import day, number
from webapp.web.forms import BaseForm
from webapp.web.times import is_time, parse_time

NOT_ANSWERS = ("revision", "once", "csrf_token")


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing in two versions."""

    what: str
    theirs: str
    mine: str


class RevisedForm(BaseForm):
    """A form about a row that two people may change at once. `revision` is that which the page showed."""

    revision = HiddenField("Revision")

    def is_behind(self, row: object) -> bool:
        """Whether somebody else has saved the row since the page was opened; what is not saved yet has no revision."""
        sent = self.revision.raw_data or [""]
        return bool(sent[0] != str(getattr(row, "revision", None) or ""))


def differences(saved: BaseForm, sent: BaseForm) -> list[Difference]:
    """Where what was sent differs from what somebody else has saved meanwhile."""
    pairs = ((field, shown(saved[field.name]), shown(field)) for field in sent if field.name not in NOT_ANSWERS)
    return [Difference(str(field.label.text), theirs, mine) for field, theirs, mine in pairs if theirs != mine]


def is_saved(saved: BaseForm, sent: BaseForm) -> bool:
    """Whether what was sent is what is saved: of a form that is sent twice the second finds a new revision, by itself.

    By values and not by `differences`, which are what a reader would see. A saved form holds no file: a file that was
    sent is for the caller to compare.
    """
    answers = (field for field in sent if field.name not in NOT_ANSWERS and not isinstance(field, FileField))
    return all(_given(saved[field.name]) == _given(field) for field in answers)


def _given(field: Field) -> object:
    """Its value, one for all that is left empty; of choices it makes no difference in which order they come."""
    match field.data:
        case "" | [] | False:
            return None
        case str() if is_time in field.validators:
            return parse_time(field.data)
        case str():
            return field.data.replace("\r\n", "\n")
        case list() if isinstance(field, SelectFieldBase):
            return set(map(str, field.data))
        case Decimal():
            return float(field.data)
        case _:
            return field.data


def sent_again() -> list[tuple[str, str]]:
    """What this request's form sent, for the page to give back."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_ANSWERS]


def shown(field: Field) -> str:
    """A field's value as its reader knows it."""
    options = field.iter_choices() if isinstance(field, SelectFieldBase) else ()
    labels = {str(value): str(label) for value, label, *_ in options}
    match field.data:
        case None:
            return ""
        case list():
            chosen = set(map(str, field.data))
            return "; ".join(label for value, label in labels.items() if value in chosen)
        case bool():
            return "Yes" if field.data else "No"
        case date():
            return day(field.data)
        case Decimal() | float():
            return number(field.data, 2)
        case _:
            return labels.get(str(field.data), str(field.data))
