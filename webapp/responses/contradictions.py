"""Answers that cannot all be so, though each of them alone could."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from webapp.language import _
from webapp.models import Lot, Measure, Question, QuestionKind
from webapp.responses.items import Item, Say, Value
from webapp.web import format as shown

Answers = Mapping[Measure, Mapping[Lot | None, tuple[Item, Any]]]


def can_contradict(asked: Iterable[Question]) -> bool:
    """Whether an answer to one of these can be the one that is found wrong beside another."""
    return any(question.measure in _NOT_BELOW or question.kind is QuestionKind.PACKAGES for question in asked)


def is_compared(question: Question) -> bool:
    """Whether its answers are held against others, or others against them."""
    return question.measure in _COMPARED or question.kind is QuestionKind.PACKAGES


def contradictions(answers: Mapping[Item, Value]) -> list[tuple[Item, Say]]:
    """Of each pair the answer to correct, with what is wrong about it."""
    by_measure: defaultdict[Measure, dict[Lot | None, tuple[Item, Any]]] = defaultdict(dict)
    for item, value in answers.items():
        if item.question.measure is not None:
            by_measure[item.question.measure][item.lot] = (item, value)
    return [*_below(by_measure), *_too_many_at_once(answers, by_measure)]


def _below(answers: Answers) -> Iterator[tuple[Item, Say]]:
    for measure, (least_of, about) in _NOT_BELOW.items():
        for lot, (item, value) in answers.get(measure, {}).items():
            _item, least = answers.get(least_of, {}).get(lot, (None, None))
            if least is not None and value < least:
                yield item, about(least)


def _too_many_at_once(answers: Mapping[Item, Value], by_measure: Answers) -> Iterator[tuple[Item, Say]]:
    """Nobody can want more lots together than it could hold."""
    _item, most = by_measure.get(Measure.HELD_AT_MOST, {}).get(None, (None, None))
    if most is None:
        return
    for item, packages in answers.items():
        if item.question.kind is QuestionKind.PACKAGES and isinstance(packages, list):
            number = next((number for number, lots in enumerate(packages, 1) if len(lots) > most), None)
            if number is not None:
                yield item, _more_than_held(most, number)


def _fewer_than(staff: float) -> Say:
    return lambda subject: _(
        "%(subject)s must be %(staff)s or more, because those of the first day are included",
        subject=subject,
        staff=shown.number(staff, 2),
    )


def _fewer_than_startable(lots: int) -> Say:
    return lambda subject: _(
        "%(subject)s must be %(lots)s or more, because you answered that you could start that many together",
        subject=subject,
        lots=shown.number(lots),
    )


def _before_the_earliest(day: str) -> Say:
    return lambda subject: _(
        "%(subject)s must be %(day)s or later, because you answered that you could start on that day at the earliest",
        subject=subject,
        day=shown.day(date.fromisoformat(day)),
    )


def _more_than_held(most: int, package: int) -> Say:
    return lambda subject: _(
        "%(subject)s must have no more lots in package %(number)s than you could hold at most, which is %(lots)s",
        subject=subject,
        number=package,
        lots=shown.number(most),
    )


_NOT_BELOW: Mapping[Measure, tuple[Measure, Callable[[Any], Say]]] = {
    # The staff in post after 6 months are counted with those of the first day.
    Measure.WTE_MONTH_6: (Measure.WTE_AT_START, _fewer_than),
    # Who starts lots together holds them.
    Measure.HELD_AT_MOST: (Measure.STARTABLE_TOGETHER, _fewer_than_startable),
    Measure.LATEST_START: (Measure.EARLIEST_START, _before_the_earliest),  # days in ISO form, in order as texts
}
"""What must not be below an answer about the same lot, with the words for when it is."""
_COMPARED = frozenset(measure for later, (least_of, _about) in _NOT_BELOW.items() for measure in (later, least_of))
