from dataclasses import replace
from datetime import date
from itertools import pairwise
from typing import Any

import pytest
from pydantic import TypeAdapter

from intelligence.market import Contract, Procurement, Route
from intelligence.schedule.calendar import CalendarError
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.plan import PlannedProcurement, Schedule, ScheduleStatus
from intelligence.schedule.problem import BidderPair, Blackout, Officer, Pin, ScheduleError
from intelligence.schedule.routes import Stage
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import (
    BOARDS,
    CONTRACT_END,
    CONTRACTS,
    PAIRS,
    PROCUREMENTS,
    START,
    dental,
    programme,
)


@pytest.fixture(scope="module")
def in_good_time() -> Schedule:
    return plan_schedule(programme(), seed=1)


def costs(schedule: Schedule) -> dict[str, float]:
    return {term.name: term.quantity for term in schedule.cost_terms}


def test_five_tenders_meet_the_first_of_april_proved_free_of_cost(in_good_time: Schedule) -> None:
    assert in_good_time.status is ScheduleStatus.OPTIMAL
    assert (in_good_time.cost, in_good_time.bound, in_good_time.gap) == (0, 0, 0.0)
    assert in_good_time.broken_rules == ()
    assert in_good_time.warnings == ()
    assert [item.procurement_id for item in in_good_time.procurements] == [entry.id for entry in PROCUREMENTS]
    for item in in_good_time.procurements:
        assert item.service_start == START
        assert item.stages[-1].end <= CONTRACT_END
        assert item.slack_days >= 20
        assert item.why.endswith(".")


def test_tenders_that_share_bidders_do_not_overlap_when_time_allows(in_good_time: Schedule) -> None:
    windows = {
        item.procurement_id: stage
        for item in in_good_time.procurements
        for stage in item.stages
        if stage.stage is Stage.TENDER
    }
    for pair in PAIRS:
        first, second = windows[pair.first_id], windows[pair.second_id]
        assert first.end < second.start or second.end < first.start


def test_the_same_seed_gives_the_same_bytes(in_good_time: Schedule) -> None:
    as_json = TypeAdapter(Schedule).dump_json
    assert as_json(plan_schedule(programme(), seed=1)) == as_json(in_good_time)


def test_a_schedule_stored_as_json_reads_back_the_same(in_good_time: Schedule) -> None:
    adapter = TypeAdapter(Schedule)
    assert adapter.validate_json(adapter.dump_json(in_good_time)) == in_good_time


def test_a_late_beginning_costs_an_extension_and_says_so() -> None:
    schedule = plan_schedule(dental(date(2026, 8, 3)), seed=1)
    (item,) = schedule.procurements
    assert schedule.status is ScheduleStatus.OPTIMAL
    assert item.service_start == date(2027, 5, 1)
    assert costs(schedule)["extension"] == costs(schedule)["late"] == 30
    assert schedule.warnings == (
        "Dental north (current) ends on 31 March 2027 and needs an extension of 30 days, until the service starts on "
        "1 May 2027; its latest end is 30 September 2027.",
        "Dental north starts 30 days after 1 April 2027.",
    )
    assert item.why.startswith("It cannot be ready for 1 April 2027")


def test_what_cannot_be_ready_in_time_is_explained() -> None:
    schedule = plan_schedule(dental(date(2027, 6, 1)), seed=1)
    assert (schedule.status, schedule.procurements, schedule.cost) == (ScheduleStatus.INFEASIBLE, (), None)
    (sentence,) = schedule.warnings
    assert sentence.startswith("No schedule meets these rules: Dental north cannot be ready before 1")
    assert "Dental north (current) can run no longer than 30 September 2027" in sentence


@pytest.mark.parametrize("others", [(), PROCUREMENTS[4:]])
def test_a_contract_that_ends_for_good_before_the_day_asked_for_is_what_is_named(
    others: tuple[Procurement, ...],
) -> None:
    asked = replace(PROCUREMENTS[3], service_start=date(2027, 12, 1))
    shared = replace(CONTRACTS[3], lot_ids=("D1", "D2"))
    problem = dental(procurements=(asked, *others), contracts=(shared,), officers=(Officer("Dee"),))
    (sentence,) = plan_schedule(problem, seed=1).warnings
    assert sentence == (
        "No schedule meets these rules: Dental north is to start on 1 December 2027, but Dental north (current) can "
        "run no longer than 30 September 2027. Ask for an earlier start or agree a later end."
    )


@pytest.mark.parametrize("boards", [(), BOARDS[:1]])
def test_a_fixed_start_that_cannot_be_met_is_named(boards: tuple[date, ...]) -> None:
    problem = dental(date(2026, 8, 3), board_dates=boards)
    fixed = replace(problem, fixed_start_ids=(problem.procurements[0].id,))
    (sentence,) = plan_schedule(fixed, seed=1).warnings
    assert "cannot be ready before 21 April 2027, even if work starts" in sentence
    assert sentence.endswith(
        "but its services are fixed to start on 1 April 2027. Shorten a stage, choose a quicker route or let them "
        "start later."
    )


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"blackouts": (Blackout("Election", date(2026, 1, 6), date(2028, 6, 30)),)}, "the days without publication"),
        ({"board_dates": BOARDS[:1]}, "the board dates"),
        (
            {
                "blackouts": (Blackout("Election", date(2026, 1, 6), date(2028, 6, 30)),),
                "board_dates": BOARDS[:1],
            },
            "the board dates and the days without publication",
        ),
    ],
)
def test_days_set_up_that_leave_no_room_are_named(changes: dict[str, Any], named: str) -> None:
    (sentence,) = plan_schedule(dental(**changes), seed=1).warnings
    assert sentence == (
        f"No schedule meets these rules: Dental north cannot be ready in time, but could be without {named}: change "
        "these, or a contract's latest end."
    )


@pytest.mark.parametrize(
    ("changes", "end"),
    [
        ({"board_dates": BOARDS[:1]}, "could be without the board dates: change these."),
        ({"officers": (Officer("Dee", 1),)}, "would be possible without the officers' capacity: change that."),
    ],
)
def test_a_latest_end_is_named_only_where_a_contract_has_one(changes: dict[str, Any], end: str) -> None:
    (sentence,) = plan_schedule(dental(contracts=(), **changes), seed=1).warnings
    assert sentence.endswith(end)


def test_rules_that_collide_are_named() -> None:
    costs: list[int] = []
    crowded = programme(date(2026, 7, 1), officers=(Officer("Dee", 40),))
    schedule = plan_schedule(crowded, seed=1, progress=lambda cost, bound: costs.append(cost))
    assert schedule.status is ScheduleStatus.INFEASIBLE
    assert costs == [], "no plan was found, so none has a cost to tell of"
    assert any("without the officers' capacity" in sentence for sentence in schedule.warnings)


def test_a_service_start_beyond_the_known_holidays_is_refused() -> None:
    far = replace(PROCUREMENTS[3], service_start=date(2055, 4, 1))
    with pytest.raises(CalendarError, match="2055-04-01"):
        plan_schedule(dental(procurements=(far,), contracts=()), seed=1)


def test_approvals_end_on_boards_and_notices_avoid_freezes(in_good_time: Schedule) -> None:
    approvals = [
        stage.end
        for item in in_good_time.procurements
        for stage in item.stages
        if stage.stage in (Stage.APPROVE_TO_PROCEED, Stage.APPROVE_AWARD)
    ]
    assert len(approvals) == 10
    assert set(approvals) <= set(BOARDS)


def test_a_blackout_moves_the_publication() -> None:
    free = plan_schedule(dental(), seed=1).procurements[0]
    assert free.publish is not None
    frozen = Blackout("Election", free.publish, free.publish)
    moved = plan_schedule(dental(blackouts=(frozen,)), seed=1)
    assert moved.broken_rules == ()
    assert moved.procurements[0].publish != free.publish


def test_an_officer_without_time_for_both_evaluates_one_after_the_other() -> None:
    both = {"procurements": PROCUREMENTS[3:], "contracts": ()}
    together = plan_schedule(dental(officers=(Officer("Dee", 100),), **both), seed=1)
    apart = plan_schedule(dental(officers=(Officer("Dee", 60),), **both), seed=1)
    assert shared_evaluation(together)
    assert not shared_evaluation(apart)


def shared_evaluation(schedule: Schedule) -> bool:
    first, second = (
        next(stage for stage in item.stages if stage.stage is Stage.EVALUATE) for item in schedule.procurements
    )
    return first.start <= second.end and second.start <= first.end


@pytest.mark.parametrize("weight", [0.0, 2.0])
def test_an_overlap_costs_what_providers_declared_and_nothing_when_they_declared_nothing(weight: float) -> None:
    # From July there is no time to run the two tenders one after the other.
    both = {"procurements": PROCUREMENTS[3:], "contracts": (), "bidder_pairs": (BidderPair("DN", "DS", weight),)}
    schedule = plan_schedule(dental(date(2026, 7, 1), **both), seed=1)
    overlap = next(term for term in schedule.cost_terms if term.name == "overlap")
    assert schedule.status is ScheduleStatus.OPTIMAL
    assert overlap.quantity > 0
    assert overlap.cost == overlap.quantity * weight * 500


@pytest.mark.parametrize("routes", [(Route.PSR_COMPETITIVE,) * 2, (Route.PSR_COMPETITIVE, Route.PA23_OPEN)])
def test_what_is_proved_of_an_overlap_is_what_it_costs_however_two_tenders_lie(routes: tuple[Route, Route]) -> None:
    """Apart, touching, one over the end of the other, and the shorter within the longer."""
    first, second = (replace(entry, route=route) for entry, route in zip(PROCUREMENTS[3:], routes, strict=True))
    calendar = published_calendar()
    days = calendar.working_days(date(2026, 3, 2), date(2026, 7, 31))
    for begins in (0, 24, 30, 34, 60):
        pins = (Pin("DN", Stage.TENDER, days[30], "Fixed"), Pin("DS", Stage.TENDER, days[begins], "Fixed"))
        parts = {"contracts": (), "officers": (), "blackouts": (), "bidder_pairs": PAIRS[2:]}
        problem = programme(procurements=(first, second), pins=pins, **parts)
        schedule = plan_schedule(problem, seed=1)
        windows = [set(calendar.working_days(each.publish, tender_end(each))) for each in schedule.procurements]
        assert costs(schedule).get("overlap", 0) == len(windows[0] & windows[1]), begins
        assert (schedule.status, schedule.bound) == (ScheduleStatus.OPTIMAL, schedule.cost), begins


def tender_end(item: PlannedProcurement) -> date:
    return next(stage.end for stage in item.stages if stage.stage is Stage.TENDER)


def test_no_more_tenders_are_open_than_the_programme_allows() -> None:
    schedule = plan_schedule(programme(tenders_open_at_most=1), seed=1)
    windows = sorted(
        (stage.start, stage.end)
        for item in schedule.procurements
        for stage in item.stages
        if stage.stage is Stage.TENDER
    )
    assert schedule.broken_rules == ()
    assert len(windows) == 5
    assert all(before[1] < after[0] for before, after in pairwise(windows))


@pytest.mark.parametrize("route", Route)
def test_every_route_can_be_planned(route: Route) -> None:
    procurement = Procurement("X", "Any service", route, ("L",), START)
    schedule = plan_schedule(dental(procurements=(procurement,), contracts=()), seed=1)
    assert (schedule.status, schedule.broken_rules) == (ScheduleStatus.OPTIMAL, ())
    assert schedule.procurements[0].service_start == START


def test_a_contract_that_nothing_replaces_is_pointed_out() -> None:
    orphan = Contract("OLD", "Pharmacy (current)", ("P1",), CONTRACT_END)
    schedule = plan_schedule(dental(contracts=(orphan,)), seed=1)
    assert schedule.warnings == ("Pharmacy (current) ends on 31 March 2027 and no procurement replaces it.",)


def test_progress_reports_costs_that_fall_to_the_end() -> None:
    seen: list[tuple[int, int]] = []
    schedule = plan_schedule(
        programme(date(2026, 5, 1)), seed=1, progress=lambda cost, bound: seen.append((cost, bound))
    )
    assert seen[-1][0] == schedule.cost
    assert [cost for cost, _ in seen] == sorted((cost for cost, _ in seen), reverse=True)
    assert all(bound <= cost for cost, bound in seen)


def test_an_empty_programme_has_an_empty_schedule() -> None:
    schedule = plan_schedule(dental(procurements=(), contracts=()), seed=1)
    assert (schedule.status, schedule.cost, schedule.procurements) == (ScheduleStatus.OPTIMAL, 0, ())


def test_contradictory_problems_are_refused() -> None:
    for path, changes in {
        "procurements[1]": {"procurements": (PROCUREMENTS[3], PROCUREMENTS[3])},
        "bidder_pairs[0].second_id": {"bidder_pairs": (BidderPair("DN", "XX", 1.0),)},
        "bidder_pairs[0]": {"bidder_pairs": (BidderPair("DN", "DN", 1.0),)},
        "blackouts[0].last": {"blackouts": (Blackout("Back to front", START, CONTRACT_END),)},
        "tenders_open_at_most": {"tenders_open_at_most": 0},
    }.items():
        with pytest.raises(ScheduleError) as refused:
            dental(**changes)
        assert refused.value.path == path
