"""A page of what was learnt at a time: the database takes apart what may be tens of thousands of proposals."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, TableValuedAlias, Text, cast, column, func, literal, select
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from intelligence.files import from_json
from webapp.analysis.themes.learned import Unplaced
from webapp.analysis.themes.queries import waits_for_a_person
from webapp.models import Theme, ThemeAssignment, ThemeFramework, ThemeLearning, ThemeState


@dataclass(frozen=True, slots=True)
class LearnedInShort:
    """A :class:`LearnedThemes` with the number of its proposals in place of them."""

    proposals: int
    questions: tuple[Unplaced, ...]
    taught: int
    expected_f1: float
    unlikely: int


def in_short(session: Session, learning: ThemeLearning) -> LearnedInShort | None:
    """None until the worker has finished."""
    row = session.execute(
        select(
            func.jsonb_array_length(_value("proposals")),
            *map(_value, ("questions", "taught", "expected_f1", "unlikely")),
        ).where(ThemeLearning.id == learning.id, ThemeLearning.result.is_not(None))
    ).one_or_none()
    if row is None:
        return None
    proposals, questions, taught, expected_f1, unlikely = row
    asked = tuple(from_json(Unplaced, each) for each in questions)
    return LearnedInShort(proposals, asked, taught, expected_f1, unlikely or 0)


def count(session: Session, framework: ThemeFramework, learning: ThemeLearning) -> int:
    """How many proposals still stand."""
    return session.scalar(_standing(framework, learning, _proposal(), func.count())) or 0


def listed(
    session: Session, framework: ThemeFramework, learning: ThemeLearning, *, limit: int, offset: int
) -> list[Unplaced]:
    """Of the proposals that still stand those of a page, in the order in which the worker put them."""
    proposal = _proposal()
    page = _standing(framework, learning, proposal, proposal.c.value).order_by(proposal.c.place)
    return [from_json(Unplaced, each) for each in session.scalars(page.limit(limit).offset(offset))]


def to_accept(session: Session, learning: ThemeLearning, numbers: Collection[int]) -> list[Unplaced]:
    """The proposals about these statements and then every question, whether they still stand or not."""
    proposals, questions = _value("proposals"), _value("questions")
    each = _elements(proposals + questions)
    is_question = each.c.place > func.jsonb_array_length(proposals)
    rows = session.scalars(
        select(each.c.value)
        .select_from(ThemeLearning)
        .join(each, _number(each).in_(numbers) | is_question)
        .where(ThemeLearning.id == learning.id)
        .order_by(each.c.place)
    )
    return [from_json(Unplaced, each) for each in rows]


def _value(name: str) -> ColumnElement[Any]:
    return ThemeLearning.result["value"][name]


def _proposal() -> TableValuedAlias:
    return _elements(_value("proposals"))


def _elements(stored: ColumnElement[Any]) -> TableValuedAlias:
    elements = func.jsonb_array_elements(stored)
    return elements.table_valued(column("value", JSONB), with_ordinality="place", name="proposal").render_derived()


def _number(proposal: TableValuedAlias) -> ColumnElement[int]:
    return cast(proposal.c.value["number"], Integer)


def _standing(
    framework: ThemeFramework, learning: ThemeLearning, proposal: TableValuedAlias, what: ColumnElement[Any]
) -> Select[Any]:
    """Proposals about statements that `teaching.still_standing` finds too, to themes that are kept.

    A question may be about any theme, so that it stands whether the theme guessed is kept or not. Each statement is
    looked up by its key, which OFFSET 0 sees to.
    """
    statement = (
        select(func.coalesce(cast(ThemeAssignment.theme_id, Text), cast(ThemeAssignment.pile, Text)).label("place"))
        .where(waits_for_a_person(framework), ThemeAssignment.number == _number(proposal))
        .offset(0)
        .lateral()
    )
    themes = select(cast(Theme.id, Text)).where(Theme.framework_id == framework.id, Theme.state == ThemeState.KEPT)
    return (
        select(what)
        .select_from(ThemeLearning)
        .join(proposal, literal(True))
        .join(statement, statement.c.place == proposal.c.value["stood"].astext)
        .where(ThemeLearning.id == learning.id, proposal.c.value["guess"]["theme_id"].astext.in_(themes))
    )
