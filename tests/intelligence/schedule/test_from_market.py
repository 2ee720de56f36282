from dataclasses import replace
from datetime import date

from intelligence.market import (
    AvoidedDates,
    BiddingRole,
    Contract,
    Interest,
    InterestLevel,
    Lot,
    Market,
    Procurement,
    Provider,
    Route,
    ServiceLine,
    Site,
    Unit,
)
from intelligence.schedule.from_market import bidder_limits, bidder_pairs, problem_from_market
from intelligence.schedule.problem import BidderLimit, BidderPair, ScheduleProblem, TendersWish
from intelligence.schedule.solve import plan_schedule

LINES = ("a", "b", "c")
START = date(2027, 4, 1)
LIKELY = InterestLevel.LIKELY


def market(*providers: Provider, interests: tuple[Interest, ...]) -> Market:
    return Market(
        sites=(Site("X", "HMP X"),),
        service_lines=tuple(ServiceLine(line, line.upper()) for line in LINES),
        lots=tuple(Lot(f"lot {line}", line.upper(), (Unit("X", line),)) for line in LINES),
        procurements=tuple(Procurement(line, line, Route.PSR_COMPETITIVE, (f"lot {line}",), START) for line in LINES),
        providers=providers,
        interests=interests,
    )


def wants(provider: str, *lines: str, level: InterestLevel = LIKELY) -> tuple[Interest, ...]:
    return tuple(Interest(provider, f"lot {line}", level) for line in lines)


def test_pairs_weigh_what_providers_declared() -> None:
    one, two, three = (
        Provider("P1", "1", tenders_at_once=1),
        Provider("P2", "2", tenders_at_once=2),
        Provider("P3", "3"),
    )
    answers = wants("P1", "a", "b") + wants("P2", "a", "b", "c") + wants("P3", "a", "b", "c")
    assert bidder_pairs(market(one, two, three, interests=answers)) == (
        BidderPair("a", "b", 1.5, ("P1", "P2")),
        BidderPair("a", "c", 0.5, ("P2",)),
        BidderPair("b", "c", 0.5, ("P2",)),
    )


def test_no_declared_limit_means_no_pairs() -> None:
    answers = wants("P1", "a", "b", "c")
    assert bidder_pairs(market(Provider("P1", "1"), interests=answers)) == ()
    assert bidder_pairs(market(Provider("P1", "1", tenders_at_once=3), interests=answers)) == ()


def test_only_those_who_would_write_a_tender_count() -> None:
    busy = Provider("P1", "1", tenders_at_once=1)
    assert bidder_pairs(market(busy, interests=wants("P1", "a") + wants("P1", "b", level=InterestLevel.NO))) == ()
    assert (
        bidder_pairs(market(busy, interests=wants("P1", "a") + wants("P1", "b", level=InterestLevel.UNDECIDED))) == ()
    )
    as_subcontractor = replace(wants("P1", "b")[0], role=BiddingRole.SUBCONTRACT)
    assert bidder_pairs(market(busy, interests=(*wants("P1", "a"), as_subcontractor))) == ()


def test_a_limit_of_none_at_all_weighs_no_more_than_one() -> None:
    none = Provider("P1", "1", tenders_at_once=0)
    assert bidder_pairs(market(none, interests=wants("P1", "a", "b")))[0].weight == 1.0


def test_the_problem_carries_the_market_and_the_officer_s_rules() -> None:
    answers = market(Provider("P1", "1", tenders_at_once=1), interests=wants("P1", "a", "b"))
    problem = problem_from_market(
        answers, as_of=date(2026, 1, 5), board_dates=(date(2026, 2, 4),), tenders_open_at_most=2
    )
    assert problem.procurements == answers.procurements
    assert problem.bidder_pairs == (BidderPair("a", "b", 1.0, ("P1",)),)
    assert problem.tenders_wishes == (TendersWish("P1", ("a", "b"), 1),)
    assert (problem.board_dates, problem.tenders_open_at_most) == ((date(2026, 2, 4),), 2)


def test_what_likely_bidders_need_becomes_a_rule_for_the_tenders_they_want() -> None:
    august = AvoidedDates(date(2026, 8, 1), date(2026, 8, 31))
    slow, away = Provider("P1", "1", shortest_bid_days=40), Provider("P2", "2", avoid=(august,))
    unsure = Provider("P3", "3", shortest_bid_days=50)
    answers = wants("P1", "c", "a") + wants("P2", "b") + wants("P3", "a", level=InterestLevel.POSSIBLY)
    asked = market(slow, away, unsure, Provider("P4", "4"), interests=answers + wants("P4", "a"))
    assert bidder_limits(asked) == (
        BidderLimit("P1", ("a", "c"), shortest_bid_days=40),
        BidderLimit("P2", ("b",), avoid=(august,)),
    )
    assert bidder_limits(asked, bid_time=False) == (BidderLimit("P2", ("b",), avoid=(august,)),)
    assert bidder_limits(asked, dates=False) == (BidderLimit("P1", ("a", "c"), shortest_bid_days=40),)


def test_a_contract_that_says_what_running_on_costs_is_priced_by_that() -> None:
    late = Procurement("a", "a", Route.PSR_COMPETITIVE, ("lot a",), START)
    contract = Contract("c", "c", ("lot a",), date(2027, 3, 1))
    for daily, each_day in ((None, 2_000), (50, 50)):
        problem = ScheduleProblem(date(2026, 1, 5), (late,), contracts=(replace(contract, extension_day=daily),))
        (term,) = (entry for entry in plan_schedule(problem, seed=1).cost_terms if entry.name == "extension")
        assert (term.quantity, term.cost) == (30, 30 * each_day)
