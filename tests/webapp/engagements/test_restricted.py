"""Conflict declarations: of the officers only those who lead read them; others learn that something was declared."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from tests.world import actor_of
from webapp.engagements.health_and_justice import HEALTH_AND_JUSTICE
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Answer, Engagement, Person, Response, Submission, TeamRole
from webapp.responses import queries

DECLARED = "Our director sat on your board."
WITHHELD = "Declared: restricted to the lead officer"


@pytest.fixture
def engagement(session: Session) -> Engagement:
    made = factories.engagement(session, questionnaire=False)
    version = add_questionnaire(session, made, HEALTH_AND_JUSTICE)
    version.published_at = made.published_at
    session.commit()
    session.refresh(made)
    return made


@pytest.fixture
def submission(session: Session, engagement: Engagement) -> Submission:
    return declare(session, engagement, {"conflict": True, "conflict_details": DECLARED, "contact": "Bids team"})


def declare(session: Session, engagement: Engagement, answers: dict[str, object]) -> Submission:
    made = factories.submission(session, factories.response(session, engagement))
    questions = {each.key: each for section in engagement.versions[-1].sections for each in section.questions}
    for key, value in answers.items():
        session.add(Answer(submission_id=made.id, question_id=questions[key].id, value=value))
    session.commit()
    return made


def officer(session: Session, engagement: Engagement, role: TeamRole) -> Person:
    programme = engagement.programme
    someone = factories.officer(session)
    organisation_id = someone.memberships[0].organisation_id
    factories.team_member(session, programme.id, someone.id, organisation_id, role)
    session.commit()
    return someone


def address(engagement: Engagement, submission: Submission) -> str:
    return f"/manage/engagements/{engagement.id}/responses/{submission.response_id}"


def test_the_lead_officer_reads_what_was_declared(
    session: Session, engagement: Engagement, submission: Submission, client: Client
) -> None:
    client.sign_in(officer(session, engagement, TeamRole.LEAD_OFFICER))
    text = client.get(address(engagement, submission)).text
    assert DECLARED in text
    assert WITHHELD not in text


@pytest.mark.parametrize("role", [TeamRole.OFFICER, TeamRole.LOT_DESIGNER, TeamRole.APPROVER])
@pytest.mark.parametrize("conflict", [True, False])
def test_others_of_the_team_read_alike_whatever_was_declared(
    session: Session, engagement: Engagement, client: Client, role: TeamRole, conflict: bool
) -> None:
    details = {"conflict_details": DECLARED} if conflict else {}
    submission = declare(session, engagement, {"conflict": conflict, "contact": "Bids team", **details})
    client.sign_in(officer(session, engagement, role))
    page = client.get(address(engagement, submission))
    assert page.text.count(WITHHELD) == 1
    assert DECLARED not in page.html
    assert "What is it, and how do you deal with it?" not in page.text
    assert "Bids team" in page.text


def test_what_is_withheld_does_not_leave_the_database_query(
    session: Session, engagement: Engagement, submission: Submission
) -> None:
    """So that the page, the copy as PDF and whatever reads it next are without it."""
    reader = officer(session, engagement, TeamRole.OFFICER)
    found = queries.current_submission(
        session,
        engagement_id=engagement.id,
        response_id=submission.response_id,
        actor=actor_of(reader, reader.memberships[0].organisation),
    )
    assert found is not None
    assert DECLARED not in found.values.values()
    assert len(found.withheld) == 2


def test_the_provider_reads_its_own_declaration(
    session: Session, engagement: Engagement, submission: Submission, client: Client
) -> None:
    client.sign_in(session.get_one(Person, session.get_one(Response, submission.response_id).started_by))
    receipt = client.get(f"/responses/{submission.response_id}/receipts/{submission.id}")
    assert DECLARED in receipt.text
