"""Putting what a question's form says into the question."""

from __future__ import annotations

from webapp.engagements.builder.forms import QuestionForm
from webapp.engagements.builder.options import columns_from, lines_of, with_values
from webapp.models import Question


def write(form: QuestionForm, question: Question) -> None:
    """Answers and columns that were there keep their values, and so what was answered with them."""
    question.wording = form.wording.data
    question.hint, question.why = _text(form.hint.data), _text(form.why.data)
    question.required, question.restricted = form.required.data, form.restricted.data
    question.asked_per, question.measure = form.scope(), form.use()
    question.most_words = form.most_words.data if "most_words" in form else None
    before = question.options or []
    question.options = []
    if "options" in form:
        question.options = list(with_values(lines_of(form.options.data), before))
    elif "columns" in form:
        question.options = list(columns_from(lines_of(form.columns.data), before))


def _text(typed: str | None) -> str | None:
    return (typed or "").strip() or None
