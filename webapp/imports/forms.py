"""The form that takes a file."""

from __future__ import annotations

from wtforms.validators import ValidationError

from webapp.imports.tables import Table, UnreadableError, read
from webapp.models import MOST_IMPORT_BYTES
from webapp.web.fields import FileField
from webapp.web.format import file_size
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered


class FileForm(BaseForm):
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
