"""Asked only if: the conditions under which a section or a question is asked, as they are stored and judged."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

Limit = frozenset[str] | None
"""The ids of the only lots that are let through; None: any lot."""


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
    question is asked if the condition holds for one lot or more. It can be limited to some lots: then it holds for none
    of the others, whatever their answers, and `is_not` only for those of interest. A blank answer is never a value: it
    fails `is` and `any_of` and passes `is_not`.

    >>> Condition("role", Comparison.IS_NOT, ("subcontract_only",)).holds(["lead"])
    True
    >>> Condition("role", Comparison.ANY_OF, ("lead", "consortium")).holds([])
    False
    """

    question: str
    test: Comparison
    values: tuple[str, ...]
    lots: frozenset[str] = frozenset()
    """The ids of the only lots for which it can hold; none: any lot."""

    def is_about(self, lot_id: str | None) -> bool:
        """Whether an answer about this lot, or about none, bears on it."""
        return not self.lots or lot_id in self.lots

    def holds(self, given: Iterable[str]) -> bool:
        """Whether it holds for the values that were chosen."""
        found = not set(self.values).isdisjoint(given)
        return not found if self.test is Comparison.IS_NOT else found

    def as_json(self) -> dict[str, Any]:
        many = self.test is Comparison.ANY_OF
        said = {"question": self.question, self.test.value: list(self.values) if many else self.values[0]}
        return said | {"lots": sorted(self.lots)} if self.lots else said


class Joining(StrEnum):
    ALL = "all"
    ANY = "any"


@dataclass(frozen=True, slots=True)
class Conditions:
    """One condition or more, of which all must hold or any one.

    >>> role, registered = is_("role", "lead").each[0], is_("registered", "yes").each[0]
    >>> Conditions((role, registered), Joining.ANY).hold(lambda condition: condition.question == "role")
    True
    """

    each: tuple[Condition, ...]
    joining: Joining = Joining.ALL

    def hold(self, holds: Callable[[Condition], bool]) -> bool:
        judged = map(holds, self.each)
        return all(judged) if self.joining is Joining.ALL else any(judged)

    def lots(self, of: Callable[[Condition], Limit]) -> Limit:
        """The lots for which they can hold together, from those `of` each one.

        >>> lead = Condition("role", Comparison.IS, ("lead",), frozenset({"a", "b"}))
        >>> insured = Condition("insured", Comparison.IS, ("yes",), frozenset({"b", "c"}))
        >>> every = [Conditions((lead, insured), joining).lots(lambda one: one.lots) for joining in Joining]
        >>> [sorted(lots) for lots in every]
        [['b'], ['a', 'b', 'c']]
        """
        each = [of(condition) for condition in self.each]
        return in_common(each) if self.joining is Joining.ALL else _together(each)

    def adding(self, condition: Condition) -> Conditions:
        return replace(self, each=(*self.each, condition))

    def replacing(self, place: int, condition: Condition) -> Conditions:
        return replace(self, each=(*self.each[:place], condition, *self.each[place + 1 :]))

    def without(self, place: int) -> Conditions | None:
        """Nothing if it was the only one."""
        left = self.each[:place] + self.each[place + 1 :]
        return replace(self, each=left) if left else None

    def as_json(self) -> dict[str, Any]:
        """One condition stands by itself, whatever would join it to others."""
        if len(self.each) == 1:
            return self.each[0].as_json()
        return {self.joining.value: [condition.as_json() for condition in self.each]}


def in_common(limits: Iterable[Limit]) -> Limit:
    """The lots that all limits let through, which may be none at all; None where nothing is limited."""
    given = [limit for limit in limits if limit is not None]
    return frozenset.intersection(*given) if given else None


def _together(limits: Iterable[Limit]) -> Limit:
    """The lots that one limit or another lets through."""
    given = list(limits)
    return None if None in given else frozenset().union(*(limit for limit in given if limit is not None))


def is_(question: str, value: str) -> Conditions:
    return Conditions((Condition(question, Comparison.IS, (value,)),))


def is_not(question: str, value: str) -> Conditions:
    return Conditions((Condition(question, Comparison.IS_NOT, (value,)),))


def any_of(question: str, *values: str) -> Conditions:
    return Conditions((Condition(question, Comparison.ANY_OF, values),))


def parse(stored: Mapping[str, Any]) -> Conditions:
    """Read a condition, or {"all": [condition, ...]} or {"any": [condition, ...]} of two or more.

    A condition is {"question": key, "is": value}, or "is_not", or "any_of" with a list; {"lots": [id, ...]} with it
    limits it to these. Raises ConditionError.
    """
    joining = next((joining for joining in Joining if joining.value in stored), None)
    if joining is None:
        return Conditions((_parse_one(stored),))
    listed = stored[joining.value]
    if len(stored) != 1 or not isinstance(listed, list) or len(listed) < 2:
        raise ConditionError(f"several conditions are a list under one word, unlike {dict(stored)}")
    return Conditions(tuple(map(_parse_one, listed)), joining)


def _parse_one(stored: object) -> Condition:
    if not isinstance(stored, Mapping):
        raise ConditionError(f"a condition names a question and one test, unlike {stored!r}")
    tests = [test for test in Comparison if test.value in stored]
    question = stored.get("question")
    if not isinstance(question, str) or len(tests) != 1 or len(stored) != 2 + ("lots" in stored):
        raise ConditionError(f"a condition names a question and one test, unlike {dict(stored)}")
    given = stored[tests[0].value]
    values = given if tests[0] is Comparison.ANY_OF and isinstance(given, list) else [given]
    if not values or not all(isinstance(value, str) for value in values):
        raise ConditionError(f"a condition compares with values, unlike {dict(stored)}")
    return Condition(question, tests[0], tuple(values), _parse_lots(stored))


def _parse_lots(stored: Mapping[str, Any]) -> frozenset[str]:
    """An empty list is no way to say any lot: it could as well mean none."""
    if "lots" not in stored:
        return frozenset()
    lots = stored["lots"]
    if not isinstance(lots, list) or not lots or not all(isinstance(lot, str) for lot in lots):
        raise ConditionError(f"a condition is limited to lots by their ids, unlike {dict(stored)}")
    return frozenset(lots)


def check_order(asked: Iterable[tuple[str, Iterable[Conditions | None]]]) -> None:
    """See that all conditions, listed with the question they are for, are about earlier ones. Raises ConditionError."""
    earlier: set[str] = set()
    for key, depends_on in asked:
        for condition in (each for conditions in depends_on if conditions for each in conditions.each):
            if condition.question not in earlier:
                raise ConditionError(f"{key!r} depends on {condition.question!r}, which is not asked before it")
        earlier.add(key)
