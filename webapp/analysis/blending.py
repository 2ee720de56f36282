"""The forecast from declared interest, that from past lots alone, and both as one, for each lot of a run."""

from __future__ import annotations

from dataclasses import dataclass

from intelligence import DEFAULT_PRIORS, CapacityReport
from intelligence.forecast.blend import blend, credible_only
from webapp.analysis.past import HistoryOutlook

Distribution = tuple[float, ...]


@dataclass(frozen=True, slots=True)
class LotForecasts:
    """Chances of 0, 1, 2, ... credible bids; those from history and of the blend end with 40 or more."""

    lot_id: str
    from_interest: Distribution
    from_history: Distribution
    blended: Distribution


def lot_forecasts(report: CapacityReport, outlook: HistoryOutlook) -> list[LotForecasts]:
    """History counts all bids: it is thinned with the share of credible ones that the report rests on."""
    known = {prior.name: prior.value for prior in report.priors}
    credibility = known[DEFAULT_PRIORS.credibility.name]
    correlation = known[DEFAULT_PRIORS.rejection_correlation.name]
    drawn = {lot.lot_id: lot.distribution for lot in report.lots}
    found = []
    for lot in outlook.forecast.lots:
        history = credible_only(lot.probabilities, credibility, correlation)
        both = blend(drawn[lot.lot_id], history, outlook.weight.interest)
        found.append(LotForecasts(lot.lot_id, drawn[lot.lot_id], history, both))
    return found


def expected(distribution: Distribution) -> float:
    return sum(bids * chance for bids, chance in enumerate(distribution))


def central(distribution: Distribution, share: float) -> tuple[int, int]:
    """The ends of the interval that leaves at most half of the rest on either side."""
    tail, below = (1 - share) / 2, 0.0
    low = high = len(distribution) - 1
    for bids, chance in enumerate(distribution):
        if below < tail <= below + chance:
            low = bids
        if below < 1 - tail <= below + chance:
            high = bids
            break
        below += chance
    return min(low, high), high
