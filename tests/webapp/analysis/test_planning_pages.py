"""How procurements are planned: terms, routes with reasons, lengths above the law's floors, pins and records."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from intelligence.schedule.holidays import published_calendar
from tests import factories as make
from tests.today import today
from tests.webapp.browser_of_pages import Client, Page
from webapp.analysis.procurements.alignment import register_of
from webapp.analysis.standing_terms import load
from webapp.models import (
    AuditEvent,
    Contract,
    GivenLength,
    PastProcurement,
    Person,
    PinnedStage,
    PlanTerms,
    Procurement,
    Programme,
    Route,
    RouteAnswer,
    Stage,
    StageRecord,
)


@pytest.fixture
def officer(session: Session) -> Person:
    return make.officer(session, make.buyer(session))


@pytest.fixture
def programme(session: Session, officer: Person, client: Client) -> Programme:
    programme = make.programme(session, officer.memberships[0].organisation)
    session.commit()
    client.sign_in(officer)
    return programme


@pytest.fixture
def url(programme: Programme) -> str:
    return f"/programmes/{programme.id}/planning"


@pytest.fixture
def procurement_url(programme: Programme, url: str) -> str:
    return f"{url}/procurements/{programme.procurements[0].id}"


def day(name: str, value: Any) -> dict[str, str]:
    return {f"{name}-day": str(value.day), f"{name}-month": str(value.month), f"{name}-year": str(value.year)}


def error(page: Any, field: str) -> str:
    found = page.tree.find(f".//p[@id='{field}-error']")
    return "" if found is None else "".join(found.itertext())


def next_working_day() -> Any:
    return published_calendar().next_working_day(today() + timedelta(days=30))


def test_a_length_below_the_legal_floor_is_refused_next_to_its_field(
    client: Client, session: Session, procurement_url: str
) -> None:
    page = client.submit(f"{procurement_url}/stages/standstill", {"days": "5", "days_reason": "Hurry"}, status=422)
    assert "The length must be 8 or more: SI 2023/1348 reg 12" in error(page, "days")
    assert page.tree.find(".//input[@id='days']").get("value") == "5"
    assert session.scalars(select(GivenLength)).all() == []


def test_a_length_needs_a_reason_and_is_kept_with_who_gave_it(
    client: Client, session: Session, officer: Person, procurement_url: str
) -> None:
    page = client.submit(f"{procurement_url}/stages/evaluate", {"days": "45"}, status=422)
    assert "Say why it takes so long" in error(page, "days_reason")
    client.submit(f"{procurement_url}/stages/evaluate", {"days": "45", "days_reason": "Two panels"})
    (length,) = session.scalars(select(GivenLength)).all()
    assert (length.stage, length.days, length.reason, length.said_by) == (Stage.EVALUATE, 45, "Two panels", officer.id)
    assert "Two panels" in client.get(procurement_url).text
    client.submit(f"{procurement_url}/stages/evaluate", {"days": "", "days_reason": ""})
    session.expire_all()
    assert session.scalars(select(GivenLength)).all() == []
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts[-2:] == ["planning.given_length_said", "planning.given_length_removed"]


def test_a_pin_is_a_working_day_to_come_and_has_a_reason(
    client: Client, session: Session, procurement_url: str
) -> None:
    pinned = next_working_day()
    saturday = pinned + timedelta(days=(5 - pinned.weekday()) % 7)
    stage = f"{procurement_url}/stages/tender"
    past = day("starts_on", today() - timedelta(days=3)) | {"pin_reason": "Market day"}
    assert "must not be in the past" in error(client.submit(stage, past, status=422), "starts_on")
    weekend = day("starts_on", saturday) | {"pin_reason": "Market day"}
    assert "is not a working day" in error(client.submit(stage, weekend, status=422), "starts_on")
    assert "Say why it must start" in error(client.submit(stage, day("starts_on", pinned), status=422), "pin_reason")
    client.submit(stage, day("starts_on", pinned) | {"pin_reason": "Market day"})
    assert session.scalars(select(PinnedStage.starts_on)).one() == pinned


def test_stages_go_on_record_one_after_the_other(
    client: Client, session: Session, programme: Programme, procurement_url: str
) -> None:
    first, second = f"{procurement_url}/stages/approve_to_proceed", f"{procurement_url}/stages/prepare"
    began, ended = today() - timedelta(days=40), today() - timedelta(days=30)
    too_soon = client.submit(second, day("began_on", ended), status=422)
    assert "Put the end of the stage before it on record first" in error(too_soon, "began_on")
    too_late = client.submit(first, day("began_on", today()), status=422)
    assert "Only what happened before today" in error(too_late, "began_on")
    client.submit(first, day("began_on", began) | day("ended_on", ended) | {"record_reason": "Minutes"})
    overlapping = client.submit(second, day("began_on", ended), status=422)
    assert "It must have begun after" in error(overlapping, "began_on")
    client.submit(second, day("began_on", ended + timedelta(days=1)))
    records = session.scalars(select(StageRecord).order_by(StageRecord.began_on)).all()
    assert [(each.stage, each.ended_on) for each in records] == [
        (Stage.APPROVE_TO_PROCEED, ended),
        (Stage.PREPARE, None),
    ]
    kept = client.submit(
        first, {"began_on-day": "", "began_on-month": "", "began_on-year": ""} | blank("ended_on"), status=422
    )
    assert "cannot be taken off" in error(kept, "began_on")
    actuals = load(session, programme_id=programme.id).actuals
    assert [each.stage.value for each in actuals] == ["approve_to_proceed", "prepare"]
    assert "In this programme it took" in client.get(first).text


def blank(name: str) -> dict[str, str]:
    return {f"{name}-{part}": "" for part in ("day", "month", "year")}


def test_the_median_of_own_records_is_taken_over_by_a_button_and_clashes_like_a_change(
    client: Client, session: Session, procurement_url: str
) -> None:
    first = f"{procurement_url}/stages/approve_to_proceed"
    assert not takes(client.get(first))
    happened = day("began_on", today() - timedelta(days=40)) | day("ended_on", today() - timedelta(days=30))
    client.submit(first, happened)
    take = f"{first}/take-own-history"
    page = client.get(first)
    (button,) = takes(page)
    opened = page.hidden(take)
    client.post(take, opened)
    days = session.scalars(select(GivenLength.days).where(GivenLength.reason == "Median of 1 record")).one()
    assert button == f"Take {days} working days from this programme’s records"
    assert f"took {days}" in client.get(first).text
    assert not takes(client.get(first))
    assert session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()[-1] == "planning.given_length_said"
    client.submit(first, {"days": "30", "days_reason": "A colleague knows better", **happened})
    clash = client.post(take, opened, status=409)
    assert "A colleague knows better" in clash.text
    sent_again = {field.get("name"): (field.text or "").strip() for field in clash.tree.iter("textarea")}
    client.post(take, {**clash.hidden(), **sent_again})
    session.expire_all()
    assert session.scalars(select(GivenLength.days)).one() == days


def takes(page: Page) -> list[str]:
    return [each for each in page.buttons() if each.startswith("Take ")]


def test_the_buyers_past_procurements_tell_how_long_a_tender_was_open(
    client: Client, session: Session, programme: Programme, officer: Person, procurement_url: str
) -> None:
    tender = f"{procurement_url}/stages/tender"
    first = client.get(procurement_url)
    for number in range(9):
        made = make.past_procurement(session, programme, officer)
        past = session.get_one(PastProcurement, made["past_procurement_id"])
        past.buyer_name = programme.buyer.name.upper() if number < 3 else "Another buyer"
        past.published_on = past.closed_on - timedelta(weeks=4 + number)
        past.awarded_on = past.closed_on + timedelta(weeks=10)
    session.commit()
    page = client.get(tender)
    assert "it took 26 (median of 3 past procurements, 21 to 31)" in page.text
    assert takes(page) == ["Take 26 working days from past procurements"]
    client.post(f"{tender}/take-own-history", page.hidden(f"{tender}/take-own-history"))
    (length,) = session.scalars(select(GivenLength)).all()
    assert (length.days, length.reason) == (26, "Median of 3 past procurements, 21 to 31")
    shown = client.get(procurement_url)
    assert "it took 49 working days (median of 3 past procurements)" in shown.text
    assert len(shown.statements) <= len(first.statements) <= 15


def test_a_change_to_a_stage_that_somebody_else_changed_shows_both(client: Client, procurement_url: str) -> None:
    stage = f"{procurement_url}/stages/evaluate"
    opened = client.get(stage).hidden()
    client.submit(stage, {"days": "45", "days_reason": "Two panels"})
    opened.update({"days": "60", "days_reason": "Three panels"})
    text = client.post(stage, opened, status=409).text
    assert "Two panels" in text
    assert "Three panels" in text


def test_a_text_as_long_as_may_be_counts_a_line_break_as_one_wherever_it_is_counted(
    client: Client, session: Session, procurement_url: str
) -> None:
    longest = "a\r\n" * 2500
    client.submit(f"{procurement_url}/route", {"answer": "yes", "reason": longest})
    assert session.scalars(select(RouteAnswer.reason)).one() == longest
    page = client.submit(f"{procurement_url}/route", {"answer": "yes", "reason": f"{longest}a"}, status=422)
    assert "must be 5,000 characters or fewer" in page.text


def test_the_questions_lead_to_a_route_with_reasons_and_changing_one_keeps_its_history(
    client: Client, session: Session, officer: Person, programme: Programme, procurement_url: str
) -> None:
    route = f"{procurement_url}/route"
    nothing = client.submit(route, {"answer": "yes"}, status=422)
    assert "Say why that is so" in error(nothing, "reason")
    for value in ("yes", "no", "no", "yes", "no", "no", "yes", "yes", "no", "yes"):
        client.submit(route, {"answer": value, "reason": f"Because {value}"})
    page = client.get(route)
    assert "Direct award C may be used." in page.text
    assert "Take the route to which your answers lead" in page.text
    client.submit(route, action=f"{route}/take")
    taken = client.get(route)
    assert "Next, look through its stages" in taken.text
    assert procurement_url in {each.get("href") for each in taken.tree.findall(".//main//div/a[@role='button']")}
    session.expire_all()
    assert session.get_one(Procurement, programme.procurements[0].id).route is Route.PSR_DIRECT_C
    (reasons,) = load(session, programme_id=programme.id).routes
    assert (reasons.steps[-1].answer, reasons.steps[-1].officer) == ("Yes", officer.name)
    client.submit(f"{route}?question=wish", {"answer": "no", "reason": "A market has grown"})
    assert session.scalars(select(RouteAnswer.answer).where(RouteAnswer.question == "wish")).all() == ["yes", "no"]
    assert "find the most suitable provider without a competition" in client.get(route).text
    assert load(session, programme_id=programme.id).routes == ()


def test_who_provides_the_services_now_stands_beside_the_questions_and_a_contradiction_is_told(
    client: Client, session: Session, officer: Person, programme: Programme, procurement_url: str
) -> None:
    (contract,) = programme.contracts
    contract.end_date = date(2037, 3, 31)
    session.commit()
    route, contradicted = f"{procurement_url}/route", "An answer below says that nobody does"
    opened = client.get(route)
    assert "these services are provided now, by Incumbent Ltd (until 31 March 2037)." in opened.text
    assert len(opened.statements) <= 15
    for value in ("yes", "no", "no", "no"):
        assert contradicted not in client.get(route).text
        client.submit(route, {"answer": value, "reason": f"Because {value}"})
    assert contradicted in client.get(route).text
    contract.start_date, contract.end_date = date(2019, 4, 1), date(2020, 3, 31)
    session.commit()
    assert "Incumbent Ltd" not in client.get(route).text
    contract.latest_end_date = date(2037, 3, 31)
    session.commit()
    extended = "may be provided still, by Incumbent Ltd (until 31 March 2020, or if it was extended until 31 March 2037"
    assert extended in client.get(route).text
    assert contradicted not in client.get(route).text, "nobody knows whether it was extended"
    successor = Contract(
        programme_id=programme.id,
        title="Dental services again",
        supplier_name="Present Ltd",
        start_date=date(2020, 4, 1),
        end_date=date(2037, 3, 31),
        units=list(contract.units),
    )
    session.add(successor)
    session.commit()
    assert "provided now, by Present Ltd (until 31 March 2037)." in client.get(route).text, "it was not extended"
    session.delete(successor)
    contract.start_date, contract.end_date = today() + timedelta(days=1), contract.latest_end_date
    session.commit()
    assert "Incumbent Ltd" not in client.get(route).text, "it has not begun"


def test_an_answer_counts_once_and_for_the_question_that_was_shown(
    client: Client, session: Session, procurement_url: str
) -> None:
    route = f"{procurement_url}/route"
    opened = client.get(route).hidden()
    mine = {**opened, "answer": "yes", "reason": "It is care for patients"}
    client.post(route, mine)
    client.post(route, mine)  # as a button pressed twice does
    assert session.scalars(select(RouteAnswer.question)).all() == ["health"]
    clash = client.post(route, {**mine, "answer": "no", "reason": "It is cleaning"}, status=409)
    assert "It is care for patients" in clash.text
    assert "It is cleaning" in clash.text
    began = {**client.get(route).hidden(), "answer": "no", "reason": "Not begun"}
    client.submit(f"{route}?question=health", {"answer": "no", "reason": "It is cleaning"})
    gone = client.post(route, began, status=409)  # the question is not on the way any more
    assert "Not begun" in gone.text
    session.expire_all()
    assert session.scalars(select(RouteAnswer.answer).order_by(RouteAnswer.number)).all() == ["yes", "no"]


def test_the_route_taken_is_the_one_that_the_button_named(
    client: Client, session: Session, programme: Programme, procurement_url: str
) -> None:
    route, before = f"{procurement_url}/route", programme.procurements[0].route
    for value in ("yes", "no", "no", "yes", "yes"):
        client.submit(route, {"answer": value, "reason": f"Because {value}"})
    button = client.get(route).hidden(f"{route}/take")
    client.submit(f"{route}?question=began", {"answer": "yes", "reason": "It began in 2023"})
    client.post(f"{route}/take", button)
    session.expire_all()
    assert session.get_one(Procurement, programme.procurements[0].id).route is before


def test_a_way_that_is_not_planned_here_ends_with_what_to_do_instead(client: Client, procurement_url: str) -> None:
    route = f"{procurement_url}/route"
    for value in ("no", "no", "yes"):
        client.submit(route, {"answer": value, "reason": f"Because {value}"})
    page = client.get(route)
    assert "Plan its own steps outside the service, or answer a question again" in page.text
    assert not [each for each in page.buttons() if each.startswith("Plan with")]


def test_a_route_is_not_taken_before_the_answers_lead_to_one(
    client: Client, session: Session, programme: Programme, procurement_url: str
) -> None:
    before = programme.procurements[0].route
    form = client.get(f"{procurement_url}/route").hidden()
    client.post(f"{procurement_url}/route/take", form)
    session.expire_all()
    assert session.get_one(Procurement, programme.procurements[0].id).route is before


def test_terms_are_kept_and_clash_like_everything_else(client: Client, session: Session, url: str) -> None:
    opened = client.get(f"{url}/terms").hidden()
    client.submit(f"{url}/terms", {"nation": "scotland", "tenders_open_at_most": "3", "gives_bid_time": "y"})
    (terms,) = session.scalars(select(PlanTerms)).all()
    assert (terms.nation.value, terms.tenders_open_at_most, terms.gives_bid_time, terms.keeps_dates_free) == (
        "scotland",
        3,
        True,
        False,
    )
    opened.update({"nation": "england-and-wales"})
    assert "Scotland" in client.post(f"{url}/terms", opened, status=409).text


def test_the_list_of_procurements_is_read_in_few_statements(
    client: Client, session: Session, programme: Programme, url: str
) -> None:
    first = client.get(url)
    for position in range(2, 40):
        session.add(
            Procurement(
                programme_id=programme.id,
                position=position,
                title=f"Procurement {position}",
                route=Route.PSR_COMPETITIVE,
                service_start=programme.procurements[0].service_start,
            )
        )
    session.commit()
    page = client.get(url)
    assert len(page.statements) <= len(first.statements) <= 15
    assert "Procurement 25" in page.links()
    assert "Procurement 26" not in page.links()


def test_contracts_that_could_end_together_are_priced(client: Client, session: Session, programme: Programme) -> None:
    first = programme.contracts[0]
    units = list(first.units)
    first.start_date, first.title, first.units = datetime(2024, 4, 1, tzinfo=UTC).date(), "Dental north", units[:1]
    first.latest_end_date, first.annual_value, first.extension_uplift = (
        datetime(2029, 3, 31, tzinfo=UTC).date(),
        365_250,
        10,
    )
    session.add(
        Contract(
            programme_id=programme.id,
            title="Dental south",
            supplier_name="Other Ltd",
            start_date=datetime(2025, 4, 1, tzinfo=UTC).date(),
            end_date=datetime(2028, 4, 30, tzinfo=UTC).date(),
            units=units[1:],
        )
    )
    session.commit()
    (proposal,) = register_of(session, programme.id).proposals(date(2026, 1, 1))
    assert proposal.cost == pytest.approx(30 * 1_000 * 1.1)
    page = client.get(f"/programmes/{programme.id}/alignment")
    assert "All end on 30 April 2028" in page.text
    assert "£33,000" in page.text
    assert "£3,000" in page.text
    assert "0 gaps" in page.text
    first.annual_value = None
    session.commit()
    unpriced = client.get(f"/programmes/{programme.id}/alignment").text
    assert "What the extensions cost is not known" in unpriced
    assert "£0" not in unpriced


def test_a_messy_register_says_what_has_lapsed_what_has_no_option_left_and_what_has_no_contract(
    client: Client, session: Session, programme: Programme
) -> None:
    first = programme.contracts[0]
    covered, bare, *_ = first.units
    first.start_date, first.end_date = date(2020, 4, 1), date(2023, 3, 31)
    first.latest_end_date, first.title, first.units = date(2023, 3, 31), "Dental north", [covered]
    session.commit()
    page = client.get(f"/programmes/{programme.id}/alignment")
    assert "1 lapsed service" in page.text
    assert "1 Apr 2023" in page.text, "since the day after its end"
    assert "No option left" in page.text
    assert "No contract is in the register for: " in page.text
    assert bare.site.name in page.text
    assert "No extension within the options known" in page.text
    assert len(page.statements) <= 15
