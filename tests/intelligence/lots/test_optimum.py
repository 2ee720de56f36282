"""The optimum is the optimum: against every structure there is, and against dynamic programming."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.lots import synthetic_design
from intelligence.capacity.priors import DEFAULT_PRIORS
from intelligence.lots.candidates import bits_of, candidate_lots
from intelligence.lots.design import LotDesign, Rules
from intelligence.lots.lot_table import LotTable
from intelligence.lots.partition import Solution
from intelligence.lots.structures import baselines
from intelligence.lots.valuation import valuer_of
from tests.intelligence.lots.programmes import designs
from tests.intelligence.lots.reference import best_by_dynamic_programming, every_structure, is_lot, keeps_rules

SCENARIOS = 16  # few, and the same for the optimiser and its reference


def table_of(design: LotDesign) -> LotTable:
    table = LotTable(design, valuer_of(design, DEFAULT_PRIORS, seed=1, scenarios=SCENARIOS))
    table.include(candidate_lots(design, design.rules).lots)
    return table


def worth(table: LotTable, lots: Sequence[frozenset[str]]) -> float:
    bits = [bits_of(table.design, lot) for lot in lots]
    table.include(bits)
    return float(table.values(np.array([table.row_of[lot] for lot in bits])).sum())


@settings(max_examples=120, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(designs(most_units=6))
def test_no_structure_that_keeps_the_rules_is_worth_more(design: LotDesign) -> None:
    table = table_of(design)
    found = table.best(design.rules, seconds=60)
    bidders, coverage = table.valuer.expected_bidders(), design.assumptions.coverage.value
    structures = [
        lots
        for lots in every_structure([unit.id for unit in design.units])
        if keeps_rules(design, lots, bidders, coverage) and all(is_lot(design, lot) for lot in lots)
    ]
    if not structures:
        assert found is None
        return
    best = max(worth(table, lots) for lots in structures)
    assert found is not None
    assert found.proved
    assert found.value == pytest.approx(best, rel=1e-9, abs=1e-3)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(designs(most_units=5))
def test_the_next_best_structures_follow_in_order_without_a_gap(design: LotDesign) -> None:
    table = table_of(design)
    bidders, coverage = table.valuer.expected_bidders(), design.assumptions.coverage.value
    worths = sorted(
        (
            worth(table, lots)
            for lots in every_structure([unit.id for unit in design.units])
            if keeps_rules(design, lots, bidders, coverage) and all(is_lot(design, lot) for lot in lots)
        ),
        reverse=True,
    )
    found: list[Solution] = []
    while len(found) < 4:
        following = table.best(design.rules, seconds=60, excluded=[solution.lots for solution in found])
        if following is None:
            break
        found.append(following)
    assert [solution.value for solution in found] == pytest.approx(worths[:4], rel=1e-9, abs=1e-3)
    assert len({solution.lots for solution in found}) == len(found)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    size=st.sampled_from([9, 12, 15]),
    seed=st.integers(0, 10_000),
    most_units=st.integers(3, 15),
    fewest=st.integers(0, 4),
    most=st.integers(4, 15),
)
def test_equal_to_dynamic_programming_over_every_connected_lot(
    size: int, seed: int, most_units: int, fewest: int, most: int
) -> None:
    rules = Rules(most_units=most_units, lots_at_least=fewest or None, lots_at_most=most)
    design = synthetic_design(size, seed, providers=6, rules=rules)
    table = table_of(design)
    found = table.best(rules, seconds=60)
    lots = connected_lots(design, most_units)
    rows = np.array([table.row_of[lot] for lot in lots])
    worths = dict(zip(lots, table.values(rows).tolist(), strict=True))
    best = best_by_dynamic_programming(size, worths, lots_at_least=fewest, lots_at_most=min(most, size))
    if best == -np.inf:
        assert found is None
    else:
        assert found is not None
        assert found.proved
        assert found.value == pytest.approx(best, rel=1e-9)


def connected_lots(design: LotDesign, most_units: int) -> list[int]:
    """Every connected set of units, found by trying all sets."""
    near = [set(pair) for pair in design.neighbours]
    links = [
        sum(
            1 << place
            for place, other in enumerate(design.units)
            if one.site_id == other.site_id
            or (one.service_line_id == other.service_line_id and {one.site_id, other.site_id} in near)
        )
        for one in design.units
    ]
    usual = {bits_of(design, lot.unit_ids) for structure in baselines(design) for lot in structure.lots}
    sizes = (lot for lot in range(1, 1 << len(links)) if lot.bit_count() <= most_units)
    return [lot for lot in sizes if lot in usual or _connected(lot, links)]


def _connected(lot: int, links: Sequence[int]) -> bool:
    reached, following = 0, lot & -lot
    while following != reached:
        reached = following
        for place, linked in enumerate(links):
            if reached >> place & 1:
                following |= linked & lot
    return reached == lot


@pytest.mark.parametrize("size", [12, 15])
def test_never_below_the_usual_structures(size: int) -> None:
    for seed in range(3):
        design = synthetic_design(size, seed, providers=8, rules=Rules(most_units=6, lots_at_most=size - 1))
        table = table_of(design)
        found = table.best(design.rules, seconds=60)
        assert found is not None
        for structure in baselines(design):
            if not table.breaks(design.rules, structure):
                assert worth(table, [frozenset(lot.unit_ids) for lot in structure.lots]) <= found.value + 1e-3
