"""A market's lots taken apart into units: the start of a lot design from what an engagement heard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from intelligence.lots.design import (
    USUAL_YEARS,
    BidTerms,
    DesignUnit,
    LotDesign,
    LotDesignError,
    Rules,
    Structure,
    StructureLot,
    UnitInterest,
)
from intelligence.market import LONGEST_TERM_YEARS, Interest, InterestLevel, Lot, Market, Unit, require_lots

AS_ENGAGED = "as in the engagement"
NO_RULES = Rules()


def design_from_market(
    market: Market,
    *,
    neighbours: Sequence[tuple[str, str]] = (),
    rules: Rules = NO_RULES,
    contract_years: float | None = None,
) -> LotDesign:
    """Units, interest and limits from the lots that providers were asked about; those lots come along as a draft.

    A lot of several units is divided as their own values are to each other, and evenly where one of them is not known:
    value, demand and declared staff. Interest in the lot is taken as interest in each of its units. What cannot be
    known from such answers is whether a provider would want one of the units alone, so ask by unit where lots may
    change. What a provider said of one lot outweighs what it said of lots in general: the smallest it would bid for is
    no larger than the lots in which it declared an interest.

    A contract runs as long as these lots would: where their terms differ, as long as they do on average, each counting
    by its value. Where no lot has a term, it is taken to be five years.

    Raises:
        LotDesignError: a unit is in two lots, or a lot has no annual value.
        MarketError: the market has no lots.

    >>> from intelligence.market import ServiceLine, Site
    >>> lot = Lot("D1", "Dental", (Unit("LPI", "dental"), Unit("HII", "dental")), annual_value=500_000)
    >>> sites = Site("LPI", "HMP Liverpool"), Site("HII", "HMP Hindley")
    >>> design = design_from_market(Market((lot,), sites, (ServiceLine("dental", "Dental"),)))
    >>> [(unit.id, unit.annual_value) for unit in design.units]
    [('LPI dental', 250000.0), ('HII dental', 250000.0)]
    >>> from dataclasses import replace
    >>> units = Unit("LPI", "dental", annual_value=300_000), Unit("HII", "dental", annual_value=100_000)
    >>> design = design_from_market(Market((replace(lot, units=units),), sites, (ServiceLine("dental", "Dental"),)))
    >>> [(unit.id, unit.annual_value) for unit in design.units]
    [('LPI dental', 375000.0), ('HII dental', 125000.0)]
    """
    require_lots(market)
    units = {lot.id: _units(f"lots[{place}]", lot) for place, lot in enumerate(market.lots)}
    _check_unique(market.lots)
    return LotDesign(
        units=tuple(unit for lot in market.lots for unit in units[lot.id]),
        sites=market.sites,
        service_lines=market.service_lines,
        neighbours=tuple(neighbours),
        providers=market.providers,
        interests=tuple(_interests(market, units)),
        terms=tuple(_terms(market, units)),
        rules=rules,
        contract_years=_mean_term(market.lots) if contract_years is None else contract_years,
        structures=(Structure(AS_ENGAGED, tuple(_draft(lot, units[lot.id]) for lot in market.lots)),),
    )


def unit_id(unit: Unit) -> str:
    """The id that :func:`design_from_market` gives a unit."""
    return f"{unit.site_id} {unit.service_line_id}"


def _mean_term(lots: Sequence[Lot]) -> float:
    """In years, of the lots whose terms are known."""
    known = [(lot.annual_value or 0.0, lot.term_years) for lot in lots if lot.term_years is not None]
    if not known:
        return USUAL_YEARS
    mean = sum(value * term for value, term in known) / sum(value for value, _ in known)
    return min(mean, LONGEST_TERM_YEARS)  # which it can pass by a rounding


def _units(path: str, lot: Lot) -> tuple[DesignUnit, ...]:
    if not lot.annual_value:
        raise LotDesignError(f"{path}.annual_value", f"lot {lot.id!r} needs an annual value")
    values = _in_proportion(lot.annual_value, [unit.annual_value for unit in lot.units])
    needs = (
        [None] * len(lot.units)
        if lot.demand_wte is None
        else _in_proportion(lot.demand_wte, [unit.demand_wte for unit in lot.units])
    )
    return tuple(
        DesignUnit(unit_id(unit), unit.site_id, unit.service_line_id, value, need, lot.incumbent_ids)
        for unit, value, need in zip(lot.units, values, needs, strict=True)
    )


def _in_proportion(whole: float, parts: Sequence[float | None]) -> list[float]:
    """The whole divided as the parts are to each other, or evenly where one of them is not known."""
    known = [part for part in parts if part]
    if len(known) < len(parts):
        return [whole / len(parts)] * len(parts)
    return [whole * part / sum(known) for part in known]


def _share_of(unit: DesignUnit, units: Sequence[DesignUnit]) -> float:
    return unit.annual_value / sum(each.annual_value for each in units)


def _check_unique(lots: Sequence[Lot]) -> None:
    lot_of: dict[str, str] = {}
    for place, lot in enumerate(lots):
        for position, unit in enumerate(lot.units):
            first = lot_of.setdefault(unit_id(unit), lot.id)
            if first != lot.id:
                raise LotDesignError(f"lots[{place}].units[{position}]", f"is in lot {first!r} already")


def _terms(market: Market, units: Mapping[str, Sequence[DesignUnit]]) -> Iterator[BidTerms]:
    values = {lot.id: lot.annual_value for lot in market.lots if lot.annual_value}
    for terms in market.terms:
        smallest = terms.smallest_annual_value
        if smallest is not None:
            asked_for = [
                values[interest.lot_id]
                for interest in market.interests
                if interest.provider_id == terms.provider_id and interest.level is not InterestLevel.NO
            ]
            smallest = min([smallest, *asked_for])
        packages = (tuple(unit.id for lot_id in lots for unit in units[lot_id]) for lots in terms.packages)
        yield BidTerms(terms.provider_id, smallest, tuple(packages))


def _interests(market: Market, units: Mapping[str, Sequence[DesignUnit]]) -> Iterator[UnitInterest]:
    for interest in market.interests:
        of_lot = units[interest.lot_id]
        for unit in of_lot:
            yield _interest(interest, unit, _share_of(unit, of_lot))


def _interest(interest: Interest, unit: DesignUnit, share: float) -> UnitInterest:
    return UnitInterest(
        provider_id=interest.provider_id,
        unit_id=unit.id,
        level=interest.level,
        role=interest.role,
        wte_at_start=None if interest.wte_at_start is None else interest.wte_at_start * share,
        wte_month_6=None if interest.wte_month_6 is None else interest.wte_month_6 * share,
        consortium=interest.consortium,
    )


def _draft(lot: Lot, units: Sequence[DesignUnit]) -> StructureLot:
    return StructureLot(tuple(unit.id for unit in units), lot.title)
