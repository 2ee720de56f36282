"""From a frozen market and frozen terms to the problem that is planned: no row, no clock."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from intelligence import Market, Procurement, ScheduleProblem
from intelligence.schedule.from_market import bidder_limits, problem_from_market
from intelligence.schedule.holidays import planning_calendar, seasonal_blackouts
from intelligence.schedule.problem import Blackout, Officer, Precedence
from intelligence.schedule.routes import Stage, stages_of
from webapp.analysis.terms import PlanningTerms
from webapp.web.format import day


class BeyondCalendarError(ValueError):
    """A plan would need a day whose bank holidays nobody knows; the message says whose and which."""


def problem_of(market: Market, terms: PlanningTerms, *, as_of: date) -> ScheduleProblem:
    """What the terms say of procurements that the market does not have, or of stages that their routes no longer
    have, is left out; a stage on record is not pinned any more, and the record counts up to the day before `as_of`.

    Raises:
        BeyondCalendarError: services are asked for on a day that cannot be planned.
    """
    _require_known_days(market, terms)
    officers = {entry.officer for entry in market.procurements if entry.officer}
    stages = {entry.id: _stages(entry) for entry in market.procurements}
    actuals = tuple(
        entry
        for entry in terms.actuals
        if entry.stage in stages.get(entry.procurement_id, ()) and (entry.end or entry.start) < as_of
    )
    begun = {(entry.procurement_id, entry.stage) for entry in actuals}
    return problem_from_market(
        market,
        as_of=as_of,
        board_dates=terms.board_dates,
        blackouts=terms.blackouts or assumed_freezes(market, terms, as_of),
        officers=tuple(Officer(name) for name in sorted(officers)),
        tenders_open_at_most=terms.tenders_open_at_most,
        stage_lengths=tuple(
            entry for entry in terms.stage_lengths if entry.stage in stages.get(entry.procurement_id or "", ())
        ),
        nation=terms.nation,
        bidder_limits=bidder_limits(market, bid_time=terms.gives_bid_time, dates=terms.keeps_dates_free),
        pins=tuple(
            entry
            for entry in terms.pins
            if entry.stage in stages.get(entry.procurement_id, ())
            and (entry.procurement_id, entry.stage) not in begun
            and entry.start >= as_of
        ),
        actuals=actuals,
        precedences=tuple(entry for entry in terms.precedences if _fits(entry, stages)),
        fixed_start_ids=tuple(key for key in terms.fixed_starts if key in stages),
    )


def orders_left_out(market: Market, terms: PlanningTerms) -> tuple[str, ...]:
    """The orders between procurements that no plan of this market can keep, in words."""
    titles = {entry.id: entry.title for entry in market.procurements}
    stages = {entry.id: _stages(entry) for entry in market.procurements}
    return tuple(
        f"This plan does not have {titles.get(entry.second_id, 'a procurement outside it')} wait for "
        f"{titles.get(entry.first_id, 'a procurement outside it')}, as was asked: it does not hold both, or one of "
        "their routes has no such stage any more."
        for entry in terms.precedences
        if not _fits(entry, stages) and (entry.first_id in titles or entry.second_id in titles)
    )


def _fits(order: Precedence, stages: Mapping[str, frozenset[Stage]]) -> bool:
    return order.after in stages.get(order.first_id, ()) and order.before in stages.get(order.second_id, ())


def _require_known_days(market: Market, terms: PlanningTerms) -> None:
    last = planning_calendar(terms.nation).last
    late = [each for each in market.procurements if each.service_start > last]
    if late:
        asked = "; ".join(f"{each.title} on {day(each.service_start)}" for each in late)
        raise BeyondCalendarError(
            f"No schedule can be made: bank holidays are known until {day(last)} only, and services are to start "
            f"later: {asked}. Bring the start forward in the programme’s set-up."
        )


def assumed_freezes(market: Market, terms: PlanningTerms, as_of: date) -> tuple[Blackout, ...]:
    """The freezes around Christmas and Easter up to the last start of services: an assumption, said on the page."""
    last = max((entry.service_start for entry in market.procurements), default=as_of)
    return seasonal_blackouts(planning_calendar(terms.nation), as_of, last)


def _stages(procurement: Procurement) -> frozenset[Stage]:
    return frozenset(rule.stage for rule in stages_of(procurement.route))
