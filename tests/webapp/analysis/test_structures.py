"""Cutting services into lots: a search by rules, and the board."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from config import Settings
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client, Page
from tests.world import World, run_jobs
from webapp.analysis.structures.actions import SEARCH
from webapp.db import Database
from webapp.models import LotSearch, LotStructure, StructureStep, TeamMember, TeamRole


@pytest.fixture
def world(world_of: WorldOf) -> World:
    return world_of(lots=3)


@pytest.fixture
def lots(world: World, client: Client) -> str:
    """The address of the pages about the run's lots, opened by its officer."""
    client.sign_in(world.officer)
    return f"/runs/{world.ids['run_id']}/lots"


def begun(client: Client, lots: str, start: str = "As in the engagement") -> str:
    begin = client.get(f"{lots}/structures/begin")
    options = {" ".join("".join(each.itertext()).split()): each.get("value") for each in begin.tree.iter("option")}
    return client.submit(f"{lots}/structures/begin", {"name": "Mine", "start": options[start]}).location


def units_of(session: Session) -> list[str]:
    steps = select(StructureStep).join(LotStructure).where(LotStructure.name == "Mine")
    newest = session.scalars(steps.order_by(StructureStep.number.desc())).first()
    assert newest is not None
    return [unit for lot in newest.lots for unit in lot]


def lots_of(session: Session) -> list[list[list[str]]]:
    steps = select(StructureStep).join(LotStructure).where(LotStructure.name == "Mine").order_by(StructureStep.number)
    session.expire_all()
    return [step.lots for step in session.scalars(steps)]


def worths(page: Page) -> list[list[str]]:
    return table(page, "What each structure is worth, and which rules it breaks")


def table(page: Page, caption: str) -> list[list[str]]:
    """Its headings first."""
    (found,) = (each for each in page.tree.iter("table") if caption in "".join(each.itertext()))
    return [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in found.iter("tr")]


def pounds(text: str) -> float:
    """The amount that a page shows shortened.

    >>> pounds("-£3.5m"), pounds("£887k")
    (-3500000.0, 887000.0)
    """
    scale = {"k": 1e3, "m": 1e6}.get(text[-1], 1.0)
    return float(text.replace("£", "").replace(",", "").rstrip("km")) * scale


def test_a_search_finds_the_best_lots_and_says_what_each_rule_costs(
    client: Client, lots: str, session: Session, database: Database, settings: Settings
) -> None:
    waiting = client.submit(f"{lots}/rules?rules=lots_at_most:1").location
    assert "Waiting for a worker to begin." in client.get(waiting).text
    run_jobs(database, settings)
    page = client.get(waiting)
    assert "It is proved that no other structure of the lots considered is worth more." in page.text
    assert "Your rules: at most 1 lot." in page.text
    assert "What each rule costs" in page.text
    (heads, *rows) = worths(page)
    assert heads[1:3] == ["Worth, each lot by itself", "Worth together"]
    assert {row[0] for row in rows if row[-1] == "None"} >= {"Recommended"}
    assert max((pounds(row[1]), row[0]) for row in rows if row[-1] == "None")[1] == "Recommended"
    assert "luck in the draws leaves that sum open by about £" in page.text
    assert "It leaves out that mobilisation may be shorter than providers need." in page.text
    assert "Sums of money are over 7 years of contract" in page.text, "as the lots of the engagement would run"
    assert "or five years where it took none over" in page.text, "as an analysis from before terms counted"
    assert "a lot that the engagement asked about has the same figures here and there" in page.text
    assert "your rules on how many lots a supplier may bid for and be awarded hold here" in page.text
    assert len(page.statements) <= 15
    assert client.get(f"{waiting}/progress").response.json == {"text": "The search is finished.", "finished": True}
    assert "Interested SMEs" in page.text
    session.execute(update(TeamMember).values(role=TeamRole.REVIEWER))
    session.commit()
    page = client.get(waiting)
    assert "Interested SMEs" not in page.text
    assert "SMEs is for those who may read responses." in page.text


def test_a_usual_structure_that_is_another_by_name_is_said_to_be(
    client: Client, lots: str, database: Database, settings: Settings
) -> None:
    """One service at three sites: with one lot at most, the best is all together, which is by service too."""
    search = client.submit(f"{lots}/rules?rules=lots_at_most:1").location
    run_jobs(database, settings)
    page = client.get(search)
    named = [row[0] for row in worths(page)[1:]]
    equal = dict(re.findall(r"“([^”]+)” has the same lots as “([^”]+)”\.", page.text))
    assert (equal["By service line"], equal["Integrated"]) == ("Recommended", "Recommended")
    for usual in ("Each service at each site", "By site", "By service line", "Integrated"):
        assert equal.get(usual, usual) in named
        assert (usual in equal) != (usual in named), "in the tables, or said to be what is there"


def test_an_alternative_says_what_sets_it_apart(
    client: Client, lots: str, database: Database, settings: Settings
) -> None:
    search = client.submit(f"{lots}/rules?rules=lots_at_most:2").location
    run_jobs(database, settings)
    page = client.get(search)
    folded = [each for each in page.tree.iter("details") if "What sets Alternative 1 apart" in "".join(each.itertext())]
    said = " ".join("".join(folded[0].itertext()).split())
    assert "less than the recommended structure, each lot by itself. Instead of these lots:" in said
    (instead_of, has) = ({"".join(each.itertext()).strip() for each in kind} for kind in folded[0].iter("ul"))
    assert instead_of
    assert has
    assert not instead_of & has


def test_a_search_that_is_stopped_finds_nothing_and_can_be_asked_for_again(
    client: Client, lots: str, database: Database, settings: Settings
) -> None:
    search = client.submit(f"{lots}/rules?rules=lots_at_most:1").location
    client.submit(search, action=f"{search}/stop")
    run_jobs(database, settings)
    page = client.get(search)
    assert "Stopped before it was finished." in page.text
    assert page.links()["Search again"] == f"{lots}/rules"
    assert "1 rule Stopped" in client.get(lots).text


def test_rules_that_conflict_are_named(client: Client, lots: str, database: Database, settings: Settings) -> None:
    waiting = client.submit(f"{lots}/rules?rules=lots_at_least:3,fewest_units:2,lots_awarded:2").location
    run_jobs(database, settings)
    page = client.get(waiting)
    assert "No structure meets your rules. Of your rules these cannot all be kept" in page.text
    named = [" ".join("".join(item.itertext()).split()) for item in page.tree.findall(".//main//ul/li")]
    assert "at least 3 lots" in named
    assert "at least 2 services in each lot" in named
    assert "each supplier wins at most 2 lots" not in named
    assert page.text.index("at least 2 services in each lot") < page.text.index("Warning"), "as the sentence says"


def test_a_service_that_no_lot_can_hold_is_named(
    client: Client, lots: str, database: Database, settings: Settings
) -> None:
    waiting = client.submit(f"{lots}/rules?rules=largest_annual_value:1000").location
    run_jobs(database, settings)
    page = client.get(waiting)
    assert "Of your rules this one cannot be kept; without it some structure would do" in page.text
    assert "alone is worth £" in page.text


def test_services_are_moved_and_the_page_says_what_changed_and_why(
    client: Client, lots: str, session: Session, database: Database, settings: Settings
) -> None:
    board = begun(client, lots)
    assert "being worked out" in client.get(board).text
    first = units_of(session)[0]
    assert client.submit(board, {"units": [first], "to_lot": "1"}).location == board
    run_jobs(database, settings)
    page = client.get(board)
    assert "What the last change did, and why" in page.text
    assert "Present suppliers of 50% of its value or more" in table(page, "The lots")[0]
    assert "Annual value expected to draw a single bid: £" in page.text
    assert "Step 2: Moved “" in page.text
    assert len(page.statements) <= 15
    bids = [each for row in table(page, "Providers whose bids change")[1:] for each in row[1:3]]
    assert {len(each) for each in bids} == {len("0.50")}, "two places, also where the last is a nought"
    before, after = lots_of(session)
    assert after == [[], [*before[1], first], *before[2:]]
    letters = [
        " ".join("".join(row.itertext()).split())[0] for row in page.tree.findall(".//table")[2].findall(".//tbody/tr")
    ]
    assert letters == ["B", "C"]  # a lot that nobody touched keeps its letter
    listed = [" ".join(row.itertext()).split() for row in client.get(lots).tree.findall(".//tbody/tr")]
    assert [row for row in listed if "Moved" in row and "2" in row], "two lots hold something"
    answered = ("Interested SMEs", "What hindered it before")
    assert all(head in page.text for head in answered)
    session.execute(update(TeamMember).values(role=TeamRole.REVIEWER))
    session.commit()
    page = client.get(board)
    assert not [head for head in answered if head in page.text]
    assert "is for those who may read responses." in page.text


def test_an_earlier_step_comes_back_and_nothing_is_forgotten(client: Client, lots: str, session: Session) -> None:
    board = begun(client, lots)
    client.submit(board, {"units": units_of(session)[:2], "to_lot": "new"})
    client.submit(board, {"step": "1"}, action=f"{board}/back")
    before, moved, back = lots_of(session)
    assert before == back != moved
    assert "Step 3: Went back to step 1." in client.get(board).text


def test_two_officers_see_each_other_s_moves_and_overwrite_none(client: Client, lots: str, session: Session) -> None:
    board = begun(client, lots)
    units, shown = units_of(session), client.get(board).hidden()
    client.submit(board, {"units": [units[0]], "to_lot": "1"})
    shown.setlist("units", [units[2]])
    shown.setlist("to_lot", ["0"])
    page = client.post(board, shown, status=409)
    assert "1 change made meanwhile" in page.text
    ticked = [box.get("value") for box in page.tree.findall(".//input[@name='units'][@checked]")]
    assert ticked == [units[2]]
    assert len(lots_of(session)) == 2


@pytest.mark.parametrize(
    ("sent", "message"),
    [
        ({"to_lot": "1"}, "Choose the services to move"),
        ({"units": ["nowhere nothing"], "to_lot": "1"}, "choose from the options shown"),
        ({"to_lot": "99"}, "choose one of the options shown"),
    ],
)
def test_what_cannot_be_moved_is_refused(
    client: Client, lots: str, session: Session, sent: dict[str, Any], message: str
) -> None:
    board = begun(client, lots)
    if "to_lot" in sent and sent["to_lot"] == "99":
        sent = sent | {"units": units_of(session)[:1]}
    assert message in client.submit(board, sent, status=422).text
    assert len(lots_of(session)) == 1


def test_a_move_that_changes_nothing_is_no_step(client: Client, lots: str, session: Session) -> None:
    board = begun(client, lots)
    client.submit(board, {"units": [units_of(session)[0]], "to_lot": "0"})
    assert "Nothing has changed" in client.get(board).text
    assert len(lots_of(session)) == 1


def test_a_name_is_given_once(client: Client, lots: str) -> None:
    begun(client, lots)
    page = client.submit(f"{lots}/structures/begin", {"name": "Mine", "start": "0"}, status=422)
    assert "Another structure has this name" in page.text


def test_a_second_press_begins_no_second_structure(client: Client, lots: str, session: Session) -> None:
    client.get(client.submit_twice(f"{lots}/structures/begin", {"name": "Mine", "start": "0"}))
    assert len(lots_of(session)) == 1


def test_a_second_press_asks_for_no_second_search(client: Client, lots: str, session: Session) -> None:
    jobs = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :name").bindparams(name=SEARCH)
    before, queued = set(session.scalars(select(LotSearch.id))), session.scalars(jobs).one()
    action = next(form.get("action") for form in client.get(f"{lots}/rules").tree.find(".//main").iter("form"))
    led_to = client.submit_twice(f"{lots}/rules", action=action)
    added = set(session.scalars(select(LotSearch.id))) - before
    assert [f"{lots}/searches/{each}" for each in added] == [led_to]
    assert session.scalars(jobs).one() == queued + 1


def test_a_structure_of_another_run_is_not_there(client: Client, lots: str, session: Session, world: World) -> None:
    board = begun(client, lots)
    elsewhere = board.replace(str(world.ids["run_id"]), str(uuid.uuid4()))
    client.get(elsewhere, status=404)
