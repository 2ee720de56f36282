"""Reading searches and structures. Who may see one is decided by its run, which every page looks up as well."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, joinedload, undefer

from intelligence import LotDesign
from webapp.analysis.structures.design import services_of
from webapp.models import AnalysisRun, LotSearch, LotStructure, RunState, StructureStep


def search(session: Session, run_id: uuid.UUID, search_id: uuid.UUID) -> LotSearch | None:
    return session.scalars(
        select(LotSearch)
        .where(LotSearch.id == search_id, LotSearch.run_id == run_id)
        .options(joinedload(LotSearch.requester), undefer(LotSearch.result))
    ).one_or_none()


def searches(session: Session, run_id: uuid.UUID, *, limit: int, offset: int = 0) -> Sequence[LotSearch]:
    """The newest first, without their results."""
    newest = select(LotSearch).where(LotSearch.run_id == run_id).order_by(LotSearch.requested_at.desc(), LotSearch.id)
    return session.scalars(newest.limit(limit).offset(offset).options(joinedload(LotSearch.requester))).all()


def count_searches(session: Session, run_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(LotSearch.run_id == run_id)) or 0


def newest_finished_search(session: Session, run_id: uuid.UUID) -> LotSearch | None:
    return session.scalars(
        select(LotSearch)
        .where(LotSearch.run_id == run_id, LotSearch.state == RunState.FINISHED)
        .order_by(LotSearch.requested_at.desc(), LotSearch.id)
        .limit(1)
        .options(undefer(LotSearch.result))
    ).one_or_none()


def newest_rules(session: Session, run_id: uuid.UUID) -> dict[str, Any]:
    """The rules asked for last; none are set before."""
    newest = select(LotSearch.rules).where(LotSearch.run_id == run_id)
    return session.scalar(newest.order_by(LotSearch.requested_at.desc(), LotSearch.id).limit(1)) or {}


def structure(session: Session, run_id: uuid.UUID, structure_id: uuid.UUID) -> LotStructure | None:
    return session.scalars(
        select(LotStructure).where(LotStructure.id == structure_id, LotStructure.run_id == run_id)
    ).one_or_none()


def structures(session: Session, run_id: uuid.UUID) -> list[tuple[LotStructure, StructureStep]]:
    """Each structure of the run with its last step."""
    rows = session.execute(
        select(LotStructure, StructureStep)
        .join(StructureStep, StructureStep.structure_id == LotStructure.id)
        .where(LotStructure.run_id == run_id)
        .ext(distinct_on(LotStructure.name))
        .order_by(LotStructure.name, StructureStep.number.desc())
        .options(joinedload(StructureStep.maker))
    )
    return [(found, last) for found, last in rows]


def steps(session: Session, structure_id: uuid.UUID, *, limit: int, offset: int = 0) -> Sequence[StructureStep]:
    """The newest first, without their results."""
    newest = select(StructureStep).where(StructureStep.structure_id == structure_id)
    ordered = newest.order_by(StructureStep.number.desc()).limit(limit).offset(offset)
    return session.scalars(ordered.options(joinedload(StructureStep.maker))).all()


def steps_since(session: Session, structure: LotStructure, revision: str) -> Sequence[StructureStep]:
    """The steps after the revision that an officer saw; each step raised it by one."""
    seen = int(revision) if revision.isdecimal() and len(revision) < 7 else structure.revision
    return steps(session, structure.id, limit=max(structure.revision - seen, 0))


def count_steps(session: Session, structure_id: uuid.UUID) -> int:
    return session.scalar(select(func.count()).where(StructureStep.structure_id == structure_id)) or 0


def step(session: Session, structure_id: uuid.UUID, number: int) -> StructureStep | None:
    return session.scalars(
        select(StructureStep).where(StructureStep.structure_id == structure_id, StructureStep.number == number)
    ).one_or_none()


def last_step(session: Session, structure_id: uuid.UUID) -> StructureStep:
    """With its result, if there is one yet."""
    return session.scalars(
        select(StructureStep)
        .where(StructureStep.structure_id == structure_id)
        .order_by(StructureStep.number.desc())
        .limit(1)
        .options(undefer(StructureStep.result), joinedload(StructureStep.maker))
    ).one()


def services(session: Session, run_id: uuid.UUID) -> LotDesign:
    """The services of the run's frozen market, without reading what providers said.

    Raises:
        LotDesignError: a lot has no annual value, or a service is in two lots.
    """
    inputs = AnalysisRun.inputs
    pieces = select(inputs["sites"], inputs["service_lines"], inputs["lots"]).where(AnalysisRun.id == run_id)
    return services_of(*session.execute(pieces).one())
