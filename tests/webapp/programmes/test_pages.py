"""The officer's programmes: what is shown, to whom, and at what price."""

from __future__ import annotations

import uuid
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client
from webapp.models import Contract, ContractForm, Programme, ServiceLine, Unit
from webapp.programmes.register import MOST_IN_FULL

HOSTILE = '<script>alert(1)</script> & "quoted" {{ 7 * 7 }} \u202eabc'


@pytest.fixture
def programme(session: Session) -> Programme:
    made = factories.programme(session)
    session.commit()
    return made


def sign_in_officer(session: Session, programme: Programme, client: Client) -> None:
    officer = factories.officer(session, programme.buyer)
    session.commit()
    client.sign_in(officer)


def address(programme: Programme) -> str:
    return f"/programmes/{programme.id}"


def test_the_programme_shows_lots_contracts_and_sites(session: Session, programme: Programme, client: Client) -> None:
    sign_in_officer(session, programme, client)
    page = client.get(address(programme))
    for said in (
        programme.title,
        programme.buyer.name,
        "HMP Site 1",
        "PSR competitive process. Services start on 1 April 2028",
        "£250,000",
        "£1,750,000 over 7 years",
        "Ends on 31 March 2028: 1 contract",
        "Incumbent Ltd",
        "Lot D2",
    ):
        assert said in page.text
    assert "Synthetic" not in page.text


def test_contracts_that_end_on_one_day_are_shown_together(
    session: Session, programme: Programme, client: Client
) -> None:
    for title, end, value in (
        ("Mental health", date(2028, 3, 31), 100_000),
        ("Pharmacy", date(2029, 3, 31), 70_000),
        ("Podiatry", date(2020, 3, 31), 5_000),
    ):
        session.add(
            Contract(
                programme_id=programme.id, title=title, supplier_name="Other Ltd", end_date=end, annual_value=value
            )
        )
    sign_in_officer(session, programme, client)
    page = client.get(address(programme))
    assert "Ends on 31 March 2028: 2 contracts, £100,000 a year for those whose value is known" in page.text
    assert "Ends on 31 March 2029: 1 contract, £70,000 a year" in page.text
    assert "Ended on 31 March 2020: 1 contract, £5,000 a year" in page.text


def test_what_is_off_the_standard_is_said_beside_its_contract(
    session: Session, programme: Programme, client: Client
) -> None:
    terms = {"title": "Pharmacy", "form": ContractForm.BESPOKE, "inherited": True}
    session.add(Contract(programme_id=programme.id, supplier_name="Other Ltd", end_date=date(2029, 3, 31), **terms))
    sign_in_officer(session, programme, client)
    assert "Pharmacy Taken over Off the standard contract Other Ltd" in client.get(address(programme)).text


def test_a_long_register_is_drawn_by_the_days_on_which_contracts_end(
    session: Session, programme: Programme, client: Client
) -> None:
    for number in range(MOST_IN_FULL):
        end = date(2030 + number % 2, 3, 31)
        session.add(Contract(programme_id=programme.id, title=f"C{number}", supplier_name="A", end_date=end))
    sign_in_officer(session, programme, client)
    page = client.get(address(programme))
    drawn = [cell.text for cell in page.tree.findall(".//figure//tbody//th")]
    assert drawn == ["31 Mar 2028: 1 contract", "31 Mar 2030: 30 contracts", "31 Mar 2031: 30 contracts"]
    folded = [" ".join("".join(each.itertext()).split()) for each in page.tree.iter("summary")]
    assert "Ends on 31 March 2030: 30 contracts" in folded
    assert "C59" in page.text


def test_what_is_not_known_is_said_not_guessed(session: Session, programme: Programme, client: Client) -> None:
    programme.sites[1].places = None
    programme.procurements[0].lots[0].units[0].annual_value = None
    sign_in_officer(session, programme, client)
    page = client.get(address(programme))
    assert "400 places, not known for 1" in page.text
    assert "Value not known" in page.text
    assert "HMP Site 1 Dental: HMP Site 1 Not known Not known 6" in page.text  # lot, covers, a year, whole life, WTE


def test_what_was_invented_is_labelled(session: Session, programme: Programme, client: Client) -> None:
    programme.synthetic_note = "The values in this programme were invented."
    programme.procurements[0].lots[0].units[0].synthetic = True
    sign_in_officer(session, programme, client)
    page = client.get(address(programme))
    assert programme.synthetic_note in page.text
    assert page.text.count("Synthetic") == 3  # above, in the grid and in the list of lots


def test_the_grid_tells_a_unit_without_a_lot_from_a_service_that_is_not_bought(
    session: Session, programme: Programme, client: Client
) -> None:
    line = ServiceLine(programme_id=programme.id, position=2, code="mh", name="Mental health")
    session.add(line)
    session.flush()
    session.add(Unit(site_id=programme.sites[0].id, service_line_id=line.id))
    sign_in_officer(session, programme, client)
    page = client.get(address(programme))
    assert page.text.count("In no lot") == 1
    assert page.text.count("Not in the programme") == 1


def test_an_empty_programme_says_what_it_lacks(session: Session, client: Client) -> None:
    officer = factories.officer(session)
    buyer = officer.memberships[0].organisation
    empty = Programme(buyer_id=buyer.id, reference="E1", title="Nothing yet", summary="To be planned.")
    session.add(empty)
    session.flush()
    factories.team_member(session, empty.id, officer.id, buyer.id)
    session.commit()
    client.sign_in(officer)
    page = client.get(address(empty))
    assert "Set up First steps Set it up Past procurements Engage Set up an engagement" in page.text
    assert "The contract register is empty" in page.text
    assert "needs sites and service lines first" in page.text


def test_the_list_has_the_programmes_of_buyer_and_agent_and_no_others(session: Session, client: Client) -> None:
    agent = factories.buyer(session, name="The agent")
    own, acted_for, others = (factories.programme(session) for _ in range(3))
    own.buyer, acted_for.agent_id = agent, agent.id
    officer = factories.officer(session, agent)
    session.commit()
    client.sign_in(officer)
    page = client.get("/programmes")
    assert own.title in page.links()
    assert acted_for.title in page.links()
    assert others.title not in page.text
    assert client.get(address(acted_for)).status == 200


def test_somebody_elses_programme_answers_like_a_missing_one(
    session: Session, programme: Programme, client: Client
) -> None:
    stranger = factories.officer(session)
    session.commit()
    client.sign_in(stranger)
    theirs = client.get(address(programme), status=404)
    missing = client.get(f"/programmes/{uuid.uuid4()}", status=404)
    assert theirs.text == missing.text


@pytest.mark.parametrize("path", ["/programmes", "/programmes/{id}"])
def test_a_provider_finds_no_programmes_and_a_visitor_must_sign_in(
    session: Session, programme: Programme, client: Client, path: str
) -> None:
    url = path.format(id=programme.id)
    assert client.get(url, status=302).location.startswith("/sign-in")
    provider = factories.provider_person(session)
    session.commit()
    client.sign_in(provider)
    client.get(url, status=404)


def test_the_page_costs_as_many_statements_whatever_its_size(session: Session, client: Client) -> None:
    small, large = factories.programme(session, lots=1), factories.programme(session, lots=12)
    large.buyer = small.buyer
    for made in (small, large):
        factories.engagement(session, made)
    sign_in_officer(session, small, client)
    costs = [len(client.get(address(made)).statements) for made in (small, large)]
    assert costs[0] == costs[1] <= 15


def test_hostile_text_is_shown_as_text(session: Session, programme: Programme, client: Client) -> None:
    lot = programme.procurements[0].lots[0]
    programme.title = programme.summary = programme.synthetic_note = HOSTILE
    programme.sites[0].name = programme.sites[0].places_source = programme.service_lines[0].name = HOSTILE
    programme.contracts[0].supplier_name = programme.contracts[0].title = HOSTILE
    programme.procurements[0].title = programme.procurements[0].officer = lot.title = lot.code = HOSTILE
    sign_in_officer(session, programme, client)
    for url in ("/programmes", address(programme)):
        html = client.get(url).html
        assert "<script>alert" not in html
        assert "{{ 7 * 7 }}" in html
    assert "&lt;script&gt;alert(1)" in html
