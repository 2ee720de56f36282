"""The blank questionnaire, to be read and printed by anyone."""

from __future__ import annotations

import uuid

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.engagements.actions import publish
from webapp.engagements.health_and_justice import HEALTH_AND_JUSTICE
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import Engagement


@pytest.fixture
def engagement(session: Session) -> Engagement:
    """With the whole questionnaire for prison and secure-setting services."""
    engagement = factories.engagement(session, state="coming", questionnaire=False)
    engagement.published_at = None
    add_questionnaire(session, engagement)
    session.refresh(engagement)
    publish(session, engagement=engagement, actor=None, now=engagement.opens_at)
    session.commit()
    return engagement


def test_it_says_everything_that_is_asked(client: Client, engagement: Engagement) -> None:
    page = client.get(f"/engagements/{engagement.id}/questionnaire")
    assert "Answers can only be submitted online" in page.text
    for section in HEALTH_AND_JUSTICE:
        assert section.title in page.text
        for question in section.questions:
            assert question.wording in page.text, question.key
            assert (question.hint or "") in page.text, question.key
            assert all(label in page.text for _, label in question.options), question.key
            assert all(column.label in page.text for column in question.columns), question.key


def test_it_says_when_something_is_asked(client: Client, engagement: Engagement) -> None:
    text = client.get(f"/engagements/{engagement.id}/questionnaire").text
    assert "Only if you answer “Yes” to “Is there a conflict of interest that we should know of?”." in text
    role = "In which role would you take part?"
    assert f"Not if you answer “Only as a subcontractor” to “{role}” for every lot that interests you." in text
    assert f"Only if you answer “As a member of a consortium” to “{role}” for the lot. For each lot that" in text
    assert (
        "“Yes, but it is tight” or “No” to “Could you run the service for the indicative annual value?” for a lot"
        in text
    )


def test_choices_about_lots_are_a_table_of_lots(client: Client, engagement: Engagement) -> None:
    html = client.get(f"/engagements/{engagement.id}/questionnaire").html
    lots = factories.lots_of(engagement)
    in_tables = ("interest", "role", "price_workable")
    assert html.count(f'<th scope="row" class="govuk-table__header">{lots[0].code}: ') == len(in_tables)


def test_it_is_linked_from_the_engagement(client: Client, engagement: Engagement) -> None:
    links = client.get(f"/engagements/{engagement.id}").links()
    assert links["Read or print the questionnaire"] == f"/engagements/{engagement.id}/questionnaire"


def test_a_draft_has_none_for_strangers(client: Client, session: Session) -> None:
    draft = factories.engagement(session, state="draft")
    session.commit()
    for engagement_id in (draft.id, uuid.uuid4()):
        client.get(f"/engagements/{engagement_id}/questionnaire", status=404)
