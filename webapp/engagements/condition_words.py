"""When something is asked, in plain words: for those who answer, who print it, and who draw it up."""

from __future__ import annotations

from collections.abc import Mapping

from babel.lists import format_list

from webapp.engagements.conditions import Comparison, Condition, Conditions, Joining
from webapp.language import _, spoken
from webapp.models import Question, QuestionKind


def in_words(conditions: Conditions, earlier: Mapping[str, Question], *, about_a_lot: bool) -> str:
    """A sentence, with the wordings of the questions that it depends on."""
    if len(conditions.each) == 1:
        return _alone(conditions.each[0], earlier, about_a_lot=about_a_lot)
    clauses = "; ".join(clause(condition, earlier, about_a_lot=about_a_lot) for condition in conditions.each)
    if conditions.joining is Joining.ALL:
        return _("Only if all of these are so: %(conditions)s.", conditions=clauses)
    return _("Only if at least one of these is so: %(conditions)s.", conditions=clauses)


def clause(condition: Condition, earlier: Mapping[str, Question], *, about_a_lot: bool) -> str:
    """One condition as a part of a sentence."""
    said, varies = _said(condition, earlier)
    if condition.test is Comparison.IS_NOT:
        if not varies:
            return _("you do not answer %(answers)s to %(question)s", **said)
        if about_a_lot:
            return _("you do not answer %(answers)s to %(question)s for the lot", **said)
        return _("you do not answer %(answers)s to %(question)s for every lot that interests you", **said)
    if not varies:
        return _("you answer %(answers)s to %(question)s", **said)
    if about_a_lot:
        return _("you answer %(answers)s to %(question)s for the lot", **said)
    return _("you answer %(answers)s to %(question)s for a lot", **said)


def answers_of(question: Question) -> list[tuple[str, str]]:
    """What can be chosen, each value with its label."""
    if question.kind is QuestionKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(option["value"], option["label"]) for option in question.options]


def _said(condition: Condition, earlier: Mapping[str, Question]) -> tuple[dict[str, str], bool]:
    """Its answers and its question in quotes, and whether they vary with the lot."""
    question = earlier[condition.question]
    labels = dict(answers_of(question))
    answers = [f"“{labels.get(value, value)}”" for value in condition.values]
    said = {"answers": format_list(answers, "or", locale=spoken().locale), "question": f"“{question.wording}”"}
    return said, question.is_about_a_lot


def _alone(condition: Condition, earlier: Mapping[str, Question], *, about_a_lot: bool) -> str:
    said, varies = _said(condition, earlier)
    if condition.test is Comparison.IS_NOT:
        if not varies:
            return _("Not if you answer %(answers)s to %(question)s.", **said)
        if about_a_lot:
            return _("Not if you answer %(answers)s to %(question)s for the lot.", **said)
        return _("Not if you answer %(answers)s to %(question)s for every lot that interests you.", **said)
    if not varies:
        return _("Only if you answer %(answers)s to %(question)s.", **said)
    if about_a_lot:
        return _("Only if you answer %(answers)s to %(question)s for the lot.", **said)
    return _("Only if you answer %(answers)s to %(question)s for a lot.", **said)
