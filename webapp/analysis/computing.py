"""Computing a part of a run. Only the worker imports this: it loads the libraries of the analysis, in one thread.

Loaded when first used instead, by two jobs at once, they can be seen half made.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from intelligence import Market, Scenario, WhatIf
from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.whatif import compare_scenarios, weigh_assumptions
from intelligence.files import from_json
from intelligence.schedule.from_market import problem_from_market
from intelligence.schedule.plan import Blackout, Officer, Schedule
from intelligence.schedule.solve import plan_schedule
from intelligence.text.find import find_themes
from webapp.analysis.runs import RunParameters
from webapp.models import AnalysisPart, PartKind
from webapp.models import WhatIf as AskedWhatIf

Progress = Callable[[float], None]


def compute(part: AnalysisPart, *, progress: Progress) -> Any:
    """The part's result, from nothing but what its run recorded."""
    market = from_json(Market, part.run.inputs)
    parameters = from_json(RunParameters, part.run.parameters)
    seed = part.run.seed
    if part.kind is PartKind.CAPACITY:
        return estimate_capacity(market, seed=seed, draws=parameters.draws, progress=progress)
    if part.kind is PartKind.TORNADO:
        return weigh_assumptions(market, seed=seed, progress=progress)
    if part.kind is PartKind.THEMES:
        comments = tuple(comment for comment in market.comments if comment.question == part.subject)
        return find_themes(comments, seed=seed, progress=progress)
    return _schedule(market, parameters, seed)


def answer(asked: AskedWhatIf, *, progress: Progress) -> WhatIf:
    """The scenario beside the plan, on the very draws of its run: before the change its figures are the report's."""
    run = asked.run
    parameters = from_json(RunParameters, run.parameters)
    scenario = from_json(Scenario, asked.scenario)
    (found,) = compare_scenarios(
        from_json(Market, run.inputs), [scenario], seed=run.seed, draws=parameters.draws, progress=progress
    )
    return found


def _schedule(market: Market, parameters: RunParameters, seed: int) -> Schedule:
    officers = sorted({procurement.officer for procurement in market.procurements if procurement.officer})
    last_start = max((procurement.service_start for procurement in market.procurements), default=parameters.as_of)
    problem = problem_from_market(
        market,
        as_of=parameters.as_of,
        officers=tuple(Officer(name) for name in officers),
        blackouts=christmas_freezes(parameters.as_of, last_start),
    )
    return plan_schedule(problem, seed=seed, seconds=parameters.schedule_seconds)


def christmas_freezes(first: date, last: date) -> tuple[Blackout, ...]:
    """From 20 December to 3 January nothing is published and no tender closes: an assumption, said on the page."""
    return tuple(
        Blackout(f"Christmas {year}", date(year, 12, 20), date(year + 1, 1, 3))
        for year in range(first.year, last.year + 1)
    )
