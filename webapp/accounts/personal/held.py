"""Everything held about a person and the responses of its organisation, as plain data for one JSON file.

Secrets are left out (hashes, tokens, the texts of mails, which may hold links): they would only serve a thief. Of
colleagues there is no more than their names where they acted.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, func, or_, select
from sqlalchemy.orm import Session, joinedload, load_only, selectinload

from webapp.accounts.organisations.details import NUMBERS
from webapp.accounts.personal.queries import passkeys, written_to
from webapp.audit import Actor
from webapp.models import (
    Answer,
    AuditEvent,
    Clarification,
    Decline,
    Disposal,
    DisposedResponse,
    DraftSection,
    EmailChange,
    Engagement,
    Identity,
    Interest,
    Invitation,
    Lot,
    MailMessage,
    Membership,
    Organisation,
    Person,
    Question,
    Reminder,
    ReminderStop,
    Response,
    ResponseFile,
    Section,
    SignedInSession,
    SignInLink,
    Submission,
)

Record = dict[str, Any]


def everything(session: Session, *, actor: Actor, now: datetime) -> Record:
    organisation_id = actor.provider.organisation_id if actor.provider else None
    person = (
        session.scalars(
            select(Person)
            .where(Person.id == actor.person_id)
            .options(joinedload(Person.memberships).joinedload(Membership.organisation))
        )
        .unique()
        .one()
    )
    return {
        "made_at": now,
        "person": _person(session, person),
        "acts": _acts(session, actor.person_id),
        "emails": _emails(session, person),
        "invitations": _invitations(session, actor.person_id),
        "reminders": _reminders(session, actor.person_id),
        "reminders_stopped": _stops(session, actor.person_id),
        "responses": _responses(session, organisation_id) if organisation_id else [],
        "responses_destroyed": _destroyed(session, organisation_id) if organisation_id else [],
        "said_that_it_will_not_respond": _declines(session, organisation_id) if organisation_id else [],
        "questions_asked": _clarifications(session, organisation_id) if organisation_id else [],
    }


def _person(session: Session, person: Person) -> Record:
    browsers = session.scalars(
        select(SignedInSession)
        .where(SignedInSession.person_id == person.id)
        .order_by(SignedInSession.created_at, SignedInSession.id)
    )
    links = session.scalars(
        select(SignInLink).where(SignInLink.person_id == person.id).order_by(SignInLink.created_at, SignInLink.id)
    )
    changes = session.scalars(select(EmailChange).where(EmailChange.person_id == person.id))
    return {
        "name": person.name,
        "former_names": person.former_names,
        "email": person.email,
        "former_emails": person.former_emails,
        "email_asked_for": [
            {"email": asked.email, "asked_at": asked.created_at, "takes_effect_at": asked.due_at} for asked in changes
        ],
        "since": person.created_at,
        "has_password": person.password_hash is not None,
        "has_authenticator_app": person.totp_secret is not None,
        "language": person.language,
        "passkeys": [
            {"name": passkey.name, "added_at": passkey.created_at, "last_used_at": passkey.last_used_at}
            for passkey in passkeys(session, person.id)
        ],
        "single_sign_on": _identities(session, person.id),
        "acts_for": [
            {"role": member.role, "since": member.created_at, "organisation": _organisation(member.organisation)}
            for member in sorted(person.memberships, key=lambda member: member.id)
        ],
        "sessions": [
            {"begun_at": browser.created_at, "ends_at": browser.expires_at, "code_given": browser.second_factor}
            for browser in browsers
        ],
        "links": [
            {"made_at": link.created_at, "works_until": link.expires_at, "used_at": link.used_at} for link in links
        ],
    }


def _organisation(organisation: Organisation) -> Record:
    columns = ("name", "party", "provider_kind", "size", "is_sme", "vcse", *NUMBERS)
    return {column: getattr(organisation, column) for column in columns}


def _acts(session: Session, person_id: uuid.UUID) -> list[Record]:
    """What the person did, and what others or the system did about it, such as a change of its role."""
    about_person = AuditEvent.detail["person"].astext == str(person_id)
    events = session.scalars(
        select(AuditEvent).where(or_(AuditEvent.person_id == person_id, about_person)).order_by(AuditEvent.id)
    )
    return [{"at": event.at, "act": event.act, "about": event.subject_kind, **_detail(event)} for event in events]


def _detail(event: AuditEvent) -> Record:
    return {"detail": event.detail} if event.detail else {}


def _emails(session: Session, person: Person) -> list[Record]:
    """At whatever address. Not what an address was sent that is only asked for: that is for its reader alone."""
    messages = session.scalars(
        select(MailMessage)
        .where(written_to(person))
        .options(load_only(MailMessage.subject, MailMessage.created_at, MailMessage.sent_at))
        .order_by(MailMessage.created_at, MailMessage.id)
    )
    return [
        {"written_at": message.created_at, "sent_at": message.sent_at, "subject": message.subject}
        for message in messages
    ]


def _invitations(session: Session, person_id: uuid.UUID) -> list[Record]:
    rows = session.execute(
        select(Engagement.title, Organisation.name, Invitation.sent_at)
        .select_from(Invitation)
        .join(Engagement, Engagement.id == Invitation.engagement_id)
        .join(Organisation, Organisation.id == Invitation.organisation_id)
        .where(Invitation.person_id == person_id)
        .order_by(Invitation.sent_at, Invitation.id)
    )
    return [{"engagement": row.title, "organisation": row.name, "sent_at": row.sent_at} for row in rows]


def _identities(session: Session, person_id: uuid.UUID) -> list[Record]:
    """Who the person is to an OpenID provider."""
    rows = session.scalars(select(Identity).where(Identity.person_id == person_id).order_by(Identity.issuer))
    return [{"issuer": row.issuer, "subject": row.subject, "since": row.created_at} for row in rows]


def _reminders(session: Session, person_id: uuid.UUID) -> list[Record]:
    rows = session.execute(
        select(Engagement.title, Reminder.kind, Reminder.created_at)
        .join(Engagement, Engagement.id == Reminder.engagement_id)
        .where(Reminder.person_id == person_id)
        .order_by(Reminder.created_at, Reminder.id)
    )
    return [{"engagement": row.title, "kind": row.kind, "written_at": row.created_at} for row in rows]


def _stops(session: Session, person_id: uuid.UUID) -> list[Record]:
    rows = session.execute(
        select(Engagement.title, ReminderStop.created_at)
        .join(Engagement, Engagement.id == ReminderStop.engagement_id)
        .where(ReminderStop.person_id == person_id)
        .order_by(ReminderStop.created_at, Engagement.id)
    )
    return [{"engagement": row.title, "stopped_at": row.created_at} for row in rows]


def _destroyed(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    """Of which it is still known that they were."""
    gone = session.scalars(
        select(DisposedResponse)
        .where(DisposedResponse.organisation_id == organisation_id)
        .options(joinedload(DisposedResponse.disposal).joinedload(Disposal.engagement))
        .order_by(DisposedResponse.submitted_at, DisposedResponse.reference)
    )
    return [
        {
            "engagement": row.disposal.engagement.title,
            "reference": row.reference,
            "submitted_at": row.submitted_at,
            "destroyed_at": row.disposal.done_at,
            "policy": row.disposal.policy,
        }
        for row in gone
    ]


def _declines(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    said = session.scalars(
        select(Decline)
        .where(Decline.organisation_id == organisation_id)
        .options(joinedload(Decline.engagement), joinedload(Decline.decliner).load_only(Person.name))
        .order_by(Decline.declined_at, Decline.engagement_id)
    )
    return [
        {
            "engagement": row.engagement.title,
            "said_at": row.declined_at,
            "said_by": row.decliner.name,
            "reasons": row.reasons,
            "comment": row.comment,
            "may_be_quoted": row.may_quote,
        }
        for row in said
    ]


def _clarifications(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    """Those that it asked here: what officers enter is in their words, and may turn out to be another's."""
    asked = session.execute(
        select(Clarification, Person.name)
        .join(Clarification.asker)
        .where(Clarification.organisation_id == organisation_id)
        .options(joinedload(Clarification.engagement))
        .order_by(Clarification.asked_at, Clarification.id)
    )
    return [
        {
            "engagement": row.engagement.title,
            "asked_at": row.asked_at,
            "asked_by": name,
            "question": row.question,
            "published_question": row.published_question,
            "answer": row.answer,
        }
        for row, name in asked
    ]


def _responses(session: Session, organisation_id: uuid.UUID) -> list[Record]:
    """Drafts and every submission, in a number of statements that does not grow with them."""
    name = load_only(Person.name)
    submissions = selectinload(Response.submissions)
    drafts = selectinload(Response.drafts)
    found = session.execute(
        select(Response, _names_of_earlier_writers())
        .where(Response.organisation_id == organisation_id)
        .options(
            joinedload(Response.engagement),
            drafts.joinedload(DraftSection.saver).options(name),
            drafts.joinedload(DraftSection.section).load_only(Section.title),
            submissions.joinedload(Submission.submitter).options(name),
            submissions.selectinload(Submission.answers).joinedload(Answer.question).load_only(Question.wording),
            submissions.selectinload(Submission.interests).joinedload(Interest.lot).load_only(Lot.code, Lot.title),
        )
        .order_by(Response.started_at, Response.id)
    ).all()
    lots = _lot_codes(session, [row for row, _names in found])
    files = _files(session, organisation_id)
    return [
        {
            "engagement": row.engagement.title,
            "reference": row.engagement.reference,
            "started_at": row.started_at,
            "withdrawn_at": row.withdrawn_at,
            "draft": [_draft(saved, names or {}) for saved in row.drafts],
            "files": [_file(file) for file in files if file.response_id == row.id],
            "submissions": [_submission(made, row, lots) for made in row.submissions],
        }
        for row, names in found
    ]


def _names_of_earlier_writers() -> ScalarSelect[dict[str, str] | None]:
    """By id, as JSON, of all sections of a response; None if nobody saved any before whoever did last."""
    wrote = select(func.unnest(DraftSection.earlier_writers)).where(DraftSection.response_id == Response.id)
    return (
        select(func.jsonb_object_agg(Person.id, Person.name))
        .where(Person.id.in_(wrote.correlate(Response)))
        .correlate(Response)
        .scalar_subquery()
    )


def _files(session: Session, organisation_id: uuid.UUID) -> Sequence[ResponseFile]:
    """Without what is in them: that can be fetched from the pages of a response."""
    return session.scalars(
        select(ResponseFile)
        .join(ResponseFile.response)
        .where(Response.organisation_id == organisation_id)
        .options(joinedload(ResponseFile.uploader).load_only(Person.name))
        .order_by(ResponseFile.uploaded_at, ResponseFile.id)
    ).all()


def _file(file: ResponseFile) -> Record:
    return {
        "name": file.name,
        "kind": file.kind,
        "size": file.size,
        "sha256": file.sha256,
        "uploaded_at": file.uploaded_at,
        "uploaded_by": file.uploader.name,
    }


def _lot_codes(session: Session, responses: Iterable[Response]) -> dict[uuid.UUID, str]:
    answers = (answer for row in responses for made in row.submissions for answer in made.answers)
    ids = {answer.lot_id for answer in answers if answer.lot_id is not None}
    return {row.id: row.code for row in session.execute(select(Lot.id, Lot.code).where(Lot.id.in_(ids)))}


def _draft(saved: DraftSection, names: Mapping[str, str]) -> Record:
    """Without the name of whoever has become an earlier writer since `names` were read."""
    before = [str(writer) for writer in saved.earlier_writers]
    return {
        "section": saved.section.title,
        "saved_at": saved.saved_at,
        "saved_by": saved.saver.name,
        "saved_before_by": [names[writer] for writer in before if writer in names],
        "answers": saved.answers,
    }


def _submission(made: Submission, response: Response, lots: dict[uuid.UUID, str]) -> Record:
    return {
        "reference": made.reference,
        "version": made.number,
        "submitted_at": made.submitted_at,
        "submitted_by": made.submitter.name,
        "entered_by_an_officer": made.reception_id is not None,
        "counts": made.id == response.current_submission_id,
        "answers": [
            {
                "question": answer.question.wording,
                "lot": lots[answer.lot_id] if answer.lot_id else None,
                "answer": answer.value,
            }
            for answer in made.answers
        ],
        "interests": [
            {
                "lot": interest.lot.code,
                "title": interest.lot.title,
                "level": interest.level,
                "role": interest.role,
                "staff_at_start": interest.wte_at_start,
                "staff_in_month_6": interest.wte_month_6,
                "mobilisation_months": interest.mobilisation_months,
                "consortium": interest.consortium,
            }
            for interest in made.interests
        ],
    }
