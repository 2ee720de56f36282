"""An organisation's details and people, in the hands of its signatories."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from config import Settings
from tests import factories
from tests.webapp.accounts import people
from tests.webapp.browser_of_pages import Client, Page
from webapp.accounts.throttle import CHANGE_DETAILS, INVITE_FOR_ORGANISATION
from webapp.db import Database
from webapp.models import (
    AuditEvent,
    ColleagueInvitation,
    MailMessage,
    Membership,
    MembershipRole,
    Organisation,
    Person,
)

INVITED = "ivo@invited.example"


@dataclass
class Team:
    """A signatory and a contributor of one organisation."""

    organisation: Organisation
    signatory: Person
    contributor: Person

    def page_of(self, session: Session, person: Person) -> str:
        membership = session.scalars(select(Membership).where(Membership.person_id == person.id)).one()
        return f"/organisation/people/{membership.id}"


@pytest.fixture
def team(session: Session, client: Client) -> Team:
    """The client is signed in as the signatory."""
    organisation = factories.provider(session, name="Northern Care")
    signatory = factories.provider_person(session, organisation, name="Ann Signs")
    contributor = factories.person(session, organisation, MembershipRole.CONTRIBUTOR, name="Ben Writes")
    session.commit()
    client.sign_in(signatory)
    return Team(organisation, signatory, contributor)


def invite(client: Client, email: str = INVITED, role: str = "contributor", *, status: int = 302) -> Page:
    filled = {"name": "Ivo Invited", "email": email, "role": role}
    return client.submit("/organisation/invite", filled, status=status)


def roles(session: Session, team: Team) -> dict[str, MembershipRole]:
    session.rollback()
    session.expire_all()
    found = session.execute(
        select(Person.name, Membership.role)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == team.organisation.id)
        .order_by(Person.name)
    )
    return {row.name: row.role for row in found}


def test_members_see_details_and_people_and_only_signatories_the_ways_to_change_them(
    client: Client, team: Team
) -> None:
    page = client.get("/organisation")
    assert "Northern Care" in page.text
    assert "Ann Signs (you)" in page.text
    assert {"Change the details", "Invite a colleague", "Change Ben Writes"} <= page.links().keys()
    client.sign_out()
    client.sign_in(team.contributor)
    page = client.get("/organisation")
    assert "Ben Writes (you)" in page.text
    assert not {"Change the details", "Invite a colleague", "Change Ben Writes"} & page.links().keys()
    assert "Leave this organisation" in page.links()


def test_a_contributor_can_change_nothing(client: Client, session: Session, team: Team) -> None:
    member = team.page_of(session, team.signatory)
    invite(client)
    invitation = session.scalars(select(ColleagueInvitation.id)).one()
    client.sign_out()
    client.sign_in(team.contributor)
    token = client.get("/organisation/leave").hidden()["csrf_token"]
    for url in ("/organisation/details", "/organisation/invite", member, f"{member}/remove"):
        client.get(url, status=403)
        client.post(url, {"csrf_token": token, "role": "contributor"}, status=403)
    client.post(f"/organisation/invitations/{invitation}/withdraw", {"csrf_token": token}, status=403)
    assert people.acts(session) == ["organisation.colleague_invited"]


def test_details_are_changed_with_a_record_of_which(client: Client, session: Session, team: Team) -> None:
    page = client.get("/organisation/details")
    assert 'value="Northern Care"' in page.html
    filled = {"name": "Northern Health", "provider_kind": "charity", "size": "large", "vcse": "yes", "ods_code": "rx4"}
    client.submit("/organisation/details", filled)
    text = client.get("/organisation").text
    assert "Northern Health" in text
    assert "SME No" in text
    assert "ODS code RX4" in text
    [event] = session.scalars(select(AuditEvent))
    assert (event.person_id, event.detail) == (team.signatory.id, {"changed": "name size ods_code"})
    client.submit("/organisation/details", {**filled, "ods_code": "RX4"})
    assert people.acts(session) == ["organisation.details_changed"]


def test_a_number_of_anothers_is_saved_alike_and_marked_for_officers(
    client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    holder = factories.provider_person(session, factories.provider(session, ods_code="RX9"))
    session.commit()
    filled = {"name": "Northern Care", "provider_kind": "charity", "size": "small", "vcse": "yes"}
    pages = []
    for code in ("RX8", "RX9"):
        answer = client.submit("/organisation/details", {**filled, "ods_code": code})
        pages.append((len(answer.statements), people.unvarying(client.get("/organisation")).replace(code, "CODE")))
        people.work(database, settings)
    assert pages[0] == pages[1]
    session.refresh(team.organisation)
    assert team.organisation.numbers_contested
    client.submit("/organisation/details", {**filled, "name": "Northern", "ods_code": "RX9"})
    people.work(database, settings)
    assert len(people.mail_to(session, holder.email)) == 1
    client.submit("/organisation/details", {**filled, "ods_code": "RX8"})
    session.refresh(team.organisation)
    assert not team.organisation.numbers_contested


def test_details_are_changed_only_so_often(client: Client, team: Team) -> None:
    people.stay_in_one_window()
    filled = {"name": "Northern Care", "provider_kind": "charity", "size": "small", "vcse": "yes"}
    for _ in range(CHANGE_DETAILS.tries):
        client.submit("/organisation/details", filled)
    client.submit("/organisation/details", filled, status=429)


def test_a_colleague_joins_by_the_link_in_the_role_given(
    client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    invite(client, role="signatory")
    assert "Ivo Invited" in client.get("/organisation").text
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, INVITED)[0])
    client.sign_out()
    assert "Ann Signs has invited ivo@invited.example to act for Northern Care" in client.get(link).text
    assert "Ivo Invited" not in roles(session, team)
    assert client.submit(link).location == "/responses"
    assert "Ivo Invited (you)" in client.get("/organisation").text
    assert roles(session, team)["Ivo Invited"] is MembershipRole.SIGNATORY
    assert people.acts(session) == ["organisation.colleague_invited", "organisation.joined", "person.signed_in"]
    client.get(link, status=404)


def test_of_browsers_that_join_at_once_one_does(
    app: Flask, client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    invite(client)
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, INVITED)[0])
    answers = people.at_once(app, link, {}, cookies=[None] * 4)
    assert sorted(answer.status_code for answer in answers) == [302, 404, 404, 404]


def test_whether_an_address_belongs_to_another_organisation_is_not_shown(
    client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    known = factories.provider_person(session)
    session.commit()
    seen = []
    for email in ("unknown@example.org", known.email):
        answer = invite(client, email)
        people.work(database, settings)
        page = people.unvarying(client.get("/organisation")).replace(email, "EMAIL")
        seen.append((answer.location, len(answer.statements), page.count("EMAIL"), "Important" in page))
        mail = people.mail_to(session, email)
        assert len(mail) == 1
    assert seen[0][:2] == seen[1][:2]
    assert "/sign-in/link/" not in people.mail_to(session, known.email)[0].body
    text = client.get("/organisation").text
    assert all(f"Ivo Invited, {email}, as a contributor" in text for email in ("unknown@example.org", known.email))


def test_a_colleague_who_is_there_already_is_not_invited(client: Client, session: Session, team: Team) -> None:
    page = invite(client, team.contributor.email.upper(), status=422)
    assert "This person acts for your organisation already" in page.text
    assert people.acts(session) == []


def test_a_second_invitation_takes_the_place_of_the_first(
    client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    invite(client, role="signatory")
    people.work(database, settings)
    first = people.link_in(people.mail_to(session, INVITED)[0])
    invite(client, INVITED.upper(), role="contributor")
    client.get(first, status=404)
    assert session.scalars(select(ColleagueInvitation.role)).all() == [MembershipRole.CONTRIBUTOR]


def test_a_withdrawn_invitation_is_dead(
    client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    invite(client)
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, INVITED)[0])
    invitation = session.scalars(select(ColleagueInvitation.id)).one()
    client.submit("/organisation", action=f"/organisation/invitations/{invitation}/withdraw")
    client.get(link, status=404)
    assert INVITED not in client.get("/organisation").text


def test_an_expired_invitation_is_dead(
    client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    invite(client)
    people.work(database, settings)
    link = people.link_in(people.mail_to(session, INVITED)[0])
    past = func.clock_timestamp() - timedelta(seconds=1)
    session.execute(update(ColleagueInvitation).values(expires_at=past))
    session.commit()
    for _ in ("signed in", "signed out"):
        assert "ask the colleague who invited you to do so again" in client.get(link, status=404).text
        client.sign_out()
    client.sign_in(team.signatory)
    assert INVITED not in client.get("/organisation").text


def test_an_organisation_sends_only_so_many_invitations(client: Client, session: Session, team: Team) -> None:
    people.stay_in_one_window()
    for number in range(INVITE_FOR_ORGANISATION.tries):
        invite(client, f"colleague{number}@example.org")
    invite(client, status=429)
    assert INVITED not in session.scalars(select(ColleagueInvitation.email)).all()


def test_a_signatory_changes_a_role(client: Client, session: Session, team: Team) -> None:
    client.submit(team.page_of(session, team.contributor), {"role": "signatory"})
    assert roles(session, team)["Ben Writes"] is MembershipRole.SIGNATORY
    assert people.acts(session) == ["organisation.role_changed"]


@pytest.mark.parametrize("role", ["officer", "owner", ""])
def test_no_other_role_can_be_given(client: Client, session: Session, team: Team, role: str) -> None:
    client.submit(team.page_of(session, team.contributor), {"role": role}, status=422)
    invite(client, role=role, status=422)
    assert roles(session, team)["Ben Writes"] is MembershipRole.CONTRIBUTOR


def test_somebody_removed_is_told_and_sees_nothing_more(
    app: Flask, client: Client, session: Session, database: Database, team: Team
) -> None:
    removed = Client(app, database)
    removed.sign_in(team.contributor)
    removed.get("/organisation")
    client.submit(f"{team.page_of(session, team.contributor)}/remove")
    removed.get("/organisation", status=404)
    assert list(roles(session, team)) == ["Ann Signs"]
    assert len(people.mail_to(session, team.contributor.email)) == 1
    assert people.acts(session) == ["organisation.member_removed"]


def test_invitations_of_somebody_who_goes_go_too(client: Client, session: Session, team: Team) -> None:
    factories.provider_person(session, team.organisation)
    session.commit()
    invite(client)
    client.submit("/organisation/leave")
    assert session.scalars(select(ColleagueInvitation)).all() == []
    assert people.acts(session)[-1] == "organisation.left"


def test_the_last_signatory_can_neither_leave_nor_step_down(client: Client, session: Session, team: Team) -> None:
    needed = "An organisation needs a signatory"
    assert needed in client.submit("/organisation/leave", status=422).text
    assert needed in client.submit(team.page_of(session, team.signatory), {"role": "contributor"}, status=422).text
    assert roles(session, team)["Ann Signs"] is MembershipRole.SIGNATORY
    assert people.acts(session) == []


def test_a_contributor_leaves(client: Client, session: Session, team: Team) -> None:
    client.sign_out()
    client.sign_in(team.contributor)
    client.submit("/organisation/leave")
    client.get("/organisation", status=404)
    assert list(roles(session, team)) == ["Ann Signs"]


def test_of_two_signatories_who_leave_at_once_one_stays(
    app: Flask, database: Database, session: Session, client: Client, team: Team
) -> None:
    other = factories.provider_person(session, team.organisation, name="Cy Signs")
    session.commit()

    def leave(person: Person) -> int:
        browser = Client(app, database)
        browser.sign_in(person)
        form = browser.get("/organisation/leave").hidden()
        return browser._client.post("/organisation/leave", data=form).status_code

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(leave, (team.signatory, other))) == [302, 422]
    assert MembershipRole.SIGNATORY in roles(session, team).values()


def test_people_and_invitations_of_another_organisation_are_not_found(
    client: Client, session: Session, team: Team
) -> None:
    stranger = factories.provider_person(session)
    foreign = ColleagueInvitation(
        organisation_id=session.scalars(
            select(Membership.organisation_id).where(Membership.person_id == stranger.id)
        ).one(),
        invited_by=stranger.id,
        name="Ivo Invited",
        email=INVITED,
        role=MembershipRole.CONTRIBUTOR,
        expires_at=func.clock_timestamp() + timedelta(days=1),
    )
    session.add(foreign)
    session.commit()
    token = client.get("/organisation/leave").hidden()["csrf_token"]
    theirs, nobodys = team.page_of(session, stranger), f"/organisation/people/{uuid.uuid4()}"
    for ending in ("", "/remove"):
        answers = {
            people.unvarying(client.post(url + ending, {"csrf_token": token, "role": "contributor"}, status=404))
            for url in (theirs, nobodys)
        }
        assert len(answers) == 1
    client.post(f"/organisation/invitations/{foreign.id}/withdraw", {"csrf_token": token}, status=404)
    assert session.scalars(select(ColleagueInvitation.id)).all() == [foreign.id]
    assert people.acts(session) == []


def test_strange_names_stay_text_in_pages_and_one_line_in_subjects(
    client: Client, session: Session, database: Database, settings: Settings, team: Team
) -> None:
    client.submit("/organisation/invite", {"name": "<b>Ivo</b> {{ 7*7 }}", "email": INVITED, "role": "contributor"})
    assert "<b>Ivo</b> {{ 7*7 }}" in client.get("/organisation").text
    invite(client, "a@b.example\nBcc: c@d.example", status=422)
    people.work(database, settings)
    assert len(session.scalars(select(MailMessage)).all()) == 1
