"""Filling an empty database with the North West programme, its engagement, forty synthetic responses and a few
providers that will not respond."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from webapp.audit import ActingFor, Actor
from webapp.demonstration.disclosures import add_disclosures
from webapp.demonstration.not_responding import NOT_RESPONDING, NotResponding
from webapp.demonstration.people import LEAD_OFFICER, PROVIDER, add_team
from webapp.demonstration.planning import add_planning
from webapp.demonstration.preferences import Answers
from webapp.demonstration.programme import CONTRACTS_END, REFERENCE, add_programme, facts, fixed_id
from webapp.demonstration.providers import SyntheticProvider, answers_of, synthetic_providers
from webapp.demonstration.recommending import answer_route
from webapp.disposal.actions import state_retention, stated_now
from webapp.engagements.actions import EngagementNotice, create_engagement, publish
from webapp.engagements.declining.actions import decline
from webapp.engagements.mails import Addresses
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import (
    DraftSection,
    Engagement,
    Lot,
    Membership,
    MembershipRole,
    Organisation,
    Party,
    Person,
    Programme,
    ProviderKind,
    ProviderSize,
    QuestionnaireVersion,
    Response,
)
from webapp.responses import queries as response_queries
from webapp.responses.actions import submit
from webapp.web.format import LONDON

ENGAGEMENT_REFERENCE = "ME-01"
OPENED_BEFORE, CLOSES_AFTER = timedelta(days=12), timedelta(days=16)
QUESTIONS_CLOSE_BEFORE = timedelta(days=5)
GUEST_ID = fixed_id("organisation", "guest")
KEEP_UNTIL = date(CONTRACTS_END.year + 12, 3, 31)
KEEP_POLICY = (
    "Invented for the demonstration: records of a procurement are kept for three years after its contracts end, here "
    "nine years and three."
)
PROCESS = (
    "We ask every interested provider to answer one questionnaire: its interest in each lot, what it could staff and "
    "when it could start, and in its own words what would stop it from bidding. Providers may ask questions; "
    "we publish each answer to everybody. We will publish a summary of what we heard, without names, and what we "
    "decide because of it. Taking part gives no advantage in a later tender, and staying out no disadvantage."
)


@dataclass(frozen=True, slots=True)
class Seeded:
    """What the demonstration shows to begin with."""

    engagement_id: uuid.UUID
    officer: Person

    @property
    def officer_actor(self) -> Actor:
        return _actor(self.officer, fixed_id("organisation", facts()["agent"]["name"]), Party.PROCURING_AGENT)


def seeded(session: Session) -> Seeded | None:
    """The demonstration, if this database has it, with everybody who belongs to its team by now."""
    engagement = session.scalars(
        select(Engagement)
        .join(Engagement.programme)
        .where(Programme.reference == REFERENCE, Engagement.reference == ENGAGEMENT_REFERENCE)
    ).one_or_none()
    if engagement is None:
        return None
    add_team(session, engagement.programme)
    return Seeded(engagement.id, _lead_officer(session))


def _lead_officer(session: Session) -> Person:
    return session.get_one(Person, fixed_id("person", LEAD_OFFICER.email))


def seed(session: Session, *, now: datetime, base_url: str) -> Seeded:
    """Everything in the caller's transaction. E-mails lead to pages under `base_url`."""
    providers = {provider.name: _organisation(session, provider) for provider in synthetic_providers()}
    programme = add_programme(session, providers=providers)
    add_planning(session, programme)
    add_team(session, programme)
    officer = _lead_officer(session)
    officer_actor = _actor(officer, programme.agent_id or programme.buyer_id, Party.PROCURING_AGENT)
    seen = stated_now(programme)
    state_retention(
        session, programme=programme, keep_until=KEEP_UNTIL, policy=KEEP_POLICY, seen=seen, actor=officer_actor
    )
    answer_route(session, actor=officer_actor, now=now)
    lots = [lot for procurement in programme.procurements for lot in procurement.lots]
    engagement = _add_engagement(session, programme, lots, officer_actor, now)
    guest = _add_guest(session)
    addresses = Addresses(base_url, f"/engagements/{engagement.id}", "/sign-in/link")
    add_disclosures(
        session,
        engagement=engagement,
        asker=_actor(guest, GUEST_ID, Party.PROVIDER),
        officer=officer_actor,
        addresses=addresses,
    )
    version = engagement.versions[-1]
    for place, provider in enumerate(synthetic_providers()):
        stamp = engagement.opens_at + (now - engagement.opens_at) * (place + 1) / (len(providers) + 1)
        _respond(session, engagement, version, lots, provider, providers[provider.name], stamp, base_url)
    for each in NOT_RESPONDING:
        _decline(session, engagement, each, addresses)
    session.flush()
    return Seeded(engagement.id, officer)


def _organisation(session: Session, provider: SyntheticProvider) -> Organisation:
    organisation = Organisation(
        id=fixed_id("organisation", provider.name),
        name=provider.name,
        party=Party.PROVIDER,
        provider_kind=provider.kind,
        size=provider.size,
        vcse=provider.vcse,
        synthetic=True,
    )
    session.add(organisation)
    session.flush()
    return organisation


def _person(session: Session, organisation_id: uuid.UUID, name: str, email: str, role: MembershipRole) -> Person:
    person = Person(id=fixed_id("person", email), name=name, email=email)
    session.add(person)
    session.flush()
    session.add(Membership(person_id=person.id, organisation_id=organisation_id, role=role))
    session.flush()
    return person


def _actor(person: Person, organisation_id: uuid.UUID, party: Party) -> Actor:
    """Somebody who acts without a browser."""
    role = MembershipRole.SIGNATORY if party is Party.PROVIDER else MembershipRole.OFFICER
    return Actor(
        person_id=person.id,
        name=person.name,
        email=person.email,
        session_id=uuid.uuid4(),
        second_factor=True,
        can_use_second_factor=True,
        memberships=(ActingFor(organisation_id, "", party, role),),
    )


def _add_guest(session: Session) -> Person:
    """A provider that has not answered yet, for whoever tries the demonstration."""
    organisation = Organisation(
        id=GUEST_ID,
        name="Wharfside Health CIC",
        party=Party.PROVIDER,
        provider_kind=ProviderKind.SOCIAL_ENTERPRISE,
        size=ProviderSize.SMALL,
        vcse=True,
        synthetic=True,
    )
    session.add(organisation)
    session.flush()
    return _person(session, organisation.id, PROVIDER.name, PROVIDER.email, MembershipRole.SIGNATORY)


def _add_engagement(session: Session, programme: Programme, lots: list[Lot], actor: Actor, now: datetime) -> Engagement:
    closing_day = (now + CLOSES_AFTER).astimezone(LONDON).date()
    closes_at = datetime.combine(closing_day, time(12), LONDON)
    notice = EngagementNotice(
        reference=ENGAGEMENT_REFERENCE,
        title="Health services for five prisons and two secure children's homes",
        summary=f"{programme.summary} Before we tender we want to know who would bid for what.",
        process=PROCESS,
        contact_email="engagement@soundings.example",
        opens_at=now - OPENED_BEFORE,
        closes_at=closes_at,
        questions_close_at=closes_at - QUESTIONS_CLOSE_BEFORE,
    )
    engagement = create_engagement(session, programme=programme, notice=notice, lots=lots, actor=actor)
    add_questionnaire(session, engagement)
    publish(session, engagement=engagement, actor=actor, now=now - OPENED_BEFORE)
    session.refresh(engagement)
    return engagement


def _respond(
    session: Session,
    engagement: Engagement,
    version: QuestionnaireVersion,
    lots: list[Lot],
    provider: SyntheticProvider,
    organisation: Organisation,
    stamp: datetime,
    base_url: str,
) -> None:
    """One synthetic response, submitted by the action that every provider's goes through."""
    person = _person(session, organisation.id, provider.contact, provider.email, MembershipRole.SIGNATORY)
    response = Response(
        id=fixed_id("response", provider.name),
        engagement_id=engagement.id,
        organisation_id=organisation.id,
        version_id=version.id,
        started_at=stamp,
        started_by=person.id,
        synthetic=True,
    )
    session.add(response)
    session.flush()
    _fill_in(session, response, version, answers_of(provider, lots))
    draft = response_queries.draft(session, response)
    submit(
        session,
        response_id=response.id,
        nonce=uuid.uuid4(),
        seen=draft.fingerprint(None),
        leave_out=False,
        link=f"{base_url}/responses/{response.id}",
        actor=_actor(person, organisation.id, Party.PROVIDER),
        now=stamp,
    )


def _decline(session: Session, engagement: Engagement, provider: NotResponding, addresses: Addresses) -> None:
    organisation = provider.organisation
    session.add(organisation)
    session.flush()
    person = _person(session, organisation.id, provider.person, provider.email, MembershipRole.SIGNATORY)
    decline(
        session,
        engagement=engagement,
        declining=provider.declining,
        organisation_id=organisation.id,
        addresses=addresses,
        actor=_actor(person, organisation.id, Party.PROVIDER),
        now=engagement.opens_at + provider.after,
    )


def _fill_in(session: Session, response: Response, version: QuestionnaireVersion, answers: dict[str, Answers]) -> None:
    session.add_all(
        DraftSection(
            response_id=response.id,
            section_id=section.id,
            revision=1,
            answers=answers[section.slug],
            saved_at=response.started_at,
            saved_by=response.started_by,
        )
        for section in version.sections
    )
    session.flush()
