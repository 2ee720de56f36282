"""Answers in numbers and money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from webapp.language import Later, _
from webapp.models import Measure, Question
from webapp.responses.items import AnswerError, Item, Say, Typed, Value, one_text, parts_of, refuse
from webapp.responses.kinds.kind import Kind, PartsKind
from webapp.web import format as shown
from webapp.web.numbers import NumberError, parse_money, parse_number

MOST = Decimal(1_000_000_000)
MOST_MONEY = Decimal(100_000_000_000)
"""More than half of what England spends on health in a year."""
# More than any provider can mean: staff for one lot, months from an award to the first day, lots or tenders at once.
_MOST_OF = {
    Measure.WTE_AT_START: Decimal(10_000),
    Measure.WTE_MONTH_6: Decimal(10_000),
    Measure.MOBILISATION_MONTHS: Decimal(60),
    Measure.STARTABLE_TOGETHER: Decimal(1_000),
    Measure.HELD_AT_MOST: Decimal(1_000),
    Measure.TENDERS_AT_ONCE: Decimal(1_000),
}


class WholeNumber(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return int(parsed(one_text(typed), 0, _most(item.question)))

    def show(self, item: Item, value: Any) -> str:
        return shown.number(value)


class Number(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return plain(parsed(one_text(typed), 2, _most(item.question)))

    def show(self, item: Item, value: Any) -> str:
        return shown.number(value, 2)


class Money(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return plain(parsed_money(one_text(typed)))

    def show(self, item: Item, value: Any) -> str:
        return shown.money(value)


class MoneyRange(PartsKind):
    """The smallest and the largest amount; one of them is enough."""

    parts = ("smallest", "largest")
    first = "smallest"

    def read(self, item: Item, typed: Typed) -> Value:
        amounts, faults = dict[str, Decimal | None](), list[AnswerError]()
        for text, part in self._given(typed):
            try:
                amounts[part] = _amount(text, part)
            except AnswerError as fault:
                faults.append(fault)
        refuse(faults)
        smallest, largest = amounts["smallest"], amounts["largest"]
        if smallest is not None and largest is not None and smallest > largest:
            raise AnswerError(_wrong_way_round, "largest")
        return {part: None if amount is None else plain(amount) for part, amount in amounts.items()}

    def retyped(self, item: Item, value: Any) -> Typed:
        return ["" if value[part] is None else str(value[part]) for part in self.parts]

    def _given(self, typed: Typed) -> list[tuple[str, str]]:
        texts = [*parts_of(typed), "", ""][: len(self.parts)]
        return list(zip(texts, self.parts, strict=True))

    def show(self, item: Item, value: Any) -> str:
        smallest, largest = (None if value[part] is None else shown.money(value[part]) for part in self.parts)
        if smallest and largest:
            return _("%(smallest)s to %(largest)s", smallest=smallest, largest=largest)
        if smallest:
            return _("%(smallest)s or more", smallest=smallest)
        return _("%(largest)s or less", largest=largest)

    def show_unread(self, item: Item, typed: Typed) -> str:
        return "\n".join(f"{AMOUNT_LABELS[part]}: {text}" for text, part in self._given(typed) if text)


AMOUNT_LABELS = {"smallest": Later("Smallest"), "largest": Later("Largest")}
_NAMED: dict[str, Say] = {
    "smallest": lambda subject: _("%(subject)s: the smallest amount", subject=subject),
    "largest": lambda subject: _("%(subject)s: the largest amount", subject=subject),
}


def _wrong_way_round(subject: str) -> str:
    return _("%(subject)s must have a largest amount that is no less than the smallest", subject=subject)


def _amount(text: str, part: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return parsed_money(text)
    except AnswerError as problem:
        raise problem.within(_NAMED[part], part) from problem


def _most(question: Question) -> Decimal:
    return _MOST_OF.get(question.measure, MOST) if question.measure else MOST


def parsed(text: str, places: int, most: Decimal, least: Decimal = Decimal(0)) -> Decimal:
    try:
        return parse_number(text, places=places, minimum=least, maximum=most)
    except NumberError as problem:
        raise AnswerError(problem.about) from problem


def parsed_money(text: str) -> Decimal:
    try:
        return parse_money(text, minimum=Decimal(0), maximum=MOST_MONEY)
    except NumberError as problem:
        raise AnswerError(problem.about) from problem


def plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
