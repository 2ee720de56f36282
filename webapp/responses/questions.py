"""The rules for one answer: what was typed, read into a value, and shown again, each by the kind of its question.

A draft keeps what was typed, so that nothing is lost because it could not be understood. A submission keeps values.
"""

from __future__ import annotations

from webapp.models import Question, QuestionKind
from webapp.responses.items import AnswerError, Item, Typed, Value, texts_of
from webapp.responses.kinds.choices import OneOf, SomeOf, YesNo
from webapp.responses.kinds.dates import DateRanges, Day
from webapp.responses.kinds.files import FileUpload
from webapp.responses.kinds.kind import Form, Kind
from webapp.responses.kinds.lots import Packages, Ranking
from webapp.responses.kinds.numbers import Money, MoneyRange, Number, WholeNumber
from webapp.responses.kinds.rows import Rows
from webapp.responses.kinds.texts import MOST_TEXT, Line, LongText
from webapp.web.text import length

KINDS: dict[QuestionKind, Kind] = {
    QuestionKind.TEXT: Line(),
    QuestionKind.LONG_TEXT: LongText(),
    QuestionKind.ONE_OF: OneOf(),
    QuestionKind.SOME_OF: SomeOf(),
    QuestionKind.YES_NO: YesNo(),
    QuestionKind.WHOLE_NUMBER: WholeNumber(),
    QuestionKind.NUMBER: Number(),
    QuestionKind.MONEY: Money(),
    QuestionKind.DATE: Day(),
    QuestionKind.RANKING: Ranking(),
    QuestionKind.PACKAGES: Packages(),
    QuestionKind.MONEY_RANGE: MoneyRange(),
    QuestionKind.DATE_RANGES: DateRanges(),
    QuestionKind.ROWS: Rows(),
    QuestionKind.FILE_UPLOAD: FileUpload(),
}


def is_blank(typed: Typed | None) -> bool:
    """Whether nothing was answered: spaces alone are kept in a draft but are no answer."""
    return not any(text.strip() for text in texts_of(typed))


def too_long(typed: Typed) -> bool:
    """Whether this is more than is kept, even in a draft."""
    return any(length(text) > MOST_TEXT for text in texts_of(typed))


def is_of_lots(question: Question) -> bool:
    """Whether the answer is made of the chosen lots."""
    kind = question.kind
    return kind is QuestionKind.RANKING or kind is QuestionKind.PACKAGES


def gather(form: Form, item: Item) -> Typed:
    """What was sent for an item, exactly."""
    return KINDS[item.question.kind].gather(form, item)


def sent(item: Item, typed: Typed) -> list[tuple[str, str]]:
    """The names and values that a form would send for this."""
    return [(name, value) for name, value in KINDS[item.question.kind].sent(item, typed) if value]


def read(item: Item, typed: Typed) -> Value:
    """The value of an answer that is not blank. Raises AnswerError."""
    return KINDS[item.question.kind].read(item, typed)


def retyped(item: Item, value: Value) -> Typed:
    """What to type to give this value."""
    return KINDS[item.question.kind].retyped(item, value)


def show(item: Item, value: Value) -> str:
    """A value as people read it."""
    return KINDS[item.question.kind].show(item, value)


def show_typed(item: Item, typed: Typed | None) -> str:
    """What was typed as people read it: its value, or as it stands where it has none."""
    if typed is None or is_blank(typed):
        return ""
    try:
        return show(item, read(item, typed))
    except AnswerError:
        return KINDS[item.question.kind].show_unread(item, typed)


def first_part(item: Item, row: int = 1) -> str:
    """The part of the control that a link to it, or to one of its rows, leads to; nothing where it is one box."""
    return KINDS[item.question.kind].first_part(item, row)


def most_rows(question: Question) -> int:
    """How many rows its answer can have; none where it has no rows."""
    return KINDS[question.kind].most
