"""A published answer can be corrected: everybody reads the new one with its date, and the old one stays on record."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.models import AuditEvent, Clarification, EarlierAnswer, Engagement, MailMessage, Person


@pytest.fixture
def asker(session: Session) -> Person:
    organisation = factories.provider(session, name="Moorland Care Ltd")
    someone = factories.provider_person(session, organisation, name="Ann Archer", email="ann@moorland.example")
    session.commit()
    return someone


@pytest.fixture
def answered(session: Session, engagement: Engagement, asker: Person) -> Clarification:
    made = factories.clarification(session, engagement, asker, question="Who pays?", answer="The provider pays.")
    session.commit()
    return made


def correcting(clarification: Clarification) -> str:
    return f"/manage/engagements/{clarification.engagement_id}/questions/{clarification.id}/correct"


def test_everybody_reads_the_correction_with_its_date_and_is_mailed_again(
    session: Session, answered: Clarification, asker: Person, officer: Person, client: Client
) -> None:
    other = factories.provider_person(session)
    factories.response(session, answered.engagement, other)
    session.commit()
    client.sign_in(officer)
    answer_page = correcting(answered).removesuffix("/correct")
    assert client.get(answer_page).links()["Correct the answer"] == correcting(answered)
    page = client.get(correcting(answered))
    assert page.tree.find(".//textarea[@name='answer']").text == "The provider pays."
    client.submit(correcting(answered), {"question": "Who pays?", "answer": "The buyer pays."})
    assert "The provider pays." in client.get(answer_page).text  # officers keep the record
    mails = session.scalars(select(MailMessage)).all()
    assert {mail.recipient for mail in mails} == {asker.email, other.email}
    assert all(mail.subject.startswith("Answer corrected") and "The buyer pays." in mail.body for mail in mails)
    client.sign_out()
    text = client.get(f"/engagements/{answered.engagement_id}").text
    assert "corrected on" in text
    assert "The buyer pays." in text
    assert "The provider pays." not in text
    client.sign_in(asker)
    own = client.get(f"/engagements/{answered.engagement_id}/questions/{answered.id}").text
    assert "As it was corrected at" in own
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "clarification.corrected")).one()
    assert (event.subject_id, event.person_id) == (answered.id, officer.id)


def test_every_earlier_text_is_kept_for_ever(
    session: Session, answered: Clarification, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    for answer in ("The buyer pays.", "Nobody pays."):
        client.submit(correcting(answered), {"question": "Who pays?", "answer": answer})
    kept = session.scalars(select(EarlierAnswer).order_by(EarlierAnswer.published_at)).all()
    assert [each.answer for each in kept] == ["The provider pays.", "The buyer pays."]
    assert kept[0].corrected_at == kept[1].published_at
    with pytest.raises(DBAPIError, match="never changed or deleted"):
        session.execute(EarlierAnswer.__table__.update().values(answer="Something else."))


def test_names_are_kept_out_of_a_correction_too(
    session: Session, answered: Clarification, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    filled = {"question": "Who pays?", "answer": "Moorland Care pays."}
    assert "may tell who asked" in client.submit(correcting(answered), filled, status=422).text
    assert session.scalars(select(EarlierAnswer)).all() == []
    client.submit(correcting(answered), {**filled, "anyway": "y"})
    assert len(session.scalars(select(EarlierAnswer)).all()) == 1


def test_the_same_form_sent_twice_corrects_once(
    session: Session, answered: Clarification, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    filled = {**client.get(correcting(answered)).hidden(), "question": "Who pays?", "answer": "The buyer pays."}
    client.post(correcting(answered), filled)
    page = client.post(correcting(answered), filled)
    assert "This is published already" in client.get(page.location).text
    assert len(session.scalars(select(MailMessage)).all()) == 1


def test_of_two_officers_the_second_gets_back_what_was_typed(
    session: Session, answered: Clarification, officer: Person, client: Client
) -> None:
    client.sign_in(officer)
    hidden = client.get(correcting(answered)).hidden()
    client.post(correcting(answered), {**hidden, "question": "Who pays?", "answer": "The buyer pays."})
    page = client.post(correcting(answered), {**hidden, "question": "Who pays?", "answer": "Both pay."}, status=409)
    for said in ("Somebody else has corrected this answer", "Both pay.", "The buyer pays."):
        assert said in page.text
    assert "Both pay." not in client.get(f"/engagements/{answered.engagement_id}").text


def test_what_is_not_published_cannot_be_corrected(
    session: Session, engagement: Engagement, asker: Person, officer: Person, client: Client
) -> None:
    waiting = factories.clarification(session, engagement, asker)
    session.commit()
    client.sign_in(officer)
    client.get(correcting(waiting), status=404)
