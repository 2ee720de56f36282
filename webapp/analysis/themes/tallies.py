"""How much stands in a framework. Every page, file and signature that says how many takes the figure from here."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from sqlalchemy import Subquery, case, func, null, or_, select
from sqlalchemy.orm import Session

from webapp.analysis.themes.queries import Figures, is_unsure, is_withdrawn, still_counts, was_read
from webapp.models import Origin, Pile, Theme, ThemeAssignment, ThemeComment, ThemeFramework, ThemeState


@dataclass(frozen=True, slots=True)
class Tally(Figures):
    """What counts in a framework.

    A statement is what an answer says to one theme, its whole text or a part of it: an answer that speaks of several
    themes has a statement in each. `statements` are those in themes: `confirmed` by a person, `placed` by a person who
    has not confirmed them there, and the others, which are proposed. `left_out` are those on a pile, by the reason for
    it, which is none where a person put them there. Of the `answers`, `read` were read for themes and not set aside
    before. `withdrawn` answers were amended or withdrawn and count nowhere; `withdrawn_responses` are those that no run
    has noticed yet.
    """

    placed: int = 0
    read: int = 0
    withdrawn: int = 0
    withdrawn_responses: int = 0
    themes: int = 0
    left_out: Mapping[Pile, Mapping[str | None, int]] = field(default_factory=dict)

    @property
    def proposed(self) -> int:
        return self.statements - self.confirmed - self.placed

    def on_pile(self, pile: Pile) -> int:
        return sum(self.left_out.get(pile, {}).values())


WHOLE = ("answers", "providers", "read", "withdrawn", "withdrawn_responses", "themes")
"""Figures of a framework that no pile or reason divides."""


def tally(session: Session, framework: ThemeFramework) -> Tally:
    return tallies(session, [framework])[framework.id]


def tallies(session: Session, frameworks: Sequence[ThemeFramework]) -> dict[uuid.UUID, Tally]:
    """Of each framework, in one query however many there are."""
    ids = [framework.id for framework in frameworks]
    answers, read, said = _answers(ids), _read(ids), _said(ids)
    themes = select(func.count()).where(Theme.framework_id == ThemeFramework.id, Theme.state == ThemeState.KEPT)
    rows = session.execute(
        select(
            ThemeFramework.id,
            themes.scalar_subquery().label("themes"),
            *(func.coalesce(column, 0).label(column.name) for column in answers.c[1:]),
            func.coalesce(read.c.read, 0).label("read"),
            *said.c[1:],
        )
        .outerjoin(answers, answers.c.framework_id == ThemeFramework.id)
        .outerjoin(read, read.c.framework_id == ThemeFramework.id)
        .outerjoin(said, said.c.framework_id == ThemeFramework.id)
        .where(ThemeFramework.id.in_(ids))
        .order_by(ThemeFramework.id, said.c.pile, said.c.why)
    )
    found: dict[uuid.UUID, Tally] = {}
    piles: dict[uuid.UUID, dict[Pile, dict[str | None, int]]] = {key: defaultdict(dict) for key in ids}
    for row in rows:
        whole = {name: getattr(row, name) for name in WHOLE}
        tally = found.setdefault(row.id, Tally(**whole, left_out=piles[row.id]))
        if row.pile is not None:
            piles[row.id][row.pile][row.why] = row.statements
        elif row.statements is not None:
            in_themes = {name: getattr(row, name) for name in ("statements", "confirmed", "placed", "unsure")}
            found[row.id] = replace(tally, **in_themes)
    return found


def _answers(ids: Sequence[uuid.UUID]) -> Subquery:
    counts = still_counts()
    return (
        select(
            ThemeComment.framework_id,
            func.count().filter(counts).label("answers"),
            func.count(ThemeComment.organisation_id.distinct()).filter(counts).label("providers"),
            func.count().filter(~counts).label("withdrawn"),
            func.count(ThemeComment.organisation_id.distinct())
            .filter(ThemeComment.gone_part_id.is_(None), is_withdrawn())
            .label("withdrawn_responses"),
        )
        .where(ThemeComment.framework_id.in_(ids))
        .group_by(ThemeComment.framework_id)
        .subquery()
    )


def _read(ids: Sequence[uuid.UUID]) -> Subquery:
    return (
        select(ThemeAssignment.framework_id, func.count(ThemeAssignment.answer_id.distinct()).label("read"))
        .join(ThemeAssignment.comment)
        .where(ThemeAssignment.framework_id.in_(ids), still_counts(), was_read())
        .group_by(ThemeAssignment.framework_id)
        .subquery()
    )


def _said(ids: Sequence[uuid.UUID]) -> Subquery:
    """The statements in themes, and those on each pile by the reason; without those dropped, which count nowhere."""
    by_a_person = ThemeAssignment.origin == Origin.PERSON
    open_ = ThemeAssignment.confirmed_by.is_(None)
    why = case((or_(by_a_person, ThemeAssignment.pile.is_(None)), null()), else_=ThemeAssignment.reason).label("why")
    return (
        select(
            ThemeAssignment.framework_id,
            ThemeAssignment.pile,
            why,
            func.count().label("statements"),
            func.count(ThemeAssignment.confirmed_by).label("confirmed"),
            func.count().filter(open_, by_a_person).label("placed"),
            func.count().filter(is_unsure()).label("unsure"),
        )
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id.in_(ids),
            ThemeAssignment.pile.is_distinct_from(Pile.DROPPED),
            still_counts(),
        )
        .group_by(ThemeAssignment.framework_id, ThemeAssignment.pile, why)
        .subquery()
    )
