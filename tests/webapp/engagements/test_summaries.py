"""What an engagement heard and led to: published once it has closed, told to those who took part, and corrected."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.models import AuditEvent, Engagement, EngagementSummary, MailMessage, Person

FILLED = {
    "heard": "Dental nurses are scarce.\nVetting takes long.",
    "changes": "We will split the dental lot.",
    "next_steps": "A tender notice in May.",
}


@pytest.fixture
def engagement(session: Session) -> Engagement:
    made = factories.engagement(session, state="closed")
    session.commit()
    return made


def address(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/summary"


def submit(session: Session, engagement: Engagement, count: int) -> list[Person]:
    people = [factories.provider_person(session) for _ in range(count)]
    for person in people:
        factories.submission(session, factories.response(session, engagement, person))
    session.commit()
    return people


def test_it_is_read_by_everybody_and_mailed_to_those_who_took_part(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    took_part = submit(session, engagement, 5)
    factories.response(session, engagement)  # a draft that was never submitted
    asker = factories.provider_person(session)
    factories.clarification(session, engagement, asker)
    session.commit()
    client.sign_in(officer)
    managing = f"/manage/engagements/{engagement.id}"
    assert client.get(managing).links()["Publish or correct the summary of the engagement"] == address(engagement)
    client.submit(address(engagement), FILLED)
    client.sign_out()
    page = client.get(f"/engagements/{engagement.id}")
    paragraphs = ["".join(each.itertext()) for each in page.tree.iter("p")]
    for said in ("Dental nurses are scarce.", "Vetting takes long.", "A tender notice in May."):
        assert said in paragraphs
    assert "5 responses were submitted." in page.text
    assert "Summary published on" in client.get("/").text
    mails = session.scalars(select(MailMessage)).all()
    assert {mail.recipient for mail in mails} == {person.email for person in (*took_part, asker)}
    assert "We will split the dental lot." in mails[0].body
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "summary.published")).one()
    assert (event.person_id, event.detail["version"]) == (officer.id, 1)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_a_small_number_of_responses_is_not_told(
    session: Session, engagement: Engagement, officer: Person, client: Client, count: int
) -> None:
    submit(session, engagement, count)
    client.sign_in(officer)
    client.submit(address(engagement), FILLED)
    client.sign_out()
    assert "Fewer than 5 responses were submitted." in client.get(f"/engagements/{engagement.id}").text
    assert f"{count} response" not in client.get(f"/engagements/{engagement.id}").text
    assert all("Fewer than 5 responses" in mail.body for mail in session.scalars(select(MailMessage)))


def test_a_correction_takes_its_place_and_the_earlier_one_is_kept(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    submit(session, engagement, 1)
    client.sign_in(officer)
    client.submit(address(engagement), FILLED)
    page = client.get(address(engagement))
    assert "Dental nurses are scarce." in page.tree.find(".//textarea[@name='heard']").text
    client.submit(address(engagement), {**FILLED, "changes": "We will keep the dental lot whole."})
    public = client.get(f"/engagements/{engagement.id}").text
    assert "Corrected on" in public
    assert "We will keep the dental lot whole." in public
    assert "We will split the dental lot." not in public
    assert "We will split the dental lot." in client.get(address(engagement)).text
    subjects = session.scalars(select(MailMessage.subject).order_by(MailMessage.created_at)).all()
    assert [subject.partition(":")[0] for subject in subjects] == ["Summary", "Corrected summary"]
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        session.execute(EngagementSummary.__table__.delete())


def test_the_same_words_again_tell_nobody(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    submit(session, engagement, 1)
    client.sign_in(officer)
    filled = {**client.get(address(engagement)).hidden(), **FILLED}
    client.post(address(engagement), filled)
    page = client.post(address(engagement), filled)
    assert "This is published already" in client.get(page.location).text
    assert len(session.scalars(select(MailMessage)).all()) == 1


def test_of_two_officers_the_second_is_told_and_gets_back_what_was_typed(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    hidden = client.get(address(engagement)).hidden()
    client.post(address(engagement), {**hidden, **FILLED})
    page = client.post(address(engagement), {**hidden, **FILLED, "heard": "Something else."}, status=409)
    assert "Somebody else has published a summary" in page.text
    assert "Something else." in page.text
    assert len(session.scalars(select(EngagementSummary)).all()) == 1


@pytest.mark.parametrize("left_out", list(FILLED))
def test_every_part_is_needed(
    session: Session, engagement: Engagement, officer: Person, client: Client, left_out: str
) -> None:
    client.sign_in(officer)
    page = client.submit(address(engagement), {**FILLED, left_out: " "}, status=422)
    assert "Enter what" in page.text
    assert session.scalars(select(EngagementSummary)).all() == []


def test_while_responses_are_taken_there_is_none(session: Session, client: Client) -> None:
    running = factories.engagement(session)
    officer = factories.officer(session, running.programme.buyer)
    session.commit()
    client.sign_in(officer)
    page = client.get(address(running))
    assert "once the engagement has closed" in page.text
    forced = {"csrf_token": client.get(f"/manage/engagements/{running.id}/close").hidden()["csrf_token"], "seen": "0"}
    page = client.post(address(running), {**forced, **FILLED}, status=409)
    assert "We will split the dental lot." in page.text
    assert session.scalars(select(EngagementSummary)).all() == []
