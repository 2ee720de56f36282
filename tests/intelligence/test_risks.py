"""What a report and a plan show to threaten competition, rule by rule, at its threshold and just short of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from intelligence.capacity.estimate import estimate_capacity
from intelligence.capacity.report import (
    Awards,
    Bottleneck,
    CapacityReport,
    IncumbentIntent,
    LotCapacity,
    LotWithout,
    ProviderLeaving,
    ProviderWins,
    StaffCapacity,
    Wins,
    WteEstimate,
)
from intelligence.market import BiddingRole, InterestLevel, Procurement, Provider, Route
from intelligence.risks import Risk, RiskKind, find_risks
from intelligence.schedule.plan import PlannedProcurement, PlannedStage, Schedule, ScheduleStatus
from intelligence.schedule.problem import ScheduleProblem, TendersWish
from intelligence.schedule.routes import Counting, Evidence, Stage
from tests.intelligence.capacity.markets import eoi, lot, market_of

QUIET = LotCapacity(
    lot_id="D1",
    interest=(),
    expected_bids=3.0,
    expected_bids_error=0.0,
    bids_low=2,
    bids_high=4,
    distribution=(0.05, 0.1, 0.35, 0.5),
    p_none=0.05,
    p_none_error=0.0,
    p_one=0.1,
    p_two_or_more=0.85,
    p_three_or_more=0.5,
    demand_wte=10.0,
    staff_at_start=None,
    staff_month_6=None,
    incumbents=(),
    concentration=None,
    p_awardable=0.95,
    most_needed=None,
)
NONE = WteEstimate(0, 0, 0)


def report_of(*lots: LotCapacity, **given: object) -> CapacityReport:
    plain = CapacityReport(lots, Awards(1, 0, 1, 0, 100), (), (), (), (), 0, True, (), 7, 100)
    return replace(plain, **given)  # type: ignore[arg-type]  # fields by name


def found_in(**changes: object) -> list[Risk]:
    return list(find_risks(report_of(replace(QUIET, **changes))))  # type: ignore[arg-type]  # as above


def staff(enough: float, offered: float = 1.0) -> StaffCapacity:
    return StaffCapacity(NONE, NONE, None, enough * offered, 0, offered, NONE)


def planned(slack: int, first: str = "T1", last: str = "T2") -> Schedule:
    """Two tenders of a month, on the same days."""
    day = date(2027, 1, 4)
    stage = PlannedStage(
        Stage.TENDER, day, day + timedelta(days=30), 22, Counting.WORKING_DAYS, Evidence.ASSUMED, "Ours"
    )
    asked = tuple(Procurement(key, key, Route.PA23_OPEN, (f"lot of {key}",), date(2027, 9, 1)) for key in (first, last))
    items = tuple(
        PlannedProcurement(each.id, each.title, each.route, (stage,), day, day, each.service_start, slack, "It fits.")
        for each in asked
    )
    problem = ScheduleProblem(day, asked, tenders_wishes=(TendersWish("P1", (first, last), 1),))
    return Schedule(problem, items, ScheduleStatus.OPTIMAL, 0, 0, 0.0, (), (), (), (), 7, 1.0)


def test_a_lot_with_enough_bidders_is_no_risk() -> None:
    assert found_in() == []


@pytest.mark.parametrize(
    ("kind", "at", "short"),
    [
        (RiskKind.NO_BID, {"p_none": 0.195, "p_awardable": 0.8}, {"p_none": 0.194, "p_awardable": 0.8}),
        (RiskKind.SINGLE_BID, {"p_one": 0.2}, {"p_one": 0.19}),
        (RiskKind.LEFT_OVER, {"p_awardable": 0.85}, {"p_awardable": 0.86}),
        (RiskKind.WORKFORCE, {"staff_month_6": staff(0.49)}, {"staff_month_6": staff(0.5)}),
        (
            RiskKind.HANGS_ON_ONE,
            {"p_none": 0.1, "p_awardable": 0.9, "most_needed": ProviderLeaving("P1", 0.2)},
            {"p_none": 0.11, "p_awardable": 0.89, "most_needed": ProviderLeaving("P1", 0.2)},
        ),
    ],
)
def test_each_rule_speaks_from_its_threshold_on(
    kind: RiskKind, at: dict[str, object], short: dict[str, object]
) -> None:
    assert [risk.kind for risk in found_in(**at)] == [kind]
    assert found_in(**short) == []


def test_staff_is_judged_once_there_is_a_bid() -> None:
    """A lot that is short of staff because nobody may bid is at risk of no bid, and not of this."""
    assert found_in(staff_month_6=staff(0.9, offered=0.3)) == []
    (risk,) = found_in(staff_month_6=staff(0.4, offered=0.3))
    assert (round(risk.figure, 9), risk.beside) == (0.6, 10.0)
    assert found_in(staff_month_6=replace(staff(0.4), p_offered=None)) == [], "a report older than that figure"


@pytest.mark.parametrize(
    ("level", "role", "leaves"),
    [
        (None, None, True),
        (InterestLevel.NO, BiddingRole.LEAD, True),
        (InterestLevel.WOULD_BID, BiddingRole.SUBCONTRACT_ONLY, True),
        (InterestLevel.UNDECIDED, BiddingRole.LEAD, False),
        (InterestLevel.LIKELY, BiddingRole.SUBCONTRACT, False),
    ],
)
def test_a_present_supplier_leaves_that_makes_no_bid_of_its_own(
    level: InterestLevel | None, role: BiddingRole | None, leaves: bool
) -> None:
    found = found_in(incumbents=(IncumbentIntent("P9", level, role, 0.0),))
    expected = Risk(RiskKind.INCUMBENT_EXIT, 0.05, lot_id="D1", provider_id="P9", says=level)
    assert found == ([expected] if leaves else [])


def test_a_silent_supplier_is_left_out_of_the_chance_that_stands_for_its_exit() -> None:
    said = [eoi(1, level=InterestLevel.POSSIBLY)]
    silent = market_of(said, providers=[Provider("OLD", "Old")], lot_values=(lot(0, incumbent_ids=("OLD",)),))
    reports = [estimate_capacity(each, seed=1, draws=500) for each in (silent, market_of(said))]
    risk = next(each for each in find_risks(reports[0]) if each.kind is RiskKind.INCUMBENT_EXIT)
    assert risk.figure == reports[1].lots[0].p_none


def test_a_provider_that_wants_more_than_it_can_do_is_named_from_an_even_chance_on() -> None:
    even = Bottleneck("P1", (LotWithout("D1", 0.1, 0.2),), 0.5, 0.1, 0.4)
    found = find_risks(report_of(QUIET, bottlenecks=(even, replace(even, provider_id="P2", p_over_limits=0.49))))
    assert [risk.key for risk in found] == ["overstretched:P1"]


def test_one_provider_with_a_quarter_of_the_value_in_several_lots_is_concentration() -> None:
    wins = (Wins(0, 0.5, 0.0, 0.3), Wins(1, 0.2, 0.4, 0.3), Wins(2, 0.18, 0.24, 0.3), Wins(3, 0.12, 0.5, 0.5))
    one = ProviderWins("P1", 1.0, 0.2, wins)
    assert find_risks(report_of(QUIET, concentration=(one,))) == (), "0.12 is too rare, and two lots too small"
    larger = replace(one, wins=(*wins[:2], replace(wins[2], value_share=0.25), wins[3]))
    (risk,) = find_risks(report_of(QUIET, concentration=(larger,)))
    assert (risk.kind, risk.beside) == (RiskKind.CONCENTRATION, 2)
    assert risk.figure == pytest.approx(0.3)
    alone = replace(one, wins=(Wins(0, 0.2, 0, 0.5), Wins(1, 0.8, 1.0, 1.0)))
    assert find_risks(report_of(QUIET, concentration=(alone,))) == (), "to win one lot is none"


def test_a_plan_is_a_risk_where_it_leaves_little_time_or_asks_too_much_of_a_bidder() -> None:
    found = find_risks(report_of(QUIET), planned(19))
    assert [(risk.key, risk.figure, risk.beside) for risk in found] == [
        ("tenders_at_once:P1", 2, 1),
        ("little_time:T1", 19, 20),
        ("little_time:T2", 19, 20),
    ]
    assert [risk.kind for risk in find_risks(report_of(QUIET), planned(20))] == [RiskKind.TENDERS_AT_ONCE]


def test_lots_whose_bids_are_in_run_no_risk() -> None:
    bad = replace(QUIET, p_none=0.5, p_awardable=0.5, incumbents=(IncumbentIntent("P9", None, None, 0),))
    report = report_of(bad, replace(bad, lot_id="D2"))
    assert {risk.lot_id for risk in find_risks(report, decided={"D1"})} == {"D2"}
    left = find_risks(report_of(), planned(3), decided={"lot of T1"})
    assert [risk.procurement_id for risk in left if risk.kind is RiskKind.LITTLE_TIME] == ["T2"]


def test_the_order_is_by_kind_then_the_worst_first_whatever_the_order_of_lots() -> None:
    lots = [replace(QUIET, lot_id=key, p_none=none, p_awardable=1 - none, p_one=0.3) for key, none in CHANCES.items()]
    found = find_risks(report_of(*lots))
    assert [risk.key for risk in found] == [
        "no_bid:D3",
        "no_bid:D1",
        "no_bid:D2",
        "single_bid:D1",
        "single_bid:D2",
        "single_bid:D3",
    ]
    assert find_risks(report_of(*reversed(lots))) == found


CHANCES = {"D1": 0.3, "D2": 0.3, "D3": 0.6}
