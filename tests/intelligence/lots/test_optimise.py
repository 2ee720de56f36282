"""The result as an officer reads it: proof, next best, prices of rules, conflicts, reports."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from benchmarks.lots import synthetic_design
from intelligence.capacity.priors import DEFAULT_PRIORS
from intelligence.files import canonical_json, from_json, to_json
from intelligence.lots.candidates import candidate_lots
from intelligence.lots.design import LotDesign, Rules
from intelligence.lots.evaluate import evaluate_structure
from intelligence.lots.lot_table import LotTable
from intelligence.lots.optimise import design_lots
from intelligence.lots.result import DesignStatus, LotDesignResult
from intelligence.lots.rules import rules_in_force, without
from intelligence.lots.search import Search
from intelligence.lots.structures import by_service, by_site
from intelligence.lots.valuation import valuer_of
from intelligence.market import InterestLevel, Provider
from tests.intelligence.capacity.markets import certain_priors
from tests.intelligence.lots.programmes import designs, lots_of, programme, structure, unit, wants

WOULD_BID = InterestLevel.WOULD_BID


def quick(design: LotDesign, seed: int = 1) -> LotDesignResult:
    return design_lots(design, seed=seed, draws=200)


def dental_everywhere(**parts: object) -> LotDesign:
    """Three sites in a row; everybody wants dental everywhere, so that one lot saves two contracts."""
    names = ("N dental", "M dental", "S dental")
    interests = [one for n in range(4) for one in wants(f"P{n}", *names, level=WOULD_BID)]
    return programme(names, interests, **parts)


def test_the_result_reads_back_as_it_was_and_repeats_byte_for_byte() -> None:
    design = synthetic_design(9, 1, providers=5, rules=Rules(lots_at_most=4))
    first, second = quick(design), quick(design)
    assert canonical_json(first) == canonical_json(second)
    assert from_json(LotDesignResult, to_json(first)) == first
    assert canonical_json(quick(design, seed=2)) != canonical_json(first)


def test_what_everybody_wants_everywhere_is_bought_once() -> None:
    found = quick(dental_everywhere())
    assert found.status is DesignStatus.OPTIMAL
    assert found.best is not None
    assert lots_of(found.best.structure()) == {frozenset(["N dental", "M dental", "S dental"])}
    assert found.bound == found.best.worth.value
    assert [other.worth.value for other in found.alternatives] == sorted(
        (other.worth.value for other in found.alternatives), reverse=True
    )
    assert all(other.worth.value <= found.best.worth.value for other in (*found.alternatives, *found.baselines))


def test_a_rule_costs_what_the_best_structure_would_gain_without_it() -> None:
    free, bound = quick(dental_everywhere()), quick(dental_everywhere(rules=Rules(most_units=2, lots_at_most=3)))
    assert free.best is not None
    assert bound.best is not None
    prices = {price.key: price for price in bound.rule_prices}
    assert prices["most_units"].price == pytest.approx(free.best.worth.value - bound.best.worth.value)
    assert prices["most_units"].price > 0
    assert prices["lots_at_most"].price == 0
    assert {frozenset(lot.unit_ids) for lot in prices["most_units"].lots_without} == lots_of(free.best.structure())


def test_rules_that_cannot_be_kept_together_are_named_and_no_others() -> None:
    rules = Rules(
        lots_at_most=3,
        fewest_units=2,
        together=(("N dental", "M dental"),),
        apart=(("N dental", "M dental", "S dental"),),
    )
    found = quick(dental_everywhere(rules=rules))
    assert found.status is DesignStatus.INFEASIBLE
    assert found.best is None
    assert len(found.conflict) == 2
    assert "never two in one lot: N dental, M dental, S dental" in found.conflict
    assert len(found.baselines) == 2
    assert found.alternatives == found.rule_prices == found.sensitivities == ()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(designs(most_units=5))
def test_a_conflict_is_one_and_every_rule_in_it_is_needed(design: LotDesign) -> None:
    table = LotTable(design, valuer_of(design, DEFAULT_PRIORS, seed=1, scenarios=16))
    table.include(candidate_lots(design, design.rules).lots)
    search = Search(table, 60)
    status, _ = search.best()
    if status is not DesignStatus.INFEASIBLE:
        return
    conflict = search.conflict()
    others = [rule.key for rule in rules_in_force(design) if rule.sentence not in conflict]
    assert not _possible(design, others)
    for rule in rules_in_force(design):
        if rule.sentence in conflict:
            assert _possible(design, [*others, rule.key])


def _possible(design: LotDesign, dropped: list[str]) -> bool:
    """Is there a structure without these rules? On a fresh table, so that nothing is left from other questions."""
    rules = without(design.rules, dropped)
    table = LotTable(design, valuer_of(design, DEFAULT_PRIORS, seed=1, scenarios=16))
    table.include(candidate_lots(design, rules).lots)
    return table.best(rules, seconds=60) is not None


def test_an_award_limit_keeps_a_sole_bidder_from_being_needed_too_often() -> None:
    names = ("N dental", "M mental", "S social")  # no two of them can share a lot
    design = programme(names, wants("P1", *names, level=WOULD_BID), rules=Rules(lots_awarded=1))
    found = quick(design)
    assert found.status is DesignStatus.INFEASIBLE or found.best is not None
    rules = ("each supplier wins at most 1 lot",)
    assert all(report.broken_rules == rules for report in found.baselines if len(report.lots) > 1)


def test_fewer_lots_than_bidders_and_more_than_incumbents() -> None:
    names = ("N dental", "M dental", "S dental", "W dental", "E dental")
    units = [unit(name, incumbent_ids=("P0",)) for name in names]
    interests = [one for n in range(4) for one in wants(f"P{n}", *names, level=WOULD_BID)]
    rules = Rules(fewer_lots_than_bidders=True, more_lots_than_incumbents=True)
    found = design_lots(programme(units, interests, rules=rules), seed=1, draws=200, priors=certain_priors())
    assert found.best is not None
    assert found.best.expected_bidders == pytest.approx(4)
    assert found.best.incumbents == 1
    assert len(found.best.lots) == 2
    broken = {report.name: report.broken_rules for report in found.baselines}
    assert broken["each unit"] == ("fewer lots than expected bidders",)
    assert broken["by service"] == ("more lots than incumbents",)


def test_who_says_no_declares_no_interest() -> None:
    interests = [*wants("P1", "N dental"), *wants("P1", "M dental", level=InterestLevel.NO)]
    found = quick(programme(("N dental", "M dental"), interests))
    assert "Nobody declared an interest in 1 of 2 units." in found.warnings


def test_lots_for_smes() -> None:
    rules = Rules(sme_largest_annual_value=1_000_000, sme_lots_at_least=2)
    found = quick(dental_everywhere(rules=rules))
    assert found.best is not None
    assert found.best.sme_lots == 3
    assert all(lot.sme_sized for lot in found.best.lots)


def test_together_joins_units_that_nothing_else_links() -> None:
    pair = ("N dental", "S mental")
    found = quick(programme([*pair, "M dental"], wants("P1", *pair), rules=Rules(together=(pair,))))
    assert found.best is not None
    assert frozenset(pair) in lots_of(found.best.structure())


def test_a_programme_too_large_to_think_of_every_lot_says_so_and_still_beats_the_usual_ones() -> None:
    design = synthetic_design(30, 1, providers=4, rules=Rules(lots_at_most=5))
    considered = candidate_lots(design, design.rules, most=1_500)
    assert not considered.complete
    assert len(considered.lots) < 5_000
    table = LotTable(design, valuer_of(design, DEFAULT_PRIORS, seed=1, scenarios=16))
    table.include(considered.lots)
    found = table.best(design.rules, seconds=60)
    assert found is not None  # five lots of whole sites or services are among those considered
    assert found.value >= table.values(np.array(table.rows(by_service(design)))).sum()


def test_the_report_on_a_draft_says_what_it_breaks_and_adds_up() -> None:
    draft = structure(["N dental", "M dental"], ["S dental"], name="our draft")
    design = dental_everywhere(rules=Rules(most_units=1), structures=(draft,))
    (report,) = quick(design).drafts
    assert report.name == "our draft"
    assert report.broken_rules == ("at most 1 unit in each lot",)
    assert report.worth.value == pytest.approx(sum(lot.worth.value for lot in report.lots))
    worth = report.worth
    assert worth.value == pytest.approx(worth.saving - worth.no_bid_cost - worth.management_cost)
    assert report == evaluate_structure(design, draft, seed=1, draws=200)


def test_taken_together_the_lots_are_worth_what_they_are_alone_unless_limits_bind() -> None:
    design = synthetic_design(12, 2, providers=8)
    free = replace(design, providers=tuple(replace(known, held_at_most=None) for known in design.providers))
    tight = replace(design, providers=tuple(replace(known, held_at_most=1) for known in design.providers))
    alone, bound = (evaluate_structure(one, by_site(one), seed=3, draws=10_000) for one in (free, tight))
    contracts = 5 * sum(lot.annual_value for lot in alone.lots)
    few_scenarios = 0.001 * contracts  # a hundredth more or less of no bid is worth a thousandth of the contracts
    error = 5 * alone.value_together_error + few_scenarios
    assert alone.value_together == pytest.approx(alone.worth.value, abs=error)
    assert bound.worth == alone.worth
    assert bound.value_together < alone.value_together


def test_declared_limits_do_not_hold_back_bids_within_one_tender() -> None:
    design = dental_everywhere()
    busy = replace(
        design, providers=tuple(Provider(known.id, known.name, tenders_at_once=1) for known in design.providers)
    )
    reports = [evaluate_structure(one, by_site(one), seed=1, draws=200) for one in (design, busy)]
    assert reports[0] == reports[1]


@pytest.mark.parametrize("draws", [99, 100_001])
def test_draws_out_of_range_are_refused(draws: int) -> None:
    with pytest.raises(ValueError, match="draws must be between"):
        design_lots(dental_everywhere(), seed=1, draws=draws)


def test_progress_rises_to_one_and_can_stop_the_run() -> None:
    told: list[float] = []
    design_lots(dental_everywhere(), seed=1, draws=100, progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1
    with pytest.raises(KeyboardInterrupt):
        design_lots(dental_everywhere(), seed=1, draws=100, progress=_stop)


def _stop(share: float) -> None:
    raise KeyboardInterrupt
