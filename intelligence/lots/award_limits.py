"""What limits on lots bid for and lots awarded do to competition, and to the chance that every lot can be awarded.

The same structure is forecast under each pair of limits with the same luck, so that the figures differ by the limits
alone. A limit on bids leaves each supplier its most willing ones; a limit on awards leaves its bids alone and lets it
win no more than that many lots.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.capacity.report import CapacityReport
from intelligence.lots.as_market import structure_market
from intelligence.lots.design import LotDesign, Structure, check_structure
from intelligence.lots.evaluate import value_together
from intelligence.lots.lot_table import LotTable
from intelligence.lots.result import AwardLimitEffect
from intelligence.lots.structures import title_of
from intelligence.lots.valuation import valuer_of
from intelligence.market import Market

Limits = tuple[int | None, int | None]

USUAL_LIMITS: tuple[Limits, ...] = ((None, None), (None, 3), (None, 2), (None, 1), (3, None), (2, None), (1, None))
"""Lots bid for, lots awarded."""


def award_limit_effects(
    design: LotDesign,
    structure: Structure,
    *,
    seed: int,
    limits: Sequence[Limits] = USUAL_LIMITS,
    draws: int = 2_000,
    priors: Priors = DEFAULT_PRIORS,
    engaged: Market | None = None,
) -> tuple[AwardLimitEffect, ...]:
    """Forecast one structure under each pair of limits (lots bid for, lots awarded); `None` is no limit. The limits in
    the design's rules play no part, nor those of the procurements of `engaged`, the market that providers were asked
    about, if the design has one.

    Raises:
        LotDesignError: the structure does not cover every unit exactly once.
        ValueError: `draws` is not between 100 and 100,000.

    >>> from intelligence.lots.design import DesignUnit, UnitInterest
    >>> from intelligence.lots.structures import each_unit
    >>> from intelligence.market import InterestLevel, Provider, ServiceLine, Site
    >>> sites = (Site("a", "Ashby"), Site("b", "Barton"))
    >>> design = LotDesign(
    ...     units=tuple(DesignUnit(f"{site.id} dental", site.id, "dental", 900_000) for site in sites),
    ...     sites=sites,
    ...     service_lines=(ServiceLine("dental", "Dental"),),
    ...     providers=(Provider("P1", "Example Dental CIC"),),
    ...     interests=tuple(UnitInterest("P1", f"{site.id} dental", InterestLevel.WOULD_BID) for site in sites),
    ... )
    >>> free, one_each = award_limit_effects(design, each_unit(design), seed=1, limits=((None, None), (None, 1)))
    >>> free.bids_per_lot == one_each.bids_per_lot, free.p_all_awardable > one_each.p_all_awardable
    (True, True)
    """
    check_structure(design, structure)
    free = None if engaged is None else _without_limits(engaged)
    table = LotTable(design, valuer_of(design, priors, seed=seed))
    found = []
    for bid_for, awarded in limits:
        market = structure_market(table, structure, bid_for=bid_for, awarded=awarded, engaged=free)
        capacity = estimate_capacity(market, seed=seed, draws=draws, priors=priors)
        found.append(_effect(table, structure, bid_for, awarded, capacity))
    return tuple(found)


def _without_limits(engaged: Market) -> Market:
    """The market with its procurements' own limits lifted: they would hold beside each pair that is asked about."""
    plans = (replace(entry, most_lots_bid=None, most_lots_awarded=None) for entry in engaged.procurements)
    return replace(engaged, procurements=tuple(plans))


def _effect(
    table: LotTable, structure: Structure, bid_for: int | None, awarded: int | None, capacity: CapacityReport
) -> AwardLimitEffect:
    exposed = min(range(len(capacity.lots)), key=lambda place: capacity.lots[place].p_awardable)
    value, _ = value_together(table.design, structure, capacity)
    return AwardLimitEffect(
        lots_bid_for=bid_for,
        lots_awarded=awarded,
        bids_per_lot=sum(lot.expected_bids for lot in capacity.lots) / len(capacity.lots),
        lots_with_few_bids=sum(lot.p_none + lot.p_one for lot in capacity.lots),
        p_all_awardable=capacity.awards.p_all_awardable,
        p_all_awardable_error=capacity.awards.p_all_awardable_error,
        expected_awardable=capacity.awards.expected_awardable,
        most_exposed=title_of(table.design, structure.lots[exposed]),
        most_exposed_p_awardable=capacity.lots[exposed].p_awardable,
        value_together=value,
    )
