"""What past lots bring to a run: outcomes that teach, a forecast of their own, and the mix of both."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from config import Settings
from intelligence.capacity.estimate import estimate_capacity
from intelligence.files import from_json
from intelligence.forecast.blend import BlendWeight
from intelligence.forecast.result import CandidateSkill, HistoryForecast, LotForecast
from intelligence.market import InterestLevel, Market
from tests import factories as make
from tests.intelligence.capacity.markets import eoi, market_of
from tests.webapp.browser_of_pages import Client
from tests.world import actor_of, run_jobs
from webapp.analysis import history, market
from webapp.analysis.actions import request_run
from webapp.analysis.blending import central, expected, lot_forecasts
from webapp.analysis.names import LotName, Names
from webapp.analysis.pages.history import history_page
from webapp.analysis.past import History, HistoryOutlook
from webapp.analysis.runs import RunParameters, results_of
from webapp.db import Database, clock
from webapp.models import (
    AnalysisRun,
    Engagement,
    LotOutcome,
    Organisation,
    PartKind,
    PastLot,
    PastProcurement,
    Person,
    RecordFormat,
)
from webapp.models import InterestLevel as Level

AS_OF = date(2026, 12, 1)


@pytest.fixture
def buyer(session: Session) -> Organisation:
    return make.buyer(session, name="North West Commissioning")


@pytest.fixture
def officer(session: Session, buyer: Organisation) -> Person:
    return make.officer(session, buyer)


@pytest.fixture
def engagement(session: Session, buyer: Organisation, officer: Person) -> Engagement:
    """About two lots, in the first of which one provider declared its interest."""
    found = make.engagement(session, make.programme(session, buyer))
    make.submission(session, make.response(session, found), {make.lots_of(found)[0].id: Level.WOULD_BID})
    session.commit()
    return found


def past(session: Session, about: Engagement, buyer: str, lots: int, **lot: object) -> None:
    """So many past lots of a buyer, one a week, with two bids each unless said otherwise."""
    for number in range(lots):
        procurement = PastProcurement(
            programme_id=about.programme_id,
            origin=RecordFormat.TABLE,
            reference=f"{buyer} {number}",
            buyer_name=buyer,
            title="Dental",
            category="Dental",
            region="",
            procedure="",
            closed_on=date(2020, 1, 6) + timedelta(weeks=number),
        )
        values = {"bids": 2, **lot}
        procurement.lots = [PastLot(position=1, reference="1", title="Dental", category="Dental", region="", **values)]
        session.add(procurement)
    session.flush()


def load(session: Session, about: Engagement) -> tuple[Market, History]:
    inputs = market.load(session, engagement=about, as_of=AS_OF)
    return history.load(session, engagement=about, market=inputs, as_of=AS_OF)


def ask(session: Session, about: Engagement, officer: Person, buyer: Organisation) -> AnalysisRun:
    parameters = RunParameters(draws=400, schedule_seconds=1.0, as_of=AS_OF)
    run = request_run(
        session, engagement=about, parameters=parameters, seed=7, actor=actor_of(officer, buyer), now=clock(session)
    )
    session.commit()
    return run


def test_own_past_lots_teach_in_full_and_those_of_others_as_elsewhere(session: Session, engagement: Engagement) -> None:
    past(session, engagement, "NORTH WEST COMMISSIONING", 3, interested=5, credible_bids=1)
    past(session, engagement, "Another Board", 2)
    loaded, brought = load(session, engagement)
    assert [(each.bidders, each.interested, each.credible) for each in loaded.outcomes] == [(2, 5, 1)] * 3
    assert [(each.bidders, each.interested, each.credible) for each in brought.elsewhere] == [(2, None, None)] * 2
    assert len(brought.past) == 5
    assert {each.lot.category for each in brought.past} == {each.category for each in brought.planned} == {"dental"}


def test_what_came_of_this_programmes_lots_teaches_with_the_interest_that_was_declared(
    session: Session, engagement: Engagement, officer: Person
) -> None:
    lots = make.lots_of(engagement)
    session.add_all(
        LotOutcome(lot_id=lot.id, closed_on=closed, bids=4, credible_bids=3, source="Portal", recorded_by=officer.id)
        for lot, closed in zip(lots, (date(2026, 11, 30), AS_OF), strict=True)
    )
    session.flush()
    loaded, brought = load(session, engagement)
    (outcome,) = loaded.outcomes
    assert (outcome.lot_id, outcome.interested, outcome.bidders, outcome.credible) == (str(lots[0].id), 1, 4, 3)
    assert [each.bidders for each in brought.past] == [4], "what closes on the day of the run is not past"


def test_without_past_lots_a_run_has_no_forecast_from_history(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    engagement: Engagement,
    officer: Person,
    buyer: Organisation,
) -> None:
    run = ask(session, engagement, officer, buyer)
    assert run.history is None
    assert PartKind.HISTORY not in {part.kind for part in run.parts}
    run_jobs(database, settings)
    client.sign_in(officer)
    assert "What past lots alone would say" not in client.get(f"/runs/{run.id}/report").text


def test_past_lots_move_the_forecast_and_give_one_of_their_own(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    engagement: Engagement,
    officer: Person,
    buyer: Organisation,
) -> None:
    before = ask(session, engagement, officer, buyer)
    run_jobs(database, settings)
    past(session, engagement, buyer.name, 12, interested=6, credible_bids=2)
    after = ask(session, engagement, officer, buyer)
    run_jobs(database, settings)
    session.expire_all()
    reports = [results_of(run, PartKind.CAPACITY)[0][1] for run in (before, after)]
    assert [report.prior_driven for report in reports] == [True, False]
    assert before.inputs_digest != after.inputs_digest
    assert from_json(History, after.history or {}).planned[0].category == "dental"
    ((_, outlook),) = results_of(after, PartKind.HISTORY)
    assert outlook.past_lots == 12
    assert all(lot.mean == pytest.approx(2, abs=0.5) for lot in outlook.forecast.lots), "two bids each came before"
    client.sign_in(officer)
    page = client.get(f"/runs/{after.id}/report")
    assert "12 past lots alone give a second forecast" in page.text
    assert "Mostly assumed" not in page.text
    assert "Mostly assumed" in client.get(f"/runs/{before.id}/report").text
    mixed = lot_forecasts(reports[1], outlook)[1]
    assert f"{mixed.blended[0]:.0%}" in page.text
    assert len(page.statements) <= 15


def test_three_forecasts_of_a_lot_are_of_credible_bids_and_mixed_by_their_weight() -> None:
    report = estimate_capacity(market_of([eoi(0, 0, InterestLevel.WOULD_BID)], lots=1), seed=1, draws=400)
    certain = LotForecast("L0", 2.0, (0.0, 0.0, 1.0), 9)
    forecast = HistoryForecast((certain,), (), 9, None, False, 1)
    (found,) = lot_forecasts(report, HistoryOutlook(forecast, BlendWeight(0.25, 0, None, None, None), 9))
    assert expected(found.from_history) == pytest.approx(2 * 0.88), "twelve of a hundred bids are not credible"
    assert found.blended[0] == pytest.approx(0.25 * found.from_interest[0] + 0.75 * found.from_history[0])
    assert sum(found.blended) == pytest.approx(1)


def test_what_is_said_to_stand_is_all_earlier_lots_and_one_more() -> None:
    report = estimate_capacity(market_of([eoi(0)]), seed=1, draws=400)
    skill = CandidateSkill("histogram", 0.5, 1.0)
    forecast = HistoryForecast((LotForecast("L0", 2.0, (0.0, 0.0, 1.0), 9),), (skill,), 9, 0.4, True, 1)
    outlook = HistoryOutlook(forecast, BlendWeight(0.25, 0, None, None, None), 9)
    page = history_page(report, outlook, Names({"L0": LotName("1", "Dental")}, {}))
    assert "with one more lot for what none of them has shown" in page.skill


@pytest.mark.parametrize(
    ("distribution", "ends"),
    [((0.05, 0.9, 0.05), (1, 1)), ((0.3, 0.4, 0.3), (0, 2)), ((1.0,), (0, 0)), ((0.0, 0.05, 0.1, 0.8, 0.05), (2, 3))],
)
def test_an_interval_leaves_at_most_a_tenth_on_either_side(
    distribution: tuple[float, ...], ends: tuple[int, int]
) -> None:
    assert central(distribution, 0.8) == ends
