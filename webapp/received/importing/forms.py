"""The forms of an import: the file, what its columns answer, what its words mean, and recording it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from wtforms.validators import ValidationError

from webapp.imports.tables import Table, UnreadableError, read
from webapp.models import MOST_IMPORT_BYTES, Question
from webapp.received.forms import ReceivedAtForm, time_field
from webapp.received.importing.checking import Word
from webapp.received.importing.columns import ORGANISATION, RECEIVED, Column, Target
from webapp.received.importing.reading import File
from webapp.responses.kinds.choices import options_of
from webapp.web.clashes import RevisedForm
from webapp.web.dates import DateField
from webapp.web.fields import CheckboxField, FileField, HiddenField, SelectField, TextAreaField, TextField, choice
from webapp.web.format import file_size
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered

UNANSWERED = "-"


class SendForm(ReceivedAtForm):
    tool = TextField(
        "Which tool is it from?",
        [Answered("Enter the tool that the file is from")],
        subject="The tool",
        description="Like Microsoft Forms, or Email if you typed the file yourself. What you say of its columns is "
        "remembered under this name, and offered with the next file",
        max_length=100,
    )
    day = DateField(
        "On which day were the responses sent to you?",
        [Answered("Enter the day on which they were sent")],
        subject="The day",
        description="It counts, with the time, for those that do not say in a column of their own when they were sent",
    )
    time = time_field()
    file = FileField(
        "File",
        [Answered("Choose a file")],
        subject="The file",
        description=f"XLSX or CSV with a row for each response, up to {file_size(MOST_IMPORT_BYTES)}. "
        "Of a workbook the first sheet is read that has rows and is not hidden",
        max_bytes=MOST_IMPORT_BYTES,
    )

    def validate_file(self, field: FileField) -> None:
        try:
            tables: list[Table] = read(field.data.content)
        except UnreadableError as problem:
            raise ValidationError(str(problem)) from problem
        if not tables:
            raise ValidationError("The file has no rows beneath its header")


class ColumnsForm(RevisedForm):
    """With a pair of fields for each column: see `columns_form`."""

    def targets(self, columns: Sequence[Column]) -> list[Target]:
        return [
            Target(self[f"what-{column.place}"].data or "", self[f"lot-{column.place}"].data or "")
            for column in columns
        ]

    def fit(
        self, columns: Sequence[Column], questions: Mapping[str, Question], is_asked: Callable[[Target], bool]
    ) -> list[Target]:
        """What was chosen, with an error wherever that cannot be."""
        found, settled = self.targets(columns), list[Target]()
        for column, target in zip(columns, found, strict=True):
            what, lot = self[f"what-{column.place}"], self[f"lot-{column.place}"]
            asked = questions.get(target.what)
            if asked is None or not asked.is_about_a_lot:
                target = Target(target.what)
            elif not target.lot:
                self.add_error(lot, f"Choose the lot that “{column.name}” is about")
            elif not is_asked(target):
                self.add_error(lot, f"“{asked.wording}” is not asked about {target.lot}. Choose another lot")
            if target.what and target in settled:
                self.add_error(what, f"“{column.name}” answers the same as another column. Choose one of them")
            settled.append(target)
        if not any(target.what == ORGANISATION for target in settled) and columns:
            self.add_error(self[f"what-{columns[0].place}"], "Choose the column that names the organisation")
        return settled


def columns_form(file: File, **given: Any) -> ColumnsForm:
    what = [
        choice("", "Nothing: leave it out"),
        choice(ORGANISATION, "The name of the organisation"),
        choice(RECEIVED, "When it was sent"),
        *(choice(question.key, question.wording) for question in file.questions),
    ]
    codes = [choice("", "No lot"), *(choice(lot.code, f"{lot.code}: {lot.title}") for lot in file.lots)]
    fields: dict[str, Any] = {}
    for column in file.columns:
        lost = file.lost.get(column.place)
        fields[f"what-{column.place}"] = SelectField(
            f"What “{column.name}” answers", choices=what, description=_no_more(file, lost) if lost else ""
        )
        fields[f"lot-{column.place}"] = SelectField(f"Lot for “{column.name}”", choices=codes)
    made: ColumnsForm = type("FileColumnsForm", (ColumnsForm,), fields)(**given)
    return made


def _no_more(file: File, lost: Target) -> str:
    question = file.by_key.get(lost.what)
    said = f"“{question.wording}”" if question else f"the question “{lost.what}”"
    now = "not asked any more"
    if question and question.is_about_a_lot != bool(lost.lot):
        now = "asked about each lot now" if question.is_about_a_lot else "not asked about each lot any more"
    return f"It answered {said}{f' about {lost.lot}' if lost.lot else ''}, which is {now}"


def stored(columns: Sequence[Column], targets: Sequence[Target], revision: int) -> dict[str, Any]:
    data: dict[str, Any] = {"revision": str(revision)}
    for column, target in zip(columns, targets, strict=True):
        data |= {f"what-{column.place}": target.what, f"lot-{column.place}": target.lot}
    return data


class WordsForm(BaseForm):
    """With a field for each word: see `words_form`."""

    def meant(self, words: Sequence[Word]) -> dict[tuple[str, str], str]:
        """Of the words that something was said of: the option, or nothing for one that answers nothing."""
        said = {(word.question.key, word.text): self[_name_of(word)].data for word in words}
        return {word: "" if value == UNANSWERED else value for word, value in said.items() if value}


def words_form(words: Sequence[Word]) -> WordsForm:
    fields = {
        _name_of(word): SelectField(
            f"“{word.text[:100]}” means",
            choices=[
                choice("", "Choose what it means"),
                *(choice(value, label) for value, label in options_of(word.question)),
                choice(UNANSWERED, "Leave the question unanswered"),
            ],
            description=f"{word.question.wording} On {word.times:,} {'line' if word.times == 1 else 'lines'}, "
            f"first on line {word.line:,}",
        )
        for word in words
    }
    made: WordsForm = type("FileWordsForm", (WordsForm,), fields)()
    return made


def _name_of(word: Word) -> str:
    """Not its place, which changes as soon as a colleague explains another."""
    return "word-" + hashlib.sha256(f"{word.question.key} {word.text}".encode()).hexdigest()[:16]


class RecordAllForm(BaseForm):
    """`seen` tells what the page showed, so that what was checked is what is recorded."""

    seen = HiddenField("Seen")
    late_reason = TextAreaField(
        "Why are those accepted that came after the engagement had closed?",
        subject="The reason",
        description="It goes into the equal-treatment log",
        max_length=2000,
    )
    checked = CheckboxField(
        "These are the responses that we received",
        [Answered("Confirm that these are the responses that you received")],
    )

    def judge(self, late: int) -> None:
        if late and not (self.late_reason.data or "").strip():
            self.add_error(self.late_reason, "Enter why the late ones are accepted")

    def reason(self) -> str | None:
        return (self.late_reason.data or "").strip() or None
