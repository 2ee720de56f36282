"""A small world with one of everything, for tests that look at every page."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Sequence
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
from webapp.jobs import WorkerContext
from webapp.models import (
    AnalysisRun,
    Answer,
    ColleagueInvitation,
    EmailChange,
    EmailStop,
    Engagement,
    InterestLevel,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Passkey,
    Person,
    Procurement,
    Programme,
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
from webapp.responses.reminders.stop_links import bound, new_stop_token
from webapp.running_jobs import run_worker

COMMENTS = (
    "We cannot recruit dental nurses for a secure setting. The price is too low for agency staff.",
    "Vetting takes four months, so dental nurses leave before they start. Escorts are cancelled too often.",
    "The price is too low. Two tenders at once are too many for our bid team.",
)
Ids = dict[str, uuid.UUID | str]
"""By the names that the parts of addresses have."""
IN_ADDRESSES = {
    "stage_name": "tender",
    "rule_kind": "together",
    "question_kind": "one_of",
    "among": "questions",
    "place": "1",
    "slug": "organisation",
    "assumption": "unseen_entrants",
    "kind": "decisions",
    "key": "barriers",
    "notice_slug": "uk2",
    "topic_slug": "record",
    "part_slug": "sites",
}
"""What is no row's."""


@dataclass(frozen=True)
class World:
    """The people to look with, and the ids to look at."""

    officer: Person
    provider: Person
    other_officer: Person
    other_provider: Person
    ids: Ids
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
        ids = _asked(session, about, people[0], officer)
        ids["document_id"] = make.document(session, about, officer).id
        ids |= _drawn_up(session, about)
        now = clock(session)
        ids |= _ways_in(session, people[0], now)
        other_buyer = make.buyer(session)
        other_officer, other_provider = make.officer(session, other_buyer), make.provider_person(session)
        others = make.engagement(session, make.programme(session, other_buyer))
        add_questionnaire(session, others)
        ids |= _newcomers(session, people[0], now)
        run = _run(session, about, actor_of(officer, buyer), now) if analysed else None
        session.commit()
        ids |= _of_programme(session, about.programme, officer)
        ids |= _of_engagement(session, about, officer, people)
        ids |= _of_responses(session, about, officer, submissions)
        ids |= IN_ADDRESSES
        if run is not None:
            ids |= _of_run(session, run, officer, actor_of(officer, buyer), now)
        session.commit()
    if analysed:
        run_jobs(database, settings)
        with database.session() as session:
            ids |= _of_results(session, ids, officer)
            session.commit()
        ids["change_id"] = _asked_of_schedule(database, ids["run_id"], actor_of(officer, buyer))
        run_jobs(database, settings)
    other_ids = {"programme_id": others.programme_id, "engagement_id": others.id}
    return World(officer, people[0], other_officer, other_provider, ids, other_ids)


def _asked(session: Session, about: Engagement, asker: Person, officer: Person) -> Ids:
    waiting = make.clarification(session, about, asker)
    telephoned = make.entered_clarification(session, about, officer)
    answered = make.clarification(session, about, asker, answer="The prison does.")
    return {
        "clarification_id": waiting.id,
        "answered_id": answered.id,
        "waiting_id": telephoned.id,
        "reminder_token": _reminder(session, about, asker),
    }


def _drawn_up(session: Session, about: Engagement) -> Ids:
    version = add_questionnaire(session, about)
    return {
        "section_id": version.sections[0].id,
        "question_id": version.sections[0].questions[0].id,
        "part_id": next(each.id for part in version.sections for each in part.questions if each.asked_if),
    }


def _ways_in(session: Session, person: Person, now: datetime) -> Ids:
    passkey = Passkey(person_id=person.id, name="Phone", credential_id=b"id", public_key=b"key", sign_count=0)
    session.add(passkey)
    token = make_link(session, person=person, destination="/", life=timedelta(days=1), now=now)
    email_token, stop_token = new_token(), new_token()
    given = {"person_id": person.id, "expires_at": now + timedelta(days=1)}
    wanted = EmailChange(email="moved@provider.example", had_app=False, token_digest=digest(email_token), **given)
    session.add_all([wanted, EmailStop(token_digest=digest(stop_token), **given)])
    return {"passkey_id": passkey.id, "token": token, "email_token": email_token, "stop_token": stop_token}


def _run(session: Session, about: Engagement, actor: Actor, now: datetime) -> AnalysisRun:
    parameters = RunParameters(draws=200, schedule_seconds=2.0, as_of=date(2026, 12, 1))
    return request_run(session, engagement=about, parameters=parameters, seed=7, actor=actor, now=now)


def _of_programme(session: Session, programme: Programme, officer: Person) -> Ids:
    appraisal = make.appraisal(session, programme, officer)
    member = session.scalars(select(TeamMember).where(TeamMember.programme_id == programme.id)).one()
    return {
        "programme_id": programme.id,
        "appraisal_id": appraisal.id,
        "option_id": appraisal.options[0].id,
        "criterion_id": appraisal.criteria[0].id,
        "conclusion_id": make.conclusion(session, appraisal, officer).id,
        "member_id": member.id,
        "procurement_id": programme.procurements[0].id,
        "contract_id": programme.contracts[0].id,
        "row_id": programme.sites[0].id,
        "file_id": make.import_file(session, programme, officer).id,
        **make.past_procurement(session, programme, officer),
        "entry_id": make.decision(session, programme, officer).id,
        "activity_id": make.activity(session, programme).id,
        "declaration_id": make.conflict(session, programme, officer).id,
        "risk_id": make.risk(session, programme, officer).risk_id,
    }


def _of_engagement(session: Session, about: Engagement, officer: Person, people: Sequence[Person]) -> Ids:
    return {
        "engagement_id": about.id,
        "lot_id": about.engagement_lots[0].lot_id,
        "invitation_id": make.invitation(session, about, people[0]).id,
        "event_id": make.event(session, about).id,
        **make.two_names(session, about, officer, people[1:]),
    }


def _of_responses(session: Session, about: Engagement, officer: Person, submissions: Sequence[Submission]) -> Ids:
    first, *_, last = submissions
    return {
        "response_id": first.response_id,
        "submission_id": first.id,
        "attachment_id": _attachment(session, first).id,
        "entered_id": last.response_id,
        "reception_id": make.reception(session, about, officer, organisation_name="Acorn Care").id,
        "response_import_id": make.response_import(session, about, officer).id,
    }


def _of_run(session: Session, run: AnalysisRun, officer: Person, actor: Actor, now: datetime) -> Ids:
    """What somebody asks for beside it; the worker answers all of it later."""
    dearer = Scenario("What if", value_factor=1.1)
    return {
        "run_id": run.id,
        "search_id": make.lot_search(session, run, officer).id,
        "structure_id": make.lot_structure(session, run, officer).id,
        "what_if_id": ask(session, run=run, scenario=dearer, actor=actor, now=now).id,
    }


def _of_results(session: Session, ids: Ids, officer: Person) -> Ids:
    """What people make of what the run found."""
    theme = session.scalars(select(Theme).order_by(Theme.position).limit(1)).one()
    learning = make.theme_learning(session, theme.framework_id, officer)
    make.reply_publication(session, theme, officer)
    procurement = session.get_one(Procurement, ids["procurement_id"])
    run = session.get_one(AnalysisRun, ids["run_id"])
    return {
        "framework_id": theme.framework_id,
        "theme_id": theme.id,
        "learning_id": learning.id,
        "recommendation_id": make.recommendation(session, procurement, run, officer).id,
    }


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


def _newcomers(session: Session, signatory: Person, now: datetime) -> Ids:
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
    return {
        "membership_id": membership.id,
        "registration_token": registration_token,
        "invitation_token": invitation_token,
    }


def _reminder(session: Session, about: Engagement, person: Person) -> str:
    """The token of one that was sent."""
    reminder_id = uuid.uuid4()
    token = new_stop_token(reminder_id)
    own = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
    reminder = Reminder(
        id=reminder_id,
        engagement_id=about.id,
        organisation_id=own.organisation_id,
        person_id=person.id,
        kind=ReminderKind.DRAFT_HALF_WAY,
        token_digest=bound(token, person.email),
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
