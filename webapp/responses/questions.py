"""The rules for one answer, by the kind of its question: what was typed, read into a value, and shown again.

A draft keeps what was typed, so that nothing is lost because it could not be understood. A submission keeps values.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from webapp.models import Measure, Question, QuestionKind
from webapp.web import format as shown
from webapp.web.fields import MAX_INTEGER, MAX_MONEY, MAX_TEXT
from webapp.web.numbers import NumberError, parse_number
from webapp.web.text import count_words, length

Typed = str | list[str]
"""As the form sends it: the values of ticked boxes, the three parts of a date, or one text."""
Value = str | bool | int | float | list[str]
"""As a submission keeps it, in JSON: money in pounds, a date in ISO form, choices by their values."""

MOST_LINE = 1_000
MOST_TEXT = MAX_TEXT
MOST_STAFF_OR_MONTHS = Decimal("999999.99")
DATE_PARTS = ("day", "month", "year")
YES_NO = {"yes": True, "no": False}
_DATE_FORMATS = ("%d %m %Y", "%d %b %Y", "%d %B %Y")
_PROJECTED = frozenset({Measure.WTE_AT_START, Measure.WTE_MONTH_6, Measure.MOBILISATION_MONTHS})


class AnswerError(ValueError):
    """Why an answer cannot be used, in words that follow the question: "must be a number, like 1,200"."""


def is_blank(typed: Typed | None) -> bool:
    """Whether nothing was answered: spaces alone are kept in a draft but are no answer."""
    if typed is None or isinstance(typed, str):
        return not (typed or "").strip()
    return not any(part.strip() for part in typed)


def too_long(question: Question, typed: Typed) -> bool:
    """Whether this is more than is kept, even in a draft."""
    return any(length(text) > MOST_TEXT for text in ([typed] if isinstance(typed, str) else typed))


def read(question: Question, typed: Typed) -> Value:
    """The value of an answer that is not blank. Raises AnswerError."""
    return _READERS[question.kind](question, typed)


def show(question: Question, value: Value) -> str:
    """A value as people read it."""
    return _SHOWN[question.kind](question, value)


def show_typed(question: Question, typed: Typed | None) -> str:
    """What was typed as people read it: its value, or as it stands where it has none."""
    if typed is None or is_blank(typed):
        return ""
    try:
        return show(question, read(question, typed))
    except AnswerError:
        return typed if isinstance(typed, str) else " ".join(typed)


def options_of(question: Question) -> list[tuple[str, str]]:
    """The values and labels one chooses from."""
    if question.kind is QuestionKind.YES_NO:
        return [("yes", "Yes"), ("no", "No")]
    return [(option["value"], option["label"]) for option in question.options]


def _one(typed: Typed) -> str:
    return typed if isinstance(typed, str) else " ".join(typed)


def _read_line(question: Question, typed: Typed) -> Value:
    return _bounded(question, _one(typed), MOST_LINE)


def _read_text(question: Question, typed: Typed) -> Value:
    return _bounded(question, _one(typed), MOST_TEXT)


def _bounded(question: Question, text: str, most: int) -> str:
    if length(text) > most:
        raise AnswerError(f"must be {most:,} characters or fewer")
    words = count_words(text)
    if question.most_words is not None and words > question.most_words:
        raise AnswerError(f"must be {question.most_words:,} words or fewer; it has {words:,}")
    return text


def _read_one_of(question: Question, typed: Typed) -> Value:
    if _one(typed) not in dict(options_of(question)):
        raise AnswerError("must be one of the options shown")
    return _one(typed)


def _read_yes_no(question: Question, typed: Typed) -> Value:
    return YES_NO[str(_read_one_of(question, typed))]


def _read_some_of(question: Question, typed: Typed) -> Value:
    ticked = {typed} if isinstance(typed, str) else set(typed)
    known = [value for value, _ in options_of(question)]
    if not ticked <= set(known):
        raise AnswerError("must be from the options shown")
    return [value for value in known if value in ticked]


def _read_whole_number(question: Question, typed: Typed) -> Value:
    return int(_number(typed, 0, _most(question, Decimal(MAX_INTEGER))))


def _read_number(question: Question, typed: Typed) -> Value:
    return _plain(_number(typed, 2, _most(question, MAX_MONEY)))


def _read_money(question: Question, typed: Typed) -> Value:
    return _plain(_number(typed, 2, MAX_MONEY))


def _most(question: Question, otherwise: Decimal) -> Decimal:
    return MOST_STAFF_OR_MONTHS if question.measure in _PROJECTED else otherwise


def _number(typed: Typed, places: int, most: Decimal) -> Decimal:
    try:
        return parse_number(_one(typed), places=places, minimum=Decimal(0), maximum=most)
    except NumberError as problem:
        raise AnswerError(str(problem)) from problem


def _plain(number: Decimal) -> int | float:
    return int(number) if number == number.to_integral_value() else float(number)


def _read_date(question: Question, typed: Typed) -> Value:
    parts = [part.strip() for part in ([typed] if isinstance(typed, str) else typed)]
    missing = [name for name, part in zip(DATE_PARTS, parts, strict=False) if not part]
    if missing:
        raise AnswerError(f"must include a {' and '.join(missing)}")
    for pattern in _DATE_FORMATS:
        try:
            return datetime.strptime(" ".join(parts), pattern).date().isoformat()  # noqa: DTZ007 - a day, not a moment
        except ValueError:
            continue
    raise AnswerError("must be a real date, like 27 3 2027")


def _labels(question: Question, values: list[str]) -> str:
    labels = dict(options_of(question))
    return "\n".join(labels.get(value, value) for value in values)


_READERS: dict[QuestionKind, Callable[[Question, Typed], Value]] = {
    QuestionKind.TEXT: _read_line,
    QuestionKind.LONG_TEXT: _read_text,
    QuestionKind.ONE_OF: _read_one_of,
    QuestionKind.SOME_OF: _read_some_of,
    QuestionKind.YES_NO: _read_yes_no,
    QuestionKind.WHOLE_NUMBER: _read_whole_number,
    QuestionKind.NUMBER: _read_number,
    QuestionKind.MONEY: _read_money,
    QuestionKind.DATE: _read_date,
}

_SHOWN: dict[QuestionKind, Callable[[Question, Any], str]] = {
    QuestionKind.TEXT: lambda question, value: str(value),
    QuestionKind.LONG_TEXT: lambda question, value: str(value),
    QuestionKind.ONE_OF: lambda question, value: _labels(question, [value]),
    QuestionKind.SOME_OF: _labels,
    QuestionKind.YES_NO: lambda question, value: "Yes" if value else "No",
    QuestionKind.WHOLE_NUMBER: lambda question, value: shown.number(value),
    QuestionKind.NUMBER: lambda question, value: shown.number(value, 2),
    QuestionKind.MONEY: lambda question, value: shown.money(value),
    QuestionKind.DATE: lambda question, value: shown.day(date.fromisoformat(value)),
}
