"""A questionnaire with a question of each kind that an analysis reads."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories.rows import add
from webapp.models import AskedPer, Engagement, Measure, Question, QuestionKind, QuestionnaireVersion, Section

LEVELS = [
    {"value": "would_bid", "label": "Would bid"},
    {"value": "likely", "label": "Likely to bid"},
    {"value": "possibly", "label": "Might bid"},
    {"value": "undecided", "label": "Undecided"},
    {"value": "no", "label": "Would not bid"},
]


ROLES = [
    {"value": "lead", "label": "Lead provider"},
    {"value": "consortium", "label": "Member of a consortium"},
    {"value": "subcontract", "label": "Lead or subcontractor"},
    {"value": "subcontract_only", "label": "Subcontractor only"},
]


def question(kind: QuestionKind, key: str, **given: Any) -> dict[str, Any]:
    return {"kind": kind, "key": key, "wording": f"What about {key}?", **given}


SECTIONS: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
    (
        "organisation",
        "Your organisation",
        [
            question(QuestionKind.TEXT, "legal_name", required=True),
            question(QuestionKind.YES_NO, "cqc", measure=Measure.CQC_REGISTERED),
        ],
    ),
    (
        "interest",
        "Interest in each lot",
        [
            question(
                QuestionKind.ONE_OF,
                "interest",
                asked_per=AskedPer.LOT,
                options=LEVELS,
                measure=Measure.INTEREST_LEVEL,
                required=True,
            )
        ],
    ),
    (
        "lots",
        "The lots you chose",
        [
            question(
                QuestionKind.ONE_OF,
                "role",
                asked_per=AskedPer.CHOSEN_LOT,
                options=ROLES,
                measure=Measure.BIDDING_ROLE,
                required=True,
            ),
            question(QuestionKind.NUMBER, "start_wte", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_AT_START),
            question(QuestionKind.NUMBER, "month6_wte", asked_per=AskedPer.CHOSEN_LOT, measure=Measure.WTE_MONTH_6),
        ],
    ),
    (
        "views",
        "Your views",
        [
            question(QuestionKind.WHOLE_NUMBER, "held", measure=Measure.HELD_AT_MOST),
            question(QuestionKind.LONG_TEXT, "barriers", most_words=500, measure=Measure.THEMES),
            question(QuestionKind.YES_NO, "quote", measure=Measure.MAY_QUOTE),
        ],
    ),
)


def add_questionnaire(
    session: Session, about: Engagement, published: bool = True, number: int = 1
) -> QuestionnaireVersion:
    sections = [
        Section(
            position=position,
            slug=slug,
            title=title,
            questions=[Question(position=place, **given) for place, given in enumerate(questions, 1)],
        )
        for position, (slug, title, questions) in enumerate(SECTIONS, 1)
    ]
    version = add(session, QuestionnaireVersion(engagement_id=about.id, number=number, sections=sections))
    if published:  # only then: a published one takes no more questions
        version.published_at = datetime.now(UTC)
        session.flush()
    session.refresh(version)
    return version


def ask_of_provider(session: Session, version: QuestionnaireVersion) -> Section:
    """Ask in its first section, also of a published one, for the provider's kind and size, and whether it is a VCSE."""
    kinds = [{"value": "charity", "label": "Charity"}, {"value": "ours", "label": "One of ours"}]
    sizes = [{"value": "small", "label": "10 to 49"}]
    asked = [
        question(QuestionKind.ONE_OF, "organisation_kind", options=kinds),
        question(QuestionKind.ONE_OF, "organisation_size", options=sizes),
        question(QuestionKind.YES_NO, "is_vcse"),
    ]
    session.execute(text("SET LOCAL session_replication_role = replica"))
    session.add_all(
        Question(section_id=version.sections[0].id, position=place, **given) for place, given in enumerate(asked, 50)
    )
    session.commit()
    session.refresh(version.sections[0])
    return version.sections[0]
