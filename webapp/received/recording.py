"""Making submissions of what officers entered or imported: the one place where a received response comes to count.

What an organisation submits itself wins. Where that may be known, entering another response for it is refused; in a
sealed engagement a refusal would tell, so what was entered is kept beside the organisation's own and does not count.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, func, select, update
from sqlalchemy.orm import Session

from webapp.audit import Actor
from webapp.engagements.provider_kinds import said_of_provider
from webapp.models import (
    Answer,
    DraftSection,
    Engagement,
    Interest,
    Membership,
    Organisation,
    Party,
    Reception,
    Response,
    Submission,
)
from webapp.programmes.joined import hold_as_joined, joined_in
from webapp.received import mails, queries
from webapp.received.bulk import chunks, insert_all
from webapp.received.recorded import Recorded
from webapp.responses.actions import new_reference
from webapp.responses.interests import interest_rows
from webapp.responses.items import Item, Value
from webapp.web.text import simplified

_ANSWERED_AT_ONCE = 250
Told = Callable[[float], None]
"""Hears how far the work is, from 0 to 1."""


class OwnResponseError(Exception):
    """Organisations have responded themselves; `names` says which."""

    def __init__(self, names: Sequence[str]) -> None:
        super().__init__(f"{len(names)} organisations have responded themselves")
        self.names = names


class LateError(Exception):
    """A response came after the engagement had closed, and nobody said why it is accepted."""


class TwiceError(Exception):
    """Two entries turn out to be of one organisation, which has one response."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A response to record, with what it answers."""

    reception: Reception
    answers: Mapping[Item, Value]


@dataclass(frozen=True, slots=True)
class Standing:
    """The response that an entry goes into, as it was."""

    response_id: uuid.UUID
    submissions: int
    is_own: bool
    """Whether the organisation has submitted it, or its people have withdrawn it."""
    has_draft: bool


def untold(_share: float) -> None:
    """For what is over in a moment."""


def record(
    session: Session,
    *,
    engagement: Engagement,
    entries: Sequence[Entry],
    link_of: Callable[[uuid.UUID], str],
    actor: Actor,
    told: Told = untold,
) -> list[Recorded]:
    """Make a submission of each entry, all or none, and tell its people; `link_of` a response is where they read it.

    Raises OwnResponseError, LateError and TwiceError.
    """
    _hold(session, engagement)
    _judge_lateness(engagement, entries)
    _settle_organisations(session, engagement, entries)
    standings = _standings(session, engagement, entries, actor)
    if not engagement.waits_for_opening:
        own = [entry.reception.organisation_name for entry in entries if standings[_organisation(entry)].is_own]
        if own:
            raise OwnResponseError(own)
    recorded = _submissions(session, engagement, entries, standings, actor)
    _answer(session, entries, recorded, told)
    mails.tell(session, engagement=engagement, recorded=recorded, link_of=link_of)
    _count(session, entries, standings, recorded)  # last: from here on all who write to the record wait for this
    return recorded


def _hold(session: Session, engagement: Engagement) -> None:
    """One recording at a time for an engagement, and its closing time as it is until this is done."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"receptions of {engagement.id}"))))
    session.refresh(engagement, with_for_update={"read": True})


def _judge_lateness(engagement: Engagement, entries: Iterable[Entry]) -> None:
    for entry in entries:
        reception = entry.reception
        if not is_late(engagement, reception):
            reception.late_reason = None
        elif not reception.late_reason:
            raise LateError


def is_late(engagement: Engagement, reception: Reception) -> bool:
    return reception.received_at > engagement.closes_at


def _settle_organisations(session: Session, engagement: Engagement, entries: Sequence[Entry]) -> None:
    """Give each entry its organisation: one that was entered before under the name, or a new one without people.

    One that was joined to another meanwhile is that other, as is one whose response
    is corrected while the two are joined. Raises TwiceError.
    """
    hold_as_joined(session, engagement.programme_id)
    joined = joined_in(session, engagement.programme_id)
    by_name = {simplified(name): key for key, name in queries.names_entered(session, engagement.id)}
    added = []
    for entry in entries:
        reception = entry.reception
        if reception.organisation_id is None:
            key = simplified(reception.organisation_name)
            if key not in by_name:
                by_name[key] = uuid.uuid4()
                added.append(_new_organisation(by_name[key], reception))
            reception.organisation_id = by_name[key]
        reception.organisation_id = joined.instead_of(reception.organisation_id)
    if len({_organisation(entry) for entry in entries}) < len(entries):
        raise TwiceError
    session.add_all(added)
    session.flush()
    session.add_all(entry.reception for entry in entries)
    session.flush()


def _new_organisation(key: uuid.UUID, reception: Reception) -> Organisation:
    return Organisation(
        id=key,
        name=reception.organisation_name,
        party=Party.PROVIDER,
        provider_kind=reception.provider_kind,
        size=reception.size,
        vcse=reception.vcse,
    )


def _standings(
    session: Session, engagement: Engagement, entries: Sequence[Entry], actor: Actor
) -> Mapping[uuid.UUID, Standing]:
    """By organisation: its response, begun here where it has none, and locked as a submission locks it."""
    insert_all(
        session,
        Response,
        [
            {
                "engagement_id": engagement.id,
                "organisation_id": _organisation(entry),
                "version_id": entry.reception.version_id,
                "started_by": actor.person_id,
            }
            for entry in entries
        ],
        unless="uq_response_engagement_id_organisation_id",
    )
    of_response = Submission.response_id == Response.id
    submitted_itself = exists().where(of_response, Submission.reception_id.is_(None))
    has_people = exists().where(Membership.organisation_id == Response.organisation_id)
    rows = session.execute(
        select(
            Response.organisation_id,
            Response.id,
            select(func.coalesce(func.max(Submission.number), 0)).where(of_response).scalar_subquery(),
            submitted_itself | (Response.withdrawn_at.is_not(None) & has_people),
            exists().where(DraftSection.response_id == Response.id),
        )
        .where(
            Response.engagement_id == engagement.id,
            Response.organisation_id.in_({_organisation(entry) for entry in entries}),
        )
        .order_by(Response.id)
        .with_for_update(of=Response, key_share=True)
    )
    return {row[0]: Standing(*row[1:]) for row in rows}


def _submissions(
    session: Session,
    engagement: Engagement,
    entries: Sequence[Entry],
    standings: Mapping[uuid.UUID, Standing],
    actor: Actor,
) -> list[Recorded]:
    recorded, rows = [], []
    for entry in entries:
        reception, standing = entry.reception, standings[_organisation(entry)]
        made = Recorded(reception, uuid.uuid4(), standing.response_id, new_reference(), is_late(engagement, reception))
        recorded.append(made)
        of_provider = ((item.question, value) for item, value in entry.answers.items() if item.lot is None)
        rows.append(
            {
                "id": made.submission_id,
                "response_id": standing.response_id,
                "number": standing.submissions + 1,
                "reference": made.reference,
                "nonce": reception.id,
                "submitted_at": reception.received_at,
                "submitted_by": actor.person_id,
                "reception_id": reception.id,
                **said_of_provider(of_provider),
            }
        )
    insert_all(session, Submission, rows)
    return recorded


def _answer(
    session: Session,
    entries: Sequence[Entry],
    recorded: Sequence[Recorded],
    told: Told,
) -> None:
    for start in range(0, len(entries), _ANSWERED_AT_ONCE):
        answers: list[dict[str, Any]] = []
        interests: list[dict[str, Any]] = []
        for entry, made in zip(
            entries[start : start + _ANSWERED_AT_ONCE], recorded[start : start + _ANSWERED_AT_ONCE], strict=True
        ):
            for item, value in entry.answers.items():
                question_id, lot_id = item.key
                answers.append(
                    {"submission_id": made.submission_id, "question_id": question_id, "lot_id": lot_id, "value": value}
                )
            interests += [{"submission_id": made.submission_id, **row} for row in interest_rows(entry.answers)]
        insert_all(session, Answer, answers)
        insert_all(session, Interest, interests)
        told(start / len(entries))


def _count(
    session: Session,
    entries: Sequence[Entry],
    standings: Mapping[uuid.UUID, Standing],
    recorded: Sequence[Recorded],
) -> None:
    """Let what was recorded count, except where the organisation's own response does.

    A response that its provider works on stays pinned to the version that the draft is of.
    """
    counting: list[uuid.UUID] = []
    moving: list[uuid.UUID] = []
    for entry, made in zip(entries, recorded, strict=True):
        standing = standings[_organisation(entry)]
        if not standing.is_own:
            counting.append(made.submission_id)
            if not standing.has_draft:
                moving.append(made.submission_id)
    for some in chunks(counting):
        session.execute(
            update(Response)
            .where(Response.id == Submission.response_id, Submission.id.in_(some))
            .values(current_submission_id=Submission.id, withdrawn_at=None)
            .execution_options(synchronize_session=False)
        )
    for some in chunks(moving):
        session.execute(
            update(Response)
            .where(
                Response.id == Submission.response_id,
                Reception.id == Submission.reception_id,
                Response.version_id != Reception.version_id,
                Submission.id.in_(some),
            )
            .values(version_id=Reception.version_id)
            .execution_options(synchronize_session=False)
        )
    session.flush()


def _organisation(entry: Entry) -> uuid.UUID:
    if entry.reception.organisation_id is None:
        raise LookupError("an entry has no organisation yet")
    return entry.reception.organisation_id
