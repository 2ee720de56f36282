"""Inviting: who can come in, what they are sent, and what an officer does not learn."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from webapp.audit import Actor
from webapp.db import Database
from webapp.engagements.inviting.actions import invite as invite_people
from webapp.engagements.inviting.invitees import Invitee
from webapp.engagements.mails import Addresses
from webapp.models import (
    AuditEvent,
    Engagement,
    Invitation,
    MailMessage,
    Membership,
    MembershipRole,
    Organisation,
    Person,
    SignInLink,
)

LINK = re.compile(r"http://localhost(/sign-in/link/\S+)")
NEW_PROVIDER = {"organisation_name": "Harbour Health CIC", "name": "Ana Diaz", "email": "ana@harbour.example"}


@pytest.fixture
def officer(officer: Person, client: Client) -> Person:
    client.sign_in(officer)
    return officer


def address(engagement: Engagement) -> str:
    return f"/manage/engagements/{engagement.id}/invite"


def send(client: Client, engagement: Engagement, given: dict[str, Any], status: int = 302) -> Page:
    return client.submit(address(engagement), given, status=status)


def known_provider(session: Session, engagement: Engagement, **given: Any) -> Organisation:
    """A provider that the officer can choose, since it holds one of the programme's contracts."""
    provider = factories.provider(session, **given)
    engagement.programme.contracts[0].supplier_id = provider.id
    session.flush()
    return provider


def mails_to(session: Session, email: str) -> Sequence[MailMessage]:
    query = select(MailMessage).where(MailMessage.recipient == email).order_by(MailMessage.created_at)
    return session.scalars(query).all()


def organisations_of(session: Session, email: str) -> list[str]:
    memberships = select(Membership).join(Membership.person).where(Person.email == email)
    return [membership.organisation.name for membership in session.scalars(memberships)]


def test_a_new_provider_gets_a_link_that_lets_it_start(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    page = send(client, engagement, NEW_PROVIDER)
    assert page.location == f"/manage/engagements/{engagement.id}"
    assert "We have sent the invitation to ana@harbour.example" in client.get(page.location).text
    person = session.scalars(select(Person).where(Person.email == "ana@harbour.example")).one()
    assert [(m.organisation.name, m.role) for m in person.memberships] == [
        ("Harbour Health CIC", MembershipRole.SIGNATORY)
    ]
    [mail] = mails_to(session, "ana@harbour.example")
    assert engagement.title in mail.subject
    assert "It closes at" in mail.body
    assert "commits you to nothing" in mail.body
    assert f"/engagements/{engagement.id}/questions\n" in mail.body
    client.sign_out()
    path = LINK.findall(mail.body)[0]
    landed = client.submit(path)
    assert landed.location == f"/engagements/{engagement.id}"
    assert "Start your response" in client.get(landed.location).buttons()
    client.sign_out()
    used = client.get(path, status=404)  # she keeps the email and comes by it again
    assert used.links()["Get a new link"] == f"/sign-in/link?next=/engagements/{engagement.id}"


def test_the_invitation_is_on_record_without_its_link(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    send(client, engagement, NEW_PROVIDER)
    invitation = session.scalars(select(Invitation)).one()
    event = session.scalars(select(AuditEvent).where(AuditEvent.act == "engagement.invited")).one()
    assert (event.subject_id, event.person_id) == (invitation.id, officer.id)
    assert "ana" not in str(event.detail)
    assert invitation.sent_at is not None


def test_inviting_again_sends_a_new_link_and_no_second_invitation(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    send(client, engagement, NEW_PROVIDER)
    page = client.get(f"/manage/engagements/{engagement.id}")
    invitation = session.scalars(select(Invitation)).one()
    again = f"/manage/engagements/{engagement.id}/invitations/{invitation.id}/send-again"
    client.post(again, page.hidden(again))
    chosen = {"organisation_id": str(invitation.organisation_id), "name": "Ana", "email": "ANA@harbour.example"}
    send(client, engagement, chosen)
    assert session.scalars(select(Invitation)).one().id == invitation.id
    links = {LINK.findall(mail.body)[0] for mail in mails_to(session, "ana@harbour.example")}
    assert len(links) == 3
    acts = session.scalars(select(AuditEvent.act).where(AuditEvent.subject_id == invitation.id).order_by(AuditEvent.id))
    assert list(acts) == ["engagement.invited", "engagement.invited_again", "engagement.invited_again"]


def test_the_officer_sees_when_a_link_was_used(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    send(client, engagement, NEW_PROVIDER)
    manage = f"/manage/engagements/{engagement.id}"
    assert "Not yet" in client.get(manage).text
    link = session.scalars(select(SignInLink)).one()
    link.used_at = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
    session.commit()
    assert "9:30am on 2 March 2026" in client.get(manage).text


def test_an_address_of_another_organisation_is_neither_moved_nor_given_away(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    stranger = factories.provider_person(
        session, factories.provider(session, name="Quiet Care Ltd"), name="Bo Real Name", email="Bo@quiet.example"
    )
    session.commit()
    page = send(client, engagement, {**NEW_PROVIDER, "name": "Somebody", "email": "bo@quiet.example"})
    shown = client.get(page.location)
    assert "We have sent the invitation to bo@quiet.example" in shown.text
    for kept in ("Quiet Care", "Bo Real Name", "Bo@quiet"):
        assert kept not in shown.html
    assert organisations_of(session, stranger.email) == ["Quiet Care Ltd"]
    [mail] = mails_to(session, stranger.email)
    assert not LINK.search(mail.body)
    assert "If you use Soundings for another organisation" in mail.body
    assert session.scalars(select(SignInLink)).all() == []


def test_the_officer_sees_the_same_for_a_new_and_for_a_known_address(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    factories.provider_person(session, email="known@quiet.example")
    session.commit()
    shown = set()
    for who in ("fresh", "known"):
        email = f"{who}@quiet.example"
        page = client.get(send(client, engagement, {**NEW_PROVIDER, "organisation_name": who, "email": email}).location)
        [row] = [" ".join(" ".join(row.itertext()).split()) for row in page.tree.iter("tr") if email in row.itertext()]
        shown.add(re.sub(r"\S+ on \d.*? \d{4}", "then", row.replace(who, "who")))
    assert shown == {"Ana Diaz who@quiet.example who then Queued Not yet Send again to who@quiet.example"}


def test_nobody_joins_a_provider_that_has_people_of_its_own_through_an_officer(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    """Or an officer could invite itself and read the provider's drafts and its answers to other buyers."""
    provider = known_provider(session, engagement, name="Spectral Health")
    insider = factories.provider_person(session, provider, email="insider@spectral.example")
    session.commit()
    given = {"organisation_id": str(provider.id), "name": "Mallory", "email": "mallory@nhs.example"}
    page = send(client, engagement, given)
    assert organisations_of(session, "mallory@nhs.example") == []
    assert not LINK.search(mails_to(session, "mallory@nhs.example")[0].body)
    assert LINK.search(mails_to(session, insider.email)[0].body)
    assert insider.email not in client.get(page.location).text


def test_of_two_first_people_invited_at_once_one_joins(
    session: Session, engagement: Engagement, officer: Person, database: Database
) -> None:
    provider = known_provider(session, engagement)
    session.commit()
    actor = Actor(officer.id, officer.name, officer.email, officer.id, True, True, ())

    def invite(email: str) -> None:
        invitee = Invitee(organisation_id=provider.id, organisation_name="", name="A", email=email)
        with database.session() as own:
            invite_people(
                own,
                engagement=own.get_one(Engagement, engagement.id),
                invitee=invitee,
                once=uuid.uuid4(),
                addresses=Addresses("http://localhost", "/engagements/x", "/sign-in/link"),
                actor=actor,
                now=datetime.now(UTC),
            )
            own.commit()

    with ThreadPoolExecutor(max_workers=4) as pool:
        list(pool.map(invite, [f"person{number}@both.example" for number in range(4)]))
    members = session.scalars(select(Membership).where(Membership.organisation_id == provider.id)).all()
    assert len(members) == 1
    assert len(session.scalars(select(Invitation)).all()) == 4


def test_a_member_of_the_provider_chosen_gets_the_only_mail(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    provider = known_provider(session, engagement)
    member, colleague = (factories.provider_person(session, provider) for _ in range(2))
    session.commit()
    send(client, engagement, {"organisation_id": str(provider.id), "name": "Any", "email": member.email.upper()})
    assert LINK.search(mails_to(session, member.email)[0].body)
    assert mails_to(session, colleague.email) == []


def test_only_providers_the_officer_has_met_can_be_chosen(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    known = known_provider(session, engagement, name="Known Ltd")
    stranger = factories.provider(session, name="Strange Ltd")
    factories.response(session, factories.engagement(session), factories.provider_person(session, stranger))
    session.commit()
    page = client.get(address(engagement))
    assert known.name in page.text
    assert stranger.name not in page.text
    given = {"organisation_id": str(stranger.id), "name": "A", "email": "a@strange.example"}
    assert "choose one of the options shown" in send(client, engagement, given, status=422).text
    assert session.scalars(select(Invitation)).all() == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"organisation_name": ""}, "Choose a provider, or enter the name of one that is not in the list"),
        ({"organisation_name": "known ltd"}, "known ltd is in the list"),
        ({"name": " "}, "Enter the name of the person you invite"),
        ({"email": "ana@"}, "Enter an email address in the correct format"),
        ({"email": "a\x00@harbour.example"}, "contains a character that cannot be kept"),
        ({"organisation_name": "H\u0430rbour Care"}, "“H\u0430rbour” has letters of another alphabet"),
        ({"organisation_name": "x" * 201}, "must be 200 characters or fewer"),
    ],
)
def test_what_was_typed_is_kept_when_something_is_wrong(
    session: Session,
    engagement: Engagement,
    officer: Person,
    client: Client,
    given: dict[str, str],
    message: str,
) -> None:
    known_provider(session, engagement, name="Known Ltd")
    session.commit()
    page = send(client, engagement, {**NEW_PROVIDER, **given}, status=422)
    assert message in page.text
    values = [control.get("value") for control in page.tree.iter("input")]
    for name in {"organisation_name", "name", "email"} - set(given):
        assert NEW_PROVIDER[name] in values
    assert session.scalars(select(Person.email).where(Person.email.like("%harbour%"))).all() == []


def test_one_address_is_invited_for_one_provider_and_nothing_is_left_behind(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    send(client, engagement, NEW_PROVIDER)
    page = send(client, engagement, {**NEW_PROVIDER, "organisation_name": "Second Ltd"}, status=422)
    assert "This address has already been invited for another provider" in page.text
    assert session.scalars(select(Organisation).where(Organisation.name == "Second Ltd")).all() == []


def test_nobody_is_invited_to_a_closed_engagement(session: Session, client: Client) -> None:
    closed = factories.engagement(session, state="closed")
    officer = factories.officer(session, closed.programme.buyer)
    session.commit()
    client.sign_in(officer)
    token = client.get(f"/manage/engagements/{closed.id}").hidden()["csrf_token"]
    page = client.post(address(closed), {**NEW_PROVIDER, "csrf_token": token})
    assert "has not closed" in client.get(page.location).text
    assert session.scalars(select(Person).where(Person.email == NEW_PROVIDER["email"])).all() == []


def test_somebody_elses_invitation_is_missing(
    session: Session, engagement: Engagement, officer: Person, client: Client
) -> None:
    other = factories.engagement(session)
    person = factories.provider_person(session)
    invitation = Invitation(
        engagement_id=other.id,
        organisation_id=person.memberships[0].organisation_id,
        person_id=person.id,
        email=person.email,
    )
    session.add(invitation)
    session.commit()
    token = client.get(f"/manage/engagements/{engagement.id}").hidden()["csrf_token"]
    for owner in (other, engagement):
        again = f"/manage/engagements/{owner.id}/invitations/{invitation.id}/send-again"
        client.post(again, {"csrf_token": token}, status=404)
    assert mails_to(session, person.email) == []


def test_an_invitation_is_mailed_only_if_it_is_kept(
    session: Session, engagement: Engagement, officer: Person, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_args: Any, **_given: Any) -> None:
        raise RuntimeError("the last thing an invitation does has failed")

    monkeypatch.setattr("webapp.audit.record_all", fail)
    monkeypatch.setitem(client.app.config, "PROPAGATE_EXCEPTIONS", False)
    send(client, engagement, NEW_PROVIDER, status=500)
    assert session.scalars(select(MailMessage)).all() == []
    assert session.scalars(select(Invitation)).all() == []
