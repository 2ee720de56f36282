"""What a design, a structure and a market must be like."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.files import from_json, to_json
from intelligence.lots.design import BidTerms, LotDesign, LotDesignError, Rules, check_structure
from intelligence.lots.from_market import AS_ENGAGED, design_from_market
from intelligence.lots.rules import rules_in_force, size_broken, without
from intelligence.lots.structures import baselines, title_of
from intelligence.market import Lot, LotTerms, Market, MarketError, ServiceLine, Site, Unit
from tests.intelligence.capacity.markets import eoi
from tests.intelligence.lots.programmes import designs, programme, structure, unit, wants

NAMES = ("N dental", "N mental", "M dental")


@pytest.mark.parametrize(
    ("parts", "refused"),
    [
        ({"units": []}, "units: there must be 1 to 200 units, not 0"),
        ({"units": ["N dental", "N dental"]}, "units[1].id: 'N dental' appears more than once"),
        ({"units": ["X dental"]}, "units[0].site_id: 'X' is not the id of a site"),
        ({"units": [unit("N dental", 0)]}, "units[0].annual_value: must be from one pound"),
        (
            {"units": [unit("N dental", 6e11), unit("M dental", 6e11)]},
            "units: must be worth 1e+12 pounds a year or less",
        ),
        ({"units": [unit("N dental", incumbent_ids=("P9",))]}, "units[0].incumbent_ids[0]: 'P9' is not the id of"),
        ({"neighbours": (("N", "Q"),)}, "neighbours[0][1]: 'Q' is not the id of a site"),
        ({"interests": wants("P1", "M mental")}, "interests[0].unit_id: 'M mental' is not the id of a unit"),
        ({"interests": wants("P1", "N dental", "N dental")}, "interests[1]: 'P1' already declared"),
        ({"terms": (BidTerms("P1"),)}, "terms[0].provider_id: 'P1' is not the id of a provider"),
        ({"contract_years": 0.0}, "contract_years: must be above zero"),
        ({"rules": Rules(lots_at_most=0)}, "rules.lots_at_most: must be from 1"),
        ({"rules": Rules(together=(("N dental",),))}, "rules.together[0]: needs at least two units"),
        ({"rules": Rules(apart=(("N dental", "N dental"),))}, "rules.apart[0]: names a unit twice"),
        ({"rules": Rules(together=(NAMES, NAMES[::-1]))}, "rules.together[1]: repeats another group"),
        ({"rules": Rules(sme_lots_at_least=1)}, "rules.sme_largest_annual_value: says what an SME-sized lot is"),
        ({"structures": (structure(["N dental"]),)}, "structures[0].lots: unit 'N mental' is in no lot"),
    ],
)
def test_a_design_that_contradicts_itself_is_refused_with_the_place(parts: dict[str, Any], refused: str) -> None:
    with pytest.raises(LotDesignError) as error:
        programme(**({"units": NAMES} | parts))
    assert str(error.value).startswith(refused)


@given(designs())
def test_a_design_survives_being_stored(design: LotDesign) -> None:
    assert from_json(LotDesign, to_json(design)) == design


@given(designs(), st.data())
def test_a_dropped_rule_is_gone_and_the_others_stay(design: LotDesign, data: st.DataObject) -> None:
    keys = [rule.key for rule in rules_in_force(design)]
    dropped = data.draw(st.sets(st.sampled_from(keys))) if keys else set()
    left = without(design.rules, dropped)
    sentences = {rule.sentence for rule in rules_in_force(design) if rule.key not in dropped}
    assert {
        rule.sentence for rule in rules_in_force(programme(design.units, providers=design.providers, rules=left))
    } == (sentences)


@pytest.mark.parametrize(
    ("annual_value", "units", "broken"),
    [
        (100_000, 2, ()),
        (300_000, 4, ()),
        (99_999, 2, ("smallest_annual_value",)),
        (300_001, 4, ("largest_annual_value",)),
        (100_000, 1, ("fewest_units",)),
        (300_000, 5, ("most_units",)),
    ],
)
def test_a_lot_may_be_as_small_and_as_large_as_the_rules_say(
    annual_value: float, units: int, broken: tuple[str, ...]
) -> None:
    rules = Rules(smallest_annual_value=100_000, largest_annual_value=300_000, fewest_units=2, most_units=4)
    assert size_broken(rules, annual_value, units) == broken


def test_the_usual_structures_cover_everything_and_none_comes_twice() -> None:
    design = programme(NAMES)
    assert [(found.name, len(found.lots)) for found in baselines(design)] == [
        ("each unit", 3),
        ("by site", 2),
        ("by service", 2),
        ("integrated", 1),
    ]
    assert [found.name for found in baselines(programme(["N dental"]))] == ["each unit"]


def test_a_structure_names_the_unit_it_forgets_or_repeats() -> None:
    design = programme(NAMES)
    with pytest.raises(LotDesignError, match="unit 'M dental' is in no lot"):
        check_structure(design, structure(["N dental", "N mental"]))
    with pytest.raises(LotDesignError, match=r"lots\[1\]\.unit_ids\[0\]: unit 'N dental' is in a lot already"):
        check_structure(design, structure(NAMES, ["N dental"]))


def test_titles_say_which_services_are_bought_where() -> None:
    design = programme(NAMES)
    whole, mixed = structure(["N dental", "M dental"], ["N mental"]), structure(NAMES)
    assert [title_of(design, lot) for lot in whole.lots] == ["Dental: HMP N, HMP M", "Mental: HMP N"]
    assert [title_of(design, lot) for lot in mixed.lots] == ["Dental, Mental: HMP N; Dental: HMP M"]


def market(**changes: Any) -> Market:
    """Two lots: dental at two sites, mental health at one."""
    units = (Unit("N", "dental"), Unit("M", "dental"))
    lots = (
        Lot("L0", "Dental", units, annual_value=600_000, demand_wte=5, incumbent_ids=("P0",)),
        Lot("L1", "Mental health", (Unit("N", "mental"),), annual_value=2_000_000),
    )
    parts: dict[str, Any] = {
        "lots": lots,
        "sites": (Site("N", "North"), Site("M", "Middle")),
        "service_lines": (ServiceLine("dental", "Dental"), ServiceLine("mental", "Mental health")),
        "providers": programme(["N dental"], wants("P0", "N dental")).providers,
        "interests": (eoi(0, 0, wte_at_start=4.0), eoi(0, 1)),
    }
    return Market(**(parts | changes))


def test_a_markets_lots_come_apart_into_units_and_back_as_a_draft() -> None:
    design = design_from_market(market(terms=(LotTerms("P0", 100_000, (("L0", "L1"),)),)))
    assert [(one.id, one.annual_value, one.demand_wte) for one in design.units] == [
        ("N dental", 300_000, 2.5),
        ("M dental", 300_000, 2.5),
        ("N mental", 2_000_000, None),
    ]
    assert [(one.unit_id, one.wte_at_start) for one in design.interests] == [
        ("N dental", 2.0),
        ("M dental", 2.0),
        ("N mental", None),
    ]
    assert design.terms == (BidTerms("P0", 100_000, (("N dental", "M dental", "N mental"),)),)
    (draft,) = design.structures
    assert draft.name == AS_ENGAGED
    assert [lot.title for lot in draft.lots] == ["Dental", "Mental health"]


def test_contracts_run_as_long_as_the_lots_asked_about_each_by_its_value() -> None:
    lots = market().lots
    terms = ((None, None, 5.0), (9.0, 9.0, 9.0), (3.0, None, 3.0), (3.0, 9.0, (600 * 3 + 2_000 * 9) / 2_600))
    for first, second, years in terms:
        cut = tuple(replace(lot, term_years=term) for lot, term in zip(lots, (first, second), strict=True))
        assert design_from_market(market(lots=cut)).contract_years == pytest.approx(years)
    assert design_from_market(market(), contract_years=2).contract_years == 2
    longest = tuple(
        replace(lot, units=lot.units[:1], annual_value=value, term_years=50.0)
        for lot, value in zip(lots, (939_149.22, 2_000_000), strict=True)
    )
    assert design_from_market(market(lots=longest, interests=())).contract_years == 50, "not above it by a rounding"
    with pytest.raises(LotDesignError, match="contract_years: must be above zero"):
        design_from_market(market(), contract_years=0)
    with pytest.raises(MarketError, match=r"lots\[0\]\.term_years: must be above zero"):
        market(lots=(replace(lots[0], term_years=0), lots[1]))


def test_a_provider_that_wants_a_lot_does_not_call_it_too_small() -> None:
    design = design_from_market(market(terms=(LotTerms("P0", 900_000),)))
    assert design.terms == (BidTerms("P0", 600_000),)


def test_lots_that_overlap_or_have_no_value_make_no_design() -> None:
    first, second = market().lots
    with pytest.raises(LotDesignError, match=r"lots\[1\]\.units\[0\]: is in lot 'L0' already"):
        design_from_market(market(lots=(first, Lot("L1", "More dental", first.units, annual_value=1))))
    with pytest.raises(LotDesignError, match="lot 'L1' needs an annual value"):
        design_from_market(market(lots=(first, Lot("L1", second.title, second.units))))
