"""The lot design problem behind a run: what its frozen market says about services, and who would bid for which."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from itertools import combinations
from typing import Any

from intelligence import Lot, LotDesign, LotDesignResult, Market, ServiceLine, Site
from intelligence.files import from_json, to_json
from intelligence.lots.design import Rules, Structure, StructureLot
from intelligence.lots.from_market import design_from_market
from intelligence.lots.result import AwardLimitEffect, Comparison, StructureReport
from intelligence.lots.structures import baselines

StoredLots = list[list[str]]
"""The unit ids of each lot, in the order of their letters; a lot that was emptied is an empty list."""


@dataclass(frozen=True, slots=True)
class SearchResult:
    """`found` holds of its design the services alone, so that it does not grow with the market. `shared_draws` are
    those of the capacity report; 0 in searches from before they were shared."""

    found: LotDesignResult
    limits: tuple[AwardLimitEffect, ...]
    shared_draws: int = 0


@dataclass(frozen=True, slots=True)
class StepResult:
    """What a structure makes of the market, and what its last change changed, with what it made of the market before;
    `None` for the first step. `shared_draws` as in a search."""

    report: StructureReport
    comparison: Comparison | None
    before: StructureReport | None = None
    shared_draws: int = 0


def design_of(market: Market, rules: Rules) -> LotDesign:
    """The whole problem, with the lots of the engagement as a draft.

    A lot may cover a service at several sites of one kind. Sites of all kinds together would make too many lots to
    consider, and a prison and a children's home are seldom bought in one.

    Raises:
        LotDesignError: a lot has no annual value, or a service is in two lots.
    """
    pairs = combinations(market.sites, 2)
    neighbours = tuple((first.id, second.id) for first, second in pairs if first.kind == second.kind)
    return design_from_market(market, neighbours=neighbours, rules=rules)


def services_of(sites: Any, service_lines: Any, lots: Any) -> LotDesign:
    """The problem without its market, from those pieces of a run's stored inputs: enough to show and to change.

    Raises:
        LotDesignError: as `design_of`.
    """
    market = Market(
        lots=tuple(replace(lot, incumbent_ids=()) for lot in from_json(tuple[Lot, ...], lots)),
        sites=from_json(tuple[Site, ...], sites),
        service_lines=from_json(tuple[ServiceLine, ...], service_lines),
    )
    return design_of(market, Rules())


def without_market(design: LotDesign) -> LotDesign:
    """The services of a design and its rules, and nobody that would bid for them."""
    return replace(
        design,
        units=tuple(replace(unit, incumbent_ids=()) for unit in design.units),
        providers=(),
        interests=(),
        terms=(),
    )


def starting_points(design: LotDesign, found: LotDesignResult | None) -> list[Structure]:
    """What an officer's structure may begin from: what a search found, the engagement's lots and the usual ones."""
    advised = [report.structure() for report in (found.best, *found.alternatives) if report] if found else []
    return [*advised, *design.structures, *baselines(design)]


def rules_of(stored: dict[str, Any]) -> Rules:
    return from_json(Rules, stored)


def stored_rules(rules: Rules) -> Any:
    return to_json(rules)


def structure_of(name: str, lots: StoredLots) -> Structure:
    return Structure(name, tuple(StructureLot(tuple(units)) for units in lots if units))


def stored_lots(structure: Structure) -> StoredLots:
    return [list(lot.unit_ids) for lot in structure.lots]


def moved(lots: StoredLots, unit_ids: Collection[str], place: int | None) -> StoredLots:
    """The lots with some services in that at `place`, or in a new one. A lot left empty keeps its place, so that all
    others keep their letters.

    >>> moved([["a", "b"], ["c"]], ["c"], 0)
    [['a', 'b', 'c'], []]
    """
    moving = [unit for units in lots for unit in units if unit in unit_ids]
    staying = [[unit for unit in units if unit not in unit_ids] for units in lots]
    if place is None:
        return [*staying, moving]
    return [[*units, *moving] if here == place else units for here, units in enumerate(staying)]
