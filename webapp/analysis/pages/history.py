"""What past lots alone would say, beside what providers declared, and both as one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup

from intelligence import CapacityReport
from webapp.analysis.blending import LotForecasts, expected, lot_forecasts
from webapp.analysis.names import Names
from webapp.analysis.past import HistoryOutlook
from webapp.web import charts
from webapp.web.format import chance, estimate, number, percent, plural

MOST_DRAWN = 12
LEAST_WEIGHT = 0.005
WAYS = {
    "histogram": "All earlier lots counted",
    "like groups": "Earlier lots of the same buyer, service or region",
    "regression": "A formula fitted to earlier lots (regression)",
    "like circumstances": "Earlier lots in like circumstances (decision trees)",
}


@dataclass(frozen=True, slots=True)
class HistoryPage:
    sentence: str
    skill: str
    chart: Markup
    rows: Sequence[Sequence[Any]]
    candidate_rows: Sequence[Sequence[Any]]


def history_page(report: CapacityReport, outlook: HistoryOutlook, names: Names) -> HistoryPage:
    forecasts = sorted(lot_forecasts(report, outlook), key=lambda each: (-each.blended[0], names.lot(each.lot_id)))
    return HistoryPage(
        sentence=_sentence(outlook),
        skill=_skill(outlook),
        chart=charts.changes_of_chance(
            "history",
            "Chance of no credible bid from declared interest and from past lots alone",
            [
                charts.ChangeRow(
                    label=names.lot(each.lot_id),
                    before=min(each.from_interest[0], 1.0),
                    after=min(each.from_history[0], 1.0),
                )
                for each in forecasts[:MOST_DRAWN]
            ],
            words=("From declared interest", "From past lots alone"),
        ),
        rows=[_row(each, names) for each in forecasts],
        candidate_rows=[
            (
                _way(candidate.name),
                number(candidate.crps, 3) if candidate.crps is not None else "-",
                percent(candidate.weight),
            )
            for candidate in outlook.forecast.candidates
            if candidate.weight >= LEAST_WEIGHT or candidate.crps is not None
        ],
    )


def _way(name: str) -> str:
    """A way of forecasting in plain words; “latest 30 lots” says it by itself."""
    return WAYS.get(name) or name.capitalize()


def _sentence(outlook: HistoryOutlook) -> str:
    weight = outlook.weight
    moved = (
        f"as {plural(weight.lots, 'lot')} that were forecast both ways suggest"
        if weight.lots
        else "which is assumed, since no lot has been forecast both ways yet"
    )
    return (
        f"{plural(outlook.past_lots, 'past lot')} alone give a second forecast, also for lots in which nobody declared "
        f"an interest. Mixed, declared interest counts for {percent(weight.interest)}, {moved}."
    )


def _skill(outlook: HistoryOutlook) -> str:
    forecast = outlook.forecast
    histogram = next((each.crps for each in forecast.candidates if each.name == "histogram"), None)
    if forecast.pool_crps is None or histogram is None:
        return "Too few past lots are known to try the ways of forecasting on them; the weights are those assumed."
    if forecast.histogram_only:
        return (
            f"Tried on {plural(forecast.scored, 'past lot')}, nothing did better than counting the bids of all earlier "
            "lots. So that stands, with one more lot for what none of them has shown."
        )
    return (
        f"Tried on {plural(forecast.scored, 'past lot')}, each forecast from earlier ones, the mean error was "
        f"{number(forecast.pool_crps, 2)} bids against {number(histogram, 2)} of counting the bids of all earlier lots."
    )


def _row(each: LotForecasts, names: Names) -> Sequence[Any]:
    ways = (each.from_interest, each.from_history, each.blended)
    return (
        names.lot(each.lot_id),
        *(cell for way in ways for cell in (estimate(expected(way)), chance(way[0]))),
    )
