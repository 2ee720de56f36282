"""A run's themes become a framework of candidates; nothing is signed by itself."""

from __future__ import annotations

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from config import Settings
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.world import World, run_jobs
from webapp.analysis.actions import TAKE_UP
from webapp.analysis.runs import results_of
from webapp.analysis.themes import jobs, log
from webapp.analysis.themes.outlook import outlook_of
from webapp.analysis.themes.queries import counts
from webapp.db import Database
from webapp.jobs import defer
from webapp.models import AnalysisRun, PartKind, Theme, ThemeAct, ThemeFramework, ThemeVersion


@pytest.fixture
def world(world_of: WorldOf) -> World:
    return world_of()


def test_a_finished_run_leaves_candidates_with_advice_and_a_map(
    client: Client, session: Session, settings: Settings, database: Database, world: World
) -> None:
    run_jobs(database, settings)
    framework = session.scalars(select(ThemeFramework)).one()
    ((_, found),) = results_of(session.get_one(AnalysisRun, world.ids["run_id"]), PartKind.THEMES)
    themes = session.scalars(select(Theme).order_by(Theme.position)).all()
    assert [theme.title for theme in themes] == [theme.title for theme in found.themes]
    assert [theme.found_again for theme in themes] == [theme.found_again for theme in found.themes]
    assert any(theme.found_again is not None for theme in themes)
    counted = counts(session, framework, {theme.id: theme.position for theme in themes})
    assert [counted[theme.position].answers for theme in themes] == [theme.size for theme in found.themes]
    assert session.scalars(select(ThemeVersion)).all() == session.scalars(select(ThemeAct)).all() == []
    outlook = outlook_of(framework)
    assert outlook is not None
    assert {place.theme_id for place in outlook.map.places} == {str(theme.id) for theme in themes}
    client.sign_in(world.officer)
    assert "Candidate: nobody has signed these themes." in client.get(f"/themes/{framework.id}").text


def test_what_the_worker_gave_up_says_so_and_is_asked_for_again(
    client: Client,
    session: Session,
    settings: Settings,
    database: Database,
    world: World,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    framework = session.scalars(select(ThemeFramework)).one()
    outlook, run, page = framework.outlook, f"/runs/{framework.part.run_id}", f"/themes/{framework.id}"
    defer(session, TAKE_UP, queue="analysis", part_id=str(framework.part_id))
    log.renew(session, framework)
    session.execute(text("UPDATE procrastinate_jobs SET attempts = 2 WHERE status = 'todo'"))
    session.commit()
    with monkeypatch.context() as broken:
        broken.setattr(jobs.building, "build", fail)
        broken.setattr(jobs.computing, "look_at", fail)
        run_jobs(database, settings)
    client.sign_in(world.officer)
    assert jobs.NOT_TAKEN_UP in client.get(run).text
    assert jobs.NOT_TAKEN_UP in client.get(f"{run}/report/themes").text
    assert jobs.NOT_RENEWED in client.get(page).text
    client.submit(run, action=f"{run}/retry")
    client.submit(page, action=f"{page}/renew")
    run_jobs(database, settings)
    assert "not made ready" not in client.get(run).text
    session.refresh(framework)
    assert (framework.outlook_failure, len(framework.outlook["map"]["places"])) == (None, len(outlook["map"]["places"]))


def fail(*_given: object) -> None:
    raise RuntimeError("a fault in the analysis")
