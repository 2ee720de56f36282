"""Files of responses. Of a sealed engagement nobody but their sender learns of them."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, undefer

from webapp.audit import Actor
from webapp.engagements.sealed import opened
from webapp.models import Engagement, Membership, ReceivedFile, Response, ResponseImport, Submission
from webapp.programmes.permissions import Permission, within_reach

_WITH_CONTENT = contains_eager(ResponseImport.file).options(undefer(ReceivedFile.content))


def unfinished(session: Session, engagement_id: uuid.UUID, actor: Actor, *, at_most: int) -> Sequence[ResponseImport]:
    """The newest files that are not recorded yet."""
    return session.scalars(
        select(ResponseImport)
        .join(Engagement, Engagement.id == ResponseImport.engagement_id)
        .where(
            ResponseImport.engagement_id == engagement_id,
            ResponseImport.recorded_at.is_(None),
            _may_be_known(actor),
        )
        .options(joinedload(ResponseImport.enterer), joinedload(ResponseImport.file))
        .order_by(ResponseImport.created_at.desc(), ResponseImport.id)
        .limit(at_most)
    ).all()


def response_import(
    session: Session, import_id: uuid.UUID, engagement_id: uuid.UUID, actor: Actor
) -> ResponseImport | None:
    """One that is not recorded yet, with the file's content."""
    return session.scalars(
        _one(import_id, engagement_id, actor).where(ResponseImport.recorded_at.is_(None)).options(_WITH_CONTENT)
    ).one_or_none()


def at_any_stage(
    session: Session, import_id: uuid.UUID, engagement_id: uuid.UUID, actor: Actor
) -> ResponseImport | None:
    """Also one that is recorded, without the file's content."""
    return session.scalars(
        _one(import_id, engagement_id, actor).options(contains_eager(ResponseImport.file))
    ).one_or_none()


def asked(session: Session, import_id: uuid.UUID) -> ResponseImport | None:
    """For the worker: one that it is to record, with the file's content."""
    found = session.scalars(
        select(ResponseImport).join(ResponseImport.file).where(ResponseImport.id == import_id).options(_WITH_CONTENT)
    ).one_or_none()
    return found if found is not None and found.is_under_way else None


def _one(import_id: uuid.UUID, engagement_id: uuid.UUID, actor: Actor) -> Select[ResponseImport]:
    """Joined to its file, if the actor may record what is in it."""
    return (
        select(ResponseImport)
        .join(Engagement, Engagement.id == ResponseImport.engagement_id)
        .join(Engagement.programme)
        .join(ResponseImport.file)
        .where(
            ResponseImport.id == import_id,
            ResponseImport.engagement_id == engagement_id,
            _may_be_known(actor),
            within_reach(actor, Permission.RUN),
            within_reach(actor, Permission.READ_RESPONSES),
        )
    )


def tools(session: Session, engagement_id: uuid.UUID, actor: Actor) -> Sequence[str]:
    """What made earlier files, for their columns and words to be used again."""
    return session.scalars(
        select(ResponseImport.tool)
        .join(Engagement, Engagement.id == ResponseImport.engagement_id)
        .where(ResponseImport.engagement_id == engagement_id, _may_be_known(actor))
        .group_by(ResponseImport.tool)
        .order_by(func.max(ResponseImport.created_at).desc())
        .limit(10)
    ).all()


def remembered(session: Session, of: ResponseImport, actor: Actor) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """What columns and words meant in the newest other file of the same tool for the same engagement."""
    row = session.execute(
        select(ResponseImport.columns, ResponseImport.meanings)
        .join(Engagement, Engagement.id == ResponseImport.engagement_id)
        .where(
            ResponseImport.engagement_id == of.engagement_id,
            ResponseImport.id != of.id,
            func.lower(ResponseImport.tool) == of.tool.lower(),
            ResponseImport.columns != {},
            _may_be_known(actor),
        )
        .order_by(ResponseImport.created_at.desc(), ResponseImport.id)
        .limit(1)
    ).one_or_none()
    return (row[0], row[1]) if row else ({}, {})


def _may_be_known(actor: Actor) -> ColumnElement[bool]:
    """That there is a file tells that somebody has answered, and what its words mean tells what."""
    return or_(opened(), ResponseImport.entered_by == actor.person_id)


def organisations_with_own(session: Session, engagement: Engagement) -> Collection[uuid.UUID]:
    """Those with a response that is never overwritten; none while that may not be known."""
    if engagement.waits_for_opening:
        return frozenset()
    submitted = exists().where(Submission.response_id == Response.id, Submission.reception_id.is_(None))
    has_people = exists().where(Membership.organisation_id == Response.organisation_id)
    return frozenset(
        session.scalars(
            select(Response.organisation_id).where(
                Response.engagement_id == engagement.id,
                submitted | (Response.withdrawn_at.is_not(None) & has_people),
            )
        )
    )
