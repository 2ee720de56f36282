"""What a lot is worth: by hand where the market is certain, and as the capacity model forecasts where it is not."""

from __future__ import annotations

from dataclasses import replace
from math import log

import numpy as np
import pytest

from benchmarks.lots import synthetic_design
from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.lots.as_market import structure_market
from intelligence.lots.candidates import bits_of, candidate_lots
from intelligence.lots.design import BidTerms, LotDesign
from intelligence.lots.lot_interest import LEVELS, LotInterest, membership
from intelligence.lots.lot_table import LotTable
from intelligence.lots.structures import by_service, by_site, each_unit, integrated
from intelligence.lots.valuation import valuer_of
from intelligence.market import BiddingRole, InterestLevel, Provider, ProviderSize
from tests.intelligence.capacity.markets import certain_priors
from tests.intelligence.lots.programmes import programme, unit, wants

WOULD_BID = InterestLevel.WOULD_BID
MANAGING = 25_000 * 5


def worth_of(design: LotDesign, *names: str, priors: Priors = DEFAULT_PRIORS) -> float:
    lots = membership([bits_of(design, names)], len(design.units))
    return float(valuer_of(design, priors, seed=1).values(lots)[0])


def interest_in(design: LotDesign, *names: str) -> LotInterest:
    lots = membership([bits_of(design, names)], len(design.units))
    return valuer_of(design, DEFAULT_PRIORS, seed=1).interest(lots)


@pytest.mark.parametrize("bidders", [1, 2, 3, 7])
def test_certain_bids_are_worth_the_price_effect_of_their_logarithm(bidders: int) -> None:
    interests = [one for n in range(bidders) for one in wants(f"P{n}", "N dental", level=WOULD_BID)]
    design = programme(["N dental"], interests)
    assert worth_of(design, "N dental", priors=certain_priors()) == pytest.approx(
        5_000_000 * 0.069 * log(bidders) - MANAGING, rel=1e-5
    )


def test_a_lot_that_nobody_wants_costs_a_share_of_its_value() -> None:
    design = programme(["N dental"])
    assert worth_of(design, "N dental", priors=certain_priors()) == pytest.approx(-5_000_000 * 0.1 - MANAGING, rel=1e-5)


def test_each_lot_alone_is_what_the_capacity_model_forecasts() -> None:
    """The same model twice: conditional probabilities over few scenarios here, counted bids over many draws there."""
    design = synthetic_design(12, 3, providers=10)
    design = replace(design, providers=tuple(replace(provider, held_at_most=None) for provider in design.providers))
    consortium = tuple(
        replace(interest, consortium="Alliance") if interest.provider_id in ("P01", "P02") else interest
        for interest in design.interests
    )
    design = replace(design, interests=consortium)
    tables = [LotTable(design, valuer_of(design, DEFAULT_PRIORS, seed=seed)) for seed in range(4)]
    for structure in (each_unit(design), by_site(design), by_service(design), integrated(design)):
        market = structure_market(tables[0], structure, bid_for=None, awarded=None)
        forecast = estimate_capacity(market, seed=5, draws=40_000).lots
        none, one, log_bids = np.mean([table.valuer.averages(table.flags_of(structure)) for table in tables], axis=0)
        counted = [sum(chance * log(max(n, 1)) for n, chance in enumerate(lot.distribution)) for lot in forecast]
        assert none == pytest.approx([lot.p_none for lot in forecast], abs=0.012)
        assert one == pytest.approx([lot.p_one for lot in forecast], abs=0.012)
        assert log_bids == pytest.approx(counted, abs=0.015)


def test_a_lot_is_worth_the_same_whatever_it_is_valued_with() -> None:
    design = synthetic_design(9, 1, providers=6)
    lots = candidate_lots(design, design.rules).lots
    valuer = valuer_of(design, DEFAULT_PRIORS, seed=1)
    together = valuer.values(membership(lots, 9))
    alone = [float(valuer.values(membership([lot], 9))[0]) for lot in lots[::17]]
    assert alone == pytest.approx(together[::17].tolist(), rel=1e-9)


def test_one_more_interested_provider_leaves_the_luck_of_the_others_as_it_was() -> None:
    few = programme(["N dental"], wants("P1", "N dental"))
    more = programme(["N dental"], wants("P1", "N dental") + wants("P0", "N dental"))
    lots = np.ones((1, 1), np.bool_)
    chances = [valuer_of(design, DEFAULT_PRIORS, seed=1).bid_chances(lots)[0].tolist() for design in (few, more)]
    assert chances[0] == chances[1][1:]
    assert worth_of(more, "N dental") > worth_of(few, "N dental")


def test_a_provider_bids_at_the_level_it_declared_for_most_of_the_value() -> None:
    units = [unit("N dental", 60_000), unit("N mental", 40_000), unit("N social", 900_000)]
    interests = wants("P1", "N social", level=WOULD_BID) + wants("P1", "N dental", level=InterestLevel.POSSIBLY)
    design = programme(units, interests)
    strong = interest_in(design, "N social")
    assert LEVELS[strong.level[0, 0]] is WOULD_BID
    assert strong.role[0, 0] == 0
    most = interest_in(design, "N social", "N dental", "N mental")  # 90% of the value at the stronger level
    assert LEVELS[most.level[0, 0]] is WOULD_BID
    assert most.role[0, 0] == 1  # it would need partners for the rest
    mixed = interest_in(design, "N dental", "N mental")  # 60% of the value
    assert mixed.level[0, 0] == 0


def test_roles_that_cannot_lead_count_for_nothing() -> None:
    design = programme(["N dental"], wants("P1", "N dental", role=BiddingRole.SUBCONTRACT_ONLY))
    assert interest_in(design, "N dental").level.shape == (1, 0)


def test_a_broken_package_leaves_a_possibility_and_a_whole_one_does_not() -> None:
    terms = (BidTerms("P1", packages=(("N dental", "M dental"),)),)
    design = programme(["N dental", "M dental"], wants("P1", "N dental", "M dental", level=WOULD_BID), terms=terms)
    assert LEVELS[interest_in(design, "N dental").level[0, 0]] is InterestLevel.POSSIBLY
    assert LEVELS[interest_in(design, "N dental", "M dental").level[0, 0]] is WOULD_BID


def test_a_lot_can_be_too_small_or_too_large_for_a_provider() -> None:
    terms = (BidTerms("P1", smallest_annual_value=1_500_000),)
    providers = [Provider("P1", "P1", size=ProviderSize.MICRO)]
    names = ("N dental", "M dental")
    design = programme(names, wants("P1", *names, level=WOULD_BID), terms=terms, providers=providers)
    assert interest_in(design, "N dental").level[0, 0] == 0
    both = interest_in(design, *names)
    assert LEVELS[both.level[0, 0]] is WOULD_BID
    assert both.doublings[0, 0] == 2  # from half a million, what a micro provider can hold, to two


def test_partners_bid_once() -> None:
    partners = [one for n in range(3) for one in wants(f"P{n}", "N dental", level=WOULD_BID, consortium="Alliance")]
    alone = wants("P0", "N dental", level=WOULD_BID)
    together, single = (worth_of(programme(["N dental"], some), "N dental") for some in (partners, alone))
    rivals = [replace(interest, consortium=None) for interest in partners]
    apart = worth_of(programme(["N dental"], rivals), "N dental")
    assert single < together < apart
    assert worth_of(programme(["N dental"], partners), "N dental", priors=certain_priors()) == pytest.approx(
        worth_of(programme(["N dental"], alone), "N dental", priors=certain_priors())
    )


def test_expected_bidders_count_each_bidder_once_however_many_units_it_wants() -> None:
    names = ("N dental", "M dental", "S dental")
    interests = wants("P1", *names, level=WOULD_BID) + wants("P2", "N dental", level=WOULD_BID)
    interests += wants("P3", "N dental", level=WOULD_BID, consortium="Alliance")
    interests += wants("P4", "M dental", level=WOULD_BID, consortium="Alliance")
    valuer = valuer_of(programme(names, interests), certain_priors(), seed=1)
    assert valuer.expected_bidders() == pytest.approx(3)
