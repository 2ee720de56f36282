"""What the demonstration has computed when it is first looked at."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from webapp.db import Database, clock
from webapp.demonstration.seed import seed
from webapp.demonstration.show import LOT_RULES, Stage, first_or_newest_run, search_has_ended
from webapp.models import AnalysisRun, LotSearch, RunState


def test_the_first_run_comes_with_a_search_for_lots_and_is_asked_for_once(
    session: Session, database: Database, settings: Settings
) -> None:
    made, stage = seed(session, now=clock(session), base_url=settings.base_url), Stage(database, settings, {})
    session.commit()
    asked = first_or_newest_run(stage, made)
    assert first_or_newest_run(stage, made) == asked
    assert session.scalars(select(AnalysisRun.id)).all() == [asked]
    (search,) = session.scalars(select(LotSearch))
    assert search.run_id == asked
    assert search.rules["lots_at_most"] == LOT_RULES.lots_at_most


def test_the_search_is_waited_for_as_long_as_it_goes_on_and_not_for_ever(
    session: Session, database: Database, settings: Settings
) -> None:
    made, stage = seed(session, now=clock(session), base_url=settings.base_url), Stage(database, settings, {})
    session.commit()
    run_id = first_or_newest_run(stage, made)
    (search,) = session.scalars(select(LotSearch))
    for state in (RunState.WAITING, RunState.RUNNING):
        search.state = state
        session.commit()
        assert not search_has_ended(stage, run_id, within=0.4)
    search.state = RunState.FAILED
    session.commit()
    assert search_has_ended(stage, run_id, within=0.0)
