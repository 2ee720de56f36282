"""What kind of provider an organisation is, and how large: as its details say or, where they do not, as it answered.

An officer who invites an organisation by its name alone does not know; the questionnaires that one can begin with ask.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    ScalarSelect,
    Select,
    String,
    Uuid,
    any_,
    cast,
    func,
    literal,
    select,
    type_coerce,
)
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp.models import Answer, Organisation, ProviderKind, ProviderSize, Question

ASKED_UNDER = "organisation_kind"
"""The key of the question whose answers are the kinds."""
SIZE_ASKED_UNDER = "organisation_size"
VCSE_ASKED_UNDER = "is_vcse"


Submitted = InstrumentedAttribute[uuid.UUID] | InstrumentedAttribute[uuid.UUID | None] | ScalarSelect[uuid.UUID | None]


@dataclass(frozen=True, slots=True)
class Described:
    """A provider, as far as anybody has said."""

    kind: ProviderKind | None = None
    size: ProviderSize | None = None
    vcse: bool | None = None


def kind_of(submission_id: Submitted) -> ColumnElement[ProviderKind | None]:
    """Of the organisation of a row, with its submission that counts, if there is one that may be known.

    It tells an answer, also in a count of one: for those who may read responses.
    """
    return kind_or(_answered(submission_id, ASKED_UNDER, ProviderKind))


def kind_or(answered: ColumnElement[str]) -> ColumnElement[ProviderKind | None]:
    """Of the organisation of a row, as its details say, and `answered` where they do not."""
    return _kind(func.coalesce(cast(Organisation.provider_kind, String), answered))


def size_of(submission_id: Submitted) -> ColumnElement[ProviderSize | None]:
    """As `kind_of` tells the kind."""
    answered = _answered(submission_id, SIZE_ASKED_UNDER, ProviderSize)
    return _size(func.coalesce(cast(Organisation.size, String), answered))


def answered_kind(submission_id: Submitted) -> ColumnElement[ProviderKind | None]:
    """The answer alone; never one that only lead officers may read."""
    return _kind(_answered(submission_id, ASKED_UNDER, ProviderKind))


def answered_size(submission_id: Submitted) -> ColumnElement[ProviderSize | None]:
    """The answer alone; never one that only lead officers may read."""
    return _size(_answered(submission_id, SIZE_ASKED_UNDER, ProviderSize))


def answered_kinds() -> Select[uuid.UUID, str]:
    """Every submission with its answer; never one that only lead officers may read."""
    return _one_of(ASKED_UNDER, ProviderKind).with_only_columns(Answer.submission_id, _SAID.label("kind"))


def described(organisation: Organisation, answered: Described | None) -> Described:
    """As its details say, and as it answered where they do not."""
    answered = answered or Described()
    return Described(
        organisation.provider_kind or answered.kind,
        organisation.size or answered.size,
        answered.vcse if organisation.vcse is None else organisation.vcse,
    )


def answered_by(session: Session, submission_ids: Collection[uuid.UUID | None]) -> Mapping[uuid.UUID | None, Described]:
    """What each of the submissions answers, if it does; never what only lead officers may read."""
    rows = session.execute(
        _answers().where(
            Answer.submission_id == any_(literal(list(submission_ids), ARRAY(Uuid()))),
            Question.key.in_((ASKED_UNDER, SIZE_ASKED_UNDER, VCSE_ASKED_UNDER)),
        )
    )
    said: dict[uuid.UUID, dict[str, Any]] = {}
    for submission_id, key, value in rows:
        said.setdefault(submission_id, {})[key] = value
    return {submission_id: _described(answers) for submission_id, answers in said.items()}


_SAID = Answer.value[()].as_string()


def _answers() -> Select[uuid.UUID, str, Any]:
    return (
        select(Answer.submission_id, Question.key, Answer.value)
        .join(Answer.question)
        .where(Answer.lot_id.is_(None), Question.restricted.is_(False))
    )


def _one_of(key: str, offered: type[StrEnum]) -> Select[uuid.UUID, str, Any]:
    return _answers().where(Question.key == key, _SAID.in_([member.value for member in offered]))


def _answered(submission_id: Submitted, key: str, offered: type[StrEnum]) -> ScalarSelect[str]:
    found = _one_of(key, offered).where(Answer.submission_id == submission_id)
    return found.with_only_columns(_SAID).scalar_subquery()


def _described(answers: Mapping[str, Any]) -> Described:
    """Officers may word and offer other answers than those that say a kind or a size."""
    kind, size, vcse = (answers.get(key) for key in (ASKED_UNDER, SIZE_ASKED_UNDER, VCSE_ASKED_UNDER))
    return Described(
        ProviderKind(kind) if kind in list(ProviderKind) else None,
        ProviderSize(size) if size in list(ProviderSize) else None,
        vcse if isinstance(vcse, bool) else None,
    )


def _kind(text: ColumnElement[str]) -> ColumnElement[ProviderKind | None]:
    return type_coerce(text, Organisation.provider_kind.expression.type)


def _size(text: ColumnElement[str]) -> ColumnElement[ProviderSize | None]:
    return type_coerce(text, Organisation.size.expression.type)
