"""From the themes that a run found to the rows of a framework. Only the worker does this."""

from __future__ import annotations

import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from intelligence import Comment, ThemeSet
from intelligence.files import to_json
from intelligence.text.themes import Assignment
from webapp.analysis.themes import log
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Origin,
    Pile,
    Side,
    Theme,
    ThemeAssignment,
    ThemeComment,
    ThemeFile,
    ThemeFramework,
)

LEAST_TYPICAL = 0.1
"""Share of a theme's statements, those least like the others, that a person should look at first."""

ROWS_AT_ONCE = 5_000


def framework_of(session: Session, part: AnalysisPart) -> ThemeFramework | None:
    """The framework of the part's question, if there is one, locked against every act."""
    return session.scalars(
        select(ThemeFramework)
        .where(ThemeFramework.engagement_id == part.run.engagement_id, ThemeFramework.question_key == part.subject)
        .with_for_update()
    ).one_or_none()


def knows_later(session: Session, framework: ThemeFramework, number: int) -> bool:
    """Whether it holds what a later run than this brought or missed: answers that an earlier run lacks are not gone."""
    later = (
        select(AnalysisPart.id)
        .join(AnalysisPart.run)
        .where(AnalysisRun.engagement_id == framework.engagement_id, AnalysisRun.number > number)
    )
    by_a_later = ThemeComment.part_id.in_(later) | ThemeComment.gone_part_id.in_(later)
    held = select(ThemeComment.answer_id).where(ThemeComment.framework_id == framework.id, by_a_later)
    return session.scalar(select(held.exists())) or False


def build(
    session: Session,
    part: AnalysisPart,
    found: ThemeSet,
    comments: Sequence[Comment],
    untouched: ThemeFramework | None,
) -> ThemeFramework:
    """The run's candidates as a framework; one of an earlier run that nobody has worked on yet is replaced."""
    if untouched is not None and knows_later(session, untouched, part.run.number):
        return untouched
    framework = untouched or ThemeFramework(engagement_id=part.run.engagement_id, question_key=part.subject or "")
    if untouched is not None:
        for table in (ThemeAssignment, ThemeComment, Theme, ThemeFile):
            session.execute(delete(table).where(table.framework_id == framework.id))
    framework.wording, framework.part_id, framework.outlook = part.title, part.id, None
    framework.worth_reading = max(found.worth_reading(), 1)
    framework.merges = [to_json(merge) for merge in found.merges]
    session.add(framework)
    session.flush()
    themes = _themes(session, framework, found)
    add_comments(session, framework, part, comments)
    lengths = {comment.id: len(comment.text) for comment in comments}
    add_assignments(session, _assigned(framework, found, themes, lengths))
    log.renew(session, framework)
    return framework


def _themes(session: Session, framework: ThemeFramework, found: ThemeSet) -> dict[str, uuid.UUID]:
    rows = [
        Theme(
            framework_id=framework.id,
            position=position,
            found_key=theme.id,
            title=theme.title[:200],
            found_again=theme.found_again,
            key_terms=list(theme.key_terms),
            examples=[],
        )
        for position, theme in enumerate(found.themes, 1)
    ]
    session.add_all(rows)
    session.flush()
    return {str(row.found_key): row.id for row in rows}


def add_comments(session: Session, framework: ThemeFramework, part: AnalysisPart, comments: Sequence[Comment]) -> None:
    _insert(
        session,
        ThemeComment,
        [
            {
                "framework_id": framework.id,
                "answer_id": uuid.UUID(comment.id),
                "organisation_id": uuid.UUID(comment.provider_id),
                "may_quote": comment.may_quote,
                "part_id": part.id,
            }
            for comment in comments
        ],
    )


def add_assignments(session: Session, rows: Iterator[dict[str, Any]]) -> None:
    _insert(session, ThemeAssignment, list(rows))


def _insert(session: Session, table: type[ThemeComment] | type[ThemeAssignment], rows: list[dict[str, Any]]) -> None:
    for first in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(table), rows[first : first + ROWS_AT_ONCE])


def _assigned(
    framework: ThemeFramework, found: ThemeSet, themes: dict[str, uuid.UUID], lengths: dict[str, int]
) -> Iterator[dict[str, Any]]:
    doubts = unsure(found.assignments)
    for number, (one, doubtful) in enumerate(zip(found.assignments, doubts, strict=True), 1):
        yield {
            "framework_id": framework.id,
            "number": number,
            "answer_id": uuid.UUID(one.comment_id),
            "start": one.start,
            "stop": one.end,
            "theme_id": themes[one.theme_id],
            "pile": None,
            "reason": None,
            "strength": one.strength,
            "side": Side(one.side.value),
            "unsure": doubtful,
            "origin": Origin.FOUND,
        }
    for number, aside in enumerate(found.set_aside, len(found.assignments) + 1):
        length = lengths[aside.comment_id]
        yield on_pile(framework, number, aside.comment_id, length, Pile.SET_ASIDE, aside.reason.value)


def on_pile(
    framework: ThemeFramework, number: int, comment_id: str, length: int, pile: Pile, reason: str | None
) -> dict[str, Any]:
    """A row for a whole comment that speaks to no theme."""
    return {
        "framework_id": framework.id,
        "number": number,
        "answer_id": uuid.UUID(comment_id),
        "start": 0,
        "stop": length,
        "theme_id": None,
        "pile": pile,
        "reason": reason,
        "strength": 0.0,
        "side": Side.NEITHER,
        "unsure": False,
        "origin": Origin.FOUND,
    }


def unsure(assignments: Sequence[Assignment]) -> list[bool]:
    """Whether each is among the least typical of its theme, or the same statement stands in another one too."""
    strengths: defaultdict[str, list[float]] = defaultdict(list)
    for one in assignments:
        strengths[one.theme_id].append(one.strength)
    least = {theme: sorted(own)[int(len(own) * LEAST_TYPICAL)] for theme, own in strengths.items()}
    places = Counter((one.comment_id, one.start, one.end) for one in assignments)
    return [one.strength < least[one.theme_id] or places[one.comment_id, one.start, one.end] > 1 for one in assignments]
