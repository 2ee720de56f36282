"""A questionnaire with nothing answered, for reading and printing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from babel.lists import format_list

from webapp.engagements.condition_words import answers_of, in_words
from webapp.engagements.conditions import parse
from webapp.engagements.lot_limits import limits, lots_within
from webapp.language import Later, _, ngettext, spoken
from webapp.models import AskedPer, Engagement, Lot, Question, QuestionKind, QuestionnaireVersion, Section
from webapp.web.format import number

_CHOICES = (QuestionKind.ONE_OF, QuestionKind.YES_NO)
_NOTES = {
    QuestionKind.TEXT: Later("One line."),
    QuestionKind.LONG_TEXT: Later("In your own words."),
    QuestionKind.ONE_OF: Later("Choose one."),
    QuestionKind.YES_NO: Later("Choose one."),
    QuestionKind.SOME_OF: Later("Choose all that apply."),
    QuestionKind.WHOLE_NUMBER: Later("A whole number."),
    QuestionKind.NUMBER: Later("A number."),
    QuestionKind.MONEY: Later("An amount in pounds."),
    QuestionKind.DATE: Later("A date."),
    QuestionKind.RANKING: Later("Numbers beside the lots that you chose, 1 for the first."),
    QuestionKind.PACKAGES: Later("Sets of lots that you chose."),
    QuestionKind.MONEY_RANGE: Later("The smallest and the largest amount in pounds."),
    QuestionKind.DATE_RANGES: Later("First and last day of each period."),
    QuestionKind.ROWS: Later("As many rows as you need, up to 20."),
    QuestionKind.FILE_UPLOAD: Later("Attach up to 3 files: PDF, DOCX, XLSX, ODT or CSV, up to 5 MB each."),
}
_SCOPES = {
    AskedPer.LOT: Later("For every lot."),
    AskedPer.CHOSEN_LOT: Later("For each lot that interests you."),
}
_LINES = {QuestionKind.LONG_TEXT: 8, QuestionKind.RANKING: 4, QuestionKind.PACKAGES: 3, QuestionKind.DATE_RANGES: 3}
_EMPTY_ROWS = 4


@dataclass(frozen=True, slots=True)
class BlankQuestion:
    wording: str
    required: bool
    notes: tuple[str, ...]
    """When it is asked, of which lots, and how it is answered."""
    hint: str
    why: str
    options: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    rows: tuple[str, ...] = ()
    """Of a table: a lot or nothing each, to be filled in under the columns."""
    lines: int = 0
    """To write on."""


@dataclass(frozen=True, slots=True)
class BlankSection:
    title: str
    introduction: str
    only_if: str
    questions: tuple[BlankQuestion, ...]


@dataclass(frozen=True, slots=True)
class QuestionnairePage:
    engagement: Engagement
    sections: tuple[BlankSection, ...]


def questionnaire_page(version: QuestionnaireVersion, lots: Sequence[Lot]) -> QuestionnairePage:
    earlier = {question.key: question for section in version.sections for question in section.questions}
    asked_of = {key: lots_within(limit, lots) for key, limit in limits(version.sections).items()}
    return QuestionnairePage(
        version.engagement, tuple(_section(section, lots, asked_of, earlier) for section in version.sections)
    )


def _section(
    section: Section, lots: Sequence[Lot], asked_of: Mapping[str, Sequence[Lot]], earlier: Mapping[str, Question]
) -> BlankSection:
    return BlankSection(
        title=section.title,
        introduction=section.introduction or "",
        only_if=in_words(parse(section.asked_if), earlier, lots, about_a_lot=False) if section.asked_if else "",
        questions=tuple(_question(each, lots, asked_of[each.key], earlier) for each in section.questions),
    )


def _question(
    question: Question, lots: Sequence[Lot], asked_of: Sequence[Lot], earlier: Mapping[str, Question]
) -> BlankQuestion:
    """`asked_of` are those of the lots that it can be about."""
    in_table = question.is_about_a_lot and question.kind in _CHOICES
    options = tuple(label for _value, label in answers_of(question))
    is_rows = question.kind is QuestionKind.ROWS
    return BlankQuestion(
        wording=question.wording,
        required=question.required,
        notes=_notes(question, lots, asked_of, earlier),
        hint=question.hint or "",
        why=question.why or "",
        options=() if in_table or is_rows else options,
        columns=options if in_table or is_rows else (),
        rows=tuple(f"{lot.code}: {lot.title}" for lot in asked_of) if in_table else ("",) * (_EMPTY_ROWS * is_rows),
        lines=0 if options else _LINES.get(question.kind, 1),
    )


def _notes(
    question: Question, lots: Sequence[Lot], asked_of: Sequence[Lot], earlier: Mapping[str, Question]
) -> tuple[str, ...]:
    words, asked_if = question.most_words, question.asked_if
    length = ngettext("Up to %(count)s word.", "Up to %(count)s words.", words, count=number(words)) if words else ""
    only_if = in_words(parse(asked_if), earlier, lots, about_a_lot=question.is_about_a_lot) if asked_if else ""
    notes = (only_if, _scope(question, asked_of, of=len(lots)), _NOTES[question.kind], length)
    return tuple(str(note) for note in notes if note)


def _scope(question: Question, asked_of: Sequence[Lot], *, of: int) -> str:
    """Of which lots it is asked, by name where conditions leave some out."""
    if not question.is_about_a_lot or len(asked_of) == of:
        return str(_SCOPES.get(question.asked_per, ""))
    codes = format_list([lot.code for lot in asked_of], locale=spoken().locale)
    if question.asked_per is AskedPer.LOT:
        return _("For each of these lots: %(lots)s.", lots=codes)
    return _("For each of these lots that interests you: %(lots)s.", lots=codes)
