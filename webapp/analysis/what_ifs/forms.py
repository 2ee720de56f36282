"""What a what-if asks for."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from intelligence import Scenario
from webapp.analysis.names import LotName
from webapp.web.fields import CheckboxesField, IntegerField, NumberField, TextField, choice
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

DAYS_IN_WEEK = 5
"""The forecast counts working days."""
NOTHING_CHANGED = "Change at least one thing: the value, the term, the start or the award limit"


class WhatIfForm(BaseForm):
    lots = CheckboxesField("Which lots would change?", subject="Lots", description="None chosen means all lots")
    value_percent = NumberField(
        "Annual value, change in per cent",
        subject="The change of the value",
        places=1,
        minimum=-90,
        maximum=900,
        description="10 is a tenth more, -10 a tenth less",
        render_kw={"width": "4", "suffix": "%"},
    )
    term_years = NumberField(
        "Years added to the term",
        subject="The years added",
        places=1,
        minimum=-20,
        maximum=20,
        description="-1 is a year less",
        render_kw={"width": "4"},
    )
    start_weeks = IntegerField(
        "Weeks by which services would start later",
        subject="The weeks",
        minimum=-100,
        maximum=150,
        render_kw={"width": "4"},
    )
    award_limit = IntegerField(
        "Most lots that one provider may win",
        subject="The award limit",
        minimum=1,
        maximum=1000,
        description="Counted over all lots of the programme",
        render_kw={"width": "4"},
    )

    def offer(self, lots: Mapping[str, LotName]) -> None:
        self.lots.choices = [choice(lot_id, str(name)) for lot_id, name in lots.items()]

    def validate(self, extra_validators: Any = None) -> bool:
        """Without this a what-if that changes nothing would be asked."""
        valid = bool(super().validate(extra_validators))
        fields = (self.value_percent, self.term_years, self.start_weeks, self.award_limit)
        if valid and not any(field.data for field in fields):
            self.add_error(self.value_percent, NOTHING_CHANGED)
            return False
        return valid

    def scenario(self) -> Scenario:
        return Scenario(
            title="What if",
            lot_ids=tuple(sorted(self.lots.data or ())),
            value_factor=float(1 + (self.value_percent.data or Decimal(0)) / 100),
            term_years_added=float(self.term_years.data or 0),
            start_later_days=(self.start_weeks.data or 0) * DAYS_IN_WEEK,
            award_limit=self.award_limit.data,
        )


class KeepForm(BaseForm):
    name = TextField(
        "What shall it be called?",
        [Answered("Enter a name for this what-if")],
        subject="The name",
        max_length=100,
        description="It stays with the analysis under this name",
    )
