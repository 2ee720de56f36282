"""What a what-if asks for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from intelligence import Scenario
from webapp.analysis.what_ifs.queries import PlannedLot
from webapp.web.fields import CheckboxesField, IntegerField, NumberField, TextField, choice
from webapp.web.format import day, number, plural
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

DAYS_IN_WEEK = 5
"""The forecast counts working days."""
MONTHS = 12
SHORTEST_TERM = 1  # year
BIDS_ARE_IN = "Its bids are in, so no change bears on it any more"
NOTHING_CHANGED = "Change at least one thing: the value, the term, the start or the award limit"


class WhatIfForm(BaseForm):
    lots = CheckboxesField("Which lots would change?", subject="Lots", description="None chosen means all lots")
    value_percent = NumberField(
        "Annual value, change in per cent",
        subject="The change of the value",
        places=1,
        minimum=-75,
        maximum=200,
        description="10 is a tenth more, -10 a tenth less",
        render_kw={"width": "4", "suffix": "%"},
    )
    term_years = NumberField(
        "Years added to the term",
        subject="The years added",
        places=1,
        minimum=-10,
        maximum=15,
        description="-1 is a year less",
        render_kw={"width": "4"},
    )
    start_weeks = IntegerField(
        "Weeks by which services would start later",
        subject="The weeks",
        minimum=-104,
        maximum=156,
        description="-4 is four weeks earlier",
        render_kw={"width": "4"},
    )
    award_limit = IntegerField(
        "Most lots that one provider may win",
        subject="The award limit",
        minimum=1,
        description="Counted over all lots of the programme",
        render_kw={"width": "4"},
    )

    def offer(self, planned: Mapping[str, PlannedLot], begins: date) -> None:
        """`begins` is the first day on which work on the lots can begin."""
        self.lots.choices = [
            choice(lot_id, str(lot.name), BIDS_ARE_IN if lot.is_closed else "") for lot_id, lot in planned.items()
        ]
        self._planned, self._begins = planned, begins

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        fields = (self.value_percent, self.term_years, self.start_weeks, self.award_limit)
        if not any(field.data for field in fields):
            self.add_error(self.value_percent, NOTHING_CHANGED)
        chosen = [lot for lot_id, lot in self._planned.items() if not self.lots.data or lot_id in self.lots.data]
        self._check_term(chosen)
        self._check_start(chosen)
        if self.award_limit.data and self.award_limit.data >= len(self._planned):
            lots = plural(len(self._planned), "lot")
            self.add_error(self.award_limit, f"There are {lots} in all, so this limit changes nothing. Enter fewer")
        return not self.errors

    def _check_term(self, chosen: Sequence[PlannedLot]) -> None:
        """A contract of less than a year is none that providers were asked about."""
        lots = [(lot.term_months / MONTHS, lot) for lot in chosen if lot.term_months]
        if not self.term_years.data or not lots:
            return
        years, lot = min(lots, key=lambda pair: pair[0])
        if years + float(self.term_years.data) < SHORTEST_TERM:
            term = f"{number(years, 1)} {'year' if years == 1 else 'years'}"
            self.add_error(self.term_years, f"{lot.name.code} is planned for {term}: at least one year must be left")

    def _check_start(self, chosen: Sequence[PlannedLot]) -> None:
        """Earlier than mobilisation or the calendar allows, a start is no plan."""
        for lot in chosen:
            if (self.start_weeks.data or 0) >= 0 or lot.service_start is None:
                continue
            start = lot.service_start + timedelta(weeks=self.start_weeks.data)
            mobilisation = lot.mobilisation_days
            if start <= self._begins:
                self.add_error(
                    self.start_weeks,
                    f"{lot.name.code} would start on {day(start)}. Work on it cannot begin before {day(self._begins)}",
                )
            elif mobilisation is not None and mobilisation + self.start_weeks.data * DAYS_IN_WEEK < 0:
                self.add_error(
                    self.start_weeks,
                    f"{lot.name.code} has {plural(mobilisation, 'working day')} to mobilise. Enter no more weeks than "
                    f"that leaves: {number(-(mobilisation // DAYS_IN_WEEK))} or more",
                )
            else:
                continue
            return

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
