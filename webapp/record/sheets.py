"""The sheets of the file for a challenge: every entry, the oldest first, and nothing cut off."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from sqlalchemy.orm import Session

from webapp.analysis.appraisals import queries as appraisals_of
from webapp.analysis.appraisals.files import as_text as appraisal_text
from webapp.analysis.appraisals.words import WHOLE
from webapp.analysis.recommendations import queries as signing
from webapp.analysis.recommendations.outturn import outturns
from webapp.analysis.recommendations.pages import STATES, as_text
from webapp.analysis.risks import queries as risks_of
from webapp.analysis.risks.sheets import every_wording
from webapp.disposal.pages import COUNTED
from webapp.exports.workbook import MOST_CHARACTERS, Sheet, Value
from webapp.models import ConflictDeclaration, Decision, Disclosure, Lesson, Meeting, Programme
from webapp.programmes.permissions import Permission
from webapp.programmes.teams.queries import members
from webapp.programmes.teams.roles import ROLES
from webapp.record import pages, queries
from webapp.record.lessons import KIND_WORDS, outturn_rows
from webapp.web.format import day, moment

Rows = Iterable[Sequence[Value]]
Recorded = Disclosure | Meeting | Decision | Lesson
CONTINUED = "(continued) "


def team(session: Session, programme: Programme) -> Sheet:
    rows = [
        (
            each.person.name,
            ROLES[each.role].name,
            ", ".join(line.name for line in each.service_lines) or "All",
            each.organisation.name,
            each.created_at,
        )
        for each in members(session, programme.id)
    ]
    return Sheet("Team", ("Name", "Role", "Service lines", "Works for", "In the team since"), rows)


def equal_treatment(session: Session, programme: Programme, granted: frozenset[Permission]) -> Sheet:
    moments = queries.moments(session, programme.id, granted)[::-1]
    log = pages.entries(moments, queries.told(session, moments))
    return _sheet(
        "Equal treatment",
        ("When", "Engagement", "What", "To whom", "Published where", "By"),
        [(each.at, each.engagement, each.what, each.told_to, each.published_where, each.by) for each in log],
    )


def answers(session: Session, programme: Programme) -> Sheet:
    return _sheet(
        "Answered questions",
        (
            "Asked at",
            "Engagement",
            "Lot",
            "Question as published",
            "Answer",
            "Published at",
            "Stood until",
            "Published by",
        ),
        queries.answers(session, programme.id),
    )


def documents(session: Session, programme: Programme, granted: frozenset[Permission]) -> Sheet:
    return Sheet(
        "Documents",
        (
            "Put up at",
            "Engagement",
            "Document",
            "Version",
            "File",
            "SHA-256 of the file",
            "Put up by",
            "Replaced or removed at",
        ),
        queries.documents(session, programme.id, granted),
    )


def summaries(session: Session, programme: Programme) -> Sheet:
    return _sheet(
        "Summaries",
        ("Published at", "Engagement", "Version", "What was heard", "What changes", "Next steps", "Published by"),
        queries.summaries(session, programme.id),
    )


def events(session: Session, programme: Programme) -> Sheet:
    return Sheet(
        "Events",
        ("When", "Event", "Where", "Engagement", "Who came", "Of which organisation"),
        queries.attendances(session, programme.id),
    )


def meetings(session: Session, programme: Programme) -> Sheet:
    return _sheet(
        "Meetings",
        ("When", "Meeting", "Place", "Attended by", "Minutes", "Written down by", "Written down at"),
        [
            (row.held_at, row.title, row.place, row.attended_by, row.minutes, row.recorder.name, row.created_at)
            for row in reversed(queries.meetings(session, programme.id))
        ],
    )


def decisions(session: Session, programme: Programme) -> Sheet:
    return _sheet(
        "Decisions",
        ("When", "Decision", "By", "Reasons", "Conditions", "Written down by", "Written down at"),
        [
            (row.decided_on, row.title, row.decided_by, row.reasons, row.conditions, row.recorder.name, row.created_at)
            for row in reversed(queries.decisions(session, programme.id))
        ],
    )


def appraisals(session: Session, programme: Programme) -> Sheet:
    rows = [
        (
            row.concluded_at,
            row.appraisal.title,
            row.appraisal.procurement.title if row.appraisal.procurement else WHOLE,
            row.number,
            row.concluder.name,
            appraisal_text(row),
            row.digest,
        )
        for row in appraisals_of.of_programme(session, programme.id)
    ]
    return _sheet(
        "Appraisals",
        (
            "Concluded at",
            "Appraisal",
            "About",
            "Conclusion",
            "Concluded by",
            "Options, scores and reasons",
            "SHA-256 of the conclusion",
        ),
        rows,
    )


def lessons(session: Session, programme: Programme) -> Sheet:
    return _sheet(
        "Lessons",
        ("When", "About", "Kind", "What happened", "Next time", "Written down by", "Written down at"),
        [
            (
                row.happened_on,
                row.title,
                KIND_WORDS[row.kind][0],
                row.what,
                row.next_time,
                row.recorder.name,
                row.created_at,
            )
            for row in reversed(queries.lessons(session, programme.id))
        ],
    )


def risks(session: Session, programme: Programme, granted: frozenset[Permission]) -> Sheet:
    return every_wording(risks_of.every_version(session, programme.id, granted), "Risk register")


def dates_kept(session: Session, programme: Programme, today: date) -> Sheet:
    return Sheet(
        "Dates kept",
        ("Procurement and stage", "As signed first", "As it came", "Moved"),
        outturn_rows(outturns(session, programme.id), today),
    )


def recommendations(session: Session, programme: Programme) -> Sheet:
    found, places = signing.of_programme(session, programme.id), signing.places(session, programme.id)
    rows = [
        (
            row.put_up_at,
            row.procurement.title,
            row.number,
            row.writer.name,
            as_text(row),
            row.reasons,
            row.alternatives,
            row.digest,
            STATES[signing.standing(row, places)],
            *((row.ruling.approver.name, row.ruling.ruled_at, row.ruling.reason) if row.ruling else (None, None, None)),
        )
        for row in found
    ]
    return _sheet(
        "Recommendations",
        (
            "Put up at",
            "Procurement",
            "Number",
            "Put up by",
            "What is recommended, with its figures",
            "Reasons",
            "What else was looked at",
            "SHA-256 of all that was put up",
            "State",
            "Signed or sent back by",
            "At",
            "Why",
        ),
        rows,
    )


def disposals(session: Session, programme: Programme) -> Sheet:
    """A row for each time that it was asked for, with the certificate where it was done."""
    rows = [
        (
            row.engagement.title,
            row.kept_until,
            row.policy,
            row.note,
            row.asker.name,
            row.asked_at,
            *((row.agreer.name, row.agreed_at) if row.agreer else (None, None)),
            *((row.stopper.name, row.stopped_at, row.stop_reason) if row.stopper else (None, None, None)),
            row.done_at,
            "; ".join(f"{words}: {row.destroyed[name]}" for name, words in COUNTED.items() if name in row.destroyed)
            if row.destroyed
            else None,
        )
        for row in queries.disposals(session, programme.id)
    ]
    return _sheet(
        "Disposals",
        (
            "Engagement",
            "Responses kept until",
            "Policy",
            "Note",
            "Asked for by",
            "At",
            "Agreed by",
            "Agreed at",
            "Taken back by",
            "Taken back at",
            "Why",
            "Destroyed at",
            "What was destroyed",
        ),
        rows,
    )


def conflicts(session: Session, programme: Programme) -> Sheet:
    """A row for each thing that was done about an interest, or one that says that nothing was."""
    declared = reversed(queries.conflicts(session, programme.id, recorded_by=None))
    return Sheet(
        "Conflicts of interest",
        (
            "Declared on",
            "Declared by",
            "Interest",
            "Written down by",
            "Written down at",
            "What was done about it",
            "Entered by",
            "Entered at",
        ),
        [row for each in declared for row in _conflict(each)],
    )


def _conflict(row: ConflictDeclaration) -> list[tuple[Value, ...]]:
    declared = (row.declared_on, row.declared_by, row.interest or "None", row.recorder.name, row.created_at)
    if not row.actions:
        return [(*declared, "Nothing yet" if row.interest else None, None, None)]
    return [(*declared, done.action, done.recorder.name, done.created_at) for done in row.actions]


def replaced(session: Session, programme: Programme) -> Sheet:
    """What stood before a correction, and who put which words in its place."""
    every: dict[str, Sequence[Recorded]] = {
        "Equal treatment": queries.every(session, Disclosure, programme.id),
        "Meetings": queries.every(session, Meeting, programme.id),
        "Decisions": queries.every(session, Decision, programme.id),
        "Lessons": queries.every(session, Lesson, programme.id),
    }
    rows: list[tuple[Value, ...]] = []
    for sheet, found in every.items():
        correction = {row.corrects_id: row for row in found}
        for row in found:
            if (by := correction.get(row.id)) is not None:
                rows.append(
                    (sheet, row.created_at, row.recorder.name, _text(row), by.created_at, by.recorder.name, _text(by))
                )
    return _sheet(
        "Replaced by corrections",
        ("Sheet", "Written down at", "By", "What it said", "Corrected at", "Corrected by", "What took its place"),
        rows,
    )


def _text(row: Recorded) -> str:
    match row:
        case Disclosure():
            return _paragraphs(
                f"{moment(row.told_at)}, to {row.told_to}",
                row.what,
                f"Published: {row.published_where}" if row.published_where else None,
            )
        case Meeting():
            where = f", {row.place}" if row.place else ""
            return _paragraphs(f"{row.title}, {moment(row.held_at)}{where}", row.attended_by, row.minutes)
        case Decision():
            return _paragraphs(
                f"{row.title}, {day(row.decided_on)}, by {row.decided_by}",
                row.reasons,
                f"Conditions: {row.conditions}" if row.conditions else None,
            )
        case Lesson():
            return _paragraphs(
                f"{row.title}, {day(row.happened_on)}: {KIND_WORDS[row.kind][0]}",
                row.what,
                f"Next time: {row.next_time}" if row.next_time else None,
            )


def _paragraphs(*parts: str | None) -> str:
    return "\n".join(part for part in parts if part)


def _sheet(name: str, columns: Sequence[str], rows: Rows) -> Sheet:
    return Sheet(name, columns, [part for row in rows for part in _whole(row)])


def _whole(row: Sequence[Value]) -> Iterator[tuple[Value, ...]]:
    """The row, and once more for as long as a text of it goes on: no cell holds more than so much."""
    rest = tuple(value.replace("\r\n", "\n") if isinstance(value, str) else value for value in row)
    while any(isinstance(value, str) and len(value) > MOST_CHARACTERS for value in rest):
        yield tuple(value[:MOST_CHARACTERS] if isinstance(value, str) else value for value in rest)
        rest = tuple(
            CONTINUED + value[MOST_CHARACTERS:] if isinstance(value, str) and len(value) > MOST_CHARACTERS else value
            for value in rest
        )
    yield rest
