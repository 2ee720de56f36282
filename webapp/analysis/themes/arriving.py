"""Answers that come in after somebody has worked on the themes: they are assigned, and nothing old is touched.

Only the worker does this.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, any_, delete, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Session, aliased

from intelligence import Comment
from intelligence.compute import Backend, Workers
from intelligence.files import from_json
from intelligence.text.assign import assign_themes
from intelligence.text.sides import side_of
from intelligence.text.signed import EXAMPLES, AssignedThemes, SignedTheme, SignedThemes
from intelligence.text.themes import Assignment
from webapp.analysis.themes import building, log, moves
from webapp.analysis.themes.queries import still_counts
from webapp.analysis.themes.standing import standing_of
from webapp.analysis.themes.versions import Placed, summary_of
from webapp.models import (
    AnalysisPart,
    Answer,
    Origin,
    Pile,
    Side,
    Submission,
    Theme,
    ThemeActKind,
    ThemeAssignment,
    ThemeComment,
    ThemeFile,
    ThemeFramework,
    ThemeVersion,
)

FEWEST_PROPOSING = 3
"""Statements that propose a theme: two are read as fast as they are decided on."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """A run's comments beside those of a framework: what is new, what is gone, and the themes to compare with.

    `again` has what a provider has submitted again in the same words, by the answer that it had submitted before.
    """

    new: Sequence[Comment]
    gone: Collection[uuid.UUID]
    again: Mapping[uuid.UUID, Comment]
    signed: SignedThemes | None

    def assign(self, *, seed: int, threads: int) -> AssignedThemes:
        """Takes a while, and nothing of the database."""
        if not self.new or self.signed is None:
            return AssignedThemes((), tuple(comment.id for comment in self.new), (), None)
        return assign_themes(self.new, self.signed, seed=seed, workers=Workers(Backend.THREADS, threads))


def compare(session: Session, framework: ThemeFramework, comments: Sequence[Comment]) -> Comparison:
    known = _known(session, framework)
    present = {uuid.UUID(comment.id) for comment in comments}
    new = [comment for comment in comments if uuid.UUID(comment.id) not in known]
    gone = [answer_id for answer_id, counts in known.items() if counts and answer_id not in present]
    again = _again(session, framework, new, gone)
    same = {comment.id for comment in again.values()}
    return Comparison(
        new=[comment for comment in new if comment.id not in same],
        gone=[answer_id for answer_id in gone if answer_id not in again],
        again=again,
        signed=_signed(session, framework),
    )


def _again(
    session: Session, framework: ThemeFramework, new: Sequence[Comment], gone: Sequence[uuid.UUID]
) -> dict[uuid.UUID, Comment]:
    """Whoever amends one answer submits all of them again; the others are what people have sorted already.

    What was withdrawn meanwhile counts no more already, so that its return is told as any answer's.
    """
    said: defaultdict[tuple[str, str], list[Comment]] = defaultdict(list)
    for comment in new:
        said[comment.provider_id, comment.text].append(comment)
    rows = session.execute(
        select(ThemeComment.answer_id, ThemeComment.organisation_id, Answer.value)
        .join(ThemeComment.answer)
        .where(_is_among(framework, gone), still_counts())
        .order_by(ThemeComment.answer_id)
    )
    return {answer_id: same.pop() for answer_id, by, text in rows if (same := said[str(by), text])}


def _is_among(framework: ThemeFramework, answers: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Of the framework the comments on these answers, as one parameter however many they are."""
    among = ThemeComment.answer_id == any_(literal(list(answers), ARRAY(UUID(as_uuid=True))))
    return and_(ThemeComment.framework_id == framework.id, among)


def _known(session: Session, framework: ThemeFramework) -> dict[uuid.UUID, bool]:
    """The answers in the framework, and whether they still count."""
    rows = session.execute(
        select(ThemeComment.answer_id, ThemeComment.gone_part_id).where(ThemeComment.framework_id == framework.id)
    )
    return {answer_id: gone is None for answer_id, gone in rows}


def _signed(session: Session, framework: ThemeFramework) -> SignedThemes | None:
    """The signed version that counts, as the engine knows such themes; without one, what stands."""
    version = session.get(ThemeVersion, (framework.id, framework.official)) if framework.official else None
    if version is not None:
        numbers = from_json(Placed, version.placed).themes
        texts = _texts(session, framework, [each for own in numbers.values() for each in own[:EXAMPLES]])
        themes = [
            SignedTheme(
                theme.id,
                theme.title,
                (*theme.examples, *(texts[each] for each in numbers.get(theme.id, ())[:EXAMPLES])),
                theme.description,
            )
            for theme in summary_of(version).themes
        ]
        return SignedThemes(tuple(themes))
    standing = standing_of(session, framework)
    answers = {comment.id: comment.text for comment in standing.comments}
    said: defaultdict[uuid.UUID | None, list[str]] = defaultdict(list)
    for one in sorted(standing.assignments, key=lambda one: (-one.strength, one.number)):
        said[one.theme_id].append(answers[str(one.answer_id)][one.start : one.stop])
    examples = {theme.id: (*theme.examples, *said[theme.id][:EXAMPLES]) for theme in standing.themes}
    told = tuple(
        SignedTheme(str(theme.id), theme.title, examples[theme.id], theme.description)
        for theme in standing.themes
        if any(example.strip() for example in examples[theme.id])
    )
    return SignedThemes(told) if told else None


def _texts(session: Session, framework: ThemeFramework, numbers: Sequence[int]) -> dict[int, str]:
    rows = session.execute(
        select(ThemeAssignment.number, ThemeAssignment.start, ThemeAssignment.stop, Answer.value)
        .join(Answer, Answer.id == ThemeAssignment.answer_id)
        .where(ThemeAssignment.framework_id == framework.id, moves.among(numbers))
    )
    return {number: answer[start:stop] for number, start, stop, answer in rows}


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
    known = _known(session, framework)
    overtaken = _overtaken(session, framework, [*comparison.new, *comparison.again.values()])
    comments = [each for each in comparison.new if uuid.UUID(each.id) not in known.keys() | overtaken.keys()]
    again = {before: each for before, each in comparison.again.items() if uuid.UUID(each.id) not in overtaken}
    gone = set(comparison.gone).difference(*overtaken.values())
    _take_for_the_same(session, framework, again, known)
    if not comments and not gone:
        return
    _count_no_more(session, framework, part, gone)
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
        gone=len(gone),
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


def _overtaken(
    session: Session, framework: ThemeFramework, comments: Sequence[Comment]
) -> dict[uuid.UUID, Collection[uuid.UUID]]:
    """Of these answers those of a submission before the one that is held, with what is held of the same response.

    A later run may have taken in what it found for the same, so that nothing else tells of it.
    """
    read, submitted, held, held_in = aliased(Answer), aliased(Submission), aliased(Answer), aliased(Submission)
    rows = session.execute(
        select(read.id, func.array_agg(held.id))
        .join(submitted, submitted.id == read.submission_id)
        .join(held_in, (held_in.response_id == submitted.response_id) & (held_in.number > submitted.number))
        .join(held, held.submission_id == held_in.id)
        .join(ThemeComment, ThemeComment.answer_id == held.id)
        .where(
            read.id == any_(literal([uuid.UUID(each.id) for each in comments], ARRAY(UUID(as_uuid=True)))),
            ThemeComment.framework_id == framework.id,
            ThemeComment.gone_part_id.is_(None),
        )
        .group_by(read.id)
    )
    return dict(rows.all())


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
        .where(_is_among(framework, gone), ThemeComment.gone_part_id.is_(None))
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
