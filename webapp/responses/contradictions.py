"""Answers that cannot all be so, though each of them alone could."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from webapp.language import _
from webapp.models import Lot, Measure, Question
from webapp.responses.items import Item, Say, Value
from webapp.web import format as shown


def can_contradict(asked: Iterable[Question]) -> bool:
    """Whether an answer to one of these can be the later of two."""
    return any(question.measure is Measure.WTE_MONTH_6 for question in asked)


def contradictions(answers: Mapping[Item, Value]) -> list[tuple[Item, Say]]:
    """The later of two answers, with what is wrong about it.

    The staff in post after 6 months are counted with those of the first day, so they cannot be fewer.
    """
    at_start: dict[Lot | None, Any] = {}
    month_6: dict[Lot | None, tuple[Item, Any]] = {}
    for item, value in answers.items():
        measure = item.question.measure
        if measure is Measure.WTE_AT_START:
            at_start[item.lot] = value
        elif measure is Measure.WTE_MONTH_6:
            month_6[item.lot] = (item, value)
    return [
        (item, _fewer_than(at_start[lot])) for lot, (item, value) in month_6.items() if value < at_start.get(lot, 0)
    ]


def _fewer_than(staff: float) -> Say:
    return lambda subject: _(
        "%(subject)s must be %(staff)s or more, because those of the first day are included",
        subject=subject,
        staff=shown.number(staff, 2),
    )
