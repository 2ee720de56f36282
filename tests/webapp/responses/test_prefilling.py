"""What of last year's answers stands in this year's sections, for somebody to check before anything is saved."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent, make_respondent
from webapp.engagements.contents import SectionContent
from webapp.engagements.health_and_justice.about_provider import EXPERIENCE
from webapp.engagements.health_and_justice.views import VIEWS
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import DraftSection, Engagement, Person, Programme, Response

ANSWERED = {
    "cqc_registered": "yes",
    "cqc_provider_id": "1-101641521",
    "regulated_activities": ["treatment", "surgery"],
    "secure_setting_experience": "yes",
    "secure_setting_services-1-site": "HMP Somewhere",
    "secure_setting_services-1-from": "4 2024",
    "secure_setting_services-1-value": "1.2m",
    "holds_contract": "yes",
    "held_contracts": "Ours",
}


def engagement_of(session: Session, *sections: SectionContent, programme: Programme | None = None) -> Engagement:
    made = factories.engagement(session, programme, questionnaire=False)
    add_questionnaire(session, made, sections).published_at = made.opens_at
    session.flush()
    session.refresh(made)
    return made


def begun(session: Session, by: Person, about: Engagement) -> str:
    response: Response = factories.response(session, about, by)
    session.commit()
    return f"/responses/{response.id}"


@pytest.fixture
def respondent(session: Session) -> Respondent:
    return make_respondent(session, engagement_of(session, EXPERIENCE, VIEWS))


@pytest.fixture
def last_year(client: Client, respondent: Respondent) -> Engagement:
    """Answered in full and submitted."""
    for answers in ({"cqc_registered": "yes", "secure_setting_experience": "yes", "holds_contract": "yes"}, ANSWERED):
        client.submit(respondent.section("experience"), {**answers, "then": "later"})
    client.submit(respondent.section("views"), {"barriers": "The pensions."})
    assert "/receipts/" in respondent.submit(client).location
    return respondent.engagement


def test_facts_stand_there_with_what_they_lead_to_and_views_are_asked_anew(
    client: Client, session: Session, respondent: Respondent, last_year: Engagement
) -> None:
    url = begun(session, respondent.colleague, engagement_of(session, EXPERIENCE, VIEWS, programme=last_year.programme))
    page = client.get(f"{url}/sections/experience")
    assert f"We filled in what your organisation answered to “{last_year.title}” on " in page.text
    assert values(page) >= {"1-101641521", "HMP Somewhere", "4 2024", "1200000"}
    assert checked(page) == {"cqc_registered", "regulated_activities", "secure_setting_experience"}
    assert "The pensions." not in client.get(f"{url}/sections/views").html
    assert session.scalar(select(func.count()).select_from(DraftSection)) == 2  # of last year
    assert "Not started" in client.get(url).text


def test_what_is_saved_is_what_somebody_saw_and_then_stands_alone(
    client: Client, session: Session, respondent: Respondent, last_year: Engagement
) -> None:
    url = begun(session, respondent.person, engagement_of(session, EXPERIENCE, programme=last_year.programme))
    section = f"{url}/sections/experience"
    sent = {**ANSWERED, "cqc_provider_id": "", "holds_contract": "", "held_contracts": ""}
    assert client.submit(section, {**sent, "then": "continue"}).location == f"{url}/check"
    page = client.get(section)
    assert "We filled in" not in page.text
    assert "1-101641521" not in page.html


def test_another_organisation_is_offered_nothing_of_it(
    client: Client, session: Session, respondent: Respondent, last_year: Engagement
) -> None:
    stranger = factories.provider_person(session)
    url = begun(session, stranger, engagement_of(session, EXPERIENCE, programme=last_year.programme))
    client.sign_in(stranger)
    assert "HMP Somewhere" not in client.get(f"{url}/sections/experience").html


@pytest.mark.parametrize("anew", [{"wording": "In the last 3 years?"}, {"hint": "Count adult prisons only."}])
def test_a_question_that_is_worded_anew_is_answered_anew(
    client: Client, session: Session, respondent: Respondent, last_year: Engagement, anew: dict[str, str]
) -> None:
    reworded = tuple(
        replace(question, **anew) if question.key == "secure_setting_experience" else question
        for question in EXPERIENCE.questions
    )
    about = engagement_of(session, replace(EXPERIENCE, questions=reworded), programme=last_year.programme)
    page = client.get(f"{begun(session, respondent.person, about)}/sections/experience")
    assert checked(page) == {"cqc_registered", "regulated_activities"}
    assert "HMP Somewhere" not in page.html


def test_nothing_is_said_to_be_filled_in_of_what_is_not_shown(
    client: Client, session: Session, respondent: Respondent, last_year: Engagement
) -> None:
    session.get_one(Response, respondent.response.id).organisation.cqc_provider_id = "1-101641521"
    reworded = tuple(
        replace(question, wording=f"{question.wording} (2027)")
        if question.key in ("cqc_registered", "secure_setting_experience")
        else question
        for question in EXPERIENCE.questions
    )
    about = engagement_of(session, replace(EXPERIENCE, questions=reworded), programme=last_year.programme)
    page = client.get(f"{begun(session, respondent.person, about)}/sections/experience")
    assert checked(page) == set()
    assert "We filled in" not in page.text


def test_what_was_withdrawn_is_offered_to_nobody(
    client: Client, session: Session, respondent: Respondent, last_year: Engagement
) -> None:
    client.submit(f"{respondent.url}/withdraw")
    url = begun(session, respondent.person, engagement_of(session, EXPERIENCE, programme=last_year.programme))
    assert "HMP Somewhere" not in client.get(f"{url}/sections/experience").html


def values(page: Page) -> set[str]:
    return {box.get("value") for box in page.tree.iter("input") if box.get("type") == "text"}


def checked(page: Page) -> set[str]:
    return {box.get("name") for box in page.tree.iter("input") if box.get("checked") is not None}
