"""What whoever signs dates has to know of the plan that they are from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from intelligence import Schedule
from intelligence.schedule.costs import shared_tender_days, tender_window
from intelligence.schedule.explain import warnings_concerning
from intelligence.schedule.holidays import calendar_of
from intelligence.schedule.load import bidder_load
from intelligence.schedule.plan import PlannedProcurement
from intelligence.schedule.problem import ScheduleProblem
from intelligence.schedule.requirements import contracts_by_procurement
from webapp.analysis.planning.pages.words import status_of
from webapp.analysis.recommendations.content import PlanWarnings
from webapp.web.format import number, plural

NOT_HELD = "It was put up before recommendations held what the plan warns of. The plan itself says it."


def plan_warnings(schedule: Schedule, item: PlannedProcurement) -> PlanWarnings:
    """Of a whole schedule, as its digest has no bidders."""
    concerning = list(warnings_concerning(schedule.problem, schedule.procurements))
    own = [sentence for about, sentence in concerning if item.procurement_id in about]
    said_of_one = {sentence for _, sentence in concerning}
    stored = [sentence for sentence in schedule.warnings if sentence not in said_of_one]
    of_the_plan, of_others = _apart(stored, schedule.problem, item)
    return PlanWarnings(
        quality=status_of(schedule),
        in_hand=item.slack_days,
        wanted=schedule.problem.penalties.wanted_slack_days,
        said=(*own, *_beside_others(schedule, item), *_too_many_at_once(schedule, item), *of_the_plan),
        about_others=len(concerning) - len(own) + of_others,
    )


def _apart(stored: Iterable[str], problem: ScheduleProblem, item: PlannedProcurement) -> tuple[list[str], int]:
    """What stands for this procurement, and how many are about others alone, such as orders between them that could not
    be planned. What an earlier version said of ends and starts in other words is said anew already."""
    replaced = contracts_by_procurement(problem)[item.procurement_id]
    own = {item.title} | {contract.title for contract in replaced}
    titles = {each.title for each in problem.procurements} | {contract.title for contract in problem.contracts}
    said, of_others = [], 0
    for sentence in stored:
        if sentence.startswith(tuple(f"{title} {verb} " for title in titles for verb in ("ends on", "starts"))):
            continue
        if any(_names(sentence, title) for title in own) or not any(_names(sentence, title) for title in titles):
            said.append(sentence)
        else:
            of_others += 1
    return said, of_others


def _names(sentence: str, title: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(title)}(?!\w)", sentence) is not None


def _beside_others(schedule: Schedule, item: PlannedProcurement) -> Iterator[str]:
    """The tenders whose likely bidders could not answer this one too, and that are open beside it."""
    calendar, planned = calendar_of(schedule.problem), {each.procurement_id: each for each in schedule.procurements}
    for pair in schedule.problem.bidder_pairs:
        if item.procurement_id not in (pair.first_id, pair.second_id):
            continue
        other = planned[pair.second_id if pair.first_id == item.procurement_id else pair.first_id]
        if days := shared_tender_days(calendar, tender_window(item), tender_window(other)):
            yield (
                f"Its tender is open beside that of {other.title} on {plural(days, 'working day')}, and likely bidders "
                "of both said that they cannot answer so many at once."
            )


def _too_many_at_once(schedule: Schedule, item: PlannedProcurement) -> Iterator[str]:
    """Without names: whoever may not read responses reads what is signed."""
    bidders = sum(
        load.capacity is not None
        and any(
            period.load > load.capacity and item.procurement_id in period.procurement_ids for period in load.periods
        )
        for load in bidder_load(schedule)
    )
    if bidders:
        yield (
            f"While its tender is open, {plural(bidders, 'likely bidder')} would have more tenders open at once than "
            f"{'it' if bidders == 1 else 'they'} said can be answered."
        )


def plan_lead(plan: PlanWarnings | None) -> str:
    """For who reads the first paragraph alone."""
    count = len(plan.said) if plan else 0
    return f"Its plan gives {plural(count, 'warning')}, which stand with the dates." if count else ""


def plan_lines(plan: PlanWarnings | None) -> list[str]:
    """How good the plan is and all that it warns of, a sentence or two each."""
    if plan is None:
        return [NOT_HELD]
    wanted = f"; {number(plan.wanted)} are wanted" if plan.in_hand < plan.wanted else ""
    more, verb = plural(plan.about_others, "more warning"), "is" if plan.about_others == 1 else "are"
    of_others = f"{more} of the plan {verb} about other procurements or contracts."
    return [
        f"The plan. {plan.quality}",
        f"{plural(plan.in_hand, 'working day')} in hand between mobilisation and the start of services{wanted}.",
        *(plan.said or ("The plan warns of nothing about this procurement.",)),
        *([of_others] if plan.about_others else []),
    ]
