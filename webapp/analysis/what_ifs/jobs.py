"""Answering what-ifs, in the worker."""

from __future__ import annotations

import uuid

from sqlalchemy.orm import Session

from webapp.analysis import computing
from webapp.analysis.computed import Work, compute_row, failing
from webapp.analysis.what_ifs import actions, queries
from webapp.jobs import JobContext, job
from webapp.models import WhatIf


@job(actions.COMPUTE, attempts=2, on_parked=failing(WhatIf))
def compute_what_if(context: JobContext, *, what_if_id: str) -> None:
    compute_row(context, WhatIf, uuid.UUID(what_if_id), _answer)


def _answer(session: Session, asked: WhatIf) -> Work:
    queries.load_inputs(session, asked)
    return lambda progress: computing.answer(asked, progress=progress)
