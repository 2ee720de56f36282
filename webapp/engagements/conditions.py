"""Asked only if: the condition under which a section or a question is asked, as it is stored and as it is judged."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class ConditionError(ValueError):
    """A stored condition that says nothing we understand, or that depends on what is asked later."""


class Comparison(StrEnum):
    IS = "is"
    IS_NOT = "is_not"
    ANY_OF = "any_of"


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of the answer to an earlier question.

    Where that question is asked per lot, a question about a lot depends on the answer for the same lot, and any other
    question is asked if the condition holds for one lot or more. A blank answer is never a value: it fails `is` and
    `any_of` and passes `is_not`.

    >>> Condition("role", Comparison.IS_NOT, ("subcontract_only",)).holds(["lead"])
    True
    >>> parse({"question": "role", "any_of": ["lead", "consortium"]}).holds([])
    False
    """

    question: str
    test: Comparison
    values: tuple[str, ...]

    def holds(self, given: Iterable[str]) -> bool:
        """Whether it holds for the values that were chosen."""
        found = not set(self.values).isdisjoint(given)
        return not found if self.test is Comparison.IS_NOT else found

    def as_json(self) -> dict[str, Any]:
        many = self.test is Comparison.ANY_OF
        return {"question": self.question, self.test.value: list(self.values) if many else self.values[0]}


def is_(question: str, value: str) -> Condition:
    return Condition(question, Comparison.IS, (value,))


def is_not(question: str, value: str) -> Condition:
    return Condition(question, Comparison.IS_NOT, (value,))


def any_of(question: str, *values: str) -> Condition:
    return Condition(question, Comparison.ANY_OF, values)


def parse(stored: Mapping[str, Any]) -> Condition:
    """Read {"question": key, "is": value}, or "is_not", or "any_of" with a list. Raises ConditionError."""
    tests = [test for test in Comparison if test.value in stored]
    question = stored.get("question")
    if not isinstance(question, str) or len(tests) != 1 or len(stored) != 2:
        raise ConditionError(f"a condition names a question and one test, unlike {dict(stored)}")
    given = stored[tests[0].value]
    values = given if tests[0] is Comparison.ANY_OF and isinstance(given, list) else [given]
    if not values or not all(isinstance(value, str) for value in values):
        raise ConditionError(f"a condition compares with values, unlike {dict(stored)}")
    return Condition(question, tests[0], tuple(values))


def check_order(asked: Iterable[tuple[str, Iterable[Condition]]]) -> None:
    """See that every condition, listed with the question it is for, is about an earlier one. Raises ConditionError."""
    earlier: set[str] = set()
    for key, conditions in asked:
        for condition in conditions:
            if condition.question not in earlier:
                raise ConditionError(f"{key!r} depends on {condition.question!r}, which is not asked before it")
        earlier.add(key)
