"""What the builder's pages show, as plain data."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from webapp.engagements.builder.arrangement import place_of
from webapp.engagements.builder.effects import Changes, changes_between
from webapp.engagements.builder.options import repeated
from webapp.engagements.builder.queries import Building, Pinned
from webapp.engagements.builder.words import KINDS, SCOPES, missed, use_of
from webapp.engagements.condition_words import clause, in_words
from webapp.engagements.conditions import Condition, Conditions
from webapp.engagements.lot_limits import conditions_of, misfits
from webapp.engagements.questionnaires import why_not
from webapp.models import Lot, Question, QuestionnaireVersion, Section
from webapp.web.clashes import Difference

ALWAYS = "Always"


@dataclass(frozen=True, slots=True)
class QuestionLine:
    id: uuid.UUID
    place: str
    wording: str
    about: str
    """The kind of answer, and how often it is asked."""
    use: str
    only_if: str


@dataclass(frozen=True, slots=True)
class ConditionLine:
    words: str
    sent: str


@dataclass(frozen=True, slots=True)
class SectionLines:
    id: uuid.UUID
    place: str
    slug: str
    title: str
    introduction: str
    only_if: str
    questions: Sequence[QuestionLine]


@dataclass(frozen=True, slots=True)
class Outline:
    sections: Sequence[SectionLines]
    missed: Sequence[str]
    """What the analysis could not say."""
    repeated: Sequence[str]
    """Of each section that asks something twice in the same words, what it is."""
    misfits: Sequence[str]
    """What names lots that the engagement does not ask about, or could never be asked."""
    number: int
    can_change: bool
    is_published: bool
    """Whether providers answer an earlier version, or this one."""


@dataclass(frozen=True, slots=True)
class EffectPage:
    missing: str
    """Why the version cannot be published yet."""
    changes: Changes
    pinned: Sequence[Pinned]
    is_sealed: bool
    """Whether nobody may learn yet how many have answered."""

    @property
    def may_have_drafts(self) -> bool:
        return self.is_sealed or any(each.drafts for each in self.pinned)

    @property
    def rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (f"Version {each.number}", str(each.drafts), str(each.submitted), str(each.withdrawn))
            for each in self.pinned
        ]


def outline(building: Building) -> Outline | None:
    version = building.version
    if version is None:
        return None
    earlier = _by_key(building)
    return Outline(
        sections=[_section(section, earlier, building.lots) for section in version.sections],
        missed=missed(building.questions),
        repeated=[said for section in version.sections if (said := _asked_twice(section))],
        misfits=misfits(version),
        number=version.number,
        can_change=building.draft is not None,
        is_published=building.engagement.published_at is not None,
    )


def _asked_twice(section: Section) -> str:
    twice = repeated([question.wording for question in section.questions])
    return f"“{section.title}” asks “{twice}” twice." if twice else ""


def _section(section: Section, earlier: Mapping[str, Question], lots: Sequence[Lot]) -> SectionLines:
    return SectionLines(
        id=section.id,
        place=place_of(section),
        slug=section.slug,
        title=section.title,
        introduction=section.introduction or "",
        only_if=conditions_in_words(section, earlier, lots),
        questions=[_line(question, earlier, lots) for question in section.questions],
    )


def _line(question: Question, earlier: Mapping[str, Question], lots: Sequence[Lot]) -> QuestionLine:
    about = [KINDS[question.kind].name]
    if question.is_about_a_lot:
        about.append(SCOPES[question.asked_per].lower())
    if question.most_words:
        about.append(f"up to {question.most_words} words")
    about.append("required" if question.required else "optional")
    if question.restricted:
        about.append("for lead officers only")
    return QuestionLine(
        id=question.id,
        place=place_of(question),
        wording=question.wording,
        about=", ".join(about),
        use=use_of(question),
        only_if=conditions_in_words(question, earlier, lots),
    )


def conditions_in_words(part: Section | Question, earlier: Mapping[str, Question], lots: Sequence[Lot]) -> str:
    conditions = conditions_of(part)
    return in_words(conditions, earlier, lots, about_a_lot=part.is_about_a_lot) if conditions else ""


def effect_page(
    version: QuestionnaireVersion, published: QuestionnaireVersion | None, pinned: Sequence[Pinned]
) -> EffectPage:
    """`pinned` is left out while the engagement is sealed."""
    nothing = Changes((), (), ())
    changes = changes_between(published, version) if published else nothing
    missing = why_not(version)
    if not missing and published and not changes and _titles(published) == _titles(version):
        missing = "It is the same as the version that is published. Change something first."
    is_sealed = version.engagement.waits_for_opening
    return EffectPage(missing, changes, () if is_sealed else pinned, is_sealed)


def _titles(version: QuestionnaireVersion) -> list[tuple[object, ...]]:
    """What of a version is not in its questions."""
    return [
        (
            section.title,
            section.introduction or None,
            repr(section.asked_if),
            tuple(question.key for question in section.questions),
        )
        for section in version.sections
    ]


def condition_lines(building: Building, part: Section | Question) -> list[ConditionLine]:
    """What it depends on, one by one."""
    conditions, earlier, lots = conditions_of(part), _by_key(building), building.lots
    each = conditions.each if conditions else ()
    return [ConditionLine(clause(one, earlier, lots, about_a_lot=part.is_about_a_lot), sent(one)) for one in each]


def sent(condition: Condition) -> str:
    """The condition as its button sends it."""
    return json.dumps(condition.as_json())


def condition_differences(building: Building, part: Section | Question, wanted: Conditions | None) -> list[Difference]:
    """When a colleague has it asked, and when it would be asked."""
    earlier, lots = _by_key(building), building.lots
    mine = in_words(wanted, earlier, lots, about_a_lot=part.is_about_a_lot) if wanted else ""
    return [Difference("When it is asked", conditions_in_words(part, earlier, lots) or ALWAYS, mine or ALWAYS)]


def _by_key(building: Building) -> dict[str, Question]:
    return {question.key: question for question in building.questions}
