"""What came of forecasts, as a sheet of the file for a challenge."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy.orm import Session

from webapp.analysis.blending import expected
from webapp.analysis.forecasts.frozen import Scored
from webapp.analysis.forecasts.pages import none_one_more, summary
from webapp.analysis.forecasts.queries import count_lots, lots, scored
from webapp.exports.workbook import Sheet, Value
from webapp.models import LotOutcome, Programme
from webapp.web.format import chance, estimate

NOT_FROZEN = "No forecast of it was frozen before its bids closed"
COLUMNS = (
    "Lot",
    "Bids closed on",
    "Bids",
    "Credible bids",
    "Source",
    "Entered by",
    "Entered at",
    "Credible bids as forecast",
    "Chance of none",
    "Of one",
    "Of two or more",
    "Likely range",
    "Whether what came lies in it",
)


def forecast_sheet(session: Session, programme: Programme) -> Sheet:
    """Every lot whose bids are in, the first to close first, with the forecast that was frozen last before; beneath
    them how good those were, in the words of the page of lessons, which counts no more than the latest."""
    judged = scored(session, Programme.id == programme.id, limit=None)
    by_lot = {each.frozen.lot_id: each for each in judged}
    every = lots(session, programme.id, limit=count_lots(session, programme.id), offset=0)
    known = sorted(
        ((row.outcome, f"{row.lot.code} {row.lot.title}") for row in every if row.outcome is not None),
        key=lambda each: (each[0].closed_on, each[1]),
    )
    rows = [(*_came(outcome, lot), *_forecast(by_lot.get(str(outcome.lot_id)))) for outcome, lot in known]
    if judged:
        rows.append((summary(judged), *(None for _ in COLUMNS[1:])))
    return Sheet("Forecasts", COLUMNS, rows)


def _came(outcome: LotOutcome, lot: str) -> tuple[Value, ...]:
    counted = (outcome.bids, outcome.credible_bids, outcome.source)
    return (lot, outcome.closed_on, *counted, outcome.recorder.name, outcome.recorded_at)


def _forecast(of: Scored | None) -> Sequence[Value]:
    if of is None:
        return (NOT_FROZEN, None, None, None, None, None)
    frozen = of.frozen
    return (
        estimate(expected(frozen.distribution)),
        *(chance(part) for part in none_one_more(frozen.distribution)),
        f"{frozen.low} to {frozen.high}",
        "Yes" if frozen.low <= of.came <= frozen.high else "No",
    )
