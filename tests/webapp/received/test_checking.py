"""Equal cells on different lines: read once where they say the same, and never where they do not."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime

from webapp.imports.tables import Cell, Table
from webapp.models import AskedPer, Lot, Measure, Question, QuestionKind
from webapp.received.importing.checking import Checked, Setting, check
from webapp.received.importing.columns import ORGANISATION, Target, columns_of

NOW = datetime(2026, 11, 22, 15, 30, tzinfo=UTC)
LOTS = tuple(Lot(id=uuid.UUID(int=n), code=f"D{n}", title=f"Lot {n}") for n in (1, 2))
PLACES = [{"value": "where", "label": "Where", "kind": "text"}, {"value": "from", "label": "From", "kind": "month"}]
GROUPS = [{"value": "gp", "label": "GP"}, {"value": "nurse", "label": "Nurse"}]
LEVELS = [{"value": "would_bid", "label": "Would bid"}, {"value": "no", "label": "Would not bid"}]
QUESTIONS = (
    Question(key="held", kind=QuestionKind.WHOLE_NUMBER, asked_per=AskedPer.RESPONSE, wording="How many?"),
    Question(key="order", kind=QuestionKind.RANKING, asked_per=AskedPer.RESPONSE, wording="In which order?"),
    Question(
        key="interest",
        kind=QuestionKind.ONE_OF,
        asked_per=AskedPer.LOT,
        wording="Would you bid?",
        measure=Measure.INTEREST_LEVEL,
        options=LEVELS,
    ),
    Question(key="past", kind=QuestionKind.ROWS, asked_per=AskedPer.RESPONSE, wording="Where?", options=PLACES),
    Question(key="groups", kind=QuestionKind.SOME_OF, asked_per=AskedPer.RESPONSE, wording="Whom?", options=GROUPS),
)
TARGETS = (
    *(Target(ORGANISATION), Target("held"), Target("order"), Target("interest", "D1"), Target("interest", "D2")),
    *(Target("past"), Target("groups")),
)


def checked(*rows: tuple[Cell, ...]) -> Checked:
    titles = ("Name", "Held", "Order", "D1", "D2", "Past", "Groups")
    table = Table("", titles, [(line, row) for line, row in enumerate(rows, 2)], titles)
    setting = Setting({each.key: each for each in QUESTIONS}, LOTS, {}, {}, (), NOW, NOW, NOW)
    return check(table, columns_of(table), TARGETS, setting)


def test_a_ticked_box_is_no_number_though_it_equals_the_one_above() -> None:
    found = checked(("Acorn", 1, "", "", ""), ("Oak", True, "", "", ""), ("Elm", 1, "", "", ""))
    assert [(fault.line, fault.column, fault.found) for fault in found.faults] == [(3, "Held", "True")]
    assert [list(row.answers.values()) for row in found.rows] == [[1], [1]]


def test_a_name_that_hides_a_character_is_a_fault() -> None:
    (fault,) = checked(("Ac\u200born", 1, "", "", "")).faults
    assert (fault.column, fault.found, fault.reason) == (
        "Name",
        "Ac\ufffdorn",
        "contains a character that cannot be seen",
    )


def test_a_name_that_could_pass_for_another_is_a_fault() -> None:
    marked, mixed = checked(("Ac\ufffdorn", 1, "", "", ""), ("Ac\u043ern", 1, "", "", "")).faults
    assert (marked.line, marked.reason) == (2, "contains a character that cannot be seen")
    assert (mixed.line, mixed.reason[:38]) == (3, "has letters of another alphabet in “Ac")


def test_the_same_order_of_lots_is_judged_by_the_interest_of_its_own_line() -> None:
    found = checked(
        ("Acorn", "", "D1; D2", "Would bid", "Would bid"), ("Oak", "", "D1; D2", "Would bid", "Would not bid")
    )
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, "Order")]
    assert [row.name for row in found.rows] == ["Acorn"]


def test_every_fault_of_a_cell_is_told_at_once() -> None:
    found = checked(("Acorn", "", "", "", "", "HMP Leeds | soon; | 4 2024; HMP Hull | later", ""))
    assert [(fault.column, fault.reason) for fault in found.faults] == [
        ("Past", "“From” in row 1 must be a month and a year, like 4 2024"),
        ("Past", "“Where” in row 2 must be answered"),
        ("Past", "“From” in row 3 must be a month and a year, like 4 2024"),
    ]


def test_every_word_of_a_cell_that_is_no_option_is_asked_about_at_once() -> None:
    found = checked(("Acorn", "", "", "", "", "", "GP; Vet; Nurse; Smith"), ("Oak", "", "", "", "", "", "vet"))
    assert [(word.text, word.times, word.line) for word in found.words] == [("Vet", 2, 2), ("Smith", 1, 2)]
