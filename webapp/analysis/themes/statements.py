"""Statements of a framework, a page of them at a time, for those who may read responses."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, String, cast, func, select
from sqlalchemy.orm import Session, aliased

from webapp.analysis.themes.queries import is_unsure, still_counts
from webapp.analysis.themes.quotes import may_be_quoted
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Answer,
    Lot,
    Organisation,
    Person,
    Pile,
    Submission,
    Theme,
    ThemeAssignment,
    ThemeComment,
    ThemeFramework,
)


class Show(StrEnum):
    ALL = "all"
    UNSURE = "unsure"
    UNCONFIRMED = "unconfirmed"
    CONFIRMED = "confirmed"
    ARRIVED = "arrived"
    """In after the first themes were found."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements to list: those in a place, or in any theme; `joined` are themes shown as one with the place."""

    place: uuid.UUID | Pile | None = None
    joined: Sequence[uuid.UUID] = ()
    show: Show = Show.ALL
    words: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement as a person reads it, with the answer that it is part of."""

    row: ThemeAssignment
    answer: str
    organisation: Organisation
    response_id: uuid.UUID
    may_quote: bool
    lot: str | None
    run: int
    """The number of the run with which it arrived."""
    confirmed_by: str | None

    @property
    def text(self) -> str:
        return self.answer[self.row.start : self.row.stop]


def count(session: Session, of: ThemeFramework, wanted: Wanted) -> int:
    """How many statements are wanted."""
    found = _wanted(of, wanted).with_only_columns(ThemeAssignment.number, maintain_column_froms=True)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


def listed(session: Session, of: ThemeFramework, wanted: Wanted, *, limit: int, offset: int) -> list[Statement]:
    """The most typical first."""
    rows = session.execute(
        _with_source(of, _wanted(of, wanted))
        .order_by(ThemeAssignment.strength.desc(), ThemeAssignment.number.desc())
        .limit(limit)
        .offset(offset)
    )
    return [Statement(*row) for row in rows]


def numbered(session: Session, of: ThemeFramework, numbers: Iterable[int]) -> dict[int, Statement]:
    """Those of these numbers that still count, in a theme or on a pile."""
    found = _that_count(of).where(ThemeAssignment.number.in_(set(numbers)))
    rows = session.execute(_with_source(of, found).order_by(ThemeAssignment.number))
    return {row[0].number: Statement(*row) for row in rows}


def _with_source(of: ThemeFramework, found: Select[ThemeAssignment]) -> Select[Any]:
    confirmer = aliased(Person)
    return (
        found.join(Organisation, Organisation.id == ThemeComment.organisation_id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(AnalysisPart, AnalysisPart.id == ThemeComment.part_id)
        .join(AnalysisRun, AnalysisRun.id == AnalysisPart.run_id)
        .outerjoin(Lot, Lot.id == Answer.lot_id)
        .outerjoin(confirmer, confirmer.id == ThemeAssignment.confirmed_by)
        .add_columns(
            Answer.value,
            Organisation,
            Submission.response_id,
            may_be_quoted(of),
            Lot.code,
            AnalysisRun.number,
            confirmer.name,
        )
    )


def also_in(
    session: Session, of: ThemeFramework, statements: Sequence[Statement]
) -> dict[tuple[uuid.UUID, uuid.UUID], list[str]]:
    """The titles of the other themes to which each answer speaks, by the answer and the theme it is listed in."""
    answers = {each.row.answer_id for each in statements}
    rows = session.execute(
        select(ThemeAssignment.answer_id, Theme.id, Theme.title)
        .join(Theme, Theme.id == ThemeAssignment.theme_id)
        .where(ThemeAssignment.framework_id == of.id, ThemeAssignment.answer_id.in_(answers))
        .distinct()
        .order_by(ThemeAssignment.answer_id, Theme.title, Theme.id)
    )
    speaks_to: defaultdict[uuid.UUID, list[tuple[uuid.UUID, str]]] = defaultdict(list)
    for answer_id, theme_id, title in rows:
        speaks_to[answer_id].append((theme_id, title))
    listed_in = {(each.row.answer_id, each.row.theme_id) for each in statements}
    return {
        (answer_id, own): [title for theme_id, title in speaks_to[answer_id] if theme_id != own]
        for answer_id, own in listed_in
        if own is not None
    }


def _that_count(of: ThemeFramework) -> Select[ThemeAssignment]:
    return (
        select(ThemeAssignment)
        .join(ThemeAssignment.comment)
        .join(Answer, Answer.id == ThemeComment.answer_id)
        .where(ThemeAssignment.framework_id == of.id, still_counts())
    )


def _wanted(of: ThemeFramework, wanted: Wanted) -> Select[ThemeAssignment]:
    found = _that_count(of)
    match wanted.place:
        case None:
            found = found.where(ThemeAssignment.theme_id.is_not(None))
        case Pile():
            found = found.where(ThemeAssignment.pile == wanted.place)
        case _:
            found = found.where(ThemeAssignment.theme_id.in_((wanted.place, *wanted.joined)))
    match wanted.show:
        case Show.UNSURE:
            found = found.where(is_unsure())
        case Show.UNCONFIRMED:
            found = found.where(ThemeAssignment.confirmed_by.is_(None))
        case Show.CONFIRMED:
            found = found.where(ThemeAssignment.confirmed_by.is_not(None))
        case Show.ARRIVED:
            found = found.where(ThemeComment.part_id != of.part_id)
        case Show.ALL:
            pass
    for word in wanted.words:
        found = found.where(cast(Answer.value, String).icontains(word, autoescape=True))
    return found
