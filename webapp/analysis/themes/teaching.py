"""Asking what people's placing of statements teaches about the rest, and accepting what is proposed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit, jobs
from webapp.analysis.themes import log, moves, sorting
from webapp.analysis.themes.learned import Unplaced
from webapp.analysis.themes.lessons import stands_in, taught
from webapp.analysis.themes.queries import by_a_person
from webapp.analysis.themes.sorting import Chosen
from webapp.audit import Actor
from webapp.models import Pile, RunState, ThemeAssignment, ThemeComment, ThemeFramework, ThemeLearning, ThemeState

LEARN = "themes.learn"


class TooFewError(Exception):
    """People have placed too few statements to learn from."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """How many statements were confirmed where they stood, moved, and left alone because they stand there no longer."""

    confirmed: int
    moved: int
    skipped: int


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
    stood = {each.number: each.stood for each in unplaced}
    rows = session.scalars(
        select(ThemeAssignment)
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id == framework.id,
            moves.among(list(stood)),
            ThemeComment.gone_part_id.is_(None),
            ~by_a_person(),
        )
        .execution_options(populate_existing=True)
    )
    return {row.number for row in rows if stands_in(row) == stood[row.number]}


def accept(
    session: Session,
    *,
    framework: ThemeFramework,
    unplaced: Iterable[Unplaced],
    places: Mapping[int, uuid.UUID | Pile],
    actor: Actor,
    now: datetime,
) -> Accepted:
    """Confirm or move each statement, by its number, to its place; one that has changed since it was learnt is left."""
    log.begin(session, framework)
    kept = {theme.id for theme in log.themes_of(session, framework).values() if theme.state is ThemeState.KEPT}
    stood = {each.number: each for each in unplaced if each.number in places}
    standing = still_standing(session, framework, stood.values())
    going: defaultdict[uuid.UUID | Pile, dict[int, uuid.UUID | Pile]] = defaultdict(dict)
    confirmed: dict[int, uuid.UUID | Pile] = {}
    for number, to in places.items():
        was = stood[number].place if number in standing and (isinstance(to, Pile) or to in kept) else None
        if was is not None:
            (confirmed if was == to else going[to])[number] = was
    revision, moved = framework.revision, sum(map(len, going.values()))
    if confirmed:
        sorting.confirm(session, framework=framework, chosen=Chosen(confirmed, revision), actor=actor, now=now)
    for to, chosen in sorted(going.items(), key=lambda each: str(each[0])):
        sorting.move(session, framework=framework, chosen=Chosen(chosen, revision), to=to, actor=actor, now=now)
    return Accepted(len(confirmed), moved, len(places) - len(confirmed) - moved)
