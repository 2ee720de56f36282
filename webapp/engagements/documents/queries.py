"""The documents of an engagement: what everybody may fetch, and what its officers see."""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, undefer

from webapp.audit import Actor
from webapp.models import Document, Engagement, Programme
from webapp.programmes.permissions import Permission, within_reach


def current_documents(session: Session, engagement_id: uuid.UUID) -> Sequence[Document]:
    """Without their content."""
    return session.scalars(
        select(Document)
        .where(Document.engagement_id == engagement_id, Document.withdrawn_at.is_(None))
        .order_by(Document.title, Document.id)
    ).all()


def all_documents(session: Session, engagement_id: uuid.UUID) -> Sequence[Document]:
    """Every version there ever was, without its content, in the order in which they were added."""
    return session.scalars(
        select(Document).where(Document.engagement_id == engagement_id).order_by(Document.created_at, Document.id)
    ).all()


def earlier_documents(session: Session, engagement_id: uuid.UUID) -> Sequence[Document]:
    """Versions that were replaced or removed, the latest first, without their content."""
    return session.scalars(
        select(Document)
        .where(Document.engagement_id == engagement_id, Document.withdrawn_at.is_not(None))
        .order_by(Document.withdrawn_at.desc(), Document.id)
    ).all()


def current_document(session: Session, document_id: uuid.UUID, engagement_id: uuid.UUID) -> Document | None:
    return session.scalars(
        select(Document).where(
            Document.id == document_id, Document.engagement_id == engagement_id, Document.withdrawn_at.is_(None)
        )
    ).one_or_none()


def document_to_fetch(
    session: Session, document_id: uuid.UUID, engagement_id: uuid.UUID, actor: Actor | None
) -> Document | None:
    """With its content. What is not published, replaced or removed only officers of the engagement may have."""
    allowed = within_reach(actor, Permission.RUN)
    public = and_(Engagement.published_at.is_not(None), Document.withdrawn_at.is_(None))
    return session.scalars(
        select(Document)
        .join(Document.engagement)
        .join(Programme, Programme.id == Engagement.programme_id)
        .where(
            Document.id == document_id,
            Document.engagement_id == engagement_id,
            or_(public, allowed),
        )
        .options(undefer(Document.content))
    ).one_or_none()


def same_document(session: Session, engagement_id: uuid.UUID, title: str, sha256: str) -> Document | None:
    """A current document with this title and content."""
    return session.scalars(
        select(Document)
        .where(
            Document.engagement_id == engagement_id,
            Document.withdrawn_at.is_(None),
            Document.title == title,
            Document.sha256 == sha256,
        )
        .order_by(Document.id)
        .limit(1)
    ).one_or_none()
