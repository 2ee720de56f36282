"""Who acts, and the record of what they did, written in the caller's transaction."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from sqlalchemy import bindparam, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from webapp.models import AuditEvent, MembershipRole, Party

Scalar = str | int | bool | None


@dataclass(frozen=True, slots=True)
class ActingFor:
    """One organisation that a person acts for."""

    organisation_id: uuid.UUID
    name: str
    party: Party
    role: MembershipRole

    @property
    def is_signatory(self) -> bool:
        """Whether the person may declare and submit on the organisation's behalf."""
        return self.role is MembershipRole.SIGNATORY


@dataclass(frozen=True, slots=True)
class Actor:
    """The person behind a request, and the organisations it acts for."""

    person_id: uuid.UUID
    name: str
    email: str
    session_id: uuid.UUID
    second_factor: bool
    can_use_second_factor: bool
    memberships: tuple[ActingFor, ...]

    @property
    def provider(self) -> ActingFor | None:
        """The provider it acts for, if any."""
        return next((member for member in self.memberships if member.party is Party.PROVIDER), None)

    @property
    def owes_code(self) -> bool:
        """Whether a one-time code is still to be given: officers always give one, others if they have an app."""
        return not self.second_factor and (bool(self.officer_of) or self.can_use_second_factor)

    @property
    def officer_of(self) -> tuple[uuid.UUID, ...]:
        """The buyers and procuring agents whose programmes it may see."""
        return tuple(member.organisation_id for member in self.memberships if member.role is MembershipRole.OFFICER)


class Subject(Protocol):
    __tablename__: str

    @property
    def id(self) -> Any: ...


def record(
    session: Session,
    act: str,
    *,
    subject: Subject,
    actor: Actor | None,
    organisation_id: uuid.UUID | None = None,
    **detail: Scalar,
) -> None:
    """Append one event. `detail` holds scalars that identify, never answers, tokens or addresses."""
    session.add(AuditEvent(**_columns(act, subject, actor, organisation_id, detail)))


@dataclass(frozen=True, slots=True)
class Event:
    """What `record` records."""

    act: str
    subject: Subject
    organisation_id: uuid.UUID | None = None
    detail: Mapping[str, Scalar] = field(default_factory=dict)


_APPEND = text(
    """
    INSERT INTO audit_event (person_id, organisation_id, act, subject_kind, subject_id, detail)
    SELECT person_id, organisation_id, act, subject_kind, subject_id, detail
    FROM ROWS FROM (jsonb_to_recordset(:events) AS (
        person_id uuid, organisation_id uuid, act text, subject_kind text, subject_id uuid, detail jsonb
    )) WITH ORDINALITY
    ORDER BY ordinality
    """
).bindparams(bindparam("events", type_=JSONB))


def record_all(session: Session, events: Iterable[Event], *, actor: Actor | None) -> None:
    """Append each in this order, by one statement, since everybody else waits for the lock until it is done."""
    rows = [_columns(event.act, event.subject, actor, event.organisation_id, event.detail) for event in events]
    if rows:
        session.flush()  # what was recorded before comes before
        session.execute(_APPEND, {"events": [{name: _as_json(value) for name, value in row.items()} for row in rows]})


def _as_json(value: object) -> object:
    return str(value) if isinstance(value, uuid.UUID) else value


def _columns(
    act: str, subject: Subject, actor: Actor | None, organisation_id: uuid.UUID | None, detail: Mapping[str, Scalar]
) -> dict[str, Any]:
    return {
        "person_id": actor.person_id if actor else None,
        "organisation_id": organisation_id,
        "act": act,
        "subject_kind": subject.__tablename__,
        "subject_id": subject.id,
        "detail": dict(detail),
    }


_BROKEN_LINKS = text(
    """
    SELECT id FROM (
        SELECT event.id, event.hash, event.previous_hash,
               audit_event_hash(event) AS recomputed,
               row_number() OVER (ORDER BY event.id) AS place,
               coalesce(lag(event.hash) OVER (ORDER BY event.id), repeat('0', 64)) AS hash_before
        FROM audit_event event
    ) link
    WHERE hash <> recomputed OR previous_hash <> hash_before OR id <> place
    ORDER BY id
    """
)


def broken_links(session: Session) -> list[int]:
    """The ids of events that were altered, or that follow one that was altered or removed."""
    return list(session.scalars(_BROKEN_LINKS))
