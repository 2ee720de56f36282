"""Contracts of a register that follow each other: with the supplier mobilising, without a break, after a gap."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from webapp.analysis.succession import LONGEST_MOBILISATION, after_a_gap, taken_over
from webapp.models import Contract

BEGAN, ENDS, EXTENDED = date(2024, 4, 1), date(2027, 3, 31), date(2028, 3, 31)
FORMER = Contract(start_date=BEGAN, end_date=ENDS)
EXTENSIBLE = Contract(start_date=BEGAN, end_date=ENDS, latest_end_date=EXTENDED)
DAY = timedelta(days=1)
LATER = date(2029, 4, 1)
"""When all of them have begun."""


def begins(start: date | None, end: date = date(2032, 3, 31)) -> Contract:
    return Contract(start_date=start, end_date=end)


@pytest.mark.parametrize(
    ("contract", "start", "follows"),
    [
        (FORMER, ENDS - timedelta(days=LONGEST_MOBILISATION + 1), False),
        (FORMER, ENDS - timedelta(days=LONGEST_MOBILISATION), True),
        (FORMER, ENDS, True),
        (FORMER, ENDS + DAY, True),
        (FORMER, ENDS + 2 * DAY, False),
        (EXTENSIBLE, ENDS + 2 * DAY, True),
        (EXTENSIBLE, EXTENDED + DAY, True),
        (EXTENSIBLE, EXTENDED + 2 * DAY, False),
        (FORMER, None, False),
    ],
)
def test_the_next_contract_begins_near_the_end_of_the_one_before(
    contract: Contract, start: date | None, follows: bool
) -> None:
    others = [contract, begins(start)]
    assert taken_over(contract, others, by=LATER) is follows
    assert not taken_over(others[1], others, by=date.max), "what comes last is followed by nothing"


def test_it_takes_over_when_it_has_begun_and_the_one_before_has_ended() -> None:
    mobilising = [begins(ENDS - 90 * DAY)]
    assert [taken_over(FORMER, mobilising, by=day) for day in (ENDS, ENDS + DAY)] == [False, True]
    afterwards = [begins(ENDS + 90 * DAY)]
    assert [taken_over(EXTENSIBLE, afterwards, by=ENDS + days * DAY) for days in (89, 90)] == [False, True]


def test_what_begins_or_ends_no_later_runs_beside_it() -> None:
    pilot = Contract(start_date=ENDS - 90 * DAY, end_date=ENDS)
    assert not taken_over(pilot, [begins(ENDS - 90 * DAY)], by=LATER), "both began on one day"
    assert taken_over(pilot, [begins(ENDS - 89 * DAY)], by=LATER)
    assert not taken_over(FORMER, [begins(ENDS - 90 * DAY, ENDS)], by=LATER), "both end on one day"


def test_a_gap_lies_between_the_last_possible_day_and_the_next_start() -> None:
    for contract, last in ((FORMER, ENDS), (EXTENSIBLE, EXTENDED)):
        assert not after_a_gap(contract, [begins(last + DAY)], by=LATER)
        assert after_a_gap(contract, [begins(last + 2 * DAY)], by=LATER)
        assert not after_a_gap(contract, [begins(last + 2 * DAY)], by=last + DAY), "it has not begun"
