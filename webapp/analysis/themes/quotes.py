"""Quotes for themes, from nobody who did not agree to be quoted, agrees no more, or has withdrawn what it said."""

from __future__ import annotations

import re
import uuid
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, SQLColumnExpression, Subquery, exists, func, select
from sqlalchemy.orm import Session, aliased

from webapp.analysis.themes.queries import still_counts
from webapp.models import (
    Answer,
    Measure,
    Question,
    Response,
    Submission,
    ThemeAssignment,
    ThemeComment,
    ThemeFramework,
    Withdrawal,
)
from webapp.web.text import shortened

LONGEST_QUOTE = 300
READ = 4
"""Statements read for each quote, of which those that read alike are quoted once."""
ALIKE = 0.7
"""Share of all their words that two quotes have in common from which one of them is enough."""

_SENTENCE_END = re.compile(r"[.!?](?=\s|$)|\n")


def quotes_of(
    session: Session, framework: ThemeFramework, themes: Collection[uuid.UUID], *, most: int
) -> dict[uuid.UUID, list[str]]:
    """For each theme whole sentences of providers that may be quoted: confirmed ones first, one of each provider."""
    quotes: dict[uuid.UUID, list[str]] = {}
    for theme_id, quote in _quotable(session, framework, themes, ThemeAssignment.strength.desc(), most * READ):
        own = quotes.setdefault(theme_id, [])
        if len(own) < most and not any(_alike(quote, other) for other in own):
            own.append(quote)
    return quotes


def different_from(
    session: Session, framework: ThemeFramework, theme_id: uuid.UUID, quotes: Sequence[str], *, most: int
) -> list[str]:
    """Sentences of a theme that are least like what is typical of it, and like none of its quotes."""
    different: list[str] = []
    for _, quote in _quotable(session, framework, [theme_id], ThemeAssignment.strength.asc(), most * READ):
        if len(different) < most and not any(_alike(quote, other) for other in (*quotes, *different)):
            different.append(quote)
    return different


def still_quotable(session: Session, answer_ids: Collection[str]) -> set[str]:
    """Those of the answers that a run quoted that nobody has taken back, and whose providers still agree."""
    rows = session.scalars(
        select(Answer.id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(Response, Response.id == Submission.response_id)
        .where(
            Answer.id.in_(map(uuid.UUID, answer_ids)),
            ~exists().where(Withdrawal.submission_id == Answer.submission_id),
            ~agrees_no_more(),
        )
        .order_by(Answer.id)
    )
    return set(map(str, rows))


def may_be_quoted(framework: ThemeFramework) -> ColumnElement[bool]:
    """Whether the provider of an answer agreed to be quoted, and has not said otherwise since, run or no run."""
    said_otherwise = (
        select(Answer.id)
        .join(Submission, Submission.id == Answer.submission_id)
        .join(Response, Response.id == Submission.response_id)
        .where(Response.engagement_id == framework.engagement_id, agrees_no_more())
        .correlate(None)
    )
    return ThemeComment.may_quote & ThemeComment.answer_id.not_in(said_otherwise)


def agrees_no_more(since: SQLColumnExpression[datetime] | None = None) -> ColumnElement[bool]:
    """Whether a response was submitted again, at that time or later, without agreeing to be quoted: whatever it agreed
    to first is over."""
    current, answer, question = aliased(Submission), aliased(Answer), aliased(Question)
    agrees = exists().where(
        answer.submission_id == current.id,
        question.id == answer.question_id,
        question.measure == Measure.MAY_QUOTE,
        answer.value[()].as_string() == "true",  # not as a boolean: other answers are none
    )
    again = exists().where(current.id == Response.current_submission_id, current.number > 1, ~agrees.correlate(current))
    return (again if since is None else again.where(current.submitted_at >= since)).correlate_except(current)


def _quotable(
    session: Session,
    framework: ThemeFramework,
    themes: Collection[uuid.UUID],
    typical: ColumnElement[float],
    most: int,
) -> Iterator[tuple[uuid.UUID, str]]:
    """So many quotes at most of each theme, in the order in which to quote them: confirmed ones first."""
    ranked = _ranked(framework, themes, typical)
    rows = session.execute(
        select(ranked.c.theme_id, Answer.value, ranked.c.start, ranked.c.stop)
        .join(Answer, Answer.id == ranked.c.answer_id)
        .where(ranked.c.of_theme <= most)
        .order_by(ranked.c.theme_id, ranked.c.of_theme)
    )
    for theme_id, answer, start, stop in rows:
        yield theme_id, _quoted(answer, start, stop)


def _ranked(framework: ThemeFramework, themes: Collection[uuid.UUID], typical: ColumnElement[float]) -> Subquery:
    """The first statement of each provider to each theme, in the order `of_theme` in which to quote them."""
    first = _of_providers(framework, themes, typical)
    of_theme = func.row_number().over(partition_by=first.c.theme_id, order_by=first.c.place)
    return select(first, of_theme.label("of_theme")).where(first.c.of_provider == 1).subquery()


def _of_providers(framework: ThemeFramework, themes: Collection[uuid.UUID], typical: ColumnElement[float]) -> Subquery:
    """What may be quoted, numbered within each theme as `place`, and within each provider too as `of_provider`."""
    order = (ThemeAssignment.confirmed_by.is_(None), typical, ThemeAssignment.number)
    of_provider = func.row_number().over(
        partition_by=(ThemeAssignment.theme_id, ThemeComment.organisation_id), order_by=order
    )
    place = func.row_number().over(partition_by=ThemeAssignment.theme_id, order_by=order)
    return (
        select(ThemeAssignment, of_provider.label("of_provider"), place.label("place"))
        .join(ThemeAssignment.comment)
        .where(
            ThemeAssignment.framework_id == framework.id,
            ThemeAssignment.theme_id.in_(list(themes)),
            may_be_quoted(framework),
            still_counts(),
        )
        .subquery()
    )


def _quoted(answer: str, start: int, stop: int) -> str:
    """The sentences that a statement is part of or, where they are too long, as much of itself as is not."""
    first = max((end.end() for end in _SENTENCE_END.finditer(answer, 0, start)), default=0)
    last = _SENTENCE_END.search(answer, max(stop - 1, 0))
    whole = " ".join(answer[first : last.end() if last else None].split())
    own = " ".join(answer[start:stop].split())
    return shortened(whole if len(whole) <= LONGEST_QUOTE else own, LONGEST_QUOTE)


def _alike(quote: str, other: str) -> bool:
    words, others = set(quote.casefold().split()), set(other.casefold().split())
    return len(words & others) >= ALIKE * len(words | others)
