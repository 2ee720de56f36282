"""What colleagues say to each other as a draft is signed off. No page of an officer reads it."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload

from webapp.language import _
from webapp.models import DraftRemark, Person, RemarkKind
from webapp.web.format import moment


@dataclass(frozen=True)
class Said:
    """A remark as the pages of a response show it."""

    heading: str
    text: str


def standing(session: Session, response_id: uuid.UUID) -> Sequence[DraftRemark]:
    """Of this round, the first first."""
    return session.scalars(
        select(DraftRemark)
        .where(DraftRemark.response_id == response_id)
        .options(joinedload(DraftRemark.writer).load_only(Person.name))
        .order_by(DraftRemark.created_at, DraftRemark.id)
    ).all()


def is_asked(remarks: Iterable[DraftRemark]) -> bool:
    """Whether a signatory has been asked to submit the draft as it stands, or to look again."""
    return any(remark.kind is RemarkKind.ASKED for remark in remarks)


def is_sent_back(remarks: Iterable[DraftRemark]) -> bool:
    return any(remark.kind is RemarkKind.SENT_BACK for remark in remarks)


def end_round(session: Session, response_id: uuid.UUID) -> None:
    session.execute(delete(DraftRemark).where(DraftRemark.response_id == response_id))


def in_words(remarks: Iterable[DraftRemark]) -> list[Said]:
    return [Said(_heading(remark), remark.text or "") for remark in remarks]


def _heading(remark: DraftRemark) -> str:
    name, when = remark.writer.name, moment(remark.created_at)
    if remark.kind is RemarkKind.SENT_BACK:
        return _("%(name)s sent the draft back at %(when)s", name=name, when=when)
    return _("%(name)s asked for it to be submitted at %(when)s", name=name, when=when)
