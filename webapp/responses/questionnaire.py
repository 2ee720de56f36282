"""The sections of one version, and what follows from them for every response to it, worked out once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from webapp.engagements.conditions import Conditions, parse
from webapp.engagements.lot_limits import Limits, limits, lots_within
from webapp.models import AskedPer, Lot, Measure, Question, Section
from webapp.responses.questions import is_of_lots


@dataclass(frozen=True)
class Questionnaire:
    sections: Sequence[Section]

    @cached_property
    def by_key(self) -> Mapping[str, tuple[Section, Question]]:
        return {question.key: (section, question) for section in self.sections for question in section.questions}

    @cached_property
    def conditions(self) -> Mapping[Question, Sequence[Conditions]]:
        """Of the questions that are not always asked: of its section and its own."""
        return {
            question: [parse(stored) for stored in (section.asked_if, question.asked_if) if stored]
            for section in self.sections
            for question in section.questions
            if section.asked_if or question.asked_if
        }

    @cached_property
    def hanging_on_interest(self) -> Set[Question]:
        """Those about the lots of interest, or made of these, and those asked because of what is said of them."""
        found: set[Question] = set()
        for _section, question in self.by_key.values():
            depended = (each.question for own in self.conditions.get(question, ()) for each in own.each)
            if (
                question.asked_per is AskedPer.CHOSEN_LOT
                or is_of_lots(question)
                or any(
                    one in found or one.measure is Measure.INTEREST_LEVEL
                    for _, one in map(self.by_key.__getitem__, depended)
                )
            ):
                found.add(question)
        return found

    @cached_property
    def _limits(self) -> Limits:
        return limits(self.sections)

    def can_be_about(self, question: Question, lot: Lot | None) -> bool:
        """Whether a question can be asked about a lot, or about none, whatever anybody answers."""
        return lot is None or bool(lots_within(self._limits[question.key], [lot]))

    @cached_property
    def interest(self) -> tuple[Section, Question] | None:
        """The question that asks of each lot whether it is of interest, if there is one."""
        for section in self.sections:
            for question in section.questions:
                if question.measure is Measure.INTEREST_LEVEL and question.asked_per is AskedPer.LOT:
                    return section, question
        return None
