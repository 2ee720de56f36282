"""Each hard rule is broken on purpose, and the checker must say which."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from intelligence.schedule.check import RULES, broken_rules
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.plan import PlannedProcurement, Schedule
from intelligence.schedule.problem import Blackout, Officer, ScheduleProblem
from intelligence.schedule.routes import Stage
from intelligence.schedule.solve import plan_schedule
from tests.intelligence.schedule.programme import programme

ENGLAND = published_calendar()
PROBLEM = programme()
DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def schedule() -> Schedule:
    return plan_schedule(PROBLEM, seed=1)


def with_first(schedule: Schedule, change: Callable[[PlannedProcurement], PlannedProcurement]) -> Schedule:
    return replace(schedule, procurements=(change(schedule.procurements[0]), *schedule.procurements[1:]))


def with_stage(item: PlannedProcurement, stage: Stage, **dates: date) -> PlannedProcurement:
    stages = tuple(replace(entry, **dates) if entry.stage is stage else entry for entry in item.stages)
    return replace(item, stages=stages)


def dates_of(item: PlannedProcurement, stage: Stage) -> tuple[date, date]:
    return next((entry.start, entry.end) for entry in item.stages if entry.stage is stage)


def before(day: date) -> date:
    return ENGLAND.working_days(day - 9 * DAY, day - DAY)[-1]


def found(problem: ScheduleProblem, schedule: Schedule) -> str:
    return " | ".join(broken_rules(problem, schedule))


def test_the_solver_s_schedule_breaks_nothing(schedule: Schedule) -> None:
    assert broken_rules(PROBLEM, schedule) == ()
    assert schedule.checked_rules == RULES
    assert len(RULES) == 20


def test_a_missing_procurement(schedule: Schedule) -> None:
    assert "exactly once" in found(PROBLEM, replace(schedule, procurements=schedule.procurements[1:]))


def test_a_missing_stage(schedule: Schedule) -> None:
    cut = with_first(schedule, lambda item: replace(item, stages=item.stages[:-2] + item.stages[-1:]))
    assert found(PROBLEM, cut) == "HSC: its stages are not those of its route in their order"


def test_work_before_the_day_of_planning(schedule: Schedule) -> None:
    later = replace(PROBLEM, as_of=schedule.procurements[0].stages[0].start + DAY)
    assert "HSC: approval to proceed starts on" in found(later, schedule)


def test_a_stage_on_a_weekend(schedule: Schedule) -> None:
    sunday = date(2026, 6, 7)
    moved = with_first(schedule, lambda item: with_stage(item, Stage.AWARD, start=sunday, end=sunday))
    assert "HSC: the award starts or ends on 2026-06-07, not a working day" in found(PROBLEM, moved)


@pytest.mark.parametrize(
    ("stage", "message"),
    [
        (Stage.TENDER, "the tender lasts 29 of the 30 days"),
        (Stage.STANDSTILL, "the award notice and standstill lasts 7 of the 8 days"),
        (Stage.MOBILISE, "mobilisation lasts 119 of the 120 days"),
    ],
)
def test_a_stage_cut_short_by_a_day(schedule: Schedule, stage: Stage, message: str) -> None:
    cut = with_first(schedule, lambda item: with_stage(item, stage, end=before(dates_of(item, stage)[1])))
    assert message in found(PROBLEM, cut)


def test_a_stage_that_starts_before_the_one_before_has_ended(schedule: Schedule) -> None:
    def overlap(item: PlannedProcurement) -> PlannedProcurement:
        return with_stage(item, Stage.EVALUATE, start=dates_of(item, Stage.TENDER)[1])

    assert "HSC: evaluation starts before the tender has ended" in found(PROBLEM, with_first(schedule, overlap))


def test_a_wait_beyond_its_bound(schedule: Schedule) -> None:
    moved = with_first(
        schedule, lambda item: with_stage(item, Stage.AWARD, end=date(2027, 3, 30), start=date(2027, 3, 30))
    )
    assert "idle working days before the award, at most 0" in found(PROBLEM, moved)


def test_an_approval_on_another_day_than_a_board(schedule: Schedule) -> None:
    boards = set(PROBLEM.board_dates) - {dates_of(schedule.procurements[0], Stage.APPROVE_AWARD)[1]}
    without = replace(PROBLEM, board_dates=tuple(sorted(boards)))
    assert "HSC: approval of the award ends on" in found(without, schedule)


@pytest.mark.parametrize(("position", "message"), [(0, "the tender is published on"), (1, "the tender closes on")])
def test_a_tender_that_opens_or_closes_in_a_blackout(schedule: Schedule, position: int, message: str) -> None:
    day = dates_of(schedule.procurements[0], Stage.TENDER)[position]
    frozen = replace(PROBLEM, blackouts=(Blackout("Election", day, day),))
    assert f"HSC: {message} {day}, in Election" in found(frozen, schedule)


def test_an_officer_with_more_work_than_time(schedule: Schedule) -> None:
    assert "Ada: 50 percent on" in found(replace(PROBLEM, officers=(Officer("Ada", 49),)), schedule)
    assert "Ada" not in found(replace(PROBLEM, officers=(Officer("Ada", 50),)), schedule)


def test_more_tenders_open_than_allowed(schedule: Schedule) -> None:
    first = schedule.procurements[0]
    opened, closed = dates_of(first, Stage.TENDER)
    twin = with_stage(schedule.procurements[1], Stage.TENDER, start=opened, end=closed)
    crowded = replace(schedule, procurements=(first, twin, *schedule.procurements[2:]))
    assert "at most 1 may be" in found(replace(PROBLEM, tenders_open_at_most=1), crowded)


def test_a_service_that_starts_before_it_is_ready(schedule: Schedule) -> None:
    early = with_first(schedule, lambda item: replace(item, service_start=item.stages[-1].end))
    assert "before mobilisation ends" in found(PROBLEM, early)


def test_a_service_that_starts_before_the_day_asked_for(schedule: Schedule) -> None:
    early = with_first(schedule, lambda item: replace(item, service_start=item.service_start - DAY))
    assert "HSC: the service starts on 2027-03-31, before 2027-04-01" in found(PROBLEM, early)


def test_slack_that_is_not_there(schedule: Schedule) -> None:
    boast = with_first(schedule, lambda item: replace(item, slack_days=item.slack_days + 1))
    assert "working days of slack, has" in found(PROBLEM, boast)


def test_a_contract_that_would_have_ended_for_good(schedule: Schedule) -> None:
    late = with_first(schedule, lambda item: replace(item, service_start=date(2027, 10, 2)))
    on_time = with_first(schedule, lambda item: replace(item, service_start=date(2027, 10, 1)))
    assert "after HSC now ends for good on 2027-09-30" in found(PROBLEM, late)
    assert "for good" not in found(PROBLEM, on_time)


def test_a_cost_that_does_not_add_up(schedule: Schedule) -> None:
    assert found(PROBLEM, replace(schedule, cost=1)) == "the cost is not the sum of its terms"
