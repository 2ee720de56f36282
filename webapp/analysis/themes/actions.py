"""What a person does to the themes of a framework. Each act is kept, with what stood before it."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.analysis.themes import log, moves
from webapp.analysis.themes.moves import Before, StatementsStood, ThemeStood
from webapp.audit import Actor
from webapp.models import Pile, Theme, ThemeAct, ThemeActKind, ThemeAssignment, ThemeFramework, ThemeState


class NothingToDoError(Exception):
    """The act would change nothing."""


def rename(
    session: Session,
    *,
    framework: ThemeFramework,
    theme_id: uuid.UUID,
    title: str,
    description: str,
    revision: int,
    actor: Actor,
    now: datetime,
) -> ThemeAct:
    """Give a theme another title and description.

    Raises:
        ClashError: a colleague acted upon the theme since `revision`.
        GoneError: the theme is no longer there.
        NothingToDoError: they are what they were.
    """
    log.begin(session, framework)
    log.refuse_clash(session, framework, revision, [theme_id])
    theme = log.kept(log.themes_of(session, framework), theme_id)
    before = moves.stood(theme)
    if (before.title, before.description) == (title, description):
        raise NothingToDoError
    theme.title, theme.description = title, description
    return log.record(
        session,
        framework,
        ThemeActKind.RENAMED,
        actor=actor,
        now=now,
        touched=[theme_id],
        before=Before(themes=(before,)),
        was=before.title,
        title=title,
        described=before.description != description,
    )


def merge(
    session: Session,
    *,
    framework: ThemeFramework,
    into: uuid.UUID,
    others: Collection[uuid.UUID],
    revision: int,
    actor: Actor,
    now: datetime,
) -> ThemeAct:
    """Make one theme of several. Raises ClashError, GoneError and NothingToDoError as `rename` does."""
    log.begin(session, framework)
    log.refuse_clash(session, framework, revision, {into, *others})
    themes = log.themes_of(session, framework)
    target, joined = log.kept(themes, into), [log.kept(themes, each) for each in sorted(others) if each != into]
    if not joined:
        raise NothingToDoError
    before = _join(session, framework, target, joined)
    return log.record(
        session,
        framework,
        ThemeActKind.MERGED,
        actor=actor,
        now=now,
        touched={into, *others},
        before=before,
        title=target.title,
        titles=[theme.title for theme in joined],
    )


def broaden(
    session: Session,
    *,
    framework: ThemeFramework,
    branches: Sequence[Sequence[uuid.UUID]],
    revision: int,
    actor: Actor,
    now: datetime,
) -> ThemeAct:
    """Make one theme of each branch, under the title of its first; raises as `merge` does."""
    log.begin(session, framework)
    wide = [branch for branch in branches if len(branch) > 1]
    touched = {theme_id for branch in wide for theme_id in branch}
    log.refuse_clash(session, framework, revision, touched)
    themes = log.themes_of(session, framework)
    if not wide:
        raise NothingToDoError
    parts = [
        _join(session, framework, log.kept(themes, first), [log.kept(themes, each) for each in rest])
        for first, *rest in wide
    ]
    return log.record(
        session,
        framework,
        ThemeActKind.BROADENED,
        actor=actor,
        now=now,
        touched=touched,
        before=Before(
            themes=tuple(theme for part in parts for theme in part.themes),
            statements=tuple(group for part in parts for group in part.statements),
        ),
        themes=len(touched),
        groups=len(wide),
    )


def _join(session: Session, framework: ThemeFramework, target: Theme, joined: Sequence[Theme]) -> Before:
    before = tuple(moves.stood(theme) for theme in joined)
    moved = moves.move(session, framework, moves.in_themes(theme.id for theme in joined), to=target.id)
    for theme in joined:
        theme.state, theme.merged_into = ThemeState.MERGED, target.id
    return Before(themes=before, statements=moved)


def split(
    session: Session,
    *,
    framework: ThemeFramework,
    theme_id: uuid.UUID,
    revision: int,
    actor: Actor,
    now: datetime,
) -> ThemeAct:
    """Part a merged theme into what the analysis had told apart. Statements placed by hand stay.

    Raises ClashError, GoneError, and NothingToDoError where nothing was merged into it.
    """
    log.begin(session, framework)
    log.refuse_clash(session, framework, revision, [theme_id])
    themes = log.themes_of(session, framework)
    theme = log.kept(themes, theme_id)
    parts = [each for each in themes.values() if each.merged_into == theme_id]
    if not parts:
        raise NothingToDoError
    before: tuple[ThemeStood, ...] = tuple(moves.stood(part) for part in parts)
    moved: list[StatementsStood] = []
    for part in parts:
        found = moves.in_themes([theme_id]) & ThemeAssignment.found_key.in_(_keys_within(themes, part))
        moved.extend(moves.move(session, framework, found, to=part.id))
        part.state, part.merged_into = ThemeState.KEPT, None
    return log.record(
        session,
        framework,
        ThemeActKind.SPLIT,
        actor=actor,
        now=now,
        touched={theme_id, *(part.id for part in parts)},
        before=Before(themes=before, statements=tuple(moved)),
        title=theme.title,
        titles=[part.title for part in parts],
    )


def _keys_within(themes: dict[uuid.UUID, Theme], theme: Theme) -> list[str]:
    """What the run called the theme and all that had been merged into it before."""
    own = [theme.found_key] if theme.found_key else []
    return own + [key for each in themes.values() if each.merged_into == theme.id for key in _keys_within(themes, each)]


def set_theme_aside(
    session: Session,
    *,
    framework: ThemeFramework,
    theme_id: uuid.UUID,
    revision: int,
    actor: Actor,
    now: datetime,
) -> ThemeAct:
    """Take a theme out, and put its statements on the pile. Raises ClashError and GoneError."""
    log.begin(session, framework)
    log.refuse_clash(session, framework, revision, [theme_id])
    theme = log.kept(log.themes_of(session, framework), theme_id)
    before = moves.stood(theme)
    moved = moves.move(session, framework, moves.in_themes([theme_id]), to=Pile.SET_ASIDE)
    theme.state = ThemeState.SET_ASIDE
    return log.record(
        session,
        framework,
        ThemeActKind.THEME_SET_ASIDE,
        actor=actor,
        now=now,
        touched=[theme_id],
        before=Before(themes=(before,), statements=moved),
        title=theme.title,
        statements=sum(len(group.numbers) for group in moved),
    )


def add(
    session: Session,
    *,
    framework: ThemeFramework,
    title: str,
    description: str,
    examples: Sequence[str],
    actor: Actor,
    now: datetime,
) -> Theme:
    """Add a theme that the analysis did not find, by what people would say who speak to it."""
    log.begin(session, framework)
    theme = new_theme(session, framework, title=title, description=description, examples=examples)
    log.record(
        session,
        framework,
        ThemeActKind.ADDED,
        actor=actor,
        now=now,
        touched=[theme.id],
        before=Before(made=(theme.id,)),
        title=title,
        examples=len(examples),
    )
    return theme


def new_theme(
    session: Session, framework: ThemeFramework, *, title: str, description: str = "", examples: Sequence[str] = ()
) -> Theme:
    last = session.scalar(select(func.max(Theme.position)).where(Theme.framework_id == framework.id)) or 0
    theme = Theme(
        framework_id=framework.id,
        position=last + 1,
        title=title,
        description=description,
        key_terms=[],
        examples=list(examples),
    )
    session.add(theme)
    session.flush()
    return theme
