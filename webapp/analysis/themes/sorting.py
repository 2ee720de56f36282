"""What a person does to chosen statements: confirm them, move them, set them aside, or make a theme of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.orm import Session, aliased

from webapp.analysis.themes import actions, log, moves
from webapp.analysis.themes.moves import Before, StatementsStood
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


def confirm(session: Session, *, framework: ThemeFramework, chosen: Chosen, actor: Actor, now: datetime) -> None:
    """Say that the statements belong where they are, once. Raises ClashError if any has been moved meanwhile."""
    themes, before = _begin(session, framework, chosen)
    if all(group.confirmed_by == actor.person_id for group in before):
        return
    moves.stand(session, framework, [replace(group, confirmed_by=actor.person_id) for group in before])
    log.record(
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
    themes, before = _begin(session, framework, chosen)
    pile = to.value if isinstance(to, Pile) else None
    title = None if isinstance(to, Pile) else log.require_kept(themes, to).title
    moves.put(session, framework, [moves.going(group, to, by_hand=True) for group in before])
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
    """Split the statements off into a theme of their own. Raises ClashError as `move` does, and TitleTakenError."""
    themes, before = _begin(session, framework, chosen)
    theme = actions.new_theme(session, framework, themes.values(), title=title)
    moves.put(session, framework, [moves.going(group, theme.id, by_hand=True) for group in before])
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


def _begin(
    session: Session, framework: ThemeFramework, chosen: Chosen
) -> tuple[dict[uuid.UUID, Theme], tuple[StatementsStood, ...]]:
    """The themes, and the statements as they stand. Raises ClashError where that is not as they were shown."""
    log.begin(session, framework)
    if not chosen.places:
        raise actions.NothingToDoError
    before = moves.where_they_stand(session, framework, moves.among(chosen.numbers))
    if moves.places_of(before) != chosen.places:
        raise log.ClashError(log.acts_since(session, framework, chosen.revision))
    return log.themes_of(session, framework), before


def places(session: Session, framework: ThemeFramework, numbers: Sequence[int]) -> dict[int, uuid.UUID | Pile]:
    """Where statements stand."""
    return moves.places_of(moves.where_they_stand(session, framework, moves.among(numbers)))


def are_there(
    session: Session, framework: ThemeFramework, numbers: Sequence[int], place: uuid.UUID | Pile | None
) -> bool:
    """Whether the statements all stand there, or were dropped where the same ones stand."""
    if not isinstance(place, uuid.UUID):
        return set(places(session, framework, numbers).values()) == {place}
    row, same = aliased(ThemeAssignment), aliased(ThemeAssignment)
    is_same = and_(
        *(getattr(row, name) == getattr(same, name) for name in ("framework_id", "answer_id", "start", "stop"))
    )
    found = session.scalars(
        select(row.number)
        .join(same, is_same & (same.theme_id == place))
        .where(row.framework_id == framework.id, row.number.in_(numbers))
        .where((row.theme_id == place) | (row.pile == Pile.DROPPED))
        .distinct()
    )
    return set(found) == set(numbers)
