"""What a new version changes for those who have answered an earlier one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from webapp.engagements.builder.words import KINDS, SCOPES
from webapp.models import Question, QuestionnaireVersion

_ATTRIBUTES = {
    "wording": "the wording",
    "hint": "the hint",
    "why": "why it is asked",
    "options": "the answers or columns",
    "asked_if": "when it is asked",
    "most_words": "the most words",
    "measure": "what the analysis uses it for",
}


@dataclass(frozen=True, slots=True)
class Change:
    wording: str
    what: str


@dataclass(frozen=True, slots=True)
class Changes:
    """By question, known again by its key."""

    added: Sequence[str]
    removed: Sequence[str]
    changed: Sequence[Change]

    def __bool__(self) -> bool:
        return bool(self.added or self.removed or self.changed)


def changes_between(before: QuestionnaireVersion, after: QuestionnaireVersion) -> Changes:
    old, new = _by_key(before), _by_key(after)
    changed = (Change(question.wording, _what(old[key], question)) for key, question in new.items() if key in old)
    return Changes(
        added=[question.wording for key, question in new.items() if key not in old],
        removed=[question.wording for key, question in old.items() if key not in new],
        changed=[change for change in changed if change.what],
    )


def _by_key(version: QuestionnaireVersion) -> dict[str, Question]:
    return {question.key: question for section in version.sections for question in section.questions}


def _what(before: Question, after: Question) -> str:
    said = [name for attribute, name in _ATTRIBUTES.items() if getattr(before, attribute) != getattr(after, attribute)]
    if before.kind is not after.kind:
        said.insert(0, f"the kind of answer: now {KINDS[after.kind].name.lower()}")
    if before.asked_per is not after.asked_per:
        said.append(f"how often it is asked: now {SCOPES[after.asked_per].lower()}")
    if before.required is not after.required:
        said.append("it must be answered now" if after.required else "it is optional now")
    if before.restricted is not after.restricted:
        said.append("who may read it")
    if before.section.asked_if != after.section.asked_if:
        said.append("when its section is asked")
    if before.section.slug != after.section.slug:
        said.append(f"it moved to “{after.section.title}”")
    return "; ".join(said)
