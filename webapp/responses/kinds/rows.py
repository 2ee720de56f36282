"""Answers in rows of several columns, such as the services that one has run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any

from webapp.language import _
from webapp.models import Question
from webapp.responses.items import AnswerError, Item, Say, Typed, Value, refuse, rows_of, unanswered
from webapp.responses.kinds.dates import ends_too_early
from webapp.responses.kinds.kind import RowsKind
from webapp.responses.kinds.numbers import parsed_money, plain
from webapp.responses.kinds.texts import MOST_LINE, too_many_characters
from webapp.web import format as shown
from webapp.web.text import length

_MONTH_FORMATS = ("%m %Y", "%b %Y", "%B %Y")


class Rows(RowsKind):
    """Up to twenty rows. The first column must be filled in every row; the others may stay blank.

    A month in the column "to" is not before the one in the column "from".
    """

    most = 20

    def parts_of_row(self, item: Item) -> tuple[str, ...]:
        return tuple(column["value"] for column in columns_of(item.question))

    def read(self, item: Item, typed: Typed) -> Value:
        columns = columns_of(item.question)
        faults: list[AnswerError] = []
        read = [_row(columns, number, row, faults) for number, row in enumerate(rows_of(typed), 1)]
        refuse(faults)
        return read

    def retyped(self, item: Item, value: Any) -> Typed:
        columns = columns_of(item.question)
        return [[_retyped(column["kind"], row.get(column["value"])) for column in columns] for row in value]

    def show(self, item: Item, value: Any) -> str:
        columns = columns_of(item.question)
        return "\n".join("; ".join(_cells_in_words(columns, row)) for row in value)


def columns_of(question: Question) -> list[dict[str, str]]:
    """Each with `value` (its key), `label` and `kind`: text, month or money."""
    return question.options


def _row(
    columns: Sequence[dict[str, str]], number: int, row: Sequence[str], faults: list[AnswerError]
) -> dict[str, Any]:
    """The cells that can be read; what is wrong with the others is added to the faults."""
    cells: dict[str, Any] = {}
    for column, text in zip(columns, row, strict=False):
        part = f"{number}-{column['value']}"
        if text.strip():
            try:
                cells[column["value"]] = _READERS[column["kind"]](text)
            except AnswerError as problem:
                faults.append(problem.within(_cell(column["label"], number), part))
        elif column is columns[0]:
            faults.append(AnswerError(unanswered).within(_cell(column["label"], number), part))
    if "from" in cells and "to" in cells and cells["to"] < cells["from"]:
        faults.append(AnswerError(lambda subject: ends_too_early(subject, number), f"{number}-to"))
    return cells


def _cell(column: str, number: int) -> Say:
    return lambda subject: _("%(subject)s: “%(column)s” in row %(row)s", subject=subject, column=column, row=number)


def _cells_in_words(columns: Sequence[dict[str, str]], row: dict[str, Any]) -> list[str]:
    cells = []
    for column in columns:
        if column["value"] in row:
            said = _SHOWN[column["kind"]](row[column["value"]])
            cells.append(said if column is columns[0] else f"{column['label']}: {said}")
    return cells


def _text(text: str) -> str:
    if length(text) > MOST_LINE:
        raise AnswerError(too_many_characters(MOST_LINE))
    return text


def _month(text: str) -> str:
    """As ISO writes a month, so that months compare as texts do."""
    typed = " ".join(text.replace("/", " ").split())
    for pattern in _MONTH_FORMATS:
        try:
            return datetime.strptime(typed, pattern).strftime("%Y-%m")  # noqa: DTZ007 - a month, not a moment
        except ValueError:
            continue
    raise AnswerError(lambda subject: _("%(subject)s must be a month and a year, like 4 2024", subject=subject))


def _retyped(kind: str, value: Any) -> str:
    if kind == "month" and value:
        year, month = value.split("-")
        return f"{int(month)} {year}"
    return "" if value is None else str(value)


_READERS: dict[str, Callable[[str], Any]] = {
    "text": _text,
    "month": _month,
    "money": lambda text: plain(parsed_money(text)),
}
_SHOWN: dict[str, Callable[[Any], str]] = {
    "text": str,
    "month": lambda month: shown.month(date.fromisoformat(f"{month}-01")),
    "money": shown.money,
}
