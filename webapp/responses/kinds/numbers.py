"""Answers in numbers and money."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from webapp.models import Measure, Question
from webapp.responses.items import AnswerError, Item, Typed, Value, one_text, parts_of
from webapp.responses.kinds.kind import Kind, PartsKind
from webapp.web import format as shown
from webapp.web.fields import MAX_INTEGER, MAX_MONEY
from webapp.web.numbers import NumberError, parse_number

MOST_STAFF_OR_MONTHS = Decimal("999999.99")
_PROJECTED = frozenset({Measure.WTE_AT_START, Measure.WTE_MONTH_6, Measure.MOBILISATION_MONTHS})


class WholeNumber(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return int(parsed(one_text(typed), 0, _most(item.question, Decimal(MAX_INTEGER))))

    def show(self, item: Item, value: Any) -> str:
        return shown.number(value)


class Number(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return plain(parsed(one_text(typed), 2, _most(item.question, MAX_MONEY)))

    def show(self, item: Item, value: Any) -> str:
        return shown.number(value, 2)


class Money(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return plain(parsed(one_text(typed), 2, MAX_MONEY))

    def show(self, item: Item, value: Any) -> str:
        return shown.money(value)


class MoneyRange(PartsKind):
    """The smallest and the largest amount; one of them is enough."""

    parts = ("smallest", "largest")
    first = "smallest"

    def read(self, item: Item, typed: Typed) -> Value:
        amounts = dict(zip(self.parts, (_amount(text, part) for text, part in self._given(typed)), strict=True))
        smallest, largest = amounts["smallest"], amounts["largest"]
        if smallest is not None and largest is not None and smallest > largest:
            raise AnswerError("must have a largest amount that is no less than the smallest", "largest")
        return {part: None if amount is None else plain(amount) for part, amount in amounts.items()}

    def _given(self, typed: Typed) -> list[tuple[str, str]]:
        texts = [*parts_of(typed), "", ""][: len(self.parts)]
        return list(zip(texts, self.parts, strict=True))

    def show(self, item: Item, value: Any) -> str:
        smallest, largest = (None if value[part] is None else shown.money(value[part]) for part in self.parts)
        if smallest and largest:
            return f"{smallest} to {largest}"
        return f"{smallest} or more" if smallest else f"{largest} or less"

    def show_unread(self, item: Item, typed: Typed) -> str:
        return "\n".join(f"{part.capitalize()}: {text}" for text, part in self._given(typed) if text)


def _amount(text: str, part: str) -> Decimal | None:
    if not text.strip():
        return None
    try:
        return parsed(text, 2, MAX_MONEY)
    except AnswerError as problem:
        raise AnswerError(f"has a {part} amount that {problem}", part) from problem


def _most(question: Question, otherwise: Decimal) -> Decimal:
    return MOST_STAFF_OR_MONTHS if question.measure in _PROJECTED else otherwise


def parsed(text: str, places: int, most: Decimal) -> Decimal:
    try:
        return parse_number(text, places=places, minimum=Decimal(0), maximum=most)
    except NumberError as problem:
        raise AnswerError(str(problem)) from problem


def plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)
