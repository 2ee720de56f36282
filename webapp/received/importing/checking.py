"""From the rows of a file to responses, or to every fault in them by line and column."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from webapp.imports.columns import CellError, as_text, refuse_error
from webapp.imports.tables import Cell, Table
from webapp.models import InterestLevel, Lot, Measure, Question, QuestionKind
from webapp.programmes.joined import Named
from webapp.received.importing.cells import CLOSED, OPEN, UnknownWordError, looks_like, moment_of, typed_of, words_of
from webapp.received.importing.columns import ORGANISATION, RECEIVED, Column, Target
from webapp.responses import questions as kinds
from webapp.responses.contradictions import contradictions
from webapp.responses.items import AnswerError, Item, Typed, Value, texts_of
from webapp.web.text import disguised_word, hides, is_storable, length, revealed, simplified

MOST_RESPONSES = 10_000
MOST_FAULTS = 1_000
MOST_WORDS = 50
"""Of one question that are no option: more, and the column answers something else."""
LONGEST_NAME = 200
_FEW_DIFFERENT, _FROM_SO_MANY = 0.2, 20
_SHOWN = 80
_REPEATED = CLOSED | {QuestionKind.WHOLE_NUMBER, QuestionKind.NUMBER, QuestionKind.MONEY}
"""Of whose answers the same few stand on many lines, and which rest on nothing else in their line."""


@dataclass(frozen=True, slots=True)
class Fault:
    line: int
    """Of the file, counted from 1."""
    column: str
    found: str
    """What stands there."""
    reason: str


@dataclass(frozen=True, slots=True)
class Word:
    """Of a closed question: what the file says that is no option."""

    question: Question
    text: str
    times: int
    line: int
    """Where it stands first."""


@dataclass(frozen=True, slots=True)
class Row:
    line: int
    name: str
    organisation_id: uuid.UUID | None
    """None of one that the officer's programmes have not met."""
    received_at: datetime
    answers: Mapping[Item, Value]


@dataclass(frozen=True, slots=True)
class Setting:
    """What the rows are read against."""

    questions: Mapping[str, Question]
    lots: Sequence[Lot]
    meanings: Mapping[str, Mapping[str, str]]
    """By question key and simplified word."""
    known: Mapping[str, Named | None]
    own: Collection[uuid.UUID]
    """The organisations with a response of their own, where that may be known."""
    opens_at: datetime
    received_at: datetime
    now: datetime


@dataclass(slots=True)
class Checked:
    rows: list[Row] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    doubts: list[Fault] = field(default_factory=list)
    """What may be meant, and is taken as it stands."""
    words: list[Word] = field(default_factory=list)
    more_faults: bool = False

    @property
    def is_fit(self) -> bool:
        return bool(self.rows) and not self.faults and not self.words


def check(table: Table, columns: Sequence[Column], targets: Sequence[Target], setting: Setting) -> Checked:
    checked, words = Checked(), dict[tuple[str, str], Word]()
    if len(table.rows) > MOST_RESPONSES:
        checked.faults.append(Fault(1, "", "", f"The file has more than {MOST_RESPONSES:,} rows. Send it in parts"))
        return checked
    told = _told(columns, targets, setting)
    lines: dict[object, int] = {}
    for line, cells in table.rows:
        row = _Reader(line, cells, told, setting, checked, words).read(lines)
        if row is not None:
            checked.rows.append(row)
        if len(checked.faults) > MOST_FAULTS:
            checked.more_faults, checked.faults = True, checked.faults[:MOST_FAULTS]
            break
    _settle_words(checked, words, told)
    checked.doubts += _few_different(table, told)
    return checked


@dataclass(frozen=True, slots=True)
class Asked:
    """A column that answers a question."""

    column: Column
    item: Item
    words: Mapping[str, str]
    read: dict[tuple[type, Cell], Value] = field(default_factory=dict)
    """What cells have been found to say, by type as well, since 1 and True are equal but are not read alike."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the columns tell: who answers, when it was received, and the answers."""

    organisation: Column | None
    received: Column | None
    asked: Sequence[Asked]
    """Levels of interest first, since other answers are made of the lots chosen."""
    names: Mapping[Item, str]
    """Of the columns, by what they answer."""


def _told(columns: Sequence[Column], targets: Sequence[Target], setting: Setting) -> Told:
    lots = {lot.code: lot for lot in setting.lots}
    by_what = {target.what: column for column, target in zip(columns, targets, strict=True)}
    asked = []
    for column, target in zip(columns, targets, strict=True):
        if question := setting.questions.get(target.what):
            item = Item(question, lots.get(target.lot) if question.is_about_a_lot else None)
            asked.append(Asked(column, item, words_of(question, setting.meanings.get(question.key, {}))))
    asked.sort(key=lambda each: each.item.question.measure is not Measure.INTEREST_LEVEL)
    names = {each.item: each.column.name for each in asked}
    return Told(by_what.get(ORGANISATION), by_what.get(RECEIVED), asked, names)


@dataclass(slots=True)
class _Reader:
    """One line of the file."""

    line: int
    cells: Sequence[Cell]
    told: Told
    setting: Setting
    checked: Checked
    words: dict[tuple[str, str], Word]
    is_whole: bool = True

    def read(self, lines: dict[object, int]) -> Row | None:
        name, key = self._organisation(self.told.organisation, lines)
        received_at = self._received_at(self.told.received)
        answers: dict[Item, Value] = {}
        for asked in self.told.asked:
            cell = self._cell(asked.column)
            before = asked.read.get((type(cell), cell))
            if before is not None:
                answers[asked.item] = before
            elif not _is_blank(cell):
                self._answer(asked, cell, answers)
        for item, about in contradictions(answers):
            self._fault(self.told.names[item], str(answers[item]), about(""))
        if not answers and self.is_whole:
            self._fault("", name, "answers no question")
        return Row(self.line, name, key, received_at, answers) if self.is_whole else None

    def _cell(self, column: Column) -> Cell:
        return self.cells[column.place] if column.place < len(self.cells) else ""

    def _organisation(self, column: Column | None, lines: dict[object, int]) -> tuple[str, uuid.UUID | None]:
        name = " ".join(as_text(self._cell(column)).split()) if column else ""
        short, title = simplified(name), column.name if column else ""
        key, known_name = self.setting.known.get(short) or (None, name)
        who = key or short
        if not short:
            self._fault(title, name, "must be filled in")
        elif length(name) > LONGEST_NAME or not is_storable(name):
            self._fault(title, name, f"must be {LONGEST_NAME} characters or fewer, none of which is damaged")
        elif hides(name):
            self._fault(title, revealed(name), "contains a character that cannot be seen")
        elif word := disguised_word(name):
            self._fault(title, name, f"has letters of another alphabet in “{word}”, so it could pass for another")
        elif short in self.setting.known and self.setting.known[short] is None:
            self._fault(title, name, "is the name of several providers. Enter this response by hand")
        elif who in lines:
            self._fault(title, name, f"names the same organisation as line {lines[who]}")
        lines.setdefault(who, self.line)
        if key in self.setting.own:
            self._fault(title, name, "has a response of its own, which is never overwritten. Take this line out")
        return known_name, key

    def _received_at(self, column: Column | None) -> datetime:
        if column is None or _is_blank(cell := self._cell(column)):
            return self.setting.received_at
        found = moment_of(cell, self.setting.now)
        if found is None:
            self._fault(column.name, as_text(cell), "must be a day, or a day and a time, like 20/11/2026 16:40")
        elif found > self.setting.now:
            self._fault(column.name, as_text(cell), "must not be in the future")
        elif found < self.setting.opens_at:
            self._fault(column.name, as_text(cell), "must be after the engagement opened")
        return found or self.setting.received_at

    def _answer(self, asked: Asked, cell: Cell, answers: dict[Item, Value]) -> None:
        item, column = asked.item, asked.column.name
        question = item.question
        if kinds.is_of_lots(question):
            item = replace(item, among=self._among(answers))
        try:
            refuse_error(cell)
            typed = typed_of(item, cell, asked.words)
            if not kinds.is_blank(typed):
                answers[item] = kinds.read(item, _storable(typed))
                if question.kind in _REPEATED:
                    asked.read[type(cell), cell] = answers[item]
        except CellError as problem:
            self._fault(column, as_text(cell), str(problem))
        except UnknownWordError as unknown:
            self.is_whole = False
            for word in unknown.words:
                self._count_word(question, word)
        except AnswerError as problem:
            for each in (problem, *problem.also):
                self._fault(column, as_text(cell), each.about("").removeprefix(":").strip())
        if question.kind in OPEN and (alike := looks_like(cell)):
            self._doubt(column, as_text(cell), f"looks like {alike}, not like an answer in words")

    def _among(self, answers: Mapping[Item, Value]) -> tuple[Lot, ...]:
        """The lots in which this row declares an interest; all of them where it says nothing of that."""
        levels = {item.lot: value for item, value in answers.items() if item.question.measure is Measure.INTEREST_LEVEL}
        if not levels:
            return tuple(self.setting.lots)
        return tuple(lot for lot in self.setting.lots if levels.get(lot, InterestLevel.NO) != InterestLevel.NO)

    def _count_word(self, question: Question, text: str) -> None:
        place = (question.key, simplified(text))
        before = self.words.get(place)
        self.words[place] = Word(
            question,
            before.text if before else text,
            before.times + 1 if before else 1,
            before.line if before else self.line,
        )

    def _fault(self, column: str, found: str, reason: str) -> None:
        self.is_whole = False
        self.checked.faults.append(Fault(self.line, column, _excerpt(found), reason))

    def _doubt(self, column: str, found: str, reason: str) -> None:
        if len(self.checked.doubts) < MOST_FAULTS:
            self.checked.doubts.append(Fault(self.line, column, _excerpt(found), reason))


def _excerpt(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"


def _is_blank(cell: Cell) -> bool:
    return isinstance(cell, str) and not cell.strip()


def _storable(typed: Typed) -> Typed:
    if not all(is_storable(text) for text in texts_of(typed)):
        raise AnswerError(lambda subject: f"{subject} contains a character that cannot be kept")
    return typed


def _settle_words(checked: Checked, words: Mapping[tuple[str, str], Word], told: Told) -> None:
    """To be explained one by one, or where they are too many a fault of the column."""
    by_question: dict[str, list[Word]] = {}
    for (key, _text), word in words.items():
        by_question.setdefault(key, []).append(word)
    for key, found in by_question.items():
        if len(found) <= MOST_WORDS:
            checked.words += found
            continue
        column = next(each.column.name for each in told.asked if each.item.question.key == key)
        reason = f"has {len(found):,} different words that are no option. It may answer another question"
        checked.faults.append(Fault(found[0].line, column, _excerpt(found[0].text), reason))


def _few_different(table: Table, told: Told) -> Iterator[Fault]:
    """Open questions are answered in people's own words: where many say the same, the column may be another's."""
    for each in told.asked:
        if each.item.question.kind not in OPEN:
            continue
        place = each.column.place
        filled = [
            as_text(cells[place]) for _line, cells in table.rows if place < len(cells) and not _is_blank(cells[place])
        ]
        if len(filled) >= _FROM_SO_MANY and len(set(filled)) / len(filled) < _FEW_DIFFERENT:
            reason = f"has only {len(set(filled)):,} different answers in {len(filled):,} rows, for a question in words"
            yield Fault(1, each.column.name, _excerpt(filled[0]), reason)
