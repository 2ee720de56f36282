"""A kept file as it bears on its engagement now: its columns, what they answer, and the responses or faults in it."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.imports.tables import Table, first_shown, read
from webapp.models import Engagement, Lot, Question, ResponseImport
from webapp.programmes.suppliers import known_names
from webapp.received.importing.checking import Checked, Setting, check
from webapp.received.importing.columns import Column, Target, chosen, columns_of, questions_of
from webapp.received.importing.queries import organisations_with_own, remembered
from webapp.responses.published import questionnaire_of
from webapp.responses.queries import lots_of, published_version_id
from webapp.responses.questionnaire import Questionnaire


@dataclass(frozen=True, slots=True)
class File:
    version_id: uuid.UUID
    """Of the questionnaire that it is read against."""
    table: Table
    columns: Sequence[Column]
    questionnaire: Questionnaire
    questions: Sequence[Question]
    """Those that a column can answer."""
    lots: Sequence[Lot]
    targets: Sequence[Target]
    """What each column answers, as it was chosen or is offered."""
    lost: Mapping[int, Target]
    """By a column's place: what was chosen for it, of this file or the tool's last, and can be answered no more."""
    meanings: Mapping[str, Any]
    """What words meant in the tool's last file."""

    @property
    def by_key(self) -> dict[str, Question]:
        return {question.key: question for question in self.questions}

    def is_asked(self, target: Target) -> bool:
        """Whether its question can be asked about its lot, or once: nobody would see an answer beside that."""
        question = self.by_key.get(target.what)
        if question is None:
            return True
        lot = next((lot for lot in self.lots if lot.code == target.lot), None)
        return question.is_about_a_lot == (lot is not None) and self.questionnaire.can_be_about(question, lot)


def file_of(session: Session, of: ResponseImport, actor: Actor) -> File:
    version_id = published_version_id(session, of.engagement_id)
    if version_id is None:
        raise LookupError("a published engagement has no questionnaire")
    table = first_shown(read(of.file.content))
    columns = columns_of(table)
    questionnaire = questionnaire_of(session, version_id)
    questions = questions_of(questionnaire.sections)
    lots = lots_of(session, of.engagement_id)
    before, meanings = remembered(session, of, actor)
    targets = chosen(columns, of.columns, before, questions, lots)
    file = File(version_id, table, columns, questionnaire, questions, lots, targets, {}, meanings)
    targets = [target if file.is_asked(target) else Target() for target in targets]
    kept = of.columns or before
    lost = {
        column.place: Target.kept(kept[column.name])
        for column, target in zip(columns, targets, strict=True)
        if column.name in kept and Target.kept(kept[column.name]) != target
    }
    return replace(file, targets=targets, lost=lost)


def digest_of(of: ResponseImport, file: File, found: Checked) -> str:
    """Of what would be recorded: the file never changes, and what its columns and words mean only with the revision.

    When a row was received follows from these, but for "today", which is a later moment whenever the file is read.
    """
    said = [
        [str(file.version_id), of.revision, [[str(lot.id), lot.code] for lot in file.lots]],
        [[row.line, row.name, str(row.organisation_id)] for row in found.rows],
    ]
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()


def checked(
    session: Session, of: ResponseImport, file: File, engagement: Engagement, actor: Actor, now: datetime
) -> Checked:
    setting = Setting(
        questions=file.by_key,
        lots=file.lots,
        meanings=of.meanings,
        known=known_names(session, actor, engagement.programme_id),
        own=organisations_with_own(session, engagement),
        opens_at=engagement.opens_at,
        received_at=of.received_at,
        now=now,
    )
    return check(file.table, file.columns, file.targets, setting)
