"""What an officer sees of those invited is the address that an officer wrote, whatever address they have by now."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.accounts.personal.addresses import change_for
from webapp.engagements.clarifications.names import identity_of
from webapp.models import Engagement, Invitation, MailMessage, Person

OLD, NEW = "ana@harbour.example", "ana@bay.example"
WRITTEN = {"organisation_name": "Harbour Health CIC", "name": "Ana Diaz", "email": OLD}


@pytest.fixture
def officer(officer: Person, client: Client) -> Person:
    client.sign_in(officer)
    return officer


@pytest.fixture
def moved(session: Session, engagement: Engagement, officer: Person, client: Client) -> Person:
    """Invited at an address that it has given up since."""
    client.submit(f"/manage/engagements/{engagement.id}/invite", WRITTEN)
    person = session.scalars(select(Person).where(Person.email == OLD)).one()
    change_for(session, person=person, email=NEW, base_url="http://localhost")
    session.commit()
    return person


def invitations(session: Session) -> Sequence[Invitation]:
    session.rollback()
    return session.scalars(select(Invitation).order_by(Invitation.created_at)).all()


def subjects_to(session: Session, email: str) -> list[str]:
    messages = select(MailMessage).where(MailMessage.recipient == email).order_by(MailMessage.created_at)
    return [message.subject for message in session.scalars(messages) if message.subject.startswith("Invitation")]


def test_the_page_and_its_buttons_know_only_what_the_officer_wrote(
    session: Session, engagement: Engagement, client: Client, moved: Person
) -> None:
    managing = f"/manage/engagements/{engagement.id}"
    page = client.get(managing)
    action = next(form.get("action") for form in page.tree.iter("form") if "send-again" in form.get("action", ""))
    client.post(action, page.hidden(action))
    assert f"We have sent the invitation to {OLD} again" in client.get(managing).text
    assert len(subjects_to(session, NEW)) == 1
    newest = select(MailMessage).where(MailMessage.recipient == NEW).order_by(MailMessage.created_at.desc()).limit(1)
    session.scalars(newest).one().refused_for = f"no {NEW} here"
    session.commit()
    shown = client.get(managing)
    assert OLD in shown.text
    assert "Refused" in shown.text
    assert NEW not in shown.html


def test_the_address_written_again_is_the_same_invitation(
    session: Session, engagement: Engagement, client: Client, moved: Person
) -> None:
    provider = {"organisation_id": str(moved.memberships[0].organisation_id), "name": "Ana", "email": OLD.upper()}
    client.submit(f"/manage/engagements/{engagement.id}/invite", provider)
    assert [(each.person_id, each.email) for each in invitations(session)] == [(moved.id, OLD)]
    assert (len(subjects_to(session, OLD)), len(subjects_to(session, NEW))) == (1, 1)
    listed = client.submit(
        f"/manage/engagements/{engagement.id}/invite/list", {"pasted": f"Ana, {OLD}, Harbour Health CIC"}, status=422
    )
    assert "already" in listed.text


def test_a_form_for_a_former_address_that_is_sent_twice_invites_once(
    session: Session, engagement: Engagement, client: Client, moved: Person
) -> None:
    provider = {"organisation_id": str(moved.memberships[0].organisation_id), "name": "Ana", "email": OLD.upper()}
    client.submit_twice(f"/manage/engagements/{engagement.id}/invite", provider)
    assert len(subjects_to(session, NEW)) == 1


def test_a_form_sent_twice_while_the_address_changes_is_no_fault(
    session: Session, engagement: Engagement, client: Client, moved: Person
) -> None:
    """Its other messages are there, to colleagues of a provider that the person invited does not act for."""
    page = f"/manage/engagements/{engagement.id}/invite"
    form = client.get(page).hidden() | {
        "organisation_id": str(moved.memberships[0].organisation_id),
        "name": "Cas",
        "email": "cas@bay.example",
    }
    client.post(page, form)
    newcomer = session.scalars(select(Person).where(Person.email == "cas@bay.example")).one()
    change_for(session, person=newcomer, email="cas@lake.example", base_url="http://localhost")
    session.commit()
    assert client.post(page, form).location.endswith(str(engagement.id))
    assert len(subjects_to(session, NEW)) == 1


def test_a_refusal_looks_the_same_whether_the_address_changed(
    session: Session, engagement: Engagement, client: Client, officer: Person
) -> None:
    client.submit(f"/manage/engagements/{engagement.id}/invite", WRITTEN)
    message = session.scalars(select(MailMessage).where(MailMessage.recipient == OLD)).one()
    message.refused_for = "550 mailbox unavailable"
    session.commit()
    shown = client.get(f"/manage/engagements/{engagement.id}").text
    assert ("Refused" in shown, "550 mailbox unavailable" in shown) == (True, False)


def test_whoever_writes_the_new_address_does_not_learn_whose_it_is(
    session: Session, engagement: Engagement, client: Client, moved: Person
) -> None:
    fresh = {"organisation_name": "Bay Care", "name": "Ana Diaz", "email": NEW}
    client.submit(f"/manage/engagements/{engagement.id}/invite", fresh)
    assert [(each.person_id, each.email) for each in invitations(session)] == [(moved.id, OLD), (moved.id, NEW)]
    shown = client.get(f"/manage/engagements/{engagement.id}").text
    assert (OLD in shown, NEW in shown, "Bay Care" in shown) == (True, True, True)


def test_who_is_chosen_from_those_known_is_offered_by_the_address_known_and_reached(
    session: Session, engagement: Engagement, client: Client, moved: Person
) -> None:
    later = factories.engagement(session, engagement.programme)
    session.commit()
    known = f"/manage/engagements/{later.id}/invite/known"
    offered = client.get(known)
    assert OLD in offered.text
    assert NEW not in offered.html
    client.submit(known, {"providers": [str(moved.memberships[0].organisation_id)]})
    assert [each.email for each in invitations(session)] == [OLD, OLD]
    assert len(subjects_to(session, NEW)) == 1
    assert session.scalars(select(Person).where(Person.email == OLD)).all() == []


def test_elsewhere_a_former_address_is_of_whoever_reads_it_now(
    session: Session, engagement: Engagement, client: Client, moved: Person
) -> None:
    later = factories.engagement(session, engagement.programme)
    session.commit()
    provider = {"organisation_id": str(moved.memberships[0].organisation_id), "name": "Ana", "email": OLD}
    client.submit(f"/manage/engagements/{later.id}/invite", provider)
    newcomer = session.scalars(select(Person).where(Person.email == OLD)).one()
    assert invitations(session)[-1].person_id == newcomer.id != moved.id
    assert newcomer.memberships == []
    [mail] = session.scalars(select(MailMessage).where(MailMessage.recipient == OLD, MailMessage.person_id.is_(None)))
    assert "/sign-in/link/" not in mail.body


def test_a_question_is_searched_for_former_addresses(session: Session, moved: Person) -> None:
    found = identity_of(moved.memberships[0].organisation).found_in("We are at harbour.example and bay.example")
    assert {"harbour.example", "bay.example"} <= set(found)
