"""How many bids will each lot draw, judged by earlier lots alone?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np

from intelligence.compute import Progress, nobody_told
from intelligence.forecast.distributions import Distributions, crps
from intelligence.forecast.evidence import Evidence
from intelligence.forecast.features import Features, describe
from intelligence.forecast.histograms import LATEST, group_histogram, histogram, recent_histogram, see, with_unseen
from intelligence.forecast.pool import best_weights, cross_products, pool
from intelligence.forecast.regression import regress
from intelligence.forecast.result import CandidateSkill, HistoryForecast, LotForecast
from intelligence.forecast.tenders import PastLot, PlannedLot
from intelligence.forecast.timeline import Floats, Ints, Timeline, Trailing, arrange, whole
from intelligence.forecast.trees import FEWEST_LOTS, neighbours

GROWTH = 6  # the regression and the trees are fitted anew when the history has grown by such a part
MOST_SCORED = 200  # past lots of one stage that candidates are compared on
FEWEST_KNOWN = 1  # past lots before a lot is forecast to compare candidates

# The pool before any score; its last two members need lots to learn from and stand for the histogram until then.
NAMES = ("histogram", *(f"latest {last} lots" for last in LATEST), "like groups", "regression", "like circumstances")
PRIOR_WEIGHTS = (0.85, 0.05, 0.0, 0.0, 0.1, 0.0)
PRIOR_WEIGHTS_WITH_INTEREST = (0.05, 0.0, 0.0, 0.05, 0.9, 0.0)


@dataclass(frozen=True, slots=True)
class Stage:
    """Fitted to what was known before `start`; serves `rows`, whose dates lie before the next stage's start."""

    train: Ints
    rows: Ints
    scored: Ints


def forecast_bids(
    history: Sequence[PastLot], lots: Sequence[PlannedLot], *, seed: int = 0, progress: Progress = nobody_told
) -> HistoryForecast:
    """Forecast the number of bids of each lot from the past lots dated strictly before it.

    Several ways of forecasting are tried along the history, each past lot forecast from what came before it, and
    pooled by how well they did. The pool counts for as much as it is sure to do better than the plain histogram, which
    takes the rest. The order of the history changes nothing, and equal inputs and seed give equal results.
    `progress` is told the share that is done, between 0 and 1; what it raises stops the work. Lots are taken as they
    are: that numbers are no less than zero is for the caller to see to. Method and sources: docs/methods/forecast.md.

    >>> from datetime import date
    >>> past = [PastLot(PlannedLot(f"old {n}", date(2024, 1, n)), bidders=n % 3) for n in range(1, 25)]
    >>> forecast = forecast_bids(past, [PlannedLot("new", date(2024, 6, 1))])
    >>> 0.8 < forecast.lots[0].mean < 1.2, forecast.lots[0].past_lots
    (True, 24)
    """
    if not lots:
        return HistoryForecast((), (), 0, None, False, seed)
    timeline = arrange(history, lots)
    stages = _stages(timeline)
    candidates = _candidates(timeline, describe(timeline), stages, seed, progress)
    judged = _judge(timeline, candidates, stages)
    progress(1.0)
    planned = np.arange(timeline.past, timeline.rows)
    chances = np.diff(judged.pooled.cumulative[planned].astype(np.float64), axis=1, prepend=0.0).clip(min=0.0)
    chances /= chances.sum(axis=1, keepdims=True)
    earlier = Trailing(timeline, whole(timeline)).counts()[planned]
    figures = zip(lots, judged.pooled.mean[planned], chances.tolist(), earlier, strict=True)
    return HistoryForecast(
        lots=tuple(LotForecast(lot.id, float(mean), tuple(chance), int(known)) for lot, mean, chance, known in figures),
        candidates=_skills(timeline, candidates, judged),
        scored=len(judged.scored),
        pool_crps=judged.pool_crps,
        histogram_only=judged.histogram_only,
        seed=seed,
    )


def _stages(timeline: Timeline) -> list[Stage]:
    """A stage begins whenever the lots known have grown by a sixth, so what comes later changes nothing before."""
    known, opens = timeline.known[: timeline.past], timeline.opens
    ordered = np.sort(known)
    sizes, size = [], 1
    while size <= timeline.past:
        sizes.append(size)
        size += max(1, size // GROWTH)
    bounds = sorted({0, *(int(ordered[size - 1]) + 1 for size in sizes)})
    stages = []
    for start, end in pairwise([*bounds, date.max.toordinal() + 1]):
        rows = np.flatnonzero((opens >= start) & (opens < end))
        past = rows[rows < timeline.past]
        past = past[known[past] < end]  # where only a month or year is known, the outcome may come after the stage
        train = np.flatnonzero(known < start)
        every = max(1, -(-len(past) // MOST_SCORED))
        scored = past[::every] if len(train) >= FEWEST_KNOWN else past[:0]
        stages.append(Stage(train, np.concatenate([scored, rows[rows >= timeline.past]]), scored))
    return stages


def _candidates(
    timeline: Timeline, features: Features, stages: Sequence[Stage], seed: int, progress: Progress
) -> list[Distributions]:
    """Every way of forecasting, by row of the timeline, in the order of NAMES."""
    seen, every = see(timeline), np.arange(timeline.rows)
    of_all = histogram(seen, every)
    recent = [recent_histogram(seen, every, last, of_all) for last in LATEST]
    grouped, regression, trees = recent[-1].copy(), of_all.copy(), of_all.copy()
    for done, stage in enumerate(stages):
        progress(done / len(stages))
        if not len(stage.rows):
            continue
        telling = features.telling(timeline, stage.train)
        of_stage = Distributions(recent[-1].cumulative[stage.rows], recent[-1].mean[stage.rows])
        grouped.replace(stage.rows, group_histogram(timeline, seen, stage.train, stage.rows, of_stage))
        regression.replace(stage.rows, regress(features, telling, timeline.bids, stage.train, stage.rows))
        if len(stage.train) >= FEWEST_LOTS and len(telling):
            grown = neighbours(features, telling, timeline.bids, stage.train, stage.rows, seed=seed)
            trees.replace(stage.rows, grown)
    return [of_all, *recent, grouped, regression, trees]


@dataclass(frozen=True, slots=True)
class Judged:
    """The pooled forecasts by row, the past lots scored, and what the scores say."""

    pooled: Distributions
    scored: Ints
    weights: Floats
    pool_crps: float | None
    histogram_only: bool


def _judge(timeline: Timeline, candidates: Sequence[Distributions], stages: Sequence[Stage]) -> Judged:
    """Weigh the candidates anew before each stage by the stages before it."""
    pooled = candidates[0].copy()
    prior, alone = _prior_weights(timeline), np.eye(len(candidates))[0]
    products: Floats = np.zeros((len(candidates), len(candidates)))
    scored, score, weights = 0, 0.0, prior
    evidence, known = Evidence(with_interest=_with_interest(timeline)), Trailing(timeline, whole(timeline)).counts()
    for stage in stages:
        found = best_weights(products, scored, prior)
        weights = alone + evidence.share() * (found - alone)
        pooled.replace(stage.rows, with_unseen(pool(candidates, weights, stage.rows), known[stage.rows]))
        bids = timeline.bids[stage.scored]
        plain = crps(candidates[0].cumulative[stage.scored], bids)
        evidence = evidence.and_also(plain, crps(pool(candidates, found, stage.scored).cumulative, bids))
        score += float(crps(pooled.cumulative[stage.scored], bids).sum())
        products = products + cross_products(candidates, timeline.bids, stage.scored)
        scored += len(stage.scored)
    rows = np.concatenate([stage.scored for stage in stages])
    return Judged(pooled, rows, weights, score / scored if scored else None, bool((weights == alone).all()))


def _prior_weights(timeline: Timeline) -> Floats:
    """Interest says more than any history of other lots, so where the planned lots have it the regression leads."""
    return np.array(PRIOR_WEIGHTS_WITH_INTEREST if _with_interest(timeline) else PRIOR_WEIGHTS)


def _with_interest(timeline: Timeline) -> bool:
    """Where past lots are known but the interest in none of them is, nothing shows what interest is worth here."""
    known = np.isfinite(timeline.log_interest)
    past, planned = known[: timeline.past], known[timeline.past :]
    return bool(planned.mean() > 0.5 and (past.any() or not len(past)))


def _skills(timeline: Timeline, candidates: Sequence[Distributions], judged: Judged) -> tuple[CandidateSkill, ...]:
    bids = timeline.bids[judged.scored]
    scores = [float(crps(found.cumulative[judged.scored], bids).mean()) for found in candidates] if len(bids) else []
    return tuple(
        CandidateSkill(name, scores[place] if scores else None, float(judged.weights[place]))
        for place, name in enumerate(NAMES)
    )
