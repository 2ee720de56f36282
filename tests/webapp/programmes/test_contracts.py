"""Finding a contract in the register."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.browser_of_pages import Client, Page
from webapp.models import Contract, Programme, ServiceLine, Site, TeamRole, Unit
from webapp.web.format import LONDON


@pytest.fixture
def programme(session: Session, client: Client) -> Programme:
    """Its dental contract is its own; three more end in the past, in a month and in two years and a day."""
    made = factories.programme(session)
    today = datetime.now(UTC).astimezone(LONDON).date()
    pharmacy = ServiceLine(programme_id=made.id, position=2, code="pharmacy", name="Pharmacy")
    site = session.scalars(select(Site).where(Site.programme_id == made.id).limit(1)).one()
    provider = factories.provider(session, name="Acme Group plc")
    session.add_all(
        [
            Contract(programme_id=made.id, title="Old eyes", supplier_name="Sight", end_date=today - timedelta(days=1)),
            Contract(
                programme_id=made.id,
                title="Pharmacy 50%",
                supplier_name="Acme Pharmacy",
                supplier_id=provider.id,
                end_date=today + timedelta(days=30),
                source="CF-0042",
                units=[Unit(site=site, service_line=pharmacy)],
            ),
            Contract(
                programme_id=made.id, title="Therapy", supplier_name="Talk", end_date=today + timedelta(days=2 * 366)
            ),
        ]
    )
    session.scalars(select(Contract).where(Contract.title == "Dental services")).one().end_date = today + timedelta(
        days=200
    )
    officer = factories.officer(session, made.buyer)
    session.commit()
    client.sign_in(officer)
    return made


def address(programme: Programme, query: str = "") -> str:
    return f"/programmes/{programme.id}/contracts{query}"


def titles(page: Page) -> list[str]:
    return [row.find("th/a").text for row in page.tree.findall(".//tbody/tr")]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["Old eyes", "Pharmacy 50%", "Dental services", "Therapy"]),
        ("?q=incumbent+DENTAL", ["Dental services"]),
        ("?q=group", ["Pharmacy 50%"]),
        ("?q=cf-0042", ["Pharmacy 50%"]),
        ("?q=50%25", ["Pharmacy 50%"]),
        ("?q=0%25y", []),
        ("?ends=6", ["Pharmacy 50%"]),
        ("?ends=12", ["Pharmacy 50%", "Dental services"]),
        ("?ends=24", ["Pharmacy 50%", "Dental services"]),
        ("?ends=36&q=t", ["Dental services", "Therapy"]),
        ("?ends=ended", ["Old eyes"]),
        ("?ends=7&service=none&page=x", ["Old eyes", "Pharmacy 50%", "Dental services", "Therapy"]),
    ],
)
def test_a_contract_is_found_by_words_and_by_when_it_ends(
    programme: Programme, client: Client, query: str, found: list[str]
) -> None:
    page = client.get(address(programme, query))
    assert titles(page) == found
    assert len(page.statements) <= 15
    assert ("No contract matches" in page.text) == (not found)


def test_a_contract_is_found_by_its_service_and_what_was_asked_for_is_kept(
    session: Session, programme: Programme, client: Client
) -> None:
    line = session.scalars(select(ServiceLine).where(ServiceLine.name == "Pharmacy")).one()
    page = client.get(address(programme, f"?q=Acme&service={line.id}&ends=12"))
    assert titles(page) == ["Pharmacy 50%"]
    assert "1 contract found" in page.text
    assert 'value="Acme"' in page.html
    chosen = [option.get("value") for option in page.tree.iter("option") if option.get("selected") is not None]
    assert chosen == [str(line.id), "12"]
    contract = session.scalars(select(Contract).where(Contract.title == "Pharmacy 50%")).one()
    assert page.links()["Pharmacy 50%"] == f"/programmes/{programme.id}/set-up/contracts/{contract.id}"
    assert page.links()["Show all contracts"] == address(programme)


def test_a_long_register_has_pages_that_keep_what_was_asked_for_and_cost_the_same(
    session: Session, programme: Programme, client: Client
) -> None:
    before = len(client.get(address(programme, "?q=talk")).statements)
    day = session.scalars(select(Contract.end_date).where(Contract.title == "Therapy")).one()
    session.add_all(
        Contract(programme_id=programme.id, title=f"Talk {number:02}", supplier_name="Talk", end_date=day)
        for number in range(26)
    )
    session.commit()
    page = client.get(address(programme, "?q=talk&programme_id=1&endpoint=x&_method=POST&_external=1"))
    assert len(page.statements) == before
    assert len(titles(page)) == 25
    second = next(href for href in page.links().values() if "page=2" in href)
    assert second == address(programme, "?page=2&q=talk"), "what the form did not ask for is not passed on"
    assert titles(client.get(second)) == ["Talk 25", "Therapy"]


def test_who_only_reads_follows_no_way_to_change_and_a_stranger_finds_nothing(
    session: Session, programme: Programme, client: Client
) -> None:
    board = factories.officer(session)
    factories.team_member(session, programme.id, board.id, board.memberships[0].organisation_id, TeamRole.REVIEWER)
    stranger = factories.officer(session)
    session.commit()
    client.sign_in(board)
    page = client.get(
        client.get(f"/programmes/{programme.id}").links()["Find a contract by supplier, service, words or when it ends"]
    )
    assert "Old eyes" in page.text
    assert "/set-up/" not in page.html
    client.sign_in(stranger)
    client.get(address(programme), status=404)
