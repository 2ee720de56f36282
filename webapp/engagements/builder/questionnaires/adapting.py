"""Making a questionnaire for one service out of sections for many."""

from __future__ import annotations

from dataclasses import replace

from webapp.engagements.contents import QuestionContent, SectionContent


def adapted(section: SectionContent, *others: QuestionContent) -> SectionContent:
    """The section with questions in the place of those that have the same key, and the new ones at its end."""
    instead = {question.key: question for question in others}
    kept = [instead.pop(each.key, each) for each in section.questions]
    return replace(section, questions=(*kept, *instead.values()))


def reworded(section: SectionContent, key: str, **changed: object) -> QuestionContent:
    """A section's question in other words."""
    [question] = [each for each in section.questions if each.key == key]
    return replace(question, **changed)  # type: ignore[arg-type]  # its own attributes, as replace checks
