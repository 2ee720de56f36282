"""What may be said of the order of procurements: no stage waits for itself."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from webapp.analysis.procurements.rules import Trouble, rules_of
from webapp.models import Following, Procurement, Stage

Step = tuple[uuid.UUID, int]
"""A procurement, and the number of a stage on its route."""


@dataclass(frozen=True, slots=True)
class SaidOfOrder:
    """That `before` of a procurement starts at least so many working days after `after` of the first has ended."""

    first: Procurement
    after: Stage
    before: Stage
    lag_days: int
    reason: str


def order_trouble(procurement: Procurement, said: SaidOfOrder, known: Sequence[Following]) -> Trouble | None:
    """Both stages are on their routes, nothing is said twice, and no stage waits for itself."""
    first = said.first
    for field, entry, stage in (("after", first, said.after), ("before", procurement, said.before)):
        if stage not in rules_of(entry.route.value):
            return Trouble(field, f"{entry.title} has no such stage on its route. Choose another")
    for each in known:
        same = (each.procurement_id, each.first_id, each.after, each.before)
        if same == (procurement.id, first.id, said.after, said.before):
            return Trouble("first", f"It is said already that it waits for this stage of {first.title}")
    if _waits_for(procurement, said, known):
        return Trouble("first", f"{first.title} already waits for this procurement, so neither could ever begin")
    return None


def _waits_for(procurement: Procurement, said: SaidOfOrder, known: Sequence[Following]) -> bool:
    """Whether the end of the first's stage has to wait, directly or through others, for the stage that would wait."""
    target = _step(said.first, said.after)
    ahead, seen = [_step(procurement, said.before)], set[Step]()
    while ahead:
        key, number = step = ahead.pop()
        if step in seen:
            continue
        seen.add(step)
        if key == target[0] and number <= target[1]:
            return True
        for each in known:
            if each.first_id == key and _is_on_route(each) and _step(each.first, each.after)[1] >= number:
                ahead.append(_step(each.procurement, each.before))
    return False


def _is_on_route(row: Following) -> bool:
    """A route may have changed since, and lost the stage."""
    return row.after in rules_of(row.first.route.value) and row.before in rules_of(row.procurement.route.value)


def _step(procurement: Procurement, stage: Stage) -> Step:
    return procurement.id, list(rules_of(procurement.route.value)).index(stage)
