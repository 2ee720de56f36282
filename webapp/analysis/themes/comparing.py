"""What a run has read beside what a framework holds: new answers, those gone, those in the same words, and its themes.

Only the worker does this.
"""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import ColumnElement, and_, any_, func, literal, select
from sqlalchemy.dialects.postgresql import ARRAY, UUID
from sqlalchemy.orm import Session, aliased

from intelligence import Comment
from intelligence.compute import Backend, Workers
from intelligence.files import from_json
from intelligence.text.assign import assign_themes
from intelligence.text.signed import EXAMPLES, AssignedThemes, SignedTheme, SignedThemes
from webapp.analysis.themes import moves
from webapp.analysis.themes.queries import still_counts
from webapp.analysis.themes.standing import standing_of
from webapp.analysis.themes.versions import Placed, summary_of
from webapp.models import Answer, Submission, ThemeAssignment, ThemeComment, ThemeFramework, ThemeVersion


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
    known = known_answers(session, framework)
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
        .where(is_among(framework, gone), still_counts())
        .order_by(ThemeComment.answer_id)
    )
    return {answer_id: same.pop() for answer_id, by, text in rows if (same := said[str(by), text])}


def is_among(framework: ThemeFramework, answers: Collection[uuid.UUID]) -> ColumnElement[bool]:
    """Of the framework the comments on these answers, as one parameter however many they are."""
    among = ThemeComment.answer_id == any_(literal(list(answers), ARRAY(UUID(as_uuid=True))))
    return and_(ThemeComment.framework_id == framework.id, among)


def known_answers(session: Session, framework: ThemeFramework) -> dict[uuid.UUID, bool]:
    """The answers in the framework, and whether they still count."""
    rows = session.execute(
        select(ThemeComment.answer_id, ThemeComment.gone_part_id).where(ThemeComment.framework_id == framework.id)
    )
    return {answer_id: gone is None for answer_id, gone in rows}


def not_overtaken(session: Session, framework: ThemeFramework, comparison: Comparison) -> Comparison:
    """What is left of it where a later submission of the same response is held already.

    A later run may have taken in what it found for the same, so that nothing else tells of it.
    """
    overtaken = _overtaken(session, framework, [*comparison.new, *comparison.again.values()])
    return replace(
        comparison,
        new=[comment for comment in comparison.new if uuid.UUID(comment.id) not in overtaken],
        again={before: same for before, same in comparison.again.items() if uuid.UUID(same.id) not in overtaken},
        gone=set(comparison.gone).difference(*overtaken.values()),
    )


def _overtaken(
    session: Session, framework: ThemeFramework, comments: Sequence[Comment]
) -> dict[uuid.UUID, Collection[uuid.UUID]]:
    """Of these answers those of a submission before the one that is held, with what is held of the same response."""
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


def _signed(session: Session, framework: ThemeFramework) -> SignedThemes | None:
    """The signed version that counts, as the engine knows such themes; without one, what stands."""
    version = session.get(ThemeVersion, (framework.id, framework.official)) if framework.official else None
    return _as_it_stands(session, framework) if version is None else _as_signed(session, framework, version)


def _as_signed(session: Session, framework: ThemeFramework, version: ThemeVersion) -> SignedThemes:
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


def _as_it_stands(session: Session, framework: ThemeFramework) -> SignedThemes | None:
    """Each theme by what speaks to it most; those that nothing speaks to are none."""
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
