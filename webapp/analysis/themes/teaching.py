"""Asking what people's placing of statements teaches about the rest, and accepting what is proposed."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, jobs
from webapp.analysis.themes import log, moves
from webapp.analysis.themes.learned import Unplaced
from webapp.analysis.themes.lessons import taught
from webapp.analysis.themes.moves import Before, StatementsStood
from webapp.analysis.themes.queries import by_a_person, waits_for_a_person
from webapp.audit import Actor
from webapp.models import (
    Pile,
    RunState,
    ThemeActKind,
    ThemeFramework,
    ThemeLearning,
    ThemeState,
)

LEARN = "themes.learn"


class TooFewError(Exception):
    """People have placed too few statements to learn from."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many statements were confirmed where they stood, moved, and left alone as they have changed since.

    `already` are those left alone that stand where they were to go, as when a form is sent twice.
    """

    confirmed: int
    moved: int
    skipped: int
    already: int = 0


def newest(session: Session, framework: ThemeFramework) -> ThemeLearning | None:
    return session.scalars(
        select(ThemeLearning)
        .where(ThemeLearning.framework_id == framework.id)
        .order_by(ThemeLearning.requested_at.desc(), ThemeLearning.id)
        .limit(1)
    ).one_or_none()


def of_framework(session: Session, framework: ThemeFramework, learning_id: uuid.UUID) -> ThemeLearning | None:
    return session.scalars(
        select(ThemeLearning).where(ThemeLearning.id == learning_id, ThemeLearning.framework_id == framework.id)
    ).one_or_none()


def ask(session: Session, *, framework: ThemeFramework, actor: Actor, now: datetime) -> ThemeLearning:
    """Have the worker learn; if it is about to for somebody else, that will do.

    Raises:
        TooFewError: there is too little to learn from.
    """
    log.begin(session, framework)
    if not taught(session, framework).is_enough:
        raise TooFewError
    there = newest(session, framework)
    if there is not None and there.state is RunState.WAITING:
        return there
    learning = ThemeLearning(framework_id=framework.id, requested_at=now, requested_by=actor.person_id)
    session.add(learning)
    session.flush()
    jobs.defer(session, LEARN, queue="analysis", learning_id=str(learning.id))
    audit.record(session, "themes.rest_proposed", subject=framework, actor=actor, learning_id=str(learning.id))
    session.flush()
    return learning


def still_standing(session: Session, framework: ThemeFramework, unplaced: Iterable[Unplaced]) -> set[int]:
    """The numbers of those that count, stand where they stood, and that nobody has placed meanwhile."""
    return set(moves.places_of(_still_standing(session, framework, unplaced)))


def _still_standing(session: Session, framework: ThemeFramework, unplaced: Iterable[Unplaced]) -> list[StatementsStood]:
    stood = {each.number: each.place for each in unplaced}
    open_ = moves.among(list(stood)) & waits_for_a_person(framework)
    groups = moves.where_they_stand(session, framework, open_)
    return moves.only(groups, [number for number, place in moves.places_of(groups).items() if place == stood[number]])


def accept(
    session: Session,
    *,
    framework: ThemeFramework,
    unplaced: Iterable[Unplaced],
    places: Mapping[int, uuid.UUID | Pile],
    actor: Actor,
    now: datetime,
) -> Accepted:
    """Confirm or move each statement, by its number, to its place; one that has changed since it was learnt is left.

    What is confirmed, what goes to themes and what goes to a pile are an act each, however many themes there are.
    """
    log.begin(session, framework)
    themes = {key: each for key, each in log.themes_of(session, framework).items() if each.state is ThemeState.KEPT}
    stood = _still_standing(session, framework, [each for each in unplaced if each.number in places])
    was = moves.places_of(stood)
    goes = {number: places[number] for number in was if isinstance(places[number], Pile) or places[number] in themes}
    stays = {number for number, to in goes.items() if to == was[number]}
    if goes:
        first = framework.revision + 1
        confirmed = [replace(group, confirmed_by=actor.person_id) for group in moves.only(stood, stays)]
        moved = moves.each_going(moves.only(stood, goes.keys() - stays), goes, by_hand=True)
        moves.put(session, framework, [*confirmed, *moved])
        for kind, pile, numbers in _acts(goes, stays):
            to, before = {goes[number] for number in numbers}, moves.only(stood, numbers)
            log.note(
                session,
                framework,
                kind,
                actor=actor,
                now=now,
                touched=themes.keys() & (to | set(moves.places_of(before).values())),
                before=Before(statements=tuple(before)),
                statements=len(numbers),
                titles=sorted(theme.title for key, theme in themes.items() if key in to),
                pile=pile,
            )
        last = framework.revision
        audit.record(session, "themes.proposals_accepted", subject=framework, actor=actor, first=first, last=last)
        session.flush()
        log.renew(session, framework)
    left = {number: to for number, to in places.items() if number not in goes}
    already = _already(session, framework, left)
    return Accepted(len(stays), len(goes) - len(stays), len(left) - already, already)


def _already(session: Session, framework: ThemeFramework, places: Mapping[int, uuid.UUID | Pile]) -> int:
    """How many statements people have put into these places, or confirmed there."""
    placed = moves.among(list(places)) & by_a_person()
    return len(places.items() & moves.places_of(moves.where_they_stand(session, framework, placed)).items())


def _acts(
    goes: Mapping[int, uuid.UUID | Pile], stays: Collection[int]
) -> list[tuple[ThemeActKind, Pile | None, list[int]]]:
    """What is done, the pile in which it ends if it does, and the statements that it is about."""
    leaving = {number: to for number, to in goes.items() if number not in stays}
    acts = [
        (ThemeActKind.CONFIRMED, None, sorted(stays)),
        (ThemeActKind.MOVED, None, sorted(number for number, to in leaving.items() if not isinstance(to, Pile))),
        *((ThemeActKind.SET_ASIDE, pile, [each for each in sorted(leaving) if leaving[each] is pile]) for pile in Pile),
    ]
    return [(kind, pile, numbers) for kind, pile, numbers in acts if numbers]
