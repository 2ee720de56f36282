"""What the report says to people who would rather look: why a lot is at risk, who shares bidders, who was not heard."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import date
from xml.etree import ElementTree

import pytest
from flask import Flask
from sqlalchemy import delete
from sqlalchemy.orm import Session

import intelligence as engine
from config import Settings
from intelligence.capacity.estimate import estimate_capacity
from tests import factories as make
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from tests.world import World, actor_of, run_jobs
from webapp.analysis.actions import request_run
from webapp.analysis.names import LotName, Names
from webapp.analysis.pages.bidders import LINES_IN_RING, LOTS_IN_GRID, LOTS_IN_RING, bidders_page
from webapp.analysis.pages.meanings import meaning_of
from webapp.analysis.pages.reasons import reasons
from webapp.analysis.pages.report import report_page
from webapp.analysis.pages.staff import staff_page
from webapp.analysis.runs import RunParameters, results_of
from webapp.db import Database, clock
from webapp.models import AnalysisRun, Engagement, Invitation, LotOutcome, Organisation, PartKind, Response
from webapp.web.format import chance

SITE, LINE = engine.Site("S", "HMP Site"), engine.ServiceLine("L", "Dental")


def market(lots: int, interests: list[engine.Interest], providers: int, **lot: object) -> engine.Market:
    planned = tuple(engine.Lot(f"lot{n}", f"Lot {n}", (engine.Unit("S", "L"),), **lot) for n in range(lots))
    known = tuple(engine.Provider(f"provider{n}", f"Provider {n}") for n in range(providers))
    return engine.Market(
        sites=(SITE,), service_lines=(LINE,), lots=planned, providers=known, interests=tuple(interests)
    )


def names(of: engine.Market) -> Names:
    return Names(
        lots={lot.id: LotName(f"D{n}", lot.title) for n, lot in enumerate(of.lots)},
        organisations={provider.id: provider.name for provider in of.providers},
    )


def said(of: engine.Market) -> list[str]:
    report = estimate_capacity(of, seed=1, draws=500)
    return list(reasons(report.lots[0], names(of)))


def eoi(provider: int, lot: int = 0, level: str = "would_bid", **given: object) -> engine.Interest:
    return engine.Interest(
        f"provider{provider}",
        f"lot{lot}",
        engine.InterestLevel(level),
        **given,
    )


def test_a_lot_that_nobody_wants_says_so_and_names_its_silent_supplier() -> None:
    assert said(market(1, [], 1, incumbent_ids=("provider0",))) == [
        "No provider that could bid has declared an interest.",
        "Provider 0 provides it now and has not said what it intends.",
    ]


def test_of_those_that_could_bid_it_says_how_sure_each_is() -> None:
    levels = ("likely", "likely", "possibly", "undecided", "no")
    assert said(market(1, [eoi(each, level=level) for each, level in enumerate(levels)], 5))[0] == (
        "4 providers that answered could bid; none says that it would, 2 are likely to, 1 might, 1 cannot say yet."
    )
    assert said(market(1, [eoi(0), eoi(1, level="likely")], 2))[0] == (
        "2 providers that answered could bid; 1 would, 1 is likely to."
    )
    for level, words in (("likely", "says that it is likely to"), ("undecided", "cannot say yet whether it would")):
        assert said(market(1, [eoi(0, level=level)], 1))[0] == f"One provider that answered could bid, and it {words}."


def test_as_many_lots_as_the_report_counts_at_risk_are_explained_or_named_beneath(app: Flask) -> None:
    for lots, beneath in ((10, ""), (11, "1 more lot is at risk:"), (15, "5 more lots are at risk:")):
        of = market(lots, [], 1)
        report = estimate_capacity(of, seed=1, draws=200)
        with app.test_request_context():
            run = AnalysisRun(id=uuid.uuid4(), engagement=Engagement(programme_id=uuid.uuid4()))
            page = report_page(run, report, names(of), ())
        assert page.key_figures[1]["value"] == f"{lots} of {lots}"
        assert (len(page.at_risk), page.at_risk_more) == (10, beneath)


def test_a_lot_that_hangs_on_one_provider_names_it_with_both_chances() -> None:
    of = market(1, [eoi(0), eoi(1, level="no"), eoi(2, role=engine.BiddingRole.SUBCONTRACT_ONLY)], 3)
    one = estimate_capacity(of, seed=1, draws=500).lots[0]
    assert one.most_needed is not None
    sentences = said(of)
    assert sentences[0] == "One provider that answered could bid, and it says that it would."
    assert sentences[1] == (
        f"Without Provider 0, the chance of no credible bid rises from {one.p_none:.0%} "
        f"to {one.most_needed.p_none_without:.0%}."
    )


def test_staff_that_no_bidder_has_and_limits_that_leave_a_lot_over_are_reasons() -> None:
    short = said(market(1, [eoi(0, wte_at_start=2.0)], 1, demand_wte=10.0))
    assert any("needs 10 whole-time-equivalent staff" in sentence for sentence in short)
    of = market(2, [eoi(0, 0), eoi(0, 1)], 1)
    limited = replace(of, providers=(replace(of.providers[0], held_at_most=1),))
    assert any("needed for other lots" in sentence for sentence in said(limited))
    assert not any("needed for other lots" in sentence for sentence in said(of))


def test_a_market_of_many_lots_draws_those_at_risk_and_lists_all_pairs(app: Flask) -> None:
    lots = 45
    of = market(lots, [eoi(p, lot) for lot in range(lots) for p in range(3)], 3)
    report = estimate_capacity(of, seed=1, draws=200)
    with app.test_request_context():
        page = bidders_page(report, names(of), values_known=True, pairs_page="2", silent_page=None)
    ring, grid = (ElementTree.fromstring(drawing) for drawing in (str(page.ring), str(page.grid)))  # noqa: S314 - our own
    classes = [each.get("class", "") for each in ring.iter()]
    assert sum(name in ("chart__point", "chart__dot-mark") for name in classes) == LOTS_IN_RING
    assert classes.count("chart__tie") == LINES_IN_RING
    assert sum("chart__heat" in each.get("class", "") for each in grid.iter()) == LOTS_IN_GRID**2
    assert page.pairs.total == lots * (lots - 1) // 2
    assert len(page.pair_rows) == 25
    assert "highest chance of no credible bid" in page.drawn
    futures = [sum(int(row[3]) for row in page.wins_rows if row[0] == f"Provider {n}") for n in range(3)]
    assert futures == [200] * 3, "in each of them a provider wins some number of lots"


def test_a_concentration_has_two_places_although_the_last_is_a_nought(app: Flask) -> None:
    of = market(1, [eoi(0), eoi(1)], 2)
    found = estimate_capacity(of, seed=1, draws=200)
    report = replace(found, lots=(replace(found.lots[0], concentration=0.5),))
    with app.test_request_context():
        ((*_, shown),) = report_page(AnalysisRun(id=uuid.uuid4()), report, names(of), ()).bids_rows
    assert shown == "0.50"


def test_shares_are_of_the_value_only_where_each_lot_has_one(app: Flask) -> None:
    for values, told in (({"annual_value": 900.0}, "100% of the value on average"), ({}, "would win 1.0 lots on")):
        of = market(1, [eoi(0)], 1, **values)
        report = estimate_capacity(of, seed=1, draws=200)
        certain = replace(report.concentration[0], expected_lots=1.0, expected_value_share=1.0)
        shown = replace(report, concentration=(certain,))
        with app.test_request_context():
            page = bidders_page(shown, names(of), values_known=bool(values), pairs_page=None, silent_page=None)
        assert told in page.wins_sentences[0]
        assert page.shared.startswith("value" if values else "lots, as the value of one or more is not known")
        assert page.heard == "The one known provider said something about at least one lot."


def test_a_report_from_before_tells_by_its_run_s_inputs_that_a_lot_had_no_value(
    client: Client, session: Session, world: World
) -> None:
    """Such reports hold that the values are known, as nothing was said of it then."""
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    address = f"/runs/{run.id}/report/bidders"
    assert "It is of shares of all value:" in client.get(address).text
    first, *others = run.inputs["lots"]
    run.inputs = run.inputs | {"lots": [first | {"annual_value": None}, *others]}
    session.commit()
    page = client.get(address)
    assert "It is of shares of all lots, as the value of one or more is not known or nothing:" in page.text
    assert "of the value" not in page.text
    assert len(page.statements) <= 15


@pytest.fixture
def world(world_of: WorldOf, client: Client) -> World:
    world = world_of()
    client.sign_in(world.officer)
    return world


def test_the_report_explains_its_riskiest_lots_and_weighs_assumptions(
    client: Client, session: Session, world: World
) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    ((_, weighed),) = results_of(run, PartKind.TORNADO)
    ((_, capacity),) = results_of(run, PartKind.CAPACITY)
    assert weighed.without_bid == pytest.approx(sum(lot.p_none for lot in capacity.lots))
    page = client.get(f"/runs/{run.id}/report")
    assert "3 providers that answered could bid; none says that it would, 3 are likely to." in page.text
    assert f"What matters most is the assumption “{meaning_of(weighed.swings[0].name).title}”" in page.text
    assert page.tree.find(".//*[@id='tornado']") is not None


def test_what_the_forecast_hangs_on_says_that_lots_whose_bids_are_in_count_as_forecast(
    client: Client, session: Session, world: World
) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    session.execute(delete(LotOutcome))
    session.commit()
    assert "in count" not in client.get(f"/runs/{run.id}/report").text
    came = {
        "closed_on": date(2026, 11, 1),
        "bids": 1,
        "credible_bids": 1,
        "source": "s",
        "recorded_by": world.officer.id,
    }
    said = ("1 lot whose bids are in counts as it was", "2 lots whose bids are in count as they were")
    for entry, words in zip(run.engagement.engagement_lots, said, strict=True):
        session.add(LotOutcome(lot_id=entry.lot_id, **came))
        session.commit()
        assert f"{words} forecast: D1" in client.get(f"/runs/{run.id}/report").text


def test_a_run_without_the_weighing_of_assumptions_still_has_its_report(
    client: Client, session: Session, world: World
) -> None:
    run = session.get_one(AnalysisRun, world.ids["run_id"])
    session.delete(next(part for part in run.parts if part.kind is PartKind.TORNADO))
    session.commit()
    assert "What the forecast hangs on" not in client.get(f"/runs/{run.id}/report").text


def test_who_shares_bidders_and_who_was_invited_and_is_silent(
    client: Client, session: Session, database: Database, settings: Settings, world: World
) -> None:
    about = session.get_one(Engagement, world.ids["engagement_id"])
    for number in range(30):
        silent = make.provider(session, name=f"Silent Provider {number:02}")
        someone = make.provider_person(session, silent)
        session.add(
            Invitation(engagement_id=about.id, organisation_id=silent.id, person_id=someone.id, email=someone.email)
        )
    parameters = RunParameters(draws=200, schedule_seconds=1.0, as_of=clock(session).date())
    officer = actor_of(world.officer, session.get_one(Organisation, about.programme.buyer_id))
    run = request_run(session, engagement=about, parameters=parameters, seed=7, actor=officer, now=clock(session))
    session.commit()
    run_jobs(database, settings)
    page = client.get(f"/runs/{run.id}/report/bidders")
    assert "3 of 34 known providers said something" in page.text
    assert "In each of the first 200 simulated futures each lot goes to one" in page.text, "of 300 at most"
    pages = page.text, client.get(f"/runs/{run.id}/report/bidders?silent=2").text
    silent = [text.count("Silent Provider") + text.count("Harbour Health") for text in pages]
    assert silent == [25, 6], "with one of the world’s"
    assert "100%" in page.text, "the same three providers could bid for both lots"
    assert session.query(Response).count() == 3, "being known is not having answered"


def test_the_staff_of_a_bid_is_shown_apart_from_the_chance_of_one(app: Flask) -> None:
    of = market(2, [eoi(0, wte_at_start=4.0, level="likely"), eoi(1, 1, wte_at_start=9.0)], 2, demand_wte=5.0)
    report = estimate_capacity(of, seed=1, draws=500)
    with app.test_request_context():
        page = staff_page(report.lots, names(of), "80%")
    few, many = page.rows
    staff = [lot.staff_month_6 for lot in report.lots]
    assert [str(row[3]) for row in page.rows] == [
        "4.0 at start<br>4.0 by month 6<br>(4.0 to 4.0)",
        "9.0 at start<br>9.0 by month 6<br>(9.0 to 9.0)",
    ]
    assert [(row[2], row[5]) for row in page.rows] == [
        (chance(each.p_offered), chance(each.p_one_bidder_meets_demand))
        for each in staff
        if each and each.p_offered and each.p_one_bidder_meets_demand is not None
    ]
    assert (few[4], few[5], many[4]) == ("<1%", "<1%", ">99%")
    assert page.chart is not None
    assert f"{many[5]} chance of enough" in page.chart
    assert page.sentence.startswith("1 lot of 2 with a known need has less than an even chance of a credible bid")


def test_a_report_from_before_staff_was_told_apart_draws_no_bar(app: Flask) -> None:
    of = market(1, [eoi(0, wte_at_start=4.0)], 1, demand_wte=5.0)
    (lot,) = estimate_capacity(of, seed=1, draws=500).lots
    assert lot.staff_month_6 is not None
    old = replace(lot.staff_month_6, p_offered=None, best_if_offered=None)
    with app.test_request_context():
        page = staff_page([replace(lot, staff_at_start=old, staff_month_6=old)], names(of), "80%")
    assert page.chart is None
    assert page.rows[0][2:5] == ("-", "-", "-")
    assert page.sentence
