"""What later runs brought to a framework: old beside new, and themes proposed by what does not fit."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.analysis.themes import sorting
from webapp.analysis.themes.words import told
from webapp.models import Pile, Theme, ThemeAct, ThemeActKind, ThemeAssignment, ThemeComment, ThemeFramework
from webapp.web.format import moment, number, percent, plural

MOST_RUNS = 20
"""Whose arrivals are told, the newest."""
_PROPOSAL = re.compile(r"([0-9]{1,9}):([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Brought:
    """One run's arrivals; `proposals` are those that it made: their name, title and size."""

    sentence: str
    when: str
    gone: str
    proposals: list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class ArrivalsPage:
    rows: list[tuple[str, ...]]
    runs: list[Brought]


def counts(session: Session, of: ThemeFramework) -> dict[uuid.UUID, tuple[int, int]]:
    """For each theme the answers that were in it from the first run, and those that later runs brought."""
    from_first = ThemeComment.part_id == of.part_id
    rows = session.execute(
        select(
            ThemeAssignment.theme_id,
            func.count(ThemeAssignment.answer_id.distinct()).filter(from_first),
            func.count(ThemeAssignment.answer_id.distinct()).filter(~from_first),
        )
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id == of.id,
            ThemeAssignment.theme_id.is_not(None),
            ThemeComment.gone_part_id.is_(None),
        )
        .group_by(ThemeAssignment.theme_id)
    )
    return {theme_id: (old, new) for theme_id, old, new in rows if theme_id is not None}


def acts(session: Session, of: ThemeFramework) -> Sequence[ThemeAct]:
    return session.scalars(
        select(ThemeAct)
        .where(ThemeAct.framework_id == of.id, ThemeAct.kind == ThemeActKind.ARRIVED)
        .order_by(ThemeAct.number.desc())
        .limit(MOST_RUNS)
    ).all()


def proposed(session: Session, of: ThemeFramework, asked: str | None) -> dict[str, Any] | None:
    """The proposal of this name: the number of the act that brought it, a colon, and its place in it."""
    if not (named := _PROPOSAL.fullmatch(asked or "")):
        return None
    act = session.get(ThemeAct, (of.id, int(named[1])))
    offered = act.detail["proposed"] if act is not None and act.kind is ThemeActKind.ARRIVED else []
    return next(iter(offered[int(named[2]) :]), None)


def still_unlike(session: Session, of: ThemeFramework, numbers: Sequence[int]) -> dict[int, uuid.UUID | Pile]:
    """Those that nobody has taken off the pile."""
    places = sorting.places(session, of, numbers)
    return {each: place for each, place in places.items() if place is Pile.DOES_NOT_FIT}


def page(
    themes: Sequence[Theme], counted: Mapping[uuid.UUID, tuple[int, int]], brought: Sequence[ThemeAct]
) -> ArrivalsPage:
    all_old = sum(old for old, _ in counted.values()) or 1
    all_new = sum(new for _, new in counted.values()) or 1
    return ArrivalsPage(
        rows=[
            (theme.title, number(old), number(new), percent(old / all_old), percent(new / all_new))
            for theme in themes
            for old, new in [counted.get(theme.id, (0, 0))]
        ],
        runs=[_brought(act) for act in brought],
    )


def _brought(act: ThemeAct) -> Brought:
    gone = act.detail["gone"]
    return Brought(
        sentence=told(act),
        when=moment(act.done_at),
        gone=f"{plural(gone, 'answer')} {'was' if gone == 1 else 'were'} amended or withdrawn" if gone else "",
        proposals=[
            (f"{act.number}:{place}", each["title"], plural(len(each["numbers"]), "statement"))
            for place, each in enumerate(act.detail["proposed"])
        ],
    )
