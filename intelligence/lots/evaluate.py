"""The report on a whole structure: its lots as a market, forecast together by the capacity model."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from math import fsum, sqrt

import numpy as np

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.capacity.report import CapacityReport, LotCapacity
from intelligence.lots.design import DesignUnit, LotDesign, Structure, StructureLot, UnitInterest, check_structure
from intelligence.lots.lot_interest import LEVELS, ROLES
from intelligence.lots.lot_table import ROUNDING, LotTable
from intelligence.lots.result import LotReport, StructureReport, Worth
from intelligence.lots.rules import rules_in_force, without
from intelligence.lots.structures import title_of
from intelligence.lots.valuation import LOG_BIDS, MOST_BIDS, SMALL_AND_MEDIUM, appraiser
from intelligence.market import Interest, Lot, Market, Provider, Unit


def evaluate_structure(
    design: LotDesign, structure: Structure, *, seed: int, draws: int = 2_000, priors: Priors = DEFAULT_PRIORS
) -> StructureReport:
    """The report on one structure, whoever made it: for a preview while an officer moves units.

    Raises:
        LotDesignError: the structure does not cover every unit exactly once.
        ValueError: `draws` is not between 100 and 100,000.
    """
    check_structure(design, structure)
    table = LotTable(design, appraiser(design, priors, seed=seed))
    return report_structure(table, structure, priors, seed=seed, draws=draws)


def report_structure(
    table: LotTable, structure: Structure, priors: Priors, *, seed: int, draws: int
) -> StructureReport:
    """Everything an officer wants to know about one structure."""
    design = table.design
    rules = design.rules
    market = structure_market(table, structure, bid_for=rules.lots_bid_for, awarded=rules.lots_awarded)
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
        expected_bidders=table.appraiser.expected_bidders(),
        incumbents=table.incumbents(),
        broken_rules=broken_rules(table, structure),
    )


def structure_market(table: LotTable, structure: Structure, *, bid_for: int | None, awarded: int | None) -> Market:
    """The structure as a market of the capacity model, one tender that each bid team answers as a whole.

    A lot's id is that of its most valuable unit, so that its luck stays the same while it keeps that unit. The limits
    stand beside those the providers declared: `bid_for` as their bids in one wave, `awarded` as the lots they can hold.
    """
    design = table.design
    lots = tuple(_market_lot(design, lot) for lot in structure.lots)
    return Market(
        lots=lots,
        sites=design.sites,
        service_lines=design.service_lines,
        providers=tuple(_limited(provider, bid_for, awarded) for provider in design.providers),
        interests=tuple(_market_interests(table, structure, lots)),
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
    contract = float(table.flags[row] @ table.appraiser.market.values) * design.contract_years
    lost = contract * design.assumptions.no_bid_cost.value * float(table.none[row])
    managed = design.assumptions.management_cost.value * design.contract_years
    return Worth(value, value + lost + managed, lost, managed)


def add_worths(worths: Iterable[Worth]) -> Worth:
    """The worth of several lots."""
    parts = [(worth.value, worth.saving, worth.no_bid_cost, worth.management_cost) for worth in worths]
    return Worth(*(fsum(part) for part in zip(*parts, strict=True)))


def annual_value(design: LotDesign, lot: StructureLot) -> float:
    """What the lot's units cost a year."""
    return fsum(unit.annual_value for unit in design.units if unit.id in lot.unit_ids)


def _report_lot(table: LotTable, lot: StructureLot, row: int, forecast: LotCapacity) -> LotReport:
    flags = table.flags[row : row + 1]
    ceiling = table.design.rules.sme_largest_annual_value
    value = annual_value(table.design, lot)
    small = [provider.size in SMALL_AND_MEDIUM for provider in table.appraiser.market.providers]
    return LotReport(
        title=title_of(table.design, lot),
        unit_ids=lot.unit_ids,
        annual_value=value,
        worth=worth_of(table, row),
        capacity=forecast,
        sme_sized=None if ceiling is None else value <= ceiling + ROUNDING,
        sme_interested=int((table.appraiser.interest(flags).level[0] > 0)[small].sum()),
        expected_sme_bids=float(table.appraiser.bid_chances(flags)[0][small].sum()),
    )


def _anchor(design: LotDesign, lot: StructureLot) -> DesignUnit:
    return max(
        (unit for unit in design.units if unit.id in lot.unit_ids), key=lambda unit: (unit.annual_value, unit.id)
    )


def _market_lot(design: LotDesign, lot: StructureLot) -> Lot:
    units = [unit for unit in design.units if unit.id in lot.unit_ids]
    value = annual_value(design, lot)
    needs = [unit.demand_wte for unit in units if unit.demand_wte is not None]
    held = {
        known: fsum(unit.annual_value for unit in units if known in unit.incumbent_ids) for known in _holders(units)
    }
    least = design.assumptions.incumbent_share.value * value - ROUNDING
    return Lot(
        id=_anchor(design, lot).id,
        title=title_of(design, lot),
        units=tuple(Unit(unit.site_id, unit.service_line_id) for unit in units),
        annual_value=value,
        demand_wte=fsum(needs) if len(needs) == len(units) else None,
        incumbent_ids=tuple(known for known, amount in held.items() if amount >= least),
    )


def _holders(units: Sequence[DesignUnit]) -> list[str]:
    return sorted({known for unit in units for known in unit.incumbent_ids})


def _limited(provider: Provider, bid_for: int | None, awarded: int | None) -> Provider:
    """One bid team answers the whole tender, so that the tenders it can answer at once say nothing about its lots."""
    held = [limit for limit in (provider.held_at_most, awarded) if limit is not None]
    return replace(provider, tenders_at_once=bid_for, held_at_most=min(held) if held else None)


def _market_interests(table: LotTable, structure: Structure, lots: Sequence[Lot]) -> Iterator[Interest]:
    """Every possible bid for a lot, by the same rule that the valuation uses."""
    market = table.appraiser.market
    found = table.appraiser.interest(table.flags_of(structure))
    declared = {(interest.provider_id, interest.unit_id): interest for interest in table.design.interests}
    for row, column in np.argwhere(found.level > 0).tolist():
        provider_id = market.providers[column].id
        asked = [declared.get((provider_id, unit_id)) for unit_id in structure.lots[row].unit_ids]
        level, consortium = LEVELS[found.level[row, column]], int(found.consortium[row, column])
        if level is not None:
            yield Interest(
                provider_id,
                lots[row].id,
                level,
                ROLES[found.role[row, column]],
                wte_at_start=_total(entry.wte_at_start for entry in asked if entry),
                wte_month_6=_total(_later_wte(entry) for entry in asked if entry),
                consortium=market.consortia[consortium - 1] if consortium else None,
            )


def _later_wte(interest: UnitInterest) -> float | None:
    return interest.wte_at_start if interest.wte_month_6 is None else interest.wte_month_6


def _total(amounts: Iterable[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return fsum(known) if known else None
