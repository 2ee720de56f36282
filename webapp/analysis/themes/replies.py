"""Replies to signed themes: what was decided about each and why, and which of them everybody is to read."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Integer, Text, column, func, select, true
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session, joinedload

from webapp import audit
from webapp.analysis.themes import log, queries
from webapp.analysis.themes.signing import NotSignedError
from webapp.analysis.themes.versions import SignedTheme, summary_of
from webapp.audit import Actor
from webapp.models import (
    AnalysisPart,
    PublishedReply,
    ReplyDecision,
    Theme,
    ThemeAssignment,
    ThemeComment,
    ThemeFramework,
    ThemeReply,
    ThemeVersion,
)


class RepliedMeanwhileError(Exception):
    """A colleague has replied to the theme since the page was opened."""


@dataclass(frozen=True, slots=True)
class Signed:
    """A theme of a signature that counts, with its newest reply. `providers` are those in what was signed whose words
    still count.
    """

    framework: ThemeFramework
    version: int
    theme: SignedTheme
    providers: int
    reply: ThemeReply | None

    @property
    def key(self) -> str:
        """What the page showed of it: another reply or signature has another."""
        return f"{self.theme.id}:{self.version}:{self.reply.number if self.reply else 0}"


def of_engagement(session: Session, engagement_id: uuid.UUID) -> list[Signed]:
    """Question by question, the largest themes first; without questions whose answers are for lead officers alone."""
    hidden = queries.restricted(session, engagement_id)
    return _signed(session, [each for each in _in_order(session, engagement_id) if each.question_key not in hidden])


def of_theme(session: Session, framework: ThemeFramework, theme_id: uuid.UUID) -> Signed | None:
    """None where the theme is not signed, or is of a question whose answers are for lead officers alone."""
    if framework.question_key in queries.restricted(session, framework.engagement_id):
        return None
    return next(iter(_signed(session, [framework], only=str(theme_id))), None)


def replies_to(session: Session, theme_id: uuid.UUID) -> Sequence[ThemeReply]:
    """Every reply to the theme, the newest first."""
    return session.scalars(
        select(ThemeReply)
        .where(ThemeReply.theme_id == theme_id)
        .options(joinedload(ThemeReply.person))
        .order_by(ThemeReply.number.desc())
    ).all()


def newest_replies(session: Session, frameworks: Collection[uuid.UUID]) -> dict[uuid.UUID, ThemeReply]:
    """By theme, signed or not."""
    rows = session.scalars(
        select(ThemeReply)
        .join(ThemeReply.theme)
        .where(Theme.framework_id.in_(frameworks))
        .options(joinedload(ThemeReply.person))
        .order_by(ThemeReply.theme_id, ThemeReply.number)
    )
    return {reply.theme_id: reply for reply in rows}


def reply(
    session: Session,
    *,
    framework: ThemeFramework,
    theme_id: uuid.UUID,
    decision: ReplyDecision,
    done: str,
    reason: str,
    seen: int,
    actor: Actor,
    now: datetime,
) -> ThemeReply | None:
    """Keep a reply in the place of number `seen`, 0 for none; None if that is what it says already.

    Raises NotSignedError and RepliedMeanwhileError.
    """
    log.begin(session, framework)
    signed = of_theme(session, framework, theme_id)
    if signed is None:
        raise NotSignedError
    newest = signed.reply
    if newest is not None and (newest.decision, newest.done, newest.reason) == (decision, done, reason):
        return None
    number = newest.number if newest else 0
    if number != seen:
        raise RepliedMeanwhileError
    kept = ThemeReply(
        theme_id=theme_id,
        number=number + 1,
        decision=decision,
        done=done,
        reason=reason,
        replied_by=actor.person_id,
        replied_at=now,
    )
    session.add(kept)
    audit.record(
        session,
        "themes.replied",
        subject=framework,
        actor=actor,
        theme=str(theme_id),
        number=kept.number,
        decision=decision.value,
    )
    session.flush()
    return kept


def to_publish(signed: Iterable[Signed], keys: Collection[str]) -> list[PublishedReply]:
    """Those of the keys, as everybody is to read them, in the order of `signed`."""
    return [
        PublishedReply(
            theme_id=uuid.UUID(each.theme.id),
            question=each.framework.wording,
            title=each.theme.title,
            providers=each.providers,
            decision=each.reply.decision,
            done=each.reply.done,
            reason=each.reply.reason,
        )
        for each in signed
        if each.reply is not None and each.key in keys
    ]


def _in_order(session: Session, engagement_id: uuid.UUID) -> Sequence[ThemeFramework]:
    """As the questions were asked."""
    return session.scalars(
        select(ThemeFramework)
        .join(ThemeFramework.part)
        .where(ThemeFramework.engagement_id == engagement_id)
        .order_by(AnalysisPart.position, ThemeFramework.question_key)
    ).all()


def _signed(session: Session, frameworks: Sequence[ThemeFramework], *, only: str | None = None) -> list[Signed]:
    """Every signed theme, or the only one that is asked for."""
    versions = queries.official(session, frameworks)
    replies = newest_replies(session, list(versions))
    providers = _providers(session, versions, only)
    return [
        Signed(framework, version.number, theme, providers.get(theme.id, 0), replies.get(uuid.UUID(theme.id)))
        for framework in frameworks
        if (version := versions.get(framework.id))
        for theme in sorted(summary_of(version).themes, key=lambda theme: (-theme.answers, theme.title))
        if only in (None, theme.id)
    ]


def _providers(session: Session, frameworks: Collection[uuid.UUID], only: str | None) -> dict[str, int]:
    """How many spoke of each signed theme, by its id: in what was signed, less what was withdrawn since."""
    placed = func.jsonb_each(ThemeVersion.placed["themes"]).table_valued(column("key", Text), column("value", JSONB))
    signed = (
        select(
            ThemeVersion.framework_id,
            placed.c.key.label("theme"),
            func.jsonb_array_elements(placed.c.value, type_=JSONB).cast(Integer).label("number"),
        )
        .select_from(ThemeFramework)
        .join(
            ThemeVersion,
            (ThemeVersion.framework_id == ThemeFramework.id) & (ThemeVersion.number == ThemeFramework.official),
        )
        .join(placed, true())
        .where(ThemeFramework.id.in_(frameworks), true() if only is None else placed.c.key == only)
        .subquery()
    )
    rows = session.execute(
        select(signed.c.theme, func.count(ThemeComment.organisation_id.distinct()).label("providers"))
        .join(
            ThemeAssignment,
            (ThemeAssignment.framework_id == signed.c.framework_id) & (ThemeAssignment.number == signed.c.number),
        )
        .join(ThemeAssignment.comment)
        .where(queries.still_counts())
        .group_by(signed.c.theme)
    )
    return {row.theme: row.providers for row in rows}
