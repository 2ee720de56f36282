"""Making a questionnaire for one service out of sections for many, or for an engagement without lots."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import replace

from webapp.engagements.conditions import Conditions
from webapp.engagements.contents import QuestionContent, SectionContent
from webapp.models import ABOUT_ALL_LOTS, AskedPer, Measure

NUMBERS_OF_LOTS = (Measure.STARTABLE_TOGETHER, Measure.HELD_AT_MOST)


def adapted(section: SectionContent, *others: QuestionContent) -> SectionContent:
    """The section with questions in the place of those that have the same key, and the new ones at its end."""
    instead = {question.key: question for question in others}
    kept = [instead.pop(each.key, each) for each in section.questions]
    return replace(section, questions=(*kept, *instead.values()))


def reworded(section: SectionContent, key: str, **changed: object) -> QuestionContent:
    """A section's question in other words."""
    [question] = [each for each in section.questions if each.key == key]
    return replace(question, **changed)  # type: ignore[arg-type]  # its own attributes, as replace checks


def without_lots(sections: Iterable[SectionContent]) -> tuple[SectionContent, ...]:
    """What of a questionnaire can be asked before lots are cut.

    What follows up an answer about lots in its own section goes with it. What depended on one of another section, as on
    an interest that nobody can declare, is asked of everybody.
    """
    given = tuple(sections)
    gone = {each.key for section in given for each in section.questions if _is_about_lots(each)}
    for section in given:
        own = {each.key for each in section.questions}
        for question in section.questions:  # in order, since what follows up may be followed up itself
            if _only_follows(question, gone & own):
                gone.add(question.key)
    kept = (
        replace(
            section,
            asked_if=_without(section.asked_if, gone),
            questions=tuple(
                replace(each, asked_if=_without(each.asked_if, gone))
                for each in section.questions
                if each.key not in gone
            ),
        )
        for section in given
    )
    return tuple(section for section in kept if section.questions)


def for_these_lots(
    sections: Iterable[SectionContent], lots: Collection[str]
) -> tuple[tuple[SectionContent, ...], tuple[str, ...]]:
    """The questionnaire for an engagement about these lots, and what is asked about more lots in it than before.

    A condition that was limited to a lot that is not among them is for any lot: which of these would be meant instead
    only its officer can say.
    """
    given = tuple(sections)
    kept = tuple(
        replace(
            section,
            asked_if=_unlimited(section.asked_if, lots),
            questions=tuple(replace(each, asked_if=_unlimited(each.asked_if, lots)) for each in section.questions),
        )
        for section in given
    )
    parts = [(section.title, section.asked_if) for section in given]
    parts += [(question.wording, question.asked_if) for section in given for question in section.questions]
    return kept, tuple(name for name, conditions in parts if conditions != _unlimited(conditions, lots))


def _unlimited(conditions: Conditions | None, lots: Collection[str]) -> Conditions | None:
    if conditions is None:
        return None
    each = (one if one.lots.issubset(lots) else replace(one, lots=frozenset()) for one in conditions.each)
    return replace(conditions, each=tuple(dict.fromkeys(each)))


def _only_follows(question: QuestionContent, gone: Collection[str]) -> bool:
    return question.asked_if is not None and all(each.question in gone for each in question.asked_if.each)


def _is_about_lots(question: QuestionContent) -> bool:
    return (
        question.asked_per is not AskedPer.RESPONSE
        or question.kind in ABOUT_ALL_LOTS
        or question.measure in NUMBERS_OF_LOTS
    )


def _without(conditions: Conditions | None, gone: Collection[str]) -> Conditions | None:
    if conditions is None:
        return None
    kept = tuple(each for each in conditions.each if each.question not in gone)
    return replace(conditions, each=kept) if kept else None
