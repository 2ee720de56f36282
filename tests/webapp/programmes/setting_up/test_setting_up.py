"""A programme built by hand from nothing, and what stops a mistake."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import factories as make
from tests.webapp.browser_of_pages import Client
from webapp.models import (
    AuditEvent,
    Contract,
    ContractForm,
    Lot,
    MembershipRole,
    Need,
    Organisation,
    Procurement,
    Programme,
    PublishedName,
    ServiceLine,
    Site,
    TeamRole,
    Unit,
)
from webapp.programmes.setting_up.parts import PARTS
from webapp.programmes.setting_up.rules import LAST_YEAR, Trouble, start_to_come


def began(client: Client, session: Session, *, empty: bool = True) -> Programme:
    officer = make.officer(session)
    buyer = session.get_one(Organisation, officer.memberships[0].organisation_id)
    if not empty:
        programme = make.programme(session, buyer)
    else:
        programme = Programme(buyer_id=buyer.id, reference="P1", title="From nothing", summary="All of it.")
        session.add(programme)
        session.flush()
        make.team_member(session, programme.id, officer.id, buyer.id)
    session.commit()
    client.sign_in(officer)
    return programme


def address(programme: Programme, *path: object) -> str:
    return "/".join((f"/programmes/{programme.id}/set-up", *map(str, path)))


def day(name: str, year: int, month: int, day: int) -> dict[str, str]:
    return {f"{name}-day": str(day), f"{name}-month": str(month), f"{name}-year": str(year)}


def fill(client: Client, programme: Programme, slug: str, **given: Any) -> None:
    client.submit(address(programme, slug, "add"), given)


def test_a_programme_is_built_from_nothing(client: Client, session: Session) -> None:
    programme = began(client, session)
    fill(client, programme, "sites", name="HMP Liverpool", code="LIV", kind="prison", places="1,300")
    fill(client, programme, "service-lines", name="Dental", code="dental")
    site, line = session.scalars(select(Site)).one(), session.scalars(select(ServiceLine)).one()
    fill(
        client,
        programme,
        "services",
        site_id=str(site.id),
        service_line_id=str(line.id),
        annual_value="£250,000",
        demand_wte="6.5",
    )
    unit = session.scalars(select(Unit)).one()
    fill(
        client,
        programme,
        "contracts",
        title="Dental services",
        supplier_name="Time Ltd",
        units=[str(unit.id)],
        terms="bespoke",
        inherited="y",
        **day("end_date", 2028, 3, 31),
    )
    fill(
        client,
        programme,
        "procurements",
        title="Dental",
        route="psr_competitive",
        most_lots_bid="3",
        most_lots_awarded="2",
        **day("service_start", LAST_YEAR, 4, 1),
    )
    procurement = session.scalars(select(Procurement)).one()
    lot = {"title": "Dental, Liverpool", "code": "D1", "procurement_id": str(procurement.id), "term_months": "84"}
    fill(client, programme, "lots", **lot, units=[str(unit.id)])
    fill(client, programme, "needs", title="Waits under six weeks", site_id=str(site.id), service_line_id="")
    fill(client, programme, "partners", name="HMPPS", part="Runs the prisons")
    fill(client, programme, "board-dates", board="Commissioning board", **day("day", 2027, 5, 6))
    fill(
        client,
        programme,
        "blackouts",
        reason="Christmas",
        **day("first_day", 2027, 12, 20),
        **day("last_day", 2028, 1, 3),
    )
    contract = session.scalars(select(Contract)).one()
    assert (contract.form, contract.inherited, contract.units) == (ContractForm.BESPOKE, True, [unit])
    assert contract.supplier is not None
    assert contract.supplier.name == "Time Ltd"
    made = session.scalars(select(Lot)).one()
    assert (made.annual_value, made.demand_wte, made.position) == (250_000, 6.5, 1)
    assert session.scalars(select(Need)).one().site_id == site.id
    overview = client.get(address(programme)).text
    assert "1 site" in overview
    assert "None yet" not in overview
    register = client.get(address(programme, "contracts")).text
    assert "Taken over" in register
    assert "Off the standard contract" in register
    assert "Set it up" in client.get(f"/programmes/{programme.id}").text
    acts = session.scalars(select(AuditEvent.act).where(AuditEvent.act.like("set_up.%"))).all()
    assert len(acts) == 10


@pytest.mark.parametrize("slug", PARTS)
def test_an_empty_form_says_what_is_missing_and_saves_nothing(client: Client, session: Session, slug: str) -> None:
    programme = began(client, session, empty=False)
    before = len(session.scalars(select(AuditEvent)).all())
    page = client.submit(address(programme, slug, "add"), {}, status=422)
    assert "There is a problem" in page.text
    assert len(session.scalars(select(AuditEvent)).all()) == before


def test_a_start_to_come_is_tomorrow_at_the_earliest() -> None:
    today = date(2026, 5, 1)
    assert start_to_come(today, today, None) == Trouble("service_start", "must be in the future")
    assert start_to_come(today + timedelta(days=1), today, None) is None
    assert start_to_come(today, today, Procurement(service_start=today)) is None, "it was to come when it was said"


def test_a_value_that_makes_no_sense_is_named_and_kept(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    procurement = programme.procurements[0]
    where = address(programme, "procurements", procurement.id)
    given = {"title": "Dental", "route": "psr_competitive", **day("service_start", LAST_YEAR, 4, 1)}
    page = client.submit(where, {**given, "most_lots_bid": "1", "most_lots_awarded": "2"}, status=422)
    assert "must not be more than the most lots to bid for" in page.text
    page = client.submit(where, {**given, **day("service_start", LAST_YEAR + 1, 4, 1)}, status=422)
    assert f"The start must be in {LAST_YEAR} or before" in page.text
    page = client.submit(where, {**given, **day("service_start", 2020, 4, 1)}, status=422)
    assert "The start must be in the future" in page.text
    contract = programme.contracts[0]
    dates = {**day("start_date", 2028, 4, 1), **day("end_date", 2028, 3, 31)}
    page = client.submit(
        address(programme, "contracts", contract.id),
        {"title": "T", "supplier_name": "<b>S</b>", "terms": "unknown", **dates},
        status=422,
    )
    assert "The end must be after the start" in page.text
    assert "&lt;b&gt;S&lt;/b&gt;" in page.html
    long_ago = {"title": "T", "supplier_name": "S", "terms": "unknown", **day("end_date", 1988, 3, 31)}
    page = client.submit(address(programme, "contracts", contract.id), long_ago, status=422)
    assert "The end must be in 2000 or after" in page.text
    alike = {**long_ago, "supplier_name": "S\u0430y"}
    page = client.submit(address(programme, "contracts", contract.id), alike, status=422)
    assert "“S\u0430y” has letters of another alphabet" in page.text


def test_a_contract_that_gets_the_name_of_an_invited_provider_is_that_providers(
    client: Client, session: Session
) -> None:
    programme = began(client, session, empty=False)
    engagement = make.engagement(session, programme)
    person = make.provider_person(session, make.provider(session, name="Harbour Health CIC"))
    make.invitation(session, engagement, person)
    session.commit()
    where = address(programme, "contracts", programme.contracts[0].id)
    client.submit(where, {"supplier_name": "harbour health CIC", "terms": "unknown", **day("end_date", 2028, 3, 31)})
    session.expire_all()
    assert programme.contracts[0].supplier_id == person.memberships[0].organisation_id


def save_contract(client: Client, session: Session, programme: Programme, supplier: str) -> Contract:
    contract = programme.contracts[0]
    given = {"supplier_name": supplier, "terms": "unknown", **day("end_date", 2028, 3, 31)}
    client.submit(address(programme, "contracts", contract.id), given)
    session.expire_all()
    return contract


@pytest.mark.parametrize("is_sealed", [False, True])
def test_a_supplier_that_only_answered_is_that_provider_unless_its_response_is_sealed(
    client: Client, session: Session, is_sealed: bool
) -> None:
    programme = began(client, session, empty=False)
    engagement = make.engagement(session, programme)
    engagement.sealed = is_sealed
    answered = make.provider(session, name="Acorn Care")
    make.response(session, engagement, make.provider_person(session, answered))
    other = Contract(programme_id=programme.id, title="Eyes", supplier_name="Sight", end_date=date(2028, 3, 31))
    session.add(other)
    session.commit()
    saved = save_contract(client, session, programme, "ACORN-CARE")
    assert saved.supplier_id is not None
    assert (saved.supplier_id == answered.id) is not is_sealed
    assert other.supplier_id is None, "nobody saved it"


def test_a_supplier_whose_name_several_providers_have_stays_a_name(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    engagement = make.engagement(session, programme)
    for name in ("Acorn Care", "ACORN CARE"):
        person = make.provider_person(session, make.provider(session, name=name))
        make.invitation(session, engagement, person)
    session.commit()
    before = make.count_of(session, Organisation)
    contract = save_contract(client, session, programme, "Acorn Care")
    assert contract.supplier_id is None
    assert make.count_of(session, Organisation) == before
    assert "Only a name" in client.get(f"/programmes/{programme.id}").text
    page = client.get(address(programme, "contracts", contract.id))
    assert "several providers that your programmes know have it" in page.text
    choosing = page.links()["Say which provider it is"]
    page = client.get(choosing)
    assert "Several providers that your programmes know have this name" in page.text
    assert page.text.count(f"Charity. Invited to ‘{engagement.title}’") == 2
    assert "Choose the provider, or that it is another one" in client.submit(choosing, status=422).text
    chosen = session.scalars(select(Organisation).where(Organisation.name == "ACORN CARE")).one()
    client.submit(choosing, {"provider": str(chosen.id)})
    session.expire_all()
    assert contract.supplier_id == chosen.id
    assert "Provider: ACORN CARE" in client.get(address(programme, "contracts", contract.id)).text
    assert client.get(choosing, status=302).location == address(programme, "contracts")
    assert session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()[-1] == "contract.supplier_chosen"


def test_registers_recorded_before_get_their_providers_at_once(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    engagement = make.engagement(session, programme)
    for name in ("Acorn Care", "ACORN CARE", "Oak Care"):
        make.invitation(session, engagement, make.provider_person(session, make.provider(session, name=name)))
    for name in ("Acorn Care", "OAK CARE", "Ash Care", "ash care", "--"):
        ends = date(2028, 3, 31)
        session.add(Contract(programme_id=programme.id, title=f"Held by {name}", supplier_name=name, end_date=ends))
    session.commit()
    register = address(programme, "contracts")
    page = client.get(register)
    assert "Only a name: 6 suppliers of these contracts" in page.text
    done = client.post(f"{register}/suppliers", page.hidden(f"{register}/suppliers"))
    assert "4 suppliers got a provider. For the rest, say which" in client.get(done.location).text
    stand = {each.supplier_name: each.supplier for each in session.scalars(select(Contract))}
    assert stand["OAK CARE"] is not None
    assert stand["OAK CARE"].name == "Oak Care"
    assert stand["Ash Care"] is not None
    assert stand["Ash Care"] is stand["ash care"]
    assert stand["Acorn Care"] is stand["--"] is None
    marks = session.scalars(select(Contract).where(Contract.supplier_name == "--")).one()
    assert "has neither letters nor numbers" in client.get(f"{register}/{marks.id}/supplier").text
    acorn = session.scalars(select(Contract).where(Contract.supplier_name == "Acorn Care")).one()
    client.submit(f"{register}/{acorn.id}/supplier", {"provider": "new"})
    session.refresh(acorn)
    assert acorn.supplier is not None
    assert acorn.supplier.memberships == [], "neither of those invited"


def test_which_provider_a_supplier_is_cannot_be_chosen_from_those_of_others(client: Client, session: Session) -> None:
    """Nor does the page tell who else is called so."""
    programme = began(client, session, empty=False)
    stranger = make.provider(session, name="Incumbent Ltd")
    others = make.engagement(session)
    make.invitation(session, others, make.provider_person(session, stranger))
    sealed = make.engagement(session, programme)
    sealed.sealed = True
    answered = make.provider_person(session, make.provider(session, name="Incumbent Ltd"))
    make.response(session, sealed, answered)
    session.commit()
    choosing = address(programme, "contracts", programme.contracts[0].id, "supplier")
    page = client.get(choosing)
    assert "Several providers" not in page.text
    for hidden in (stranger.id, answered.memberships[0].organisation_id):
        assert str(hidden) not in page.html
        assert "choose one of the options" in client.submit(choosing, {"provider": str(hidden)}, status=422).text


def test_what_was_said_to_be_a_supplier_in_past_procurements_is_the_provider_behind_it(
    client: Client, session: Session
) -> None:
    programme = began(client, session, empty=False)
    officer = make.officer(session).id
    said = {"programme_id": programme.id, "identifier": "", "decided_at": datetime.now(UTC), "decided_by": officer}
    theirs = PublishedName(name="Acorn Ltd", supplier_name="Acorn Care", **said)
    another = PublishedName(name="Oak Ltd", supplier_name="Oak Care", **said)
    session.add_all([theirs, another])
    session.commit()
    saved = save_contract(client, session, programme, "Acorn Care")
    assert saved.supplier_id is not None
    assert (theirs.organisation_id, theirs.supplier_name) == (saved.supplier_id, None)
    assert another.supplier_name == "Oak Care"
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts.count("published_name.carried_over") == 1


def test_a_start_that_has_passed_stays_until_it_is_changed(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    procurement = programme.procurements[0]
    procurement.service_start = date(2020, 4, 1)
    session.commit()
    given = {"title": "Renamed", "route": "psr_competitive", **day("service_start", 2020, 4, 1)}
    client.submit(address(programme, "procurements", procurement.id), given)
    session.refresh(procurement)
    assert procurement.title == "Renamed"


def test_what_rests_on_other_parts_leads_to_them_first(client: Client, session: Session) -> None:
    programme = began(client, session)
    page = client.get(client.get(address(programme, "lots", "add"), status=302).location)
    assert "Before you can add a lot, add a procurement and add a service at a site" in page.text
    assert "Add a lot" not in page.links()
    page = client.get(address(programme, "services"))
    assert page.links()["add a site"] == address(programme, "sites", "add")


def test_a_postcode_is_kept_as_the_post_writes_it(client: Client, session: Session) -> None:
    programme = began(client, session)
    typed = {"name": "HMP Liverpool", "code": "LIV", "kind": "prison", "postcode": "l93df"}
    client.submit(address(programme, "sites", "add"), typed)
    site = session.scalars(select(Site)).one()
    assert site.postcode == "L9 3DF"
    change = address(programme, "sites", str(site.id))
    stale = client.get(change).hidden()
    for _ in range(2):  # as a button pressed twice does
        client.post(change, {**stale, **typed, "postcode": "m60  9ah"})
    session.refresh(site)
    assert site.postcode == "M60 9AH"


def test_codes_and_services_are_there_once(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    site, unit = programme.sites[0], session.scalars(select(Unit)).first()
    assert unit is not None
    page = client.submit(
        address(programme, "sites", "add"), {"name": "Other", "code": site.code.lower(), "kind": "prison"}, status=422
    )
    assert "Another site has this code" in page.text
    amiss = {"name": site.name.upper().replace(" ", "  "), "code": "A/B", "kind": "prison", "postcode": "nowhere"}
    page = client.submit(address(programme, "sites", "add"), amiss, status=422)
    assert "Another site has this name" in page.text
    assert "Postcode must be a postcode, like L9 3DF" in page.text
    assert "Code must not contain “/”, which stands between codes in files" in page.text
    same = {"site_id": str(unit.site_id), "service_line_id": str(unit.service_line_id)}
    page = client.submit(address(programme, "services", "add"), same, status=422)
    assert "This service at this site is there already" in page.text


def test_a_service_is_in_one_lot_only(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    first, second = programme.procurements[0].lots
    given = {
        "title": second.title,
        "code": second.code,
        "procurement_id": str(second.procurement_id),
        "units": [str(second.units[0].id), str(first.units[0].id)],
    }
    page = client.submit(address(programme, "lots", second.id), given, status=422)
    assert f"Take it out of {first.title} first" in page.text


def test_two_officers_on_one_lot_both_see_both_versions(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    lot = programme.procurements[0].lots[0]
    where = address(programme, "lots", lot.id)
    given = {"code": lot.code, "procurement_id": str(lot.procurement_id), "units": [str(lot.units[0].id)]}
    opened = client.get(where).hidden()
    client.submit_twice(where, {**given, "title": "Their title"})
    page = client.post(where, {**opened, **given, "title": "My title"}, status=409)
    assert "Their title" in page.text
    assert "My title" in page.text
    assert "by a colleague or by you in another window" in page.text, "nobody knows which"
    session.expire_all()
    assert session.get_one(Lot, lot.id).title == "Their title"
    kept = page.hidden()
    assert kept["revision"] == "2"
    client.post_twice(where, {**kept, **given, "title": "My title"})
    session.expire_all()
    assert (session.get_one(Lot, lot.id).title, session.get_one(Lot, lot.id).revision) == ("My title", 3)


ROWS: dict[str, dict[str, Any]] = {
    "service-lines": {"code": "gp", "name": "General practice"},
    "needs": {"title": "Urgent dental care", "detail": "Within a day"},
    "partners": {"name": "A prison service", "part": "Runs the prisons"},
    "board-dates": {"board": "Commissioning board", **day("day", LAST_YEAR - 2, 5, 6)},
    "blackouts": {"reason": "Christmas", **day("first_day", LAST_YEAR - 2, 12, 20), **day("last_day", LAST_YEAR, 1, 3)},
}


@pytest.mark.parametrize("slug", ROWS)
def test_nothing_that_is_set_up_is_overwritten_unseen(client: Client, session: Session, slug: str) -> None:
    programme = began(client, session)
    fill(client, programme, slug, **ROWS[slug])
    links = client.get(address(programme, slug)).links().values()
    (where,) = {link for link in links if re.fullmatch(f"{address(programme, slug)}/[0-9a-f-]{{36}}", link)}
    opened = client.get(where).hidden()
    name = next(iter(ROWS[slug]))
    client.post_twice(where, {**opened, **ROWS[slug], name: "theirs"})
    page = client.post(where, {**opened, **ROWS[slug], name: "mine"}, status=409)
    assert "theirs" in page.text
    client.post_twice(where, {**page.hidden(), **ROWS[slug], name: "mine"})
    assert "mine" in client.get(address(programme, slug)).text


def test_what_a_published_engagement_asks_about_stays(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    make.engagement(session, programme)
    line = ServiceLine(programme_id=programme.id, position=2, code="gp", name="General practice")
    unit = Unit(site=programme.sites[0], service_line=line)
    session.add(unit)
    session.commit()
    first = programme.procurements[0].lots[0]
    where = address(programme, "lots", first.id, "remove")
    assert "a published engagement asks about it" in client.get(where).text
    sent = client.get(address(programme, "lots", first.id)).hidden()  # that page offers nothing to press
    assert "a published engagement asks about it" in client.post(where, sent, status=200).text
    assert session.scalar(select(Lot.id).where(Lot.id == first.id)) is not None
    given = {"title": first.title, "code": first.code, "procurement_id": str(first.procurement_id)}
    page = client.submit(address(programme, "lots", first.id), {**given, "units": [str(unit.id)]}, status=422)
    assert "A published engagement asks about this lot, so what is in it must stay" in page.text


def test_what_others_rest_on_cannot_be_removed(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    site = programme.sites[0]
    page = client.get(address(programme, "sites", site.id, "remove"))
    assert "services are set up at it" in page.text
    assert "Remove" not in page.buttons()
    contract = programme.contracts[0]
    page = client.get(address(programme, "contracts", contract.id, "remove"))
    assert f"{contract.title} {contract.supplier_name}" in page.text, "which of two of one title it is"
    lot = programme.procurements[0].lots[0]
    client.submit(address(programme, "lots", lot.id, "remove"))
    assert session.scalar(select(Lot.id).where(Lot.id == lot.id)) is None


def test_an_approver_reads_but_cannot_set_up(client: Client, session: Session) -> None:
    programme = make.programme(session)
    approver = make.person(session, programme.buyer, MembershipRole.OFFICER)
    make.team_member(session, programme.id, approver.id, programme.buyer_id, TeamRole.APPROVER)
    session.commit()
    client.sign_in(approver)
    assert "Set it up" not in client.get(f"/programmes/{programme.id}").text
    client.get(address(programme), status=404)
    client.get(address(programme, "sites", "add"), status=404)


def test_lists_stay_within_their_statements_however_many_rows(client: Client, session: Session) -> None:
    programme = began(client, session, empty=False)
    for number in range(60):
        session.add(Need(programme_id=programme.id, title=f"Need {number:02}"))
    session.commit()
    page = client.get(address(programme, "needs"))
    assert "Need 24" in page.text
    assert "Need 25" not in page.text
    assert "Need 59" in client.get(address(programme, "needs") + "?page=3").text
    assert len(page.statements) <= 15


@pytest.mark.parametrize(("slug", "model"), [("contracts", Contract), ("needs", Need), ("sites", Site)])
def test_what_is_sent_twice_is_added_once_and_said_to_be_saved(
    client: Client, session: Session, slug: str, model: type[Any]
) -> None:
    programme = began(client, session, empty=False)
    before = make.count_of(session, model)
    given = {
        "contracts": {"title": "Dental", "supplier_name": "Old Dental Ltd", "terms": "unknown"}
        | day("end_date", 2030, 3, 31),
        "needs": {"title": "Shorter waits", "detail": "Nobody waits for a month."},
        "sites": {"name": "HMP Site 9", "code": "S9", "kind": "prison", "postcode": "l93df"},
    }[slug]
    form = client.get(address(programme, slug, "add")).hidden()
    for name, value in given.items():
        form[name] = value
    for _ in range(2):
        assert client.post(address(programme, slug, "add"), form).location.endswith(slug)
    assert make.count_of(session, model) == before + 1
    assert "is saved" in client.get(address(programme, slug)).text
    if model is Contract:  # no two others may be alike
        fill(client, programme, slug, **given)
        assert make.count_of(session, model) == before + 2, "the same words from a page of their own are meant anew"
