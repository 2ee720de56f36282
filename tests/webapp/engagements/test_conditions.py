"""Conditions as they are stored, judged, and held to what was asked before."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from webapp.engagements.conditions import (
    Comparison,
    Condition,
    ConditionError,
    Conditions,
    Joining,
    Limit,
    any_of,
    is_,
    is_not,
    parse,
)
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.engagements.questionnaires import add_questionnaire
from webapp.models import QuestionKind


@pytest.mark.parametrize(
    ("condition", "given", "holds"),
    [
        (is_("role", "lead"), ["lead"], True),
        (is_("role", "lead"), ["other"], False),
        (is_("role", "lead"), [], False),
        (is_not("role", "lead"), ["other"], True),
        (is_not("role", "lead"), ["lead"], False),
        (is_not("role", "lead"), [], True),
        (any_of("staff", "gp", "nurse"), ["dentist", "nurse"], True),
        (any_of("staff", "gp", "nurse"), ["dentist"], False),
    ],
)
def test_a_condition_holds_or_not_and_survives_storing(condition: Conditions, given: list[str], holds: bool) -> None:
    assert condition.each[0].holds(given) is holds
    assert parse(condition.as_json()) == condition


@pytest.mark.parametrize("lots", [set(), {"a"}, {"b", "a"}])
def test_the_lots_that_a_condition_is_for_survive_storing(lots: set[str]) -> None:
    limited = Condition("role", Comparison.IS_NOT, ("lead",), frozenset(lots))
    assert parse(Conditions((limited,)).as_json()) == Conditions((limited,))
    assert [limited.is_about(lot) for lot in ("a", "c", None)] == [not lots or "a" in lots, not lots, not lots]


A, B, ANY = frozenset({"a"}), frozenset({"b"}), None


@pytest.mark.parametrize(
    ("limits", "together", "one_of_them"),
    [
        ((ANY,), None, None),
        ((A,), A, A),
        ((A, ANY), A, None),
        ((A, A | B), A, A | B),
        ((A, B), frozenset(), A | B),
        ((frozenset(), A), frozenset(), A),
        ((frozenset(),), frozenset(), frozenset()),
    ],
)
def test_conditions_hold_together_for_the_lots_that_all_are_for(
    limits: tuple[Limit, ...], together: Limit, one_of_them: Limit
) -> None:
    each = tuple(Condition(f"q{place}", Comparison.IS, ("yes",)) for place, _limit in enumerate(limits))
    of = dict(zip(each, limits, strict=True)).__getitem__
    assert Conditions(each).lots(of) == together
    assert Conditions(each, Joining.ANY).lots(of) == one_of_them


@pytest.mark.parametrize(("joining", "held"), [(Joining.ALL, [False, False, True]), (Joining.ANY, [False, True, True])])
def test_several_hold_together_or_one_is_enough_and_survive_storing(joining: Joining, held: list[bool]) -> None:
    several = Conditions((*is_("role", "lead").each, *is_not("cqc", "no").each), joining)
    assert [several.hold(given.__contains__) for given in ((), several.each[1:], several.each)] == held
    assert parse(several.as_json()) == several


@pytest.mark.parametrize(
    "stored",
    [
        {},
        {"question": "role"},
        {"is": "lead"},
        {"question": "role", "is": 3},
        {"question": "role", "is": ["lead"]},
        {"question": "role", "any_of": []},
        {"question": "role", "is": "a", "is_not": "b"},
        {"question": "role", "is": "a", "or": "b"},
        {"question": "role", "lots": ["a"]},
        {"question": "role", "is": "a", "lots": []},
        {"question": "role", "is": "a", "lots": "a"},
        {"question": "role", "is": "a", "lots": [1]},
        {"question": "role", "is": "a", "lots": ["a"], "or": "b"},
        {"all": [{"question": "role", "is": "a"}]},
        {"any": {"question": "role", "is": "a"}},
        {"any": [{"question": "role", "is": "a"}, "b"]},
        {"all": [{"question": "role", "is": "a"}] * 2, "any": [{"question": "role", "is": "a"}] * 2},
    ],
)
def test_what_is_no_condition_is_refused(stored: dict[str, Any]) -> None:
    with pytest.raises(ConditionError):
        parse(stored)


def asked(key: str, condition: Conditions | None = None) -> QuestionContent:
    return QuestionContent(key=key, kind=QuestionKind.YES_NO, wording=f"{key}?", asked_if=condition)


@pytest.mark.parametrize(
    "questions",
    [
        (asked("first", is_("second", "yes")), asked("second")),
        (asked("first", is_("first", "yes")),),
        (asked("first", is_("unknown", "yes")),),
        (asked("first"), asked("both", Conditions(is_("first", "yes").each + is_("last", "yes").each)), asked("last")),
    ],
)
def test_a_question_depends_only_on_what_is_asked_before_it(
    session: Session, questions: tuple[QuestionContent, ...]
) -> None:
    engagement = factories.engagement(session, state="draft", questionnaire=False)
    with pytest.raises(ConditionError, match="not asked before it"):
        add_questionnaire(session, engagement, (SectionContent(slug="all", title="All", questions=questions),))
