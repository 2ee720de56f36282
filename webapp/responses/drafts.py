"""A response's draft against its questionnaire: what is asked, what is answered, what still stands in the way."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum, StrEnum, auto
from functools import cached_property, partial
from itertools import groupby
from typing import Any

from webapp.engagements.conditions import Comparison, Condition
from webapp.language import _
from webapp.models import AskedPer, InterestLevel, Lot, Question, Section
from webapp.responses import questions
from webapp.responses.contradictions import can_contradict, contradictions, is_compared
from webapp.responses.items import AnswerError, AnswerKey, Item, Say, Typed, Value, texts_of, unanswered
from webapp.responses.kinds.lots import title_of
from webapp.responses.questionnaire import Questionnaire

FEWEST_LOTS = 2  # to be put in an order, or together


@dataclass(frozen=True)
class Problem:
    """Why an item stands in the way of submitting."""

    item: Item
    about: Say
    missing: bool = False
    part: str = ""
    """The part of the item's control that is wrong, where that is known."""

    @property
    def text(self) -> str:
        """A sentence that names the question, and the lot where it is about one."""
        lot, wording = self.item.lot, self.item.question.wording
        if lot is None:
            return self.about(_("“%(question)s”", question=wording))
        return self.about(_("%(lot)s: “%(question)s”", lot=title_of(lot), question=wording))

    @property
    def text_beside(self) -> str:
        """A sentence to stand beside the question and its answer."""
        return _("You must answer this") if self.missing else self.about(_("This answer"))


class SectionState(Enum):
    NOT_STARTED = auto()
    IN_PROGRESS = auto()
    COMPLETE = auto()
    CANNOT_START = auto()
    """No lot is chosen yet."""
    NOT_NEEDED = auto()


@dataclass(frozen=True)
class Saved:
    """A section as it was last saved."""

    section_id: uuid.UUID
    revision: int
    answers: Mapping[str, Any]
    """By question key: what was typed, by lot id where it is asked per lot."""
    saved_at: datetime
    saved_by: uuid.UUID
    saver: str
    """Their name."""


@dataclass(frozen=True)
class Draft:
    """All that is saved, with the questionnaire and the lots it answers. Each section is read when first asked for."""

    questionnaire: Questionnaire
    lots: Sequence[Lot]
    saved: Mapping[uuid.UUID, Saved]
    """By section id."""
    _asked: dict[Item, bool] = field(default_factory=dict, init=False, repr=False, compare=False)
    _items: dict[Section, list[Item]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _readings: dict[Section, Reading] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def sections(self) -> Sequence[Section]:
        return self.questionnaire.sections

    def section(self, slug: str) -> Section | None:
        return next((section for section in self.sections if section.slug == slug), None)

    def revision(self, section: Section) -> int:
        return self.saved[section.id].revision if section.id in self.saved else 0

    def items(self, section: Section) -> list[Item]:
        """What a section asks about the chosen lots, as the other answers stand."""
        if section not in self._items:
            self._items[section] = list(filter(self.is_asked, self.every_item(section, self.chosen_lots)))
        return self._items[section]

    def asks(self, section: Section) -> bool:
        """Whether a section asks anything, as the other answers stand."""
        return any(map(self.is_asked, self.every_item(section, self.chosen_lots)))

    def every_item(self, section: Section, chosen: Sequence[Lot]) -> Iterator[Item]:
        """What a section can ask about these lots, whatever the other answers."""
        about: dict[AskedPer, Sequence[Lot | None]] = {
            AskedPer.RESPONSE: [None],
            AskedPer.LOT: self.lots,
            AskedPer.CHOSEN_LOT: chosen,
        }
        for question in section.questions:
            among = tuple(chosen) if questions.is_of_lots(question) else ()
            for lot in about[question.asked_per]:
                if self.questionnaire.can_be_about(question, lot):
                    yield Item(question, lot, among)

    def recorded_items(self, section: Section, recorded: Container[AnswerKey]) -> Iterator[Item]:
        """What was answered in a section, also what nobody could be asked by the rules of today."""
        return (item for item in self._whether_asked_or_not(section) if item.key in recorded)

    def _whether_asked_or_not(self, section: Section) -> Iterator[Item]:
        for question in section.questions:
            among = tuple(self.lots) if questions.is_of_lots(question) else ()
            yield from (Item(question, lot, among) for lot in (None, *self.lots))

    def left_out(self, section: Section) -> dict[Item, Typed]:
        """What was typed and is not asked, as the other answers stand: it is kept, and no submission would hold it."""
        asked = set(self.items(section))
        others = (item for item in self._whether_asked_or_not(section) if item not in asked)
        typed = ((item, self.typed(section, item)) for item in others)
        return {item: text for item, text in typed if text is not None and not questions.is_blank(text)}

    def is_asked(self, item: Item) -> bool:
        """Whether the conditions of its section and question hold, and there are lots to answer with."""
        if item not in self._asked:  # others may hang on it in many ways
            self._asked[item] = self._judge(item)
        return self._asked[item]

    def _judge(self, item: Item) -> bool:
        if questions.is_of_lots(item.question) and len(item.among) < FEWEST_LOTS:
            return False
        conditions = self.questionnaire.conditions.get(item.question)
        if conditions is None:
            return True
        holds = partial(self._holds, lot=item.lot)
        return all(each.hold(holds) for each in conditions)

    def _holds(self, condition: Condition, lot: Lot | None) -> bool:
        return any(condition.holds(texts_of(given)) for given in self._given(condition, lot))

    def _given(self, condition: Condition, lot: Lot | None) -> Iterator[Typed | None]:
        """The answers that bear on a question about this lot: an answer that is not asked for counts as none."""
        section, question = self.questionnaire.by_key[condition.question]
        lots: Sequence[Lot | None] = [None]
        if question.is_about_a_lot:
            lots = self._lots_to_judge_by(condition, question, lot)
        for about in lots:
            if condition.is_about(str(about.id) if about else None):
                item = Item(question, about)
                is_left = question.asked_per is AskedPer.CHOSEN_LOT and about not in self.chosen_lots
                yield self.typed(section, item) if self.is_asked(item) and not is_left else None

    def _lots_to_judge_by(self, condition: Condition, question: Question, lot: Lot | None) -> Sequence[Lot]:
        """Whose answers decide about what is asked of a lot, or once. Of a lot without interest those that were asked
        for count too, such as that it is of none; that an answer is not given there says nothing.
        """
        if lot is not None:
            needs_interest = condition.test is Comparison.IS_NOT and condition.lots
            return [lot] if not needs_interest or lot in self.chosen_lots else []
        if condition.test is Comparison.IS_NOT or question.asked_per is AskedPer.CHOSEN_LOT:
            return self.chosen_lots
        return [each for each in self.lots if self.questionnaire.can_be_about(question, each)]

    @cached_property
    def chosen_lots(self) -> list[Lot]:
        """The lots in which an interest is declared; all of them where the questionnaire does not ask."""
        if self.questionnaire.interest is None:
            return list(self.lots)
        section, question = self.questionnaire.interest
        before = _BeforeInterest(self.questionnaire, self.lots, self.saved)
        asked_about = [
            lot
            for lot in self.lots
            if self.questionnaire.can_be_about(question, lot) and before.is_asked(Item(question, lot))
        ]
        levels = ((lot, self.typed(section, Item(question, lot))) for lot in asked_about)
        return [lot for lot, level in levels if not questions.is_blank(level) and level != InterestLevel.NO]

    def typed(self, section: Section, item: Item) -> Typed | None:
        saved = self.saved.get(section.id)
        return typed_in(saved.answers, item) if saved else None

    def _reading(self, section: Section) -> Reading:
        if section not in self._readings:
            self._readings[section] = read_items((item, self.typed(section, item)) for item in self.items(section))
        return self._readings[section]

    @cached_property
    def _contradictions(self) -> dict[Item, Say]:
        """Of answers in any sections: what is wrong with the later. No others are read for it than can be."""
        compared = (item for section in self.sections for item in self._compared(section))
        return dict(contradictions(read_items(compared).answers))

    def _compared(self, section: Section) -> Iterator[tuple[Item, Typed | None]]:
        if any(map(is_compared, section.questions)):
            for item in self.items(section):
                if is_compared(item.question):
                    yield item, self.typed(section, item)

    def _each_answer(self) -> Iterator[tuple[Item, Value]]:
        for section in self.sections:
            yield from self._reading(section).answers.items()

    def problems(self, section: Section) -> list[Problem]:
        wrong = self._reading(section).problems
        if not can_contradict(section.questions):  # then what the other sections say does not matter
            return wrong
        own = {question.id for question in section.questions}
        later = [(item, about) for item, about in self._contradictions.items() if item.question.id in own]
        return [*wrong, *(Problem(item, about) for item, about in later)]

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
        return {item: value for item, value in self.usable.items() if item.lot not in left_out}

    @property
    def usable(self) -> dict[Item, Value]:
        """Every answer without a problem of its own, also about lots that have one."""
        return {item: value for item, value in self._each_answer() if item not in self._contradictions}

    @property
    def answers_by_key(self) -> dict[tuple[uuid.UUID, uuid.UUID | None], Value]:
        return {item.key: value for item, value in self.answers.items()}

    def state(self, section: Section) -> SectionState:
        if section.questions and not self.asks(section):
            return SectionState.CANNOT_START if self._waits_for_interest(section) else SectionState.NOT_NEEDED
        if section.id not in self.saved:
            return SectionState.NOT_STARTED
        return SectionState.IN_PROGRESS if self.problems(section) else SectionState.COMPLETE

    def hangs_on_interest(self, section: Section) -> bool:
        """Whether what it asks hangs on which lots are of interest."""
        return not self.questionnaire.hanging_on_interest.isdisjoint(section.questions)

    @property
    def asks_interest(self) -> bool:
        """Whether it asks which lots are of interest, as the other answers stand."""
        if self.questionnaire.interest is None:
            return False
        section, question = self.questionnaire.interest
        return any(item.question is question for item in self.items(section))

    def _waits_for_interest(self, section: Section) -> bool:
        asked = self.questionnaire.interest
        is_said = asked is None or asked[0].id in self.saved
        return not is_said and self.asks_interest and self.hangs_on_interest(section)

    def fingerprint(self, current_submission_id: uuid.UUID | None) -> str:
        """Changes whenever a section is saved or a submission made: what a person checked is what is submitted."""
        revisions = sorted(f"{saved.section_id}:{saved.revision}" for saved in self.saved.values())
        return hashlib.sha256(" ".join([*revisions, str(current_submission_id)]).encode()).hexdigest()[:32]


class _BeforeInterest(Draft):
    """For what the question about interest hangs on itself: no lot is chosen yet."""

    @cached_property
    def chosen_lots(self) -> list[Lot]:
        return []


@dataclass(frozen=True)
class Reading:
    """What was typed for some items, each read by itself."""

    answers: Mapping[Item, Value]
    problems: list[Problem]


def read_items(typed: Iterable[tuple[Item, Typed | None]]) -> Reading:
    answers: dict[Item, Value] = {}
    problems: list[Problem] = []
    for item, given in typed:
        outcome = read_item(item, given)
        if isinstance(outcome, Problems):
            problems += outcome.found
        elif outcome is not None:
            answers[item] = outcome
    return Reading(answers, problems)


@dataclass(frozen=True)
class Problems:
    """All that is wrong with one answer."""

    found: Sequence[Problem]


def read_item(item: Item, typed: Typed | None) -> Value | Problems | None:
    """The value of an item, what is wrong with it, or nothing where it may stay blank."""
    if typed is None or questions.is_blank(typed):
        return Problems([Problem(item, unanswered, missing=True)]) if item.question.required else None
    try:
        value = questions.read(item, typed)
    except AnswerError as problem:
        return Problems([Problem(item, each.about, part=each.part) for each in (problem, *problem.also)])
    if value == []:  # all that was typed is about lots no longer chosen
        return read_item(item, None)
    return value


def typed_in(answers: Mapping[str, Any], item: Item) -> Typed | None:
    """What a saved section holds for an item."""
    kept: Any = answers.get(item.question.key)
    if item.lot is not None:
        kept = kept.get(str(item.lot.id)) if isinstance(kept, dict) else None
    return kept if isinstance(kept, (str, list)) else None


def holds(saved: Saved, typed: Mapping[Item, Typed]) -> bool:
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


class Together(StrEnum):
    """What the items of a block have in common."""

    ASKED_ONCE = "asked once"
    QUESTION = "question"
    LOT = "lot"


@dataclass(frozen=True)
class Block:
    """Items that stand together: some questions once, one question about many lots, or all questions about one lot."""

    together: Together
    items: Sequence[Item]
    after_a_lot: bool = False
    """Without a heading it would seem to be about the lot above."""

    @property
    def heading(self) -> str:
        """What the items have in common, where they do."""
        first = self.items[0]
        if self.together is Together.ASKED_ONCE:
            return _("About all lots together") if self.after_a_lot else ""
        if self.together is Together.QUESTION:
            return first.question.wording
        return title_of(first.lot) if first.lot else ""

    def label(self, item: Item) -> str:
        """What tells an item from the others of its block."""
        return title_of(item.lot) if item.lot and self.together is Together.QUESTION else item.question.wording


def blocks(items: Iterable[Item]) -> list[Block]:
    """Items in the order of their questions; several questions about the chosen lots go lot by lot."""
    made: list[Block] = []
    for asked_per, run in groupby(items, key=lambda item: item.question.asked_per):
        alike = list(run)
        together = _together(asked_per, alike)
        parts: dict[object, list[Item]] = {}
        for item in alike:
            common = {Together.ASKED_ONCE: None, Together.QUESTION: item.question, Together.LOT: item.lot}[together]
            parts.setdefault(common, []).append(item)
        after_a_lot = bool(made) and made[-1].together is Together.LOT
        made += [Block(together, part, after_a_lot) for part in parts.values()]
    return made


def _together(asked_per: AskedPer, items: Sequence[Item]) -> Together:
    if asked_per is AskedPer.RESPONSE:
        return Together.ASKED_ONCE
    alone = asked_per is AskedPer.CHOSEN_LOT and len({item.question for item in items}) == 1
    return Together.QUESTION if asked_per is AskedPer.LOT or alone else Together.LOT
