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
)
TARGETS = (Target(ORGANISATION), Target("held"), Target("order"), Target("interest", "D1"), Target("interest", "D2"))


def checked(*rows: tuple[Cell, ...]) -> Checked:
    titles = ("Name", "Held", "Order", "D1", "D2")
    table = Table("", titles, [(line, row) for line, row in enumerate(rows, 2)], titles)
    setting = Setting({each.key: each for each in QUESTIONS}, LOTS, {}, {}, (), NOW, NOW, NOW)
    return check(table, columns_of(table), TARGETS, setting)


def test_a_ticked_box_is_no_number_though_it_equals_the_one_above() -> None:
    found = checked(("Acorn", 1, "", "", ""), ("Oak", True, "", "", ""), ("Elm", 1, "", "", ""))
    assert [(fault.line, fault.column, fault.found) for fault in found.faults] == [(3, "Held", "True")]
    assert [list(row.answers.values()) for row in found.rows] == [[1], [1]]


def test_the_same_order_of_lots_is_judged_by_the_interest_of_its_own_line() -> None:
    found = checked(
        ("Acorn", "", "D1; D2", "Would bid", "Would bid"), ("Oak", "", "D1; D2", "Would bid", "Would not bid")
    )
    assert [(fault.line, fault.column) for fault in found.faults] == [(3, "Order")]
    assert [row.name for row in found.rows] == ["Acorn"]
