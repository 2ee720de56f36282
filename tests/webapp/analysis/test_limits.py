"""The page that shows what limits on one supplier do, against what was computed."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flask import Flask

import intelligence as engine
from intelligence.capacity.limits import weigh_limits
from intelligence.capacity.scenario import LimitEffects
from tests.intelligence.capacity.markets import certain_priors, eoi, market_of
from tests.kept import WorldOf
from tests.webapp.browser_of_pages import Client
from webapp.analysis.names import BidsThatCame, LotName, Names
from webapp.analysis.pages.limits import LimitsPage, limits_page

FIRST = engine.Procurement("T", "Dental", engine.Route.PSR_COMPETITIVE, ("L0", "L1", "L2"), date(2027, 4, 1))
SECOND = replace(FIRST, id="U", title="Optometry", lot_ids=("L3", "L4"), service_start=date(2027, 10, 1))


def weighed(*procurements: engine.Procurement) -> LimitEffects:
    everything = [eoi(provider, lot) for provider in range(2) for lot in range(5)]
    market = replace(market_of(everything, lots=5), procurements=procurements)
    return weigh_limits(market, seed=1, draws=200, priors=certain_priors())


def shown(app: Flask, found: LimitEffects, came: BidsThatCame | None = None) -> LimitsPage:
    with app.test_request_context():
        return limits_page(found, Names({"L0": LotName("D1", "Dental", came)}, {}), page=None)


def test_procurements_that_limit_suppliers_come_first_and_are_said_in_words(app: Flask) -> None:
    page = shown(app, weighed(SECOND, replace(FIRST, most_lots_awarded=1)))
    assert page.sentence.startswith("2 procurements have two lots or more; 1 limits what one supplier may bid for")
    (said,) = page.sentences
    assert said.startswith(
        "Dental (3 lots; at most 1 lot awarded): the chance that every lot can be awarded falls from >99% to <1%; "
        "2.0 different winners are expected instead of "
    )
    assert [row[:2] for row in page.rows] == [
        ("Dental (3 lots)", "At most 1 lot awarded"),
        ("Optometry (2 lots)", "None set. If at most 1 lot awarded:"),
    ]
    assert page.rows[0][2:5] == ("2.0 to 2.0", "0.0 to 0.0", "0.0 to 0.0")
    assert str(page.rows[0][6]).startswith("&gt;99% to &lt;1%<br>")
    assert page.chart is not None
    assert "None set: Optometry" in page.chart


def test_a_limit_on_bids_says_how_many_lots_it_leaves_without_one(app: Flask) -> None:
    (said,) = shown(app, weighed(replace(FIRST, most_lots_bid=1))).sentences
    assert "lots would draw no credible bid instead of 0.0;" in said
    assert said.endswith("every lot of the programme can be awarded with a chance of <1% instead of >99%.")


def test_without_limits_or_lots_to_limit_the_page_says_so(app: Flask) -> None:
    free = shown(app, weighed(FIRST))
    assert free.sentence.startswith("1 procurement has two lots or more, and none limits what one supplier may bid")
    assert free.sentences == []
    nothing = shown(app, weighed())
    assert nothing.sentence == "No procurement has two lots or more, so there is nothing to limit."
    assert nothing.chart is None


def test_a_lot_whose_bids_are_in_is_said_to_count_as_it_was_forecast(app: Flask) -> None:
    came = BidsThatCame(date(2026, 11, 1), bids=2, credible=1)
    assert shown(app, weighed(FIRST)).as_forecast == ""
    assert shown(app, weighed(FIRST), came).as_forecast == "1 lot whose bids are in counts as it was forecast: D1."
    assert shown(app, weighed(), came).as_forecast == "", "there is nothing to limit"


def test_the_page_of_a_run(client: Client, world_of: WorldOf) -> None:
    world = world_of()
    client.sign_in(world.officer)
    page = client.get(f"/runs/{world.ids['run_id']}/report/limits")
    assert "Limits on one supplier" in page.text
    assert len(page.statements) <= 15
