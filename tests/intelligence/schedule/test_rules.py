"""The rules that officers and bidders add: each binds the plan, and the checker names a plan that breaks it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest

from intelligence.market import AvoidedDates, Route
from intelligence.schedule.check import broken_rules
from intelligence.schedule.explain import in_words
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.plan import (
    BindingRule,
    Gain,
    PlannedProcurement,
    PlannedStage,
    Schedule,
    ScheduleStatus,
)
from intelligence.schedule.problem import (
    Actual,
    BidderLimit,
    Blackout,
    EarlierStart,
    Pin,
    Precedence,
    ScheduleError,
    ScheduleProblem,
)
from intelligence.schedule.routes import Stage
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import CONTRACTS, IN_GOOD_TIME, PROCUREMENTS, START, dental, programme

ENGLAND = published_calendar()
BOTH = {"procurements": PROCUREMENTS[3:], "contracts": ()}


def planned(problem: ScheduleProblem) -> Schedule:
    schedule = plan_schedule(problem, seed=1, seconds=2.0)
    assert schedule.broken_rules == ()
    return schedule


def stage_of(item: PlannedProcurement, stage: Stage) -> PlannedStage:
    return next(entry for entry in item.stages if entry.stage is stage)


def tenders(schedule: Schedule) -> list[PlannedStage]:
    return [stage_of(item, Stage.TENDER) for item in schedule.procurements]


FREE = planned(dental(**BOTH))
TENDER = stage_of(FREE.procurements[0], Stage.TENDER)
TENDER_DAYS = len(ENGLAND.working_days(TENDER.start, TENDER.end))


def one_at_a_time(free: Schedule) -> dict[str, object]:
    return {"bidder_limits": (BidderLimit("P1", ("DN", "DS"), tenders_open_at_most=1),)}


def sixty_days_to_bid(free: Schedule) -> dict[str, object]:
    return {"bidder_limits": (BidderLimit("P1", ("DN",), shortest_bid_days=60),)}


def never_when_it_opens_now(free: Schedule) -> dict[str, object]:
    return {"bidder_limits": (BidderLimit("P1", ("DN",), avoid=(AvoidedDates(TENDER.start, TENDER.start),)),)}


def south_after_north(free: Schedule) -> dict[str, object]:
    return {"precedences": (Precedence("DN", "DS", after=Stage.TENDER, before=Stage.TENDER),)}


def pinned_a_week_sooner(free: Schedule) -> dict[str, object]:
    return {"pins": (Pin("DN", Stage.TENDER, TENDER.start - timedelta(days=7), "announced"),)}


def begun_in_january(free: Schedule) -> dict[str, object]:
    approved = Actual("DN", Stage.APPROVE_TO_PROCEED, date(2025, 11, 3), date(2025, 11, 19))
    return {"actuals": (approved, Actual("DN", Stage.PREPARE, date(2025, 12, 1)))}


@pytest.mark.parametrize(
    ("added", "sentence"),
    [
        (one_at_a_time, "P1: more than 1 of its tenders are open on"),
        (sixty_days_to_bid, "DN: the tender lasts 30 of the 60 days it needs"),
        (never_when_it_opens_now, f"DN: the tender opens or closes on {TENDER.start}, avoided by P1"),
        (south_after_north, "DS: the tender starts before the tender of DN has ended"),
        (pinned_a_week_sooner, f"DN: the tender starts on {TENDER.start}, not on"),
        (begun_in_january, "DN: preparation is said to have begun and has not, or the reverse"),
    ],
)
def test_a_rule_binds_the_plan_and_the_checker_names_one_that_breaks_it(
    added: Callable[[Schedule], dict[str, object]], sentence: str
) -> None:
    problem = dental(**BOTH, **added(FREE))
    assert any(sentence in broken for broken in broken_rules(problem, FREE))
    planned(problem)


def test_bidders_get_the_working_days_that_they_need() -> None:
    (first, second) = tenders(planned(dental(**BOTH, **sixty_days_to_bid(FREE))))
    assert len(ENGLAND.working_days(first.start, first.end)) == 60
    assert len(ENGLAND.working_days(second.start, second.end)) == 30
    assert first.source == "a bidder needs 60 working days"


def test_a_tender_that_would_close_in_a_freeze_were_it_shorter_is_explained() -> None:
    needs = BidderLimit("P1", ("DN",), shortest_bid_days=40)
    (tender,) = tenders(planned(dental(bidder_limits=(needs,))))
    closing = ENGLAND.add_working_days(tender.start, TENDER_DAYS - 1)
    schedule = planned(dental(bidder_limits=(needs,), blackouts=(Blackout("closing", closing, closing),)))
    assert tenders(schedule) == [tender]
    (item,) = schedule.procurements
    assert all(Gain.MOVED not in binding.gains for binding in item.binding), "there was no plan to move from"


def test_a_bidder_answers_no_more_tenders_at_once_than_it_can() -> None:
    limits = (BidderLimit("P1", tuple(entry.id for entry in PROCUREMENTS), tenders_open_at_most=1),)
    windows = sorted((stage.start, stage.end) for stage in tenders(planned(programme(bidder_limits=limits))))
    assert all(before[1] < after[0] for before, after in pairwise(windows))


def test_a_precedence_holds_from_stage_to_stage() -> None:
    north, south = planned(dental(**BOTH, precedences=(Precedence("DN", "DS"),))).procurements
    assert stage_of(north, Stage.AWARD).end < south.stages[0].start


def test_a_precedence_with_a_lag_keeps_so_many_working_days_between() -> None:
    def lag(days: int) -> ScheduleProblem:
        order = Precedence("DN", "DS", after=Stage.TENDER, before=Stage.TENDER, lag_days=days)
        return dental(**BOTH, precedences=(order,))

    schedule = planned(lag(15))
    first, second = tenders(schedule)
    between = len(ENGLAND.working_days(first.end, second.start)) - 2
    assert between >= 15
    assert broken_rules(lag(between + 1), schedule) == (
        f"DS: the tender starts {between} working days after the tender of DN, not {between + 1} as asked",
    )


def test_a_pin_is_kept_to_the_day() -> None:
    schedule = planned(dental(**BOTH, **pinned_a_week_sooner(FREE)))
    assert tenders(schedule)[0].start == TENDER.start - timedelta(days=7)


def test_a_fixed_service_starts_on_its_day_or_not_at_all() -> None:
    late = date(2026, 8, 3)
    assert planned(dental(late)).procurements[0].service_start > START
    schedule = plan_schedule(dental(late, fixed_start_ids=("DN",)), seed=1)
    assert schedule.status is ScheduleStatus.INFEASIBLE
    assert broken_rules(dental(late, fixed_start_ids=("DN",)), planned(dental(late))) == (
        "DN: the service starts on 2027-05-01, not on 2027-04-01 as fixed",
    )


def test_of_what_officers_set_one_by_one_what_stands_in_the_way_is_named() -> None:
    harmless = Precedence("DN", "DS", Stage.APPROVE_TO_PROCEED, Stage.MOBILISE)
    orders = (harmless, Precedence("DN", "DS", Stage.MOBILISE))
    schedule = plan_schedule(dental(date(2026, 4, 1), **BOTH, precedences=orders, fixed_start_ids=("DN", "DS")), seed=1)
    assert schedule.status is ScheduleStatus.INFEASIBLE
    told = " ".join(schedule.warnings)
    assert told.count("without the wait of Dental south for Dental north") == 1, "the harmless one is not named"
    assert "without the fixed service start of Dental south" in told
    assert "start of Dental north" not in told


def test_what_has_begun_stands_as_it_happened_and_the_rest_follows() -> None:
    schedule = planned(dental(**BOTH, **begun_in_january(FREE)))
    north = schedule.procurements[0]
    assert [(stage.start, stage.begun) for stage in north.stages[:3]] == [
        (date(2025, 11, 3), True),
        (date(2025, 12, 1), True),
        (north.stages[2].start, False),
    ]
    # Twenty working days from 1 December end before the day of planning, so it ends on that day.
    assert north.stages[1].end == IN_GOOD_TIME
    assert north.stages[2].start > IN_GOOD_TIME


def test_an_approval_under_way_after_the_last_board_is_explained() -> None:
    awaited = Actual("DN", Stage.APPROVE_TO_PROCEED, IN_GOOD_TIME - timedelta(days=9))
    problem = dental(contracts=(), actuals=(awaited,), board_dates=(IN_GOOD_TIME - timedelta(days=1),))
    (sentence,) = plan_schedule(problem, seed=1).warnings
    assert sentence.endswith(
        "Dental north cannot be ready in time, but could be without the board dates: change these."
    )


def test_what_has_come_far_is_not_said_to_be_too_late() -> None:
    as_of = date(2027, 3, 1)
    item = planned(dental(contracts=())).procurements[0]
    happened = tuple(
        Actual("DN", each.stage, each.start, None if each.stage is Stage.MOBILISE else each.end) for each in item.stages
    )
    problem = dental(as_of, **BOTH, actuals=happened, fixed_start_ids=("DN", "DS"))
    (sentence,) = plan_schedule(problem, seed=1).warnings
    assert "Dental south cannot be ready before" in sentence


def test_what_moves_from_an_earlier_plan_costs() -> None:
    earlier = tuple(
        EarlierStart(item.procurement_id, stage.stage, stage.start)
        for item in FREE.procurements
        for stage in item.stages
    )
    same = planned(dental(**BOTH, earlier_starts=earlier))
    assert [item.stages for item in same.procurements] == [item.stages for item in FREE.procurements]
    moved = planned(dental(**BOTH, earlier_starts=earlier, **pinned_a_week_sooner(FREE)))
    term = next(term for term in moved.cost_terms if term.name == "moved")
    assert term.quantity >= 5
    assert term.cost == 100 * term.quantity
    assert moved.procurements[1].stages == FREE.procurements[1].stages


def test_staying_near_the_plan_before_says_what_it_was_and_what_would_be_better() -> None:
    before = planned(dental(**BOTH, **pinned_a_week_sooner(FREE)))
    earlier = tuple(
        EarlierStart(item.procurement_id, stage.stage, stage.start)
        for item in before.procurements
        for stage in item.stages
    )
    item = planned(dental(**BOTH, earlier_starts=earlier)).procurements[0]
    binding = next(entry for entry in item.binding if entry.rule is BindingRule.EARLIER_PLAN)
    was = next(entry.start for entry in earlier if entry.procurement_id == item.procurement_id)
    assert item.stages[0].start == was < FREE.procurements[0].stages[0].start
    assert binding.days > 0
    assert binding.gains == (Gain.LATE_START,), "it costs no more where it stood"
    assert f"In the plan before, approval to proceed began on {in_words(was)} and still does" in item.why
    assert (
        f"Planned afresh, its work would start {binding.days} working days later, and its work would begin no"
        in item.why
    )


def test_procurements_that_wait_for_each_other_are_named() -> None:
    orders = (Precedence("DN", "DS"), Precedence("DS", "DN", after=Stage.TENDER, before=Stage.EVALUATE))
    apart = plan_schedule(dental(**BOTH, precedences=orders[:1]), seed=1)
    assert apart.broken_rules == ()
    schedule = plan_schedule(dental(**BOTH, precedences=orders), seed=1)
    assert schedule.warnings == (
        "No schedule meets these rules: Dental north and Dental south wait for each other, so that none of them could "
        "begin: let one no longer wait.",
    )


def test_stages_that_wait_in_turn_without_a_circle_can_be_planned() -> None:
    orders = (
        Precedence("DN", "DS", after=Stage.TENDER, before=Stage.TENDER),
        Precedence("DS", "DN", after=Stage.PREPARE, before=Stage.EVALUATE),
    )
    assert planned(dental(**BOTH, precedences=orders)).procurements


@pytest.mark.parametrize(
    ("path", "changes"),
    [
        ("pins[0].stage", {"pins": (Pin("DN", Stage.DIALOGUE, date(2026, 6, 1)),)}),
        ("pins[0].start", {"pins": (Pin("DN", Stage.TENDER, date(2026, 6, 6)),)}),
        ("pins[0].procurement_id", {"pins": (Pin("XX", Stage.TENDER, date(2026, 6, 5)),)}),
        ("precedences[0].after", {"precedences": (Precedence("DN", "DS", after=Stage.DIALOGUE),)}),
        ("precedences[0]", {"precedences": (Precedence("DN", "DN"),)}),
        ("fixed_start_ids[0]", {"fixed_start_ids": ("XX",)}),
        ("actuals[0]", {"actuals": (Actual("DN", Stage.APPROVE_TO_PROCEED, IN_GOOD_TIME),)}),
        ("actuals[0].stage", {"actuals": (Actual("DN", Stage.TENDER, date(2025, 12, 1)),)}),
        ("actuals[0].end", {"actuals": (Actual("DN", Stage.TENDER, date(2025, 12, 1), date(2025, 11, 1)),)}),
        ("bidder_limits[0].tenders_open_at_most", {"bidder_limits": (BidderLimit("P", ("DN",), 0),)}),
        ("bidder_limits[0].procurement_ids[0]", {"bidder_limits": (BidderLimit("P", ("XX",)),)}),
        ("procurements[0].mobilisation_days", {"procurements": (replace(PROCUREMENTS[3], mobilisation_days=2**63),)}),
        ("contracts[0].extension_day", {"contracts": (replace(CONTRACTS[0], extension_day=2**63),)}),
        ("contracts[0].latest_end", {"contracts": (replace(CONTRACTS[0], latest_end=date(2020, 1, 1)),)}),
    ],
)
def test_rules_that_make_no_sense_are_refused_with_their_place(path: str, changes: dict[str, object]) -> None:
    with pytest.raises(ScheduleError) as refused:
        plan_schedule(dental(**(BOTH | changes)), seed=1)
    assert refused.value.path == path


def test_a_contract_may_run_on_to_the_end_of_time() -> None:
    for_ever = replace(CONTRACTS[3], latest_end=date.max)
    assert planned(dental(contracts=(for_ever,))).procurements


def test_the_checker_asks_for_working_days_even_where_a_tender_counts_calendar_days() -> None:
    limits = (BidderLimit("P1", ("DN",), shortest_bid_days=24),)
    schedule = planned(dental(procurements=(replace(PROCUREMENTS[3], route=Route.PA23_OPEN),), bidder_limits=limits))
    tender = tenders(schedule)[0]
    assert len(ENGLAND.working_days(tender.start, tender.end)) >= 24
