"""What a search and the board say of a structure alike: its lots, and what of the programme stands to draw few bids."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt
from typing import Any

from intelligence.lots.design import Rules
from intelligence.lots.result import Exposure, LotReport, StructureReport
from intelligence.lots.rules import size_broken
from webapp.web.cells import lines
from webapp.web.format import chance, compact_money, estimate, number, percent, plural

OUTSIDE = {
    "smallest_annual_value": "Too small",
    "largest_annual_value": "Too large",
    "fewest_units": "Too few services",
    "most_units": "Too many services",
}
NINETY_FIVE = 1.96
"""Standard errors on either side that hold 95% of what a simulation would have said with other draws."""
LARGEST_DEVIATION = 0.5
"""Standard deviation of what happens in a draw or not: that of a chance of one half, and smaller of any other."""


def lot_cells(lot: LotReport, title: str, rules: Rules, *, reads: bool) -> Sequence[Any]:
    """Title, value, expected bids, chance of none and of one, interested SMEs, and how the lot is outside the rules.

    How large providers are is partly what they answered: SMEs are counted for a reader who `reads` that.
    """
    return (
        title,
        compact_money(lot.annual_value),
        estimate(lot.capacity.expected_bids),
        chance(lot.capacity.p_none),
        chance(lot.capacity.p_one),
        *([number(lot.sme_interested)] if reads else []),
        lines(OUTSIDE[key] for key in size_broken(rules, lot.annual_value, len(lot.unit_ids))) or "-",
    )


def lots_outside(report: StructureReport, rules: Rules) -> int:
    """How many lots break a rule about their size."""
    return sum(bool(size_broken(rules, lot.annual_value, len(lot.unit_ids))) for lot in report.lots)


def exposure_cells(exposure: Exposure) -> tuple[str, str, str]:
    """Of services, annual value and staff needed."""
    staff = "Not known" if exposure.demand is None else percent(exposure.demand)
    return percent(exposure.units), percent(exposure.annual_value), staff


def over_years(contract_years: float) -> str:
    """Over 1 year, over 8.5 years: for how long sums of money count."""
    said = number(contract_years, 1)
    return f"over {said} {'year' if said == '1' else 'years'}"


def risk(report: StructureReport) -> tuple[float, float]:
    """The less, the better: by value, since a number of lots favours whoever makes few of them. As pages show it, so
    that no structure stands before another for a difference that nobody can see."""
    return round(report.without_bid().annual_value, 2), round(report.with_one_bid().annual_value, 2)


def same_as_report(draws: int) -> str:
    """How these figures stand to those of the capacity report, with the largest error that the simulation can leave.

    `draws` are those shared with the report; results from before they were shared have none.
    """
    if not draws:
        return (
            "These figures were worked out before lots shared the draws of the capacity report, so the same lot can "
            "have other figures there. Run a new analysis to compare them."
        )
    margin = number(100 * NINETY_FIVE * LARGEST_DEVIATION / sqrt(draws), 1)
    return (
        f"These figures rest on the assumptions and the {plural(draws, 'draw')} of the capacity report, so a lot that "
        "the engagement asked about has the same figures here and there. Two things can make them differ: a provider "
        "that can answer only so many tenders at once, or may bid for only so many lots of a procurement, keeps those "
        "it wants most, and the other lots are not the same; and your rules on how many lots a supplier may bid for "
        "and be awarded hold here, over all lots, and not in that report. Luck in the draws puts a chance shown here "
        f"out by {margin} percentage {'point' if margin == '1' else 'points'} at most (95 times in 100)."
    )
