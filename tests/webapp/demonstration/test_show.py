"""What the demonstration has computed when it is first looked at."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from config import Settings
from webapp.db import Database, clock
from webapp.demonstration.seed import seed
from webapp.demonstration.show import LOT_RULES, Stage, first_or_newest_run
from webapp.models import AnalysisRun, LotSearch


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
