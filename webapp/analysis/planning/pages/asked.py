"""What a new plan is called: its day, and what its terms and records say otherwise than those of the plan before it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import date

from intelligence import ScheduleProblem
from intelligence.schedule.problem import Actual
from intelligence.schedule.routes import Stage
from webapp.analysis.planning.pages.words import STAGES, titles_in
from webapp.web.format import day, number, plural

MOST_NAMED = 2
"""Two titles of procurements at their longest fit into each, and all into what a row holds."""

Key = tuple[str | None, Stage]


def called(earlier: ScheduleProblem, later: ScheduleProblem) -> str:
    """Both whole, of the same frozen market."""
    changes = list(_changes(earlier, later))
    more = len(changes) - MOST_NAMED
    said = "; ".join(changes[:MOST_NAMED]) + (f"; {number(more)} more" if more > 0 else "")
    return f"Planned again on {day(later.as_of)}: {said or 'terms and records as before'}"


def _changes(earlier: ScheduleProblem, later: ScheduleProblem) -> Iterator[str]:
    """The record first, since it is what most new plans are made for."""
    titles = titles_in(later)
    yield from _of_record(earlier, later, titles)
    yield from _of_lengths(earlier, later, titles)
    yield from _of_pins(earlier, later, titles)
    yield from _of_order(earlier, later, titles)
    yield from _of_starts(earlier, later, titles)
    yield from _of_days(earlier, later)
    if later.tenders_open_at_most != earlier.tenders_open_at_most:
        most = later.tenders_open_at_most
        yield "no limit on open tenders" if most is None else f"at most {plural(most, 'tender')} open at once"
    yield from _of_bidders(earlier, later)
    if later.nation is not earlier.nation:
        yield "the bank holidays of another nation"


def _of_record(earlier: ScheduleProblem, later: ScheduleProblem, titles: Mapping[str, str]) -> Iterator[str]:
    before = {(each.procurement_id, each.stage): each for each in earlier.actuals}
    now = {(each.procurement_id, each.stage): each for each in later.actuals}
    for key, entry in now.items():
        if entry != before.get(key):
            yield f"{_stage(key, titles)} {_happened(entry)}"
    for key in before:
        if key not in now:
            yield f"{_stage(key, titles)} not on record any more"


def _happened(entry: Actual) -> str:
    return f"ended on {day(entry.end)}" if entry.end else f"began on {day(entry.start)}"


def _of_lengths(earlier: ScheduleProblem, later: ScheduleProblem, titles: Mapping[str, str]) -> Iterator[str]:
    before = {(each.procurement_id, each.stage): each.days for each in earlier.stage_lengths}
    now = {(each.procurement_id, each.stage): each.days for each in later.stage_lengths}
    for key in dict.fromkeys((*now, *before)):
        if before.get(key) != now.get(key):
            length = f"for {plural(now[key], 'day')}" if key in now else "as long as is usual"
            yield f"{_stage(key, titles)} {length}"


def _of_pins(earlier: ScheduleProblem, later: ScheduleProblem, titles: Mapping[str, str]) -> Iterator[str]:
    """A pin that ended because its day or its stage has come is nothing that was asked."""
    begun = {(each.procurement_id, each.stage) for each in later.actuals}
    before = {(each.procurement_id, each.stage): each.start for each in earlier.pins if each.start >= later.as_of}
    now = {(each.procurement_id, each.stage): each.start for each in later.pins}
    for key in dict.fromkeys((*now, *before)):
        if before.get(key) != now.get(key) and key not in begun:
            yield f"{_stage(key, titles)} {f'pinned to {day(now[key])}' if key in now else 'not pinned any more'}"


def _of_order(earlier: ScheduleProblem, later: ScheduleProblem, titles: Mapping[str, str]) -> Iterator[str]:
    for order in later.precedences:
        if order not in earlier.precedences:
            yield f"{titles[order.second_id]} waits for {titles[order.first_id]}"
    still = {(order.first_id, order.second_id) for order in later.precedences}
    for order in earlier.precedences:
        if (order.first_id, order.second_id) not in still:
            yield f"{titles[order.second_id]} does not wait for {titles[order.first_id]} any more"


def _of_starts(earlier: ScheduleProblem, later: ScheduleProblem, titles: Mapping[str, str]) -> Iterator[str]:
    before, now = earlier.fixed_start_ids, later.fixed_start_ids
    for key in dict.fromkeys((*now, *before)):
        if (key in now) != (key in before):
            yield f"the start of {titles[key]} {'fixed' if key in now else 'not fixed any more'}"


def _of_days(earlier: ScheduleProblem, later: ScheduleProblem) -> Iterator[str]:
    """Of days still to come: the others nobody took out."""
    before, now = ({each for each in of.board_dates if each >= later.as_of} for of in (earlier, later))
    yield from _dates("board date", now - before, "added")
    yield from _dates("board date", before - now, "taken out")
    without = [{each for each in of.blackouts if each.last >= later.as_of} for of in (earlier, later)]
    if without[0] != without[1]:
        yield "other days without publication"


def _dates(noun: str, days: Collection[date], done: str) -> Iterator[str]:
    if len(days) == 1:
        yield f"{noun} {day(next(iter(days)))} {done}"
    elif days:
        yield f"{plural(len(days), noun)} {done}"


def _of_bidders(earlier: ScheduleProblem, later: ScheduleProblem) -> Iterator[str]:
    """What they asked for is of the market: whether plans keep it is all that can change."""
    for kept, words in (("shortest_bid_days", "the time to bid"), ("avoid", "the dates")):
        before, now = (any(getattr(each, kept) for each in of.bidder_limits) for of in (earlier, later))
        if before != now:
            yield f"{words} that bidders asked for {'kept' if now else 'not kept'}"


def _stage(key: Key, titles: Mapping[str, str]) -> str:
    procurement_id, stage = key
    return f"{STAGES[stage][0]} of {titles[procurement_id] if procurement_id else 'all procurements'}"
