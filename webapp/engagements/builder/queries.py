"""What the builder reads, for officers who may run the engagement."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, contains_eager, selectinload

from webapp.audit import Actor
from webapp.engagements.queries import engagement_of_officer
from webapp.models import (
    Engagement,
    EngagementState,
    Lot,
    Membership,
    Person,
    Question,
    QuestionnaireVersion,
    Response,
    Section,
)
from webapp.programmes.permissions import Permission, within_reach

MOST_SOURCES = 100


@dataclass(frozen=True)
class Building:
    """An engagement with its newest questionnaire, if it has one yet."""

    engagement: Engagement
    version: QuestionnaireVersion | None

    @property
    def draft(self) -> QuestionnaireVersion | None:
        """The version that can be changed."""
        return self.version if self.version is not None and self.version.published_at is None else None

    def takes_changes(self, now: datetime) -> bool:
        """Whether anybody could still answer a new version."""
        return self.engagement.state(now) is not EngagementState.CLOSED

    @property
    def lots(self) -> list[Lot]:
        """Those that the engagement asks about, in its order."""
        return [entry.lot for entry in self.engagement.engagement_lots]

    @property
    def sections(self) -> Sequence[Section]:
        return self.version.sections if self.version is not None else ()

    @property
    def questions(self) -> list[Question]:
        return [question for section in self.sections for question in section.questions]

    def section(self, section_id: uuid.UUID) -> Section | None:
        return next((section for section in self.sections if section.id == section_id), None)

    def question(self, question_id: uuid.UUID) -> Question | None:
        return next((question for question in self.questions if question.id == question_id), None)


@dataclass(frozen=True, slots=True)
class Pinned:
    """How many responses answer a version. A draft is one that was never submitted."""

    number: int
    drafts: int
    submitted: int
    withdrawn: int


def building_of(session: Session, engagement_id: uuid.UUID, actor: Actor) -> Building | None:
    """None if there is no such engagement that the actor may run."""
    engagement = engagement_of_officer(session, engagement_id, actor, Permission.RUN)
    return Building(engagement, newest_version(session, engagement_id)) if engagement is not None else None


def newest_version(
    session: Session, engagement_id: uuid.UUID, *, published: bool = False
) -> QuestionnaireVersion | None:
    """With all it asks. `published`: of those that are."""
    wanted = _whole().where(QuestionnaireVersion.engagement_id == engagement_id)
    if published:
        wanted = wanted.where(QuestionnaireVersion.published_at.is_not(None))
    return session.scalars(wanted.order_by(QuestionnaireVersion.number.desc()).limit(1)).one_or_none()


def _whole() -> Select[QuestionnaireVersion]:
    return select(QuestionnaireVersion).options(
        selectinload(QuestionnaireVersion.sections).selectinload(Section.questions)
    )


def keys_used(session: Session, engagement_id: uuid.UUID) -> frozenset[str]:
    """Of the questions of every version: a key means one question for good, or answers would move to another."""
    return frozenset(
        session.scalars(
            select(Question.key)
            .join(Question.section)
            .join(Section.version)
            .where(QuestionnaireVersion.engagement_id == engagement_id)
            .distinct()
        )
    )


def sources(session: Session, engagement_id: uuid.UUID, actor: Actor) -> Sequence[Engagement]:
    """Other engagements with a questionnaire, of the programmes that the actor may read; the newest first."""
    return session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(
            within_reach(actor),
            Engagement.id != engagement_id,
            Engagement.versions.any(QuestionnaireVersion.sections.any()),
        )
        .options(contains_eager(Engagement.programme))
        .order_by(Engagement.created_at.desc(), Engagement.id)
        .limit(MOST_SOURCES)
    ).all()


def pinned(session: Session, engagement_id: uuid.UUID) -> list[Pinned]:
    """The published versions that responses answer, and how many of what state."""
    submitted, withdrawn = func.count(Response.current_submission_id), func.count(Response.withdrawn_at)
    rows = session.execute(
        select(QuestionnaireVersion.number, func.count() - submitted - withdrawn, submitted, withdrawn)
        .join(Response, Response.version_id == QuestionnaireVersion.id)
        .where(QuestionnaireVersion.engagement_id == engagement_id)
        .group_by(QuestionnaireVersion.number)
        .order_by(QuestionnaireVersion.number)
    )
    return [Pinned(*row) for row in rows]


def people_answering(session: Session, engagement_id: uuid.UUID) -> Sequence[tuple[Person, Response]]:
    """Everybody who acts for an organisation that has begun to answer, with its response."""
    rows = session.execute(
        select(Person, Response)
        .join(Membership, Membership.person_id == Person.id)
        .join(Response, Response.organisation_id == Membership.organisation_id)
        .where(Response.engagement_id == engagement_id)
        .order_by(Person.id)
    )
    return [(person, response) for person, response in rows]
