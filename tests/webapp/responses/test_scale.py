"""A questionnaire of 60 questions about 40 lots: few statements, light pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from tests import factories
from tests.factories import LEVELS, ROLES, question
from tests.webapp.browser_of_pages import Client, Page
from tests.webapp.responses.conftest import Respondent, make_respondent
from webapp.models import AskedPer, Measure, Question, QuestionKind, QuestionnaireVersion, Section

LOTS = 40
PAGE_STATEMENTS = 8
SUBMIT_STATEMENTS = 12
PAGE_BYTES = 300_000

PER_LOT: list[dict[str, Any]] = [
    question(QuestionKind.ONE_OF, "role", asked_per=AskedPer.CHOSEN_LOT, options=ROLES, measure=Measure.BIDDING_ROLE),
    question(QuestionKind.NUMBER, "start", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_AT_START),
    question(QuestionKind.NUMBER, "month6", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_MONTH_6),
    question(QuestionKind.NUMBER, "months", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.MOBILISATION_MONTHS),
    question(QuestionKind.YES_NO, "workable", asked_per=AskedPer.CHOSEN_LOT),
]
INTEREST = question(
    QuestionKind.ONE_OF, "interest", asked_per=AskedPer.LOT, options=LEVELS, measure=Measure.INTEREST_LEVEL
)
KINDS = [QuestionKind.LONG_TEXT, QuestionKind.WHOLE_NUMBER, QuestionKind.MONEY, QuestionKind.YES_NO, QuestionKind.DATE]
GENERAL = [question(KINDS[number % 5], f"general{number}", hint="A hint.", why="A reason.") for number in range(44)]
COLUMNS = [{"value": key, "label": key, "kind": "text"} for key in ("site", "service", "from", "to", "value")]
BOXES = [
    question(QuestionKind.RANKING, "ranking"),
    question(QuestionKind.PACKAGES, "packages"),
    question(QuestionKind.MONEY_RANGE, "range"),
    question(QuestionKind.DATE_RANGES, "avoid"),
    question(QuestionKind.ROWS, "services", options=COLUMNS),
]
CONDITIONAL = [
    {**given, "asked_if": {"question": "role", "is_not": "subcontract_only"}}
    for given in [*BOXES, *(question(KINDS[number % 5], f"conditional{number}") for number in range(5))]
]
SECTIONS = {
    "interest": [INTEREST],
    "lots": PER_LOT,
    "first": GENERAL[:22],
    "second": GENERAL[22:],
    "third": CONDITIONAL,
}


@pytest.fixture
def respondent(session: Session) -> Respondent:
    engagement = factories.engagement(session, lots=LOTS, questionnaire=False)
    version = QuestionnaireVersion(engagement_id=engagement.id, number=1)
    version.sections = [
        Section(
            position=position,
            slug=slug,
            title=slug.title(),
            questions=[Question(position=place, **given) for place, given in enumerate(questions, 1)],
        )
        for position, (slug, questions) in enumerate(SECTIONS.items(), 1)
    ]
    session.add(version)
    session.flush()
    version.published_at = datetime.now(UTC)
    session.flush()
    session.refresh(engagement)
    return make_respondent(session, engagement)


OF_SEVERAL_BOXES: dict[QuestionKind, Callable[[str, list[str]], dict[str, Any]]] = {
    QuestionKind.RANKING: lambda key, lots: {f"{key}-{lot}": str(place) for place, lot in enumerate(lots, 1)},
    QuestionKind.PACKAGES: lambda key, lots: {f"{key}-{number}": lots[number:] for number in range(1, 6)},
    QuestionKind.MONEY_RANGE: lambda key, lots: {f"{key}-smallest": "1", f"{key}-largest": "2"},
    QuestionKind.DATE_RANGES: lambda key, lots: {
        f"{key}-{number}-{end}-{part}": text
        for number in range(1, 7)
        for end in ("from", "to")
        for part, text in (("day", "1"), ("month", "4"), ("year", "2031"))
    },
    QuestionKind.ROWS: lambda key, lots: {
        f"{key}-{number}-{column['value']}": "Some words" for number in range(1, 21) for column in COLUMNS
    },
}


def answers(respondent: Respondent, slug: str) -> dict[str, Any]:
    values = {"interest": "likely", "role": "lead", "start": "12.5", "month6": "14", "months": "6", "workable": "yes"}
    typed: dict[str, Any] = {}
    for asked in SECTIONS[slug]:
        key, kind = asked["key"], asked["kind"]
        if key in values:
            typed |= {f"{key}-{lot.id}": values[key] for lot in respondent.lots}
        elif kind is QuestionKind.DATE:
            typed |= {f"{key}-day": "1", f"{key}-month": "4", f"{key}-year": "2031"}
        elif kind in OF_SEVERAL_BOXES:
            typed |= OF_SEVERAL_BOXES[kind](key, [str(lot.id) for lot in respondent.lots])
        else:
            typed[key] = {QuestionKind.LONG_TEXT: "Some words. " * 40, QuestionKind.YES_NO: "yes"}.get(kind, "1,200")
    return typed


def light(page: Page, most: int = PAGE_STATEMENTS) -> Page:
    queries = [statement for statement in page.statements if "SAVEPOINT" not in statement]
    assert len(queries) <= most, "\n".join(queries)
    assert len(page.html.encode()) < PAGE_BYTES
    return page


def test_the_whole_journey_is_light(client: Client, respondent: Respondent) -> None:
    for slug in SECTIONS:
        url = respondent.section(slug)
        light(client.post(url, {**light(client.get(url)).hidden(), **answers(respondent, slug)}))
        light(client.get(url))
    light(client.get(respondent.url))
    filled = {**light(client.get(respondent.check)).hidden(), "declared": "y"}
    receipt = light(client.post(respondent.check, filled), SUBMIT_STATEMENTS)
    page = light(client.get(receipt.location))
    assert page.html.count("Lead provider") == LOTS
    for url in (respondent.url, respondent.check, f"{respondent.url}/withdraw", "/responses"):
        light(client.get(url))
    light(client.submit(f"{respondent.url}/withdraw"), SUBMIT_STATEMENTS)


def test_the_questionnaire_has_sixty_questions() -> None:
    assert sum(len(asked) for asked in SECTIONS.values()) == 60
