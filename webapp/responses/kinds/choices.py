"""Answers among options."""

from __future__ import annotations

from typing import Any

from webapp.language import Later, _
from webapp.models import Question, QuestionKind
from webapp.responses.items import AnswerError, Item, Typed, Value, one_text, texts_of
from webapp.responses.kinds.kind import Form, Kind

YES_NO = {"yes": True, "no": False}
_YES, _NO = Later("Yes"), Later("No")
# How the questionnaire that comes with the service words interest and role; an officer's own words are said as written.
_OF_THE_SERVICE = {
    str.__str__(label): label
    for label in (
        Later("We would bid"),
        Later("We are likely to bid"),
        Later("We might bid"),
        Later("We cannot say yet"),
        Later("We would not bid"),
        Later("As the lead provider"),
        Later("As a member of a consortium"),
        Later("As lead provider or as a subcontractor"),
        Later("Only as a subcontractor"),
    )
}


def options_of(question: Question) -> list[tuple[str, str]]:
    """The values and labels one chooses from."""
    if question.kind is QuestionKind.YES_NO:
        return [("yes", str(_YES)), ("no", str(_NO))]
    return [
        (option["value"], str(_OF_THE_SERVICE.get(option["label"], option["label"]))) for option in question.options
    ]


def values_of(question: Question) -> list[str]:
    """Those of the options, in order."""
    if question.kind is QuestionKind.YES_NO:
        return list(YES_NO)
    return [option["value"] for option in question.options]


class OneOf(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return chosen(item.question, typed)

    def show(self, item: Item, value: Any) -> str:
        return _labels(item.question, [value])


class YesNo(Kind):
    def read(self, item: Item, typed: Typed) -> Value:
        return YES_NO[chosen(item.question, typed)]

    def retyped(self, item: Item, value: Any) -> Typed:
        return "yes" if value else "no"

    def show(self, item: Item, value: Any) -> str:
        return str(_YES if value else _NO)


class SomeOf(Kind):
    def gather(self, form: Form, item: Item) -> Typed:
        return [value for value in form.getlist(item.name) if value]

    def sent(self, item: Item, typed: Typed) -> list[tuple[str, str]]:
        return [(item.name, value) for value in texts_of(typed)]

    def read(self, item: Item, typed: Typed) -> Value:
        ticked = set(texts_of(typed))
        known = values_of(item.question)
        if not ticked <= set(known):
            raise AnswerError(lambda subject: _("%(subject)s must be from the options shown", subject=subject))
        return [value for value in known if value in ticked]

    def retyped(self, item: Item, value: Any) -> Typed:
        return list(value)

    def show(self, item: Item, value: Any) -> str:
        return _labels(item.question, value)


def chosen(question: Question, typed: Typed) -> str:
    value = one_text(typed)
    if value not in values_of(question):
        raise AnswerError(lambda subject: _("%(subject)s must be one of the options shown", subject=subject))
    return value


def _labels(question: Question, values: list[str]) -> str:
    labels = dict(options_of(question))
    return "\n".join(labels.get(value, value) for value in values)
