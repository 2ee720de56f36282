"""What published dates tell of how long stages took, and what they cannot tell."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from intelligence.schedule.holidays import published_calendar
from webapp.analysis.procurements.queries import PublishedDates
from webapp.analysis.procurements.rules import rules_of
from webapp.analysis.procurements.stage_history import closing_to_award, proposals, taken
from webapp.models import Route, Stage, StageRecord

CALENDAR = published_calendar()
MENTAL_HEALTH = PublishedDates(
    "Open procedure", date(2024, 6, 10), date(2024, 7, 12), date(2024, 10, 4), date(2025, 4, 1)
)


def days(route: Route, *past: PublishedDates) -> dict[Stage, tuple[int, ...]]:
    found = taken([], past, rules_of(route), CALENDAR)
    return {stage: history.days for stage, (history,) in found.items()}


def test_tender_and_mobilisation_are_counted_as_the_route_counts_them() -> None:
    # From 10 June to 12 July there are five whole weeks; from 7 October to 31 March 25 weeks and a day, less three.
    assert days(Route.PSR_COMPETITIVE, MENTAL_HEALTH) == {Stage.TENDER: (25,), Stage.MOBILISE: (123,)}
    assert days(Route.PA23_OPEN, MENTAL_HEALTH)[Stage.TENDER] == (32,), "calendar days after that of the notice"


@pytest.mark.parametrize("day", [date(2024, 10, 4), date(2024, 10, 5)], ids=["Friday", "Saturday"])
def test_what_began_and_ended_on_one_day_took_a_day(day: date) -> None:
    record = StageRecord(stage=Stage.AWARD, began_on=day, ended_on=day)
    (known,) = taken([record], [], rules_of(Route.PSR_COMPETITIVE), CALENDAR)[Stage.AWARD]
    assert known.days == (1,)


def test_from_closing_to_award_only_the_sum_is_known() -> None:
    known = closing_to_award([MENTAL_HEALTH, replace(MENTAL_HEALTH, awarded_on=None)], rules_of("pa23_open"), CALENDAR)
    assert known is not None
    assert known.days == (59,), "twelve weeks less the bank holiday of August"
    assert closing_to_award([MENTAL_HEALTH], rules_of(Route.PSR_DIRECT_C), CALENDAR) is None


@pytest.mark.parametrize(
    ("route", "dates", "known"),
    [
        (Route.PSR_COMPETITIVE, replace(MENTAL_HEALTH, procedure="Restricted procedure"), {Stage.MOBILISE}),
        (Route.PA23_COMPETITIVE_FLEXIBLE, MENTAL_HEALTH, {Stage.MOBILISE}),
        (Route.PSR_COMPETITIVE, replace(MENTAL_HEALTH, closed_on=None), set()),
        (Route.PSR_DIRECT_A, MENTAL_HEALTH, set()),
        (Route.PSR_COMPETITIVE, replace(MENTAL_HEALTH, published_on=date(2024, 7, 13)), {Stage.MOBILISE}),
        (Route.PSR_COMPETITIVE, replace(MENTAL_HEALTH, starts_on=date(2024, 10, 1)), {Stage.TENDER}),
        (Route.PSR_COMPETITIVE, replace(MENTAL_HEALTH, published_on=date(1999, 7, 1)), {Stage.MOBILISE}),
    ],
    ids=[
        "bids in two steps",
        "route in two steps",
        "no bids",
        "direct award",
        "no order",
        "started before",
        "long ago",
    ],
)
def test_what_tells_nothing_is_left_out(route: Route, dates: PublishedDates, known: set[Stage]) -> None:
    assert set(days(route, dates)) == known


def test_a_median_below_the_legal_floor_is_not_proposed() -> None:
    rules = rules_of(Route.PA23_OPEN)
    hasty = replace(MENTAL_HEALTH, closed_on=date(2024, 6, 24))
    for dates, offered in ((hasty, 0), (MENTAL_HEALTH, 1)):
        known = taken([], [dates], rules, CALENDAR)[Stage.TENDER]
        assert len(proposals(known, rules[Stage.TENDER], None)) == offered
