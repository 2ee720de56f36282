"""The form that takes a file."""

from __future__ import annotations

from collections.abc import Sequence

from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from webapp.imports.checked import Checked, SheetOfFile
from webapp.imports.tables import Table, UnreadableError, read
from webapp.models import MOST_IMPORT_BYTES
from webapp.web.fields import CheckboxesField, CheckboxField, FileField, choice
from webapp.web.format import file_size, plural
from webapp.web.forms import BaseForm
from webapp.web.once import OnceForm
from webapp.web.validators import Answered

MOST_NAMED = 10
"""Sheets in the label of one box."""


class FileForm(OnceForm):
    file = FileField(
        "File",
        [Answered("Choose a file")],
        subject="The file",
        description=f"XLSX or CSV, up to {file_size(MOST_IMPORT_BYTES)}",
        max_bytes=MOST_IMPORT_BYTES,
    )

    def validate_file(self, field: FileField) -> None:
        try:
            self.tables: list[Table] = read(field.data.content)
        except UnreadableError as problem:
            raise ValidationError(str(problem)) from problem
        if not self.tables:
            raise ValidationError("The file has no rows beneath its header")


class LeaveOutForm(BaseForm):
    """Sent with GET, so that the address of a preview says which sheets it is without."""

    class Meta(BaseForm.Meta):
        csrf = False  # it changes nothing

    without = CheckboxesField("Sheets to leave out")

    def __init__(self, asked: MultiDict[str, str]) -> None:
        super().__init__(asked)

    def places(self) -> list[int]:
        """Whatever an address may say."""
        return [int(place) for place in self.without.data or () if place.isascii() and place.isdigit()]

    def offer(self, sheets: Sequence[SheetOfFile]) -> None:
        self.without.choices = [
            choice(str(each.place), each.name, f"{plural(each.rows, 'row')}, read as {each.sheet.title}")
            for each in sheets
            if each.sheet is not None
        ]


class SetUpForm(BaseForm):
    """What no part was found for is left out only if somebody agrees."""

    agreed = CheckboxField("", [Answered("Confirm that these sheets may be left out")])

    def ask_about(self, checked: Checked) -> None:
        if not checked.unknown:
            del self.agreed
            return
        names = ", ".join(f"“{each.name}”" for each in checked.unknown[:MOST_NAMED])
        others = len(checked.unknown) - MOST_NAMED
        self.agreed.label.text = f"Leave out {names}" + (f" and {plural(others, 'other')}" if others > 0 else "")
