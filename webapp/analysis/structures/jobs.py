"""The jobs that search for structures and weigh officers' own."""

from __future__ import annotations

import uuid
from functools import partial

from sqlalchemy.orm import Session

from webapp.analysis.computed import Work, compute_row, failing
from webapp.analysis.structures import actions, computing, queries
from webapp.analysis.structures.design import rules_of, structure_of
from webapp.jobs import JobContext, job
from webapp.models import LotSearch, StructureStep


@job(actions.SEARCH, attempts=3, on_parked=failing(LotSearch))
def search_lots(context: JobContext, *, search_id: str) -> None:
    compute_row(context, LotSearch, uuid.UUID(search_id), _search)


@job(actions.STEP, attempts=3, on_parked=failing(StructureStep))
def weigh_structure(context: JobContext, *, step_id: str) -> None:
    compute_row(context, StructureStep, uuid.UUID(step_id), _weigh)


def _search(session: Session, asked: LotSearch) -> Work:
    own = [structure_of(found.name, last.lots) for found, last in queries.structures(session, asked.run_id)]
    return partial(computing.search, computing.ground_of(asked.run, rules_of(asked.rules)), own)


def _weigh(session: Session, step: StructureStep) -> Work:
    run, name = step.structure.run, step.structure.name
    before = queries.step(session, step.structure_id, step.number - 1)
    return partial(
        computing.weigh,
        computing.ground_of(run, rules_of(step.rules)),
        None if before is None else structure_of(name, before.lots),
        structure_of(name, step.lots),
    )
