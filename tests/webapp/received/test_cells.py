"""Cells as other tools write them, read by the kinds of question that people answer online."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from typing import Any

import pytest

from webapp.models import Lot, Question, QuestionKind
from webapp.received.importing.cells import UnknownWordError, looks_like, moment_of, typed_of, words_of
from webapp.responses import questions
from webapp.responses.items import AnswerError, Item
from webapp.web.format import LONDON

LOTS = tuple(Lot(id=uuid.UUID(int=n), code=f"D{n}", title=f"Lot {n}") for n in (1, 2, 3))
FIRST, SECOND, THIRD = (str(lot.id) for lot in LOTS)
OPTIONS = [{"value": "block", "label": "Block contract"}, {"value": "cap", "label": "Capitation; per head"}]
COLUMNS = [
    {"value": "site", "label": "Site", "kind": "text"},
    {"value": "from", "label": "From", "kind": "month"},
    {"value": "value", "label": "Value", "kind": "money"},
]
NOW = datetime(2026, 11, 22, 15, 30, tzinfo=LONDON)
K = QuestionKind


def local(*parts: int) -> datetime:
    """As a workbook has it: no cell says in which zone it is."""
    return datetime(*parts)  # noqa: DTZ001 - that is what it is about


def item(kind: QuestionKind) -> Item:
    options = COLUMNS if kind is K.ROWS else OPTIONS
    return Item(Question(kind=kind, key="key", wording="What?", options=options), among=LOTS)


def value(kind: QuestionKind, cell: Any, **meanings: str) -> Any:
    about = item(kind)
    return questions.read(about, typed_of(about, cell, words_of(about.question, meanings)))


@pytest.mark.parametrize(
    ("kind", "cell", "said"),
    [
        (K.TEXT, 12.0, "12"),
        (K.ONE_OF, " BLOCK  contract ", "block"),
        (K.ONE_OF, "cap", "cap"),
        (K.SOME_OF, "block; Block contract", ["block"]),
        (K.SOME_OF, "Capitation; per head", ["cap"]),
        (K.YES_NO, True, True),
        (K.YES_NO, 0, False),
        (K.YES_NO, "N", False),
        (K.WHOLE_NUMBER, "6 months", 6),
        (K.NUMBER, "4.5 WTE", 4.5),
        (K.NUMBER, 4.5, 4.5),
        (K.MONEY, "1.5m", 1_500_000),
        (K.MONEY, 250000.0, 250_000),
        (K.MONEY_RANGE, "£100k to £2m", {"smallest": 100_000, "largest": 2_000_000}),
        (K.MONEY_RANGE, "100k \u2013 200k", {"smallest": 100_000, "largest": 200_000}),
        (K.DATE, "3/4/2027", "2027-04-03"),
        (K.DATE, "03.04.2027", "2027-04-03"),
        (K.DATE, "3 April 2027", "2027-04-03"),
        (K.DATE, "2027-04-03", "2027-04-03"),
        (K.DATE, date(2027, 4, 3), "2027-04-03"),
        (K.DATE, local(2027, 4, 3), "2027-04-03"),
        (
            K.DATE_RANGES,
            "1/4/2027 to 30/6/2027; 1 Sep 2027 to 2 Sep 2027",
            [{"from": "2027-04-01", "to": "2027-06-30"}, {"from": "2027-09-01", "to": "2027-09-02"}],
        ),
        (K.RANKING, "d3; D1", [THIRD, FIRST]),
        (K.PACKAGES, "D1+D2; D2 + D3", [[FIRST, SECOND], [SECOND, THIRD]]),
        (
            K.ROWS,
            "HMP A | 4 2020 | 1.5m; HMP B",
            [{"site": "HMP A", "from": "2020-04", "value": 1_500_000}, {"site": "HMP B"}],
        ),
    ],
)
def test_a_cell_is_read_as_it_is_meant(kind: QuestionKind, cell: Any, said: Any) -> None:
    assert value(kind, cell) == said


@pytest.mark.parametrize(
    ("kind", "cell"),
    [
        (K.WHOLE_NUMBER, "6 dentists"),
        (K.NUMBER, "1,20"),
        (K.MONEY_RANGE, "100k"),
        (K.DATE, "31/2/2027"),
        (K.DATE, "2027"),
        (K.DATE_RANGES, "1/4/2027"),
        (K.RANKING, "D9"),
        (K.PACKAGES, "D1; D2"),
        (K.ROWS, "a|b|c|d"),
    ],
)
def test_a_cell_that_cannot_be_used_says_why(kind: QuestionKind, cell: str) -> None:
    with pytest.raises(AnswerError, match="the answer"):
        value(kind, cell)


def test_a_word_that_is_no_option_is_asked_about_until_it_is_explained() -> None:
    with pytest.raises(UnknownWordError, match="per patient"):
        value(K.SOME_OF, "block; per patient")
    assert value(K.SOME_OF, "block; per patient", **{"per patient": "cap"}) == ["block", "cap"]
    assert value(K.SOME_OF, "block; per patient", **{"per patient": ""}) == ["block"]


@pytest.mark.parametrize(
    ("cell", "at"),
    [
        ("20/11/2026 16:40", local(2026, 11, 20, 16, 40)),
        ("20/7/2026 16:40", local(2026, 7, 20, 16, 40)),
        ("2026-07-20T16:40:05Z", local(2026, 7, 20, 17, 40)),
        (local(2026, 11, 20, 16, 40), local(2026, 11, 20, 16, 40)),
        ("20/11/2026", local(2026, 11, 20, 23, 59)),
        (date(2026, 11, 22), NOW.replace(tzinfo=None)),
        (local(2026, 11, 20, 0, 0), local(2026, 11, 20, 23, 59)),
        (local(2026, 11, 22, 0, 0), NOW.replace(tzinfo=None)),
        ("20/11/2026 00:00", local(2026, 11, 20, 0, 0)),
    ],
)
def test_a_moment_is_london_s_and_a_day_alone_its_last_minute(cell: Any, at: datetime) -> None:
    assert moment_of(cell, NOW) == at.replace(tzinfo=LONDON)


@pytest.mark.parametrize("cell", ["soon", "31/2/2026", "20/11/2026 noonish", "20/11/2026 25:00", 46_000])
def test_what_is_no_moment_is_none(cell: Any) -> None:
    assert moment_of(cell, NOW) is None


@pytest.mark.parametrize(
    ("cell", "alike"),
    [("12", "a number"), ("£1,200", "a number"), (3.5, "a number"), ("1/2/2026", "a date or time"), ("12 nurses", "")],
)
def test_what_looks_like_no_answer_in_words_is_noticed(cell: Any, alike: str) -> None:
    assert looks_like(cell) == alike


@pytest.mark.parametrize(
    ("kind", "given"),
    [
        (K.TEXT, "text"),
        (K.ONE_OF, "block"),
        (K.SOME_OF, ["block", "cap"]),
        (K.YES_NO, False),
        (K.WHOLE_NUMBER, 12_000),
        (K.NUMBER, 4.25),
        (K.MONEY, 1_500_000.5),
        (K.MONEY_RANGE, {"smallest": None, "largest": 10}),
        (K.DATE, "2027-04-03"),
        (K.DATE_RANGES, [{"from": "2027-04-01", "to": "2027-06-30"}]),
        (K.RANKING, [THIRD, FIRST]),
        (K.PACKAGES, [[FIRST, SECOND]]),
        (K.ROWS, [{"site": "HMP A", "from": "2020-04", "value": 1_500_000}, {"site": "HMP B"}]),
    ],
)
def test_a_value_typed_again_is_the_same_value(kind: QuestionKind, given: Any) -> None:
    about = item(kind)
    assert questions.read(about, questions.retyped(about, given)) == given
