"""The forecast from history: plain frozen values, stored as they are and shown as they are."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class LotForecast:
    """`probabilities[k]` is the chance of exactly k bids, the last one of 40 or more; they sum to one.

    `mean` is the expected number of bids, with those above 40 counted in full. `past_lots` is how many past lots,
    all dated before this one, it rests on.
    """

    lot_id: str
    mean: float
    probabilities: tuple[float, ...]
    past_lots: int


@dataclass(frozen=True, slots=True)
class CandidateSkill:
    """How well one way of forecasting did on past lots, each forecast from what was dated before it.

    `crps` is its mean continuous ranked probability score (lower is better; `None` where no past lot could be scored),
    and `weight` its share in the pool of the latest lots.
    """

    name: str
    crps: float | None
    weight: float


@dataclass(frozen=True, slots=True)
class HistoryForecast:
    """Forecasts of all lots, in the order in which these were given, with the skill by which the pool was chosen.

    `scored` past lots were used for the comparison. `pool_crps` is the pool's own score there, its weights chosen
    before each of these lots. With `histogram_only` the pool did no better than the plain histogram and was dropped for
    the latest lots.
    """

    lots: tuple[LotForecast, ...]
    candidates: tuple[CandidateSkill, ...]
    scored: int
    pool_crps: float | None
    histogram_only: bool
    seed: int
