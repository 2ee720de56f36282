"""What kind of provider an organisation is, and how large: as its details say or, where they do not, as it answered.

An officer who invites an organisation by its name alone does not know; the questionnaires that one can begin with ask.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func

from webapp.models import Organisation, ProviderKind, ProviderSize, Question, Submission

ASKED_UNDER = "organisation_kind"
"""The key of the question whose answers are the kinds."""
SIZE_ASKED_UNDER = "organisation_size"
VCSE_ASKED_UNDER = "is_vcse"


@dataclass(frozen=True, slots=True)
class Described:
    """A provider, as far as anybody has said."""

    kind: ProviderKind | None = None
    size: ProviderSize | None = None
    vcse: bool | None = None


def said_of_provider(answers: Iterable[tuple[Question, Any]]) -> dict[str, Any]:
    """What a submission keeps beside its answers: never one that only lead officers may read.

    Officers may word and offer other answers than those that say a kind or a size.
    """
    said = {question.key: value for question, value in answers if not question.restricted}
    kind, size, vcse = (said.get(key) for key in (ASKED_UNDER, SIZE_ASKED_UNDER, VCSE_ASKED_UNDER))
    return {
        "answered_kind": ProviderKind(kind) if kind in list(ProviderKind) else None,
        "answered_size": ProviderSize(size) if size in list(ProviderSize) else None,
        "answered_vcse": vcse if isinstance(vcse, bool) else None,
    }


def described(organisation: Organisation, submission: Submission | None) -> Described:
    """As its details say, and as it answered where they do not.

    It tells answers: for those who may read the submission.
    """
    if submission is None:
        return Described(organisation.provider_kind, organisation.size, organisation.vcse)
    return Described(
        organisation.provider_kind or submission.answered_kind,
        organisation.size or submission.answered_size,
        submission.answered_vcse if organisation.vcse is None else organisation.vcse,
    )


def kind_of_row() -> ColumnElement[ProviderKind | None]:
    """As `described` tells the kind, of the organisation and the submission of a row.

    Also a count of one tells an answer.
    """
    return func.coalesce(Organisation.provider_kind, Submission.answered_kind)


def size_of_row() -> ColumnElement[ProviderSize | None]:
    """As `kind_of_row` tells the kind."""
    return func.coalesce(Organisation.size, Submission.answered_size)
