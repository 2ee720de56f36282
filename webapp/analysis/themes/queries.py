"""Frameworks and their themes, for those who may read the programme; no statement is among what is read here."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Integer, and_, case, cast, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload

from webapp.audit import Actor
from webapp.engagements.sealed import opened
from webapp.models import (
    READ_FOR_THEMES,
    AnalysisPart,
    AnalysisRun,
    Answer,
    Engagement,
    Measure,
    Origin,
    Question,
    QuestionnaireVersion,
    Section,
    Side,
    Theme,
    ThemeAct,
    ThemeAssignment,
    ThemeComment,
    ThemeFramework,
    ThemeState,
    ThemeVersion,
    Withdrawal,
)
from webapp.programmes.permissions import Permission, within_reach


@dataclass(frozen=True, slots=True)
class Figures:
    """What is counted of every set of statements."""

    answers: int = 0
    providers: int = 0
    statements: int = 0
    confirmed: int = 0
    unsure: int = 0


@dataclass(frozen=True, slots=True)
class Count(Figures):
    """What speaks to a theme, or a group of themes. An answer that takes both sides is on neither."""

    support: int = 0
    objection: int = 0


def framework(
    session: Session, framework_id: uuid.UUID, *, actor: Actor, permission: Permission = Permission.READ
) -> ThemeFramework | None:
    return session.scalars(
        select(ThemeFramework)
        .join(ThemeFramework.engagement)
        .join(Engagement.programme)
        .where(ThemeFramework.id == framework_id, within_reach(actor, permission), opened())
        .options(
            contains_eager(ThemeFramework.engagement).contains_eager(Engagement.programme),
            joinedload(ThemeFramework.part)
            .load_only(AnalysisPart.run_id)
            .joinedload(AnalysisPart.run)
            .load_only(AnalysisRun.number),
        )
    ).one_or_none()


def kept(session: Session, of: ThemeFramework) -> list[Theme]:
    """The themes that stand, in the order in which they came to be."""
    return [theme for theme in themes(session, of) if theme.state is ThemeState.KEPT]


def restricted(session: Session, engagement_id: uuid.UUID) -> set[str]:
    """The keys of questions whose answers are for lead officers alone, in any version of the questionnaire."""
    return set(
        session.scalars(
            select(Question.key)
            .join(Question.section)
            .join(QuestionnaireVersion, QuestionnaireVersion.id == Section.version_id)
            .where(QuestionnaireVersion.engagement_id == engagement_id, Question.restricted.is_(True))
        )
    )


def takes_sides(session: Session, of: ThemeFramework) -> bool:
    return of.question_key in asked_for_views(session, of.engagement_id)


def asked_for_views(session: Session, engagement_id: uuid.UUID) -> set[str]:
    """The keys of questions that ask what one thinks of something, by the newest version that has them.

    Only there do support and objection mean anything: whoever says what stands in the way objects to nothing.
    """
    rows = session.execute(
        select(Question.key, Question.measure)
        .join(Question.section)
        .join(QuestionnaireVersion, QuestionnaireVersion.id == Section.version_id)
        .where(
            QuestionnaireVersion.engagement_id == engagement_id,
            QuestionnaireVersion.published_at.is_not(None),
            Question.measure.in_(READ_FOR_THEMES),
        )
        .order_by(QuestionnaireVersion.number, Question.key)
    )
    newest = {row.key: row.measure for row in rows}
    return {key for key, measure in newest.items() if measure is Measure.VIEWS}


def themes(session: Session, of: ThemeFramework) -> Sequence[Theme]:
    """All there ever were; those that are kept are what a page shows."""
    return session.scalars(select(Theme).where(Theme.framework_id == of.id).order_by(Theme.position)).all()


def by_a_person() -> ColumnElement[bool]:
    """Whether somebody confirmed an assignment, or put it where it is."""
    return or_(ThemeAssignment.confirmed_by.is_not(None), ThemeAssignment.origin == Origin.PERSON)


def is_unsure() -> ColumnElement[bool]:
    """Whether the analysis had doubts that nobody has settled."""
    return and_(ThemeAssignment.unsure, ~by_a_person())


def still_counts() -> ColumnElement[bool]:
    """Whether an answer counts: no later run missed it, and what it belongs to is not withdrawn, run or no run."""
    return ThemeComment.gone_part_id.is_(None) & ~is_withdrawn()


def is_withdrawn() -> ColumnElement[bool]:
    """Whether the submission to which an answer belongs was withdrawn, so that nobody may read or quote it.

    These are few, and are gathered once for all answers.
    """
    withdrawn = (
        select(Answer.id)
        .join(Withdrawal, Withdrawal.submission_id == Answer.submission_id)
        .join(Answer.question)
        .where(Question.measure.in_(READ_FOR_THEMES))
        .correlate(None)
    )
    return ThemeComment.answer_id.in_(withdrawn)


def waits_for_a_person(of: ThemeFramework) -> ColumnElement[bool]:
    """Whether a statement of the framework counts and nobody has placed it: what was learnt about it may stand.

    What does not count is gathered once: without statistics, as right after themes were found, the database would
    compare everything with everything.
    """
    counts_no_more = select(ThemeComment.answer_id).where(ThemeComment.framework_id == of.id, ~still_counts())
    return and_(ThemeAssignment.framework_id == of.id, ThemeAssignment.answer_id.not_in(counts_no_more), ~by_a_person())


def was_read() -> ColumnElement[bool]:
    """Whether a statement is of an answer that was read for themes, not one set aside before that."""
    return or_(ThemeAssignment.reason.is_(None), ThemeAssignment.origin == Origin.PERSON)


def counts(session: Session, of: ThemeFramework, groups: Mapping[uuid.UUID, int]) -> dict[int, Count]:
    """What speaks to each group, given the group of each theme."""
    if not groups:
        return {}
    group = case(groups, value=ThemeAssignment.theme_id).label("group_number")
    said = (
        select(
            group,
            ThemeAssignment.answer_id,
            ThemeComment.organisation_id,
            func.count().label("statements"),
            func.count(ThemeAssignment.confirmed_by).label("confirmed"),
            func.count().filter(is_unsure()).label("unsure"),
            func.bool_or(ThemeAssignment.side == Side.SUPPORT).label("support"),
            func.bool_or(ThemeAssignment.side == Side.OBJECTION).label("objection"),
        )
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id == of.id,
            ThemeAssignment.theme_id.in_(groups),
            still_counts(),
        )
        .group_by(group, ThemeAssignment.answer_id, ThemeComment.organisation_id)
        .subquery()
    )
    rows = session.execute(
        select(
            said.c.group_number,
            func.count(),
            func.count(said.c.organisation_id.distinct()),
            _sum(said.c.statements),
            _sum(said.c.confirmed),
            _sum(said.c.unsure),
            func.count().filter(said.c.support, ~said.c.objection),
            func.count().filter(said.c.objection, ~said.c.support),
        ).group_by(said.c.group_number)
    )
    return {number: Count(*figures) for number, *figures in rows}


def _sum(column: ColumnElement[int]) -> ColumnElement[int]:
    return cast(func.sum(column), Integer)


def act_count(session: Session, of: ThemeFramework) -> int:
    return session.scalar(select(func.count()).select_from(ThemeAct).where(ThemeAct.framework_id == of.id)) or 0


def acts(session: Session, of: ThemeFramework, *, limit: int, offset: int = 0) -> Sequence[ThemeAct]:
    """The newest first."""
    return session.scalars(
        select(ThemeAct)
        .where(ThemeAct.framework_id == of.id)
        .options(joinedload(ThemeAct.person))
        .order_by(ThemeAct.number.desc())
        .limit(limit)
        .offset(offset)
    ).all()


def undone(session: Session, of: ThemeFramework) -> set[int]:
    """The numbers of acts that were undone."""
    return {
        number
        for number in session.scalars(
            select(ThemeAct.undoes).where(ThemeAct.framework_id == of.id, ThemeAct.undoes.is_not(None))
        )
        if number is not None
    }


def official(session: Session, of: Sequence[ThemeFramework]) -> dict[uuid.UUID, ThemeVersion]:
    """The signed versions that count, by framework."""
    rows = session.scalars(
        select(ThemeVersion)
        .join(
            ThemeFramework,
            (ThemeFramework.id == ThemeVersion.framework_id) & (ThemeFramework.official == ThemeVersion.number),
        )
        .where(ThemeFramework.id.in_([each.id for each in of]))
        .options(joinedload(ThemeVersion.signatory))
        .order_by(ThemeVersion.framework_id)
    )
    return {version.framework_id: version for version in rows}
