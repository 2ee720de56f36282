"""What-ifs: from the form to a difference that is the change's own, kept when asked and gone otherwise."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from config import Settings
from intelligence import Scenario, WhatIf
from intelligence.capacity.scenario import LotChange, LotOutlook
from intelligence.compute import Progress
from intelligence.files import from_json, to_json
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.world import World, run_jobs
from webapp.analysis import computing
from webapp.analysis.names import BidsThatCame, LotName, Names
from webapp.analysis.runs import results_of
from webapp.analysis.unkept import remove_unkept
from webapp.analysis.what_ifs import actions, pages
from webapp.db import Database, clock
from webapp.models import AnalysisRun, AuditEvent, LotOutcome, PartKind, RunState, TeamMember, TeamRole
from webapp.models import WhatIf as Asked

LOTS = Names(lots={"a": LotName("D1", "One"), "b": LotName("D2", "Two")}, organisations={})


@pytest.fixture
def world(world_of: WorldOf, client: Client) -> World:
    world = world_of()
    client.sign_in(world.officer)
    return world


def base(world: World) -> str:
    return f"/runs/{world.ids['run_id']}/what-ifs"


def answer_of(session: Session, location: str) -> WhatIf:
    session.expire_all()
    asked = session.get_one(Asked, uuid.UUID(location.rsplit("/", 1)[1]))
    assert asked.result is not None
    return from_json(WhatIf, asked.result["value"])


def test_a_what_if_is_asked_watched_and_read_beside_the_plan(
    client: Client, session: Session, database: Database, settings: Settings, world: World
) -> None:
    report = f"/runs/{world.ids['run_id']}/report"
    shown = client.submit(report, {"value_percent": "-50", "award_limit": "1"}, action=base(world)).location
    assert "Waiting for a worker to begin." in client.get(shown).text
    assert client.get(f"{shown}/progress").response.json == {
        "text": "Waiting for a worker to begin.",
        "finished": False,
    }
    for last_sign, idle in (("1 minute", True), ("1 second", False)):
        session.execute(
            text("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - CAST(:ago AS interval))"),
            {"ago": last_sign},
        )
        session.commit()
        assert ("The worker of this service is not running" in client.get(shown).text) is idle
    run_jobs(database, settings)
    assert client.get(f"{shown}/progress").response.json == {"text": "Finished.", "finished": True}
    page = client.get(shown)
    assert "The annual value 50% lower, at most 1 lot for one provider, for all lots" in page.text
    found = answer_of(session, shown)
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    ((_, planned),) = results_of(run, PartKind.CAPACITY)
    before = [(lot.before.p_none, lot.before.p_one, lot.before.expected_bids) for lot in found.lots]
    assert before == [(lot.p_none, lot.p_one, lot.expected_bids) for lot in planned.lots], "the report's own figures"
    assert found.p_all_awardable_before == pytest.approx(planned.awards.p_all_awardable)
    assert any(lot.after != lot.before for lot in found.lots)


def test_a_lot_asks_for_itself_alone(
    client: Client, session: Session, database: Database, settings: Settings, world: World
) -> None:
    lot = f"/runs/{world.ids['run_id']}/report/lots/{world.ids['lot_id']}"
    shown = client.submit(lot, {"term_years": "2", "lots": str(world.ids["lot_id"])}, action=base(world)).location
    run_jobs(database, settings)
    lots = answer_of(session, shown).lots  # who is awarded what may change elsewhere, but not who bids
    changed = {change.lot_id for change in lots if change.after.p_none != change.before.p_none}
    assert changed == {str(world.ids["lot_id"])}
    assert "for D1" in client.get(shown).text


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({}, "Change at least one thing"),
        ({"value_percent": "0"}, "Change at least one thing"),
        ({"value_percent": "-95"}, "The change of the value must be -75 or more"),
        ({"award_limit": "0"}, "The award limit must be 1 or more"),
        ({"award_limit": "2"}, "There are 2 lots in all, so this limit changes nothing. Enter fewer"),
        ({"start_weeks": "-1040"}, "The weeks must be -104 or more"),
        ({"start_weeks": "-100"}, "Work on it cannot begin before 1 December 2026"),
        ({"term_years": "-9"}, "at least one year must be left"),
        ({"start_weeks": "soon"}, "The weeks must be a number"),
        ({"term_years": "1", "lots": "D1"}, "Lots: choose from the options shown"),
    ],
)
def test_what_cannot_be_asked_is_said_beside_what_was_typed(
    client: Client, session: Session, world: World, sent: dict[str, str], message: str
) -> None:
    page = client.submit(base(world), sent, status=422)
    assert message in page.text
    assert all(f'value="{value}"' in page.html for name, value in sent.items() if name != "lots")
    assert session.query(Asked).count() == 1, "that of the world alone"


def test_the_same_question_is_answered_once(client: Client, session: Session, world: World) -> None:
    first = client.submit(base(world), {"start_weeks": "4"}, action=base(world)).location
    again = client.submit(base(world), {"start_weeks": "4"}, action=base(world)).location
    other = client.submit(base(world), {"start_weeks": "5"}, action=base(world)).location
    assert first == again != other
    waiting = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name AND status = 'todo'")
    assert session.scalar(waiting, {"name": actions.COMPUTE}) == 2


def test_what_nobody_keeps_is_gone_after_a_day(client: Client, session: Session, world: World) -> None:
    kept = client.submit(base(world), {"value_percent": "10"}, action=base(world)).location
    run_jobs(client.database, client.app.config["SETTINGS"])
    client.submit(base(world), {"value_percent": "20"}, action=base(world))
    assert "Enter a name" in client.submit(kept, {"name": " "}, status=422).text
    client.submit(kept, {"name": "A tenth more"})
    assert "A tenth more" in client.get(kept).text
    assert client.get(base(world)).links()["A tenth more"] == kept
    now = clock(session)
    assert remove_unkept(session, now=now) == 0, "not within its day"
    gone = remove_unkept(session, now=now + timedelta(hours=25))
    assert gone == 2, "the one asked here, and the world's own about its schedule"
    assert [asked.name for asked in session.scalars(select(Asked))] == ["A tenth more"]


def test_a_computation_that_fails_is_said_and_can_be_asked_again(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("a fault")

    monkeypatch.setattr(computing, "compare_scenarios", broken)
    shown = client.submit(base(world), {"value_percent": "30"}, action=base(world)).location
    session.execute(text("UPDATE procrastinate_jobs SET attempts = 1 WHERE status = 'todo'"))
    session.commit()
    run_jobs(database, settings)
    assert "This could not be computed" in client.get(shown).text
    again = client.submit(base(world), {"value_percent": "30"}, action=base(world)).location
    assert again != shown


def test_other_code_answers_no_question_about_an_older_run(client: Client, session: Session, world: World) -> None:
    session.get_one(AnalysisRun, world.ids["run_id"]).code_version = "older"
    session.commit()
    assert client.submit(base(world), {"value_percent": "40"}, action=base(world)).location == base(world)
    assert "The program has changed" in client.get(base(world)).text


def test_a_reviewer_reads_what_ifs_and_asks_none(client: Client, session: Session, world: World) -> None:
    member = session.scalars(select(TeamMember).where(TeamMember.person_id == world.officer.id)).one()
    member.role = TeamRole.REVIEWER
    session.commit()
    shown = f"{base(world)}/{world.ids['what_if_id']}"
    assert "Keep this what-if" not in client.get(shown).buttons()
    assert "Show the difference" not in client.get(base(world)).buttons()
    report = client.get(f"/runs/{world.ids['run_id']}/report")
    assert "Show the difference for all lots" not in report.buttons()


def test_another_runs_what_if_is_not_found_under_this_run(client: Client, session: Session, world: World) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    other = AnalysisRun(
        engagement_id=run.engagement_id,
        number=2,
        requested_by=run.requested_by,
        seed=1,
        parameters=run.parameters,
        inputs=run.inputs,
        inputs_digest=run.inputs_digest,
        code_version=run.code_version,
    )
    session.add(other)
    session.commit()
    client.get(f"/runs/{other.id}/what-ifs/{world.ids['what_if_id']}", status=404)


def test_what_is_stopped_has_no_answer_until_it_is_asked_again(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def stopped_meanwhile(asked: Asked, *, progress: Progress) -> WhatIf:
        client.submit(f"{base(world)}/{asked.id}", action=f"{base(world)}/{asked.id}/stop")
        progress(0.5)
        raise AssertionError("told its progress, it is ended")

    first, second = (client.submit(base(world), {"value_percent": value}).location for value in ("20", "30"))
    client.submit(first, action=f"{first}/stop")
    monkeypatch.setattr(computing, "answer", stopped_meanwhile)
    run_jobs(database, settings)
    monkeypatch.undo()
    for stopped in (first, second):
        page = client.get(stopped)
        assert "Stopped before it was finished." in page.text
        assert page.links()["Ask again"] == base(world)
        assert client.post(f"{stopped}/stop", page.hidden()).location == stopped, "what has ended is left alone"
    stops = select(func.count()).where(AuditEvent.act == "what_if.stopped")
    assert session.scalar(stops) == 2
    again = client.submit(base(world), {"value_percent": "20"}).location
    assert again != first
    run_jobs(database, settings)
    assert answer_of(session, again).lots


@pytest.mark.parametrize(
    ("scenario", "words"),
    [
        (Scenario("x", value_factor=1.1), "The annual value 10% higher, for all lots"),
        (Scenario("x", ("a",), value_factor=0.875), "The annual value 12.5% lower, for D1"),
        (
            Scenario("x", ("a", "b"), term_years_added=1, start_later_days=-10),
            "The term 1 year longer, the start 2 weeks earlier, for D1, D2",
        ),
        (Scenario("x", award_limit=2), "At most 2 lots for one provider, for all lots"),
    ],
)
def test_a_scenario_is_said_in_words(scenario: Scenario, words: str) -> None:
    assert pages.in_words(scenario, LOTS) == words
    assert from_json(Scenario, to_json(scenario)) == scenario


def test_services_cannot_start_before_they_are_mobilised(client: Client, session: Session, world: World) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    planned = [each | {"mobilisation_days": 60} for each in run.inputs["procurements"]]
    run.inputs = run.inputs | {"procurements": planned}
    session.commit()
    page = client.submit(base(world), {"start_weeks": "-13"}, status=422)
    assert "has 60 working days to mobilise. Enter no more weeks than that leaves: -12 or more" in page.text
    assert page.tree.find(".//*[@id='start_weeks']").get("value") == "-13"
    client.submit(base(world), {"start_weeks": "-12"})


def test_what_the_simulation_cannot_tell_from_noise_is_called_no_difference() -> None:
    def change(lot: str, after: float, error: float) -> LotChange:
        return LotChange(lot, LotOutlook(0.3, 0.4, 1.2, 0.7), LotOutlook(after, 0.4, 1.2, 0.7), error)

    def said(*changes: LotChange, awarded: float = 1.44) -> str:
        found = WhatIf(Scenario("x", award_limit=2), changes, 0.5, 0.5, 1.4, awarded, 1, 3, (), 1, 1000)
        return pages.what_if_page(found, LOTS, page=None).sentence

    assert "chance in the simulation" in said(change("a", 0.31, 0.02), change("b", 0.3, 0.0))
    assert said(change("a", 0.31, 0.001), change("b", 0.2, 0.001)) == (
        "1 lot would be at less risk of no credible bid and 1 at more. The most changes for D2 Two: from 30% to 20%, "
        "by 10 percentage points. "
        "Of 2 lots, 1.4 could be awarded together, as many as planned."
    )
    assert said(change("a", 0.3, 0.0), awarded=1.2).endswith("Of 1 lot, 1.2 could be awarded together instead of 1.4.")


def test_a_waiting_what_if_has_no_result(session: Session, world: World) -> None:
    asked = session.get_one(Asked, world.ids["what_if_id"])
    assert (asked.state, asked.result is not None) == (RunState.FINISHED, True)
    asked.result = None
    with pytest.raises(Exception, match="finished_with_a_result"):
        session.flush()


def test_lots_whose_bids_are_in_stand_apart_in_the_answer_and_are_marked_in_the_question(
    app: Flask, client: Client, session: Session, world: World
) -> None:
    outlook = LotOutlook(0.3, 0.4, 1.2, 0.7)
    changes = [
        LotChange(lot, outlook, replace(outlook, p_none=after), 0.001) for lot, after in (("a", 0.1), ("b", 0.25))
    ]
    found = WhatIf(Scenario("x", value_factor=1.1), tuple(changes), 0.5, 0.5, 1.4, 1.4, 1, 3, (), 1, 1000)
    came = BidsThatCame(date(2026, 11, 1), bids=2, credible=1)
    names = Names({"a": LotName("D1", "One", came), "b": LotName("D2", "Two")}, {})
    with app.test_request_context():
        page = pages.what_if_page(found, names, page=None)
        everything = pages.what_if_page(replace(found, lots=found.lots[:1]), names, page=None)
    assert page.sentence.startswith("1 lot would be at less risk of no credible bid and none at more.")
    assert page.sentence.endswith("1 lot whose bids are in counts as it was forecast: D1.")
    assert page.figures[0]["note"] == "as planned: 0.3, not counting 1 lot whose bids are in"
    assert [row[0] for row in page.rows] == ["D2 Two", "D1 One<br>Bids are in: 2 bids"]
    assert "D1" not in str(page.chart)
    assert everything.sentence.startswith("The bids for every lot are in")
    assert everything.chart is None

    marked = "Its bids are in, so no change bears on it any more"
    session.execute(delete(LotOutcome))
    session.commit()
    assert marked not in client.get(base(world)).text
    session.add(
        LotOutcome(
            lot_id=world.ids["lot_id"],
            closed_on=date(2026, 11, 1),
            bids=2,
            credible_bids=1,
            source="s",
            recorded_by=world.officer.id,
        )
    )
    session.commit()
    shown = client.get(base(world))
    assert shown.text.count(marked) == 1
    assert len(shown.statements) <= 15
