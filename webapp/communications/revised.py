"""Forms of rows that two officers may change at once."""

from __future__ import annotations

from typing import Any

from webapp.models import EngagementEvent, NoticeFacts, PlannedActivity
from webapp.web.fields import HiddenField
from webapp.web.forms import BaseForm

Row = PlannedActivity | EngagementEvent | NoticeFacts


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
