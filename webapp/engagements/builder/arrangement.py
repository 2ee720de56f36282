"""The order of sections and questions, and what depends on it: a question depends only on what is asked before it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from webapp.engagements.conditions import Condition, ConditionError, check_order, parse
from webapp.models import Question, QuestionKind, QuestionnaireVersion, Section

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
        super().__init__(", ".join(names))
        self.names = tuple(names)


def arrangement_of(version: QuestionnaireVersion) -> list[tuple[Section, list[Question]]]:
    return [(section, list(section.questions)) for section in version.sections]


def condition_of(part: Section | Question) -> Condition | None:
    return parse(part.asked_if) if part.asked_if else None


def dependents(version: QuestionnaireVersion) -> Iterator[Dependent]:
    for section in version.sections:
        if condition := condition_of(section):
            yield Dependent(f"the section “{section.title}”", condition)
        for question in section.questions:
            if condition := condition_of(question):
                yield Dependent(f"“{question.wording}”", condition)


def dependents_on(version: QuestionnaireVersion, key: str) -> list[Dependent]:
    return [dependent for dependent in dependents(version) if dependent.condition.question == key]


def check(arrangement: Arrangement) -> None:
    """Raises DependedOnError, with the names of what would be asked too early."""
    try:
        check_order(
            (question.key, _conditions(section, question))
            for section, questions in arrangement
            for question in questions
        )
    except ConditionError as problem:
        raise DependedOnError(_too_early(arrangement)) from problem


def _conditions(section: Section, question: Question) -> list[Condition]:
    return [condition for part in (section, question) if (condition := condition_of(part))]


def _too_early(arrangement: Arrangement) -> list[str]:
    names: dict[str, None] = {}
    earlier: set[str] = set()
    for section, questions in arrangement:
        own = condition_of(section)
        if own and questions and own.question not in earlier:
            names[f"the section “{section.title}”"] = None
        for question in questions:
            condition = condition_of(question)
            if condition and condition.question not in earlier:
                names[f"“{question.wording}”"] = None
            earlier.add(question.key)
    return list(names)


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
