"""An engagement whose every word is in Greek letters, with a question of every kind."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy.orm import Session

from tests import factories
from tests.webapp.responses.conftest import Respondent
from webapp.engagements.health_and_justice.about_lots import CHOSEN_LOTS, INTEREST
from webapp.models import (
    AskedPer,
    Engagement,
    Measure,
    MembershipRole,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    Section,
)

FEW_WORDS = 3
REFERENCE = re.compile(r"SND-[A-Z0-9]{4}-[A-Z0-9]{4}")
"""Of a submission: letters that mean nothing in any language."""
COLUMNS = [
    {"value": "site", "label": "Τόπος", "kind": "text"},
    {"value": "from", "label": "Από", "kind": "month"},
    {"value": "to", "label": "Έως", "kind": "month"},
    {"value": "worth", "label": "Αξία", "kind": "money"},
]
OPTIONS = [{"value": value, "label": value} for value in ("α", "β")]


def asking(kind: QuestionKind, key: str, **given: Any) -> dict[str, Any]:
    return {"kind": kind, "key": key, "wording": "Ερώτηση;", "hint": "Υπόδειξη.", "why": "Λόγος.", **given}


def of_the_service(content: Any, key: str) -> list[dict[str, str]]:
    """The options that the questionnaire of the service itself gives."""
    asked = next(question for question in content.questions if question.key == key)
    return [{"value": value, "label": label} for value, label in asked.options]


INTEREST_LEVELS = of_the_service(INTEREST, "interest")
ROLES = of_the_service(CHOSEN_LOTS, "role")
PER_LOT = {"asked_per": AskedPer.CHOSEN_LOT}
SECTIONS = {
    "organisation": [
        asking(QuestionKind.TEXT, "legal_name", required=True),
        asking(QuestionKind.YES_NO, "cqc"),
        asking(QuestionKind.LONG_TEXT, "few", most_words=FEW_WORDS),
    ],
    "interest": [
        asking(
            QuestionKind.ONE_OF,
            "interest",
            asked_per=AskedPer.LOT,
            options=INTEREST_LEVELS,
            measure=Measure.INTEREST_LEVEL,
            required=True,
        )
    ],
    "lots": [
        asking(QuestionKind.ONE_OF, "role", options=ROLES, measure=Measure.BIDDING_ROLE, required=True, **PER_LOT),
        asking(QuestionKind.NUMBER, "start", measure=Measure.WTE_AT_START, **PER_LOT),
        asking(QuestionKind.NUMBER, "month6", measure=Measure.WTE_MONTH_6, **PER_LOT),
        asking(QuestionKind.NUMBER, "months", measure=Measure.MOBILISATION_MONTHS, **PER_LOT),
    ],
    "kinds": [
        asking(QuestionKind.LONG_TEXT, "long"),
        asking(QuestionKind.ONE_OF, "one", options=OPTIONS),
        asking(QuestionKind.SOME_OF, "some", options=OPTIONS),
        asking(QuestionKind.WHOLE_NUMBER, "whole"),
        asking(QuestionKind.NUMBER, "number"),
        asking(QuestionKind.MONEY, "money"),
        asking(QuestionKind.DATE, "date"),
        asking(QuestionKind.RANKING, "ranking"),
        asking(QuestionKind.PACKAGES, "packages"),
        asking(QuestionKind.MONEY_RANGE, "range"),
        asking(QuestionKind.DATE_RANGES, "dates"),
        asking(QuestionKind.ROWS, "rows", options=COLUMNS),
        asking(QuestionKind.FILE_UPLOAD, "file"),
    ],
    "about": [asking(QuestionKind.TEXT, "note", asked_if={"question": "cqc", "is": "no"})],
}


def make_greek(session: Session) -> Respondent:
    """The signatory, a contributor, and a response in which nothing is answered yet."""
    engagement = greek_engagement(session)
    organisation = factories.provider(session, name="Πάροχος")
    person = factories.provider_person(session, organisation, name="Άννα", language="el")
    colleague = factories.person(session, organisation, MembershipRole.CONTRIBUTOR, name="Νίκος", language="el")
    response = factories.response(session, engagement, person)
    session.commit()
    return Respondent(person, colleague, engagement, factories.lots_of(engagement), response)


def greek_engagement(session: Session) -> Engagement:
    engagement = factories.engagement(session, questionnaire=False)
    engagement.title, engagement.summary, engagement.process = "Διαβούλευση", "Περίληψη.", "Διαδικασία."
    programme = engagement.programme
    programme.title, programme.summary, programme.synthetic_note = "Πρόγραμμα", "Περίληψη.", "Όλα επινοημένα."
    programme.buyer.name = "Αγοραστής"
    for number, lot in enumerate(factories.lots_of(engagement), 1):
        lot.code, lot.title = f"Λ{number}", "Οδοντίατρος"
    version = QuestionnaireVersion(engagement_id=engagement.id, number=1)
    version.sections = [
        Section(
            position=position,
            slug=slug,
            title="Ενότητα",
            introduction="Εισαγωγή.",
            questions=[Question(position=place, **given) for place, given in enumerate(asked, 1)],
        )
        for position, (slug, asked) in enumerate(SECTIONS.items(), 1)
    ]
    session.add(version)
    session.flush()
    version.published_at = engagement.published_at
    session.flush()
    session.refresh(engagement)
    return engagement


def usable(respondent: Respondent) -> dict[str, dict[str, Any]]:
    """By section: answers that can be submitted, of every kind."""
    first, second = (str(lot.id) for lot in respondent.lots)
    return {
        "organisation": {"legal_name": "Όνομα", "cqc": "yes", "few": "Λίγα λόγια."},
        "interest": respondent.levels("would_bid", "possibly"),
        "lots": {f"role-{first}": "lead", f"role-{second}": "subcontract_only", f"start-{first}": "4.5"},
        "kinds": {
            "long": "Λόγια.\nΛόγια.",
            "one": "α",
            "some": ["α", "β"],
            "whole": "1,000",
            "number": "4.5",
            "money": "£1.5m",
            **dict(zip(("date-day", "date-month", "date-year"), ("1", "4", "2031"), strict=True)),
            f"ranking-{first}": "1",
            f"ranking-{second}": "2",
            "packages-1": [first, second],
            "range-smallest": "1,000",
            "range-largest": "2,000.50",
            **period("dates-1-from", "1", "8", "2031"),
            **period("dates-1-to", "31", "8", "2031"),
            "rows-1-site": "Τόπος",
            "rows-1-from": "4 2021",
            "rows-1-to": "5 2022",
            "rows-1-worth": "7",
        },
    }


def period(name: str, *parts: str) -> dict[str, str]:
    return {f"{name}-{part}": text for part, text in zip(("day", "month", "year"), parts, strict=True)}


def unusable(respondent: Respondent) -> list[tuple[str, dict[str, Any]]]:
    """Answers of which each is wrong in its way, by the section that asks for them."""
    first, second = (str(lot.id) for lot in respondent.lots)
    return [
        ("organisation", {"legal_name": "", "cqc": "ναι", "few": "Πολλά λόγια που περισσεύουν."}),
        ("organisation", {"legal_name": "Ω" * 1_001, "few": "Ω" * 20_001}),
        ("organisation", {"legal_name": "Ω\x00"}),
        ("lots", {f"role-{first}": "α", f"start-{first}": "5", f"month6-{first}": "4", f"months-{first}": "1,000"}),
        (
            "kinds",
            {
                "one": "γ",
                "some": ["γ"],
                "whole": "1.5",
                "number": "1.234",
                "money": "ξ",
                **period("date", "", "4", "2031"),
                f"ranking-{first}": "1",
                f"ranking-{second}": "1",
                "packages-1": [first],
                "range-smallest": "2",
                "range-largest": "1",
                **period("dates-1-from", "2", "8", "2031"),
                **period("dates-1-to", "1", "8", "2031"),
                "rows-1-site": "Τόπος",
                "rows-1-from": "5 2021",
                "rows-1-to": "4 2021",
            },
        ),
        (
            "kinds",
            {
                "whole": "-1",
                "number": "2,000,000,000",
                **period("date", "30", "2", "2031"),
                f"ranking-{first}": "",
                f"ranking-{second}": "2",
                "packages-1": [first, second],
                "packages-2": [second, first],
                "range-smallest": "ξ",
                "range-largest": "",
                **period("dates-1-from", "", "", "2031"),
                "rows-1-from": "4 2021",
            },
        ),
        (
            "kinds",
            {
                **period("date", "1", "", ""),
                f"ranking-{first}": "ξ",
                **period("dates-1-to", "1", "8", "2031"),
                "rows-1-site": "Τόπος",
                "rows-1-from": "ξ",
                "range-largest": "ξ",
            },
        ),
        ("kinds", {**period("date", "", "4", ""), "rows-1-site": "Ω" * 1_001}),
        ("kinds", {**period("date", "", "", "2031"), "rows-1-worth": "ξ", "rows-1-site": "Τόπος"}),
        ("kinds", period("date", "1", "4", "")),
        ("kinds", period("date", "1", "", "2031")),
    ]
