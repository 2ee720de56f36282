"""Small lot designs for tests: units like ``N dental`` on a row of neighbouring sites, and who wants which of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from hypothesis import strategies as st

from intelligence.lots.design import (
    BidTerms,
    DesignUnit,
    LotDesign,
    Rules,
    Structure,
    StructureLot,
    UnitInterest,
)
from intelligence.market import BiddingRole, InterestLevel, Provider, ProviderSize, ServiceLine, Site

SITES = ("N", "M", "S", "W", "E")
LINES = ("dental", "mental", "social")
LIKELY = InterestLevel.LIKELY


def unit(name: str, value: float = 1_000_000, **details: Any) -> DesignUnit:
    site, line = name.split()
    return DesignUnit(name, site, line, value, **details)


def programme(units: Sequence[DesignUnit | str], interests: Sequence[UnitInterest] = (), **parts: Any) -> LotDesign:
    """A design in which each site is a neighbour of the next. Providers that are not given have no limits."""
    known = {provider.id: provider for provider in parts.pop("providers", ())}
    for interest in interests:
        known.setdefault(interest.provider_id, Provider(interest.provider_id, interest.provider_id))
    return LotDesign(
        units=tuple(unit(one) if isinstance(one, str) else one for one in units),
        sites=tuple(Site(name, f"HMP {name}") for name in SITES),
        service_lines=tuple(ServiceLine(name, name.capitalize()) for name in LINES),
        neighbours=parts.pop("neighbours", tuple(pairwise(SITES))),
        providers=tuple(known.values()),
        interests=tuple(interests),
        **parts,
    )


def wants(provider: str, *units: str, level: InterestLevel = LIKELY, **details: Any) -> list[UnitInterest]:
    return [UnitInterest(provider, name, level, **details) for name in units]


def structure(*lots: Sequence[str], name: str = "mine") -> Structure:
    return Structure(name, tuple(StructureLot(tuple(lot)) for lot in lots))


def merged(before: Structure, *places: int) -> Structure:
    """The lots at these places made one, which comes first."""
    lots = [lot.unit_ids for lot in before.lots]
    together = [unit for place in places for unit in lots[place]]
    return structure(together, *(units for place, units in enumerate(lots) if place not in places))


def lots_of(found: Structure) -> set[frozenset[str]]:
    return {frozenset(lot.unit_ids) for lot in found.lots}


FEW = st.none() | st.integers(1, 4)
VALUES = st.integers(50, 5_000).map(lambda thousands: thousands * 1_000.0)


@st.composite
def designs(draw: st.DrawFn, *, most_units: int = 6) -> LotDesign:
    """Any design of a few units, with providers of every kind and any mix of rules."""
    cells = [f"{site} {line}" for site in SITES[:3] for line in LINES]
    names = draw(st.lists(st.sampled_from(cells), min_size=1, max_size=most_units, unique=True))
    bidders = [f"P{n}" for n in range(draw(st.integers(0, 4)))]
    incumbents = st.lists(st.sampled_from(bidders), max_size=2, unique=True).map(tuple) if bidders else st.just(())
    units = [unit(name, draw(VALUES), incumbent_ids=draw(incumbents)) for name in names]
    interests = [
        UnitInterest(
            bidder,
            name,
            draw(st.sampled_from(list(InterestLevel))),
            draw(st.sampled_from(list(BiddingRole))),
            consortium=draw(st.sampled_from([None, None, "Alliance"])),
        )
        for bidder in bidders
        for name in names
        if draw(st.booleans())
    ]
    providers = [Provider(bidder, bidder, size=draw(st.sampled_from([None, *ProviderSize]))) for bidder in bidders]
    group = st.lists(st.sampled_from(names), min_size=2, max_size=3, unique=True).map(tuple)
    groups = st.lists(group, max_size=2, unique_by=frozenset)
    chosen = groups.map(tuple) if len(names) > 1 else st.just(())
    return programme(
        units,
        interests,
        providers=providers,
        terms=tuple(BidTerms(bidder, draw(st.none() | VALUES), draw(chosen)) for bidder in bidders),
        rules=draw(rules(chosen)),
        contract_years=draw(st.sampled_from([1.0, 5.0])),
    )


def rules(groups: st.SearchStrategy[tuple[tuple[str, ...], ...]]) -> st.SearchStrategy[Rules]:
    """Any rules; most designs are given few of them, so that some structure remains."""
    seldom = st.none() | st.none() | VALUES
    return st.builds(
        Rules,
        lots_at_least=st.none() | FEW,
        lots_at_most=FEW,
        smallest_annual_value=st.none() | seldom,
        largest_annual_value=seldom,
        fewest_units=st.none() | st.none() | st.integers(1, 2),
        most_units=FEW,
        together=st.just(()) | groups,
        apart=st.just(()) | groups,
        lots_bid_for=FEW,
        lots_awarded=st.none() | FEW,
        sme_largest_annual_value=VALUES,
        sme_lots_at_least=st.none() | st.none() | st.integers(0, 2),
        fewer_lots_than_bidders=st.booleans(),
        more_lots_than_incumbents=st.sampled_from([False, False, True]),
    )
