"""Results from places on the axis: what a search found, written as the frozen types that are stored and shown."""

from __future__ import annotations

from intelligence.schedule.axis import Axis, AxisStage
from intelligence.schedule.calendar import ONE_DAY
from intelligence.schedule.items import Item, Place
from intelligence.schedule.placement import Board
from intelligence.schedule.plan import PlannedProcurement, PlannedStage
from intelligence.schedule.routes import Stage


def planned_procurements(board: Board) -> tuple[PlannedProcurement, ...]:
    """The plan of a board on which every procurement stands; why it stands there is said once all are planned."""
    return tuple(
        _planned_procurement(board.axis, item, place)
        for item, place in zip(board.items, board.places, strict=True)
        if place is not None
    )


def _planned_procurement(axis: Axis, item: Item, place: Place) -> PlannedProcurement:
    stages = tuple(
        _planned_stage(axis, stage, start, end)
        for stage, start, end in zip(item.axis_stages, place.starts, place.ends, strict=True)
    )
    published = (planned.start for stage, planned in zip(item.axis_stages, stages, strict=True) if stage.rule.publishes)
    service_start = item.service_starts[place.service]
    return PlannedProcurement(
        procurement_id=item.procurement.id,
        title=item.procurement.title,
        route=item.procurement.route,
        stages=stages,
        publish=next(published, None),
        award=next(stage.start for stage in stages if stage.stage is Stage.AWARD),
        service_start=service_start,
        slack_days=axis.calendar.count(stages[-1].end + ONE_DAY, service_start - ONE_DAY),
        why="",
        officer=item.procurement.officer,
    )


def _planned_stage(axis: Axis, stage: AxisStage, start: int, end: int) -> PlannedStage:
    first, last = stage.begun or (axis.days[start], axis.days[end - 1])
    return PlannedStage(
        stage=stage.rule.stage,
        start=first,
        end=last,
        days=stage.rule.days,
        counting=stage.rule.counting,
        evidence=stage.rule.evidence,
        source=stage.rule.source,
        legal_floor=stage.rule.legal_floor,
        begun=stage.begun is not None,
    )
