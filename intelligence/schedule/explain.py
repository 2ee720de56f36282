"""Plain sentences: why a procurement stands where it stands, and what is wrong with a schedule."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from intelligence.schedule.calendar import ONE_DAY, WorkingCalendar
from intelligence.schedule.costs import days_between, tender_window
from intelligence.schedule.plan import Binding, BindingRule, PlannedProcurement, PlannedStage
from intelligence.schedule.problem import Blackout, ScheduleProblem
from intelligence.schedule.requirements import blackout_on, contracts_by_procurement, extension_days, stages_for
from intelligence.schedule.routes import Stage, stage_end

_MOST_NAMED = 3


def in_words(day: date) -> str:
    """A date as officers write it: 1 April 2027."""
    return f"{day.day} {day:%B %Y}"


_BINDING_REASONS = {
    BindingRule.SHARED_BIDDERS: "so that its tender does not run beside others with the same bidders",
    BindingRule.OFFICER: "because its officer has other work",
    BindingRule.OPEN_TENDERS: "because of the limit on tenders open at once",
    BindingRule.BOARD_DATES: "because of the board dates",
    BindingRule.BLACKOUTS: "because of the days on which nothing is published or closes",
    BindingRule.BIDDER_LIMITS: "because of what its bidders need",
    BindingRule.PRECEDENCE: "because of the procurements that it must follow or precede",
    BindingRule.PIN: "because a stage is pinned",
}


class Explainer:
    """Why each procurement of a plan stands where it stands; what many of them ask for is looked up once."""

    def __init__(
        self, problem: ScheduleProblem, calendar: WorkingCalendar, planned: tuple[PlannedProcurement, ...]
    ) -> None:
        self._problem = problem
        self._calendar = calendar
        self._asked = {entry.id: entry for entry in problem.procurements}
        self._officers = {officer.name: officer for officer in problem.officers}
        self._rules = {
            entry.id: {rule.stage: rule for rule in stages_for(problem, entry)} for entry in problem.procurements
        }
        self._before = {(entry.procurement_id, entry.stage): entry.start for entry in problem.earlier_starts}
        self._work: dict[str | None, list[PlannedProcurement]] = {}
        for item in planned:
            self._work.setdefault(item.officer, []).append(item)
        self._windows = {item.procurement_id: (item, tender_window(item)) for item in planned}
        self._rivals: dict[str, list[str]] = {}
        for pair in problem.bidder_pairs:
            self._rivals.setdefault(pair.first_id, []).append(pair.second_id)
            self._rivals.setdefault(pair.second_id, []).append(pair.first_id)

    def why(self, item: PlannedProcurement) -> str:
        """What holds a procurement in its place: its service start, then each wait and the reason for it."""
        sentences = [self._anchor(item)]
        for before, after in pairwise(item.stages):
            if days := days_between(self._calendar, before, after):
                reason = self._reason_to_wait(item, before, after)
                sentences.append(f"It waits {_days(days, 'working day')} before {after.stage.words}, {reason}.")
        sentences += self._binding_sentences(item)
        return " ".join(sentences)

    def _anchor(self, item: PlannedProcurement) -> str:
        asked = self._asked[item.procurement_id].service_start
        start = in_words(item.service_start)
        wanted = self._problem.penalties.wanted_slack_days
        if item.service_start > asked:
            return f"It cannot be ready for {in_words(asked)}, so the service starts on {start}."
        spare = f"{_days(item.slack_days, 'working day')} in hand before the service starts on {start}"
        if item.slack_days < wanted:
            return f"It has only {spare}; {wanted} are wanted."
        return f"It is timed to leave {spare}."

    def _reason_to_wait(self, item: PlannedProcurement, before: PlannedStage, after: PlannedStage) -> str:
        """The first rule that keeps `after` from starting as soon as `before` has ended."""
        if after.stage is Stage.APPROVE_AWARD and self._problem.board_dates:
            return f"for the board of {in_words(after.end)}"
        if blackout := self._blackout_before(item, after):
            return f"because nothing is published or closes in the {blackout.name} freeze"
        if after.stage is Stage.TENDER and (rival := self._rival_tender(item, before, after)):
            return f"so that its tender does not run beside {rival.title}, which shares bidders with it"
        if self._officer_is_busy(item, after):
            return f"because {item.officer} is busy with other procurements"
        board = next((stage for stage in item.stages if stage.stage is Stage.APPROVE_AWARD), None)
        if board is not None and after.end < board.end and self._problem.board_dates:
            return f"as no sooner start is needed for the board of {in_words(board.end)}"
        return "so that it starts no sooner than it must"

    def _blackout_before(self, item: PlannedProcurement, after: PlannedStage) -> Blackout | None:
        """The blackout in which a stage would be published or close if it started a working day sooner."""
        rule = self._rules[item.procurement_id][after.stage]
        eve = after.start - ONE_DAY
        while not self._calendar.is_working_day(eve):
            eve -= ONE_DAY
        published = blackout_on(self._problem, eve) if rule.publishes else None
        return published or (
            blackout_on(self._problem, stage_end(rule, self._calendar, eve)) if rule.submissions else None
        )

    def _rival_tender(
        self, item: PlannedProcurement, before: PlannedStage, after: PlannedStage
    ) -> PlannedProcurement | None:
        for rival_id in self._rivals.get(item.procurement_id, ()):
            rival, window = self._windows[rival_id]
            if window is not None and before.end < window.end < after.start:
                return rival
        return None

    def _officer_is_busy(self, item: PlannedProcurement, after: PlannedStage) -> bool:
        officer = self._officers.get(item.officer or "")
        if officer is None:
            return False
        eve = after.start - ONE_DAY
        load = self._rules[item.procurement_id][after.stage].officer_percent
        for other in self._work[item.officer]:
            if other is not item:
                rules = self._rules[other.procurement_id]
                load += sum(
                    rules[stage.stage].officer_percent for stage in other.stages if stage.start <= eve <= stage.end
                )
        return load > officer.capacity_percent

    def _binding_sentences(self, item: PlannedProcurement) -> Iterator[str]:
        """What each rule that binds it does to the start of its work."""
        alone = 0
        for binding in item.binding:
            if not binding.days:
                continue
            if binding.rule is BindingRule.EARLIER_PLAN:
                yield self._near_the_plan_before(item, binding)
                continue
            titles = [self._asked[key].title for key in binding.procurement_ids[:_MOST_NAMED]]
            named = f" ({', '.join(titles)})" if titles else ""
            days = _days(abs(binding.days), "working day")
            direction = "sooner" if binding.days > 0 else "later"
            yield f"It starts {days} {direction} than it otherwise would, {_BINDING_REASONS[binding.rule]}{named}."
            alone += 1
        if alone > 1:
            yield "Each of these is for that rule alone, all others kept: they do not add up."

    def _near_the_plan_before(self, item: PlannedProcurement, binding: Binding) -> str:
        """Where the plan before had it, and what would be better if nothing were the dearer for moving."""
        first = next(stage for stage in item.stages if not stage.begun)
        was = self._before.get((item.procurement_id, first.stage), first.start)
        stands = "still does" if was == first.start else f"now does on {in_words(first.start)}"
        days = _days(abs(binding.days), "working day")
        direction = "later" if binding.days > 0 else "sooner"
        better = " and ".join(gain.words for gain in binding.gains)
        return (
            f"In the plan before, {first.stage.words} began on {in_words(was)} and {stands}: each working day by which "
            f"a stage moves counts against a new plan. Planned afresh, its work would start {days} {direction}, and "
            f"{better}."
        )


def warnings_about(problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]) -> tuple[str, ...]:
    """What an officer must know before signing the schedule."""
    return tuple(sentence for _, sentence in warnings_concerning(problem, planned))


def warnings_concerning(
    problem: ScheduleProblem, planned: tuple[PlannedProcurement, ...]
) -> Iterator[tuple[frozenset[str], str]]:
    """Each warning with the procurements that it is about: none where no procurement replaces what ends."""
    starts = {item.procurement_id: item.service_start for item in planned}
    successors: dict[str, set[str]] = {}
    for procurement_id, contracts in contracts_by_procurement(problem).items():
        for contract in contracts:
            successors.setdefault(contract.id, set()).add(procurement_id)
    for contract in problem.contracts:
        if contract.id not in successors:
            yield frozenset(), f"{contract.title} ends on {in_words(contract.end)} and no procurement replaces it."
            continue
        start = max(starts[procurement_id] for procurement_id in successors[contract.id])
        if days := extension_days(contract, start):
            limit = (
                f"its latest end is {in_words(contract.latest_end)}"
                if contract.latest_end
                else "no extension option is recorded, so check that one exists"
            )
            yield (
                frozenset(successors[contract.id]),
                f"{contract.title} ends on {in_words(contract.end)} and needs an extension of {_days(days, 'day')}, "
                f"until the service starts on {in_words(start)}; {limit}.",
            )
    for entry in problem.procurements:
        if late := (starts[entry.id] - entry.service_start).days:
            yield (
                frozenset({entry.id}),
                f"{entry.title} starts {_days(late, 'day')} after {in_words(entry.service_start)}.",
            )


def _days(count: int, unit: str) -> str:
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
