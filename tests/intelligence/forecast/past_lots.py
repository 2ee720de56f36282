"""Made-up past and planned lots: one a day, and what drives their bids is known."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import numpy as np

from intelligence.forecast.tenders import PastLot, PlannedLot

FIRST = date(2020, 1, 1)


def planned(day: int, identifier: str = "", **known: Any) -> PlannedLot:
    return PlannedLot(identifier or f"lot {day}", FIRST + timedelta(days=day), **known)


def driven_by_value(lots: int, seed: int = 1) -> list[PastLot]:
    """Bids rise with the root of the value."""
    dice = np.random.default_rng(seed)
    values = np.exp(dice.normal(11, 1.2, lots))
    bids = dice.poisson(4 * np.sqrt(values / np.exp(11)))
    return [PastLot(planned(day, value=float(values[day])), int(bids[day])) for day in range(lots)]


def by_chance(lots: int, seed: int = 1) -> list[PastLot]:
    """Nothing that is known has anything to do with the bids."""
    dice = np.random.default_rng(seed)
    return [
        PastLot(
            planned(
                day,
                value=float(np.exp(dice.normal(11, 1))),
                buyer=f"B{dice.integers(20)}",
                category=f"C{dice.integers(5)}",
                region=f"R{dice.integers(9)}",
            ),
            int(dice.negative_binomial(3, 0.4)),
        )
        for day in range(lots)
    ]
