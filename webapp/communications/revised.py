"""Forms of rows that two officers may change at once."""

from __future__ import annotations

from typing import Any

from webapp.models import EngagementEvent, NoticeFacts, PlannedActivity
from webapp.web.clashes import RevisedForm
from webapp.web.once import OnceForm

Row = PlannedActivity | EngagementEvent | NoticeFacts


class RowForm(OnceForm, RevisedForm):
    """A row of this slice as a form."""

    @classmethod
    def stored(cls, row: Any) -> dict[str, Any]:
        """The row as the form's data."""
        raise NotImplementedError

    def write(self, row: Any) -> None:
        """Put what was entered into the row."""
        raise NotImplementedError
