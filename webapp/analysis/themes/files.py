"""Files of a framework to take along: asking the worker for one, finding it again, and letting it go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session, undefer

from intelligence.files import from_json
from webapp import audit, jobs
from webapp.analysis.themes import log
from webapp.analysis.themes.quotes import agrees_no_more
from webapp.audit import Actor
from webapp.models import (
    Response,
    Submission,
    Theme,
    ThemeFile,
    ThemeFileKind,
    ThemeFramework,
    ThemeReply,
    Withdrawal,
)

WRITE = "themes.write_file"
KEPT = timedelta(days=1)
"""After which a file is gone, whether anybody took it or not."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much a file tells: `reads` of those who may read responses, `quotes` of those who may see quotes at all."""

    reads: bool
    quotes: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """Which state a file shows: what stood at a moment, after the act of number `revision`."""

    revision: int
    at: datetime


def shown_in(file: ThemeFile) -> Shown | None:
    """None until it is written."""
    return None if file.result is None else from_json(Shown, file.result["value"])


def newest(
    session: Session, framework: ThemeFramework, extent: Extent, *, now: datetime
) -> dict[ThemeFileKind, ThemeFile]:
    """The last file of each kind that was asked for by those who may see as much."""
    rows = session.scalars(
        select(ThemeFile)
        .where(
            ThemeFile.framework_id == framework.id,
            ThemeFile.reads.is_(extent.reads),
            ThemeFile.quotes.is_(extent.quotes),
            ~_is_old(now),
            ~_holds_withdrawn(framework),
            ~_quotes_against_will(framework),
            ~_replied_since(framework),
        )
        .options(undefer(ThemeFile.result))
        .ext(distinct_on(ThemeFile.kind))
        .order_by(ThemeFile.kind, ThemeFile.requested_at.desc(), ThemeFile.id)
    )
    return {file.kind: file for file in rows}


def ask(
    session: Session, *, framework: ThemeFramework, kind: ThemeFileKind, extent: Extent, actor: Actor, now: datetime
) -> ThemeFile:
    """Have the worker write a file, unless there is one of what stands, or it is at it."""
    log.begin(session, framework)
    there = newest(session, framework, extent, now=now).get(kind)
    if there is not None and (there.is_under_way or is_current(there, framework)):
        return there
    file = ThemeFile(framework_id=framework.id, kind=kind, reads=extent.reads, quotes=extent.quotes, requested_at=now)
    session.add(file)
    session.flush()
    jobs.defer(session, WRITE, queue="analysis", file_id=str(file.id))
    audit.record(session, "themes.file_asked", subject=framework, actor=actor, kind=kind.value)
    session.flush()
    return file


def is_current(file: ThemeFile, framework: ThemeFramework) -> bool:
    """Whether nobody has acted since what the file shows."""
    shown = shown_in(file)
    return shown is not None and shown.revision == framework.revision


def take(session: Session, *, framework: ThemeFramework, file: ThemeFile, actor: Actor) -> bytes:
    """What is in a file that is written. It stays on record who took it."""
    content = session.scalars(select(ThemeFile.content).where(ThemeFile.id == file.id)).one()
    audit.record(
        session, "themes.exported", subject=framework, actor=actor, kind=file.kind.value, with_names=file.reads
    )
    session.flush()
    return content or b""


def remove_old(session: Session, *, now: datetime) -> int:
    """Returns how many are gone."""
    return len(session.scalars(delete(ThemeFile).where(_is_old(now)).returning(ThemeFile.id)).all())


def _holds_withdrawn(framework: ThemeFramework) -> ColumnElement[bool]:
    """Whether a response was withdrawn after the file was asked for, which then may hold what it said."""
    return (
        select(Withdrawal.submission_id)
        .join(Submission, Submission.id == Withdrawal.submission_id)
        .join(Response, Response.id == Submission.response_id)
        .where(Response.engagement_id == framework.engagement_id, Withdrawal.withdrawn_at >= ThemeFile.requested_at)
        .correlate(ThemeFile)
        .exists()
    )


def _quotes_against_will(framework: ThemeFramework) -> ColumnElement[bool]:
    """Whether a response was submitted again after the file was asked for, and does not agree to be quoted."""
    return (
        select(Response.id)
        .where(Response.engagement_id == framework.engagement_id, agrees_no_more(since=ThemeFile.requested_at))
        .correlate(ThemeFile)
        .exists()
    )


def _replied_since(framework: ThemeFramework) -> ColumnElement[bool]:
    """Whether somebody replied to a theme after the file was asked for, which is no act upon the themes."""
    return (
        select(ThemeReply.theme_id)
        .join(ThemeReply.theme)
        .where(Theme.framework_id == framework.id, ThemeReply.replied_at >= ThemeFile.requested_at)
        .correlate(ThemeFile)
        .exists()
    )


def _is_old(now: datetime) -> ColumnElement[bool]:
    return ThemeFile.requested_at < now - KEPT
