"""The controls of a section's form, made from its questions as plain data that the components draw."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from webapp.language import _
from webapp.models import MOST_FILE_BYTES, Question, QuestionKind
from webapp.responses import questions
from webapp.responses.items import Item, Typed, parts_of, rows_of, texts_of
from webapp.responses.kinds.choices import options_of
from webapp.responses.kinds.dates import DATE_PARTS, END_LABELS, ENDS
from webapp.responses.kinds.files import MOST_FILES, Attached, attached_in
from webapp.responses.kinds.lots import title_of
from webapp.responses.kinds.numbers import AMOUNT_LABELS, MoneyRange
from webapp.responses.kinds.rows import columns_of
from webapp.responses.kinds.texts import MOST_TEXT
from webapp.web.format import file_size
from webapp.web.forms import ErrorLink
from webapp.web.text import show
from webapp.web.widgets import Look


def mark_required(question: Question) -> str:
    """Its wording as a form shows it, marked as on the printed questionnaire."""
    return _("%(question)s (required)", question=question.wording) if question.required else question.wording


@dataclass(frozen=True)
class Label:
    text: str


@dataclass(frozen=True)
class Choice:
    value: str
    label: str
    selected: bool
    render_kw: dict[str, str]


@dataclass(frozen=True)
class Box:
    """One of several text boxes; its id is its name."""

    name: str
    label: str
    typed: str
    wrong: bool
    kind: str = "text"


@dataclass(frozen=True)
class DateBoxes:
    """One of several dates, as the date component draws it."""

    name: str
    label: Label
    boxes: Sequence[tuple[str, str, bool]]
    description: str = ""
    error: str = ""

    @property
    def id(self) -> str:
        return self.name

    @property
    def look(self) -> Look:
        return Look()


@dataclass(frozen=True)
class PackageBoxes:
    name: str
    choices: Sequence[Choice]
    wrong: bool


@dataclass(frozen=True)
class Control:
    """One item as the field components draw it: they ask for the same names of a WTForms field."""

    item: Item
    given: Typed | None
    error: str = ""
    part: str = ""
    """The part that is wrong, where that is known."""
    also_wrong: Sequence[str] = ()
    """Further parts that are wrong."""
    labelled_by_lot: bool = False
    brief: str = ""
    """What the lot is worth and needs, where the control is labelled by it."""
    one_more: bool = False
    """Whether an empty row is wanted after those that are filled."""

    @property
    def id(self) -> str:
        return self.item.name

    @property
    def name(self) -> str:
        return self.item.name

    @property
    def kind(self) -> str:
        return self.item.question.kind.value

    @property
    def label(self) -> Label:
        lot = self.item.lot
        return Label(lot.title if lot and self.labelled_by_lot else mark_required(self.item.question))

    @property
    def description(self) -> str:
        return self.brief if self.labelled_by_lot else self.item.question.hint or ""

    @property
    def typed(self) -> str:
        return show(self.given) if isinstance(self.given, str) else ""

    @property
    def max_words(self) -> int | None:
        return self.item.question.most_words

    @property
    def max_length(self) -> int:
        return MOST_TEXT

    @property
    def boxes(self) -> list[tuple[str, str, bool]]:
        """Of a date: each part's name, what stands in it, and whether it is wrong."""
        return _date_boxes(parts_of(self.given or []), lambda part: bool(self.error) and self.part in ("", part))

    def iter_choices(self) -> list[Choice]:
        ticked = set(texts_of(self.given))
        return [Choice(value, label, value in ticked, {}) for value, label in options_of(self.item.question)]

    @property
    def amounts(self) -> list[Box]:
        """Of a money range."""
        texts = [*parts_of(self.given or []), "", ""]
        return [
            Box(f"{self.name}-{part}", str(AMOUNT_LABELS[part]), show(text), self._is_wrong(part))
            for part, text in zip(MoneyRange.parts, texts, strict=False)
        ]

    @property
    def places(self) -> list[Box]:
        """Of a ranking: a box per lot."""
        typed = {row[0]: row[1] for row in rows_of(self.given)}
        ids = [(str(lot.id), title_of(lot)) for lot in self.item.among]
        return [
            Box(f"{self.name}-{lot_id}", title, show(typed.get(lot_id, "")), self._is_wrong(lot_id))
            for lot_id, title in ids
        ]

    @property
    def packages(self) -> list[PackageBoxes]:
        lots = [(str(lot.id), title_of(lot)) for lot in self.item.among]
        return [
            PackageBoxes(
                f"{self.name}-{number}",
                [Choice(lot_id, title, lot_id in row, {}) for lot_id, title in lots],
                self._is_wrong(str(number)),
            )
            for number, row in enumerate(self._rows, 1)
        ]

    @property
    def periods(self) -> list[list[DateBoxes]]:
        """Of date ranges: per row, the first and the last day."""
        return [
            [self._day(f"{number}-{end}", end, texts) for end, texts in zip(ENDS, (row[:3], row[3:]), strict=True)]
            for number, row in enumerate(self._rows, 1)
        ]

    def _day(self, place: str, end: str, texts: Sequence[str]) -> DateBoxes:
        boxes = _date_boxes(texts, lambda part: self._is_wrong(f"{place}-{part}"))
        return DateBoxes(f"{self.name}-{place}", Label(str(END_LABELS[end])), boxes)

    @property
    def rows(self) -> list[list[Box]]:
        columns = columns_of(self.item.question)
        return [
            [
                Box(
                    f"{self.name}-{number}-{column['value']}",
                    column["label"],
                    show(row[place]) if place < len(row) else "",
                    self._is_wrong(f"{number}-{column['value']}"),
                    column["kind"],
                )
                for place, column in enumerate(columns)
            ]
            for number, row in enumerate(self._rows, 1)
        ]

    @cached_property
    def _rows(self) -> list[list[str]]:
        """Those that are filled, and an empty one where it is wanted or would be the only one."""
        filled = rows_of(self.given)[: self.most_rows]
        return [*filled, []] if not filled or (self.one_more and len(filled) < self.most_rows) else filled

    @property
    def attached(self) -> list[Attached]:
        """Of files: those that are kept."""
        return attached_in(self.given)

    @property
    def file_hint(self) -> str:
        size = file_size(MOST_FILE_BYTES)
        return _("Up to %(most)s files: PDF, DOCX, XLSX, ODT or CSV, up to %(size)s each", most=MOST_FILES, size=size)

    @property
    def most_rows(self) -> int:
        return questions.most_rows(self.item.question)

    @property
    def can_add(self) -> bool:
        return len(self._rows) < self.most_rows

    @property
    def next_row_id(self) -> str:
        """Of the first box in the row that comes after those that are filled."""
        return f"{self.id}-{questions.first_part(self.item, len(rows_of(self.given)) + 1)}"

    def _is_wrong(self, part: str) -> bool:
        return bool(self.error) and part in (self.part, *self.also_wrong)

    @property
    def look(self) -> Look:
        looks = _LOOKS_BENEATH_HEADING if self.labelled_by_lot else _LOOKS
        return looks[self.item.question.kind]

    @property
    def control_id(self) -> str:
        """Where a link to this control leads."""
        part = self.part or questions.first_part(self.item)
        return f"{self.id}-{part}" if part else self.id

    @property
    def error_link(self) -> ErrorLink:
        return ErrorLink(self.error, f"#{self.control_id}")


def _date_boxes(texts: Sequence[str], is_wrong: Callable[[str], bool]) -> list[tuple[str, str, bool]]:
    given = [*texts, "", "", ""]
    return [(part, show(text), is_wrong(part)) for part, text in zip(DATE_PARTS, given, strict=False)]


_SPECIAL = {
    QuestionKind.LONG_TEXT: Look(rows=6),
    QuestionKind.YES_NO: Look(inline=True),
    QuestionKind.WHOLE_NUMBER: Look(inputmode="numeric", width="5", spellcheck=False),
    QuestionKind.NUMBER: Look(inputmode="decimal", width="5", spellcheck=False),
    QuestionKind.MONEY: Look(inputmode="decimal", width="10", prefix="£", spellcheck=False),
}
_LOOKS_BENEATH_HEADING = {kind: _SPECIAL.get(kind, Look()) for kind in QuestionKind}
_LOOKS = {kind: replace(look, size="s") for kind, look in _LOOKS_BENEATH_HEADING.items()}
