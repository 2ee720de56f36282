"""Asking for a search, and changing an officer's own structure step by step. Every step is kept."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from intelligence.lots.design import Rules, Structure
from intelligence.lots.structures import partition_of
from webapp import audit, jobs
from webapp.analysis.actions import CodeChangedError
from webapp.analysis.runs import code_version
from webapp.analysis.structures import queries
from webapp.analysis.structures.design import StoredLots, stored_lots, stored_rules, structure_of
from webapp.audit import Actor
from webapp.models import AnalysisRun, LotSearch, LotStructure, StructureStep
from webapp.once import add_once

SEARCH, STEP = "analysis.search_lots", "analysis.weigh_structure"


class NameTakenError(Exception):
    """Another structure of the run has this name."""


class ChangedMeanwhileError(Exception):
    """Somebody else has changed the structure since the page was opened."""


class NothingChangesError(Exception):
    """The lots are as they were to become."""


def request_search(
    session: Session, *, search_id: uuid.UUID, run: AnalysisRun, rules: Rules, actor: Actor, now: datetime
) -> None:
    """Queue a search for the structure that is worth most by these rules.

    Raises:
        WrittenAlreadyError: it was asked for before.
        CodeChangedError: other code would search than made the run.
    """
    _check_code(run)
    asked = LotSearch(
        id=search_id, run_id=run.id, requested_at=now, requested_by=actor.person_id, rules=stored_rules(rules)
    )
    add_once(session, asked)
    jobs.defer(session, SEARCH, queue="analysis", search_id=str(search_id))
    audit.record(session, "lots.searched", subject=asked, actor=actor, run_id=str(run.id))


def begin(
    session: Session,
    *,
    structure_id: uuid.UUID,
    run: AnalysisRun,
    structure: Structure,
    words: str,
    rules: Rules,
    actor: Actor,
    now: datetime,
) -> LotStructure:
    """Begin an officer's own structure from another; with an id that is taken, it is the one that is there.

    Raises:
        NameTakenError: nothing is begun.
        CodeChangedError: other code would weigh it than made the run.
    """
    _check_code(run)
    begun = LotStructure(id=structure_id, run_id=run.id, name=structure.name)
    try:
        with session.begin_nested():
            session.add(begun)
            session.flush()
    except IntegrityError as error:
        if (there := session.get(LotStructure, structure_id)) is not None:
            return there
        raise NameTakenError from error
    _add_step(session, begun, stored_lots(structure), 1, words, rules, actor, now)
    audit.record(session, "lots.structure_begun", subject=begun, actor=actor, run_id=str(run.id))
    return begun


def change(
    session: Session,
    *,
    run: AnalysisRun,
    structure: LotStructure,
    revision: str,
    after: StoredLots,
    words: str,
    rules: Rules,
    actor: Actor,
    now: datetime,
) -> StructureStep:
    """Give a structure other lots. `revision` is that which the officer saw.

    Raises:
        ChangedMeanwhileError: nothing is changed.
        NothingChangesError: the lots are these already.
        CodeChangedError: other code would weigh it than made the run.
    """
    _check_code(run)
    session.refresh(structure, with_for_update=True)
    if str(structure.revision) != revision:
        raise ChangedMeanwhileError
    last = queries.last_step(session, structure.id)
    if partition_of(structure_of("", after)) == partition_of(structure_of("", last.lots)):
        raise NothingChangesError
    structure.revision += 1
    made = _add_step(session, structure, after, last.number + 1, words, rules, actor, now)
    audit.record(session, "lots.structure_changed", subject=structure, actor=actor, step=made.number)
    return made


def _check_code(run: AnalysisRun) -> None:
    if run.code_version != code_version():
        raise CodeChangedError


def _add_step(
    session: Session,
    structure: LotStructure,
    lots: StoredLots,
    number: int,
    words: str,
    rules: Rules,
    actor: Actor,
    now: datetime,
) -> StructureStep:
    made = StructureStep(
        structure_id=structure.id,
        number=number,
        words=words,
        lots=lots,
        rules=stored_rules(rules),
        made_at=now,
        made_by=actor.person_id,
    )
    session.add(made)
    session.flush()
    jobs.defer(session, STEP, queue="analysis", step_id=str(made.id))
    return made
