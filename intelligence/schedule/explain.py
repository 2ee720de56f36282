"""Plain sentences: why a procurement stands where it stands, what is wrong with a schedule, why there is none."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from itertools import pairwise

from intelligence.market import Procurement
from intelligence.schedule.calendar import ONE_DAY, CalendarError, WorkingCalendar
from intelligence.schedule.costs import days_between, tender_window
from intelligence.schedule.plan import BindingRule, PlannedProcurement, PlannedStage, ScheduleProblem
from intelligence.schedule.requirements import (
    extension_days,
    horizon,
    may_end,
    may_start,
    replaced_contracts,
    service_starts,
    stages_for,
)
from intelligence.schedule.routes import Stage, StageRule, stage_end

_MOST_NAMED = 3

_STAGE_NAMES = {
    Stage.APPROVE_TO_PROCEED: "approval to proceed",
    Stage.PREPARE: "preparation",
    Stage.INTENDED_APPROACH: "the notice of the intended approach",
    Stage.PARTICIPATION: "requests to participate",
    Stage.DIALOGUE: "dialogue",
    Stage.TENDER: "the tender",
    Stage.EVALUATE: "evaluation",
    Stage.APPROVE_AWARD: "approval of the award",
    Stage.STANDSTILL: "the award notice and standstill",
    Stage.AWARD: "the award",
    Stage.MOBILISE: "mobilisation",
}


def in_words(day: date) -> str:
    """A date as officers write it: 1 April 2027."""
    return f"{day.day} {day:%B %Y}"


def why_it_stands(
    problem: ScheduleProblem,
    calendar: WorkingCalendar,
    item: PlannedProcurement,
    planned: tuple[PlannedProcurement, ...],
) -> str:
    """What holds a procurement in its place: its service start, then each wait and the reason for it."""
    procurement = next(entry for entry in problem.procurements if entry.id == item.procurement_id)
    sentences = [_anchor(problem, procurement, item)]
    for before, after in pairwise(item.stages):
        if days := days_between(calendar, before, after):
            reason = _reason_to_wait(problem, item, before, after, planned)
            sentences.append(f"It waits {_days(days, 'working day')} before {_STAGE_NAMES[after.stage]}, {reason}.")
    sentences += _binding_sentences(problem, item)
    return " ".join(sentences)


_BINDING_REASONS = {
    BindingRule.SHARED_BIDDERS: "so that its tender does not run beside others with the same bidders",
    BindingRule.OFFICER: "because its officer has other work",
    BindingRule.OPEN_TENDERS: "because of the limit on tenders open at once",
    BindingRule.BOARD_DATES: "because of the board dates",
    BindingRule.BLACKOUTS: "because of the days on which nothing is published or closes",
    BindingRule.BIDDER_LIMITS: "because of what its bidders need",
    BindingRule.PRECEDENCE: "because of the procurements that it must follow or precede",
    BindingRule.PIN: "because a stage is pinned",
    BindingRule.EARLIER_PLAN: "to stay near the earlier plan",
}


def _binding_sentences(problem: ScheduleProblem, item: PlannedProcurement) -> Iterator[str]:
    """What each rule that binds it does to the start of its work."""
    for binding in item.binding:
        if not binding.days:
            continue
        met = set(binding.procurement_ids)
        titles = [entry.title for entry in problem.procurements if entry.id in met][:_MOST_NAMED]
        named = f" ({', '.join(titles)})" if titles else ""
        days = _days(abs(binding.days), "working day")
        direction = "sooner" if binding.days > 0 else "later"
        yield f"It starts {days} {direction} than it otherwise would, {_BINDING_REASONS[binding.rule]}{named}."


def _anchor(problem: ScheduleProblem, procurement: Procurement, item: PlannedProcurement) -> str:
    start = in_words(item.service_start)
    late = (item.service_start - procurement.service_start).days
    wanted = problem.penalties.wanted_slack_days
    if late:
        return f"It cannot be ready for {in_words(procurement.service_start)}, so the service starts on {start}."
    spare = f"{_days(item.slack_days, 'working day')} in hand before the service starts on {start}"
    if item.slack_days < wanted:
        return f"It has only {spare}; {wanted} are wanted."
    return f"It is timed to leave {spare}."


def _reason_to_wait(
    problem: ScheduleProblem,
    item: PlannedProcurement,
    before: PlannedStage,
    after: PlannedStage,
    planned: tuple[PlannedProcurement, ...],
) -> str:
    """The first rule that keeps `after` from starting as soon as `before` has ended."""
    if after.stage is Stage.APPROVE_AWARD and problem.board_dates:
        return f"for the board of {in_words(after.end)}"
    for blackout in problem.blackouts:
        if before.end < blackout.last < after.start and blackout.first <= after.start - ONE_DAY:
            return f"because nothing is published in the {blackout.name} freeze"
    others = tuple(entry for entry in planned if entry is not item)
    if after.stage is Stage.TENDER and (rival := _rival_tender(problem, item, before, after, others)):
        return f"so that its tender does not run beside {rival.title}, which shares bidders with it"
    if _officer_is_busy(problem, item, after, others):
        return f"because {item.officer} is busy with other procurements"
    board = next((stage for stage in item.stages if stage.stage is Stage.APPROVE_AWARD), None)
    if board is not None and after.end < board.end and problem.board_dates:
        return f"as no sooner start is needed for the board of {in_words(board.end)}"
    return "so that it starts no sooner than it must"


def _rival_tender(
    problem: ScheduleProblem,
    item: PlannedProcurement,
    before: PlannedStage,
    after: PlannedStage,
    others: tuple[PlannedProcurement, ...],
) -> PlannedProcurement | None:
    pairs = [{pair.first_id, pair.second_id} for pair in problem.bidder_pairs]
    for other in others:
        window = tender_window(other)
        shares = {item.procurement_id, other.procurement_id} in pairs
        if shares and window is not None and before.end < window.end < after.start:
            return other
    return None


def _officer_is_busy(
    problem: ScheduleProblem, item: PlannedProcurement, after: PlannedStage, others: tuple[PlannedProcurement, ...]
) -> bool:
    officer = next((entry for entry in problem.officers if entry.name == item.officer), None)
    if officer is None:
        return False
    eve = after.start - ONE_DAY
    load = _officer_percent(problem, item, after)
    for other in others:
        if other.officer == item.officer:
            load += sum(_officer_percent(problem, other, stage) for stage in other.stages if _covers(stage, eve))
    return load > officer.capacity_percent


def _covers(stage: PlannedStage, day: date) -> bool:
    return stage.start <= day <= stage.end


def _officer_percent(problem: ScheduleProblem, item: PlannedProcurement, stage: PlannedStage) -> int:
    procurement = next(entry for entry in problem.procurements if entry.id == item.procurement_id)
    return next(rule.officer_percent for rule in stages_for(problem, procurement) if rule.stage is stage.stage)


def warnings_about(problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]) -> tuple[str, ...]:
    """What an officer must know before signing the schedule."""
    starts = {item.procurement_id: item.service_start for item in planned}
    found = []
    for contract in problem.contracts:
        successors = [entry for entry in problem.procurements if contract in replaced_contracts(problem, entry)]
        if not successors:
            found.append(f"{contract.title} ends on {in_words(contract.end)} and no procurement replaces it.")
            continue
        start = max(starts[entry.id] for entry in successors)
        if days := extension_days(contract, start):
            limit = (
                f"its latest end is {in_words(contract.latest_end)}"
                if contract.latest_end
                else "no extension option is recorded, so check that one exists"
            )
            found.append(
                f"{contract.title} ends on {in_words(contract.end)} and needs an extension of {_days(days, 'day')}, "
                f"until the service starts on {in_words(start)}; {limit}."
            )
    for entry in problem.procurements:
        if late := (starts[entry.id] - entry.service_start).days:
            found.append(f"{entry.title} starts {_days(late, 'day')} after {in_words(entry.service_start)}.")
    return tuple(found)


def why_impossible(
    problem: ScheduleProblem, calendar: WorkingCalendar, possible: Callable[[ScheduleProblem], bool]
) -> tuple[str, ...]:
    """Why no schedule keeps every hard rule: a procurement that cannot be ready alone, else the rules that collide."""
    alone = [sentence for entry in problem.procurements if (sentence := _too_late_alone(problem, calendar, entry))]
    if alone:
        return tuple(alone)
    relaxations = {
        "the officers' capacity": replace(problem, officers=()),
        "the limit on tenders open at once": replace(problem, tenders_open_at_most=None),
        "the board dates": replace(problem, board_dates=()),
        "the blackouts": replace(problem, blackouts=()),
    }
    culprits = [name for name, relaxed in relaxations.items() if relaxed != problem and possible(relaxed)]
    if culprits:
        return tuple(
            f"they conflict, but one would be possible without {name}: change that, or a contract's latest end."
            for name in culprits
        )
    return ("they conflict, and lifting any one kind of rule is not enough.",)


def _too_late_alone(problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement) -> str | None:
    starts = service_starts(problem, procurement, horizon(problem, calendar))
    ready = earliest_ready(problem, calendar, procurement)
    if ready is not None and starts and ready < starts[-1]:
        return None
    ending = [contract for contract in replaced_contracts(problem, procurement) if contract.latest_end]
    earliest = (
        f"{procurement.title} cannot be ready before {in_words(ready + ONE_DAY)}"
        if ready
        else f"{procurement.title} cannot be ready within the years whose bank holidays are known"
    )
    first = f"{earliest}, even if work starts on {in_words(problem.as_of)} and nothing else is in its way"
    if not ending:
        return f"{first}. Start sooner, shorten a stage or choose a quicker route."
    contract = min(ending, key=lambda entry: entry.latest_end or entry.end)
    end = in_words(contract.latest_end or contract.end)
    return (
        f"{first}, but {contract.title} can run no longer than {end}. Shorten a stage, choose a quicker route or agree \
a later end."
    )


def earliest_ready(problem: ScheduleProblem, calendar: WorkingCalendar, procurement: Procurement) -> date | None:
    """The last day of mobilisation if every stage comes as early as its dates allow, officers and others aside."""
    day = problem.as_of - ONE_DAY
    try:
        for rule in stages_for(problem, procurement):
            start = calendar.next_working_day(day + ONE_DAY)
            while not (_may_run(problem, calendar, procurement, rule, start)):
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


def _days(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
