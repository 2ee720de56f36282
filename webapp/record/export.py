"""The whole record as one workbook, for a challenge."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.engagements.sealed import any_sealed
from webapp.exports.workbook import Sheet
from webapp.models import AuditEvent, Decision, Disclosure, Meeting, Programme
from webapp.record import pages, queries
from webapp.web.format import moment

WITHHELD = "Withheld while sealed responses wait to be opened: its number would tell whether one came"


def sheets(session: Session, programme: Programme, *, with_conflicts: bool, now: datetime) -> list[Sheet]:
    """Every version of every entry; conflicts of interest only for those who may see them."""
    moments = queries.moments(session, programme.id)
    log = pages.entries(moments, queries.told(session, moments))
    made = [
        _about(session, programme, now),
        Sheet("Equal treatment", pages.LOG_COLUMNS, pages.log_rows(log)),
        Sheet("Answered questions", pages.ANSWER_COLUMNS, queries.answers(session, programme.id)),
        Sheet("Events", pages.ATTENDANCE_COLUMNS, queries.attendances(session, programme.id)),
        Sheet("Meetings", pages.MEETING_COLUMNS, pages.meeting_rows(queries.meetings(session, programme.id))),
        Sheet("Decisions", pages.DECISION_COLUMNS, (pages.decision_rows(queries.decisions(session, programme.id)))),
        _replaced(session, programme),
    ]
    if with_conflicts:
        found = queries.conflicts(session, programme.id, recorded_by=None)
        made.append(Sheet("Conflicts of interest", pages.CONFLICT_COLUMNS, (pages.conflict_rows(found))))
    return made


def _about(session: Session, programme: Programme, now: datetime) -> Sheet:
    broken = audit.broken_links(session)
    is_sealed = any_sealed(session)
    return Sheet(
        "About this file",
        ("What", "Value"),
        [
            ("Programme", f"{programme.title} ({programme.reference})"),
            ("Made at", moment(now)),
            (
                "Audit trail",
                _intact(broken, numbered=not is_sealed),
            ),
            ("Newest audit event", WITHHELD if is_sealed else _newest(session)),
        ],
    )


def _newest(session: Session) -> str:
    newest = session.execute(select(AuditEvent.id, AuditEvent.hash).order_by(AuditEvent.id.desc()).limit(1)).first()
    return f"{newest.id}, SHA-256 {newest.hash}" if newest else "None"


def _intact(broken: list[int], *, numbered: bool) -> str:
    if not broken:
        return "Unbroken"
    first = f", the first being number {broken[0]}" if numbered else ""
    return f"Altered at {len(broken)} events{first}"


def _replaced(session: Session, programme: Programme) -> Sheet:
    """What a correction has replaced."""
    found: list[Disclosure | Meeting | Decision] = [
        *queries.every(session, Disclosure, programme.id),
        *queries.every(session, Meeting, programme.id),
        *queries.every(session, Decision, programme.id),
    ]
    corrected = {row.corrects_id for row in found}
    rows = [
        (row.__tablename__.capitalize(), row.created_at, row.recorder.name, _text(row))
        for row in found
        if row.id in corrected
    ]
    return Sheet("Replaced by corrections", ("Kind", "Written down at", "By", "What it said"), rows)


def _text(row: Disclosure | Meeting | Decision) -> str:
    match row:
        case Disclosure():
            return f"{moment(row.told_at)}, to {row.told_to}: {row.what}"
        case Meeting():
            return f"{row.title}, {moment(row.held_at)}. {row.attended_by}\n{row.minutes}"
        case Decision():
            return f"{row.title}, {row.decided_on}, {row.decided_by}. {row.reasons}\n{row.conditions or ''}"
