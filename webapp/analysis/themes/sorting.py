"""What a person does to chosen statements: confirm them, move them, set them aside, or make a theme of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.analysis.themes import actions, log, moves
from webapp.analysis.themes.moves import Before
from webapp.audit import Actor
from webapp.models import Pile, Theme, ThemeAct, ThemeActKind, ThemeAssignment, ThemeFramework

MOST_CHOSEN = 200


@dataclass(frozen=True, slots=True)
class Chosen:
    """Statements as a page showed them: each number with the theme or pile in which it stood."""

    places: dict[int, uuid.UUID | Pile]
    revision: int

    @property
    def numbers(self) -> Sequence[int]:
        return sorted(self.places)

    @property
    def themes(self) -> set[uuid.UUID]:
        return {place for place in self.places.values() if not isinstance(place, Pile)}


def confirm(session: Session, *, framework: ThemeFramework, chosen: Chosen, actor: Actor, now: datetime) -> ThemeAct:
    """Say that the statements belong where they are. Raises ClashError if any has been moved meanwhile."""
    themes = _begin(session, framework, chosen)
    before = moves.confirm(session, framework, moves.among(chosen.numbers), by=actor.person_id)
    return log.record(
        session,
        framework,
        ThemeActKind.CONFIRMED,
        actor=actor,
        now=now,
        touched=chosen.themes,
        before=Before(statements=before),
        statements=len(chosen.numbers),
        titles=sorted(themes[each].title for each in chosen.themes),
    )


def move(
    session: Session,
    *,
    framework: ThemeFramework,
    chosen: Chosen,
    to: uuid.UUID | Pile,
    actor: Actor,
    now: datetime,
) -> ThemeAct:
    """Put the statements into another theme, or onto a pile.

    Raises:
        ClashError: a colleague has moved one of them meanwhile.
        GoneError: the theme they should go to is no longer there.
    """
    themes = _begin(session, framework, chosen)
    pile = to.value if isinstance(to, Pile) else None
    title = None if isinstance(to, Pile) else log.kept(themes, to).title
    before = moves.move(session, framework, moves.among(chosen.numbers), to=to, placed_by_hand=True)
    return log.record(
        session,
        framework,
        ThemeActKind.SET_ASIDE if isinstance(to, Pile) else ThemeActKind.MOVED,
        actor=actor,
        now=now,
        touched=chosen.themes | (set() if isinstance(to, Pile) else {to}),
        before=Before(statements=before),
        statements=len(chosen.numbers),
        pile=pile,
        title=title,
    )


def make_theme(
    session: Session, *, framework: ThemeFramework, chosen: Chosen, title: str, actor: Actor, now: datetime
) -> Theme:
    """Split the statements off into a theme of their own. Raises ClashError as `move` does."""
    themes = _begin(session, framework, chosen)
    theme = actions.new_theme(session, framework, title=title)
    before = moves.move(session, framework, moves.among(chosen.numbers), to=theme.id, placed_by_hand=True)
    log.record(
        session,
        framework,
        ThemeActKind.SPLIT,
        actor=actor,
        now=now,
        touched=chosen.themes | {theme.id},
        before=Before(statements=before, made=(theme.id,)),
        title=", ".join(sorted(themes[each].title for each in chosen.themes)),
        titles=[title],
        statements=len(chosen.numbers),
    )
    return theme


def _begin(session: Session, framework: ThemeFramework, chosen: Chosen) -> dict[uuid.UUID, Theme]:
    log.begin(session, framework)
    if not chosen.places:
        raise actions.NothingToDoError
    if places(session, framework, chosen.numbers) != chosen.places:
        raise log.ClashError(log.acts_since(session, framework, chosen.revision))
    return log.themes_of(session, framework)


def places(session: Session, framework: ThemeFramework, numbers: Sequence[int]) -> dict[int, uuid.UUID | Pile]:
    """Where statements stand."""
    rows = session.execute(
        select(ThemeAssignment.number, ThemeAssignment.theme_id, ThemeAssignment.pile)
        .where(ThemeAssignment.framework_id == framework.id, moves.among(numbers))
        .order_by(ThemeAssignment.number)
    )
    return {number: place for number, theme_id, pile in rows if (place := theme_id or pile) is not None}
