"""How much stands in a framework. Every page, file and signature that says how many takes the figure from here."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import case, func, null, select
from sqlalchemy.orm import Session

from webapp.analysis.themes.queries import is_unsure
from webapp.models import Origin, Pile, Theme, ThemeAssignment, ThemeComment, ThemeFramework, ThemeState


@dataclass(frozen=True, slots=True)
class Tally:
    """What counts in a framework.

    A statement is what an answer says to one theme, its whole text or a part of it: an answer that speaks of several
    themes has a statement in each. `statements` are those in themes: `confirmed` by a person, `placed` by a person who
    has not confirmed them there, and the others, which are proposed. `left_out` are those on a pile, by the reason for
    it, which is none where a person put them there. `withdrawn` answers were amended or withdrawn and count nowhere.
    """

    answers: int = 0
    providers: int = 0
    withdrawn: int = 0
    themes: int = 0
    statements: int = 0
    confirmed: int = 0
    placed: int = 0
    unsure: int = 0
    left_out: Mapping[Pile, Mapping[str | None, int]] = field(default_factory=dict)

    @property
    def proposed(self) -> int:
        return self.statements - self.confirmed - self.placed

    def on_pile(self, pile: Pile) -> int:
        return sum(self.left_out.get(pile, {}).values())


def tally(session: Session, framework: ThemeFramework) -> Tally:
    return tallies(session, [framework])[framework.id]


def tallies(session: Session, frameworks: Sequence[ThemeFramework]) -> dict[uuid.UUID, Tally]:
    """Of each framework, in as many queries however many there are."""
    ids = [framework.id for framework in frameworks]
    themes = _themes(session, ids)
    answers, in_themes, piles = _answers(session, ids), _in_themes(session, ids), _piles(session, ids)
    return {
        key: Tally(*answers.get(key, (0, 0, 0)), themes.get(key, 0), *in_themes.get(key, (0, 0, 0, 0)), piles[key])
        for key in ids
    }


def _themes(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, int]:
    rows = session.execute(
        select(Theme.framework_id, func.count().label("themes"))
        .where(Theme.framework_id.in_(ids), Theme.state == ThemeState.KEPT)
        .group_by(Theme.framework_id)
    )
    return {row.framework_id: row.themes for row in rows}


def _answers(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int, int]]:
    counts = ThemeComment.gone_part_id.is_(None)
    rows = session.execute(
        select(
            ThemeComment.framework_id,
            func.count().filter(counts),
            func.count(ThemeComment.organisation_id.distinct()).filter(counts),
            func.count().filter(~counts),
        )
        .where(ThemeComment.framework_id.in_(ids))
        .group_by(ThemeComment.framework_id)
    )
    return {key: (answers, providers, withdrawn) for key, answers, providers, withdrawn in rows}


def _in_themes(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, tuple[int, int, int, int]]:
    open_ = ThemeAssignment.confirmed_by.is_(None)
    rows = session.execute(
        select(
            ThemeAssignment.framework_id,
            func.count(),
            func.count(ThemeAssignment.confirmed_by),
            func.count().filter(open_, ThemeAssignment.origin == Origin.PERSON),
            func.count().filter(is_unsure()),
        )
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id.in_(ids),
            ThemeAssignment.theme_id.is_not(None),
            ThemeComment.gone_part_id.is_(None),
        )
        .group_by(ThemeAssignment.framework_id)
    )
    return {key: (statements, confirmed, placed, unsure) for key, statements, confirmed, placed, unsure in rows}


def _piles(session: Session, ids: Sequence[uuid.UUID]) -> dict[uuid.UUID, dict[Pile, dict[str | None, int]]]:
    """Without those dropped, which count nowhere."""
    by_a_person = ThemeAssignment.origin == Origin.PERSON
    reason = case((by_a_person, null()), else_=ThemeAssignment.reason).label("why")
    rows = session.execute(
        select(ThemeAssignment.framework_id, ThemeAssignment.pile, reason, func.count())
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id.in_(ids),
            ThemeAssignment.pile.in_((Pile.SET_ASIDE, Pile.DOES_NOT_FIT)),
            ThemeComment.gone_part_id.is_(None),
        )
        .group_by(ThemeAssignment.framework_id, ThemeAssignment.pile, reason)
        .order_by(ThemeAssignment.framework_id, ThemeAssignment.pile, reason)
    )
    piles: dict[uuid.UUID, dict[Pile, dict[str | None, int]]] = {key: defaultdict(dict) for key in ids}
    for key, pile, why, count in rows:
        if pile is not None:
            piles[key][pile][why] = count
    return piles
