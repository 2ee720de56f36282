"""Setting up a programme and its team, through the pages."""

from __future__ import annotations

import uuid
from functools import partial
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.cli import cli
from webapp.models import (
    MailMessage,
    MembershipRole,
    Organisation,
    Party,
    Person,
    Programme,
    TeamMember,
    TeamRole,
    agency,
)
from webapp.programmes.teams import first_officer
from webapp.programmes.teams.first_officer import ActsForAnotherError, Place, UnknownOrganisationError

ABOUT = {"title": "Dental 2028", "reference": "NHSE1", "summary": "Dental care in six prisons."}


def set_up(client: Client, session: Session) -> tuple[Programme, Person]:
    officer = make.officer(session)
    session.commit()
    client.sign_in(officer)
    buyer = officer.memberships[0].organisation_id
    client.submit("/programmes/new", {**ABOUT, "buyer_id": str(buyer)})
    return session.scalars(select(Programme)).one(), officer


def member_of(session: Session, email: str) -> TeamMember:
    return session.scalars(select(TeamMember).join(TeamMember.person).where(Person.email == email)).one()


def newcomer(organisation: object, **given: object) -> dict[str, object]:
    return {
        "name": "Ada Board",
        "email": "ada@board.example",
        "organisation_id": str(organisation),
        "new_partner": "",
        "role": "reviewer",
        **given,
    }


def test_whoever_sets_a_programme_up_leads_it(client: Client, session: Session) -> None:
    programme, officer = set_up(client, session)
    assert (programme.title, programme.agent_id) == ("Dental 2028", None)
    member = session.scalars(select(TeamMember)).one()
    assert (member.person_id, member.role) == (officer.id, TeamRole.LEAD_OFFICER)
    assert "Dental 2028" in client.get("/programmes").text


def test_an_agent_sets_up_for_the_buyers_it_serves_and_their_parts_only(client: Client, session: Session) -> None:
    national, stranger = make.buyer(session, name="National"), make.buyer(session, name="Stranger")
    region = make.buyer(session, name="Region", part_of_id=national.id)
    area = make.buyer(session, name="Area", part_of_id=region.id)
    agent = make.buyer(session, name="Agent", party=Party.PROCURING_AGENT)
    session.execute(agency.insert().values(agent_id=agent.id, buyer_id=region.id))
    officer = make.officer(session, agent)
    session.commit()
    client.sign_in(officer)
    offered = client.get("/programmes/new").text
    assert "Region" in offered
    assert "Area, part of Region" in offered
    assert "National" not in offered
    assert "Stranger" not in offered
    page = client.submit("/programmes/new", {**ABOUT, "buyer_id": str(stranger.id)}, status=422)
    assert "choose one of the options shown" in page.text
    client.submit("/programmes/new", {**ABOUT, "buyer_id": str(area.id)})
    programme = session.scalars(select(Programme)).one()
    assert (programme.buyer_id, programme.agent_id) == (area.id, agent.id)


def test_a_reference_is_taken_once_per_buyer(client: Client, session: Session) -> None:
    programme, _officer = set_up(client, session)
    again = {**ABOUT, "reference": ABOUT["reference"].lower(), "buyer_id": str(programme.buyer_id)}
    page = client.submit("/programmes/new", again, status=422)
    assert "has a programme with this reference already" in page.text
    assert "Dental care in six prisons." in page.html, "what was typed is kept"


def test_a_partner_joins_reads_and_changes_nothing(client: Client, session: Session) -> None:
    programme, _officer = set_up(client, session)
    team = f"/programmes/{programme.id}/team"
    page = client.submit(f"{team}/add", {}, status=422)
    asked = ("Enter their name", "Enter their email address", "Choose who they work for", "Choose what they do")
    places = [page.text.index(reason) for reason in asked]
    assert places == sorted(places), "listed in the order of the page"
    page = client.submit(f"{team}/add", newcomer("new"), status=422)
    assert "Enter the name of the organisation" in page.text
    client.submit(f"{team}/add", newcomer("new", new_partner="Partnership Board"))
    added = member_of(session, "ada@board.example")
    assert (added.organisation.name, added.organisation.party) == ("Partnership Board", Party.PARTNER)
    mail = session.scalars(select(MailMessage)).one()
    assert (mail.recipient, "as reviewer" in mail.body) == ("ada@board.example", True)
    client.sign_out()
    client.sign_in(added.person)
    assert "Ada Board" in client.get(team).text
    assert "Change" not in client.get(team).text
    client.get(f"{team}/add", status=404)
    client.get(f"{team}/{added.id}", status=404)
    assert "not recorded as procuring" in client.get("/programmes/new").text


def test_an_address_of_a_provider_or_of_a_stranger_to_the_buyer_cannot_be_added(
    client: Client, session: Session
) -> None:
    programme, _officer = set_up(client, session)
    provider = make.provider_person(session)
    session.commit()
    page = client.submit(
        f"/programmes/{programme.id}/team/add", newcomer(programme.buyer_id, email=provider.email), status=422
    )
    assert "cannot be added" in page.text
    assert session.scalars(select(TeamMember)).one().role is TeamRole.LEAD_OFFICER


def test_the_last_lead_officer_stays_until_there_is_another(client: Client, session: Session) -> None:
    programme, officer = set_up(client, session)
    team = f"/programmes/{programme.id}/team"
    own = f"{team}/{member_of(session, officer.email).id}"
    page = client.submit(own, {"role": "reviewer"}, status=422)
    assert "Make somebody else a lead officer first" in page.text
    client.submit(f"{own}/remove")
    assert "Make somebody else a lead officer first" in client.get(own).text
    client.submit(f"{team}/add", newcomer(programme.buyer_id, role="lead_officer"))
    client.submit(f"{own}/remove")
    client.get(team, status=404)
    session.expire_all()
    assert [member.person.name for member in session.scalars(select(TeamMember))] == ["Ada Board"]


def test_an_officer_answers_for_service_lines(client: Client, session: Session) -> None:
    officer = make.officer(session)
    programme = make.programme(session, session.get_one(Organisation, officer.memberships[0].organisation_id))
    session.commit()
    client.sign_in(officer)
    line = programme.service_lines[0]
    own = f"/programmes/{programme.id}/team/{member_of(session, officer.email).id}"
    client.submit(own, {"role": "lead_officer", "service_lines": [str(line.id)]})
    assert f"Lead officer for {line.name}" in client.get(f"/programmes/{programme.id}/team").text
    client.submit(own, {"role": "lead_officer", "service_lines": [str(uuid.uuid4())]}, status=422)


def test_the_command_prints_a_link_by_which_the_first_officer_comes_in(client: Client, database_url: str) -> None:
    run = partial(CliRunner().invoke, cli, env={"DATABASE_URL": database_url})
    given = ["add-officer", "ann@nw.example", "--name", "Ann Hill", "--organisation", "North West"]
    assert run(["add-officer", "ann", *given[2:]]).output == "Error: ann is not an email address\n"
    assert "there is no buyer or agent called England" in run([*given, "--part-of", "England"]).output
    assert "England is recorded" in run(["add-organisation", "England", "--tier", "national"]).output
    made = "North West is recorded, as a new organisation"
    assert made in run([*given, "--tier", "region", "--part-of", "England"]).output
    done = run(given)
    assert made not in done.output
    assert client.submit(urlsplit(done.output.split()[-1]).path).location == "/programmes"
    assert "Ann Hill" in client.get("/sign-in/code/set-up").text


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (["add-officer", "ann@nw.example", "--name", "Ann" * 99, "--organisation", "England"], "person"),
        (["add-organisation", "England" * 99], "organisation"),
    ],
)
def test_a_name_that_the_database_refuses_ends_a_command_with_a_line_that_does_not_repeat_it(
    database_url: str, session: Session, command: list[str], told: str
) -> None:
    done = CliRunner().invoke(cli, [*command, "--tier", "national"], env={"DATABASE_URL": database_url})
    said = f"the database could not be reached, or refused: 23514 {told} ck_{told}_name_length"
    assert (done.exit_code, done.output) == (1, f"Error: {said}\n")


def test_the_first_officer_is_let_in_on_the_server_once(session: Session) -> None:
    first_officer.place(session, Place("National"))
    region = first_officer.place(session, Place("Region", part_of="National"))
    agent = first_officer.place(session, Place("Agent", Party.PROCURING_AGENT, acts_for=("Region",)))
    again = first_officer.place(session, Place("Agent", Party.PROCURING_AGENT, acts_for=("Region",)))
    assert again.id == agent.id
    assert region.part_of_id is not None
    person = first_officer.add_officer(session, organisation=agent, name="Olu", email="olu@agent.example")
    assert first_officer.add_officer(session, organisation=agent, name="Olu", email="OLU@agent.example") is person
    assert [own.role for own in person.memberships] == [MembershipRole.OFFICER]
    with pytest.raises(ActsForAnotherError):
        first_officer.add_officer(session, organisation=region, name="Olu", email="olu@agent.example")
    with pytest.raises(UnknownOrganisationError, match="Nowhere"):
        first_officer.place(session, Place("Area", part_of="Nowhere"))
