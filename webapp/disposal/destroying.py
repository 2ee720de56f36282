"""Destroying the responses to an engagement, and all that was made from them: everything in one transaction.

What the buyer wrote, published or put up for signature stays: the engagement with its questionnaire, documents, notices
and summary, questions and answers as published, "You said, we did", the record, recommendations, frozen forecasts,
appraisals of options with the figures that a conclusion rests on, and the wordings of the risk register. So does
the audit trail, which names acts and never what was answered.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, case, delete, func, insert, literal, select, text, union, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from webapp import audit
from webapp.disposal import queries
from webapp.disposal.newcomers import erase_those_who_never_came, mail_is_on_its_way
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Answer,
    Base,
    Clarification,
    Decline,
    Disposal,
    DisposedResponse,
    DraftRemark,
    DraftSection,
    Engagement,
    EngagementState,
    FrozenForecast,
    Interest,
    InterestCount,
    Invitation,
    LotSearch,
    LotStructure,
    ReceivedFile,
    Reception,
    Recommendation,
    Reminder,
    ReminderStop,
    Replanning,
    Response,
    ResponseFile,
    ResponseFlag,
    ResponseImport,
    ResponseNote,
    StructureStep,
    Submission,
    SubmissionFile,
    Theme,
    ThemeAct,
    ThemeAssignment,
    ThemeComment,
    ThemeFile,
    ThemeFramework,
    ThemeLearning,
    ThemeReply,
    ThemeVersion,
    WhatIf,
    Withdrawal,
)

Counts = Mapping[str, int]
AT_ONCE = 100
"""Responses whose answers one statement deletes, so that none takes longer than a statement may."""
MAILS_AT_ONCE = 20_000
"""That one statement looks at, for the same reason: it may be any of the installation."""
REASON_GONE = "Destroyed with the responses"
"""In the place of why a question was accepted late, which may tell who asked; that it was late stays."""

_COUNTS = "fk_response_current_submission_id_submission"

# Whoever wrote an e-mail about a response or its engagement put the address of one of their pages into it.
_MAILS = text(
    """
    WITH looked_at AS (
        SELECT id, body FROM mail_message WHERE id > :after ORDER BY id LIMIT :at_once
    ), about AS (
        SELECT looked_at.id
        FROM looked_at, regexp_matches(body, '/(responses|engagements)/([0-9a-f-]{36})', 'g') found
        WHERE found[2] IN (
            SELECT :engagement UNION SELECT id::text FROM response WHERE engagement_id::text = :engagement
        )
    ), free AS (
        SELECT id FROM mail_message WHERE id IN (SELECT id FROM about) FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM mail_message WHERE id IN (SELECT id FROM free) RETURNING id
    )
    SELECT
        (SELECT count(*) FROM gone),
        (SELECT count(DISTINCT id) FROM about) - (SELECT count(*) FROM free),
        (SELECT id FROM looked_at ORDER BY id DESC LIMIT 1)
    """
)


def destroy(session: Session, *, disposal_id: uuid.UUID, now: datetime) -> bool:
    """Whether it was done. It was not if it was taken back, or has to wait for what is being computed or sent.

    The lock on the engagement keeps anything from being begun meanwhile, and triggers refuse it afterwards. The lock of
    the audit trail, for which everybody waits, is taken last, when people are erased and the end is recorded.
    """
    disposal = session.get_one(Disposal, disposal_id)
    engagement = session.get_one(Engagement, disposal.engagement_id, with_for_update=True)
    session.refresh(disposal, with_for_update=True)
    if not disposal.is_due(now) or engagement.state(now) is not EngagementState.CLOSED:
        return False
    if queries.is_at_work(session, engagement.id):
        return False
    with session.begin_nested() as savepoint:
        is_held = _is_beginning(session, engagement.id) or mail_is_on_its_way(session, engagement.id)
        emails = None if is_held else _mails(session, engagement.id)
        if emails is None:
            savepoint.rollback()
            return False
    _list(session, disposal)
    invited = session.scalars(select(Invitation.person_id).where(Invitation.engagement_id == engagement.id)).all()
    counts = {"emails": emails, **_made_of_responses(session, engagement.id), **_told_and_sent(session, engagement.id)}
    counts |= _responses(session, engagement.id)
    counts["people"] = erase_those_who_never_came(session, invited)
    engagement.disposed_at = disposal.done_at = now
    disposal.destroyed = counts
    audit.record(
        session,
        "disposal.done",
        subject=disposal,
        actor=None,
        engagement=str(engagement.id),
        responses=counts["responses"],
        policy=disposal.policy,
    )
    session.flush()
    return True


def _is_beginning(session: Session, engagement_id: uuid.UUID) -> bool:
    """Whether somebody holds an analysis to ask something of it; otherwise nobody can from now on."""
    runs = select(AnalysisRun.id).where(AnalysisRun.engagement_id == engagement_id)
    free = session.scalars(runs.with_for_update(skip_locked=True)).all()
    return (session.scalar(select(func.count()).select_from(runs.subquery())) or 0) > len(free)


def _list(session: Session, disposal: Disposal) -> None:
    """Whose submitted responses go, each with its last reference."""
    last = (
        select(literal(disposal.id), Submission.reference, Response.organisation_id, Submission.submitted_at)
        .join(Response, Response.id == Submission.response_id)
        .where(Response.engagement_id == disposal.engagement_id)
        .ext(distinct_on(Response.id))
        .order_by(Response.id, Submission.number.desc())
    )
    columns = ["disposal_id", "reference", "organisation_id", "submitted_at"]
    session.execute(insert(DisposedResponse).from_select(columns, last))


def _made_of_responses(session: Session, engagement_id: uuid.UUID) -> Counts:
    """Themes and analyses. Of a run that a recommendation or a frozen forecast rests on, its row stays, emptied."""
    frameworks = select(ThemeFramework.id).where(ThemeFramework.engagement_id == engagement_id)
    themes = select(Theme.id).where(Theme.framework_id.in_(frameworks))
    for table in (ThemeAssignment, ThemeComment, ThemeFile, ThemeLearning, ThemeAct):
        _delete(session, table, table.framework_id.in_(frameworks))
    _delete(session, ThemeReply, ThemeReply.theme_id.in_(themes))
    _update(session, ThemeFramework, ThemeFramework.engagement_id == engagement_id, official=None)
    _delete(session, ThemeVersion, ThemeVersion.framework_id.in_(frameworks))
    gone = _delete(session, Theme, Theme.framework_id.in_(frameworks))
    _delete(session, ThemeFramework, ThemeFramework.engagement_id == engagement_id)

    runs = select(AnalysisRun.id).where(AnalysisRun.engagement_id == engagement_id)
    counted = session.scalar(select(func.count()).select_from(runs.subquery())) or 0
    structures = select(LotStructure.id).where(LotStructure.run_id.in_(runs))
    _delete(session, StructureStep, StructureStep.structure_id.in_(structures))
    for each in (LotStructure, LotSearch, WhatIf, AnalysisPart):
        _delete(session, each, each.run_id.in_(runs))
    planned = select(Recommendation.replanning_id).where(Recommendation.replanning_id.is_not(None))
    _update(session, Replanning, Replanning.run_id.in_(runs), earlier_id=None)
    _delete(session, Replanning, Replanning.run_id.in_(runs), Replanning.id.not_in(planned))
    _update(session, Replanning, Replanning.run_id.in_(runs), problem={}, result={})
    rested_on = union(select(Recommendation.run_id), select(FrozenForecast.run_id))
    of_engagement = AnalysisRun.engagement_id == engagement_id
    _delete(session, AnalysisRun, of_engagement, AnalysisRun.id.not_in(rested_on))
    _update(session, AnalysisRun, of_engagement, inputs={}, history=None)
    return {"themes": gone, "analyses": counted}


def _told_and_sent(session: Session, engagement_id: uuid.UUID) -> Counts:
    """What was asked, declined and sent. A question that was answered to everybody stays in the published words."""
    unpublished = Clarification.published_at.is_(None)
    counts = {
        "declines": _delete(session, Decline, Decline.engagement_id == engagement_id),
        "invitations": _delete(session, Invitation, Invitation.engagement_id == engagement_id),
        "reminders": _delete(session, Reminder, Reminder.engagement_id == engagement_id),
        "questions": _delete(session, Clarification, Clarification.engagement_id == engagement_id, unpublished),
    }
    _delete(session, ReminderStop, ReminderStop.engagement_id == engagement_id)
    _update(
        session,
        Clarification,
        Clarification.engagement_id == engagement_id,
        question=Clarification.published_question,
        late_reason=case((Clarification.late_reason.is_not(None), REASON_GONE)),
    )
    return counts


def _mails(session: Session, engagement_id: uuid.UUID) -> int | None:
    """None if one is on its way: it is held for as long as the mail server takes."""
    gone, after = 0, uuid.UUID(int=0)
    while after is not None:
        given = {"engagement": str(engagement_id), "after": after, "at_once": MAILS_AT_ONCE}
        number, held, after = session.execute(_MAILS, given).one()
        if held:
            return None
        gone += number
    return gone


def _responses(session: Session, engagement_id: uuid.UUID) -> Counts:
    """What refers to the responses first.

    Saying of each that nothing counts any more would count interest anew, which takes the lock of the audit trail.
    """
    of_engagement = Response.engagement_id == engagement_id
    every = session.scalars(select(Response.id).where(of_engagement).order_by(Response.id)).all()
    counts = {"submissions": 0, "answers": 0, "files": 0, "notes": 0, "drafts": 0}
    for first in range(0, len(every), AT_ONCE):
        for name, number in _parts(session, every[first : first + AT_ONCE]).items():
            counts[name] += number
    submitted = (
        select(Submission.response_id).join(Response, Response.id == Submission.response_id).where(of_engagement)
    )
    counts["responses"] = session.scalar(select(func.count(func.distinct(submitted.subquery().c.response_id)))) or 0
    session.execute(text(f"SET CONSTRAINTS {_COUNTS} DEFERRED"))
    ids = select(Response.id).where(of_engagement)
    counts["submissions"] = _delete(session, Submission, Submission.response_id.in_(ids))
    _delete(session, Response, of_engagement)
    session.execute(text(f"SET CONSTRAINTS {_COUNTS} IMMEDIATE"))
    _delete(session, InterestCount, InterestCount.engagement_id == engagement_id)
    _delete(session, Reception, Reception.engagement_id == engagement_id)
    _delete(session, ResponseImport, ResponseImport.engagement_id == engagement_id)
    counts["originals"] = _delete(session, ReceivedFile, ReceivedFile.engagement_id == engagement_id)
    return counts


def _parts(session: Session, ids: Sequence[uuid.UUID]) -> Counts:
    submissions = select(Submission.id).where(Submission.response_id.in_(ids))
    for table in (SubmissionFile, Interest, Withdrawal):
        _delete(session, table, table.submission_id.in_(submissions))
    for about in (ResponseFlag, DraftRemark):
        _delete(session, about, about.response_id.in_(ids))
    return {
        "answers": _delete(session, Answer, Answer.submission_id.in_(submissions)),
        "files": _delete(session, ResponseFile, ResponseFile.response_id.in_(ids)),
        "notes": _delete(session, ResponseNote, ResponseNote.response_id.in_(ids)),
        "drafts": _delete(session, DraftSection, DraftSection.response_id.in_(ids)),
    }


def _delete(session: Session, table: type[Base], *where: ColumnElement[bool]) -> int:
    """How many went."""
    done = session.execute(delete(table).where(*where).execution_options(synchronize_session=False))
    return done.rowcount  # type: ignore[attr-defined,no-any-return]


def _update(session: Session, table: type[Base], where: ColumnElement[bool], **values: object) -> None:
    session.execute(update(table).where(where).values(values).execution_options(synchronize_session=False))
