"""Results from dates: what a search found, written as the frozen types that are stored and shown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from intelligence.market import Procurement
from intelligence.schedule.calendar import ONE_DAY, WorkingCalendar
from intelligence.schedule.plan import PlannedProcurement, PlannedStage
from intelligence.schedule.routes import Stage, StageRule


def planned_stage(rule: StageRule, start: date, end: date) -> PlannedStage:
    return PlannedStage(
        stage=rule.stage,
        start=start,
        end=end,
        days=rule.days,
        counting=rule.counting,
        evidence=rule.evidence,
        source=rule.source,
        legal_floor=rule.legal_floor,
    )


def planned_procurement(
    calendar: WorkingCalendar,
    procurement: Procurement,
    rules: Sequence[StageRule],
    stages: tuple[PlannedStage, ...],
    service_start: date,
) -> PlannedProcurement:
    """A procurement with its `stages`, one for each of `rules`; why it stands there is said once all are planned."""
    published = (stage.start for rule, stage in zip(rules, stages, strict=True) if rule.publishes)
    return PlannedProcurement(
        procurement_id=procurement.id,
        title=procurement.title,
        route=procurement.route,
        stages=stages,
        publish=next(published, None),
        award=next(stage.start for stage in stages if stage.stage is Stage.AWARD),
        service_start=service_start,
        slack_days=len(calendar.working_days(stages[-1].end + ONE_DAY, service_start - ONE_DAY)),
        why="",
        officer=procurement.officer,
    )
