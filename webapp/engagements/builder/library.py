"""Single questions to add, drawn from the questionnaires that one can begin with and grouped by their sections."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache

from webapp.engagements.builder.options import Option
from webapp.engagements.builder.questionnaires import TEMPLATES
from webapp.engagements.contents import QuestionContent
from webapp.models import READ_FOR_THEMES, Measure, Question


@dataclass(frozen=True, slots=True)
class LibraryQuestion:
    id: str
    """Of the questionnaire it is from, and its key."""
    source: str
    content: QuestionContent


@dataclass(frozen=True, slots=True)
class Group:
    slug: str
    title: str
    questions: Sequence[LibraryQuestion]


@cache
def groups() -> tuple[Group, ...]:
    """Each question once, where it first stands."""
    titles: dict[str, str] = {}
    found: dict[str, list[LibraryQuestion]] = {}
    seen: set[tuple[object, ...]] = set()
    for name, template in TEMPLATES.items():
        for section in template.sections:
            titles.setdefault(section.slug, section.title)
            for content in section.questions:
                mark = (content.key, content.wording, content.options)
                if mark not in seen:
                    seen.add(mark)
                    question = LibraryQuestion(f"{name}.{content.key}", template.name, content)
                    found.setdefault(section.slug, []).append(question)
    return tuple(Group(slug, title, found[slug]) for slug, title in titles.items() if slug in found)


def group_of(slug: str | None) -> Group | None:
    return next((group for group in groups() if group.slug == slug), None)


def not_asked(group: Group, present: Collection[str]) -> list[LibraryQuestion]:
    """Those whose key no question of the questionnaire has."""
    return [each for each in group.questions if each.content.key not in present]


def new_question(content: QuestionContent, earlier: Collection[str], measured: Collection[Measure | None]) -> Question:
    """A question like this. It is asked always if what it depends on is not asked before it, and read by people only if
    the analysis has its answer from another question already.
    """
    columns: list[Option] = [
        {"value": column.key, "label": column.label, "kind": column.kind.value} for column in content.columns
    ]
    is_needed = content.measure in READ_FOR_THEMES or content.measure not in measured
    asked_if = content.asked_if
    if asked_if is not None and any(condition.question not in earlier for condition in asked_if.each):
        asked_if = None
    return Question(
        key=content.key,
        kind=content.kind,
        asked_per=content.asked_per,
        wording=content.wording,
        hint=content.hint,
        why=content.why,
        required=content.required,
        options=columns or [{"value": value, "label": label} for value, label in content.options],
        asked_if=asked_if.as_json() if asked_if else None,
        most_words=content.most_words,
        measure=content.measure if is_needed else None,
        restricted=content.restricted,
    )
