"""When something is asked, in plain words: for those who answer, who print it, and who draw it up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Enum, auto

from babel.lists import format_list

from webapp.engagements.conditions import Comparison, Condition, Conditions, Joining
from webapp.language import Later, _, ngettext, spoken
from webapp.models import Lot, Question, QuestionKind


class _About(Enum):
    """Which answers to the question it depends on a condition looks at."""

    ONE = auto()
    """The only one."""
    SAME_LOT = auto()
    ANY_LOT = auto()
    LIMITED_LOT = auto()
    """That for the same lot, if the condition is for that lot."""
    SOME_LOT = auto()
    """Those for the lots that the condition is for."""


_ALONE = {
    (True, _About.ONE): Later("Only if you answer %(answers)s to %(question)s."),
    (True, _About.SAME_LOT): Later("Only if you answer %(answers)s to %(question)s for the lot."),
    (True, _About.ANY_LOT): Later("Only if you answer %(answers)s to %(question)s for a lot."),
    (True, _About.LIMITED_LOT): Later("Only for lot %(lots)s, if you answer %(answers)s to %(question)s for it."),
    (True, _About.SOME_LOT): Later("Only if you answer %(answers)s to %(question)s for lot %(lots)s."),
    (False, _About.ONE): Later("Not if you answer %(answers)s to %(question)s."),
    (False, _About.SAME_LOT): Later("Not if you answer %(answers)s to %(question)s for the lot."),
    (False, _About.ANY_LOT): Later("Not if you answer %(answers)s to %(question)s for every lot that interests you."),
    (False, _About.LIMITED_LOT): Later(
        "Only for lot %(lots)s, if it interests you and you do not answer %(answers)s to %(question)s for it."
    ),
    (False, _About.SOME_LOT): Later(
        "Only if lot %(lots)s interests you and you do not answer %(answers)s to %(question)s for it."
    ),
}
"""Sentences, by whether the answers are those that it is asked after."""
_CLAUSES = {
    (True, _About.ONE): Later("you answer %(answers)s to %(question)s"),
    (True, _About.SAME_LOT): Later("you answer %(answers)s to %(question)s for the lot"),
    (True, _About.ANY_LOT): Later("you answer %(answers)s to %(question)s for a lot"),
    (True, _About.LIMITED_LOT): Later("the lot is %(lots)s and you answer %(answers)s to %(question)s for it"),
    (True, _About.SOME_LOT): Later("you answer %(answers)s to %(question)s for lot %(lots)s"),
    (False, _About.ONE): Later("you do not answer %(answers)s to %(question)s"),
    (False, _About.SAME_LOT): Later("you do not answer %(answers)s to %(question)s for the lot"),
    (False, _About.ANY_LOT): Later("you do not answer %(answers)s to %(question)s for every lot that interests you"),
    (False, _About.LIMITED_LOT): Later(
        "the lot is %(lots)s, it interests you and you do not answer %(answers)s to %(question)s for it"
    ),
    (False, _About.SOME_LOT): Later(
        "lot %(lots)s interests you and you do not answer %(answers)s to %(question)s for it"
    ),
}


def in_words(conditions: Conditions, earlier: Mapping[str, Question], lots: Sequence[Lot], *, about_a_lot: bool) -> str:
    """A sentence, with the wordings of the questions that it depends on and the codes of the engagement's lots."""
    if len(conditions.each) == 1:
        return _said(_ALONE, conditions.each[0], earlier, lots, about_a_lot=about_a_lot)
    clauses = "; ".join(clause(condition, earlier, lots, about_a_lot=about_a_lot) for condition in conditions.each)
    if conditions.joining is Joining.ALL:
        return _("Only if all of these are so: %(conditions)s.", conditions=clauses)
    return _("Only if at least one of these is so: %(conditions)s.", conditions=clauses)


def clause(condition: Condition, earlier: Mapping[str, Question], lots: Sequence[Lot], *, about_a_lot: bool) -> str:
    """One condition as a part of a sentence."""
    return _said(_CLAUSES, condition, earlier, lots, about_a_lot=about_a_lot)


def answers_of(question: Question) -> list[tuple[str, str]]:
    """What can be chosen, each value with its label."""
    if question.kind is QuestionKind.YES_NO:
        return [("yes", _("Yes")), ("no", _("No"))]
    return [(option["value"], option["label"]) for option in question.options]


def _said(
    words: Mapping[tuple[bool, _About], Later],
    condition: Condition,
    earlier: Mapping[str, Question],
    lots: Sequence[Lot],
    *,
    about_a_lot: bool,
) -> str:
    question = earlier[condition.question]
    labels = dict(answers_of(question))
    about = _about(condition, question, about_a_lot=about_a_lot)
    return words[condition.test is not Comparison.IS_NOT, about].said(
        answers=_either([f"“{labels.get(value, value)}”" for value in condition.values]),
        question=f"“{question.wording}”",
        lots=_either(_codes(condition, lots)),
    )


def _about(condition: Condition, question: Question, *, about_a_lot: bool) -> _About:
    if condition.lots:
        return _About.LIMITED_LOT if about_a_lot else _About.SOME_LOT
    if not question.is_about_a_lot:
        return _About.ONE
    return _About.SAME_LOT if about_a_lot else _About.ANY_LOT


def _codes(condition: Condition, lots: Sequence[Lot]) -> list[str]:
    """Of the lots that it is for, in the order of the engagement, and how many that is asked about no more."""
    known = [lot.code for lot in lots if str(lot.id) in condition.lots]
    gone = len(condition.lots) - len(known)
    return [*known, *([ngettext("one that is not asked about", "%(num)s that are not asked about", gone)] * bool(gone))]


def _either(listed: Sequence[str]) -> str:
    return format_list(listed, "or", locale=spoken().locale)
