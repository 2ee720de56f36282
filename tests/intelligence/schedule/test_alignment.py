"""Gaps and overlaps of inherited contracts against a count of each day, and the extensions that align their ends."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intelligence.market import Unit
from intelligence.schedule.alignment import (
    InheritedContract,
    align_on,
    alignments,
    gaps,
    lapses,
    overlaps,
)

DAY = timedelta(days=1)
FIRST = date(2026, 1, 1)
DENTAL, MENTAL = Unit("LPI", "dental"), Unit("LPI", "mental health")
NORTH = InheritedContract(
    "N", "Dental north", (DENTAL,), date(2022, 4, 1), date(2027, 3, 31), date(2029, 3, 31), 365_250, 0.1
)
SOUTH = replace(NORTH, id="S", units=(Unit("RSI", "dental"),), end=date(2027, 9, 30), latest_end=date(2028, 9, 30))
OLD = replace(NORTH, id="O", units=(MENTAL,), end=date(2026, 9, 30), latest_end=None)


@st.composite
def registers(draw: st.DrawFn) -> tuple[InheritedContract, ...]:
    found = []
    for n in range(draw(st.integers(1, 5))):
        start = FIRST + draw(st.integers(0, 40)) * DAY
        end = start + draw(st.integers(0, 25)) * DAY
        units = draw(st.lists(st.sampled_from((DENTAL, MENTAL)), min_size=1, max_size=2))
        found.append(InheritedContract(f"C{n}", "", tuple(units), start, end))
    return tuple(found)


@given(registers())
def test_gaps_are_the_days_without_a_contract_between_days_with_one(register: tuple[InheritedContract, ...]) -> None:
    for unit in (DENTAL, MENTAL):
        contracts = [contract for contract in register if unit in contract.units]
        days = {
            contract.start + n * DAY for contract in contracts for n in range((contract.end - contract.start).days + 1)
        }
        missing = {gap.first + n * DAY for gap in gaps(register) if gap.unit == unit for n in range(_length(gap))}
        between = {min(days) + n * DAY for n in range((max(days) - min(days)).days)} - days if days else set()
        assert missing == between


@given(registers())
def test_overlaps_are_the_days_with_two_contracts(register: tuple[InheritedContract, ...]) -> None:
    for unit in (DENTAL, MENTAL):
        contracts = [contract for contract in register if unit in contract.units]
        twice = {
            FIRST + n * DAY
            for n in range(70)
            if sum(contract.start <= FIRST + n * DAY <= contract.end for contract in contracts) > 1
        }
        found = {
            entry.first + n * DAY for entry in overlaps(register) if entry.unit == unit for n in range(_length(entry))
        }
        assert found == twice


def _length(stretch: object) -> int:
    return (stretch.last - stretch.first).days + 1


def test_an_extension_is_priced_by_the_day_with_its_uplift() -> None:
    proposal = align_on((NORTH, SOUTH, OLD), date(2027, 9, 30), as_of=FIRST)
    (extension,) = proposal.extensions
    assert (extension.contract_id, extension.days) == ("N", 183)
    assert (extension.cost, extension.uplift_cost) == pytest.approx((183_000 * 1.1, 18_300))
    assert (proposal.aligned, proposal.cannot, proposal.later) == (("N", "S"), ("O",), ())


def test_nothing_is_extended_beyond_its_latest_end() -> None:
    proposal = align_on((NORTH, SOUTH), date(2029, 3, 31), as_of=FIRST)
    assert [extension.contract_id for extension in proposal.extensions] == ["N"]
    assert proposal.cannot == ("S",)


def test_a_contract_that_another_follows_is_not_extended() -> None:
    successor = replace(NORTH, id="N2", start=date(2027, 4, 1), end=date(2030, 3, 31), latest_end=None)
    assert align_on((NORTH, successor), date(2028, 3, 31), as_of=FIRST).extensions == ()


def test_proposals_come_with_the_most_aligned_first_and_none_that_another_beats() -> None:
    third = replace(NORTH, id="T", units=(MENTAL,), end=date(2028, 3, 31), latest_end=None)
    proposals = alignments((NORTH, SOUTH, third), as_of=FIRST)
    assert [(entry.on, len(entry.aligned)) for entry in proposals] == [(date(2028, 3, 31), 3), (date(2027, 9, 30), 2)]
    assert proposals[0].cost > proposals[1].cost


def test_what_has_ended_is_a_lapse_and_neither_extended_nor_an_end_to_meet() -> None:
    after = date(2027, 4, 1)
    assert [(lapse.unit, lapse.since, lapse.contract_id) for lapse in lapses((NORTH, SOUTH, OLD), after)] == [
        (DENTAL, after, "N"),
        (MENTAL, date(2026, 10, 1), "O"),
    ]
    assert lapses((NORTH, SOUTH), date(2027, 3, 31)) == ()
    assert alignments((NORTH, SOUTH, OLD), as_of=after) == (), "south is the only one left to run"


def test_an_extension_says_beside_which_contract_it_would_run() -> None:
    both = replace(NORTH, units=(DENTAL, MENTAL))
    follows = replace(OLD, id="F", start=date(2027, 4, 1), end=date(2030, 3, 31))
    (found,) = align_on((both, SOUTH, follows), date(2027, 9, 30), as_of=FIRST).overlaps
    assert (found.unit, found.first, found.last, found.contract_ids) == (
        MENTAL,
        date(2027, 4, 1),
        date(2027, 9, 30),
        ("N", "F"),
    )
