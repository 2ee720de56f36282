"""Writing the plan of communication, and who came to events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp import audit
from webapp.audit import Actor
from webapp.communications import queries
from webapp.models import Attendance, EngagementEvent, NoticeFacts, PlannedActivity, Programme
from webapp.once import add_once

Row = PlannedActivity | EngagementEvent | NoticeFacts


class NotYetError(Exception):
    """The event has not begun, so nobody can have come to it."""


class HeldError(Exception):
    """The event has been held: what it was stays as it is."""


class RemovedError(Exception):
    """The event was removed at this moment."""


@dataclass(frozen=True, slots=True)
class Attendee:
    name: str
    organisation: str


def save_activity(session: Session, *, row: PlannedActivity, programme: Programme, actor: Actor) -> None:
    """A new one, or a change that was written into the row. Raises WrittenAlreadyError of a new one."""
    _save(session, row, "activity", programme, actor)


def remove_activity(session: Session, *, row: PlannedActivity, programme: Programme, actor: Actor) -> None:
    session.delete(row)
    session.flush()
    _record(session, "activity.removed", programme, actor, activity=str(row.id))


def save_event(session: Session, *, row: EngagementEvent, programme: Programme, actor: Actor) -> None:
    """Raises HeldError, and WrittenAlreadyError of a new one."""
    if row.held_at is not None:
        raise HeldError
    _save(session, row, "event", programme, actor)


def remove_event(session: Session, *, row: EngagementEvent, programme: Programme, actor: Actor) -> None:
    """Raises HeldError and RemovedError."""
    _lock(session, row)
    if row.held_at is not None:
        raise HeldError
    session.delete(row)
    session.flush()
    _record(session, "event.removed", programme, actor, event=str(row.id))


def save_facts(session: Session, *, row: NoticeFacts, programme: Programme, actor: Actor) -> None:
    is_new = row.revision is None
    if not is_new:
        row.revision += 1
    session.add(row)
    session.flush()
    _record(session, f"notice_facts.{'added' if is_new else 'changed'}", programme, actor)


def hold(
    session: Session,
    *,
    event: EngagementEvent,
    attendees: Sequence[Attendee],
    programme: Programme,
    actor: Actor,
    now: datetime,
) -> None:
    """Put on record who came; whoever was missed can be added later, and nobody twice.

    Raises NotYetError and RemovedError.
    """
    _lock(session, event)
    if now < event.begins_at:
        raise NotYetError
    there = queries.attendances(session, event.id)
    known = {_folded(each.name, each.organisation_name) for each in there}
    missed = [each for each in attendees if _folded(each.name, each.organisation) not in known]
    if not missed:
        return
    act = "event.held" if event.held_at is None else "event.attendance_added"
    session.add_all(
        Attendance(event_id=event.id, position=place, name=each.name, organisation_name=each.organisation)
        for place, each in enumerate(missed, len(there) + 1)
    )
    if event.held_at is None:
        event.held_at, event.held_by = now, actor.person_id
        event.revision += 1
    session.flush()
    audit.record(
        session,
        act,
        subject=event,
        actor=actor,
        organisation_id=programme.buyer_id,
        engagement=str(event.engagement_id),
        attended=len(missed),
        organisations=len({each.organisation.casefold() for each in missed}),
    )
    session.flush()


def _lock(session: Session, event: EngagementEvent) -> None:
    found = select(EngagementEvent).where(EngagementEvent.id == event.id).with_for_update()
    if session.scalars(found, execution_options={"populate_existing": True}).one_or_none() is None:
        raise RemovedError


def _folded(name: str, organisation: str) -> tuple[str, str]:
    return name.casefold(), organisation.casefold()


def _save(
    session: Session, row: PlannedActivity | EngagementEvent, noun: str, programme: Programme, actor: Actor
) -> None:
    is_new = row.revision is None
    if is_new:
        add_once(session, row)
    else:
        row.revision += 1
    session.flush()
    _record(session, f"{noun}.{'added' if is_new else 'changed'}", programme, actor, **{noun: str(row.id)})


def _record(session: Session, act: str, programme: Programme, actor: Actor, **detail: str) -> None:
    audit.record(session, act, subject=programme, actor=actor, organisation_id=programme.buyer_id, **detail)
    session.flush()
