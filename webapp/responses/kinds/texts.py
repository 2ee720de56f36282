"""Answers in words."""

from __future__ import annotations

from webapp.models import Question
from webapp.responses.items import AnswerError, Item, Typed, Value, one_text
from webapp.responses.kinds.kind import Kind
from webapp.web.fields import MAX_TEXT
from webapp.web.text import count_words, length

MOST_LINE = 1_000
MOST_TEXT = MAX_TEXT


class Line(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return bounded(item.question, one_text(typed), MOST_LINE)


class LongText(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return bounded(item.question, one_text(typed), MOST_TEXT)


def bounded(question: Question, text: str, most: int) -> str:
    if length(text) > most:
        raise AnswerError(f"must be {most:,} characters or fewer")
    words = count_words(text)
    if question.most_words is not None and words > question.most_words:
        raise AnswerError(f"must be {question.most_words:,} words or fewer; it has {words:,}")
    return text
