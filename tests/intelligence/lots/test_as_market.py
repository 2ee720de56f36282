"""A structure of the lots that were asked about is forecast as in the capacity report, to the last bit."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.learning import learned_priors
from intelligence.capacity.priors import DEFAULT_PRIORS, Priors
from intelligence.capacity.report import CapacityReport, LotCapacity
from intelligence.lots.award_limits import award_limit_effects
from intelligence.lots.design import LotDesign, Rules, Structure, StructureLot
from intelligence.lots.evaluate import evaluate_structure
from intelligence.lots.from_market import design_from_market
from intelligence.lots.result import StructureReport
from intelligence.market import (
    Interest,
    InterestLevel,
    Lot,
    Market,
    Outcome,
    Procurement,
    Provider,
    Route,
    ServiceLine,
    Site,
    Unit,
)
from tests.intelligence.lots.programmes import merged, structure

SITES = tuple(Site(name, f"HMP {name}") for name in "ABCD")
LEVELS = (InterestLevel.LIKELY, InterestLevel.WOULD_BID, InterestLevel.POSSIBLY, InterestLevel.NO)
DENTAL = ServiceLine("dental", "Dental")


def asked() -> Market:
    """Four lots, the last of two units, in two tenders of one day, with everything that the capacity model looks at."""
    cells = [Unit(site.id, "dental", 100_000 * (1 + place)) for place, site in enumerate(SITES)]
    lots = (
        Lot("L1", "Dental A", (cells[0],), annual_value=100_000, demand_wte=2.3),
        Lot("L2", "Dental B", (cells[1],), annual_value=200_000, incumbent_ids=("P1",)),
        Lot("L3", "Dental C and D", tuple(cells[2:]), annual_value=700_000, demand_wte=7.1),
    )
    start = date(2027, 4, 1)
    return Market(
        lots=lots,
        sites=SITES,
        service_lines=(DENTAL,),
        procurements=(
            Procurement("T1", "First", Route.PSR_COMPETITIVE, ("L1", "L2"), start, mobilisation_days=20),
            Procurement("T2", "Second", Route.PSR_COMPETITIVE, ("L3",), start, mobilisation_days=60),
        ),
        providers=tuple(
            Provider(f"P{n}", f"Provider {n}", tenders_at_once=1 + n % 2, startable_together=2, held_at_most=2)
            for n in range(4)
        ),
        interests=tuple(
            Interest(f"P{n}", lot.id, LEVELS[(n + place) % 4], wte_at_start=1.7 * n, mobilisation_months=3.0 + n)
            for n in range(4)
            for place, lot in enumerate(lots)
        ),
        outcomes=tuple(Outcome(f"past {n}", date(2025, 1, 1), 1, 4, 1) for n in range(6)),
    )


def report_of(market: Market) -> CapacityReport:
    return estimate_capacity(market, seed=3, draws=500)


def weighed(market: Market, structure: Structure, rules: Rules | None = None) -> StructureReport:
    design = replace(design_from_market(market), rules=rules or Rules())
    return evaluate_structure(design, structure, seed=3, draws=500, priors=learned(market), engaged=market)


def learned(market: Market) -> Priors:
    return learned_priors(market, DEFAULT_PRIORS)


def as_engaged(market: Market) -> Structure:
    (found,) = design_from_market(market).structures
    return found


def divided(before: Structure) -> Structure:
    """The lot of two units made two."""
    *others, last = (lot.unit_ids for lot in before.lots)
    return structure(*others, *([unit] for unit in last))


def test_the_lots_that_were_asked_about_have_the_report_s_figures() -> None:
    market = asked()
    report, weighed_alike = report_of(market), weighed(market, as_engaged(market))
    assert tuple(lot.capacity for lot in weighed_alike.lots) == report.lots
    assert weighed_alike.awards == report.awards


def without_limits(market: Market) -> Market:
    return replace(market, providers=tuple(Provider(one.id, one.name) for one in market.providers))


def by_lot(report: StructureReport) -> dict[tuple[str, ...], LotCapacity]:
    return {lot.unit_ids: lot.capacity for lot in report.lots}


@pytest.mark.parametrize(
    "changed",
    [divided, lambda plan: merged(plan, 1, 2)],
    ids=["split", "merged"],
)
def test_a_lot_keeps_its_figures_whatever_becomes_of_the_others(changed: Callable[[Structure], Structure]) -> None:
    market = without_limits(asked())
    before = weighed(market, as_engaged(market))
    after = weighed(market, changed(as_engaged(market)))
    assert by_lot(after)["A dental",] == by_lot(before)["A dental",]
    assert len(after.lots) != len(before.lots)


def test_a_limit_on_tenders_makes_another_lot_differ() -> None:
    market = asked()
    joined = merged(as_engaged(market), 1, 2)  # one lot of the second tender; the first keeps lot A alone
    figures = [by_lot(weighed(one, joined))["A dental",] for one in (market, without_limits(market))]
    assert figures[0].expected_bids < figures[1].expected_bids


def test_a_limit_on_the_lots_of_its_tender_makes_another_lot_differ() -> None:
    """Lot A competes for the keenest bids with B alone, or with B, C and D."""
    free = without_limits(asked())
    plan = Procurement("T1", "Only", Route.PSR_COMPETITIVE, ("L1", "L2", "L3"), date(2027, 4, 1), most_lots_bid=1)
    limited = replace(free, procurements=(plan,))
    figures = [
        by_lot(weighed(limited, plan))["A dental",] for plan in (as_engaged(limited), divided(as_engaged(limited)))
    ]
    assert figures[1].expected_bids < figures[0].expected_bids


def test_a_new_lot_is_late_where_one_of_its_parts_would_be() -> None:
    """Mobilisation counts for a merged lot as it does for the lots that it came from."""
    market = without_limits(asked())
    joined = merged(as_engaged(market), 0, 1)
    hurried, calm = (weighed(replace(market, procurements=plans), joined) for plans in (market.procurements, ()))
    assert hurried.lots[0].capacity.expected_bids < calm.lots[0].capacity.expected_bids


def test_a_limit_on_lots_bid_for_counts_lots_of_one_tender_too() -> None:
    market = asked()
    free, limited = award_limit_effects(
        design_from_market(market),
        as_engaged(market),
        seed=3,
        draws=500,
        limits=[(None, None), (1, None)],
        priors=learned(market),
        engaged=market,
    )
    assert limited.bids_per_lot < free.bids_per_lot
    ruled = weighed(market, as_engaged(market), Rules(lots_bid_for=1))
    assert ruled.lots_without_bid + ruled.lots_with_one_bid == pytest.approx(limited.lots_with_few_bids)


def test_no_limit_is_without_the_limits_that_the_procurements_have_themselves() -> None:
    market = asked()
    ruled = replace(
        market, procurements=tuple(replace(one, most_lots_bid=1, most_lots_awarded=1) for one in market.procurements)
    )
    of_free, of_ruled = (
        award_limit_effects(
            design_from_market(engaged),
            as_engaged(engaged),
            seed=3,
            draws=500,
            limits=[(None, None), (1, None), (None, 1)],
            priors=learned(engaged),
            engaged=engaged,
        )
        for engaged in (market, ruled)
    )
    assert of_ruled == of_free
    no_limit, one_bid, one_award = of_ruled
    assert one_bid.bids_per_lot < no_limit.bids_per_lot
    assert one_award.expected_awardable < no_limit.expected_awardable


def test_exposure_does_not_favour_few_large_lots() -> None:
    """Nobody wants anything, so all of the programme is without a bid as often in one lot as in four."""
    sites = tuple(Site(name, name) for name in "AB")
    lots = tuple(Lot(site.id, site.name, (Unit(site.id, "dental"),), 1_000_000, 10) for site in sites)
    market = Market(lots=lots, sites=sites, service_lines=(DENTAL,))
    design: LotDesign = design_from_market(market)
    together = Structure("together", (StructureLot(tuple(unit.id for unit in design.units)),))
    one, two = (evaluate_structure(design, plan, seed=1, draws=2_000) for plan in (together, *design.structures))
    assert two.lots_without_bid == pytest.approx(2 * one.lots_without_bid, rel=0.1)
    for exposure in (one.without_bid(), two.without_bid()):
        assert exposure.units == pytest.approx(one.without_bid().units, rel=0.1)
        assert exposure.annual_value == pytest.approx(exposure.units) == exposure.demand
