"""A response's draft against its questionnaire: what is asked, what is answered, what still stands in the way."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import groupby
from typing import Any

from webapp.models import AskedPer, DraftSection, InterestLevel, Lot, Measure, Question, Section
from webapp.responses import questions
from webapp.responses.questions import AnswerError, Typed, Value


@dataclass(frozen=True)
class Item:
    """One thing to answer: a question, about one lot where it is asked per lot."""

    question: Question
    lot: Lot | None = None

    @property
    def name(self) -> str:
        """Of its control in a form."""
        return f"{self.question.key}-{self.lot.id}" if self.lot else self.question.key

    @property
    def key(self) -> tuple[uuid.UUID, uuid.UUID | None]:
        return self.question.id, self.lot.id if self.lot else None


@dataclass(frozen=True)
class Problem:
    """Why an item stands in the way of submitting."""

    item: Item
    reason: str
    missing: bool = False

    @property
    def text(self) -> str:
        about = f"{lot_title(self.item.lot)}: " if self.item.lot else ""
        return f"{about}“{self.item.question.wording}” {self.reason}"


class SectionState(StrEnum):
    NOT_STARTED = "Not started"
    IN_PROGRESS = "In progress"
    COMPLETE = "Complete"
    CANNOT_START = "Cannot start yet"
    NOT_NEEDED = "Nothing to answer"


def lot_title(lot: Lot) -> str:
    return f"{lot.code}: {lot.title}"


@dataclass(frozen=True)
class Draft:
    """All that is saved, with the questionnaire and the lots it answers. Values are read once, when first asked for."""

    sections: Sequence[Section]
    lots: Sequence[Lot]
    saved: Mapping[uuid.UUID, DraftSection]
    """By section id."""

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)

    def revision(self, section: Section) -> int:
        return self.saved[section.id].revision if section.id in self.saved else 0

    def items(self, section: Section, lots: Iterable[Lot] | None = None) -> list[Item]:
        """What a section asks: about the chosen lots, or about those given."""
        chosen = self.chosen_lots if lots is None else list(lots)
        about: dict[AskedPer, Sequence[Lot | None]] = {
            AskedPer.RESPONSE: [None],
            AskedPer.LOT: self.lots,
            AskedPer.CHOSEN_LOT: chosen,
        }
        return [Item(question, lot) for question in section.questions for lot in about[question.asked_per]]

    @cached_property
    def chosen_lots(self) -> list[Lot]:
        """The lots in which an interest is declared; all of them where the questionnaire does not ask."""
        for section in self.sections:
            for question in section.questions:
                if question.measure is Measure.INTEREST_LEVEL and question.asked_per is AskedPer.LOT:
                    return [lot for lot in self.lots if self._is_chosen(section, Item(question, lot))]
        return list(self.lots)

    def _is_chosen(self, section: Section, item: Item) -> bool:
        level = self.typed(section, item)
        return not questions.is_blank(level) and level != InterestLevel.NO

    def typed(self, section: Section, item: Item) -> Typed | None:
        saved = self.saved.get(section.id)
        return typed_in(saved.answers, item) if saved else None

    @cached_property
    def _read(self) -> tuple[dict[uuid.UUID, list[Problem]], dict[Item, Value]]:
        problems: dict[uuid.UUID, list[Problem]] = {}
        answers: dict[Item, Value] = {}
        for section in self.sections:
            problems[section.id] = []
            for item in self.items(section):
                outcome = read_item(item, self.typed(section, item))
                if isinstance(outcome, Problem):
                    problems[section.id].append(outcome)
                elif outcome is not None:
                    answers[item] = outcome
        return problems, answers

    def problems(self, section: Section) -> list[Problem]:
        return self._read[0][section.id]

    @property
    def general_problems(self) -> list[Problem]:
        """Those that are about no lot in particular: nothing can be submitted with them."""
        return [problem for section in self.sections for problem in self.problems(section) if not problem.item.lot]

    @property
    def lots_with_problems(self) -> list[Lot]:
        wrong = {problem.item.lot for section in self.sections for problem in self.problems(section)}
        return [lot for lot in self.lots if lot in wrong]

    @cached_property
    def answers(self) -> dict[Item, Value]:
        """What a submission would hold: the usable answers, without those about a lot with a problem."""
        left_out = set(self.lots_with_problems)
        return {item: value for item, value in self._read[1].items() if item.lot not in left_out}

    @property
    def answers_by_key(self) -> dict[tuple[uuid.UUID, uuid.UUID | None], Value]:
        return {item.key: value for item, value in self.answers.items()}

    def state(self, section: Section) -> SectionState:
        if section.questions and not self.items(section):
            levels_known = any(self._asks_interest(other) and other.id in self.saved for other in self.sections)
            return SectionState.NOT_NEEDED if levels_known else SectionState.CANNOT_START
        if section.id not in self.saved:
            return SectionState.NOT_STARTED
        return SectionState.IN_PROGRESS if self.problems(section) else SectionState.COMPLETE

    @staticmethod
    def _asks_interest(section: Section) -> bool:
        return any(question.measure is Measure.INTEREST_LEVEL for question in section.questions)

    def fingerprint(self, current_submission_id: uuid.UUID | None) -> str:
        """Changes whenever a section is saved or a submission made: what a person checked is what is submitted."""
        revisions = sorted(f"{saved.section_id}:{saved.revision}" for saved in self.saved.values())
        return hashlib.sha256(" ".join([*revisions, str(current_submission_id)]).encode()).hexdigest()[:32]


def read_item(item: Item, typed: Typed | None) -> Value | Problem | None:
    """The value of an item, what is wrong with it, or nothing where it may stay blank."""
    if typed is None or questions.is_blank(typed):
        return Problem(item, "must be answered", missing=True) if item.question.required else None
    try:
        return questions.read(item.question, typed)
    except AnswerError as problem:
        return Problem(item, str(problem))


def typed_in(answers: Mapping[str, Any], item: Item) -> Typed | None:
    """What a saved section holds for an item."""
    kept: Any = answers.get(item.question.key)
    if item.lot is not None:
        kept = kept.get(str(item.lot.id)) if isinstance(kept, dict) else None
    return kept if isinstance(kept, (str, list)) else None


def holds(saved: DraftSection, typed: Mapping[Item, Typed]) -> bool:
    """Whether a saved section says just this."""
    return all((typed_in(saved.answers, item) or "") == (text or "") for item, text in typed.items())


def with_typed(answers: Mapping[str, Any], typed: Mapping[Item, Typed]) -> dict[str, Any]:
    """Saved answers with new ones in their place; what is about other lots stays, in case they are chosen again."""
    merged = {key: dict(kept) if isinstance(kept, dict) else kept for key, kept in answers.items()}
    for item, text in typed.items():
        holder, key = merged, item.question.key
        if item.lot is not None:
            holder, key = merged.setdefault(item.question.key, {}), str(item.lot.id)
        if text and any(text):
            holder[key] = text
        else:
            holder.pop(key, None)
    return {key: kept for key, kept in merged.items() if kept != {}}


@dataclass(frozen=True)
class Block:
    """Items that stand together: some questions once, one question about every lot, or all questions about one lot."""

    asked_per: AskedPer
    items: Sequence[Item]

    @property
    def heading(self) -> str:
        """What the items have in common, where they do."""
        first = self.items[0]
        if self.asked_per is AskedPer.LOT:
            return first.question.wording
        return lot_title(first.lot) if first.lot else ""

    def label(self, item: Item) -> str:
        """What tells an item from the others of its block."""
        return lot_title(item.lot) if item.lot and self.asked_per is AskedPer.LOT else item.question.wording


def blocks(items: Iterable[Item]) -> list[Block]:
    """Items in the order of their questions, those about chosen lots lot by lot."""
    made = []
    for asked_per, run in groupby(items, key=lambda item: item.question.asked_per):
        together: dict[object, list[Item]] = {}
        for item in run:
            common = {AskedPer.RESPONSE: None, AskedPer.LOT: item.question, AskedPer.CHOSEN_LOT: item.lot}[asked_per]
            together.setdefault(common, []).append(item)
        made += [Block(asked_per, alike) for alike in together.values()]
    return made
