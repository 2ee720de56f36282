"""What the set-up asks of a plan, frozen into the run that plans."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from config import Settings
from intelligence import AvoidedDates, Schedule
from intelligence.files import from_json
from intelligence.schedule.holidays import planning_calendar
from intelligence.schedule.problem import Actual, Pin, Precedence, StageLength
from intelligence.schedule.routes import Stage as PlannedStage
from tests import factories as make
from tests.world import actor_of, run_jobs
from webapp.analysis import market
from webapp.analysis.actions import request_run
from webapp.analysis.problem import orders_left_out, problem_of
from webapp.analysis.runs import RunParameters, results_of
from webapp.analysis.standing_terms import load, months_before
from webapp.analysis.terms import PlanningTerms
from webapp.db import Database, clock
from webapp.models import (
    AnalysisRun,
    Answer,
    Blackout,
    BoardDate,
    Engagement,
    GivenLength,
    InterestLevel,
    Measure,
    Nation,
    PartKind,
    Partner,
    Person,
    PinnedStage,
    PlanTerms,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    RouteAnswer,
    Section,
    Stage,
    StageRecord,
    Submission,
)
from webapp.programmes.setting_up.rules import LAST_YEAR

BOARDS = tuple(date(2027, month, 17) for month in range(1, 13))
AS_OF = date(2026, 12, 1)


@pytest.fixture
def officer(session: Session) -> Person:
    return make.officer(session, make.buyer(session))


@pytest.fixture
def about(session: Session, officer: Person) -> Engagement:
    from_buyer = officer.memberships[0].organisation
    return make.engagement(session, make.programme(session, from_buyer))


def procurement_id(about: Engagement) -> str:
    return str(about.programme.procurements[0].id)


def submitted(session: Session, about: Engagement) -> Submission:
    lot = make.lots_of(about)[0]
    return make.submission(session, make.response(session, about), {lot.id: InterestLevel.LIKELY})


def set_up(session: Session, about: Engagement, officer: Person) -> None:
    programme_id, procurement = about.programme_id, about.programme.procurements[0]
    said = {"procurement_id": procurement.id, "said_by": officer.id}
    session.add_all(BoardDate(programme_id=programme_id, board="Board", day=day) for day in BOARDS)
    session.add(BoardDate(programme_id=programme_id, board="Another board", day=BOARDS[0]))
    session.add_all(
        [
            Blackout(programme_id=programme_id, first_day=AS_OF, last_day=date(2026, 12, 24), reason="Move of offices"),
            Partner(programme_id=programme_id, name="HMPPS", part="Runs the prisons"),
            PlanTerms(programme_id=programme_id, nation=Nation.SCOTLAND, tenders_open_at_most=2, gives_bid_time=False),
            GivenLength(stage=Stage.EVALUATE, days=45, reason="Two panels", **said),
            PinnedStage(stage=Stage.TENDER, starts_on=date(2027, 5, 4), reason="Market day", **said),
            StageRecord(
                stage=Stage.APPROVE_TO_PROCEED,
                began_on=date(2026, 11, 2),
                ended_on=date(2026, 11, 13),
                reason="Minutes",
                **said,
            ),
            RouteAnswer(number=1, question="health", answer="yes", reason="Dentistry", **said),
            RouteAnswer(number=2, question="began", answer="yes", reason="A slip", **said),
            RouteAnswer(number=3, question="began", answer="no", reason="Not begun", **said),
            RouteAnswer(number=4, question="framework", answer="yes", reason="For the region", **said),
        ]
    )
    about.programme.contracts[0].notice_months = 12
    session.flush()


def test_everything_that_is_set_up_is_read(session: Session, about: Engagement, officer: Person) -> None:
    set_up(session, about, officer)
    terms, key = load(session, programme_id=about.programme_id), procurement_id(about)
    assert terms.board_dates == BOARDS  # a day on which two boards meet is one day
    assert [(each.name, each.first) for each in terms.blackouts] == [("Move of offices", AS_OF)]
    assert (terms.nation.value, terms.tenders_open_at_most, terms.gives_bid_time) == ("scotland", 2, False)
    assert terms.stage_lengths == (StageLength(PlannedStage.EVALUATE, 45, key, "Two panels"),)
    assert terms.pins == (Pin(key, PlannedStage.TENDER, date(2027, 5, 4), "Market day"),)
    assert terms.actuals == (Actual(key, PlannedStage.APPROVE_TO_PROCEED, date(2026, 11, 2), date(2026, 11, 13)),)
    assert [(step.answer, step.reason, step.officer) for step in terms.routes[0].steps] == [
        ("Yes", "Dentistry", officer.name),
        ("No", "Not begun", officer.name),
        ("Yes", "For the region", officer.name),
    ]
    assert [(each.by, each.months) for each in terms.notices] == [(date(2027, 3, 31), 12)]
    assert terms.partners == ("HMPPS",)


def test_without_a_set_up_a_programme_plans_with_the_defaults(session: Session, about: Engagement) -> None:
    terms = load(session, programme_id=about.programme_id)
    assert terms == PlanningTerms()
    problem = problem_of(market.load(session, engagement=about, as_of=AS_OF), terms, as_of=AS_OF)
    assert [blackout.name for blackout in problem.blackouts] == ["Christmas 2026", "Easter 2027", "Christmas 2027"]


def test_the_set_up_takes_the_years_whose_bank_holidays_are_known() -> None:
    assert planning_calendar().last == date(LAST_YEAR, 12, 31)


def test_what_does_not_fit_the_route_or_the_day_is_left_out(
    session: Session, about: Engagement, officer: Person
) -> None:
    set_up(session, about, officer)
    said = {"procurement_id": about.programme.procurements[0].id, "said_by": officer.id, "reason": "Old"}
    session.add_all(
        [
            GivenLength(stage=Stage.DIALOGUE, days=20, **said),
            PinnedStage(stage=Stage.PREPARE, starts_on=date(2026, 11, 16), **said),
        ]
    )
    session.flush()
    terms = load(session, programme_id=about.programme_id)
    problem = problem_of(market.load(session, engagement=about, as_of=AS_OF), terms, as_of=AS_OF)
    assert [length.stage for length in problem.stage_lengths] == [PlannedStage.EVALUATE]
    assert [pin.stage for pin in problem.pins] == [PlannedStage.TENDER]


def test_an_order_that_the_plan_cannot_hold_is_named(session: Session, about: Engagement) -> None:
    loaded, key = market.load(session, engagement=about, as_of=AS_OF), procurement_id(about)
    title = next(entry.title for entry in loaded.procurements if entry.id == key)
    outside = Precedence("elsewhere", key, PlannedStage.PREPARE, PlannedStage.TENDER)
    no_stage = replace(outside, first_id=key, after=PlannedStage.DIALOGUE)
    terms = PlanningTerms(precedences=(outside, no_stage))
    assert problem_of(loaded, terms, as_of=AS_OF).precedences == ()
    of_another, of_the_route = orders_left_out(loaded, terms)
    assert f"does not have {title} wait for a procurement outside it" in of_another
    assert f"does not have {title} wait for {title}" in of_the_route


def test_what_likely_bidders_asked_for_binds_their_tenders(session: Session, officer: Person) -> None:
    about = make.engagement(session, make.programme(session), questionnaire=False)
    version = QuestionnaireVersion(engagement_id=about.id, number=1)
    section = Section(version=version, position=1, slug="limits", title="Limits")
    options = [{"value": "40", "label": "40 working days"}]
    bid_time = make.question(QuestionKind.ONE_OF, "time", options=options, measure=Measure.SHORTEST_BID_DAYS)
    dates = make.question(QuestionKind.DATE_RANGES, "dates", measure=Measure.DATES_TO_AVOID)
    questions = [Question(section=section, position=place, **given) for place, given in enumerate((bid_time, dates))]
    session.add_all([version, *questions])
    session.flush()
    session.refresh(about)
    submission = submitted(session, about)
    summer = {"from": "2027-07-01", "to": "2027-08-31"}
    for question, value in zip(questions, ("40", [summer]), strict=True):
        session.add(Answer(submission_id=submission.id, question_id=question.id, value=value))
    session.flush()
    loaded = market.load(session, engagement=about, as_of=AS_OF)
    (limit,) = problem_of(loaded, load(session, programme_id=about.programme_id), as_of=AS_OF).bidder_limits
    assert (limit.procurement_ids, limit.shortest_bid_days) == ((procurement_id(about),), 40)
    assert limit.avoid == (AvoidedDates(date(2027, 7, 1), date(2027, 8, 31)),)


def test_an_extension_costs_what_the_register_says(session: Session, about: Engagement) -> None:
    contract = about.programme.contracts[0]
    contract.annual_value, contract.extension_uplift = 365_250, 10
    session.flush()
    assert market.load(session, engagement=about, as_of=AS_OF).contracts[0].extension_day == 100


def test_a_run_plans_with_the_terms_of_the_day_it_was_asked_for(
    session: Session, database: Database, settings: Settings, about: Engagement, officer: Person
) -> None:
    set_up(session, about, officer)
    submitted(session, about)
    run = request_run(
        session,
        engagement=about,
        parameters=RunParameters(draws=200, schedule_seconds=2.0, as_of=AS_OF),
        seed=7,
        actor=actor_of(officer, officer.memberships[0].organisation),
        now=clock(session),
    )
    session.add(BoardDate(programme_id=about.programme_id, board="Board", day=date(2028, 1, 19)))
    session.commit()
    run_jobs(database, settings)
    session.expire_all()
    found = session.get_one(AnalysisRun, run.id)
    assert from_json(RunParameters, found.parameters).terms.board_dates == BOARDS
    plan: Schedule = results_of(found, PartKind.SCHEDULE)[0][1]
    stages = {stage.stage: stage for stage in plan.procurements[0].stages}
    assert stages[PlannedStage.APPROVE_AWARD].end in BOARDS
    assert stages[PlannedStage.TENDER].start == date(2027, 5, 4)
    assert stages[PlannedStage.EVALUATE].days == 45
    assert plan.broken_rules == ()


def test_notice_is_due_months_before_the_end() -> None:
    assert months_before(date(2028, 3, 31), 12) == date(2027, 3, 31)
    assert months_before(date(2028, 3, 31), 1) == date(2028, 2, 29)
    assert months_before(date(2028, 1, 15), 2) == date(2027, 11, 15)
