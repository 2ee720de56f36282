"""What past lots bring to a run: plain frozen values, kept with it."""

from __future__ import annotations

from dataclasses import dataclass, field

from intelligence import HistoryForecast, Market, Outcome, PastLot, PlannedLot
from intelligence.files import from_json
from intelligence.forecast.blend import BlendWeight, choose_weight
from webapp.models import AnalysisRun


@dataclass(frozen=True, slots=True)
class History:
    """Past lots as they were known when the run was asked for; those of this buyer are in the market's outcomes.

    `elsewhere` are the outcomes of other buyers' lots, `past` all lots for a forecast from history alone, `planned` the
    run's lots as such a forecast sees them, and `weight` how far declared interest is trusted against it.
    """

    elsewhere: tuple[Outcome, ...] = ()
    past: tuple[PastLot, ...] = ()
    planned: tuple[PlannedLot, ...] = ()
    weight: BlendWeight = field(default_factory=lambda: choose_weight(()))


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that a run's figures come from; its digest names the run's inputs."""

    market: Market
    history: History


@dataclass(frozen=True, slots=True)
class HistoryOutlook:
    """The forecast from history alone, of all bids, and what is needed to mix it with that from declared interest."""

    forecast: HistoryForecast
    weight: BlendWeight
    past_lots: int


def history_of(run: AnalysisRun) -> History:
    """As the run recorded it."""
    return History() if run.history is None else from_json(History, run.history)
