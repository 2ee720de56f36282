"""The report on a whole structure: its lots as a market, forecast together by the capacity model."""

from __future__ import annotations

from collections.abc import Iterable
from math import fsum, sqrt

import numpy as np

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.capacity.report import CapacityReport, LotCapacity
from intelligence.lots.as_market import annual_value, structure_market
from intelligence.lots.design import LotDesign, Structure, StructureLot, check_structure
from intelligence.lots.lot_table import LotTable
from intelligence.lots.result import LotReport, StructureReport, Worth
from intelligence.lots.rules import ROUNDING, rules_in_force, without
from intelligence.lots.structures import title_of
from intelligence.lots.valuation import LOG_BIDS, MOST_BIDS, valuer_of
from intelligence.market import Market, ProviderSize

SMALL_AND_MEDIUM = frozenset({ProviderSize.MICRO, ProviderSize.SMALL, ProviderSize.MEDIUM})


def evaluate_structure(
    design: LotDesign,
    structure: Structure,
    *,
    seed: int,
    draws: int = 2_000,
    priors: Priors = DEFAULT_PRIORS,
    engaged: Market | None = None,
) -> StructureReport:
    """The report on one structure, whoever made it: for a preview while an officer moves units.

    `engaged` is the market that providers were asked about, where the design was made from one: a lot that it has keeps
    its tender, its interest and its luck. With the seed, the draws and the priors of that market's capacity report
    (those after learning, see :func:`intelligence.capacity.learning.learned_priors`), the structure of its very lots
    has the report's very figures. Money is in pounds over the contract unless a name says *annual*.

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
    ...     interests=(UnitInterest("P1", "a dental", InterestLevel.WOULD_BID),),
    ... )
    >>> report = evaluate_structure(design, each_unit(design), seed=1)
    >>> [round(lot.capacity.p_none, 1) for lot in report.lots]
    [0.3, 0.8]
    """
    check_structure(design, structure)
    table = LotTable(design, valuer_of(design, priors, seed=seed))
    return report_structure(table, structure, priors, seed=seed, draws=draws, engaged=engaged)


def report_structure(
    table: LotTable, structure: Structure, priors: Priors, *, seed: int, draws: int, engaged: Market | None
) -> StructureReport:
    """Everything an officer wants to know about one structure."""
    design = table.design
    rules = design.rules
    market = structure_market(table, structure, bid_for=rules.lots_bid_for, awarded=rules.lots_awarded, engaged=engaged)
    capacity = estimate_capacity(market, seed=seed, draws=draws, priors=priors)
    rows = table.rows(structure)
    lots = tuple(
        _report_lot(table, lot, row, forecast)
        for lot, row, forecast in zip(structure.lots, rows, capacity.lots, strict=True)
    )
    value, error = value_together(design, structure, capacity)
    sized = [lot.sme_sized for lot in lots if lot.sme_sized is not None]
    return StructureReport(
        name=structure.name,
        lots=lots,
        worth=add_worths([lot.worth for lot in lots]),
        value_together=value,
        value_together_error=error,
        awards=capacity.awards,
        lots_without_bid=sum(lot.p_none for lot in capacity.lots),
        lots_with_one_bid=sum(lot.p_one for lot in capacity.lots),
        sme_lots=sum(sized) if sized else None,
        expected_bidders=table.valuer.expected_bidders(),
        incumbents=table.incumbents(),
        broken_rules=broken_rules(table, structure),
    )


def broken_rules(table: LotTable, structure: Structure) -> tuple[str, ...]:
    """The sentences of the rules that this structure breaks."""
    rules = rules_in_force(table.design)
    keys = {rule.key for rule in rules}
    return tuple(
        rule.sentence for rule in rules if table.breaks(without(table.design.rules, keys - {rule.key}), structure)
    )


def value_together(design: LotDesign, structure: Structure, capacity: CapacityReport) -> tuple[float, float]:
    """The worth of all lots by the joint forecast, in pounds over the contract, and its Monte-Carlo standard error."""
    assumed, total, variance = design.assumptions, 0.0, 0.0
    for lot, forecast in zip(structure.lots, capacity.lots, strict=True):
        contract = annual_value(design, lot) * design.contract_years
        chances = np.array(forecast.distribution)
        gains = assumed.price_effect.value * LOG_BIDS[np.minimum(np.arange(len(chances)), MOST_BIDS)].astype(np.float64)
        mean = float(chances @ gains)
        lost = assumed.no_bid_cost.value * (1 - forecast.p_awardable)
        total += contract * (mean - lost) - assumed.management_cost.value * design.contract_years
        variance += contract**2 * float(chances @ (gains - mean) ** 2) / capacity.draws
    return total, sqrt(variance)


def worth_of(table: LotTable, row: int) -> Worth:
    """What makes up the worth of one lot by itself."""
    value = float(table.values(np.array([row]))[0])
    design = table.design
    contract = float(table.flags[row] @ table.valuer.market.values) * design.contract_years
    lost = contract * design.assumptions.no_bid_cost.value * float(table.none[row])
    managed = design.assumptions.management_cost.value * design.contract_years
    return Worth(value, value + lost + managed, lost, managed)


def add_worths(worths: Iterable[Worth]) -> Worth:
    """The worth of several lots."""
    parts = [(worth.value, worth.saving, worth.no_bid_cost, worth.management_cost) for worth in worths]
    return Worth(*(fsum(part) for part in zip(*parts, strict=True)))


def _report_lot(table: LotTable, lot: StructureLot, row: int, forecast: LotCapacity) -> LotReport:
    flags = table.flags[row : row + 1]
    ceiling = table.design.rules.sme_largest_annual_value
    value = annual_value(table.design, lot)
    small = [provider.size in SMALL_AND_MEDIUM for provider in table.valuer.market.providers]
    return LotReport(
        title=title_of(table.design, lot),
        unit_ids=lot.unit_ids,
        annual_value=value,
        worth=worth_of(table, row),
        capacity=forecast,
        sme_sized=None if ceiling is None else value <= ceiling + ROUNDING,
        sme_interested=int((table.valuer.interest(flags).level[0] > 0)[small].sum()),
        expected_sme_bids=float(table.valuer.bid_chances(flags)[0][small].sum()),
    )
