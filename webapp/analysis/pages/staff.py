"""Staff on offer against staff needed: what a bid would bring if one comes, and the chance that enough comes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence.capacity.report import LotCapacity, WteEstimate
from webapp.analysis.names import Names
from webapp.web import charts
from webapp.web.cells import lines
from webapp.web.format import chance, plural

EVEN = 0.5
LOTS_NAMED = 3


@dataclass(frozen=True, slots=True)
class StaffPage:
    sentence: str
    chart: Markup | None
    rows: Sequence[Sequence[Any]]


def staff_page(lots: Sequence[LotCapacity], names: Names, interval: str) -> StaffPage:
    return StaffPage(_sentence(lots, names), _chart(lots, names, interval), [_row(lot, names) for lot in lots])


def _sentence(lots: Sequence[LotCapacity], names: Names) -> str:
    """Which lots are more likely than not to lack staff, whether for want of a bid or of staff in it."""
    judged = [(meets, names.lot(lot.lot_id)) for lot in lots if (meets := _p_enough(lot)) is not None]
    short = sorted(entry for entry in judged if entry[0] < EVEN)
    if not judged:
        return ""
    if not short:
        return "Each lot with a known need has an even chance or better of a credible bid with enough staff."
    worst = "; ".join(f"{name} ({chance(meets)})" for meets, name in short[:LOTS_NAMED])
    verb = "has" if len(short) == 1 else "have"
    return (
        f"{plural(len(short), 'lot')} of {len(judged)} with a known need {verb} less than an even chance of a credible "
        f"bid with enough staff by month 6. Lowest: {worst}."
    )


def _p_enough(lot: LotCapacity) -> float | None:
    if lot.staff_month_6 is None:
        return None
    return lot.staff_month_6.p_one_bidder_meets_demand


def _chart(lots: Sequence[LotCapacity], names: Names, interval: str) -> Markup | None:
    rows = [row for lot in lots if (row := _bar(lot, names)) is not None]
    title = (
        f"Staff that the best credible bid would bring by month 6 if one comes, with the range of {interval} of such "
        "cases, against the need; and the chance that enough comes"
    )
    return charts.capacity_against_demand("capacity", title, rows, unit="WTE") if rows else None


def _bar(lot: LotCapacity, names: Names) -> charts.CapacityRow | None:
    staff = lot.staff_month_6
    if staff is None or staff.best_if_offered is None or lot.demand_wte is None:
        return None
    best = staff.best_if_offered
    return charts.CapacityRow(
        label=names.lot(lot.lot_id),
        low=min(best.low, best.mean),
        middle=best.mean,
        high=max(best.high, best.mean),
        demand=lot.demand_wte,
        note=f"{_chance(staff.p_one_bidder_meets_demand)} chance of enough",
    )


def _row(lot: LotCapacity, names: Names) -> Sequence[Any]:
    start, later = lot.staff_at_start, lot.staff_month_6
    return (
        names.lot(lot.lot_id),
        _wte(lot.demand_wte),
        _chance(later.p_offered if later else None),
        _then(start.best_if_offered if start else None, later.best_if_offered if later else None),
        _chance(later.p_enough_if_offered if later else None),
        _chance(later.p_one_bidder_meets_demand if later else None),
        _chance(later.p_pool_meets_demand if later else None),
        later.silent if later else "-",
    )


def _then(at_start: WteEstimate | None, later: WteEstimate | None) -> str | Markup:
    """The mean at the start, and by month 6 with its range."""
    if at_start is None or later is None:
        return "-"
    interval = f"({_wte(later.low)} to {_wte(later.high)})"
    return lines([f"{_wte(at_start.mean)} at start", f"{_wte(later.mean)} by month 6", interval])


def _wte(value: float | None) -> str:
    return "-" if value is None else f"{value:,.1f}"


def _chance(value: float | None) -> str:
    return "-" if value is None else chance(value)
