"""What every part of the set-up is: a list of rows, and a form for one of them."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from webapp.programmes.setting_up.plan import Plan
from webapp.programmes.setting_up.rules import Trouble
from webapp.web.cells import Cell
from webapp.web.clashes import RevisedForm
from webapp.web.once import OnceForm
from webapp.web.text import seen

Row = Any
"""A mapped row of the part's own model, which has an id and a revision."""


class PartForm(OnceForm, RevisedForm):
    """A row's form."""

    today: date
    """In London, for what must be to come."""

    def offer(self, plan: Plan) -> None:
        """Put in what can be chosen from."""

    @classmethod
    def stored(cls, row: Row) -> dict[str, Any]:
        """The row as the form's data."""
        raise NotImplementedError

    def fit(self, plan: Plan, row: Row | None) -> None:
        """Put errors where the form does not fit what else is set up; `row` is the one it is about, if any."""

    def write(self, row: Row, plan: Plan) -> None:
        """Put what was entered into the row."""
        raise NotImplementedError

    def fits(self, plan: Plan, row: Row | None, today: date) -> bool:
        self.today = today
        self.fit(plan, row)
        return not any(field.errors for field in self)

    def refuse(self, trouble: Trouble | None) -> None:
        """Put what a rule found wrong next to the field it is about."""
        if trouble is not None:
            field = self[trouble.attribute]
            self.add_error(field, f"{field.subject} {trouble.reason}")


@dataclass(frozen=True, slots=True)
class Part:
    slug: str
    title: str
    noun: str
    about: str
    new: Callable[[uuid.UUID], Row]
    """An empty row for the programme with this id."""
    form: type[PartForm]
    columns: Sequence[str]
    rows: Callable[[Plan], Sequence[Row]]
    cells: Callable[[Row, Plan], Sequence[Cell]]
    """What stands in the columns, the name first."""
    kept_for: Callable[[Row, Plan], str] = lambda row, plan: ""
    """Why a row cannot be removed; nothing where it can."""
    numeric: frozenset[str] = frozenset()
    rests_on: Sequence[str] = ()
    """The slugs of the parts without a row of which there can be none of this."""
    notice: Callable[[Row], Markup | None] = lambda row: None
    """What somebody who changes a row should know of it first."""

    def find(self, plan: Plan, row_id: uuid.UUID) -> Row | None:
        return next((row for row in self.rows(plan) if row.id == row_id), None)


def next_position(rows: Sequence[Row]) -> int:
    return max((row.position for row in rows), default=0) + 1


def taken(rows: Sequence[Row], row: Row | None, attribute: str, value: object) -> bool:
    """Whether another row has this value; capitals and spaces make no difference, since in lists nobody sees them."""
    wanted = seen(str(value))
    return any(other is not row and seen(str(getattr(other, attribute))) == wanted for other in rows)
