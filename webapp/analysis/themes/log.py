"""Beginning and recording an act upon a framework: one at a time, on what its author saw."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from intelligence.files import from_json, to_json
from webapp import audit, jobs
from webapp.analysis.themes.moves import Before, put_back
from webapp.audit import Actor
from webapp.models import Theme, ThemeAct, ThemeActKind, ThemeFramework, ThemeState

RENEW = "themes.renew"
HARMLESS = (ThemeActKind.CONFIRMED,)
"""Acts of others that change nothing for somebody who works on the same theme."""
NEVER_UNDONE = (ThemeActKind.SIGNED, ThemeActKind.UNSIGNED, ThemeActKind.UNDONE, ThemeActKind.ARRIVED)


class ClashError(Exception):
    """Somebody else has acted upon the same themes since the page was opened; `acts` are theirs, oldest first."""

    def __init__(self, acts: Sequence[ThemeAct]) -> None:
        super().__init__(f"{len(acts)} acts since")
        self.acts = acts


class GoneError(Exception):
    """A theme that is merged, set aside or undone cannot be worked on."""


def begin(session: Session, framework: ThemeFramework) -> None:
    """Wait for whoever is acting, and see what they did."""
    session.refresh(framework, ["revision", "official", "outlook"], with_for_update=True)


def themes_of(session: Session, framework: ThemeFramework) -> dict[uuid.UUID, Theme]:
    rows = session.scalars(
        select(Theme)
        .where(Theme.framework_id == framework.id)
        .order_by(Theme.position)
        .execution_options(populate_existing=True)
    )
    return {theme.id: theme for theme in rows}


def require_kept(themes: dict[uuid.UUID, Theme], theme_id: uuid.UUID) -> Theme:
    """Raises GoneError."""
    theme = themes.get(theme_id)
    if theme is None or theme.state is not ThemeState.KEPT:
        raise GoneError
    return theme


def acts_since(session: Session, framework: ThemeFramework, revision: int) -> Sequence[ThemeAct]:
    """Those since a revision, the oldest first; `begin` has seen the newest."""
    if framework.revision == revision:
        return ()
    return session.scalars(
        select(ThemeAct)
        .where(ThemeAct.framework_id == framework.id, ThemeAct.number > revision)
        .options(joinedload(ThemeAct.person))
        .order_by(ThemeAct.number)
    ).all()


def refuse_clash(session: Session, framework: ThemeFramework, revision: int, about: Collection[uuid.UUID]) -> None:
    """Raises ClashError if somebody else's act since that revision was about one of these themes."""
    others = [
        act
        for act in acts_since(session, framework, revision)
        if act.kind not in HARMLESS and not set(about).isdisjoint(act.touched)
    ]
    if others:
        raise ClashError(others)


def record(
    session: Session,
    framework: ThemeFramework,
    kind: ThemeActKind,
    *,
    actor: Actor | None,
    now: datetime,
    touched: Collection[uuid.UUID] = (),
    before: Before | None = None,
    undoes: int | None = None,
    **detail: Any,
) -> ThemeAct:
    """Add the act to the log, and have the worker look at the framework anew."""
    act = note(session, framework, kind, actor=actor, now=now, touched=touched, before=before, undoes=undoes, **detail)
    audit.record(session, f"themes.{kind.value}", subject=framework, actor=actor, number=act.number)
    session.flush()
    renew(session, framework)
    return act


def note(
    session: Session,
    framework: ThemeFramework,
    kind: ThemeActKind,
    *,
    actor: Actor | None,
    now: datetime,
    touched: Collection[uuid.UUID] = (),
    before: Before | None = None,
    undoes: int | None = None,
    **detail: Any,
) -> ThemeAct:
    """Add the act to the log, as one of several that are done, audited and looked at together."""
    framework.revision += 1
    framework.outlook_failure = None
    act = ThemeAct(
        framework_id=framework.id,
        number=framework.revision,
        kind=kind,
        done_at=now,
        done_by=actor.person_id if actor else None,
        touched=sorted(touched),
        detail=detail,
        before=None if before is None else to_json(before),
        undoes=undoes,
    )
    session.add(act)
    return act


def renew(session: Session, framework: ThemeFramework) -> None:
    """Ask for advice and a map of what stands now; of several such requests that wait, one is enough."""
    key = str(framework.id)
    jobs.defer(session, RENEW, queue="analysis", lock=key, queueing_lock=f"{RENEW} {key}", framework_id=key)


def ask_to_renew(session: Session, *, framework: ThemeFramework, actor: Actor) -> None:
    """Have the worker try again where it gave up."""
    begin(session, framework)
    framework.outlook_failure = None
    audit.record(session, "themes.renewal_asked", subject=framework, actor=actor)
    session.flush()
    renew(session, framework)


def next_to_undo(session: Session, framework: ThemeFramework) -> ThemeAct | None:
    """The newest act that still stands and can be undone: acts are undone in the opposite order."""
    return session.scalars(
        select(ThemeAct)
        .where(ThemeAct.kind.not_in(NEVER_UNDONE), *_stand(framework))
        .order_by(ThemeAct.number.desc())
        .limit(1)
    ).one_or_none()


def merged(session: Session, framework: ThemeFramework, themes: Collection[uuid.UUID]) -> list[tuple[int, Before]]:
    """Each act that merged some of these themes and still stands, with what stood before it, the newest first."""
    which = ThemeAct.kind.in_((ThemeActKind.MERGED, ThemeActKind.BROADENED))
    return _standing(session, framework, which & ThemeAct.touched.overlap(list(themes)))


def placed_since(session: Session, framework: ThemeFramework, number: int) -> dict[int, int]:
    """By the numbers of statements the last act after that of this number that placed each, and still stands."""
    which = ThemeAct.kind.in_((ThemeActKind.MOVED, ThemeActKind.SET_ASIDE, ThemeActKind.SPLIT))
    placed: dict[int, int] = {}
    for act, before in _standing(session, framework, which & (ThemeAct.number > number)):
        if before.themes:
            continue  # it parted what was merged, which places no statement by itself
        for group in before.statements:
            placed = dict.fromkeys(group.numbers, act) | placed
    return placed


def _standing(session: Session, framework: ThemeFramework, which: ColumnElement[bool]) -> list[tuple[int, Before]]:
    rows = session.execute(
        select(ThemeAct.number, ThemeAct.before).where(which, *_stand(framework)).order_by(ThemeAct.number.desc())
    )
    return [(number, from_json(Before, stored)) for number, stored in rows]


def _stand(framework: ThemeFramework) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Acts of the framework that nobody has undone."""
    undone = select(ThemeAct.undoes).where(ThemeAct.framework_id == framework.id, ThemeAct.undoes.is_not(None))
    return ThemeAct.framework_id == framework.id, ThemeAct.number.not_in(undone)


def undo(session: Session, *, framework: ThemeFramework, number: int, actor: Actor, now: datetime) -> ThemeAct:
    """Take back the newest act that stands.

    Raises:
        ClashError: that is no longer the one of this number.
    """
    begin(session, framework)
    newest = next_to_undo(session, framework)
    if newest is None or newest.number != number:
        raise ClashError(acts_since(session, framework, number))
    session.refresh(newest, ["before"])
    before = from_json(Before, newest.before)
    put_back(session, framework, before)
    return record(
        session,
        framework,
        ThemeActKind.UNDONE,
        actor=actor,
        now=now,
        touched=newest.touched,
        undoes=number,
        act=newest.kind.value,
        of=newest.detail,
    )
