"""Setting up and publishing: what is missing, what stays as it was, and what the questionnaire holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests import factories
from webapp.engagements import actions
from webapp.engagements.questionnaires import HEALTH_AND_JUSTICE, add_questionnaire
from webapp.models import (
    READ_FOR_THEMES,
    AskedPer,
    AuditEvent,
    BiddingRole,
    Engagement,
    EngagementState,
    InterestLevel,
    Measure,
    ProviderKind,
    ProviderSize,
    Question,
    QuestionKind,
    QuestionnaireVersion,
    Section,
)

NOW = datetime.now(UTC)
QUESTIONS = {question.key: question for section in HEALTH_AND_JUSTICE for question in section.questions}


def draft(session: Session, lots: int = 2, closes: timedelta = timedelta(days=20)) -> Engagement:
    programme = factories.programme(session)
    every_lot = [lot for procurement in programme.procurements for lot in procurement.lots]
    notice = actions.EngagementNotice(
        reference="SND-1",
        title="Dental care",
        summary="What could you deliver?",
        process="Answer by the closing time.",
        contact_email="team@example.org",
        opens_at=NOW + closes - timedelta(days=19),
        closes_at=NOW + closes,
    )
    return actions.create_engagement(session, programme=programme, notice=notice, lots=every_lot[:lots], actor=None)


def test_a_new_engagement_is_a_draft_about_its_lots_in_order(session: Session) -> None:
    engagement = draft(session)
    session.commit()
    session.expire_all()
    assert engagement.state(NOW) is EngagementState.DRAFT
    assert [entry.lot.code for entry in engagement.engagement_lots] == ["D1", "D2"]


def test_publishing_fixes_the_questionnaire_and_says_so(session: Session) -> None:
    engagement = draft(session)
    version = add_questionnaire(session, engagement)
    actions.publish(session, engagement=engagement, actor=None, now=NOW)
    session.commit()
    assert engagement.state(NOW) is EngagementState.COMING
    assert version.published_at == NOW
    acts = session.scalars(select(AuditEvent.act).order_by(AuditEvent.id)).all()
    assert acts == ["engagement.created", "questionnaire.published", "engagement.published"]


@pytest.mark.parametrize(
    ("given", "questionnaire", "reason"),
    [
        ({}, False, "no questionnaire"),
        ({"lots": 0}, True, "asks about lots, and the engagement has none"),
        ({"closes": timedelta(days=-1)}, True, "closing time has passed"),
    ],
)
def test_what_is_not_ready_is_not_published(
    session: Session, given: dict[str, Any], questionnaire: bool, reason: str
) -> None:
    engagement = draft(session, **given)
    if questionnaire:
        add_questionnaire(session, engagement)
    with pytest.raises(actions.NotReadyError, match=reason):
        actions.publish(session, engagement=engagement, actor=None, now=NOW)


def test_nothing_is_published_twice(session: Session) -> None:
    engagement = draft(session)
    add_questionnaire(session, engagement)
    actions.publish(session, engagement=engagement, actor=None, now=NOW)
    with pytest.raises(actions.NotReadyError, match="already"):
        actions.publish(session, engagement=engagement, actor=None, now=NOW)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE questionnaire_version SET number = 9",
        "UPDATE section SET title = 'Other'",
        "UPDATE question SET wording = 'Other?'",
        "DELETE FROM question",
        "INSERT INTO section (id, version_id, position, slug, title)"
        " SELECT gen_random_uuid(), id, 99, 'more', 'More' FROM questionnaire_version",
    ],
)
def test_the_database_refuses_to_change_a_published_questionnaire(session: Session, change: str) -> None:
    engagement = draft(session)
    add_questionnaire(session, engagement)
    session.execute(text("SAVEPOINT before"))
    session.execute(text(change))  # while it is a draft, all of these are allowed
    session.execute(text("ROLLBACK TO before"))
    actions.publish(session, engagement=engagement, actor=None, now=NOW)
    session.flush()
    with pytest.raises(IntegrityError, match="a published questionnaire version is never changed"):
        session.execute(text(change))


def test_nothing_is_moved_into_a_published_questionnaire(session: Session) -> None:
    engagement = draft(session)
    published = add_questionnaire(session, engagement)
    actions.publish(session, engagement=engagement, actor=None, now=NOW)
    later = add_questionnaire(session, engagement)
    later.sections[0].questions[0].section_id = published.sections[0].id
    later.sections[0].questions[0].position = 99
    with pytest.raises(IntegrityError, match="a published questionnaire version is never changed"):
        session.flush()


def test_a_second_questionnaire_is_the_next_version(session: Session) -> None:
    engagement = draft(session)
    assert [add_questionnaire(session, engagement).number for _ in range(2)] == [1, 2]


def test_the_questionnaire_is_stored_as_written(session: Session) -> None:
    version_id = add_questionnaire(session, draft(session)).id
    session.commit()
    session.expire_all()
    version = session.get_one(QuestionnaireVersion, version_id)
    assert [section.slug for section in version.sections] == [section.slug for section in HEALTH_AND_JUSTICE]
    stored = [question.key for section in version.sections for question in section.questions]
    assert stored == list(QUESTIONS)
    assert sum(len(section.questions) for section in HEALTH_AND_JUSTICE) == len(QUESTIONS), "keys are unique"
    interest = session.scalars(select(Question).join(Section).where(Question.key == "interest")).one()
    assert interest.options[0] == {"value": "would_bid", "label": "We would bid"}


def test_every_measure_is_asked_once_and_free_text_for_themes(session: Session) -> None:
    measures = [question.measure for question in QUESTIONS.values() if question.measure]
    assert set(measures) == set(Measure)
    assert len([measure for measure in measures if measure not in READ_FOR_THEMES]) == len(Measure) - len(
        READ_FOR_THEMES
    )
    themes = [question for question in QUESTIONS.values() if question.measure in READ_FOR_THEMES]
    assert {question.kind for question in themes} == {QuestionKind.LONG_TEXT}


@pytest.mark.parametrize(
    ("key", "vocabulary"),
    [
        ("interest", InterestLevel),
        ("role", BiddingRole),
        ("organisation_kind", ProviderKind),
        ("organisation_size", ProviderSize),
    ],
)
def test_options_speak_the_language_of_the_data(key: str, vocabulary: Any) -> None:
    assert {value for value, _ in QUESTIONS[key].options} == {member.value for member in vocabulary}


def test_questions_about_lots_are_asked_of_the_right_lots() -> None:
    per_lot = [key for key, question in QUESTIONS.items() if question.asked_per is AskedPer.LOT]
    assert per_lot == ["interest"]
    chosen = {key for key, question in QUESTIONS.items() if question.asked_per is AskedPer.CHOSEN_LOT}
    assert chosen == {"role", "wte_at_start", "wte_month_6", "mobilisation_months", "consortium", "price_workable"}
