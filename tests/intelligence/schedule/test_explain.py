"""Why one stage waits after another, to the day: a plan is moved by hand until the reason holds no more."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intelligence.schedule.explain import Explainer
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.impossible import why_impossible
from intelligence.schedule.plan import PlannedProcurement, PlannedStage
from intelligence.schedule.problem import (
    Actual,
    BidderPair,
    Blackout,
    Officer,
    Pin,
    Precedence,
    ScheduleProblem,
)
from intelligence.schedule.requirements import stages_for
from intelligence.schedule.routes import Stage, stage_end
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import PROCUREMENTS, dental

ENGLAND = published_calendar()
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
BOTH = dental(procurements=PROCUREMENTS[3:], contracts=())


@pytest.fixture(scope="module")
def plan() -> tuple[PlannedProcurement, ...]:
    """Dental north and dental south, neither in the other's way."""
    return plan_schedule(BOTH, seed=1, seconds=2.0).procurements


def stage_of(item: PlannedProcurement, stage: Stage) -> PlannedStage:
    return next(each for each in item.stages if each.stage is stage)


def later(item: PlannedProcurement, by: timedelta, first: Stage | None = None) -> PlannedProcurement:
    """The same with this stage and all after it moved, or with all of them."""
    begins = stage_of(item, first).start if first else date.min
    moved = [
        replace(each, start=each.start + by, end=each.end + by) if each.start >= begins else each
        for each in item.stages
    ]
    return replace(item, stages=tuple(moved))


def why(problem: ScheduleProblem, item: PlannedProcurement, *others: PlannedProcurement) -> str:
    return Explainer(problem, ENGLAND, (item, *others)).why(item)


@pytest.mark.parametrize(("stage", "is_told"), [(Stage.TENDER, True), (Stage.STANDSTILL, False)])
def test_a_freeze_at_the_end_keeps_back_only_what_takes_submissions(
    plan: tuple[PlannedProcurement, ...], stage: Stage, is_told: bool
) -> None:
    item = later(plan[0], 4 * WEEK, stage)
    rule = next(rule for rule in stages_for(BOTH, PROCUREMENTS[3]) if rule.stage is stage)
    eve = stage_of(item, stage).start - DAY
    while not ENGLAND.is_working_day(eve):
        eve -= DAY
    end = stage_end(rule, ENGLAND, eve)
    told = why(replace(BOTH, blackouts=(Blackout("closing", end, end),)), item)
    assert ("nothing is published or closes in the closing freeze" in told) is is_told


@pytest.mark.parametrize(("ends_before", "is_told"), [(DAY, True), (0 * DAY, False)])
def test_a_tender_waits_for_a_rival_that_ends_before_it(
    plan: tuple[PlannedProcurement, ...], ends_before: timedelta, is_told: bool
) -> None:
    item = later(plan[0], 4 * WEEK, Stage.TENDER)
    starts = stage_of(item, Stage.TENDER).start
    rival = later(plan[1], starts - ends_before - stage_of(plan[1], Stage.TENDER).end)
    problem = replace(BOTH, bidder_pairs=(BidderPair("DN", "DS", 2.0, ("P1", "P2")),))
    assert ("so that its tender does not run beside Dental south" in why(problem, item, rival)) is is_told


@pytest.mark.parametrize(("capacity", "is_told"), [(69, True), (70, False)])
def test_an_officer_is_busy_with_more_than_they_can_do(
    plan: tuple[PlannedProcurement, ...], capacity: int, is_told: bool
) -> None:
    """The tender takes 20% of Dee, and the evaluation of the other 50%."""
    item = later(plan[0], 4 * WEEK, Stage.TENDER)
    eve = stage_of(item, Stage.TENDER).start - DAY
    other = later(plan[1], eve - stage_of(plan[1], Stage.EVALUATE).start)
    problem = replace(BOTH, officers=(Officer("Dee", capacity),))
    assert ("because Dee is busy with other procurements" in why(problem, item, other)) is is_told


def test_what_has_begun_waits_no_more_so_that_there_is_no_circle() -> None:
    orders = (Precedence("DN", "DS"), Precedence("DS", "DN", after=Stage.TENDER, before=Stage.EVALUATE))
    begun = Actual("DS", Stage.APPROVE_TO_PROCEED, date(2025, 11, 3))
    circle = why_impossible(replace(BOTH, precedences=orders), ENGLAND, lambda _: False)
    assert "wait for each other" in circle[0]
    collide = why_impossible(replace(BOTH, precedences=orders, actuals=(begun,)), ENGLAND, lambda _: False)
    assert collide == ("they conflict, and lifting any one kind of rule is not enough.",)


def test_the_pin_that_stands_in_the_way_is_named_and_no_other() -> None:
    harmless, harmful = Pin("DN", Stage.TENDER, date(2026, 6, 5)), Pin("DS", Stage.TENDER, date(2026, 6, 5))
    told = why_impossible(replace(BOTH, pins=(harmless, harmful)), ENGLAND, lambda tried: harmful not in tried.pins)
    assert len(told) == 1
    assert "one would be possible without the pin on the tender of Dental south" in told[0]
