"""Why there is no schedule, in plain sentences."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise

from intelligence.market import Contract, Procurement
from intelligence.schedule.calendar import ONE_DAY, CalendarError, WorkingCalendar
from intelligence.schedule.explain import in_words
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.requirements import (
    begun_stages,
    horizon,
    may_end,
    may_start,
    replaced_contracts,
    service_starts,
    stages_for,
)
from intelligence.schedule.routes import Stage, StageRule, stage_end, stages_of

BOARDS, FREE_DAYS = "the board dates", "the days without publication"
ORDER, FIXED_STARTS, PINS = "the order of procurements", "the fixed service starts", "the pinned stages"
_MOST_TRIED = 8
"""Rules of a kind that are lifted one by one: each takes a search."""


def why_impossible(
    problem: ScheduleProblem, calendar: WorkingCalendar, possible: Callable[[ScheduleProblem], bool | None]
) -> tuple[str, ...]:
    """Why no schedule keeps every hard rule: a procurement that cannot be ready alone, some that wait for each other,
    else the rules that collide.

    `possible` tells whether a problem has a plan, or `None` if there was no time to find out.
    """
    alone = [sentence for entry in problem.procurements if (sentence := _too_late_alone(problem, calendar, entry))]
    if alone:
        return tuple(alone)
    if circle := _wait_in_a_circle(problem):
        return (circle,)
    relaxations = {
        "the officers' capacity": replace(problem, officers=()),
        "the limit on tenders open at once": replace(problem, tenders_open_at_most=None),
        BOARDS: replace(problem, board_dates=()),
        FREE_DAYS: replace(problem, blackouts=()),
        ORDER: replace(problem, precedences=()),
        FIXED_STARTS: replace(problem, fixed_start_ids=()),
        PINS: replace(problem, pins=()),
        "what bidders need": replace(problem, bidder_limits=()),
    }
    answers = {name: possible(relaxed) for name, relaxed in relaxations.items() if relaxed != problem}
    culprits = [
        one
        for name, answer in answers.items()
        if answer
        for one in [alone for alone, lifted in _each_of(problem, name) if possible(lifted)] or [name]
    ]
    if culprits:
        or_an_end = _or_an_end(any(_ending(problem, entry) for entry in problem.procurements))
        return tuple(
            f"they conflict, but one would be possible without {name}: change that{or_an_end}." for name in culprits
        )
    if None in answers.values():
        return ("they conflict, and the time was too short to find out which of them would have to give way.",)
    return ("they conflict, and lifting any one kind of rule is not enough.",)


def _wait_in_a_circle(problem: ScheduleProblem) -> str | None:
    """Which procurements wait for each other, stage for stage; what has begun waits no more."""
    begun = {(actual.procurement_id, actual.stage) for actual in problem.actuals}
    waits: defaultdict[tuple[str, Stage], set[tuple[str, Stage]]] = defaultdict(set)
    for entry in problem.procurements:
        for before, after in pairwise(stages_of(entry.route)):
            waits[entry.id, after.stage].add((entry.id, before.stage))
    for order in problem.precedences:
        if (order.second_id, order.before) not in begun:
            waits[order.second_id, order.before].add((order.first_id, order.after))
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        titles = {entry.id: entry.title for entry in problem.procurements}
        named = dict.fromkeys(titles[key] for key, _ in error.args[1])
        return f"{' and '.join(named)} wait for each other, so that none of them could begin: let one no longer wait."
    return None


def _each_of(problem: ScheduleProblem, kind: str) -> Iterator[tuple[str, ScheduleProblem]]:
    """What officers set one by one, each with the problem without it; none where they are too many to try."""
    title = {entry.id: entry.title for entry in problem.procurements}
    if kind == ORDER and len(problem.precedences) <= _MOST_TRIED:
        for order in problem.precedences:
            rest = tuple(each for each in problem.precedences if each != order)
            name = f"the wait of {title[order.second_id]} for {title[order.first_id]}"
            yield name, replace(problem, precedences=rest)
    if kind == FIXED_STARTS and len(problem.fixed_start_ids) <= _MOST_TRIED:
        for fixed in problem.fixed_start_ids:
            left = tuple(each for each in problem.fixed_start_ids if each != fixed)
            yield f"the fixed service start of {title[fixed]}", replace(problem, fixed_start_ids=left)
    if kind == PINS and len(problem.pins) <= _MOST_TRIED:
        for pin in problem.pins:
            others = tuple(each for each in problem.pins if each != pin)
            yield f"the pin on {pin.stage.words} of {title[pin.procurement_id]}", replace(problem, pins=others)


def _too_late_alone(problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement) -> str | None:
    ready = _earliest_ready(problem, calendar, procurement)
    if _is_in_time(problem, calendar, procurement, ready):
        return None
    if gap := _gap_before_it(problem, calendar, procurement):
        return gap
    ending = _ending(problem, procurement)
    fixed = procurement.id in problem.fixed_start_ids
    if in_its_way := _dates_in_its_way(problem, calendar, procurement):
        return (
            f"{procurement.title} cannot be ready in time, but could be without {in_its_way}: change these"
            f"{_or_an_end(bool(ending) and not fixed)}."
        )
    ready = ready or _earliest_ready(_without_own_days(problem), calendar, procurement)
    first = (
        f"{procurement.title} cannot be ready before {in_words(ready + ONE_DAY if ready else calendar.last)}, even if "
        f"work starts on {in_words(problem.as_of)} and no other procurement is in its way"
    )
    if fixed:
        return (
            f"{first}, but its services are fixed to start on {in_words(procurement.service_start)}. Shorten a stage, "
            "choose a quicker route or let them start later."
        )
    if not ending:
        return f"{first}. Start sooner, shorten a stage or choose a quicker route."
    contract = _first_to_end(ending)
    end = in_words(contract.latest_end or contract.end)
    return (
        f"{first}, but {contract.title} can run no longer than {end}. Shorten a stage, choose a quicker route or "
        "agree a later end."
    )


def _gap_before_it(problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement) -> str | None:
    """That a contract ends for good before the services are even asked for, however soon they could be ready."""
    if service_starts(problem, procurement, horizon(problem, calendar)):
        return None
    contract = _first_to_end(_ending(problem, procurement))
    asked, end = in_words(procurement.service_start), in_words(contract.latest_end or contract.end)
    return (
        f"{procurement.title} is to start on {asked}, but {contract.title} can run no longer than {end}. "
        "Ask for an earlier start or agree a later end."
    )


def _first_to_end(contracts: list[Contract]) -> Contract:
    return min(contracts, key=lambda entry: entry.latest_end or entry.end)


def _ending(problem: ScheduleProblem, procurement: Procurement) -> list[Contract]:
    """The contracts that it replaces and that can run no longer than some day."""
    return [contract for contract in replaced_contracts(problem, procurement) if contract.latest_end]


def _or_an_end(is_any: bool) -> str:
    """What else may be changed, where a contract has a latest end."""
    return ", or a contract's latest end" if is_any else ""


def _dates_in_its_way(problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement) -> str:
    """What keeps it from being ready in time, of the dates that officers set up; nothing where that is the law."""
    lifted = {
        FREE_DAYS: replace(problem, blackouts=()),
        BOARDS: replace(problem, board_dates=()),
        f"{BOARDS} and {FREE_DAYS}": _without_own_days(problem),
    }
    for name, easier in lifted.items():
        ready = _earliest_ready(easier, calendar, procurement) if easier != problem else None
        if _is_in_time(easier, calendar, procurement, ready):
            return name
    return ""


def _without_own_days(problem: ScheduleProblem) -> ScheduleProblem:
    return replace(problem, blackouts=(), board_dates=())


def _is_in_time(
    problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement, ready: date | None
) -> bool:
    starts = service_starts(problem, procurement, horizon(problem, calendar))
    return ready is not None and bool(starts) and ready < starts[-1]


def _earliest_ready(problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement) -> date | None:
    """The last day of mobilisation if stages ahead come as early as their dates allow, officers and others aside."""
    day = problem.as_of - ONE_DAY
    begun = begun_stages(problem, procurement, calendar)
    try:
        for rule in stages_for(problem, procurement):
            if rule.stage in begun:
                day = max(day, begun[rule.stage][1])
                continue
            start = calendar.next_working_day(day + ONE_DAY)
            while not _may_run(problem, calendar, procurement, rule, start):
                start = calendar.next_working_day(start + ONE_DAY)
            day = stage_end(rule, calendar, start)
    except CalendarError:
        return None
    return day


def _may_run(
    problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement, rule: StageRule, start: date
) -> bool:
    end = stage_end(rule, calendar, start)
    return may_start(problem, procurement, rule, start) and may_end(problem, procurement, rule, end)
