"""Answers in words."""

from __future__ import annotations

from webapp.accounts.organisations.details import NUMBERS, NumberFormError
from webapp.language import _, ngettext
from webapp.models import Question
from webapp.responses.items import AnswerError, Item, Say, Typed, Value, one_text
from webapp.responses.kinds.kind import Kind
from webapp.web import format as shown
from webapp.web.fields import MAX_TEXT
from webapp.web.text import count_words, length

MOST_LINE = 1_000
MOST_TEXT = MAX_TEXT


class Line(Kind):
    """A registered number that a register gives its form must have that form, as in the organisation's details."""

    def read(self, item: Item, typed: Typed) -> Value:
        text = bounded(item.question, one_text(typed), MOST_LINE)
        in_its_form = NUMBERS.get(item.question.key)
        if in_its_form is None:
            return text
        try:
            return in_its_form(text)
        except NumberFormError as problem:
            reason = str(problem)
            raise AnswerError(lambda subject: _("%(subject)s: %(reason)s", subject=subject, reason=reason)) from problem


class LongText(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return bounded(item.question, one_text(typed), MOST_TEXT)


def bounded(question: Question, text: str, most: int) -> str:
    if length(text) > most:
        raise AnswerError(too_many_characters(most))
    words = count_words(text)
    if question.most_words is not None and words > question.most_words:
        raise AnswerError(_too_many_words(words, question.most_words))
    return text


def too_many_characters(most: int) -> Say:
    return lambda subject: ngettext(
        "%(subject)s must be %(num)s character or fewer",
        "%(subject)s must be %(num)s characters or fewer",
        most,
        subject=subject,
        num=shown.number(most),
    )


def _too_many_words(words: int, most: int) -> Say:
    return lambda subject: ngettext(
        "%(subject)s must be %(num)s word or fewer; it has %(words)s",
        "%(subject)s must be %(num)s words or fewer; it has %(words)s",
        most,
        subject=subject,
        num=shown.number(most),
        words=shown.number(words),
    )
