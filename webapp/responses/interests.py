"""The expressions of interest that a submission's answers amount to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

from webapp.models import BiddingRole, InterestLevel, Measure
from webapp.responses.items import Item, Value

_COLUMNS = {
    Measure.INTEREST_LEVEL: "level",
    Measure.BIDDING_ROLE: "role",
    Measure.CONSORTIUM: "consortium",
    Measure.WTE_AT_START: "wte_at_start",
    Measure.WTE_MONTH_6: "wte_month_6",
    Measure.MOBILISATION_MONTHS: "mobilisation_months",
}


def interest_rows(answers: Mapping[Item, Value]) -> list[dict[str, Any]]:
    """One row per lot with a level, whatever its other columns; a lot without a level has no row."""
    rows: dict[uuid.UUID, dict[str, Any]] = {}
    for item, value in answers.items():
        column = _COLUMNS.get(item.question.measure) if item.question.measure else None
        if item.lot is not None and column is not None:
            row = rows.setdefault(item.lot.id, {"lot_id": item.lot.id, **dict.fromkeys(_COLUMNS.values())})
            row[column] = _cell(item.question.measure, value)
    return [row for row in rows.values() if row["level"] is not None]


def _cell(measure: Measure | None, value: Value) -> Any:
    if measure is Measure.INTEREST_LEVEL:
        return InterestLevel(str(value))
    if measure is Measure.BIDDING_ROLE:
        return BiddingRole(str(value))
    return value
