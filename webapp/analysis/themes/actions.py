"""What a person does to the themes of a framework. Each act is kept, with what stood before it."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from webapp.analysis.themes import log, moves
from webapp.analysis.themes.moves import Before
from webapp.audit import Actor
from webapp.models import (
    LONGEST_TITLE,
    Pile,
    Theme,
    ThemeAct,
    ThemeActKind,
    ThemeAssignment,
    ThemeFramework,
    ThemeState,
)


class NothingToDoError(Exception):
    """The act would change nothing."""


class TitleTakenError(Exception):
    """Another theme has the title, so that readers could not tell the two apart."""


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
        TitleTakenError: another theme has the title.
    """
    log.begin(session, framework)
    log.refuse_clash(session, framework, revision, [theme_id])
    themes = log.themes_of(session, framework)
    theme = log.require_kept(themes, theme_id)
    before = moves.stood(theme)
    if (before.title, before.description) == (title, description):
        raise NothingToDoError
    _refuse_taken(title, (each for each in themes.values() if each is not theme))
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


def _refuse_taken(title: str, others: Iterable[Theme]) -> None:
    """However it is written in small letters and capitals."""
    if any(each.state is ThemeState.KEPT and each.title.casefold() == title.casefold() for each in others):
        raise TitleTakenError


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
    target = log.require_kept(themes, into)
    joined = [log.require_kept(themes, each) for each in sorted(others) if each != into]
    if not joined:
        raise NothingToDoError
    before = _join(session, framework, [(target, joined)])
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
    joined = [
        (log.require_kept(themes, first), [log.require_kept(themes, each) for each in rest]) for first, *rest in wide
    ]
    return log.record(
        session,
        framework,
        ThemeActKind.BROADENED,
        actor=actor,
        now=now,
        touched=touched,
        before=_join(session, framework, joined),
        themes=len(touched),
        groups=len(wide),
    )


def _join(session: Session, framework: ThemeFramework, branches: Iterable[tuple[Theme, Sequence[Theme]]]) -> Before:
    """Merge into the first of each branch the others."""
    into = {theme: target for target, joined in branches for theme in joined}
    targets = {theme.id: target.id for theme, target in into.items()}
    before = Before(
        themes=tuple(moves.stood(theme) for theme in into),
        statements=moves.where_they_stand(session, framework, moves.in_themes(targets)),
    )
    then = [moves.going(group, targets[group.theme_id]) for group in before.statements if group.theme_id]
    moves.put(session, framework, then)
    for theme, target in into.items():
        theme.state, theme.merged_into = ThemeState.MERGED, target.id
    return before


def split(
    session: Session,
    *,
    framework: ThemeFramework,
    theme_id: uuid.UUID,
    revision: int,
    actor: Actor,
    now: datetime,
) -> ThemeAct:
    """Part a merged theme into what was merged into it, each part with what stood in it then.

    A title that another theme has taken since has a number added. Raises ClashError, GoneError, and NothingToDoError
    where nothing was merged into it.
    """
    log.begin(session, framework)
    log.refuse_clash(session, framework, revision, [theme_id])
    themes = log.themes_of(session, framework)
    theme = log.require_kept(themes, theme_id)
    parts = [each for each in themes.values() if each.merged_into == theme_id]
    if not parts:
        raise NothingToDoError
    goes = _to_parts(session, framework, theme_id, {part.id for part in parts})
    before = Before(
        themes=tuple(moves.stood(part) for part in parts),
        statements=moves.where_they_stand(session, framework, moves.among(list(goes))),
    )
    moves.put(session, framework, moves.each_going(before.statements, goes))
    for part in parts:
        part.title = free_title(part.title, themes.values())
        part.state, part.merged_into = ThemeState.KEPT, None
    return log.record(
        session,
        framework,
        ThemeActKind.SPLIT,
        actor=actor,
        now=now,
        touched={theme_id, *(part.id for part in parts)},
        before=before,
        title=theme.title,
        titles=[part.title for part in parts],
    )


def _to_parts(
    session: Session, framework: ThemeFramework, theme_id: uuid.UUID, parts: Collection[uuid.UUID]
) -> dict[int, uuid.UUID]:
    """The part in which each assignment stood when that was merged, by its number.

    What the theme has twice since, and was dropped, goes back too. What a person has placed since stays.
    """
    stood = _stood_in(session, framework, parts)
    there = moves.in_themes([theme_id]) | (ThemeAssignment.pile == Pile.DROPPED)
    groups = moves.where_they_stand(session, framework, moves.among(list(stood)) & there)
    return {number: stood[number] for group in groups for number in group.numbers}


def _stood_in(session: Session, framework: ThemeFramework, parts: Collection[uuid.UUID]) -> dict[int, uuid.UUID]:
    """The part in which each assignment stood when that was merged, without those that a person has placed since."""
    acts = log.merged(session, framework, parts)
    placed = log.placed_since(session, framework, min((number for number, _ in acts), default=framework.revision))
    found: dict[int, uuid.UUID] = {}
    left = set(parts)
    for act, before in acts:
        joined = left & {theme.id for theme in before.themes}
        found |= {
            number: group.theme_id
            for group in before.statements
            if group.theme_id in joined
            for number in group.numbers
            if placed.get(number, 0) < act
        }
        left -= joined
    return found


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
    theme = log.require_kept(log.themes_of(session, framework), theme_id)
    before = moves.stood(theme)
    stood = moves.where_they_stand(session, framework, moves.in_themes([theme_id]))
    moves.put(session, framework, [moves.going(group, Pile.SET_ASIDE) for group in stood])
    theme.state = ThemeState.SET_ASIDE
    return log.record(
        session,
        framework,
        ThemeActKind.THEME_SET_ASIDE,
        actor=actor,
        now=now,
        touched=[theme_id],
        before=Before(themes=(before,), statements=stood),
        title=theme.title,
        statements=sum(len(group.numbers) for group in stood),
    )


def free_title(title: str, there: Iterable[Theme]) -> str:
    """The title, with a number where another theme has it."""
    taken = {theme.title.casefold() for theme in there if theme.state is ThemeState.KEPT}
    numbered = (f"{title[: LONGEST_TITLE - 10]} ({number})" for number in itertools.count(2))
    return next(each for each in itertools.chain([title], numbered) if each.casefold() not in taken)


def add(
    session: Session,
    *,
    theme_id: uuid.UUID,
    framework: ThemeFramework,
    title: str,
    description: str,
    examples: Sequence[str],
    actor: Actor,
    now: datetime,
) -> Theme:
    """Add a theme that the analysis did not find, by what people would say who speak to it.

    With an id that is taken, it is the theme that is there. Raises TitleTakenError.
    """
    log.begin(session, framework)
    there = log.themes_of(session, framework)
    if theme_id in there:
        return there[theme_id]
    theme = new_theme(
        session, framework, there.values(), theme_id=theme_id, title=title, description=description, examples=examples
    )
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
    session: Session,
    framework: ThemeFramework,
    there: Iterable[Theme],
    *,
    theme_id: uuid.UUID | None = None,
    title: str,
    description: str = "",
    examples: Sequence[str] = (),
) -> Theme:
    """One more than there are. Raises TitleTakenError."""
    there = list(there)
    _refuse_taken(title, there)
    theme = Theme(
        id=theme_id or uuid.uuid4(),
        framework_id=framework.id,
        position=1 + max((each.position for each in there), default=0),
        title=title,
        description=description,
        key_terms=[],
        examples=list(examples),
    )
    session.add(theme)
    session.flush()
    return theme
