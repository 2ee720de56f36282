"""A structure of lots as a market of the capacity model, so that it is forecast as the lots of an engagement are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np

from intelligence.lots.design import DesignUnit, LotDesign, Structure, StructureLot, UnitInterest
from intelligence.lots.lot_interest import LEVELS, ROLES
from intelligence.lots.lot_table import LotTable
from intelligence.lots.rules import ROUNDING
from intelligence.lots.structures import title_of
from intelligence.market import Interest, Lot, Market, Procurement, Provider, Unit, lowest


@dataclass(frozen=True, slots=True)
class _Asked:
    """What providers were asked about, by unit, and what they said, by provider and lot. Empty without a market."""

    procurements: tuple[Procurement, ...]
    lots: Mapping[Unit, Lot]
    interests: Mapping[tuple[str, str], Interest]


@dataclass(frozen=True, slots=True)
class _Cut:
    """One lot of the structure. `origin` is the lot that held its most valuable unit, `same` one of the same units."""

    lot: Lot
    unit_ids: tuple[str, ...]
    origin: Lot | None
    same: bool


def structure_market(
    table: LotTable,
    structure: Structure,
    *,
    bid_for: int | None,
    awarded: int | None,
    engaged: Market | None = None,
) -> Market:
    """The structure as a market. `bid_for` and `awarded` limit each provider beside the limits that it declared.

    `engaged` is the market that providers were asked about. A lot that it has, the structure takes from it with all
    that was said of it; any other lot is tendered with the lot that held its most valuable unit, and takes over that
    lot's luck if the unit was the most valuable one there too. So a structure of the very lots that were asked about
    has the very forecast of that market. Without it, all lots are one tender that a bid team answers as a whole, and a
    lot's luck stays the same while it keeps its most valuable unit.
    """
    design, asked = table.design, _asked(engaged)
    cuts = [_cut(design, asked, lot) for lot in structure.lots]
    return Market(
        lots=tuple(cut.lot for cut in cuts),
        sites=design.sites,
        service_lines=design.service_lines,
        procurements=tuple(_procurements(asked, cuts)),
        providers=tuple(_limited(one, bid_for, awarded, one_tender=engaged is None) for one in design.providers),
        interests=(*_interests_asked(asked, cuts), *_interests_found(table, structure, asked, cuts)),
    )


def annual_value(design: LotDesign, lot: StructureLot) -> float:
    """What the lot's units cost a year."""
    return fsum(unit.annual_value for unit in design.units if unit.id in lot.unit_ids)


def _asked(engaged: Market | None) -> _Asked:
    if engaged is None:
        return _Asked((), {}, {})
    return _Asked(
        engaged.procurements,
        {unit: lot for lot in engaged.lots for unit in lot.units},
        {(interest.provider_id, interest.lot_id): interest for interest in engaged.interests},
    )


def _cut(design: LotDesign, asked: _Asked, lot: StructureLot) -> _Cut:
    units = [unit for unit in design.units if unit.id in lot.unit_ids]
    anchor = _most_valuable(units)
    origin = asked.lots.get(_cell(anchor))
    if origin is None:
        return _Cut(_market_lot(design, lot, units, anchor.id), lot.unit_ids, None, same=False)
    if set(origin.units) == {_cell(unit) for unit in units}:
        return _Cut(origin, lot.unit_ids, origin, same=True)
    keeps_luck = anchor == _most_valuable([unit for unit in design.units if _cell(unit) in origin.units])
    made = _market_lot(design, lot, units, origin.id if keeps_luck else anchor.id)
    return _Cut(made, lot.unit_ids, origin, same=False)


def _cell(unit: DesignUnit) -> Unit:
    return Unit(unit.site_id, unit.service_line_id)


def _most_valuable(units: Iterable[DesignUnit]) -> DesignUnit:
    return max(units, key=lambda unit: (unit.annual_value, unit.id))


def _market_lot(design: LotDesign, lot: StructureLot, units: Sequence[DesignUnit], lot_id: str) -> Lot:
    value = annual_value(design, lot)
    needs = [unit.demand_wte for unit in units if unit.demand_wte is not None]
    held = {
        known: fsum(unit.annual_value for unit in units if known in unit.incumbent_ids) for known in _holders(units)
    }
    least = design.assumptions.incumbent_share.value * value - ROUNDING
    return Lot(
        id=lot_id,
        title=title_of(design, lot),
        units=tuple(_cell(unit) for unit in units),
        annual_value=value,
        demand_wte=fsum(needs) if len(needs) == len(units) else None,
        incumbent_ids=tuple(known for known, amount in held.items() if amount >= least),
    )


def _holders(units: Sequence[DesignUnit]) -> list[str]:
    return sorted({known for unit in units for known in unit.incumbent_ids})


def _procurements(asked: _Asked, cuts: Sequence[_Cut]) -> Iterator[Procurement]:
    for procurement in asked.procurements:
        lot_ids = tuple(cut.lot.id for cut in cuts if cut.origin and cut.origin.id in procurement.lot_ids)
        if lot_ids:
            yield replace(procurement, lot_ids=lot_ids)


def _limited(provider: Provider, bid_for: int | None, awarded: int | None, *, one_tender: bool) -> Provider:
    """One bid team answers one tender as a whole, so that the tenders it can answer at once say nothing of its lots."""
    return replace(
        provider,
        tenders_at_once=None if one_tender else provider.tenders_at_once,
        bids_at_most=lowest(provider.bids_at_most, bid_for),
        awards_at_most=lowest(provider.awards_at_most, awarded),
    )


def _interests_asked(asked: _Asked, cuts: Sequence[_Cut]) -> Iterator[Interest]:
    """What was declared for the lots that are as they were."""
    same = {cut.lot.id for cut in cuts if cut.same}
    yield from (interest for (_, lot_id), interest in asked.interests.items() if lot_id in same)


def _interests_found(table: LotTable, structure: Structure, asked: _Asked, cuts: Sequence[_Cut]) -> Iterator[Interest]:
    """Every possible bid for the other lots, by the same rule that the valuation uses."""
    market = table.valuer.market
    found = table.valuer.interest(table.flags_of(structure))
    declared = {(interest.provider_id, interest.unit_id): interest for interest in table.design.interests}
    cells = {unit.id: _cell(unit) for unit in table.design.units}
    for row, column in np.argwhere(found.level > 0).tolist():
        cut, provider_id = cuts[row], market.providers[column].id
        level, consortium = LEVELS[found.level[row, column]], int(found.consortium[row, column])
        if cut.same or level is None:
            continue
        wanted = [declared[key] for unit_id in cut.unit_ids if (key := (provider_id, unit_id)) in declared]
        origins = {asked.lots[cell].id for entry in wanted if (cell := cells[entry.unit_id]) in asked.lots}
        yield Interest(
            provider_id,
            cut.lot.id,
            level,
            ROLES[found.role[row, column]],
            wte_at_start=_total(entry.wte_at_start for entry in wanted),
            wte_month_6=_total(_later_wte(entry) for entry in wanted),
            mobilisation_months=_longest(asked, provider_id, origins),
            consortium=market.consortia[consortium - 1] if consortium else None,
        )


def _longest(asked: _Asked, provider_id: str, lot_ids: Iterable[str]) -> float | None:
    """The mobilisation that the provider needs for the slowest of the lots that it was asked about."""
    months = (asked.interests[provider_id, lot_id].mobilisation_months for lot_id in lot_ids)
    return max((needed for needed in months if needed is not None), default=None)


def _later_wte(interest: UnitInterest) -> float | None:
    return interest.wte_at_start if interest.wte_month_6 is None else interest.wte_month_6


def _total(amounts: Iterable[float | None]) -> float | None:
    known = [amount for amount in amounts if amount is not None]
    return fsum(known) if known else None
