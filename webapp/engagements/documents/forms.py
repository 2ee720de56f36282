"""The form that takes a document."""

from __future__ import annotations

from wtforms.validators import ValidationError

from webapp.engagements.documents.actions import Upload
from webapp.engagements.documents.kinds import UnfitError, kind_of
from webapp.models import MOST_DOCUMENT_BYTES
from webapp.web.fields import FileField, TextField
from webapp.web.files import clean_name
from webapp.web.format import file_size
from webapp.web.forms import BaseForm
from webapp.web.validators import Answered


class DocumentForm(BaseForm):
    title = TextField(
        "What the document is", [Answered("Enter what the document is")], description="For example, draft specification"
    )
    file = FileField(
        "File",
        [Answered("Choose a file")],
        subject="The file",
        description=f"PDF, DOCX, XLSX, ODT or CSV, up to {file_size(MOST_DOCUMENT_BYTES)}",
        max_bytes=MOST_DOCUMENT_BYTES,
    )

    def validate_file(self, field: FileField) -> None:
        try:
            self.kind = kind_of(field.data.content)
        except UnfitError as problem:
            raise ValidationError(f"{field.subject} {problem}") from problem

    def upload(self) -> Upload:
        """Of a form that was found valid."""
        sent = self.file.data
        return Upload(
            title=self.title.data,
            file_name=clean_name(sent.name, self.kind.value),
            kind=self.kind,
            content=sent.content,
        )
