"""What a framework has to teach: the statements that people confirmed or moved, beside those that nobody has placed."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from intelligence import Comment
from webapp.analysis.themes.queries import by_a_person, still_counts
from webapp.models import Answer, Pile, ThemeAssignment, ThemeComment, ThemeFramework

FEWEST_TAUGHT = 10
"""Statements placed by people; with fewer, how often a guess is right cannot be told."""

FEWEST_THEMES = 2


@dataclass(frozen=True, slots=True)
class Taught:
    """How many statements people have placed, and in how many themes."""

    statements: int
    themes: int

    @property
    def is_enough(self) -> bool:
        return self.statements >= FEWEST_TAUGHT and self.themes >= FEWEST_THEMES


@dataclass(frozen=True, slots=True)
class Lesson:
    """Statements as the engine's comments, by the number of their strongest assignment.

    `placed` has the themes in which people put statements, none for those they set aside; `stood` has, for each of the
    others, the places of its assignments by their numbers, the strongest first.
    """

    statements: Sequence[Comment]
    placed: Mapping[str, Sequence[str]]
    stood: Mapping[str, Mapping[int, str]]
    seed: int


class _Said(NamedTuple):
    row: ThemeAssignment
    by_hand: bool
    organisation_id: uuid.UUID
    text: str


def taught(session: Session, of: ThemeFramework) -> Taught:
    span = func.row(ThemeAssignment.answer_id, ThemeAssignment.start, ThemeAssignment.stop)
    statements, themes = session.execute(
        select(func.count(span.distinct()), func.count(ThemeAssignment.theme_id.distinct()))
        .select_from(ThemeAssignment)
        .join(ThemeAssignment.comment)
        .where(_counts(of), by_a_person())
    ).one()
    return Taught(statements, themes)


def lesson_of(session: Session, framework: ThemeFramework) -> Lesson:
    """Statements that were set aside before anybody looked for themes teach nothing, and are proposed nothing."""
    rows = session.execute(
        select(ThemeAssignment, by_a_person(), ThemeComment.organisation_id, Answer.value)
        .join(ThemeAssignment.comment)
        .join(Answer, Answer.id == ThemeComment.answer_id)
        .where(_counts(framework))
        .order_by(ThemeAssignment.strength.desc(), ThemeAssignment.number)
    )
    said: defaultdict[tuple[uuid.UUID, int, int], list[_Said]] = defaultdict(list)
    for row, by_hand, organisation_id, text in rows:
        said[row.answer_id, row.start, row.stop].append(_Said(row, by_hand, organisation_id, text))
    statements, placed, stood = [], {}, {}
    for (_, start, stop), own in sorted(said.items()):
        first, key = own[0], str(own[0].row.number)
        statements.append(Comment(key, str(first.organisation_id), framework.question_key, first.text[start:stop]))
        if any(each.by_hand for each in own):
            placed[key] = sorted({str(each.row.theme_id) for each in own if each.by_hand and each.row.theme_id})
        else:
            stood[key] = {each.row.number: stands_in(each.row) for each in own}
    return Lesson(statements, placed, stood, framework.part.run.seed)


def stands_in(row: ThemeAssignment) -> str:
    """The theme's id or the pile's name."""
    return str(row.theme_id or row.pile)


def _counts(of: ThemeFramework) -> ColumnElement[bool]:
    """Of answers that count, what is in a theme, fits none, or was put aside by a person."""
    put_aside = (ThemeAssignment.pile == Pile.SET_ASIDE) & by_a_person()
    return and_(
        ThemeAssignment.framework_id == of.id,
        still_counts(),
        or_(ThemeAssignment.theme_id.is_not(None), ThemeAssignment.pile == Pile.DOES_NOT_FIT, put_aside),
    )
