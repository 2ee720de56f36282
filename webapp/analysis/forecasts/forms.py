"""What freezing a forecast and recording what came of a lot ask for."""

from __future__ import annotations

from datetime import date
from typing import Any

from wtforms import Field, Form
from wtforms.validators import ValidationError

from webapp.analysis.forecasts.queries import PastCount
from webapp.models import LotOutcome
from webapp.web.clashes import RevisedForm
from webapp.web.dates import DateField
from webapp.web.fields import CheckboxField, IntegerField, TextAreaField, TextField
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

MOST_BIDS = 200
YEARS_BACK = 10
"""What came before is not an outcome of a programme that is planned now, but a past procurement."""


class FreezeForm(BaseForm):
    reason = TextAreaField(
        "What is approved on this forecast?",
        [Answered("Enter what is approved on this forecast")],
        subject="The reason",
        max_length=2000,
        description="Such as the lots and the route that a board decides on, with its date",
    )
    sure = CheckboxField(
        "I have read these chances. They are what the bids will be compared with, and nobody can change them",
        [Answered("Confirm that you have read the chances")],
    )


def among_bids(form: Form, field: Field) -> None:
    bids = form["bids"].data
    if field.data is not None and bids is not None and field.data > bids:
        raise ValidationError("The credible bids must be no more than the bids")


class OutcomeForm(RevisedForm):
    closed_on = DateField("When did bids close?", [Answered("Enter the day on which bids closed")], subject="The day")
    bids = IntegerField(
        "How many bids came?",
        [Answered("Enter how many bids came, 0 if none did")],
        subject="The bids",
        maximum=MOST_BIDS,
        render_kw={"width": "4"},
    )
    credible_bids = IntegerField(
        "How many of them were credible?",
        [Answered("Enter how many were credible"), among_bids],
        subject="The credible bids",
        maximum=MOST_BIDS,
        description="Those that passed the basic selection criteria. This is what was forecast",
        render_kw={"width": "4"},
    )
    source = TextField(
        "Where do the numbers come from?",
        [Answered("Enter where the numbers come from")],
        subject="The source",
        max_length=500,
        description="Such as the procurement portal, or the award report",
    )

    def is_a_day_of_this_programme(self, today: date) -> bool:
        """Bids that have not closed cannot have been counted, and those of long ago were for something else."""
        closed = self.closed_on.data
        if closed is not None and closed > today:
            self.add_error(self.closed_on, "The day must be today or in the past")
        elif closed is not None and closed.year < today.year - YEARS_BACK:
            self.add_error(self.closed_on, f"The day must be in {today.year - YEARS_BACK} or later. Check the year")
        return not self.closed_on.errors

    @classmethod
    def stored(cls, outcome: LotOutcome | None) -> dict[str, Any]:
        if outcome is None:
            return {}
        names = ("closed_on", "bids", "credible_bids", "source")
        return {name: getattr(outcome, name) for name in names} | {"revision": str(outcome.revision)}

    @classmethod
    def taken(cls, past: PastCount) -> dict[str, Any]:
        """From a past procurement; where it does not say how many bids were credible, that is asked."""
        return {
            "closed_on": past.known_on,
            "bids": past.bids,
            "credible_bids": past.credible_bids,
            "source": f"Past procurement {past.reference} of {past.buyer}"[:500],
        }
