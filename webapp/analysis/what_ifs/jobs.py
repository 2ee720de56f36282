"""Answering what-ifs, and clearing away those that nobody kept, in the worker."""

from __future__ import annotations

import uuid

from webapp.analysis import computing
from webapp.analysis.reporting import Reporter
from webapp.analysis.runs import stored
from webapp.analysis.what_ifs import actions, queries
from webapp.db import Database, clock
from webapp.jobs import JobContext, job
from webapp.models import RunState, WhatIf

FAILURE = "This could not be computed. What went wrong is in the server's log."


@job(actions.COMPUTE, attempts=2)
def compute_what_if(context: JobContext, *, what_if_id: str) -> None:
    key = uuid.UUID(what_if_id)
    with context.database.session() as session:
        asked = queries.to_answer(session, key)
        if asked is None or asked.state is RunState.FINISHED:
            return
        actions.begin(session, what_if=asked)
        session.commit()
    try:
        result = stored(computing.answer(asked, progress=Reporter(context.database, WhatIf, key)))
    except Exception:
        if context.attempt >= context.attempts:
            _give_up(context.database, key)
        raise
    with context.database.session() as session:
        actions.finish(session, what_if=session.get_one(WhatIf, key), result=result)
        context.complete(session)
        session.commit()


def _give_up(database: Database, key: uuid.UUID) -> None:
    with database.session() as session:
        actions.fail(session, what_if=session.get_one(WhatIf, key), failure=FAILURE)
        session.commit()


@job("analysis.remove_what_ifs", attempts=1, periodic=True)  # the next run does what this one could not
def remove_what_ifs(context: JobContext) -> None:
    with context.database.session() as session:
        removed = actions.remove_unkept(session, now=clock(session))
        session.commit()
    context.logger.info("what_ifs.removed", extra={"what_ifs": removed})
