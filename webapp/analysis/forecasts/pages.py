"""How often forecasts were right: scores of what was frozen against what came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from markupsafe import Markup

from intelligence.forecast.scores import EventScore, ForecastScores, LotScore, score_forecasts
from webapp.analysis.blending import Distribution, expected
from webapp.analysis.forecasts.frozen import FrozenLot, Scored
from webapp.analysis.forecasts.queries import MOST_SCORED, LotRow
from webapp.analysis.names import Names
from webapp.models import FrozenForecast
from webapp.web import charts
from webapp.web.cells import link
from webapp.web.format import chance, estimate, moment, number, percent, plural, short_day
from webapp.web.pagination import Page, paginate

FEWEST_TO_JUDGE = 10
WAYS = ("From declared interest", "From past lots alone", "Both")
EVENTS = {"no bid": "No bid", "at most one bid": "At most one bid", "three bids or more": "Three or more"}

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True, slots=True)
class ScoresPage:
    sentence: str
    caution: str
    way_rows: Rows
    event_rows: Rows
    chart: Markup
    dot_rows: Rows
    lots: Page[tuple[Scored, LotScore]]
    lot_rows: Rows


def scores_page(scored: Sequence[Scored], *, page: str | None) -> ScoresPage | None:
    """None where no forecast can be scored yet."""
    if not scored:
        return None
    scores = score_forecasts([each.from_interest() for each in scored])
    pairs = list(zip(scored, scores.lots, strict=True))
    lots = paginate(len(pairs), lambda limit, offset: pairs[offset : offset + limit], page)
    return ScoresPage(
        sentence=_sentence(scores),
        caution=_caution(len(scored)),
        way_rows=_way_rows(scored, scores),
        event_rows=[_event_row(event) for event in scores.events],
        chart=_chart(scores),
        dot_rows=[
            (
                EVENTS[event.event],
                point.lots,
                percent(point.said),
                percent(point.came),
                f"{percent(point.low)} to {percent(point.high)}",
            )
            for event in scores.events
            for point in event.reliability
        ],
        lots=lots,
        lot_rows=[_lot_row(each, score) for each, score in lots.items],
    )


def frozen_rows(frozen: Sequence[FrozenForecast]) -> Rows:
    return [
        (
            link(f"{each.run.engagement.reference}/R{each.run.number}", url_for("forecasts.show", run_id=each.run_id)),
            moment(each.frozen_at),
            each.freezer.name,
            each.reason,
        )
        for each in frozen
    ]


@dataclass(frozen=True, slots=True)
class ChanceTable:
    columns: Sequence[dict[str, Any]]
    rows: Rows


def chance_table(shown: Sequence[FrozenLot], names: Names, *, among: Sequence[FrozenLot]) -> ChanceTable:
    """What past lots add has a column if any lot of the forecast has it, so that all its pages are alike."""
    heads = ("Credible bids expected", "None", "One", "Two or more", "Likely range")
    mixed = ("None, with past lots",) if any(lot.blended is not None for lot in among) else ()
    return ChanceTable(
        [{"text": "Lot"}, *({"text": head, "numeric": True} for head in (*heads, *mixed))],
        [
            (
                names.lot(lot.lot_id),
                estimate(expected(lot.distribution)),
                *(chance(part) for part in none_one_more(lot.distribution)),
                f"{lot.low} to {lot.high}",
                *("-" if lot.blended is None else chance(none_one_more(lot.blended)[0]) for _ in mixed),
            )
            for lot in shown
        ],
    )


def none_one_more(distribution: Distribution) -> tuple[float, float, float]:
    none, one = (*distribution, 0.0)[:2]
    return none, one, max(1 - none - one, 0.0)


def outcome_rows(lots: Sequence[LotRow], *, programme_id: object, may_record: bool) -> Rows:
    rows = []
    for row in lots:
        outcome, name = row.outcome, f"{row.lot.code} {row.lot.title}"
        if may_record:
            address = url_for("forecasts.outcome", programme_id=programme_id, lot_id=row.lot.id)
            name = link(name, address)
        known = (
            (
                short_day(outcome.closed_on),
                number(outcome.bids),
                number(outcome.credible_bids),
                outcome.source,
                "Yes" if row.is_scored else "No: no forecast of it was frozen before that day",
            )
            if outcome is not None
            else ("-", "-", "-", "Not known yet", "-")
        )
        rows.append((name, *known))
    return rows


def summary(scored: Sequence[Scored]) -> str:
    """How good they were, and how much that says."""
    said = _sentence(score_forecasts([each.from_interest() for each in scored]))
    return " ".join(filter(None, (said, _caution(len(scored)))))


def _sentence(scores: ForecastScores) -> str:
    count = len(scores.lots)
    none = scores.events[0]
    return (
        f"Of {plural(count, 'lot')} whose bids have come since, {percent(scores.coverage)} drew a number of credible "
        f"bids within the range that was shown; the forecasts promised {percent(scores.expected_coverage)}. No bid "
        f"was given a chance of {percent(none.said)} on average and came for {percent(none.came)}. The mean error "
        f"was {number(scores.crps, 2)} bids."
    )


def _caution(count: int) -> str:
    if count < FEWEST_TO_JUDGE:
        return f"With fewer than {FEWEST_TO_JUDGE} lots this says little: luck could make it look better or worse."
    if count >= MOST_SCORED:
        return f"Scored are the {number(MOST_SCORED)} lots whose bids closed last."
    return ""


def _way_rows(scored: Sequence[Scored], of_interest: ForecastScores) -> Rows:
    """Each way on the lots that it forecast; only with equal numbers of lots can two ways be compared."""
    found: list[tuple[str, ForecastScores]] = [(WAYS[0], of_interest)]
    for name, outcomes in (
        (WAYS[1], [each.from_history() for each in scored]),
        (WAYS[2], [each.blended() for each in scored]),
    ):
        known = [outcome for outcome in outcomes if outcome is not None]
        if known:
            found.append((name, score_forecasts(known)))
    return [
        (
            name,
            len(scores.lots),
            number(scores.crps, 3),
            number(scores.events[0].brier, 3),
            percent(scores.coverage),
            percent(scores.expected_coverage),
        )
        for name, scores in found
    ]


def _event_row(event: EventScore) -> Sequence[Any]:
    return (
        EVENTS[event.event],
        percent(event.said),
        percent(event.came),
        number(event.brier, 3),
        number(event.brier_of_base_rate, 3),
    )


def _chart(scores: ForecastScores) -> Markup:
    return charts.reliability(
        "reliability",
        "The chance that was said against the share that came",
        [
            charts.ReliabilityPanel(
                title=EVENTS[event.event],
                dots=tuple(
                    charts.ReliabilityDot(
                        said=min(point.said, 1.0),
                        came=point.came,
                        low=min(point.low, point.came),
                        high=max(point.high, point.came),
                        count=point.lots,
                    )
                    for point in event.reliability
                ),
            )
            for event in scores.events
        ],
        unit="lots",
    )


def _lot_row(each: Scored, score: LotScore) -> Sequence[Any]:
    return (
        each.lot,
        each.programme,
        short_day(each.closed_on),
        estimate(score.expected),
        f"{each.frozen.low} to {each.frozen.high}",
        score.came,
        chance(score.said),
        number(score.crps, 2),
    )
