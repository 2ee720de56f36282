"""Quotes for themes, from nobody who did not agree to be quoted."""

from __future__ import annotations

import uuid
from collections.abc import Collection

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.models import Answer, ThemeAssignment, ThemeComment, ThemeFramework

LONGEST_QUOTE = 300


def quotes_of(
    session: Session, framework: ThemeFramework, themes: Collection[uuid.UUID], *, most: int
) -> dict[uuid.UUID, list[str]]:
    """For each theme statements of providers that may be quoted: confirmed ones first, one of each provider."""
    central = (ThemeAssignment.confirmed_by.is_(None), ThemeAssignment.strength.desc(), ThemeAssignment.number)
    best = (
        select(
            ThemeAssignment,
            func.row_number()
            .over(partition_by=(ThemeAssignment.theme_id, ThemeComment.organisation_id), order_by=central)
            .label("of_provider"),
        )
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id == framework.id,
            ThemeAssignment.theme_id.in_(list(themes)),
            ThemeComment.may_quote,
            ThemeComment.gone_part_id.is_(None),
        )
        .subquery()
    )
    ranked = (
        select(
            best,
            func.row_number()
            .over(
                partition_by=best.c.theme_id,
                order_by=(best.c.confirmed_by.is_(None), best.c.strength.desc(), best.c.number),
            )
            .label("of_theme"),
        )
        .where(best.c.of_provider == 1)
        .subquery()
    )
    rows = session.execute(
        select(ranked.c.theme_id, Answer.value, ranked.c.start, ranked.c.stop)
        .join(Answer, Answer.id == ranked.c.answer_id)
        .where(ranked.c.of_theme <= most)
        .order_by(ranked.c.theme_id, ranked.c.of_theme)
    )
    quotes: dict[uuid.UUID, list[str]] = {}
    for theme_id, answer, start, stop in rows:
        quotes.setdefault(theme_id, []).append(_shortened(" ".join(answer[start:stop].split())))
    return quotes


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_QUOTE else text[: LONGEST_QUOTE - 1].rstrip() + "…"
