"""A small world with one of everything, for tests that look at every page."""

from __future__ import annotations

import logging
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import webapp.worker  # noqa: F401 - declares every job
from config import Settings
from intelligence import Scenario
from tests import factories as make
from webapp.accounts.actions import make_link
from webapp.accounts.tokens import digest, new_token
from webapp.analysis.actions import request_run
from webapp.analysis.planning.actions import ask as ask_schedule
from webapp.analysis.planning.queries import plan, whole
from webapp.analysis.runs import RunParameters
from webapp.analysis.what_ifs.actions import ask
from webapp.audit import ActingFor, Actor
from webapp.db import Database, clock
from webapp.engagements.questionnaires import add_questionnaire
from webapp.jobs import WorkerContext, run_worker
from webapp.models import (
    AnalysisRun,
    Answer,
    ColleagueInvitation,
    Engagement,
    InterestLevel,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Passkey,
    Person,
    Procurement,
    ProviderKind,
    ProviderSize,
    Purpose,
    Question,
    Reception,
    Registration,
    Reminder,
    ReminderKind,
    ResponseFile,
    Section,
    Submission,
    SubmissionFile,
    TeamMember,
    Theme,
)

COMMENTS = (
    "We cannot recruit dental nurses for a secure setting. The price is too low for agency staff.",
    "Vetting takes four months, so dental nurses leave before they start. Escorts are cancelled too often.",
    "The price is too low. Two tenders at once are too many for our bid team.",
)


@dataclass(frozen=True)
class World:
    """The people to look with, and the ids to look at."""

    officer: Person
    provider: Person
    other_officer: Person
    other_provider: Person
    ids: dict[str, uuid.UUID | str]
    other_ids: dict[str, uuid.UUID]
    """The programme and engagement of the other officer."""


def actor_of(person: Person, organisation: Organisation) -> Actor:
    role = MembershipRole.SIGNATORY if organisation.party is Party.PROVIDER else MembershipRole.OFFICER
    acting_for = ActingFor(organisation.id, organisation.name, organisation.party, role)
    return Actor(person.id, person.name, person.email, uuid.uuid4(), True, True, (acting_for,))


def build(database: Database, settings: Settings, *, lots: int = 2, analysed: bool = True) -> World:
    with database.session() as session:
        buyer = make.buyer(session)
        officer = make.officer(session, buyer)
        about = make.engagement(session, make.programme(session, buyer, lots=lots))
        people = [make.provider_person(session) for _ in COMMENTS]
        received = make.reception(session, about, officer)  # the last response came by email
        submissions = [
            _answer(session, about, someone, text, received if someone is people[-1] else None)
            for someone, text in zip(people, COMMENTS, strict=True)
        ]
        clarification = make.clarification(session, about, people[0])
        answered = make.clarification(session, about, people[0], answer="The prison does.")
        reminder_token = _reminder(session, about, people[0])
        document = make.document(session, about, officer)
        drawn_up = add_questionnaire(session, about)
        passkey = Passkey(person_id=people[0].id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0)
        session.add(passkey)
        now = clock(session)
        token = make_link(session, person=people[0], destination="/", life=timedelta(days=1), now=now)
        other_buyer = make.buyer(session)
        other_officer, other_provider = make.officer(session, other_buyer), make.provider_person(session)
        others = make.engagement(session, make.programme(session, other_buyer))
        add_questionnaire(session, others)
        membership, registration_token, invitation_token = _newcomers(session, people[0], now)
        run = None
        if analysed:
            run = request_run(
                session,
                engagement=about,
                parameters=RunParameters(draws=200, schedule_seconds=2.0, as_of=date(2026, 12, 1)),
                seed=7,
                actor=actor_of(officer, buyer),
                now=now,
            )
        session.commit()
        ids: dict[str, uuid.UUID | str] = {
            "programme_id": about.programme_id,
            "member_id": session.scalars(
                select(TeamMember.id).where(TeamMember.programme_id == about.programme_id)
            ).one(),
            "engagement_id": about.id,
            "procurement_id": about.programme.procurements[0].id,
            "stage_name": "tender",
            "rule_kind": "together",
            "invitation_id": make.invitation(session, about, people[0]).id,
            "lot_id": about.engagement_lots[0].lot_id,
            "response_id": submissions[0].response_id,
            "submission_id": submissions[0].id,
            "clarification_id": clarification.id,
            "answered_id": answered.id,
            "entered_id": submissions[-1].response_id,
            "reception_id": make.reception(session, about, officer, organisation_name="Acorn Care").id,
            "response_import_id": make.response_import(session, about, officer).id,
            "document_id": document.id,
            "attachment_id": _attachment(session, submissions[0]).id,
            "passkey_id": passkey.id,
            "section_id": drawn_up.sections[0].id,
            "question_id": drawn_up.sections[0].questions[0].id,
            "question_kind": "one_of",
            "among": "questions",
            "part_id": next(each.id for part in drawn_up.sections for each in part.questions if each.asked_if),
            "place": "1",
            "slug": "organisation",
            "assumption": "unseen_entrants",
            "file_id": make.import_file(session, about.programme, officer).id,
            **make.past_procurement(session, about.programme, officer),
            "kind": "decisions",
            "key": "barriers",
            "entry_id": make.decision(session, about.programme, officer).id,
            "activity_id": make.activity(session, about.programme).id,
            "event_id": make.event(session, about).id,
            "notice_slug": "uk2",
            "topic_slug": "record",
            "declaration_id": make.conflict(session, about.programme, officer).id,
            **make.two_names(session, about, officer, people[1:]),
            "contract_id": about.programme.contracts[0].id,
            "part_slug": "sites",
            "row_id": about.programme.sites[0].id,
            "token": token,
            "membership_id": membership.id,
            "registration_token": registration_token,
            "invitation_token": invitation_token,
            "reminder_token": reminder_token,
        }
        if run is not None:
            ids["run_id"] = run.id
            dearer = Scenario("What if", value_factor=1.1)
            ids["search_id"] = make.lot_search(session, run, officer).id
            ids["structure_id"] = make.lot_structure(session, run, officer).id
            ids["what_if_id"] = ask(session, run=run, scenario=dearer, actor=actor_of(officer, buyer), now=now).id
        session.commit()
    if analysed:
        run_jobs(database, settings)
        with database.session() as session:
            theme = session.scalars(select(Theme).order_by(Theme.position).limit(1)).one()
            ids |= {"framework_id": theme.framework_id, "theme_id": theme.id}
            ids["learning_id"] = make.theme_learning(session, theme.framework_id, officer).id
            make.reply_publication(session, theme, officer)
            procurement = session.get_one(Procurement, ids["procurement_id"])
            run = session.get_one(AnalysisRun, ids["run_id"])
            ids["recommendation_id"] = make.recommendation(session, procurement, run, officer).id
            session.commit()
        ids["change_id"] = _asked_of_schedule(database, ids["run_id"], actor_of(officer, buyer))
        run_jobs(database, settings)
    other_ids = {"programme_id": others.programme_id, "engagement_id": others.id}
    return World(officer, people[0], other_officer, other_provider, ids, other_ids)


def _asked_of_schedule(database: Database, run_id: uuid.UUID | str, actor: Actor) -> uuid.UUID:
    """A what-if of the run's schedule in which nothing changes."""
    with database.session() as session:
        found = plan(session, uuid.UUID(str(run_id)), actor=actor)
        assert found is not None
        assert found[1] is not None
        asked = ask_schedule(
            session,
            earlier=found[1],
            problem=whole(session, found[1]).problem,
            purpose=Purpose.WHAT_IF,
            question="Nothing changes",
            actor=actor,
            now=clock(session),
        )
        session.commit()
        return asked.id


def _attachment(session: Session, submission: Submission) -> ResponseFile:
    """A file that the submission names."""
    named = submission.answers[0].question
    file = make.response_file(session, submission.response, named.key)
    session.add(SubmissionFile(submission_id=submission.id, file_id=file.id, question_id=named.id))
    session.flush()
    return file


def _newcomers(session: Session, signatory: Person, now: datetime) -> tuple[Membership, str, str]:
    """A colleague of the signatory's, and the tokens of one registration and one invitation that wait."""
    own = session.scalars(select(Membership).where(Membership.person_id == signatory.id)).one()
    organisation = session.get_one(Organisation, own.organisation_id)
    colleague = make.person(session, organisation, MembershipRole.CONTRIBUTOR)
    registration_token, invitation_token = new_token(), new_token()
    registration = Registration(
        organisation_name="Newcomer Health",
        provider_kind=ProviderKind.INDEPENDENT,
        size=ProviderSize.SMALL,
        vcse=False,
        person_name="Nia Newcomer",
        email="nia@newcomer.example",
        token_digest=digest(registration_token),
        expires_at=now + timedelta(days=1),
    )
    invitation = ColleagueInvitation(
        organisation_id=organisation.id,
        invited_by=signatory.id,
        name="Ivo Invited",
        email="ivo@invited.example",
        role=MembershipRole.SIGNATORY,
        token_digest=digest(invitation_token),
        expires_at=now + timedelta(days=1),
    )
    session.add_all([registration, invitation])
    session.flush()
    membership = session.scalars(select(Membership).where(Membership.person_id == colleague.id)).one()
    return membership, registration_token, invitation_token


def _reminder(session: Session, about: Engagement, person: Person) -> str:
    """The token of one that was sent."""
    token = new_token()
    own = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    reminder = Reminder(
        engagement_id=about.id,
        organisation_id=own.organisation_id,
        person_id=person.id,
        kind=ReminderKind.DRAFT_HALF_WAY,
        token_digest=digest(token),
    )
    session.add(reminder)
    session.flush()
    return token


def run_jobs(database: Database, settings: Settings) -> None:
    """Have a worker do everything that waits; in a thread, since a browser test runs an event loop in its own."""
    context = WorkerContext(database, settings, logging.getLogger("tests.worker"))
    with ThreadPoolExecutor(1) as pool:
        pool.submit(run_worker, context, once=True).result()


def _answer(
    session: Session, about: Engagement, by: Person, text: str, reception: Reception | None = None
) -> Submission:
    response = make.response(session, about, by)
    make.draft(session, response, "organisation", {"legal_name": by.name, "cqc": "yes"})
    levels = {lot.id: InterestLevel.LIKELY for lot in make.lots_of(about)}
    submission = make.submission(session, response, levels, reception_id=reception.id if reception else None)
    questions = {
        question.key: question
        for question in session.scalars(select(Question).join(Section).where(Section.version_id == response.version_id))
    }
    values = {"legal_name": by.name, "cqc": True, "barriers": text, "quote": True, "held": 1}
    session.add_all(
        Answer(submission_id=submission.id, question_id=questions[key].id, value=value) for key, value in values.items()
    )
    session.flush()
    return submission
