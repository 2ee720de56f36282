"""Answers that come in after somebody has worked on the themes: they are assigned, and nothing old is touched.

Only the worker does this.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from intelligence import Comment
from intelligence.text.sides import side_of
from intelligence.text.signed import AssignedThemes
from intelligence.text.themes import Assignment
from webapp.analysis.themes import building, log, moves
from webapp.analysis.themes.comparing import Comparison, is_among, known_answers, not_overtaken
from webapp.models import (
    AnalysisPart,
    Origin,
    Pile,
    Side,
    Theme,
    ThemeActKind,
    ThemeAssignment,
    ThemeComment,
    ThemeFile,
    ThemeFramework,
)

FEWEST_PROPOSING = 3
"""Statements that propose a theme: two are read as fast as they are decided on."""


def take_in(
    session: Session,
    *,
    framework: ThemeFramework,
    part: AnalysisPart,
    comparison: Comparison,
    assigned: AssignedThemes,
    now: datetime,
) -> None:
    """Add what arrived. Another run that took the same in meanwhile is noticed, and so is a theme that went.

    A run that a later one has overtaken brings nothing.
    """
    log.begin(session, framework)
    if building.knows_later(session, framework, part.run.number):
        return
    known = known_answers(session, framework)
    left = not_overtaken(session, framework, comparison)
    comments = [comment for comment in left.new if uuid.UUID(comment.id) not in known]
    _take_for_the_same(session, framework, left.again, known)
    if not comments and not left.gone:
        return
    _count_no_more(session, framework, part, left.gone)
    session.execute(delete(ThemeFile).where(ThemeFile.framework_id == framework.id))  # they may hold what is gone
    rows = _bring(session, framework, part, comments, assigned)
    unlike = {str(row["answer_id"]): row["number"] for row in rows if row["pile"] is Pile.DOES_NOT_FIT}
    log.record(
        session,
        framework,
        ThemeActKind.ARRIVED,
        actor=None,
        now=now,
        touched={row["theme_id"] for row in rows if row["theme_id"]},
        run=part.run.number,
        answers=len(comments),
        assigned=len({row["answer_id"] for row in rows if row["theme_id"]}),
        does_not_fit=len(unlike),
        set_aside=sum(row["pile"] is Pile.SET_ASIDE for row in rows),
        gone=len(left.gone),
        proposed=_proposed(assigned, unlike),
    )


def _bring(
    session: Session,
    framework: ThemeFramework,
    part: AnalysisPart,
    comments: Sequence[Comment],
    assigned: AssignedThemes,
) -> list[dict[str, Any]]:
    """Add the comments and where their statements stand, numbered on from the last; the rows of those."""
    building.add_comments(session, framework, part, comments)
    last = session.scalar(select(func.max(ThemeAssignment.number)).where(ThemeAssignment.framework_id == framework.id))
    rows = list(_rows(session, framework, comments, assigned, (last or 0) + 1))
    building.add_assignments(session, iter(rows))
    return rows


def _take_for_the_same(
    session: Session, framework: ThemeFramework, again: Mapping[uuid.UUID, Comment], known: Mapping[uuid.UUID, bool]
) -> None:
    """Have what stands of an answer be of the one in the same words, and be quoted as that agrees to."""
    for before, comment in again.items():
        now = uuid.UUID(comment.id)
        if not known.get(before) or now in known:
            continue
        row = session.get_one(ThemeComment, (framework.id, before))
        copied = {"framework_id": framework.id, "organisation_id": row.organisation_id, "part_id": row.part_id}
        session.execute(insert(ThemeComment).values(**copied, answer_id=now, may_quote=comment.may_quote))
        session.execute(
            update(ThemeAssignment)
            .where(ThemeAssignment.framework_id == framework.id, ThemeAssignment.answer_id == before)
            .values(answer_id=now)
        )
        session.delete(row)
        session.flush()


def _count_no_more(
    session: Session, framework: ThemeFramework, part: AnalysisPart, gone: Collection[uuid.UUID]
) -> None:
    """Answers that were amended or withdrawn stay where they are, and no draft counts them."""
    session.execute(
        update(ThemeComment)
        .where(is_among(framework, gone), ThemeComment.gone_part_id.is_(None))
        .values(gone_part_id=part.id)
    )


def _rows(
    session: Session, framework: ThemeFramework, comments: Sequence[Comment], assigned: AssignedThemes, first: int
) -> Iterator[dict[str, Any]]:
    texts = {comment.id: comment.text for comment in comments}
    speaking = list(_speaking(log.themes_of(session, framework), assigned))
    number = first
    for one, theme, doubtful in speaking:
        if one.comment_id not in texts:
            continue
        yield {
            "framework_id": framework.id,
            "number": number,
            "answer_id": uuid.UUID(one.comment_id),
            "start": one.start,
            "stop": one.end,
            "theme_id": theme.id,
            "pile": None,
            "reason": None,
            "strength": one.strength,
            "side": Side(side_of(texts[one.comment_id][one.start : one.end]).value),
            "unsure": doubtful,
            "origin": Origin.ASSIGNED,
        }
        number += 1
    spoke = {one.comment_id for one, _, _ in speaking}
    homeless = dict.fromkeys(one.comment_id for one in assigned.assignments if one.comment_id not in spoke)
    aside = [(each.comment_id, Pile.SET_ASIDE, each.reason.value) for each in assigned.set_aside]
    unlike = [(comment_id, Pile.DOES_NOT_FIT, None) for comment_id in (*homeless, *assigned.does_not_fit)]
    for comment_id, pile, reason in (*aside, *unlike):
        if comment_id in texts:
            yield building.on_pile(framework, number, comment_id, len(texts[comment_id]), pile, reason)
            number += 1


def _speaking(themes: dict[uuid.UUID, Theme], assigned: AssignedThemes) -> Iterator[tuple[Assignment, Theme, bool]]:
    """What is said to themes that are still kept, a statement once in each, and whether that is unsure."""
    there: set[tuple[str, int, int, uuid.UUID]] = set()
    for one, doubtful in zip(assigned.assignments, building.unsure(assigned.assignments), strict=True):
        theme = moves.now_in(themes, uuid.UUID(one.theme_id))
        if theme is None or (place := (one.comment_id, one.start, one.end, theme.id)) in there:
            continue
        there.add(place)
        yield one, theme, doubtful


def _proposed(assigned: AssignedThemes, numbers: dict[str, int]) -> list[dict[str, Any]]:
    """The themes found among what does not fit, the largest first, each with the numbers of what speaks to it most."""
    if assigned.proposed is None:
        return []
    mains: dict[str, str] = {}
    for one in assigned.proposed.assignments:
        mains.setdefault(one.comment_id, one.theme_id)  # the main theme comes first
    of_theme: defaultdict[str, list[int]] = defaultdict(list)
    for comment_id, theme_id in mains.items():
        if comment_id in numbers:
            of_theme[theme_id].append(numbers[comment_id])
    proposed = [
        {"title": theme.title, "numbers": sorted(of_theme[theme.id])}
        for theme in assigned.proposed.themes
        if len(of_theme[theme.id]) >= FEWEST_PROPOSING
    ]
    return sorted(proposed, key=lambda theme: -len(theme["numbers"]))
