"""Soundings' intelligence: from what a market said to how it would bid, what it cares about and when to buy.

Pure functions from frozen inputs to frozen results. The types are imported here at once and are light; each function
is imported when it is first used, so that a process that only shows results never loads the libraries that make them.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from intelligence.appraisal.problem import Appraisal, AppraisalError
from intelligence.appraisal.result import WeighedOptions
from intelligence.capacity.priors import DEFAULT_PRIORS, Prior, Priors
from intelligence.capacity.report import CapacityReport
from intelligence.capacity.scenario import LimitEffects, Scenario, Tornado, WhatIf
from intelligence.forecast.result import HistoryForecast
from intelligence.forecast.tenders import PastLot, PlannedLot
from intelligence.lots.design import LotDesign, LotDesignError
from intelligence.lots.result import LotDesignResult
from intelligence.market import (
    AvoidedDates,
    BiddingRole,
    Comment,
    Contract,
    Interest,
    InterestLevel,
    Lot,
    LotTerms,
    Market,
    MarketError,
    Outcome,
    Procurement,
    Provider,
    ProviderKind,
    ProviderSize,
    Route,
    ServiceLine,
    Site,
    Unit,
)
from intelligence.providers.segments import ProviderSegments
from intelligence.schedule.plan import Schedule
from intelligence.schedule.problem import ScheduleError, ScheduleProblem
from intelligence.text.themes import ThemeSet

if TYPE_CHECKING:
    from intelligence.appraisal.weigh import weigh_options
    from intelligence.capacity.estimate import estimate_capacity
    from intelligence.capacity.limits import weigh_limits
    from intelligence.capacity.whatif import compare_scenarios, weigh_assumptions
    from intelligence.forecast.forecast import forecast_bids
    from intelligence.lots.award_limits import award_limit_effects
    from intelligence.lots.compare import compare_structures
    from intelligence.lots.evaluate import evaluate_structure
    from intelligence.lots.optimise import design_lots
    from intelligence.providers.segment import segment_providers
    from intelligence.schedule.solve import plan_schedule
    from intelligence.text.assign import assign_themes
    from intelligence.text.find import find_themes
    from intelligence.text.learning import learn_themes
    from intelligence.text.quality import advice_on

__all__ = [
    "DEFAULT_PRIORS",
    "Appraisal",
    "AppraisalError",
    "AvoidedDates",
    "BiddingRole",
    "CapacityReport",
    "Comment",
    "Contract",
    "HistoryForecast",
    "Interest",
    "InterestLevel",
    "LimitEffects",
    "Lot",
    "LotDesign",
    "LotDesignError",
    "LotDesignResult",
    "LotTerms",
    "Market",
    "MarketError",
    "Outcome",
    "PastLot",
    "PlannedLot",
    "Prior",
    "Priors",
    "Procurement",
    "Provider",
    "ProviderKind",
    "ProviderSegments",
    "ProviderSize",
    "Route",
    "Scenario",
    "Schedule",
    "ScheduleError",
    "ScheduleProblem",
    "ServiceLine",
    "Site",
    "ThemeSet",
    "Tornado",
    "Unit",
    "WeighedOptions",
    "WhatIf",
    "advice_on",
    "assign_themes",
    "award_limit_effects",
    "compare_scenarios",
    "compare_structures",
    "design_lots",
    "estimate_capacity",
    "evaluate_structure",
    "find_themes",
    "forecast_bids",
    "learn_themes",
    "plan_schedule",
    "segment_providers",
    "weigh_assumptions",
    "weigh_limits",
    "weigh_options",
]

_FUNCTIONS = {
    "advice_on": "intelligence.text.quality",
    "assign_themes": "intelligence.text.assign",
    "award_limit_effects": "intelligence.lots.award_limits",
    "compare_scenarios": "intelligence.capacity.whatif",
    "compare_structures": "intelligence.lots.compare",
    "design_lots": "intelligence.lots.optimise",
    "estimate_capacity": "intelligence.capacity.estimate",
    "evaluate_structure": "intelligence.lots.evaluate",
    "find_themes": "intelligence.text.find",
    "forecast_bids": "intelligence.forecast.forecast",
    "learn_themes": "intelligence.text.learning",
    "plan_schedule": "intelligence.schedule.solve",
    "segment_providers": "intelligence.providers.segment",
    "weigh_assumptions": "intelligence.capacity.whatif",
    "weigh_limits": "intelligence.capacity.limits",
    "weigh_options": "intelligence.appraisal.weigh",
}


def __getattr__(name: str) -> Any:
    if name not in _FUNCTIONS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_FUNCTIONS[name]), name)
