"""What is frozen of a run: for each lot the distributions that were shown, and what they rest on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from intelligence import CapacityReport, InterestLevel
from intelligence.forecast.blend import BothForecasts
from intelligence.forecast.scores import ForecastOutcome
from webapp.analysis.blending import Distribution, LotForecasts, central, lot_forecasts
from webapp.analysis.past import HistoryOutlook
from webapp.analysis.runs import run_reference
from webapp.models import AnalysisRun


@dataclass(frozen=True, slots=True)
class FrozenLot:
    """`distribution` is of credible bids, from declared interest; `low` and `high` the ends of the interval shown.

    `from_history` and `blended` are there where past lots gave a forecast; they end with 40 bids or more.
    """

    lot_id: str
    interested: int
    distribution: Distribution
    low: int
    high: int
    from_history: Distribution | None = None
    blended: Distribution | None = None


@dataclass(frozen=True, slots=True)
class FrozenContent:
    run: str
    inputs_digest: str
    code_version: str
    seed: int
    draws: int
    interval: float
    lots: tuple[FrozenLot, ...]


@dataclass(frozen=True, slots=True)
class Scored:
    """A lot that was forecast before its bids closed, and how many credible bids came."""

    programme: str
    lot: str
    closed_on: date
    came: int
    interval: float
    frozen: FrozenLot

    def from_interest(self) -> ForecastOutcome:
        frozen = self.frozen
        return ForecastOutcome(frozen.lot_id, frozen.distribution, frozen.low, frozen.high, self.came)

    def from_history(self) -> ForecastOutcome | None:
        return self._open_ended(self.frozen.from_history)

    def blended(self) -> ForecastOutcome | None:
        return self._open_ended(self.frozen.blended)

    def both_ways(self) -> BothForecasts | None:
        if self.frozen.from_history is None:
            return None
        return BothForecasts(self.frozen.lot_id, self.frozen.distribution, self.frozen.from_history, self.came)

    def _open_ended(self, distribution: Distribution | None) -> ForecastOutcome | None:
        if distribution is None:
            return None
        low, high = central(distribution, self.interval)
        return ForecastOutcome(self.frozen.lot_id, distribution, low, high, self.came, ends_open=True)


def content_of(run: AnalysisRun, report: CapacityReport, outlook: HistoryOutlook | None) -> FrozenContent:
    both = {each.lot_id: each for each in lot_forecasts(report, outlook)} if outlook is not None else {}
    return FrozenContent(
        run=run_reference(run),
        inputs_digest=run.inputs_digest,
        code_version=run.code_version,
        seed=run.seed,
        draws=report.draws,
        interval=report.interval,
        lots=tuple(
            FrozenLot(
                lot.lot_id,
                sum(count.providers for count in lot.interest if count.level is not InterestLevel.NO),
                lot.distribution,
                lot.bids_low,
                lot.bids_high,
                *_from_both(both.get(lot.lot_id)),
            )
            for lot in report.lots
        ),
    )


def _from_both(both: LotForecasts | None) -> tuple[Distribution | None, Distribution | None]:
    return (both.from_history, both.blended) if both is not None else (None, None)
