"""Forecasts frozen at approval, what came of them, and how often they were right."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from intelligence.files import digest, from_json, to_json
from intelligence.forecast.scores import score_forecasts
from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client, Page
from tests.world import World
from webapp.analysis.forecasts import queries
from webapp.analysis.forecasts.frozen import FrozenContent, FrozenLot
from webapp.analysis.forecasts.pages import chance_table
from webapp.analysis.names import LotName, Names
from webapp.analysis.runs import results_of
from webapp.db import clock
from webapp.models import (
    AnalysisRun,
    AuditEvent,
    Engagement,
    FrozenForecast,
    LotOutcome,
    PartKind,
    PastLot,
    Person,
    Programme,
    RunState,
    TeamRole,
)
from webapp.web.format import chance

REASON = "The board of 3 December decides on the lots"


@pytest.fixture
def world(world_of: WorldOf) -> World:
    return world_of()


@pytest.fixture
def approver(session: Session, world: World) -> Person:
    programme = session.get_one(Programme, world.ids["programme_id"])
    partner = make.buyer(session)
    someone = make.officer(session, partner)
    make.team_member(session, programme.id, someone.id, partner.id, TeamRole.APPROVER)
    session.commit()
    return someone


def freeze(client: Client, world: World) -> None:
    client.submit(f"/runs/{world.ids['run_id']}/forecast", {"reason": REASON, "sure": "y"})


def record(client: Client, world: World, **sent: str) -> None:
    values = {"bids": "3", "credible_bids": "2", "source": "The portal"} | sent
    client.submit(outcome_url(world), values)


def outcome_url(world: World) -> str:
    return f"/programmes/{world.ids['programme_id']}/forecasts/{world.ids['lot_id']}"


def day(session: Session, after: int = 0) -> dict[str, str]:
    """So many days after the database's today, as the form's boxes."""
    on = (clock(session) + timedelta(days=after)).date()
    return {"closed_on-day": str(on.day), "closed_on-month": str(on.month), "closed_on-year": str(on.year)}


def rows_of(page: Page) -> list[list[str]]:
    return [["".join(cell.itertext()).strip() for cell in row] for row in page.tree.findall(".//tbody/tr")]


def thaw(session: Session, days: int) -> None:
    """As if the forecast had been frozen so many days ago; only a test can do that."""
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.execute(text("UPDATE frozen_forecast SET frozen_at = frozen_at - make_interval(days => :d)"), {"d": days})
    session.commit()


def test_an_approver_freezes_what_the_report_shows_and_nobody_can_change_it(
    client: Client, session: Session, world: World, approver: Person
) -> None:
    client.sign_in(approver)
    page = f"/runs/{world.ids['run_id']}/forecast"
    assert "Enter what is approved" in client.submit(page, {"reason": " ", "sure": "y"}, status=422).text
    unread = client.submit(page, {"reason": REASON}, status=422)
    assert "Confirm that you have read the chances" in unread.text
    asked = rows_of(unread)
    assert len(asked) == 2, "a row for each lot"
    assert "with past lots" not in unread.text, "there are none"
    assert "its figures rest on assumptions more than on evidence" in unread.text
    freeze(client, world)
    frozen = session.scalars(select(FrozenForecast)).one()
    content = from_json(FrozenContent, frozen.content)
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    ((_, report),) = results_of(run, PartKind.CAPACITY)
    assert [lot.distribution for lot in content.lots] == [lot.distribution for lot in report.lots]
    assert [lot.interested for lot in content.lots] == [3, 3]
    assert frozen.digest == digest(content)
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "forecast.frozen")).one()
    assert (event.person_id, event.detail["digest"]) == (approver.id, frozen.digest)
    shown = client.get(page)
    assert REASON in shown.text
    assert frozen.digest in shown.text
    assert "Freeze this forecast" not in shown.buttons()
    assert rows_of(shown) == asked, "what was read is what was frozen"
    assert [row[2] for row in asked] == [chance(lot.p_none) for lot in report.lots], "as the report has them"
    assert len(shown.statements) <= 15
    frozen.reason = "another"
    with pytest.raises(DBAPIError, match="never changed"):
        session.flush()


def test_what_past_lots_add_has_a_column_on_every_page_if_one_lot_has_it() -> None:
    plain = FrozenLot("a", 2, (0.25, 0.75), 0, 1)
    mixed = replace(plain, lot_id="b", blended=(0.5, 0.5))
    names = Names(lots={"a": LotName("D1", "One"), "b": LotName("D2", "Two")}, organisations={})
    table = chance_table([plain], names, among=[plain, mixed])
    assert table.columns[-1]["text"] == "None, with past lots"
    assert table.rows[0][-1] == "-"
    assert chance_table([mixed], names, among=[plain, mixed]).rows[0][-1] == "50%"


def test_a_forecast_is_frozen_once(client: Client, session: Session, world: World, approver: Person) -> None:
    client.sign_in(approver)
    page = f"/runs/{world.ids['run_id']}/forecast"
    sent = client.get(page).hidden() | {"reason": REASON, "sure": "y"}
    client.post(page, sent)
    client.post(page, sent)
    assert "frozen before" in client.get(page).text
    assert session.query(FrozenForecast).count() == 1


def test_who_leads_but_does_not_approve_freezes_nothing(client: Client, world: World) -> None:
    client.sign_in(world.officer)
    page = f"/runs/{world.ids['run_id']}/forecast"
    assert "Freeze this forecast" not in client.get(page).buttons()
    client.post(page, client.get(f"/runs/{world.ids['run_id']}/what-ifs").hidden(), status=404)


def test_an_unfinished_run_is_not_frozen(client: Client, session: Session, world: World, approver: Person) -> None:
    client.sign_in(approver)
    page = f"/runs/{world.ids['run_id']}/forecast"
    sent = client.get(page).hidden()
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    run.parts[-1].state, run.parts[-1].result = RunState.RUNNING, None
    session.commit()
    client.post(page, sent)
    assert session.query(FrozenForecast).count() == 0


def test_a_lot_is_scored_by_the_forecast_frozen_before_its_bids_closed(
    client: Client, session: Session, world: World, approver: Person
) -> None:
    client.sign_in(approver)
    freeze(client, world)
    client.sign_in(world.officer)
    record(client, world, **day(session))
    scores = f"/programmes/{world.ids['programme_id']}/forecasts"
    unscored = client.get(scores).text
    assert "Nothing can be scored yet" in unscored, "frozen on the day on which bids closed"
    assert "No: no forecast of it was frozen before that day" in unscored
    thaw(session, 30)
    page = client.get(scores)
    assert "Of 1 lot whose bids have come since" in page.text
    assert "The portal Yes" in page.text
    assert "With fewer than 10 lots this says little" in page.text
    assert len(page.statements) <= 15
    (found,) = queries.scored(session, Programme.id == world.ids["programme_id"])
    assert found.came == 2
    expected = score_forecasts([found.from_interest()])
    assert f"The mean error was {expected.crps:.2f}".rstrip("0") in page.text


def test_a_lot_whose_bids_are_in_is_at_risk_no_more_in_any_report(
    client: Client, session: Session, world: World
) -> None:
    client.sign_in(world.officer)
    report = f"/runs/{world.ids['run_id']}/report"

    def reasons(page: Page) -> list[str]:
        return [each.get("href", "") for each in page.tree.findall(".//section[@class='app-reasons']//a")]

    before = client.get(report)
    at_risk = next(href for href in reasons(before) if "/lots/" in href)
    lot = world.ids["lot_id"] = uuid.UUID(at_risk.rsplit("/", 1)[1])
    assert "Lots whose bids are in" not in before.text
    record(client, world, **day(session, after=-1))
    page = client.get(report)
    assert at_risk not in reasons(page)
    assert "not counting 1 lot whose bids are in" in page.text
    assert page.text.count("lots whose bids are in count as they were forecast") == 2
    assert rows_of(page)[0][2:4] == ["3", "2"]
    assert len(page.statements) <= 15
    assert "3 bids came, 2 of them credible" in client.get(f"{report}/lots/{lot}").text


def test_scores_over_all_programmes_are_those_within_reach(
    client: Client, session: Session, world: World, approver: Person
) -> None:
    client.sign_in(approver)
    freeze(client, world)
    client.sign_in(world.officer)
    record(client, world, **day(session))
    thaw(session, 30)
    assert "From 1 programme in whose team you are" in client.get("/forecasts").text
    client.sign_in(world.other_officer)
    assert "Nothing can be scored yet" in client.get("/forecasts").text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"credible_bids": "4"}, "The credible bids must be no more than the bids"),
        ({"bids": ""}, "Enter how many bids came, 0 if none did"),
        ({"source": ""}, "Enter where the numbers come from"),
        ({"bids": "1,5"}, "The bids must be a number"),
    ],
)
def test_what_cannot_have_come_is_refused(
    client: Client, session: Session, world: World, sent: dict[str, str], message: str
) -> None:
    client.sign_in(world.officer)
    values = {"bids": "3", "credible_bids": "2", "source": "The portal"} | day(session) | sent
    assert message in client.submit(outcome_url(world), values, status=422).text
    assert session.query(LotOutcome).count() == 0


def test_bids_that_have_not_closed_are_not_counted(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.officer)
    values = {"bids": "3", "credible_bids": "2", "source": "The portal"} | day(session, after=2)
    assert "must be today or in the past" in client.submit(outcome_url(world), values, status=422).text


def test_two_officers_recording_one_lot_see_both_versions(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.officer)
    opened = client.get(outcome_url(world)).hidden().to_dict()
    record(client, world, **day(session))
    sent = opened | {"bids": "9", "credible_bids": "1", "source": "Mine"} | day(session)
    page = client.post(outcome_url(world), sent, status=409)
    assert "The portal" in page.text
    assert "Mine" in page.text
    session.expire_all()
    outcome = session.scalars(select(LotOutcome)).one()
    assert outcome.bids == 3
    client.post(outcome_url(world), sent | {"revision": str(outcome.revision)})
    session.expire_all()
    assert (outcome.bids, outcome.revision) == (9, 2)


def test_the_trail_holds_what_a_corrected_count_said_before(client: Client, session: Session, world: World) -> None:
    client.sign_in(world.officer)
    record(client, world, **day(session, after=-3))
    record(client, world, **day(session, after=-3))
    record(client, world, bids="4", source="The letters", **day(session))
    acts = ("lot_outcome.recorded", "lot_outcome.corrected")
    events = session.scalars(select(AuditEvent).where(AuditEvent.act.in_(acts)).order_by(AuditEvent.id)).all()
    assert [event.act for event in events] == list(acts)
    before, after = ((clock(session) + timedelta(days=days)).date().isoformat() for days in (-3, 0))
    lot = {"lot_id": str(world.ids["lot_id"]), "credible_bids": 2}
    first = {"closed_on": before, "bids": 3}
    assert events[0].detail == lot | first
    was = {f"was_{name}": value for name, value in (first | {"credible_bids": 2}).items()}
    assert events[1].detail == lot | {"closed_on": after, "bids": 4} | was
    assert "The " not in str([event.detail for event in events]), "no words of anybody’s"


def test_the_numbers_are_taken_from_a_past_procurement_of_the_programme_alone(
    client: Client, session: Session, world: World
) -> None:
    programme = session.get_one(Programme, world.ids["programme_id"])
    make.past_procurement(session, programme, world.officer)
    elsewhere = session.scalars(select(Engagement).where(Engagement.programme_id != programme.id)).one().programme
    make.past_procurement(session, elsewhere, world.other_officer)
    session.commit()
    client.sign_in(world.officer)
    page = client.get(outcome_url(world))
    takes = [href for text, href in page.links().items() if "take its numbers" in text]
    own = [lot.id for lot in session.scalars(select(PastLot)) if lot.procurement.programme_id == programme.id]
    assert {href.rsplit("=", 1)[1] for href in takes} == {str(lot_id) for lot_id in own}
    taken = client.get(takes[0])
    assert taken.tree.find(".//input[@name='bids']").get("value") == "2"
    assert "Past procurement past-" in taken.tree.find(".//input[@name='source']").get("value")
    other = next(lot.id for lot in session.scalars(select(PastLot)) if lot.procurement.programme_id != programme.id)
    nothing = client.get(f"{outcome_url(world)}?past_lot={other}")
    assert nothing.tree.find(".//input[@name='bids']").get("value", "") == ""


def test_what_was_forecast_both_ways_moves_the_weight_of_the_next_run(session: Session, world: World) -> None:
    lot_id = world.ids["lot_id"]
    wrong, right = (0.0, 0.0, 1.0), (0.0, 1.0, 0.0)
    content = FrozenContent("R", "d", "c", 1, 100, 0.8, (FrozenLot(str(lot_id), 3, wrong, 2, 2, right, wrong),))
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    session.add(
        FrozenForecast(
            run_id=run.id, frozen_by=world.officer.id, reason="r", content=to_json(content), digest=digest(content)
        )
    )
    after = (clock(session) + timedelta(days=40)).date()
    session.add(
        LotOutcome(lot_id=lot_id, closed_on=after, bids=1, credible_bids=1, source="s", recorded_by=world.officer.id)
    )
    session.flush()
    (both,) = queries.forecast_both_ways(session, run.engagement.programme_id)
    assert (both.from_interest, both.from_history, both.came) == (wrong, right, 1)
    (found,) = queries.scored(session)
    history, blended = found.from_history(), found.blended()
    assert history is not None
    assert blended is not None
    assert (history.low, history.high, history.ends_open) == (1, 1, True)
    assert (blended.low, blended.high) == (2, 2)


def test_of_several_forecasts_the_last_before_bids_closed_is_scored(session: Session, world: World) -> None:
    first = session.get_one(AnalysisRun, world.ids["run_id"])
    closed = clock(session) + timedelta(days=40)
    same = ("engagement_id", "requested_by", "seed", "parameters", "inputs", "inputs_digest", "code_version")
    for number, days_before in enumerate((30, 10, 0), first.number + 1):
        run = AnalysisRun(number=number, **{name: getattr(first, name) for name in same})
        session.add(run)
        session.flush()
        lot = FrozenLot(str(world.ids["lot_id"]), 3, (0.0, 1.0), low=days_before, high=days_before)
        content = FrozenContent(str(number), "d", "c", 1, 100, 0.8, (lot,))
        frozen = {"content": to_json(content), "digest": digest(content), "frozen_at": closed - timedelta(days_before)}
        session.add(FrozenForecast(run_id=run.id, frozen_by=world.officer.id, reason="r", **frozen))
    known = {"closed_on": closed.date(), "bids": 1, "credible_bids": 1, "source": "s"}
    session.add(LotOutcome(lot_id=world.ids["lot_id"], recorded_by=world.officer.id, **known))
    session.flush()
    (found,) = queries.scored(session)
    assert found.frozen.low == 10
