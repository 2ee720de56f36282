"""What an organisation last answered elsewhere of what holds from one engagement to the next."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from webapp.models import Answer, Engagement, Question, Response, Submission
from webapp.responses import questions
from webapp.responses.items import Item, Typed

LASTING = frozenset(
    {
        "legal_name",
        "registered_numbers",
        "organisation_kind",
        "organisation_size",
        "annual_turnover",
        "is_sme",
        "is_vcse",
        "cqc_registered",
        "cqc_plans",
        "cqc_provider_id",
        "regulated_activities",
        "secure_setting_experience",
        "secure_setting_services",
    }
)
"""Keys of questions about what the organisation is and has done. Interest, capacity, price and views are asked anew,
since last year's would pass for this year's market; so are conflicts, consents and names of people."""

_LAST = (
    select(Submission.id)
    .join(Response, Response.current_submission_id == Submission.id)
    .where(
        Response.organisation_id == bindparam("organisation_id"),
        Response.engagement_id != bindparam("engagement_id"),
        Submission.reception_id.is_(None),
    )
    .order_by(Submission.submitted_at.desc(), Submission.id)
    .limit(1)
    .scalar_subquery()
)
_ANSWERS = (
    select(Question, Answer.value, Submission.submitted_at, Engagement.title)
    .join(Answer, Answer.question_id == Question.id)
    .join(Submission, Submission.id == Answer.submission_id)
    .join(Response, Response.id == Submission.response_id)
    .join(Engagement, Engagement.id == Response.engagement_id)
    .where(Answer.submission_id == _LAST, Answer.lot_id.is_(None), Question.key.in_(LASTING))
    .order_by(Question.position, Question.id)
)


@dataclass(frozen=True)
class Earlier:
    """Answers that count in another engagement, submitted by the organisation itself."""

    engagement: str
    submitted_at: datetime
    answers: Sequence[tuple[Question, Any]]

    def typed(self, items: Iterable[Item]) -> dict[Item, Typed]:
        """What to type to answer again, of the items that ask the very same."""
        answered = {question.key: (question, value) for question, value in self.answers}
        offered: dict[Item, Typed] = {}
        for item in items:
            if item.lot is None and item.question.key in answered:
                question, value = answered[item.question.key]
                if _asks_the_same(question, item.question):
                    offered[item] = questions.retyped(item, value)
        return offered


def asks_lasting(item: Item) -> bool:
    return item.lot is None and item.question.key in LASTING


def last_answered(session: Session, *, organisation_id: uuid.UUID, engagement_id: uuid.UUID) -> Earlier | None:
    """In the newest submission to another engagement, if anything there lasts."""
    asked = {"organisation_id": organisation_id, "engagement_id": engagement_id}
    rows = session.execute(_ANSWERS, asked).all()
    if not rows:
        return None
    _question, _value, submitted_at, title = rows[0]
    return Earlier(title, submitted_at, [(question, value) for question, value, *_ in rows])


def _asks_the_same(one: Question, other: Question) -> bool:
    return (one.kind, one.wording, one.hint, one.options) == (other.kind, other.wording, other.hint, other.options)
