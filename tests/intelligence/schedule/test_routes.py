import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from intelligence.market import Route
from intelligence.schedule.holidays import published_calendar
from intelligence.schedule.problem import ScheduleError, StageLength
from intelligence.schedule.requirements import stages_for
from intelligence.schedule.routes import Evidence, Stage, stage_end, stages_of
from tests.intelligence.schedule.programme import PROCUREMENTS, dental

ENGLAND = published_calendar()
TIMELINES = Path(__file__).parents[4] / "shared" / "data" / "uk_prison_health_timelines.csv"


@pytest.mark.parametrize("route", Route)
def test_every_route_is_approved_awarded_and_mobilised_in_order_and_within_the_law(route: Route) -> None:
    rules = stages_of(route)
    stages = [rule.stage for rule in rules]
    order = list(Stage)
    assert (stages[0], stages[-1]) == (Stage.APPROVE_TO_PROCEED, Stage.MOBILISE)
    assert {Stage.APPROVE_AWARD, Stage.AWARD} <= set(stages)
    assert stages == sorted(stages, key=order.index)
    assert all(rule.days >= (rule.legal_floor or 1) and rule.source for rule in rules)


def test_only_direct_awards_a_and_b_have_no_standstill() -> None:
    without = {route for route in Route if Stage.STANDSTILL not in {rule.stage for rule in stages_of(route)}}
    assert without == {Route.PSR_DIRECT_A, Route.PSR_DIRECT_B}


def test_figures_nobody_has_checked_are_marked_as_believed() -> None:
    believed = {rule.stage for route in Route for rule in stages_of(route) if rule.evidence is Evidence.BELIEVED}
    assert believed == {Stage.INTENDED_APPROACH, Stage.PARTICIPATION}


@pytest.mark.parametrize("route", Route)
def test_stages_end_on_working_days_and_never_before_they_start(route: Route) -> None:
    for start in ENGLAND.working_days(date(2024, 1, 1), date(2024, 12, 31)):
        for rule in stages_of(route):
            end = stage_end(rule, ENGLAND, start)
            assert end >= start
            assert ENGLAND.is_working_day(end)


def test_pa23_tender_lasts_its_calendar_days_after_the_notice() -> None:
    tender = next(rule for rule in stages_of(Route.PA23_OPEN) if rule.stage is Stage.TENDER)
    # Thirty days after Monday 2 November 2026 is Wednesday 2 December; after Thursday 5 November it is a Saturday.
    assert stage_end(tender, ENGLAND, date(2026, 11, 2)) == date(2026, 12, 2)
    assert stage_end(tender, ENGLAND, date(2026, 11, 5)) == date(2026, 12, 7)


def test_psr_competitive_default_lies_within_the_real_timelines() -> None:
    if not TIMELINES.exists():
        pytest.skip(f"no real timelines at {TIMELINES}")
    with TIMELINES.open(newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["route"].startswith("PSR competitive")]
    measured = [
        len(
            ENGLAND.working_days(
                *(date.fromisoformat(row[end]) for end in ("tender_notice", "award_or_intention_notice"))
            )
        )
        for row in rows
    ]
    stages = {rule.stage: rule.days for rule in stages_of(Route.PSR_COMPETITIVE)}
    assert len(measured) == 3
    assert min(measured) <= sum(stages[s] for s in (Stage.TENDER, Stage.EVALUATE, Stage.APPROVE_AWARD)) <= max(measured)


def test_own_lengths_replace_defaults_and_the_one_for_a_single_procurement_wins() -> None:
    lengths = (
        StageLength(Stage.TENDER, 45, "DN", "Christmas falls in it"),
        StageLength(Stage.TENDER, 40),
        StageLength(Stage.DIALOGUE, 20),  # not on this route, and for every procurement: passed over
    )
    problem = dental(stage_lengths=lengths)
    rules = {rule.stage: rule for rule in stages_for(problem, problem.procurements[0])}
    tender, mobilise = rules[Stage.TENDER], rules[Stage.MOBILISE]
    assert (tender.days, tender.evidence, tender.source) == (45, Evidence.GIVEN, "Christmas falls in it")
    assert (mobilise.days, mobilise.evidence) == (70, Evidence.GIVEN)


def test_a_mobilisation_of_no_days_is_refused() -> None:
    at_once = replace(PROCUREMENTS[3], mobilisation_days=0)
    with pytest.raises(ScheduleError, match=r"procurements\[0\].mobilisation_days"):
        dental(procurements=(at_once,))


@pytest.mark.parametrize(
    ("length", "path"),
    [
        (StageLength(Stage.STANDSTILL, 7), "stage_lengths[0].days"),
        (StageLength(Stage.TENDER, 0, "DN"), "stage_lengths[0].days"),
        (StageLength(Stage.DIALOGUE, 20, "DN"), "stage_lengths[0].stage"),
    ],
)
def test_a_length_below_the_law_or_for_no_such_stage_is_refused(length: StageLength, path: str) -> None:
    problem = dental(stage_lengths=(length,))
    with pytest.raises(ScheduleError) as refused:
        stages_for(problem, problem.procurements[0])
    assert refused.value.path == path
