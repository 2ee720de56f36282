"""Slow and plain ways to the best structure, which share nothing with the optimiser but what a lot is worth."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from math import ceil, floor

import numpy as np
import numpy.typing as npt

from intelligence.lots.design import DesignUnit, LotDesign
from intelligence.lots.structures import by_service, by_site, integrated
from intelligence.market import BiddingRole, InterestLevel

Worth = Callable[[frozenset[str]], float]
NO_BID = {InterestLevel.NO}
NO_LEAD = {BiddingRole.SUBCONTRACT_ONLY}


def every_structure(names: Sequence[str]) -> Iterator[list[frozenset[str]]]:
    """All partitions of the units."""
    if not names:
        yield []
        return
    first, rest = names[0], names[1:]
    for others in every_structure(rest):
        yield [frozenset([first]), *others]
        for place, lot in enumerate(others):
            yield [*others[:place], lot | {first}, *others[place + 1 :]]


def is_lot(design: LotDesign, lot: frozenset[str]) -> bool:
    """Is the set connected, or a lot of one of the usual structures?"""
    usual = (by_site(design), by_service(design), integrated(design))
    if lot in {frozenset(one.unit_ids) for structure in usual for one in structure.lots}:
        return True
    units = {unit.id: unit for unit in design.units}
    reached, waiting = set(), [min(lot)]
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting.extend(other for other in lot if _linked(design, units[name], units[other]))
    return reached == lot


def _linked(design: LotDesign, one: DesignUnit, other: DesignUnit) -> bool:
    near = {one.site_id, other.site_id} in [set(pair) for pair in design.neighbours]
    asked = any({one.id, other.id} <= set(group) for group in design.rules.together)
    return asked or one.site_id == other.site_id or (near and one.service_line_id == other.service_line_id)


def keeps_rules(design: LotDesign, lots: Sequence[frozenset[str]], expected_bidders: float, coverage: float) -> bool:
    """Every rule, written down a second time."""
    rules, units = design.rules, {unit.id: unit for unit in design.units}
    values = [sum(units[name].annual_value for name in lot) for lot in lots]
    incumbents = {known for unit in design.units for known in unit.incumbent_ids}
    limits = [limit for limit in (rules.lots_bid_for, rules.lots_awarded) if limit is not None]
    alone = [bidders.pop() for lot in lots if len(bidders := _bidders(design, lot, coverage)) == 1]
    small = sum(value <= (rules.sme_largest_annual_value or 0) for value in values)
    return all(
        (
            rules.lots_at_least is None or len(lots) >= rules.lots_at_least,
            rules.lots_at_most is None or len(lots) <= rules.lots_at_most,
            rules.smallest_annual_value is None or min(values) >= rules.smallest_annual_value,
            rules.largest_annual_value is None or max(values) <= rules.largest_annual_value,
            rules.fewest_units is None or min(map(len, lots)) >= rules.fewest_units,
            rules.most_units is None or max(map(len, lots)) <= rules.most_units,
            all(any(set(group) <= lot for lot in lots) for group in rules.together),
            all(len(lot & set(group)) <= 1 for group in rules.apart for lot in lots),
            not limits or all(alone.count(provider) <= min(limits) for provider in alone),
            rules.lots_awarded is None or len(lots) <= floor(rules.lots_awarded * expected_bidders + 1e-6),
            rules.sme_lots_at_least is None or small >= rules.sme_lots_at_least,
            not rules.fewer_lots_than_bidders or len(lots) < ceil(expected_bidders - 1e-6),
            not rules.more_lots_than_incumbents or len(lots) > len(incumbents),
        )
    )


def _bidders(design: LotDesign, lot: frozenset[str], coverage: float) -> set[str]:
    """The providers interested in enough of the lot, and in a lot of its value."""
    values = {unit.id: unit.annual_value for unit in design.units}
    total = sum(values[name] for name in lot)
    smallest = {terms.provider_id: terms.smallest_annual_value or 0 for terms in design.terms}
    wanted: dict[str, float] = {}
    for interest in design.interests:
        if interest.unit_id in lot and interest.level not in NO_BID and interest.role not in NO_LEAD:
            wanted[interest.provider_id] = wanted.get(interest.provider_id, 0) + values[interest.unit_id]
    return {
        known for known, value in wanted.items() if value >= coverage * total - 1e-6 and total >= smallest.get(known, 0)
    }


def best_by_dynamic_programming(
    units: int, lots: dict[int, float], *, lots_at_least: int = 0, lots_at_most: int | None = None
) -> float:
    """The most that disjoint lots (bits, with their worth) covering all units are worth, by number of lots.

    ``best[covered, count]`` is worked out for sets of units in the order of their lowest unit, highest first: the lot
    with the lowest unit leaves a set whose lowest unit is higher.
    """
    most = units if lots_at_most is None else lots_at_most
    best = np.full((1 << units, most + 1), -np.inf)
    best[0, 0] = 0
    for lowest in reversed(range(units)):
        for lot, worth in lots.items():
            if lot & -lot == 1 << lowest:
                rest = _subsets([bit for bit in range(lowest + 1, units) if not lot >> bit & 1])
                best[rest | lot, 1:] = np.maximum(best[rest | lot, 1:], best[rest, :-1] + worth)
    return float(best[-1, lots_at_least:].max())


def _subsets(bits: Sequence[int]) -> npt.NDArray[np.int64]:
    found = np.zeros(1, np.int64)
    for bit in bits:
        found = np.concatenate([found, found | 1 << bit])
    return found
