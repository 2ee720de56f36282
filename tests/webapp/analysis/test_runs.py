"""A run from the button to its stored results."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from config import Settings
from intelligence import CapacityReport
from intelligence.files import canonical_json
from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.world import World, run_jobs
from webapp import jobs
from webapp.analysis import computing
from webapp.analysis.runs import results_of
from webapp.db import Database, clock
from webapp.models import AnalysisPart, AnalysisRun, AuditEvent, PartKind, RunState, TeamMember, TeamRole


@pytest.fixture
def world(world_of: WorldOf) -> World:
    return world_of()


@pytest.fixture
def run(session: Session, world: World) -> AnalysisRun:
    return session.get_one(AnalysisRun, world.ids["run_id"])


def results(run: AnalysisRun) -> dict[int, bytes]:
    return {part.position: canonical_json(result) for kind in PartKind for part, result in results_of(run, kind)}


def test_every_part_is_finished_with_a_result_of_its_type(run: AnalysisRun) -> None:
    assert run.state is RunState.FINISHED
    assert [part.kind for part in run.parts] == [
        PartKind.CAPACITY,
        PartKind.TORNADO,
        PartKind.LIMITS,
        PartKind.SEGMENTS,
        PartKind.THEMES,
        PartKind.SCHEDULE,
    ]
    assert isinstance(results_of(run, PartKind.CAPACITY)[0][1], CapacityReport)


def test_the_same_inputs_and_seed_give_the_same_bytes(
    session: Session, database: Database, settings: Settings, run: AnalysisRun
) -> None:
    before = results(run)
    again = update(AnalysisPart).values(state=RunState.WAITING, result=None, progress=0, finished_at=None)
    session.execute(again)
    for part in run.parts:
        jobs.defer(session, "analysis.run_part", queue="analysis", part_id=str(part.id))
    session.commit()
    run_jobs(database, settings)
    session.expire_all()
    assert results(run) == before


def test_later_answers_do_not_change_a_run(
    session: Session, database: Database, settings: Settings, run: AnalysisRun
) -> None:
    digest, inputs = run.inputs_digest, run.inputs
    make.submission(session, make.response(session, run.engagement))
    session.commit()
    session.expire_all()
    assert (run.inputs_digest, run.inputs) == (digest, inputs)


def test_asking_twice_while_a_run_is_under_way_gives_that_run(
    client: Client, session: Session, database: Database, settings: Settings, world_of: WorldOf
) -> None:
    world = world_of(analysed=False)
    client.sign_in(world.officer)
    manage = f"/manage/engagements/{world.ids['engagement_id']}"
    first = client.submit(manage, action=f"{manage}/runs")
    assert client.submit(manage, action=f"{manage}/runs").location == first.location
    assert "Waiting for a worker to begin." in client.get(first.location).text
    run_jobs(database, settings)
    assert "Every part is finished." in client.get(first.location).text
    assert client.get(f"{first.location}/progress").response.json == {
        "text": "Every part is finished.",
        "finished": True,
    }
    assert client.submit(manage, action=f"{manage}/runs").location != first.location
    assert session.query(AnalysisRun).count() == 2


def test_without_a_response_there_is_nothing_to_analyse(client: Client, session: Session) -> None:
    buyer = make.buyer(session)
    officer = make.officer(session, buyer)
    engagement = make.engagement(session, make.programme(session, buyer))
    session.commit()
    client.sign_in(officer)
    manage = f"/manage/engagements/{engagement.id}"
    assert client.submit(manage, action=f"{manage}/runs").location == manage
    assert "nothing to analyse yet" in client.get(manage).text
    assert session.query(AnalysisRun).count() == 0


def test_a_part_that_fails_is_shown_can_be_retried_and_spoils_no_other(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    world_of: WorldOf,
) -> None:
    world = world_of(analysed=False)
    compute = computing.compute

    def broken(part: AnalysisPart, **given: Any) -> Any:
        if part.kind is PartKind.SCHEDULE:
            raise RuntimeError("a fault in the solver")
        return compute(part, **given)

    client.sign_in(world.officer)
    manage = f"/manage/engagements/{world.ids['engagement_id']}"
    run_page = client.submit(manage, action=f"{manage}/runs").location
    monkeypatch.setattr(computing, "compute", broken)
    give_up_at_once(session)
    run_jobs(database, settings)
    page = client.get(run_page)
    assert "6 of 7 parts finished. The others failed." in page.text
    assert "Schedule" not in page.links()
    assert client.get(f"{run_page}/report").status == 200

    monkeypatch.setattr(computing, "compute", compute)
    client.submit(run_page, action=f"{run_page}/retry")
    run_jobs(database, settings)
    assert "Schedule" in client.get(run_page).links()
    assert session.scalars(select(AnalysisRun.id)).all() == [uuid.UUID(run_page.rsplit("/", 1)[1])]


def test_a_stopped_analysis_keeps_what_is_finished_and_computes_the_rest_when_asked(
    client: Client,
    session: Session,
    database: Database,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    world_of: WorldOf,
) -> None:
    world = world_of(analysed=False)
    compute = computing.compute

    def stopped_meanwhile(part: AnalysisPart, **given: Any) -> Any:
        if part.kind is PartKind.TORNADO:
            with database.session() as other:
                other.get_one(AnalysisPart, part.id).stop_asked_at = clock(other)
                other.commit()
            given["progress"](0.5)
            raise AssertionError("told its progress, it is ended")
        return compute(part, **given)

    client.sign_in(world.officer)
    manage = f"/manage/engagements/{world.ids['engagement_id']}"
    run_page = client.submit(manage, action=f"{manage}/runs").location
    client.submit(run_page, action=f"{run_page}/stop")
    run_jobs(database, settings)
    stopped = client.get(run_page)
    assert "0 of 7 parts finished. The others were stopped." in stopped.text
    assert "Somebody stopped this analysis. Nothing of it can be read yet." in stopped.text
    assert session.scalars(select(AuditEvent.detail).where(AuditEvent.act == "analysis.stopped")).one() == {"parts": 7}

    monkeypatch.setattr(computing, "compute", stopped_meanwhile)
    client.submit(run_page, action=f"{run_page}/retry")
    run_jobs(database, settings)
    page = client.get(run_page)
    assert "6 of 7 parts finished. The others were stopped." in page.text
    assert "Somebody stopped this analysis. What is finished can be read." in page.text
    assert client.get(f"{run_page}/report").status == 200
    assert "Run 1 Stopped" in client.get(manage).text

    monkeypatch.setattr(computing, "compute", compute)
    client.submit(run_page, action=f"{run_page}/retry")
    run_jobs(database, settings)
    assert "Every part is finished." in client.get(run_page).text


def test_nobody_is_offered_what_only_those_who_analyse_may_do(
    client: Client, session: Session, world: World, run: AnalysisRun
) -> None:
    """An approver was led from the button to a page that is not there."""
    client.sign_in(world.officer)
    failed, searched = run.parts[0], run.parts[-1]
    failed.state, failed.result, failed.failure = RunState.FAILED, None, "It failed."
    session.commit()
    again, end = "Try the failed parts again", "Stop the schedule, and take the best plan found so far"
    assert again in client.get(f"/runs/{run.id}").buttons()
    searched.state, searched.result, searched.finished_at = RunState.RUNNING, None, None
    session.commit()
    assert end in client.get(f"/runs/{run.id}").buttons()
    session.execute(update(TeamMember).values(role=TeamRole.APPROVER))
    for state in (RunState.RUNNING, RunState.FAILED):
        searched.state = state
        searched.failure = "It failed." if state is RunState.FAILED else None
        session.commit()
        assert not {again, end} & set(client.get(f"/runs/{run.id}").buttons())


def test_the_next_run_takes_the_seed_of_the_last(
    client: Client, session: Session, world: World, run: AnalysisRun
) -> None:
    client.sign_in(world.officer)
    manage = f"/manage/engagements/{world.ids['engagement_id']}"
    client.submit(manage, action=f"{manage}/runs")
    assert session.scalars(select(AnalysisRun.seed).order_by(AnalysisRun.number)).all() == [run.seed, run.seed]


def test_other_code_does_not_finish_a_run_that_this_code_began(
    client: Client, session: Session, world: World, run: AnalysisRun
) -> None:
    part = run.parts[-1]
    part.state, part.result = RunState.FAILED, None
    run.code_version = "other code"
    session.commit()
    client.sign_in(world.officer)
    page = f"/runs/{run.id}"
    client.submit(page, action=f"{page}/retry")
    assert "Run a new analysis instead" in client.get(page).text
    session.refresh(part)
    assert part.state is RunState.FAILED


def give_up_at_once(session: Session) -> None:
    """Make the waiting attempt of each job its last."""
    session.execute(text("UPDATE procrastinate_jobs SET attempts = 2 WHERE task_name = 'analysis.run_part'"))
    session.commit()
