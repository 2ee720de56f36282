"""The pages of a schedule against the plan as it was stored, with five and with two hundred procurements."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from config import Settings
from intelligence import Market, Schedule
from intelligence.files import from_json, to_json
from intelligence.market import AvoidedDates
from intelligence.schedule.changes import Replan, changes_between, in_sentences
from intelligence.schedule.check import broken_rules
from intelligence.schedule.plan import ScheduleStatus
from intelligence.schedule.problem import Actual, BidderLimit, Blackout, Pin, Precedence, StageLength, TendersWish
from intelligence.schedule.routes import Stage
from tests.kept import WorldOf
from tests.today import today
from tests.webapp.browser_of_pages import Client
from tests.world import World, run_jobs
from webapp.analysis.digests import summary_of
from webapp.analysis.planning.pages.asked import called
from webapp.analysis.runs import results_of, stored
from webapp.db import Database
from webapp.models import (
    AnalysisPart,
    AnalysisRun,
    AuditEvent,
    BoardDate,
    Organisation,
    PartKind,
    Party,
    Purpose,
    Replanning,
    RunState,
    TeamMember,
    TeamRole,
)
from webapp.web.format import day, short_day

MOST_STATEMENTS = 15


@pytest.fixture
def world(world_of: WorldOf, client: Client) -> World:
    world = world_of()
    client.sign_in(world.officer)
    return world


@pytest.fixture
def url(world: World) -> str:
    return f"/runs/{world.ids['run_id']}/report/schedule"


def schedule_part(session: Session, world: World) -> AnalysisPart:
    return session.scalars(
        select(AnalysisPart).where(AnalysisPart.run_id == world.ids["run_id"], AnalysisPart.kind == PartKind.SCHEDULE)
    ).one()


def keep(part: AnalysisPart, schedule: Schedule) -> None:
    """As the worker stores it."""
    part.result, part.summary = stored(schedule), summary_of(PartKind.SCHEDULE, schedule)


def plan_of(session: Session, world: World) -> Schedule:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    schedule: Schedule = results_of(run, PartKind.SCHEDULE)[0][1]
    return schedule


def make_many(session: Session, world: World, count: int) -> None:
    """As if the plan had so many procurements, of eight officers, with loads."""
    part, schedule = schedule_part(session, world), plan_of(session, world)
    item, asked = schedule.procurements[0], schedule.problem.procurements[0]
    planned, procurements = [], []
    for number in range(count):
        key = f"00000000-0000-0000-0000-{number:012}"
        officer, moved = f"Officer {number % 8}", timedelta(days=number)
        stages = tuple(replace(each, start=each.start + moved, end=each.end + moved) for each in item.stages)
        planned.append(replace(item, procurement_id=key, title=f"Procurement {number}", officer=officer, stages=stages))
        procurements.append(replace(asked, id=key, title=f"Procurement {number}", officer=officer, lot_ids=()))
    problem = replace(
        schedule.problem,
        procurements=tuple(procurements),
        contracts=(),
        bidder_pairs=(),
        bidder_limits=(),
        tenders_wishes=(),
    )
    keep(part, replace(schedule, problem=problem, procurements=tuple(planned)))
    session.commit()


def test_the_schedule_shows_its_plan_and_what_it_keeps_to(
    client: Client, session: Session, world: World, url: str
) -> None:
    text, planned = client.get(url).text, plan_of(session, world).procurements
    item, tightest = planned[0], min(planned, key=lambda each: each.slack_days)
    assert (
        f"the last services start on {day(max(each.service_start for each in planned))}. No contract must run on."
        in text
    )
    assert f"with {tightest.slack_days} working day" in text
    for shown in (item.award, item.service_start, item.stages[0].start):
        assert short_day(shown) in text
    assert "confirmed 20 hard rules" in text
    assert "Contracts end 31 Mar 2028" in text
    assert "No publication, Christmas" in text, "on the drawing too"
    assert "Christmas 2026" in text
    assert "assumed: none is set up" in text


def test_what_bidders_said_is_kept_for_the_page_in_figures_of_nobody(
    client: Client, session: Session, world: World, url: str
) -> None:
    part, schedule = schedule_part(session, world), plan_of(session, world)
    asked, bidder = schedule.problem.procurements[0].id, str(world.ids["engagement_id"])
    limit = BidderLimit(
        bidder, (asked,), shortest_bid_days=25, avoid=(AvoidedDates(date(2027, 1, 4), date(2027, 1, 8)),)
    )
    problem = replace(schedule.problem, bidder_limits=(limit,), tenders_wishes=(TendersWish(bidder, (asked,), 1),))
    keep(part, replace(schedule, problem=problem))
    session.commit()
    assert bidder not in str(part.summary)
    shown = client.get(url).text
    assert "1 bidder said how long a bid takes, at most 25 working days; 1 bidder asked to avoid dates" in shown
    part.summary = None  # as of a run from before it was stored
    session.commit()
    assert client.get(url).text == shown


def test_a_procurement_says_why_it_stands_where_it_stands(
    client: Client, session: Session, world: World, url: str
) -> None:
    item = plan_of(session, world).procurements[0]
    text = client.get(f"{url}/procurements/{item.procurement_id}").text
    assert item.why in text
    assert "SI 2023/1348 reg 12" in text
    assert "Critical" in text
    assert "No reasons were on record" in text
    client.get(f"{url}/procurements/{world.ids['lot_id']}", status=404)


def test_a_procurement_says_what_it_waits_for_and_whether_the_check_confirmed_it(
    client: Client, session: Session, world: World, url: str
) -> None:
    make_many(session, world, 2)
    part, schedule = schedule_part(session, world), plan_of(session, world)
    first, second = schedule.procurements
    order = Precedence(first.procurement_id, second.procurement_id, Stage.AWARD, Stage.TENDER, 10)
    problem = replace(schedule.problem, precedences=(order,), fixed_start_ids=(second.procurement_id,))
    keep(part, replace(schedule, problem=problem))
    session.commit()
    awarded = next(stage.end for stage in first.stages if stage.stage is Stage.AWARD)
    waits = f"Award of Procurement 0 until {day(awarded)}, 10 working days or more before Tender open"
    text = client.get(f"{url}/procurements/{second.procurement_id}").text
    assert f"Waits for {waits}. The separate check confirmed it" in text
    assert "fixed to that day" in text
    assert "Waits for" not in client.get(f"{url}/procurements/{first.procurement_id}").text
    keep(part, replace(schedule, problem=problem, broken_rules=broken_rules(problem, schedule)))
    session.commit()
    assert "confirmed it" not in client.get(f"{url}/procurements/{second.procurement_id}").text
    found = client.get(url).text
    assert "Procurement 1: the tender starts before the award of Procurement 0 has ended" in found
    assert not re.search(r"[0-9]{4}-[0-9]{2}-[0-9]{2}|00000000-", found.partition("separate check of")[2])


def test_two_hundred_procurements_are_paged_grouped_and_read_in_few_statements(
    client: Client, session: Session, world: World, url: str
) -> None:
    make_many(session, world, 200)
    page = client.get(url)
    assert len(page.statements) <= MOST_STATEMENTS
    tables = page.tree.findall(".//table")
    assert len(tables[0].findall(".//tbody/tr")) == 8
    assert len(tables[1].findall(".//tbody/tr")) == 25
    assert [link for link in page.links() if link.startswith("Procurement ")][:2] == ["Procurement 0", "Procurement 1"]
    assert "Procurement 25" in client.get(f"{url}?page=2").links()
    own = client.get(page.links()["Officer 3"])
    assert "Procurements of Officer 3" in own.text
    assert {link for link in own.links() if link.startswith("Procurement ")} == {
        f"Procurement {number}" for number in range(3, 200, 8)
    }
    load = client.get(f"{url}/load")
    assert len(load.statements) <= MOST_STATEMENTS
    assert "Month by month: Officer 7" in load.text


def test_the_load_of_officers_and_bidders_is_shown(client: Client, session: Session, world: World, url: str) -> None:
    make_many(session, world, 3)
    text = client.get(f"{url}/load").text
    assert "Officer 1" in text
    assert "no such bidder has a tender in it" in text, "none said how many tenders it can answer"


def test_a_bidder_s_wish_is_shown_by_its_name_and_where_it_is_passed(
    client: Client, session: Session, world: World, url: str
) -> None:
    part, schedule = schedule_part(session, world), plan_of(session, world)
    bidder = session.scalars(select(Organisation).where(Organisation.party == Party.PROVIDER)).first()
    assert bidder is not None
    wish = TendersWish(str(bidder.id), (schedule.procurements[0].procurement_id,), 0)
    keep(part, replace(schedule, problem=replace(schedule.problem, tenders_wishes=(wish,))))
    session.commit()
    rows = client.get(f"{url}/load").tree.findall(".//tbody/tr")
    (row,) = (cells for cells in (["".join(cell.itertext()) for cell in row] for row in rows) if "0 (a wish)" in cells)
    assert (row[0], row[2], row[4]) == (bidder.name, "1", "Yes")
    book = load_workbook(io.BytesIO(client.get(f"{url}/schedule.xlsx").response.get_data()))
    assert bidder.name in {row[0] for row in book["Bidders"].iter_rows(values_only=True)}


def test_calendars_hold_the_plan_of_one_officer_or_of_all(
    client: Client, session: Session, world: World, url: str
) -> None:
    make_many(session, world, 16)
    everybody = client.get(f"{url}/calendar.ics").response.get_data(as_text=True).replace("\r\n ", "")
    one = client.get(f"{url}/calendar.ics?officer=Officer+3").response.get_data(as_text=True).replace("\r\n ", "")
    assert everybody.count("SUMMARY:Publish the tender") == 16
    assert one.count("SUMMARY:Publish the tender") == 2
    assert "SUMMARY:Publish the tender: Procurement 11" in one
    tender = next(stage for stage in plan_of(session, world).procurements[3].stages if stage.stage.value == "tender")
    assert f"DTSTART:{tender.start:%Y%m%d}T" in one


def rows_of(client: Client, address: str) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of each sheet, with their header."""
    response = client.get(address).response
    assert str(response.mimetype).endswith("spreadsheetml.sheet")
    book = load_workbook(io.BytesIO(response.get_data()))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_workbook_holds_every_stage_and_says_where_it_came_from(
    client: Client, session: Session, world: World, url: str
) -> None:
    sheets = rows_of(client, f"{url}/schedule.xlsx")
    run, planned = session.get_one(AnalysisRun, world.ids["run_id"]), plan_of(session, world).procurements
    assert len(sheets["Stages"]) == 1 + sum(len(item.stages) for item in planned)
    about = dict(sheets["About this file"])
    assert (about["Inputs of the run, SHA-256"], about["Seed"]) == (run.inputs_digest, str(run.seed))
    assert about["Plan"] == "The run’s own schedule"
    assert "No contract must run on" in str(about["What it comes to"])
    assert "confirmed" in str(about["Whether it keeps the rules"])


def test_a_contract_that_runs_on_at_no_known_price_says_that_its_cost_is_assumed(
    client: Client, session: Session, world: World, url: str
) -> None:
    schedule = plan_of(session, world)
    ends = schedule.procurements[0].service_start - timedelta(days=11)
    contract, *others = (replace(each, end=ends, latest_end=None) for each in schedule.problem.contracts)
    warned = replace(schedule, warnings=("It runs on.",))
    for price, said in ((None, "£20,000, all of it assumed: £2,000 a day"), (7, "£70")):
        contracts = (replace(contract, extension_day=price), *others)
        keep(schedule_part(session, world), replace(warned, problem=replace(schedule.problem, contracts=contracts)))
        session.commit()
        sheets = rows_of(client, f"{url}/schedule.xlsx")
        assert said in client.get(url).text
        assert str(sheets["Contracts"][1][4]).startswith(said)
        assert ("Warning", "It runs on.") in sheets["About this file"]
    nothing = replace(warned, procurements=(), status=ScheduleStatus.INFEASIBLE)
    keep(schedule_part(session, world), nothing)
    session.commit()
    about = dict(rows_of(client, f"{url}/schedule.xlsx")["About this file"])
    assert about["How good it is"] == "No schedule keeps every rule."


def test_a_what_if_is_computed_shown_beside_the_plan_and_kept_only_when_asked(
    client: Client, session: Session, database: Database, settings: Settings, world: World, url: str
) -> None:
    contract = plan_of(session, world).problem.contracts[0]
    sent = {"what": "contract", "contract": contract.id, "ends-day": "30", "ends-month": "4", "ends-year": "2028"}
    page = client.submit(f"{url}/what-if", sent).location
    assert "Waiting for a worker" in client.get(page).text
    run_jobs(database, settings)
    found = client.get(page)
    assert f"{contract.title} ends on 30 April 2028" in found.text
    assert "Nothing moves" in found.text
    asked = session.scalars(select(Replanning).order_by(Replanning.asked_at.desc()).limit(1)).one()
    assert (asked.purpose, asked.kept_at) == (Purpose.WHAT_IF, None)
    assert asked.question not in client.get(f"{url}/changes").text
    client.submit(page, action=f"{page}/keep")
    assert asked.question in client.get(f"{url}/changes").text
    assert session.scalar(select(AuditEvent.act).order_by(AuditEvent.id.desc()).limit(1)) == "schedule.what_if_kept"
    whole = client.get(f"{url}?plan={asked.id}")
    assert "schedule.xlsx" in whole.html
    assert "calendar.ics" not in whole.html, "its entries would take the place of those of the plan that holds"
    assert client.get(f"{url}/calendar.ics?plan={asked.id}", status=404).status == 404


def test_a_tender_that_closes_sooner_moves_though_it_opens_as_before(
    client: Client, session: Session, database: Database, settings: Settings, world: World, url: str
) -> None:
    page = client.submit(url, action=f"{url}/plan-again").location
    run_jobs(database, settings)
    asked = session.scalars(select(Replanning).order_by(Replanning.asked_at.desc()).limit(1)).one()
    earlier = plan_of(session, world)
    item, *others = earlier.procurements
    tender = next(stage for stage in item.stages if stage.stage is Stage.TENDER)
    closes = tender.end - timedelta(days=3)
    stages = tuple(replace(each, end=closes) if each is tender else each for each in item.stages)
    later = replace(earlier, procurements=(replace(item, stages=stages), *others))
    changes = changes_between(earlier, later)
    asked.result = stored(Replan(later, changes, in_sentences(changes)))
    session.commit()

    text = client.get(page).text

    assert "1 of 1 procurement moves" in text
    assert f"whose last day is {day(closes)} instead of {day(tender.end)}" in text
    assert f"{short_day(tender.start)} to {short_day(closes)}" in text
    assert "ends 3 days sooner" in text


def test_a_what_if_that_says_too_little_is_asked_again(
    client: Client, session: Session, world: World, url: str
) -> None:
    contract = plan_of(session, world).problem.contracts[0]
    assert "Choose what would change" in client.submit(f"{url}/what-if", status=422).text
    early = {"what": "contract", "contract": contract.id, "ends-day": "1", "ends-month": "4", "ends-year": "2026"}
    page = client.submit(f"{url}/what-if", early, status=422)
    assert "must be after 31 March 2028" in page.text
    assert page.tree.find(".//input[@id='ends-year']").get("value") == "2026"


def test_a_board_is_moved_to_no_day_that_is_past_or_has_a_board(
    client: Client, session: Session, world: World, url: str
) -> None:
    """As with a wrong year: it would be shown what a meeting that is cancelled would move."""
    schedule = plan_of(session, world)
    began = schedule.problem.as_of
    board = began + timedelta(days=70)
    keep(schedule_part(session, world), replace(schedule, problem=replace(schedule.problem, board_dates=(board,))))
    session.commit()
    refused = {
        began - timedelta(days=1): f"must be {day(began)} or later",
        board: f"A board meets on {day(board)} already",
    }
    for to, said in refused.items():
        parts = {"board_to-day": str(to.day), "board_to-month": str(to.month), "board_to-year": str(to.year)}
        sent = {"what": "board", "board": board.isoformat(), **parts}
        assert said in client.submit(f"{url}/what-if", sent, status=422).text


def test_planning_again_starts_from_the_newest_plan(
    client: Client, session: Session, database: Database, settings: Settings, world: World, url: str
) -> None:
    first = client.submit(url, action=f"{url}/plan-again").location
    run_jobs(database, settings)
    assert client.get(first).status == 200
    client.submit(url, action=f"{url}/plan-again")
    plans = session.scalars(
        select(Replanning).where(Replanning.purpose == Purpose.NEW_PLAN).order_by(Replanning.asked_at)
    ).all()
    assert [plan.earlier_id for plan in plans] == [None, plans[0].id]
    assert "There is a newer plan" in client.get(url).text
    assert plans[0].problem["as_of"] == today().isoformat()


def test_a_new_plan_is_named_by_what_was_asked_of_it(
    client: Client, session: Session, database: Database, settings: Settings, world: World, url: str
) -> None:
    as_before = client.submit(url, action=f"{url}/plan-again").location
    run_jobs(database, settings)
    programme_id = session.get_one(AnalysisRun, world.ids["run_id"]).engagement.programme_id
    session.add(BoardDate(programme_id=programme_id, board="Board", day=today() + timedelta(days=90)))
    session.commit()
    changed = client.submit(url, action=f"{url}/plan-again").location

    when = f"Planned again on {day(today())}: "
    board = f"board date {day(today() + timedelta(days=90))} added"
    assert f"{when}terms and records as before" in client.get(as_before).text
    assert f"{when}{board}" in client.get(changed).text
    assert f"{when}{board}" in client.get(f"{url}/changes").text


def test_of_many_changes_a_new_plan_names_the_first_and_counts_the_others(session: Session, world: World) -> None:
    earlier = plan_of(session, world).problem
    (procurement,) = earlier.procurements
    start, limit = earlier.as_of + timedelta(days=30), BidderLimit("P", (procurement.id,), shortest_bid_days=40)
    stage: Any = {"procurement_id": procurement.id, "stage": Stage.TENDER}
    board = earlier.as_of + timedelta(days=50)
    each: list[tuple[dict[str, Any], str, str]] = [
        ({"stage_lengths": (StageLength(days=40, **stage),)}, "Tender open of {} for 40 days", "as long as is usual"),
        ({"pins": (Pin(start=start, **stage),)}, f"Tender open of {{}} pinned to {day(start)}", "not pinned any more"),
        ({"fixed_start_ids": (procurement.id,)}, "the start of {} fixed", "not fixed any more"),
        ({"board_dates": (board,)}, f"board date {day(board)} added", f"{day(board)} taken out"),
        ({"board_dates": (board, start)}, "2 board dates added", "2 board dates taken out"),
        ({"blackouts": (Blackout("Purdah", start, board),)}, "other days without publication", "without publication"),
        ({"tenders_open_at_most": 1}, "at most 1 tender open at once", "no limit on open tenders"),
        ({"bidder_limits": (limit,)}, "the time to bid that bidders asked for kept", "asked for not kept"),
    ]
    bare = replace(earlier, blackouts=(), bidder_limits=())
    for terms, added, dropped in each:
        changed = replace(bare, **terms)
        assert called(bare, changed).endswith(f": {added.format(procurement.title)}")
        assert called(changed, bare).endswith(dropped)
    every = {name: value for terms, _, _ in each for name, value in terms.items()}
    assert called(bare, replace(bare, **every)).endswith(f"pinned to {day(start)}; 5 more")

    began = Actual(start=bare.as_of, **stage)
    tomorrow = replace(bare, as_of=bare.as_of + timedelta(days=1), actuals=(began,))
    pinned = replace(bare, pins=(Pin(start=bare.as_of, **stage),))
    assert called(pinned, tomorrow).endswith(f": Tender open of {procurement.title} began on {day(bare.as_of)}")
    ended = replace(tomorrow, actuals=(replace(began, end=bare.as_of),))
    assert called(tomorrow, ended).endswith(f"ended on {day(bare.as_of)}")
    assert called(tomorrow, replace(tomorrow, actuals=())).endswith("not on record any more")

    other = replace(procurement, id="other", title="Pharmacy")
    both = replace(bare, procurements=(procurement, other))
    waiting = replace(both, precedences=(Precedence(procurement.id, "other"),))
    assert called(both, waiting).endswith(f": Pharmacy waits for {procurement.title}")
    assert called(waiting, both).endswith("does not wait for " + procurement.title + " any more")


def test_where_no_schedule_keeps_every_rule_the_pages_say_so(
    client: Client, session: Session, world: World, url: str
) -> None:
    nothing = replace(
        plan_of(session, world), procurements=(), status=ScheduleStatus.INFEASIBLE, warnings=("Change the boards.",)
    )
    keep(schedule_part(session, world), nothing)
    session.commit()

    said = [client.get(address).text for address in (url, f"{url}/load", f"{url}/changes")]

    assert "No schedule keeps every rule." in said[0]
    assert "Change the boards." in said[0]


def test_a_second_press_asks_for_no_second_plan(client: Client, session: Session, world: World, url: str) -> None:
    contract = plan_of(session, world).problem.contracts[0]
    later = {"what": "contract", "contract": contract.id, "ends-day": "1", "ends-month": "4", "ends-year": "2029"}
    plans = select(Replanning.id).order_by(Replanning.asked_at)
    before = session.scalars(plans).all()
    asked = [client.submit_twice(url, action=f"{url}/plan-again"), client.submit_twice(f"{url}/what-if", later)]
    asked.append(client.submit_twice(f"{url}/changes", action=f"{url}/plan-again"))
    added = session.scalars(plans).all()[len(before) :]
    assert [f"{url}/changes/{each}" for each in added] == asked, "and another opening of the page is meant anew"


def test_a_start_beyond_the_known_bank_holidays_is_named_by_a_new_plan_and_by_its_run(
    client: Client, session: Session, database: Database, settings: Settings, world: World, url: str
) -> None:
    part = schedule_part(session, world)
    market = from_json(Market, part.run.inputs)
    late = tuple(replace(each, service_start=date(2039, 4, 1)) for each in market.procurements)
    frozen: Any = to_json(replace(market, procurements=late))
    part.run.inputs = frozen
    session.commit()
    named = "known until 31 December 2038 only, and services are to start later: Dental services on 1 April 2039"
    assert named in client.get(client.submit(url, action=f"{url}/plan-again").location).text
    part.state, part.result, part.failure = RunState.FAILED, None, "It failed."
    session.commit()
    run_page = url.removesuffix("/report/schedule")
    client.submit(run_page, action=f"{run_page}/retry")
    run_jobs(database, settings)
    assert named in client.get(run_page).text


def test_a_search_that_is_asked_to_stop_ends_with_what_it_has(
    client: Client, session: Session, database: Database, settings: Settings, world_of: WorldOf
) -> None:
    world = world_of(analysed=False)
    client.sign_in(world.officer)
    manage = f"/manage/engagements/{world.ids['engagement_id']}"
    run_page = client.submit(manage, action=f"{manage}/runs").location
    part = session.scalars(select(AnalysisPart).where(AnalysisPart.kind == PartKind.SCHEDULE)).one()
    part.state, part.best_cost, part.best_bound = RunState.RUNNING, 2_000, 500
    session.commit()
    page = client.get(run_page)
    assert (
        "The best plan so far costs £2,000. None can cost less than £500: at most 75% could still be saved."
        in page.text
    )
    client.submit(run_page, action=f"{run_page}/report/schedule/stop")
    assert "Ending with the best plan" in client.get(run_page).text
    run_jobs(database, settings)
    session.expire_all()
    assert part.state is RunState.FINISHED
    assert results_of(part.run, PartKind.SCHEDULE)[0][1].procurements


def test_a_reader_sees_the_schedule_and_is_offered_nothing_to_do(
    client: Client, session: Session, world: World, url: str
) -> None:
    session.execute(update(TeamMember).values(role=TeamRole.REVIEWER))
    session.commit()
    assert not [button for button in client.get(url).buttons() if button.startswith("Plan")]
    client.get(f"{url}/what-if", status=404)
