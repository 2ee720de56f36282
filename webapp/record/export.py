"""The whole record as one workbook, for a challenge."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.engagements.sealed import any_sealed
from webapp.exports.workbook import Sheet
from webapp.models import AuditEvent, Programme
from webapp.programmes.permissions import Permission
from webapp.record import sheets
from webapp.record.forecast_sheet import forecast_sheet
from webapp.web.format import LONDON, moment, plural

WITHHELD = "Withheld while sealed responses wait to be opened: its number would tell whether one came"
REMINDERS = (
    "Reminders that Soundings sends by itself are not listed. Each provider gets them by the same rule: half-way to "
    "the closing time, two days before it and two hours before it, as far as its response is not finished."
)
UNPUBLISHED = (
    "What was never published, and what the log has of it. Only a copy that an officer who runs engagements downloads "
    "has them"
)
CONFLICTS = "Conflicts of interest"
ABOUT = {
    "Team": "Who works on the programme now, and in which role",
    "Equal treatment": "What was told to providers, to whom and when",
    "Answered questions": "Questions and answers as everybody could read them, also before a correction; not who asked",
    "Documents": "Each version that was put up, with the fingerprint of its file",
    "Summaries": "What each engagement heard and led to, as it was published",
    "Events": "Market days, webinars and visits, with who came",
    "Meetings": "Meetings and their minutes, as last corrected",
    "Decisions": "Decisions with their reasons, as last corrected",
    "Appraisals": "Which ways to buy were compared and concluded on, with every score and reason of that moment",
    "Recommendations": "What was put up for signature as it was then, and who signed it or sent it back",
    "Risk register": "Each wording of each risk to competition, with who wrote it; the last of each stands",
    "Dates kept": "Stages on record against the plan that was signed first",
    "Forecasts": "Bids as they came, against the forecast that was frozen last before they closed",
    "Lessons": "What was learnt, and complaints, representations and challenges, as last corrected",
    "Disposals": "Where it was asked that responses be destroyed, who agreed, and what was destroyed by which policy",
    CONFLICTS: "What was declared, and what was done about it",
    "Replaced by corrections": "What entries said before they were corrected",
}


def of_programme(
    session: Session, programme: Programme, *, granted: frozenset[Permission], now: datetime, actor: Actor
) -> list[Sheet]:
    """Every version of every entry; conflicts of interest and unpublished documents only for those who may see them."""
    made = [
        sheets.team(session, programme),
        sheets.equal_treatment(session, programme, granted),
        sheets.answers(session, programme),
        sheets.documents(session, programme, granted),
        sheets.summaries(session, programme),
        sheets.events(session, programme),
        sheets.meetings(session, programme),
        sheets.decisions(session, programme),
        sheets.appraisals(session, programme),
        sheets.recommendations(session, programme),
        sheets.risks(session, programme, granted),
        sheets.dates_kept(session, programme, now.astimezone(LONDON).date()),
        forecast_sheet(session, programme),
        sheets.lessons(session, programme),
        sheets.disposals(session, programme),
        *([sheets.conflicts(session, programme)] if Permission.LEAD in granted else []),
        sheets.replaced(session, programme),
    ]
    unpublished = [] if Permission.RUN in granted else [("Not in this copy: Documents of drafts", UNPUBLISHED)]
    return [_about(session, programme, made, unpublished, now=now, actor=actor), *made]


def _about(
    session: Session,
    programme: Programme,
    made: list[Sheet],
    left_out: list[tuple[str, str]],
    *,
    now: datetime,
    actor: Actor,
) -> Sheet:
    broken = audit.broken_links(session)
    is_sealed = any_sealed(session)
    held = {sheet.name: len(list(sheet.rows)) for sheet in made}
    contents = [
        (f"Sheet: {name}", f"{words}. {plural(held[name], 'row')}")
        if name in held
        else (f"Not in this copy: {name}", f"{words}. Only a copy that a lead officer downloads has this sheet")
        for name, words in ABOUT.items()
    ]
    return Sheet(
        "About this file",
        ("What", "Value"),
        [
            ("Programme", f"{programme.title} ({programme.reference})"),
            ("Buyer", programme.buyer.name),
            ("Procuring agent", programme.agent.name if programme.agent else "None"),
            ("Made at", moment(now)),
            ("Made by", actor.name),
            (
                "How to read it",
                "The oldest comes first on each sheet. Times are those of London. Where a text is too long for a cell, "
                "the row comes again, and the text goes on after “(continued)”",
            ),
            *contents,
            *left_out,
            ("Reminders", REMINDERS),
            ("Audit trail", _intact(broken, numbered=not is_sealed)),
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
    return f"Altered at {plural(len(broken), 'event')}{first}"
