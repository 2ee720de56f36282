"""What kind of provider an organisation is: as its details say or, where they do not, as it answered.

An officer who invites an organisation by its name alone does not know; the questionnaires that one can begin with ask.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping

from sqlalchemy import ColumnElement, ScalarSelect, Select, String, cast, func, select, type_coerce
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.models import Answer, Organisation, ProviderKind, Question, Response

ASKED_UNDER = "organisation_kind"
"""The key of the question whose answers are the kinds."""


Submitted = InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None] | ScalarSelect[uuid.UUID | None]


def kind_of(submission_id: Submitted) -> ColumnElement[ProviderKind | None]:
    """Of the organisation of a row, with its submission that counts, if there is one that may be known.

    It tells an answer, also in a count of one: for those who may read responses.
    """
    return kind_or(_answered(submission_id))


def kind_or(answered: ColumnElement[str]) -> ColumnElement[ProviderKind | None]:
    """Of the organisation of a row, as its details say, and `answered` where they do not."""
    return _kind(func.coalesce(cast(Organisation.provider_kind, String), answered))


def answered_kind(submission_id: Submitted) -> ColumnElement[ProviderKind | None]:
    """The answer alone; never one that only lead officers may read."""
    return _kind(_answered(submission_id))


def answered_kinds() -> Select[uuid.UUID, str]:
    """Every submission with its answer; never one that only lead officers may read."""
    said = Answer.value[()].as_string()
    return (
        select(Answer.submission_id, said.label("kind"))
        .join(Answer.question)
        .where(
            Answer.lot_id.is_(None),
            Question.key == ASKED_UNDER,
            Question.restricted.is_(False),
            said.in_([kind.value for kind in ProviderKind]),
        )
    )


def _answered(submission_id: Submitted) -> ScalarSelect[str]:
    found = answered_kinds().where(Answer.submission_id == submission_id)
    return found.with_only_columns(found.selected_columns.kind).scalar_subquery()


def _kind(text: ColumnElement[str]) -> ColumnElement[ProviderKind | None]:
    return type_coerce(text, Organisation.provider_kind.expression.type)


def kinds_of(session: Session, responses: Collection[Response]) -> Mapping[uuid.UUID, ProviderKind | None]:
    """By response id."""
    rows = session.execute(
        select(Response.id, kind_of(Response.current_submission_id))
        .join(Response.organisation)
        .where(Response.id.in_([response.id for response in responses]))
    )
    return {row[0]: row[1] for row in rows}
