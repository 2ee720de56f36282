"""How the contents of a questionnaire become a version of an engagement."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from webapp.engagements.conditions import check_order
from webapp.engagements.contents import ColumnContent, QuestionContent, SectionContent
from webapp.engagements.health_and_justice import HEALTH_AND_JUSTICE
from webapp.engagements.lot_limits import misfits
from webapp.models import Engagement, Question, QuestionnaireVersion, Section

__all__ = ["HEALTH_AND_JUSTICE", "ColumnContent", "QuestionContent", "SectionContent", "add_questionnaire", "why_not"]


def why_not(version: QuestionnaireVersion) -> str:
    """What is missing for a version to be published; nothing where it can."""
    if not version.sections:
        return "It has no section yet."
    about_lots = next((each for each in version.sections if any(part.needs_lots for part in each.questions)), None)
    if about_lots is not None and not version.engagement.engagement_lots:
        return f"The section “{about_lots.title}” asks about lots, and the engagement has none."
    if empty := [section.title for section in version.sections if not section.questions]:
        return f"The section “{empty[0]}” asks nothing. Add a question to it or remove it."
    return next(iter(misfits(version)), "")


def add_questionnaire(
    session: Session, engagement: Engagement, sections: tuple[SectionContent, ...] = HEALTH_AND_JUSTICE
) -> QuestionnaireVersion:
    """The next version of the engagement's questionnaire, not yet published.

    Raises ConditionError if a question depends on one that is not asked before it.
    """
    check_order(
        (question.key, (section.asked_if, question.asked_if)) for section in sections for question in section.questions
    )
    newest = session.scalar(
        select(func.max(QuestionnaireVersion.number)).where(QuestionnaireVersion.engagement_id == engagement.id)
    )
    version = QuestionnaireVersion(engagement_id=engagement.id, number=(newest or 0) + 1)
    version.sections = [_section(content, position) for position, content in enumerate(sections, 1)]
    session.add(version)
    session.flush()
    return version


def _section(content: SectionContent, position: int) -> Section:
    return Section(
        position=position,
        slug=content.slug,
        title=content.title,
        introduction=content.introduction,
        asked_if=content.asked_if.as_json() if content.asked_if else None,
        questions=[_question(question, place) for place, question in enumerate(content.questions, 1)],
    )


def _question(content: QuestionContent, position: int) -> Question:
    return Question(
        position=position,
        key=content.key,
        kind=content.kind,
        asked_per=content.asked_per,
        wording=content.wording,
        hint=content.hint,
        why=content.why,
        required=content.required,
        options=_options(content),
        asked_if=content.asked_if.as_json() if content.asked_if else None,
        most_words=content.most_words,
        measure=content.measure,
        restricted=content.restricted,
    )


def _options(content: QuestionContent) -> list[dict[str, Any]]:
    columns = [{"value": column.key, "label": column.label, "kind": column.kind.value} for column in content.columns]
    return columns or [{"value": value, "label": label} for value, label in content.options]
