"""Joining two providers that are one firm, in one programme: what points to the one made by hand points to the other.

The one that was joined stays, as does whatever is on record under its name. Nothing of other programmes is touched.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from webapp import audit
from webapp.audit import Actor
from webapp.models import (
    Answer,
    Contract,
    Invitation,
    JoinedProvider,
    Organisation,
    Programme,
    PublishedName,
    Response,
    Submission,
    ThemeComment,
)
from webapp.once import add_once
from webapp.programmes.joined import hold_alone
from webapp.providers import mails, queries

SEALED = (
    "The responses to {} are sealed. Providers can be joined once they are opened: before, joining two would tell who "
    "has answered"
)
PEOPLE = (
    "“{}” has people who can sign in, so what it drafts and submits stays its own. If the other has nobody, join that "
    "one to it"
)
ITSELF = "“{}” has answered itself, so its answers stay its own"
JOINED = "{} is joined to “{}”. Undo that first, then join each to the other"
BOTH = "Both have a response to {}, and a firm has one. First set aside the one that was entered for “{}”"


class RefusedError(Exception):
    """The two cannot be joined; the message says why."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A column that names a provider, and which of its rows are the programme's and may be pointed to another."""

    column: InstrumentedAttribute[Any]
    where: ColumnElement[bool]


def obstacle(session: Session, *, programme: Programme, provider: Organisation, now: datetime) -> str:
    """Why a provider cannot be joined to any other now; nothing where it can."""
    if sealed := queries.sealed_engagements(session, programme.id, now):
        return SEALED.format(_quoted(sealed))
    if queries.with_people(session, [provider.id]):
        return PEOPLE.format(provider.name)
    if joined := queries.others_joined_to(session, provider.id, programme.id):
        return JOINED.format(_quoted(joined), provider.name)
    if queries.answered_itself(session, provider.id, programme.id):
        return ITSELF.format(provider.name)
    return ""


def join(
    session: Session,
    *,
    join_id: uuid.UUID,
    programme: Programme,
    provider: Organisation,
    into: Organisation,
    reason: str,
    link_of: Callable[[uuid.UUID], str],
    actor: Actor,
    now: datetime,
) -> JoinedProvider:
    """From now on `provider` is `into` in the programme. Raises RefusedError and WrittenAlreadyError."""
    _hold(session, programme.id, provider.id, into.id)
    if why := obstacle(session, programme=programme, provider=provider, now=now):
        raise RefusedError(why)
    if both := queries.answered_by_both(session, provider.id, into.id, programme.id):
        raise RefusedError(BOTH.format(_quoted(both), provider.name))
    moved = _point(session, programme.id, of=provider.id, to=into.id)
    made = JoinedProvider(
        id=join_id,
        programme_id=programme.id,
        organisation_id=provider.id,
        into_id=into.id,
        reason=reason,
        joined_by=actor.person_id,
        moved={table: [str(key) for key in keys] for table, keys in moved.items()},
    )
    add_once(session, made)
    _record(session, "provider.joined", made, programme, moved, actor, reason=reason)
    mails.tell(session, join=made, response_ids=moved[Response.__tablename__], link_of=link_of)
    return made


def undo(session: Session, *, join: JoinedProvider, programme: Programme, actor: Actor, now: datetime) -> None:
    """What was pointed to the other points back, but for responses that its people have worked on since."""
    _hold(session, programme.id, join.organisation_id, join.into_id)
    only = {table: [uuid.UUID(key) for key in keys] for table, keys in join.moved.items()}
    moved = _point(session, programme.id, of=join.into_id, to=join.organisation_id, only=only)
    join.undone_at, join.undone_by = now, actor.person_id
    _record(session, "provider.parted", join, programme, moved, actor)


def _hold(session: Session, programme_id: uuid.UUID, *organisation_ids: uuid.UUID) -> None:
    """Alone with both and their responses. In the order in which others who change a response lock: it comes first."""
    hold_alone(session, programme_id)
    session.execute(
        select(Response.id)
        .where(
            Response.organisation_id.in_(organisation_ids),
            Response.engagement_id.in_(queries.engagements_of(programme_id)),
        )
        .order_by(Response.id)
        .with_for_update(key_share=True)
    )
    session.execute(
        select(Organisation.id).where(Organisation.id.in_(organisation_ids)).order_by(Organisation.id).with_for_update()
    )


def _pointers(programme_id: uuid.UUID, to: uuid.UUID) -> Mapping[str, Pointer]:
    engagements = queries.engagements_of(programme_id)
    free = ~queries.is_own() & ~queries.has_other(to)
    return {
        Contract.__tablename__: Pointer(Contract.supplier_id, Contract.programme_id == programme_id),
        Invitation.__tablename__: Pointer(Invitation.organisation_id, Invitation.engagement_id.in_(engagements)),
        PublishedName.__tablename__: Pointer(PublishedName.organisation_id, PublishedName.programme_id == programme_id),
        Response.__tablename__: Pointer(Response.organisation_id, Response.engagement_id.in_(engagements) & free),
    }


def _point(
    session: Session,
    programme_id: uuid.UUID,
    *,
    of: uuid.UUID,
    to: uuid.UUID,
    only: Mapping[str, Sequence[uuid.UUID]] | None = None,
) -> dict[str, list[uuid.UUID]]:
    """Point what points to the first to the second, or only some rows; those that were, by their table."""
    moved: dict[str, list[uuid.UUID]] = {}
    for table, pointer in _pointers(programme_id, to).items():
        model = pointer.column.class_
        wanted = (pointer.column == of) & pointer.where
        if only is not None:
            wanted &= model.id.in_(only[table])
        moved[table] = sorted(
            session.scalars(
                update(model)
                .where(wanted)
                .values({pointer.column: to})
                .returning(model.id)
                .execution_options(synchronize_session=False)
            )
        )
    answers = select(Answer.id).join(Submission, Submission.id == Answer.submission_id)
    session.execute(
        update(ThemeComment)
        .where(ThemeComment.answer_id.in_(answers.where(Submission.response_id.in_(moved[Response.__tablename__]))))
        .values(organisation_id=to)
        .execution_options(synchronize_session=False)
    )
    return moved


def _quoted(names: Sequence[str]) -> str:
    return " and ".join(f"“{name}”" for name in names)


def _record(
    session: Session,
    act: str,
    join: JoinedProvider,
    programme: Programme,
    moved: Mapping[str, Sequence[uuid.UUID]],
    actor: Actor,
    **detail: str,
) -> None:
    audit.record(
        session,
        act,
        subject=join,
        actor=actor,
        organisation_id=programme.buyer_id,
        programme=str(programme.id),
        provider=str(join.organisation_id),
        into=str(join.into_id),
        **{f"{table}s": len(keys) for table, keys in moved.items()},
        **detail,
    )
    session.flush()
