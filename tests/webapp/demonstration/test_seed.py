"""The demonstration: complete, labelled, the same on every machine, and added once."""

from __future__ import annotations

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from intelligence.files import canonical_json, from_json
from tests import factories as make
from tests.kept import Keeper
from webapp.analysis import market
from webapp.analysis.appraisals.content import Appraised
from webapp.analysis.recommendations.content import Recommended
from webapp.analysis.risks.findings import newest_findings
from webapp.audit import broken_links
from webapp.db import Database, clock
from webapp.demonstration.appraising import PREFERRED, TITLE, appraise_first
from webapp.demonstration.people import visitors
from webapp.demonstration.programme import facts, fixed_id
from webapp.demonstration.providers import answers_of, synthetic_providers
from webapp.demonstration.recommending import put_up_first
from webapp.demonstration.registering import JUDGED, register_first
from webapp.demonstration.seed import seed, seeded
from webapp.disposal.pages import retention
from webapp.disposal.queries import stated
from webapp.engagements.clarifications.queries import published
from webapp.engagements.documents.kinds import kind_of
from webapp.engagements.documents.queries import current_documents
from webapp.models import (
    AppraisalConclusion,
    Contract,
    Decline,
    Document,
    Engagement,
    MailMessage,
    Membership,
    Organisation,
    Party,
    Person,
    Programme,
    Recommendation,
    Response,
    RiskVersion,
    Submission,
    TeamMember,
    TeamRole,
    Unit,
    agency,
)

BASE_URL = "http://localhost"


@pytest.fixture
def engagement(session: Session, database: Database, keeper: Keeper) -> Engagement:
    def build() -> UUID:
        with database.session() as building:
            made = seed(building, now=clock(building), base_url=BASE_URL)
            building.commit()
            return made.engagement_id

    return session.get_one(Engagement, keeper.bring_back(database, "demonstration", build))


def test_forty_synthetic_providers_answer_in_full(session: Session, engagement: Engagement) -> None:
    responses = session.scalars(select(Response).where(Response.engagement_id == engagement.id)).all()
    assert len(responses) == len(synthetic_providers()) == 40
    assert all(response.synthetic and response.current_submission_id for response in responses)
    loaded = market.load(session, engagement=engagement, as_of=clock(session).date())
    assert len(loaded.lots) == 19
    assert len(loaded.procurements) == 5
    assert len(loaded.comments) > 100


def test_a_few_say_why_they_will_not_respond_while_the_engagement_is_open(
    session: Session, engagement: Engagement
) -> None:
    said = session.scalars(select(Decline).where(Decline.engagement_id == engagement.id)).all()
    assert len(said) == 3
    assert all(each.organisation.synthetic and engagement.opens_at < each.declined_at for each in said)
    assert max(each.declined_at for each in said) < clock(session)


def test_everything_invented_is_labelled_and_no_real_organisation_answers(
    session: Session, engagement: Engagement
) -> None:
    real = {site["incumbent"] for site in facts()["sites"]}
    for organisation in session.scalars(select(Organisation).where(Organisation.party == Party.PROVIDER)):
        assert organisation.synthetic == (organisation.name not in real), organisation.name
    answered = session.scalars(select(Organisation).join(Response, Response.organisation_id == Organisation.id)).all()
    assert all(organisation.synthetic for organisation in answered)
    assert session.scalars(select(Programme)).one().synthetic_note
    assert session.scalar(select(func.count()).where(Unit.synthetic, Unit.source.is_(None))) == 0


def test_published_values_are_those_of_the_notices_to_three_figures(session: Session, engagement: Engagement) -> None:
    units = session.scalars(select(Unit)).all()
    published = {unit.site.code: unit.annual_value for unit in units if not unit.synthetic}
    assert published["LPI"] == 5_350_000, "48,150,009 for nine years"
    social_care = sum(unit.annual_value or 0 for unit in units if unit.service_line.code == "health_and_social_care")
    assert social_care * 9 == pytest.approx(131_985_039, rel=0.005)
    assert session.scalar(select(func.count()).select_from(Contract)) == 19


def test_every_answer_is_of_use(session: Session, engagement: Engagement) -> None:
    """Nothing was left out of a submission because it could not be read."""
    for provider in synthetic_providers():
        lots = [entry.lot for entry in engagement.engagement_lots]
        chosen = [level for level in answers_of(provider, lots)["interest"]["interest"].values() if level != "no"]
        response = session.scalars(
            select(Response).join(Response.organisation).where(Organisation.name == provider.name)
        ).one()
        submission = session.get_one(Submission, response.current_submission_id)
        assert len([entry for entry in submission.interests if entry.level != "no"]) == len(chosen), provider.name


def test_two_machines_get_the_same_market(
    session: Session, database: Database, engagement: Engagement, new_database: Callable[..., str]
) -> None:
    here = market.load(session, engagement=engagement, as_of=clock(session).date())
    other = Database(new_database(template=True))
    with other.session() as there:
        made = seed(there, now=clock(there), base_url=BASE_URL)
        there.flush()
        there.expire_all()
        again = market.load(there, engagement=there.get_one(Engagement, made.engagement_id), as_of=clock(there).date())
    other.dispose()
    for part in ("lots", "providers", "interests", "contracts"):
        assert canonical_json(getattr(here, part)) == canonical_json(getattr(again, part)), part
    assert [(said.provider_id, said.text) for said in here.comments] == [
        (said.provider_id, said.text) for said in again.comments
    ]


def test_it_states_how_long_responses_are_kept(session: Session, engagement: Engagement) -> None:
    """Long after what is asked about has begun."""
    said = retention(engagement)
    assert re.fullmatch(r"Until the end of 31 March \d{4}, by this policy: Invented for the demonstration: .+", said)
    assert engagement.programme.keep_until is not None
    assert engagement.programme.keep_until > max(lot.procurement.service_start for lot in make.lots_of(engagement))
    ((event, name),) = stated(session, engagement.programme_id)
    assert (event.detail["was_until"], name) == (None, visitors(session)[0][1].name)


def test_its_pages_show_an_answer_a_document_and_a_last_date_for_questions(
    session: Session, engagement: Engagement
) -> None:
    answered = published(session, engagement.id)
    assert len(answered) == 1
    assert engagement.opens_at < answered[0].published_at < clock(session)
    (document,) = current_documents(session, engagement.id)
    assert kind_of(session.scalars(select(Document.content)).one()) is document.kind
    assert engagement.questions_until < engagement.closes_at
    (mail,) = session.scalars(select(MailMessage).where(MailMessage.subject.startswith("Question answered")))
    assert f"{BASE_URL}/engagements/{engagement.id}" in mail.body


def test_a_visitor_can_be_anybody_and_who_is_missing_is_added(session: Session, engagement: Engagement) -> None:
    session.execute(delete(TeamMember).where(TeamMember.role == TeamRole.APPROVER))
    session.execute(delete(Membership).where(Membership.person_id == fixed_id("person", "approver@soundings.example")))
    session.execute(delete(Person).where(Person.email == "approver@soundings.example"))
    session.expire_all()
    seeded(session)
    programme = engagement.programme
    assert session.execute(select(agency)).all() == [(programme.agent_id, programme.buyer_id)], "to set up their own"
    members = {member.person_id: member.role for member in session.scalars(select(TeamMember))}
    assert set(members.values()) == set(TeamRole)
    assert [members.get(person.id) for _visitor, person in visitors(session)] == [
        visitor.role for visitor, _person in visitors(session)
    ]


def test_it_is_found_again_and_its_audit_chain_holds(session: Session, engagement: Engagement) -> None:
    make.engagement(session, engagement.programme, state="draft")  # a visitor set up another
    found = seeded(session)
    assert found is not None
    assert found.engagement_id == engagement.id
    assert broken_links(session) == []


def test_options_are_appraised_and_concluded_once(session: Session, engagement: Engagement) -> None:
    found = seeded(session)
    assert found is not None
    make.finished_run(session, engagement, found.officer)
    for _ in range(2):
        appraise_first(session, actor=found.officer_actor, now=clock(session))
    row = session.scalars(select(AppraisalConclusion)).one()
    content = from_json(Appraised, row.content)
    names = {each.id: each.name for each in content.options}
    assert content.weighed is not None
    assert [names[each] for each in content.weighed.leaders] == [PREFERRED] == [names[content.preferred]]
    assert all(each.ruled_out or each.why_not for each in content.options if each.id != content.preferred)
    assert content.evidence is not None


def test_a_recommendation_waits_for_the_approver_and_is_put_up_once(session: Session, engagement: Engagement) -> None:
    found = seeded(session)
    assert found is not None
    session.expire_all()
    put_up_first(session, base_url="http://localhost", actor=found.officer_actor, now=clock(session))
    assert session.scalars(select(Recommendation)).all() == [], "there is no analysis yet"
    make.finished_run(session, engagement, found.officer)
    appraise_first(session, actor=found.officer_actor, now=clock(session))
    for _ in range(2):
        put_up_first(session, base_url="http://localhost", actor=found.officer_actor, now=clock(session))
    row = session.scalars(select(Recommendation)).one()
    content = from_json(Recommended, row.content)
    assert (content.procurement, len(content.lots), row.ruling) == ("Dental services in prisons", 5, None)
    assert content.ground.conclusion == "The competitive process is the one to use."
    assert content.appraisal is not None
    assert content.appraisal.content.title == TITLE


def test_the_worst_of_some_kinds_of_risk_stand_on_the_register_once(session: Session, engagement: Engagement) -> None:
    found = seeded(session)
    assert found is not None
    make.finished_run(session, engagement, found.officer)
    for _ in range(2):
        register_first(session, programme=engagement.programme, actor=found.officer_actor, now=clock(session))
    findings = newest_findings(session, engagement.programme_id).findings.values()
    kinds = {finding.risk.kind for finding in findings} & {judged.kind for judged in JUDGED}
    rows = session.scalars(select(RiskVersion)).all()
    assert {row.risk.kind.value for row in rows} == {kind.value for kind in kinds}
    assert len(rows) == len(kinds) > 1
    assert all(row.figure is not None and row.risk.lot is not None for row in rows)
    assert all("{" not in row.title + row.event and row.owner_id == found.officer.id for row in rows)
