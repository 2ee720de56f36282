"""Planning again: after actuals, or to see what would move if a date slipped; what need not move stays."""

from __future__ import annotations

from dataclasses import replace

from intelligence.schedule.budget import TimeLeft, for_ever
from intelligence.schedule.changes import Replan, changes_between, in_sentences
from intelligence.schedule.plan import Schedule
from intelligence.schedule.problem import EarlierStart, ScheduleProblem
from intelligence.schedule.solve import Heard, nobody_hears, plan_schedule


def replan(
    earlier: Schedule,
    problem: ScheduleProblem,
    *,
    seed: int,
    seconds: float = 10.0,
    progress: Heard = nobody_hears,
    time_left: TimeLeft = for_ever,
) -> Replan:
    """Plan `problem`, which changed since the `earlier` plan was made, moving as little as is worth it.

    Every working day by which a stage moves costs `problem.penalties.moved_day`, so it moves only where a rule forces
    it or where it saves more than that.

    Raises:
        ScheduleError, CalendarError: as :func:`plan_schedule`.

    >>> from datetime import date
    >>> from intelligence.market import Procurement, Route
    >>> dental = Procurement("D", "Dental", Route.PSR_COMPETITIVE, ("D1",), date(2027, 4, 1), mobilisation_days=70)
    >>> earlier = plan_schedule(ScheduleProblem(date(2026, 1, 5), (dental,)), seed=1)
    >>> longer = replace(dental, mobilisation_days=80)
    >>> (change,) = replan(earlier, ScheduleProblem(date(2026, 1, 5), (longer,)), seed=1).changes
    >>> change.stage.value, change.was_last.isoformat(), change.now_last.isoformat()
    ('mobilise', '2027-03-01', '2027-03-15')
    """
    known = {procurement.id for procurement in problem.procurements}
    begun = {(actual.procurement_id, actual.stage) for actual in problem.actuals}
    starts = tuple(
        EarlierStart(item.procurement_id, stage.stage, stage.start)
        for item in earlier.procurements
        for stage in item.stages
        if item.procurement_id in known and (item.procurement_id, stage.stage) not in begun
    )
    anchored = replace(problem, earlier_starts=starts)
    schedule = plan_schedule(anchored, seed=seed, seconds=seconds, progress=progress, time_left=time_left)
    changes = changes_between(earlier, schedule) if schedule.procurements else ()
    return Replan(schedule, changes, in_sentences(changes) if schedule.procurements else schedule.warnings)
