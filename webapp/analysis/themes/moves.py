"""What stood before an act, kept with it so that the act can be undone exactly."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ARRAY, ColumnElement, Integer, any_, func, literal, select, update
from sqlalchemy.orm import Session, aliased

from webapp.models import Origin, Pile, Theme, ThemeAssignment, ThemeFramework, ThemeState


@dataclass(frozen=True, slots=True)
class ThemeStood:
    """A theme as it was before somebody changed it."""

    id: uuid.UUID
    title: str
    description: str
    state: ThemeState
    merged_into: uuid.UUID | None


@dataclass(frozen=True, slots=True)
class StatementsStood:
    """Assignments that stood in one place, in one condition."""

    theme_id: uuid.UUID | None
    pile: Pile | None
    origin: Origin
    confirmed_by: uuid.UUID | None
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Before:
    """`made` are the themes, and `added` the assignments, that there were not yet."""

    themes: tuple[ThemeStood, ...] = ()
    made: tuple[uuid.UUID, ...] = ()
    statements: tuple[StatementsStood, ...] = ()
    added: tuple[int, ...] = ()


def stood(theme: Theme) -> ThemeStood:
    return ThemeStood(theme.id, theme.title, theme.description, theme.state, theme.merged_into)


def among(numbers: Sequence[int]) -> ColumnElement[bool]:
    """The assignments of these numbers, as one parameter however many they are."""
    return ThemeAssignment.number == any_(literal(list(numbers), ARRAY(Integer)))


def in_themes(ids: Iterable[uuid.UUID]) -> ColumnElement[bool]:
    return ThemeAssignment.theme_id.in_(list(ids))


def move(
    session: Session,
    framework: ThemeFramework,
    which: ColumnElement[bool],
    *,
    to: uuid.UUID | Pile,
    placed_by_hand: bool = False,
) -> tuple[StatementsStood, ...]:
    """Put assignments into a theme or a pile, and say where they stood.

    Of a statement that then stands in the theme twice, only one counts. Whatever was confirmed is so no more if it is
    placed by hand, until it is confirmed in its new place.
    """
    of_framework = ThemeAssignment.framework_id == framework.id
    before = _where_they_stand(session, framework, which)
    numbers = [number for group in before for number in group.numbers]
    values: dict[str, object] = {
        "theme_id": None if isinstance(to, Pile) else to,
        "pile": to if isinstance(to, Pile) else None,
    }
    if placed_by_hand:
        values |= {"origin": Origin.PERSON, "confirmed_by": None}
    session.execute(
        update(ThemeAssignment)
        .where(of_framework, among(numbers))
        .values(values)
        .execution_options(synchronize_session=False)
    )
    if not isinstance(to, Pile):
        _drop_doubles(session, framework, numbers, to)
    return before


def _where_they_stand(
    session: Session, framework: ThemeFramework, which: ColumnElement[bool]
) -> tuple[StatementsStood, ...]:
    condition = (
        ThemeAssignment.theme_id,
        ThemeAssignment.pile,
        ThemeAssignment.origin,
        ThemeAssignment.confirmed_by,
    )
    rows = session.execute(
        select(*condition, func.array_agg(ThemeAssignment.number))
        .where(ThemeAssignment.framework_id == framework.id, which)
        .group_by(*condition)
    )
    return tuple(
        StatementsStood(theme_id, pile, origin, confirmed_by, tuple(sorted(numbers)))
        for theme_id, pile, origin, confirmed_by, numbers in rows
    )


def _drop_doubles(session: Session, framework: ThemeFramework, moved: Sequence[int], theme_id: uuid.UUID) -> None:
    other = aliased(ThemeAssignment)
    newcomer = other.number == any_(literal(list(moved), ARRAY(Integer)))
    the_same = select(other.number).where(
        other.framework_id == framework.id,
        other.theme_id == theme_id,
        other.answer_id == ThemeAssignment.answer_id,
        other.start == ThemeAssignment.start,
        other.stop == ThemeAssignment.stop,
        (other.number < ThemeAssignment.number) | ~newcomer,
        other.number != ThemeAssignment.number,
    )
    session.execute(
        update(ThemeAssignment)
        .where(ThemeAssignment.framework_id == framework.id, among(moved), the_same.exists())
        .values(theme_id=None, pile=Pile.DROPPED)
        .execution_options(synchronize_session=False)
    )


def confirm(
    session: Session, framework: ThemeFramework, which: ColumnElement[bool], *, by: uuid.UUID
) -> tuple[StatementsStood, ...]:
    """Mark assignments as right, and say how they stood."""
    before = _where_they_stand(session, framework, which)
    session.execute(
        update(ThemeAssignment)
        .where(ThemeAssignment.framework_id == framework.id, which)
        .values(confirmed_by=by)
        .execution_options(synchronize_session=False)
    )
    return before


def put_back(session: Session, framework: ThemeFramework, before: Before) -> None:
    """Make everything stand as it did."""
    rows = {theme.id: theme for theme in session.scalars(select(Theme).where(Theme.framework_id == framework.id))}
    for group in before.statements:
        session.execute(
            update(ThemeAssignment)
            .where(ThemeAssignment.framework_id == framework.id, among(group.numbers))
            .values(theme_id=group.theme_id, pile=group.pile, origin=group.origin, confirmed_by=group.confirmed_by)
            .execution_options(synchronize_session=False)
        )
    if before.added:
        session.execute(
            update(ThemeAssignment)
            .where(ThemeAssignment.framework_id == framework.id, among(before.added))
            .values(theme_id=None, pile=Pile.DROPPED, confirmed_by=None)
            .execution_options(synchronize_session=False)
        )
    for theme in before.themes:
        row = rows[theme.id]
        row.title, row.description = theme.title, theme.description
        row.state, row.merged_into = theme.state, theme.merged_into
    for made in before.made:
        rows[made].state = ThemeState.UNDONE
    session.flush()
