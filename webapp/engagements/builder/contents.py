"""A stored questionnaire as contents again, to begin another from."""

from __future__ import annotations

from webapp.engagements.conditions import parse
from webapp.engagements.contents import ColumnContent, ColumnKind, QuestionContent, SectionContent
from webapp.models import Question, QuestionKind, QuestionnaireVersion, Section


def contents_of(version: QuestionnaireVersion) -> tuple[SectionContent, ...]:
    return tuple(_section(section) for section in version.sections)


def _section(section: Section) -> SectionContent:
    return SectionContent(
        slug=section.slug,
        title=section.title,
        introduction=section.introduction,
        asked_if=parse(section.asked_if) if section.asked_if else None,
        questions=tuple(question_content(question) for question in section.questions),
    )


def question_content(question: Question) -> QuestionContent:
    is_rows = question.kind is QuestionKind.ROWS
    return QuestionContent(
        key=question.key,
        kind=question.kind,
        wording=question.wording,
        hint=question.hint,
        why=question.why,
        required=question.required,
        asked_per=question.asked_per,
        options=() if is_rows else tuple((option["value"], option["label"]) for option in question.options),
        columns=tuple(
            ColumnContent(option["value"], option["label"], ColumnKind(option["kind"]))
            for option in question.options
            if is_rows
        ),
        most_words=question.most_words,
        measure=question.measure,
        asked_if=parse(question.asked_if) if question.asked_if else None,
        restricted=question.restricted,
    )
