"""What later runs brought to a framework: old beside new, and themes proposed by what does not fit."""

from __future__ import annotations

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.analysis.themes import queries, sorting, statements
from webapp.analysis.themes.words import told
from webapp.models import (
    Pile,
    Theme,
    ThemeAct,
    ThemeActKind,
    ThemeAssignment,
    ThemeComment,
    ThemeFramework,
)
from webapp.web.format import moment, number, percent, plural
from webapp.web.text import shortened

MOST_RUNS = 20
"""Whose arrivals are told, the newest."""
MOST_PROPOSED = 10
"""Themes that a run's arrivals propose, the largest."""
SAID = 3
"""Statements of a proposed theme that are shown, so that nobody adds it by its title alone."""
LONGEST_SAID = 300
_PROPOSAL = re.compile(r"([0-9]{1,9}):([0-9]{1,4})")


@dataclass(frozen=True, slots=True)
class Proposed:
    """A theme that what does not fit proposes; `said` are some of its statements, for those who may read them."""

    name: str
    title: str
    size: str
    said: list[str]


@dataclass(frozen=True, slots=True)
class _Left:
    """What is left of a proposal: the numbers of its statements that still lie on the pile."""

    name: str
    title: str
    numbers: list[int]


@dataclass(frozen=True, slots=True)
class Brought:
    """One run's arrivals; `proposals` are the largest that it made."""

    sentence: str
    when: str
    gone: str
    proposals: list[Proposed]
    smaller: str


@dataclass(frozen=True, slots=True)
class ArrivalsPage:
    rows: list[tuple[str, ...]]
    read: str
    runs: list[Brought]


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers of the first run and of later ones: those in each theme, and all that were read.

    An answer that speaks of several themes is in each of them, so that shares of those read add up to more than one.
    """

    themes: Mapping[uuid.UUID, tuple[int, int]]
    first: int
    later: int


def counts(session: Session, of: ThemeFramework) -> Counted:
    answers = ThemeAssignment.answer_id.distinct()
    from_first = ThemeComment.part_id == of.part_id
    rows = session.execute(
        select(
            ThemeAssignment.theme_id,
            func.count(answers).filter(from_first),
            func.count(answers).filter(~from_first),
        )
        .join(ThemeAssignment.comment)
        .where(ThemeAssignment.framework_id == of.id, queries.still_counts(), queries.was_read())
        .group_by(func.rollup(ThemeAssignment.theme_id))
        .order_by(func.grouping(ThemeAssignment.theme_id), ThemeAssignment.theme_id)
    )
    *places, (_, all_old, all_new) = rows
    return Counted({theme_id: (old, new) for theme_id, old, new in places if theme_id}, all_old, all_new)


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


def theme_of_all(session: Session, of: ThemeFramework, numbers: Sequence[int]) -> uuid.UUID | None:
    """The theme in which all of them stand, if they stand in one."""
    found = set(sorting.places(session, of, numbers).values())
    place = found.pop() if len(found) == 1 else None
    return place if isinstance(place, uuid.UUID) else None


def left_of(session: Session, of: ThemeFramework, brought: Sequence[ThemeAct]) -> list[list[_Left]]:
    """Of each run the largest of the themes that it proposed, without what somebody has taken off the pile since."""
    numbers = {number for act in brought for each in act.detail["proposed"] for number in each["numbers"]}
    there = still_unlike(session, of, sorted(numbers))
    found = []
    for act in brought:
        proposed = (
            _Left(f"{act.number}:{place}", each["title"], [number for number in each["numbers"] if number in there])
            for place, each in enumerate(act.detail["proposed"])
        )
        found.append([each for each in proposed if each.numbers])
    return found


def said(session: Session, of: ThemeFramework, left: Sequence[Sequence[_Left]]) -> dict[int, str]:
    """The first statements of each theme that is proposed, by their numbers, as far as they still count."""
    numbers = {number for own in left for each in own[:MOST_PROPOSED] for number in each.numbers[:SAID]}
    texts = {number: " ".join(each.text.split()) for number, each in statements.numbered(session, of, numbers).items()}
    return {number: shortened(text, LONGEST_SAID) for number, text in texts.items()}


def page(
    themes: Sequence[Theme],
    counted: Counted,
    brought: Sequence[ThemeAct],
    left: Sequence[Sequence[_Left]],
    told_of: Mapping[int, str],
) -> ArrivalsPage:
    """`told_of` has what statements say, by their numbers; without them no words are shown."""
    return ArrivalsPage(
        rows=[
            (theme.title, number(old), number(new), _share(old, counted.first), _share(new, counted.later))
            for theme in themes
            for old, new in [counted.themes.get(theme.id, (0, 0))]
        ],
        read=(
            f"Shares are of the answers that were read: {number(counted.first)} from the first run, "
            f"{number(counted.later)} since then. An answer that speaks of several themes is counted in each."
        ),
        runs=[_brought(act, own, told_of) for act, own in zip(brought, left, strict=True)],
    )


def _share(answers: int, read: int) -> str:
    return percent(answers / read) if read else "–"


def _brought(act: ThemeAct, proposed: Sequence[_Left], told_of: Mapping[int, str]) -> Brought:
    gone, smaller = act.detail["gone"], len(proposed) - MOST_PROPOSED
    return Brought(
        sentence=told(act),
        when=moment(act.done_at),
        gone=f"{plural(gone, 'answer')} {'was' if gone == 1 else 'were'} amended or withdrawn" if gone else "",
        proposals=[
            Proposed(
                each.name,
                each.title,
                plural(len(each.numbers), "statement"),
                [told_of[number] for number in each.numbers[:SAID] if number in told_of],
            )
            for each in proposed[:MOST_PROPOSED]
        ],
        smaller=f"And {plural(smaller, 'smaller one')}, of what is on the pile." if smaller > 0 else "",
    )
