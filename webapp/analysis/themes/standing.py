"""All that stands in a framework, for the worker; pages read a page of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence import Comment
from webapp.analysis.themes.queries import still_counts
from webapp.analysis.themes.tallies import tally
from webapp.models import Answer, Theme, ThemeAssignment, ThemeComment, ThemeFramework, ThemeState


@dataclass(frozen=True, slots=True)
class Standing:
    """The themes that are kept, what speaks to them, and the comments that still count."""

    framework: ThemeFramework
    themes: Sequence[Theme]
    assignments: Sequence[ThemeAssignment]
    comments: Sequence[Comment]
    read: int
    """How many of the comments were read for themes, and not set aside before."""
    seed: int


def standing_of(session: Session, framework: ThemeFramework) -> Standing:
    themes = session.scalars(
        select(Theme).where(Theme.framework_id == framework.id, Theme.state == ThemeState.KEPT).order_by(Theme.position)
    ).all()
    assignments = session.scalars(
        select(ThemeAssignment)
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id == framework.id,
            ThemeAssignment.theme_id.is_not(None),
            still_counts(),
        )
        .order_by(ThemeAssignment.number)
    ).all()
    read = tally(session, framework).read
    return Standing(framework, themes, assignments, _comments(session, framework), read, framework.part.run.seed)


def _comments(session: Session, framework: ThemeFramework) -> list[Comment]:
    """In an order that depends on nothing but the answers."""
    rows = session.execute(
        select(ThemeComment.answer_id, ThemeComment.organisation_id, ThemeComment.may_quote, Answer.value)
        .join(ThemeComment.answer)
        .where(ThemeComment.framework_id == framework.id, still_counts())
        .order_by(ThemeComment.answer_id)
    )
    return [
        Comment(str(answer_id), str(organisation_id), framework.question_key, text, may_quote)
        for answer_id, organisation_id, may_quote, text in rows
    ]
