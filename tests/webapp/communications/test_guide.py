"""Help, and the way through a first programme."""

from __future__ import annotations

import uuid
from datetime import timedelta

from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.communications.guide.topics import TOPICS, topic_of
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    Engagement,
    EngagementSummary,
    Invitation,
    MembershipRole,
    Organisation,
    PartKind,
    Person,
    Programme,
    Recommendation,
    Ruling,
    RunState,
    TeamRole,
    Verdict,
)
from webapp.web.access import Audience, audience_of


def empty_programme(session: Session) -> tuple[Programme, Person]:
    officer = make.officer(session)
    buyer = session.get_one(Organisation, officer.memberships[0].organisation_id)
    programme = Programme(id=uuid.uuid4(), buyer_id=buyer.id, reference="P1", title="New", summary="To be said.")
    session.add(programme)
    session.flush()
    make.team_member(session, programme.id, officer.id, buyer.id)
    session.commit()
    return programme, officer


def steps(programme: Programme) -> str:
    return f"/programmes/{programme.id}/first-steps"


def test_an_empty_programme_begins_with_its_sites(client: Client, session: Session) -> None:
    programme, officer = empty_programme(session)
    client.sign_in(officer)
    page = client.get(steps(programme))
    assert "0 of 15 steps are done" in page.text
    assert "Next: Enter sites and service lines" in page.text
    assert page.links()["Continue"] == f"/programmes/{programme.id}/set-up/sites"
    assert steps(programme) == client.get(f"/programmes/{programme.id}").links()["First steps"]


def test_each_step_is_done_by_what_there_is(client: Client, session: Session) -> None:
    officer = make.officer(session)
    buyer = session.get_one(Organisation, officer.memberships[0].organisation_id)
    programme = make.programme(session, buyer)
    colleague = make.person(session, buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, colleague.id, buyer.id, TeamRole.REVIEWER)
    session.commit()
    client.sign_in(officer)
    page = client.get(steps(programme))
    assert "5 of 15 steps are done" in page.text
    assert "Next: Plan communications" in page.text
    make.activity(session, programme)
    about = make.engagement(session, programme, state="draft")
    session.commit()
    page = client.get(steps(programme))
    assert "8 of 15 steps are done" in page.text
    assert page.links()["Continue"] == f"/manage/engagements/{about.id}/publish"


def test_the_last_steps_are_done_by_inviting_closing_analysing_and_summing_up(client: Client, session: Session) -> None:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    make.activity(session, programme)
    about = make.engagement(session, programme, state="closed")
    run = AnalysisRun(
        engagement_id=about.id,
        number=1,
        requested_by=officer.id,
        seed=1,
        parameters={},
        inputs={},
        inputs_digest="",
        code_version="",
    )
    session.add(run)
    session.flush()
    part = AnalysisPart(run_id=run.id, position=1, kind=PartKind.CAPACITY, title="Capacity", state=RunState.WAITING)
    session.add(part)
    session.commit()
    client.sign_in(officer)
    page = client.get(steps(programme))
    assert "9 of 15 steps are done" in page.text, "nobody was invited, and that is not called done"
    assert "Next: Run the analysis" in page.text, "nobody is asked to invite to what has closed"
    part.state, part.result = RunState.FINISHED, {}
    about.closes_at += timedelta(days=400)
    session.commit()
    assert "You have had a first look" in client.get(steps(programme)).text
    about.closes_at -= timedelta(days=400)
    invited = make.provider_person(session)
    session.add_all(
        [
            Invitation(
                engagement_id=about.id,
                organisation_id=invited.memberships[0].organisation_id,
                person_id=invited.id,
                email=invited.email,
            ),
            EngagementSummary(
                engagement_id=about.id,
                version=1,
                heard="Much",
                changes="Some",
                next_steps="A tender",
                responses=6,
                published_by=officer.id,
                published_at=about.closes_at,
            ),
        ]
    )
    session.commit()
    page = client.get(steps(programme))
    assert "12 of 17 steps are done" in page.text
    assert "Next: Put up a recommendation for each procurement" in page.text
    assert "0 of 1 so far" in page.text
    assert page.links()["Continue"] == f"/programmes/{programme.id}/planning"
    (procurement,) = programme.procurements
    row = make.recommendation(session, procurement, run, officer)
    session.commit()
    page = client.get(steps(programme))
    assert "13 of 17 steps are done" in page.text
    assert page.links()["Continue"] == f"/programmes/{programme.id}/recommendations"
    session.add(Ruling(recommendation_id=row.id, verdict=Verdict.SENT_BACK, reason="Why?", ruled_by=invited.id))
    session.commit()
    page = client.get(steps(programme))
    assert "12 of 17 steps are done" in page.text, "it was sent back"
    assert page.links()["Continue"] == f"/programmes/{programme.id}/planning"
    same = ("procurement_id", "run_id", "content", "digest", "reasons", "alternatives", "put_up_by")
    replaced, anew, last = (
        Recommendation(number=number, **{name: getattr(row, name) for name in same}) for number in (2, 3, 4)
    )
    session.add_all([replaced, anew])
    session.commit()
    assert "13 of 17 steps are done" in client.get(steps(programme)).text, "another waits"
    sent_back = Ruling(recommendation_id=anew.id, verdict=Verdict.SENT_BACK, reason="Why?", ruled_by=invited.id)
    session.add(sent_back)
    session.commit()
    assert "12 of 17 steps are done" in client.get(steps(programme)).text, "the one that it replaced waits no more"
    session.add(last)
    session.flush()
    session.add(Ruling(recommendation_id=last.id, verdict=Verdict.SIGNED, reason="Yes", ruled_by=invited.id))
    session.commit()
    page = client.get(steps(programme))
    assert "14 of 17 steps are done" in page.text
    assert "Continue" not in page.links()
    beside = Recommendation(number=5, **{name: getattr(row, name) for name in same})
    session.add(beside)
    session.flush()
    session.add(Ruling(recommendation_id=beside.id, verdict=Verdict.SENT_BACK, reason="No", ruled_by=invited.id))
    session.commit()
    assert "14 of 17 steps are done" in client.get(steps(programme)).text, "what was signed holds"


def test_each_engagement_that_is_under_way_has_its_own_steps(client: Client, session: Session) -> None:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    make.activity(session, programme)
    started = []
    for state in ("closed", "open", "draft"):
        started.append(make.engagement(session, programme, state=state))
        session.commit()  # each has another time at which it was set up
    closed, opened, draft = started
    client.sign_in(officer)
    page = client.get(steps(programme))
    headings = ["".join(heading.itertext()) for heading in page.tree.iter("h2")]
    ways = [draft.title, opened.title, closed.title]
    assert [heading for heading in headings if heading in ways] == ways, "the one set up last first"
    assert f"{draft.title}: Publish" in page.text
    assert f"{opened.title}: Invite providers" in page.text
    assert f"{closed.title}: Run the analysis" in page.text
    assert "The programme: " not in page.text, "all of it is done"
    for each, last in ((draft, "publish"), (opened, "invite")):
        assert f'href="/manage/engagements/{each.id}/{last}"' in page.html
    assert f'href="/manage/engagements/{closed.id}"' in page.html
    assert len(page.statements) <= 15


def test_of_engagements_that_are_done_with_only_the_newest_is_shown(client: Client, session: Session) -> None:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    make.activity(session, programme)
    done = []
    for _number in range(2):
        done.append(make.engagement(session, programme, state="closed"))
        finish(session, done[-1], officer)
        session.commit()
    client.sign_in(officer)
    page = client.get(steps(programme))
    assert done[1].title in page.text
    assert done[0].title not in page.text
    assert page.links()["Continue"] == f"/programmes/{programme.id}/planning", "nothing is left in the engagements"
    done[0].closes_at += timedelta(days=400)  # opened again
    session.commit()
    page = client.get(steps(programme))
    assert done[0].title in page.text
    assert f"{done[0].title}: Let it close" in page.text
    assert "The procurements: Put up a recommendation" in page.text


def finish(session: Session, about: Engagement, officer: Person) -> None:
    """Analysed and summed up."""
    run = AnalysisRun(
        engagement_id=about.id,
        number=1,
        requested_by=officer.id,
        seed=1,
        parameters={},
        inputs={},
        inputs_digest="",
        code_version="",
    )
    session.add(run)
    session.flush()
    session.add_all(
        [
            AnalysisPart(
                run_id=run.id,
                position=1,
                kind=PartKind.CAPACITY,
                title="Capacity",
                state=RunState.FINISHED,
                result={},
            ),
            EngagementSummary(
                engagement_id=about.id,
                version=1,
                heard="Much",
                changes="Some",
                next_steps="A tender",
                responses=6,
                published_by=officer.id,
                published_at=about.closes_at,
            ),
        ]
    )
    session.flush()


def test_a_reviewer_is_offered_no_step_that_it_may_not_take(client: Client, session: Session) -> None:
    programme, _officer = empty_programme(session)
    someone = make.person(session, programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, someone.id, programme.buyer_id, TeamRole.REVIEWER)
    session.commit()
    client.sign_in(someone)
    page = client.get(steps(programme))
    assert "Enter services" in page.text
    assert "Enter services" not in page.links()
    assert "Continue" not in page.links()


def test_help_has_a_page_for_each_topic(client: Client, session: Session) -> None:
    _programme, officer = empty_programme(session)
    client.sign_in(officer)
    page = client.get("/help")
    for topic in TOPICS.values():
        assert topic.title in client.get(page.links()[topic.title]).text
    client.get("/help/nothing", status=404)


def test_the_footer_leads_officers_to_the_help_with_the_page(client: Client, session: Session) -> None:
    programme, officer = empty_programme(session)
    assert "Help" not in client.get("/").links()
    client.sign_in(officer)
    assert client.get("/accessibility").links()["Help"] == "/help"
    record = client.get(f"/programmes/{programme.id}/record")
    assert record.links()["Help with this page"] == "/help/record"
    risks = client.get(f"/programmes/{programme.id}/risks")
    assert risks.links()["Help with this page"] == "/help/risks"


def test_whoever_answers_is_led_to_help_with_answering(client: Client, session: Session) -> None:
    page = client.get(client.get("/").links()["Help with answering"])
    assert "Ask the buyer" in page.text
    provider = make.provider_person(session)
    session.commit()
    client.sign_in(provider)
    assert "Help with answering" in client.get("/").links()


def test_every_page_of_officers_alone_has_help(client: Client) -> None:
    pages = {rule.endpoint for rule in client.app.url_map.iter_rules()}
    of_officers = {name.partition(".")[0] for name in pages if audience_of(client.app, name) is Audience.OFFICER}
    assert {name for name in of_officers if topic_of(name) is None} == {"guide", "response_files"}, "files are no pages"


def test_help_is_with_pages_that_there_are(client: Client) -> None:
    named = [name for topic in TOPICS.values() for name in topic.blueprints]
    assert len(named) == len(set(named))
    assert set(named) <= set(client.app.blueprints)
