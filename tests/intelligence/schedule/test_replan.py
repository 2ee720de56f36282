"""Planning again, what would move, why things stand where they stand, and the load over time."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from pydantic import TypeAdapter

from intelligence.schedule.altered import with_board_moved, with_contract_extended
from intelligence.schedule.changes import Change, Replan, in_sentences
from intelligence.schedule.explain import Explainer
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.load import Load, bidder_load, officer_load
from intelligence.schedule.plan import BindingRule, Schedule
from intelligence.schedule.problem import Actual, BidderLimit, Blackout, Officer, ScheduleError, TendersWish
from intelligence.schedule.replan import replan
from intelligence.schedule.routes import Stage
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import IN_GOOD_TIME, PAIRS, dental, programme

ENGLAND = published_calendar()
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return plan_schedule(programme(), seed=1, seconds=3.0)


def moved(changes: tuple[Change, ...]) -> set[str]:
    return {change.procurement_id for change in changes}


def test_planning_the_same_again_changes_nothing(schedule: Schedule) -> None:
    again = replan(schedule, programme(), seed=2, seconds=3.0)
    assert (again.changes, again.summary) == ((), ())
    assert again.schedule.broken_rules == ()
    assert any(item.binding for item in schedule.procurements)
    assert [item.binding for item in again.schedule.procurements] == [item.binding for item in schedule.procurements]


def test_a_cancelled_board_moves_those_that_went_to_it_and_no_others(schedule: Schedule) -> None:
    board = next(stage.end for stage in schedule.procurements[2].stages if stage.stage is Stage.APPROVE_AWARD)
    went = {item.procurement_id for item in schedule.procurements if any(stage.end == board for stage in item.stages)}
    again = replan(schedule, with_board_moved(programme(), board, None), seed=1, seconds=3.0)
    assert again.schedule.broken_rules == ()
    assert moved(again.changes) == went
    assert len(again.summary) == len(went)
    assert TypeAdapter(Replan).validate_json(TypeAdapter(Replan).dump_json(again)) == again


def test_a_stage_that_overran_pushes_what_follows_it_and_leaves_the_rest(schedule: Schedule) -> None:
    item = schedule.procurements[0]
    first, second = item.stages[:2]
    as_of = ENGLAND.add_working_days(second.end, 3)
    actuals = tuple(
        Actual(entry.procurement_id, stage.stage, stage.start, stage.end if stage.end < as_of else None)
        for entry in schedule.procurements
        for stage in entry.stages
        if stage.start < as_of and (entry is not item or stage in (first, second))
    )
    overran = tuple(
        replace(actual, end=None)
        if (actual.procurement_id, actual.stage) == (item.procurement_id, second.stage)
        else actual
        for actual in actuals
    )
    again = replan(schedule, programme(as_of, actuals=overran), seed=1, seconds=3.0)
    assert again.schedule.broken_rules == ()
    # The secure children's homes share bidders with it, so their tender may make way; nobody else need move.
    assert item.procurement_id in moved(again.changes) <= {item.procurement_id, "SCH"}
    assert Stage.TENDER in {change.stage for change in again.changes}


def test_an_extended_contract_lets_a_service_that_would_be_late_start_without_cost() -> None:
    late = dental(date(2026, 8, 3))
    extended = with_contract_extended(late, "DN now", date(2027, 4, 30))
    before, after = (plan_schedule(problem, seed=1, seconds=3.0) for problem in (late, extended))
    assert before.cost is not None
    assert after.cost is not None
    assert before.cost - after.cost == 30 * 2_000


def test_dates_and_contracts_that_do_not_exist_cannot_change() -> None:
    with pytest.raises(ScheduleError, match="2026-01-01 is not among them"):
        with_board_moved(programme(), date(2026, 1, 1), None)
    with pytest.raises(ScheduleError, match="'XX' is not the id of a contract"):
        with_contract_extended(programme(), "XX", date(2027, 1, 1))


def test_a_procurement_that_comes_or_goes_is_said() -> None:
    gone = Change("D", "Dental", Stage.AWARD, date(2026, 6, 1), None)
    assert in_sentences((gone,)) == ("Dental: is no longer in the plan.",)
    assert in_sentences((replace(gone, was=None, now=gone.was),)) == ("Dental: is new in the plan.",)


def test_an_early_start_is_explained_by_the_bidders_it_shares(schedule: Schedule) -> None:
    mental_health = schedule.procurements[1]
    binding = next(entry for entry in mental_health.binding if entry.rule is BindingRule.SHARED_BIDDERS)
    assert binding.procurement_ids == ("HSC",)
    assert f"It starts {binding.days} working days sooner than it otherwise would" in mental_health.why
    assert "the same bidders (Health and social care)" in mental_health.why


def test_of_several_rules_that_hold_a_procurement_it_says_that_their_days_do_not_add_up(schedule: Schedule) -> None:
    rules = [item.why.count("than it otherwise would") for item in schedule.procurements]
    assert {1, 2} <= set(rules)
    assert ["do not add up" in item.why for item in schedule.procurements] == [count > 1 for count in rules]


def test_without_the_rule_that_binds_it_a_procurement_would_really_start_later() -> None:
    together = plan_schedule(programme(bidder_pairs=()), seed=1, seconds=3.0)
    assert all(entry.rule is not BindingRule.SHARED_BIDDERS for item in together.procurements for entry in item.binding)
    apart = plan_schedule(programme(bidder_pairs=PAIRS), seed=1, seconds=3.0)
    assert apart.procurements[1].stages[0].start < together.procurements[1].stages[0].start


def test_spare_days_are_those_by_which_a_stage_may_overrun(schedule: Schedule) -> None:
    for item in schedule.procurements:
        assert item.stages[-1].spare_days == item.slack_days
        assert item.critical
        least = min(stage.spare_days for stage in item.stages if stage.spare_days is not None)
        assert {stage.stage for stage in item.stages if stage.spare_days == least} == set(item.critical)


def test_a_freeze_keeps_back_only_what_would_be_published_or_close_in_it(schedule: Schedule) -> None:
    item = next(each for each in schedule.procurements if "before preparation" in each.why)
    stages = {stage.stage: stage for stage in item.stages}

    def why(start: date) -> str:
        freeze = Blackout("moving", start - 4 * DAY, start - DAY)
        problem = replace(schedule.problem, blackouts=(freeze,), board_dates=())
        return Explainer(problem, ENGLAND, schedule.procurements).why(item)

    assert "before the tender, because nothing is published or closes in the moving freeze" in why(
        stages[Stage.TENDER].start
    )
    assert "moving freeze" not in why(stages[Stage.PREPARE].start), "preparing publishes nothing"


def on(load: Load, day: date) -> int:
    return next((period.load for period in load.periods if period.first <= day <= period.last), 0)


def test_the_load_of_officers_and_bidders_is_what_a_count_of_each_day_gives(schedule: Schedule) -> None:
    dee = next(load for load in officer_load(schedule) if load.name == "Dee")
    assert dee.capacity == 100
    assert dee.peak() <= 100
    percents = {Stage.PREPARE: 40, Stage.TENDER: 20, Stage.EVALUATE: 50}
    stages = [stage for item in schedule.procurements if item.officer == "Dee" for stage in item.stages]
    for n in range(450):
        day = IN_GOOD_TIME + n * DAY
        assert on(dee, day) == sum(percents.get(s.stage, 0) for s in stages if s.start <= day <= s.end), day
    bidders = {load.name: load for load in bidder_load(schedule)}
    assert set(bidders) == {"P1", "P2", "P3", "P4", "P5"}
    assert bidders["P4"].peak() == 1


def test_the_capacity_of_a_bidder_is_the_one_it_declared() -> None:
    limited = programme(bidder_limits=(BidderLimit("P1", ("HSC", "MH"), 1),), officers=(Officer("Ada"),))
    (load,) = (load for load in bidder_load(plan_schedule(limited, seed=1, seconds=1.0)) if load.name == "P1")
    assert (load.capacity, load.may_be_passed) == (1, False)
    assert load.peak() == 1


def test_a_bidder_s_wish_is_its_capacity_where_no_rule_is_and_may_be_passed(schedule: Schedule) -> None:
    wishes = (TendersWish("P8", ("HSC",), 0), TendersWish("P9", ("HSC",), 2))
    rules = (BidderLimit("P9", ("HSC",), 1),)
    problem = replace(schedule.problem, tenders_wishes=wishes, bidder_limits=rules)
    loads = {load.name: load for load in bidder_load(replace(schedule, problem=problem))}
    assert (loads["P8"].capacity, loads["P8"].may_be_passed, loads["P8"].peak()) == (0, True, 1)
    assert (loads["P9"].capacity, loads["P9"].may_be_passed) == (1, False)
