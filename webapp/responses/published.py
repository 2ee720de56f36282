"""Published questionnaires, each read once by a process: the database refuses any change to them."""

from __future__ import annotations

import uuid

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager

from webapp.models import Question, QuestionnaireVersion, Section
from webapp.responses.questionnaire import Questionnaire

MOST_KEPT = 64

_kept: dict[uuid.UUID, Questionnaire] = {}

_SECTIONS = (
    select(Section)
    .outerjoin(Section.questions)
    .where(Section.version_id == bindparam("version_id"))
    .options(contains_eager(Section.questions))
    .order_by(Section.position, Question.position)
)


def questionnaire_of(session: Session, version_id: uuid.UUID) -> Questionnaire:
    """A version with its sections and questions in order, apart from the session: they are only read."""
    kept = _kept.get(version_id)
    if kept is not None:
        return kept
    # A session of its own within the same transaction: what is kept must not be another's to change or expire.
    with Session(session.connection(), expire_on_commit=False) as apart:
        read = Questionnaire(apart.scalars(_SECTIONS, {"version_id": version_id}).unique().all())
        version = apart.get_one(QuestionnaireVersion, version_id)
        if version.published_at is not None:
            _keep(version_id, read)
    return read


def _keep(version_id: uuid.UUID, questionnaire: Questionnaire) -> None:
    for oldest in list(_kept)[: len(_kept) + 1 - MOST_KEPT]:
        _kept.pop(oldest, None)  # another thread may have been here
    _kept[version_id] = questionnaire
