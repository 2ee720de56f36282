"""The officer's rules for lots: one at a time, in the address alone until a search is asked for."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client, Page
from webapp.models import LotSearch

SME = {"sme_lots_at_least": "1", "sme_largest_annual_value": "£500k"}


@pytest.fixture
def lots(world_of: WorldOf, client: Client) -> str:
    """The address of the pages about the run's lots, opened by its officer."""
    world = world_of(lots=3)
    client.sign_in(world.officer)
    return f"/runs/{world.ids['run_id']}/lots"


def add(client: Client, page: Page, link: str, chooses: int = 0, **typed: Any) -> Page:
    """Follow the link, fill in what it asks for, and come back to the list."""
    address = page.links()[link]
    if chooses:
        boxes = client.get(address).tree.findall(".//input[@name='units']")
        typed["units"] = [box.get("value") for box in boxes[:chooses]]
    return client.get(client.submit(address, typed).location)


def rules_of(page: Page) -> list[str]:
    found = page.tree.findall(".//main//dd[@class='govuk-summary-list__value']")
    return [" ".join("".join(each.itertext()).split()) for each in found]


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("number-of-lots", {"lots_at_least": "3", "lots_at_most": "2"}, "must not be less than “Fewest lots”"),
    ("number-of-lots", {"lots_at_least": "50"}, "services in all: enter no more"),
    ("number-of-lots", {"lots_at_most": "many"}, "Most lots must be a number"),
    ("services-in-a-lot", {}, "Enter “Fewest services in a lot” or “Most services in a lot”"),
    ("limits", {}, "Enter one of the two limits"),
    ("value-of-a-lot", {"smallest_annual_value": "999999999"}, "All services together are worth £"),
    ("for-smes", {"sme_lots_at_least": "1"}, "Enter up to which value a lot suits an SME"),
]


def test_a_rule_that_makes_no_sense_is_refused_and_kept(client: Client, lots: str) -> None:
    for kind, typed, message in REFUSED:
        page = client.submit(f"{lots}/rules/{kind}", typed, status=422)
        assert message in page.text, (kind, typed)
        assert {name: page.tree.find(f".//input[@id='{name}']").get("value") for name in typed} == typed


def test_rules_are_added_changed_and_left_out_one_at_a_time(client: Client, lots: str, session: Session) -> None:
    page = client.get(f"{lots}/rules")
    assert not page.tree.findall(".//main//select")
    page = add(client, page, "Services that belong together", chooses=2)
    page = add(client, page, "Services that must be apart", chooses=2)
    page = add(client, page, "How many lots", lots_at_least="2", lots_at_most="3")
    page = add(client, page, "Fewer lots than bidders")
    page = add(client, page, "Lots for small and medium enterprises (SMEs)", **SME)
    assert "Fewer lots than bidders" not in page.links(), "it is a rule already"
    assert "Services that belong together" in page.links(), "there can be several"
    page = add(client, page, "Change: At most 3 lots", lots_at_least="2", lots_at_most="4")
    page = client.get(page.links()["Leave out: At least 2 lots"])
    page = client.get(page.links()["Leave out: At least 1 lot of up to £500,000 a year, for SMEs"])
    assert [each for each in rules_of(page) if "“" not in each] == [
        "At most 4 lots",
        "Fewer lots than expected bidders",
    ]
    searches = select(LotSearch).order_by(LotSearch.requested_at.desc())
    before = session.scalars(searches).all()
    client.post(page.tree.find(".//main//form").get("action"), page.hidden())
    asked, *others = session.scalars(searches).all()
    assert others == before, "nothing was stored before it was asked for"
    kept = asked.rules
    assert (kept["lots_at_most"], kept["fewer_lots_than_bidders"]) == (4, True)
    assert not {"lots_at_least", "sme_largest_annual_value", "sme_lots_at_least"} & {k for k in kept if kept[k]}
    assert [len(group) for group in (*kept["together"], *kept["apart"])] == [2, 2]
    assert rules_of(client.get(f"{lots}/rules")) == rules_of(page), "the rules asked for last are where one begins"


def test_a_group_of_services_needs_two_and_is_said_once(client: Client, lots: str) -> None:
    empty = client.get(f"{lots}/rules")
    address = empty.links()["Services that must be apart"]
    first, second, *_ = (box.get("value") for box in client.get(address).tree.findall(".//input[@name='units']"))
    assert "Choose two services or more" in client.submit(address, {"units": [first]}, status=422).text
    once = client.get(client.submit(address, {"units": [first, second]}).location)
    again = once.links()["Services that must be apart"]
    page = client.submit(again, {"units": [second, first]}, status=422)
    assert "This is a rule already" in page.text
    ticked = [box.get("value") for box in page.tree.findall(".//input[@name='units'][@checked]")]
    assert ticked == [first, second]


def test_an_address_that_nobody_was_given_leads_nowhere(client: Client, lots: str) -> None:
    outside = ("lots_at_most:0", "lots_at_most:201", "smallest_annual_value:nan", "sme_lots_at_least:1")
    for address in ("nonsense", ",", "lots_at_most:x", "together:1", "together:-2", "apart:fffffffff", *outside):
        client.get(f"{lots}/rules?rules={address}", status=404)
    client.get(f"{lots}/rules/limits?rules=nonsense", status=404)
    client.get(f"{lots}/rules/nonsense", status=404)
