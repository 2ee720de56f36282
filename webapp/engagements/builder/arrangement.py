"""The order of sections and questions, and what depends on it: a question depends only on what is asked before it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from webapp.engagements.conditions import (
    Comparison,
    Condition,
    ConditionError,
    Conditions,
    Joining,
    check_order,
)
from webapp.engagements.lot_limits import NO_LOT, conditions_of, limits
from webapp.models import Question, QuestionKind, QuestionnaireVersion, Section

MOST_STEPS = 20
"""Of questions that are each asked only after the one before: beyond what anybody would follow."""
CAN_BE_DEPENDED_ON = frozenset({QuestionKind.ONE_OF, QuestionKind.SOME_OF, QuestionKind.YES_NO})

Arrangement = Sequence[tuple[Section, Sequence[Question]]]
"""Sections in order, each with its questions in order."""


@dataclass(frozen=True, slots=True)
class Dependent:
    """A question or section that is asked only after a certain answer to another."""

    name: str
    condition: Condition


class DependedOnError(Exception):
    """It cannot be so, because these depend on it being otherwise."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = tuple(dict.fromkeys(names))
        super().__init__(", ".join(self.names))


def arrangement_of(version: QuestionnaireVersion) -> list[tuple[Section, list[Question]]]:
    return [(section, list(section.questions)) for section in version.sections]


def place_of(part: Section | Question) -> str:
    """Where it stands, as the buttons that move it say: sent twice, they find it elsewhere the second time."""
    return f"{part.section_id}.{part.position}" if isinstance(part, Question) else str(part.position)


def dependents(version: QuestionnaireVersion) -> Iterator[Dependent]:
    """By condition: what depends on several answers is there several times."""
    for section in version.sections:
        parts: list[Section | Question] = [section, *section.questions]
        for part in parts:
            if conditions := conditions_of(part):
                yield from (Dependent(name_of(part), condition) for condition in conditions.each)


def name_of(part: Section | Question) -> str:
    return f"the section “{part.title}”" if isinstance(part, Section) else f"“{part.wording}”"


def dependents_on(version: QuestionnaireVersion, key: str) -> list[Dependent]:
    return [dependent for dependent in dependents(version) if dependent.condition.question == key]


def check(arrangement: Arrangement) -> None:
    """Raises DependedOnError, with the names of what would be asked too early."""
    try:
        check_order(
            (question.key, (conditions_of(section), conditions_of(question)))
            for section, questions in arrangement
            for question in questions
        )
    except ConditionError as problem:
        raise DependedOnError(_too_early(arrangement)) from problem


def _too_early(arrangement: Arrangement) -> list[str]:
    names: list[str] = []
    earlier: set[str] = set()
    for section, questions in arrangement:
        if questions and not _is_known(section, earlier):
            names.append(name_of(section))
        for question in questions:
            if not _is_known(question, earlier):
                names.append(name_of(question))
            earlier.add(question.key)
    return names


def _is_known(part: Section | Question, earlier: Collection[str]) -> bool:
    """Whether all that it depends on is asked by then."""
    conditions = conditions_of(part)
    return conditions is None or all(condition.question in earlier for condition in conditions.each)


def asked_before(version: QuestionnaireVersion, part: Section | Question) -> list[Question]:
    """The questions with answers to choose from that are asked before a section or a question."""
    found: list[Question] = []
    for section in version.sections:
        if section is part:
            return found
        for question in section.questions:
            if question is part:
                return found
            if question.kind in CAN_BE_DEPENDED_ON:
                found.append(question)
    return found


def never_satisfied(conditions: Conditions, questions: Mapping[str, Question], *, about_a_lot: bool) -> Question | None:
    """The question that nobody could answer so that all conditions about it hold, if there is one.

    Where the answer varies with the lot and what depends on it does not, each may hold for another lot, unless they
    are limited to one and the same.
    """
    if conditions.joining is Joining.ANY:
        return None
    by_question = groupby(sorted(conditions.each, key=attrgetter("question")), key=attrgetter("question"))
    for key, alike in by_question:
        question, several = questions[key], list(alike)
        if about_a_lot or not question.is_about_a_lot:
            looking_at_one = [several]
        else:
            of_one_lot = sorted((each for each in several if len(each.lots) == 1), key=_limit)
            looking_at_one = [list(same) for _lot, same in groupby(of_one_lot, key=_limit)]
        may_give_several = question.kind is QuestionKind.SOME_OF
        if not all(_can_all_hold(each, may_give_several=may_give_several) for each in looking_at_one):
            return question
    return None


def _limit(condition: Condition) -> list[str]:
    return sorted(condition.lots)


def newly_without_lots(
    part: Section | Question, conditions: Conditions, sections: Sequence[Section]
) -> Question | None:
    """The question that could be asked about no lot if these were the conditions of it, or of its section, if there is
    one. One of which that is so already may be mended step by step.
    """
    before = limits(sections)
    after = limits(sections, lambda each: conditions if each is part else conditions_of(each))
    own = part.questions if isinstance(part, Section) else [part]
    return next((each for each in own if after[each.key] == NO_LOT != before[each.key]), None)


def newly_too_deep(part: Section | Question, conditions: Conditions, sections: Sequence[Section]) -> Question | None:
    """The question that would depend on too many answers, each asked only after the one before, if these were the
    conditions of that part, if there is one.
    """
    before = _depths(sections)
    after = _depths(sections, lambda each: conditions if each is part else conditions_of(each))
    too_deep = (key for key, depth in after.items() if depth > MOST_STEPS and depth > before[key])
    key = next(too_deep, None)
    return next((each for section in sections for each in section.questions if each.key == key), None)


def _depths(
    sections: Sequence[Section], under: Callable[[Section | Question], Conditions | None] = conditions_of
) -> Mapping[str, int]:
    """How many answers lead to each question, one by one, along the longest way."""
    found: dict[str, int] = {}
    for section in sections:
        of_section = under(section)
        for question in section.questions:
            both = (each for each in (of_section, under(question)) if each)
            found[question.key] = max((1 + found.get(one.question, 0) for own in both for one in own.each), default=0)
    return found


def _can_all_hold(conditions: Sequence[Condition], *, may_give_several: bool) -> bool:
    barred = {value for each in conditions if each.test is Comparison.IS_NOT for value in each.values}
    wanted = [set(each.values) - barred for each in conditions if each.test is not Comparison.IS_NOT]
    if may_give_several or not wanted:
        return all(wanted)
    return bool(set.intersection(*wanted))
