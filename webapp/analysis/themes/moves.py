"""What stood before an act, kept with it so that the act can be undone exactly."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import (
    ARRAY,
    UUID,
    ColumnElement,
    Integer,
    TableValuedAlias,
    Text,
    any_,
    case,
    column,
    func,
    literal,
    null,
    select,
    update,
)
from sqlalchemy.orm import Session, aliased

from webapp.models import Origin, Pile, Theme, ThemeAssignment, ThemeFramework, ThemeState

CONDITION = ("theme_id", "pile", "origin", "confirmed_by")


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
    """`made` are the themes that there were not yet; `added` is empty, and there so that acts of before are read."""

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


def where_they_stand(
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
        .order_by(func.min(ThemeAssignment.number))
    )
    return tuple(
        StatementsStood(theme_id, pile, origin, confirmed_by, tuple(sorted(numbers)))
        for theme_id, pile, origin, confirmed_by, numbers in rows
    )


def places_of(groups: Iterable[StatementsStood]) -> dict[int, uuid.UUID | Pile]:
    """The theme or pile of each assignment."""
    return {number: place for group in groups if (place := group.theme_id or group.pile) for number in group.numbers}


def only(groups: Iterable[StatementsStood], numbers: Collection[int]) -> list[StatementsStood]:
    """The groups without any others, and without those that are then empty."""
    wanted = set(numbers)
    fewer = (replace(group, numbers=tuple(each for each in group.numbers if each in wanted)) for group in groups)
    return [group for group in fewer if group.numbers]


def going(group: StatementsStood, to: uuid.UUID | Pile, *, by_hand: bool = False) -> StatementsStood:
    """The group as it stands in a theme or pile.

    Whatever was confirmed is so no more if it is placed by hand, until it is confirmed in its new place.
    """
    moved = replace(group, theme_id=None, pile=to) if isinstance(to, Pile) else replace(group, theme_id=to, pile=None)
    return replace(moved, origin=Origin.PERSON, confirmed_by=None) if by_hand else moved


def each_going(
    groups: Iterable[StatementsStood], to: Mapping[int, uuid.UUID | Pile], *, by_hand: bool = False
) -> list[StatementsStood]:
    """Each assignment as it stands in a theme or pile of its own, by its number."""
    return [
        going(replace(group, numbers=(number,)), to[number], by_hand=by_hand)
        for group in groups
        for number in group.numbers
    ]


def put(session: Session, framework: ThemeFramework, groups: Sequence[StatementsStood]) -> None:
    """Have assignments stand so, in one statement however many. One that a theme would then hold twice is dropped."""
    moving = select(_as_table(groups)).cte("moving")
    row = aliased(ThemeAssignment)
    is_moved = moving.c.number.is_not(None)
    stands_in = case((is_moved, moving.c.theme_id), else_=row.theme_id)
    nth = func.row_number().over(
        partition_by=(row.answer_id, row.start, row.stop, stands_in), order_by=(is_moved, row.number)
    )
    concerned = select(ThemeAssignment.answer_id).where(
        ThemeAssignment.framework_id == framework.id, ThemeAssignment.number.in_(select(moving.c.number))
    )
    then = (
        select(moving, nth.label("nth"))
        .select_from(row)
        .outerjoin(moving, moving.c.number == row.number)
        .where(row.framework_id == framework.id, row.answer_id.in_(concerned))
        .subquery("then")
    )
    is_double = (then.c.nth > 1) & then.c.theme_id.is_not(None)
    values = {
        "theme_id": case((is_double, null()), else_=then.c.theme_id),
        "pile": case((is_double, literal(Pile.DROPPED.value)), else_=then.c.pile),
        "origin": then.c.origin,
        "confirmed_by": then.c.confirmed_by,
    }
    _update(session, framework, then.c.number, values)


def _as_table(groups: Sequence[StatementsStood]) -> TableValuedAlias:
    """Each assignment's number, with where and how it is to stand."""
    rows = [(number, group) for group in groups for number in group.numbers]
    return (
        func.unnest(
            literal([number for number, _ in rows], ARRAY(Integer)),
            literal([group.theme_id for _, group in rows], ARRAY(UUID(as_uuid=True))),
            literal([group.pile and group.pile.value for _, group in rows], ARRAY(Text)),
            literal([group.origin.value for _, group in rows], ARRAY(Text)),
            literal([group.confirmed_by for _, group in rows], ARRAY(UUID(as_uuid=True))),
        )
        .table_valued(
            column("number", Integer),
            column("theme_id", UUID(as_uuid=True)),
            column("pile", Text),
            column("origin", Text),
            column("confirmed_by", UUID(as_uuid=True)),
        )
        .render_derived()
    )


def stand(session: Session, framework: ThemeFramework, groups: Sequence[StatementsStood]) -> None:
    """Have assignments stand exactly so."""
    then = _as_table(groups)
    _update(session, framework, then.c.number, {name: then.c[name] for name in CONDITION})


def _update(
    session: Session, framework: ThemeFramework, numbers: ColumnElement[int], values: dict[str, ColumnElement[Any]]
) -> None:
    session.execute(
        update(ThemeAssignment)
        .where(ThemeAssignment.framework_id == framework.id, ThemeAssignment.number == numbers)
        .values(values)
        .execution_options(synchronize_session=False)
    )


def put_back(session: Session, framework: ThemeFramework, before: Before) -> None:
    """Make everything stand as it did."""
    stand(session, framework, before.statements)
    rows = {theme.id: theme for theme in session.scalars(select(Theme).where(Theme.framework_id == framework.id))}
    for theme in before.themes:
        row = rows[theme.id]
        row.title, row.description = theme.title, theme.description
        row.state, row.merged_into = theme.state, theme.merged_into
    for made in before.made:
        rows[made].state = ThemeState.UNDONE
    session.flush()
    _take_out_of_closed(session, framework, rows)


def _take_out_of_closed(session: Session, framework: ThemeFramework, themes: Mapping[uuid.UUID, Theme]) -> None:
    """What a run brought to a theme between the act and its undoing goes where the theme went, or fits none."""
    closed = [each.id for each in themes.values() if each.state is not ThemeState.KEPT]
    goes = {theme_id: now_in(themes, theme_id) for theme_id in closed}
    stranded = where_they_stand(session, framework, in_themes(closed))
    then = [
        going(group, theme.id if (theme := goes[group.theme_id]) else Pile.DOES_NOT_FIT)
        for group in stranded
        if group.theme_id
    ]
    put(session, framework, then)


def now_in(themes: Mapping[uuid.UUID, Theme], theme_id: uuid.UUID) -> Theme | None:
    """The theme, or that into which it was merged; None where it is not kept."""
    theme: Theme | None = themes[theme_id]
    while theme is not None and theme.merged_into is not None:
        theme = themes[theme.merged_into]
    return theme if theme is not None and theme.state is ThemeState.KEPT else None
