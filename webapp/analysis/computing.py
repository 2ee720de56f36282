"""Computing a part of a run. Only the worker imports this: it loads the libraries of the analysis, in one thread.

Loaded when first used instead, by two jobs at once, they can be seen half made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from intelligence import Market, Scenario, WhatIf
from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.limits import weigh_limits
from intelligence.capacity.whatif import compare_scenarios, weigh_assumptions
from intelligence.compute import Backend, Progress, Workers
from intelligence.files import from_json
from intelligence.forecast.forecast import forecast_bids
from intelligence.providers.segment import segment_providers
from intelligence.schedule.plan import Schedule
from intelligence.schedule.solve import plan_schedule
from intelligence.text.stability import find_tested
from webapp.analysis.changed import priors_with
from webapp.analysis.past import HistoryOutlook, history_of
from webapp.analysis.problem import orders_left_out, problem_of
from webapp.analysis.runs import RunParameters
from webapp.analysis.watching import Watch
from webapp.models import AnalysisPart, PartKind
from webapp.models import WhatIf as AskedWhatIf

FROM_DRAWS: dict[PartKind, Callable[..., Any]] = {
    PartKind.CAPACITY: estimate_capacity,
    PartKind.TORNADO: weigh_assumptions,
    PartKind.LIMITS: weigh_limits,
}
"""What rests on the same draws of the market, and so takes the same things."""


def compute(part: AnalysisPart, *, threads: int, progress: Progress, watch: Watch) -> Any:
    """The part's result, from nothing but what its run recorded, however many threads it may keep busy."""
    market = from_json(Market, part.run.inputs)
    parameters = from_json(RunParameters, part.run.parameters)
    past, priors = history_of(part.run), priors_with(parameters.changed)
    seed = part.run.seed
    if part.kind in FROM_DRAWS:
        return FROM_DRAWS[part.kind](
            market,
            seed=seed,
            draws=parameters.draws,
            priors=priors,
            elsewhere=past.elsewhere,
            progress=progress,
        )
    if part.kind is PartKind.HISTORY:
        forecast = forecast_bids(past.past, past.planned, seed=seed, progress=progress)
        return HistoryOutlook(forecast, past.weight, len(past.past))
    if part.kind is PartKind.SEGMENTS:
        return segment_providers(market, seed=seed, progress=progress)
    if part.kind is PartKind.THEMES:
        comments = tuple(comment for comment in market.comments if comment.question == part.subject)
        return find_tested(comments, seed=seed, workers=Workers(Backend.THREADS, threads), progress=progress)
    return _schedule(market, parameters, seed, watch)


def answer(asked: AskedWhatIf, *, progress: Progress) -> WhatIf:
    """The scenario beside the plan, on the very draws of its run: before the change its figures are the report's."""
    run = asked.run
    parameters = from_json(RunParameters, run.parameters)
    scenario = from_json(Scenario, asked.scenario)
    (found,) = compare_scenarios(
        from_json(Market, run.inputs),
        [scenario],
        seed=run.seed,
        draws=parameters.draws,
        priors=priors_with(parameters.changed),
        elsewhere=history_of(run).elsewhere,
        progress=progress,
    )
    return found


def _schedule(market: Market, parameters: RunParameters, seed: int, watch: Watch) -> Schedule:
    problem = problem_of(market, parameters.terms, as_of=parameters.as_of)
    planned = plan_schedule(
        problem, seed=seed, seconds=parameters.schedule_seconds, progress=watch.found, time_left=watch.time_left
    )
    return replace(planned, warnings=(*planned.warnings, *orders_left_out(market, parameters.terms)))
